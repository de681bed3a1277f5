"""The exact values themselves: against published numbers, and against each other."""

import numpy as np
import pytest

from .oracles import arithmetic, moments, queues
from .oracles.chain import continuous, discrete
from .oracles.joins import (
    AssemblyLine,
    MergingLine,
    bulk_from_one,
    parallel_servers,
    shortest_buffer,
)
from .oracles.lines import (
    Machine,
    TandemLine,
    max_plus_per_s,
    no_buffer_no_repair_overlap,
    two_machines_no_buffer,
)
from .oracles.networks import (
    BlockingLoop,
    Place,
    UnreliablePool,
    buzen,
    jackson,
    mva,
    repairman,
)
from .oracles.slots import SlottedLine, bernoulli_published, failing_slots, geometric_slots


@pytest.mark.parametrize(
    ("stations", "buffer", "rate"),
    [
        (2, 0, 2 / 3),
        (3, 0, 22 / 39),
        (4, 0, 0.5148),
        (2, 1, 3 / 4),
        (2, 2, 4 / 5),
        (3, 1, 0.6705),
    ],
)
def test_exponential_lines_as_published(stations: int, buffer: int, rate: float) -> None:
    """Hillier and Boling (1967): production rates of lines with mean work 1."""
    line = TandemLine([Machine(1)] * stations, [buffer] * (stations - 1))
    assert line.per_s == pytest.approx(rate, abs=5e-5)


@pytest.mark.parametrize(("stations", "buffer"), [(3, 0), (4, 1), (3, 2)])
def test_two_descriptions_of_a_line_agree(stations: int, buffer: int) -> None:
    counts = TandemLine([Machine(1)] * stations, [buffer] * (stations - 1))
    servers = BlockingLoop([Place(1, buffer)] * stations, 0, open_ends=True)
    assert counts.per_s == pytest.approx(servers.per_s, rel=1e-9)


def test_shares_of_a_station_sum_to_one() -> None:
    line = TandemLine(
        [Machine(1), Machine(1.2, uptime_s=20, downtime_s=5, clock="calendar"), Machine(0.9)],
        [1, 2],
    )
    down = line.law.mean(lambda s: not s.up[1])
    assert line.busy(1) + line.starved(1) + line.blocked(1) + down == pytest.approx(1)
    assert down == pytest.approx(0.2)


def test_every_station_passes_the_same_flow() -> None:
    line = TandemLine([Machine(1, uptime_s=20, downtime_s=5), Machine(1.2, phases=2)], [2])
    assert line.busy(0) / 1 == pytest.approx(line.busy(1) / 1.2)


def test_erlang_line_agrees_with_its_recursion() -> None:
    works = np.random.default_rng(1).gamma(2, 0.5, (3, 200_000))
    line = TandemLine([Machine(1, phases=2)] * 3, [0, 0])
    assert max_plus_per_s(works, [0, 0]) == pytest.approx(line.per_s, rel=5e-3)


def test_fixed_cycle_line_agrees_with_its_recursion() -> None:
    generator = np.random.default_rng(1)
    repairs = generator.poisson(1 / 50, (2, 400_000))
    longer = generator.negative_binomial(np.maximum(repairs, 1), 0.1) * (repairs > 0)
    works = (1 + repairs + longer).astype(np.float64)
    line = SlottedLine([failing_slots(50, 0.1)] * 2, [5])
    assert max_plus_per_s(works, [5]) == pytest.approx(line.per_slot, rel=1e-2)


def test_fixed_cycle_without_buffer_has_two_derivations() -> None:
    """Geometric repairs over slots against exponential ones: nearly the same, and near Buzacott."""
    slots = SlottedLine([failing_slots(50, 0.1)] * 2, [0]).per_slot
    integral = two_machines_no_buffer(1, (50, 10), (50, 10))
    assert slots == pytest.approx(integral, rel=1e-3)
    buzacott = no_buffer_no_repair_overlap(1, [0.2, 0.2])
    assert buzacott < integral < 1.005 * buzacott


def test_one_machine_that_never_fails_hides_nothing() -> None:
    alone = two_machines_no_buffer(1, (50, 10), (1e12, 1))
    assert alone == pytest.approx(arithmetic.single_machine(1, {50: 10}), rel=1e-9)


def _published_bernoulli(first: float, second: float, places: int) -> float:
    """Li and Meerkov's chain: the buffer's content, blocking before service."""

    def moves(n: int) -> list[tuple[float, int]]:
        steps = []
        for one in (True, False):
            for two in (True, False):
                takes = two and n > 0
                gives = one and (n < places or takes)
                chance = (first if one else 1 - first) * (second if two else 1 - second)
                steps.append((chance, n + gives - takes))
        return steps

    return second * discrete(0, moves).mean(lambda n: n > 0)


@pytest.mark.parametrize(
    ("first", "second", "places"), [(0.8, 0.8, 3), (0.8, 0.7, 4), (0.6, 0.9, 2)]
)
def test_slotted_chains_give_the_published_bernoulli_formula(
    first: float, second: float, places: int
) -> None:
    chain = _published_bernoulli(first, second, places)
    assert chain == pytest.approx(bernoulli_published(first, second, places), rel=1e-9)


@pytest.mark.parametrize("buffer", [0, 1, 3])
def test_bernoulli_line_is_the_chain_with_symmetric_blocking(buffer: int) -> None:
    first, second, places = 0.8, 0.7, buffer + 2

    def moves(n: int) -> list[tuple[float, int]]:
        p, q = (first if n < places else 0), (second if n > 0 else 0)
        return [
            (p * (1 - q), n + 1),
            (q * (1 - p), n - 1),
            (p * q + (1 - p) * (1 - q), n),
        ]

    rate = second * discrete(0, moves).mean(lambda n: n > 0)
    line = SlottedLine([geometric_slots(first), geometric_slots(second)], [buffer])
    assert line.per_slot == pytest.approx(rate, rel=1e-9)


def test_queues_meet_where_their_models_meet() -> None:
    mm1 = queues.mm1(10, 8)
    same = [
        queues.mmc(10, 8, 1),
        queues.mg1(10, moments.exponential(8)),
        queues.ekm1(1, 10, 8),
        queues.batch_arrivals(10, 1, 8),
        queues.bulk_service(10, 1, 8, fixed=False),
        queues.priorities([(20, moments.exponential(8)), (20, moments.exponential(8))]),
        queues.mm1_breakdowns(10, 8, 1e12, 1),
        queues.mm1k(10, 8, 400),
        jackson([0.1], [[0]], [8], [1]),
    ]
    assert [queue.wip for queue in same] == pytest.approx([mm1.wip] * len(same), rel=1e-6)
    fixed = queues.bulk_service(10, 1, 8, fixed=True)
    assert fixed.wip == pytest.approx(queues.mg1(10, moments.constant(8)).wip)
    assert moments.erlang(1, 3) == moments.exponential(3) == moments.gamma(1, 3)
    assert moments.weibull(1, 3).square == pytest.approx(moments.exponential(3).square)


def test_erlang_loss_as_tabulated() -> None:
    """Erlang B of 10 erlang on 10 lines is 0.2146 in every printed table."""
    assert queues.erlang_b(10, 10) == pytest.approx(0.2146, abs=5e-5)
    assert queues.mm1k(10, 10, 4).per_s == pytest.approx(0.1 * 4 / 5)


def test_interval_law_of_a_truncated_normal() -> None:
    values = np.random.default_rng(1).normal(5, 4, 400_000)
    values = values[values >= 0]
    truncated = moments.normal(5, 4)
    assert truncated.mean == pytest.approx(values.mean(), rel=5e-3)
    assert truncated.square == pytest.approx((values**2).mean(), rel=5e-3)


def test_breakdowns_agree_with_their_chain() -> None:
    def moves(state: tuple[int, bool]) -> list[tuple[float, tuple[int, bool]]]:
        parts, up = state
        steps = [(0.1, (parts + 1, up))] if parts < 300 else []
        steps.append((1 / 40, (parts, False)) if up else (1 / 10, (parts, True)))
        if up and parts:
            steps.append((1 / 5, (parts - 1, up)))
        return steps

    wip = continuous((0, True), moves).mean(lambda s: s[0])
    assert queues.mm1_breakdowns(10, 5, 40, 10).wip == pytest.approx(wip, rel=1e-9)


def test_bulk_service_agrees_with_its_chain() -> None:
    def moves(state: tuple[int, bool]) -> list[tuple[float, tuple[int, bool]]]:
        waiting, at_work = state
        steps = []
        if waiting < 400:
            more = waiting + 1
            steps.append((0.1, (more - 4, True) if not at_work and more >= 4 else (more, at_work)))
        if at_work:
            steps.append((1 / 26, (waiting - 4, True) if waiting >= 4 else (waiting, False)))
        return steps

    wip = continuous((0, False), moves).mean(lambda s: s[0] + 4 * s[1])
    assert queues.bulk_service(10, 4, 26, fixed=False).wip == pytest.approx(wip, rel=1e-6)


def test_closed_networks_have_two_derivations() -> None:
    one, two = mva([3, 2, 4], 6), buzen([3, 2, 4], [1, 1, 1], 6)
    assert one.per_s == pytest.approx(two.per_s)
    assert one.content == pytest.approx(two.content)
    wide = BlockingLoop([Place(3, 6), Place(2, 6), Place(4, 6)], 6)
    assert wide.per_s == pytest.approx(one.per_s)


def test_repair_crew_agrees_with_the_closed_network() -> None:
    working = buzen([100, 20], [5, 1], 5).content[0]
    assert repairman(5, 100, 20, 1) == pytest.approx(working / 5)
    assert repairman(1, 100, 20, 1) == pytest.approx(100 / 120)


def test_pool_of_one_is_a_queue_with_completion_times() -> None:
    pool = UnreliablePool(10, Machine(6, uptime_s=100, downtime_s=20), 1)
    completion = queues.interrupted(moments.exponential(6), 100, moments.exponential(20))
    assert pool.wip == pytest.approx(queues.mg1(10, completion).wip, rel=1e-6)
    three = UnreliablePool(5, Machine(9, uptime_s=100, downtime_s=30), 3)
    assert three.left_out < 1e-9


def test_merging_line_of_one_is_a_line() -> None:
    side, last = Machine(2, uptime_s=40, downtime_s=10), Machine(1, uptime_s=30, downtime_s=5)
    line = TandemLine([side, last], [3])
    assert MergingLine(side, 1, 3, last).per_s == pytest.approx(line.per_s)


def test_assembly_whose_second_branch_is_quick_is_a_line() -> None:
    """A component that always waits leaves two stations in series."""
    quick = AssemblyLine([1, 1e-7], [2, 2], 0.8, [1, 1], fixture=False)
    assert quick.per_s == pytest.approx(TandemLine([Machine(1), Machine(0.8)], [2]).per_s, rel=1e-5)


def test_a_fixture_is_a_little_more_room() -> None:
    rates = [AssemblyLine([1, 1], [2, 2], 1, [1, 1], fixture=f).per_s for f in (False, True)]
    bigger = AssemblyLine([1, 1], [3, 3], 1, [1, 1], fixture=False).per_s
    assert rates[0] < rates[1] < bigger


def test_quality_algebra_by_drawing() -> None:
    generator = np.random.default_rng(1)
    bad = generator.random(400_000) < 0.2
    rejected = np.where(bad, generator.random(bad.size) >= 0.1, generator.random(bad.size) < 0.05)
    assert (~rejected).mean() == pytest.approx(arithmetic.passed_share(0.2, 0.1, 0.05), rel=5e-3)
    good = 1 - bad[~rejected].mean()
    assert good == pytest.approx(arithmetic.good_share(0.2, 0.1, 0.05), rel=5e-3)


def test_rework_algebra_by_drawing() -> None:
    generator = np.random.default_rng(1)
    bad, reworks, count = generator.random(200_000) < 0.2, 0, 200_000
    while bad.size:
        chance = np.where(bad, 0.9, 0.05)
        bad = bad[generator.random(bad.size) < chance]
        reworks += bad.size
        bad = bad & (generator.random(bad.size) >= 0.7)
    expected = arithmetic.rework_per_s(1, 0.2, 0.1, 0.05, 0.7)
    assert reworks / count == pytest.approx(expected, rel=1e-2)


def test_restart_and_scrap_by_drawing() -> None:
    """Lives of work of 10 s between exponential failures: both policies cost the same."""
    lives = np.random.default_rng(1).exponential(25, 400_000)
    good = lives >= 10
    time_s = np.where(good, 10, lives + 5).sum()
    assert arithmetic.scrapped(10, 25, 5) == pytest.approx(good.sum() / time_s, rel=5e-3)
    assert arithmetic.restarted(10, 25, 5) == pytest.approx(arithmetic.scrapped(10, 25, 5))


def test_parallel_servers_of_one_are_a_line() -> None:
    line = TandemLine([Machine(3), Machine(2)], [2])
    servers = parallel_servers((3, 1), 2, (2, 1))
    assert servers.per_s == pytest.approx(line.per_s)
    assert servers.wip == pytest.approx(line.wip)


def test_parallel_servers_are_machines_side_by_side() -> None:
    side = MergingLine(Machine(2, uptime_s=1e12), 3, 2, Machine(1, uptime_s=1e12))
    assert parallel_servers((2, 3), 2, (1, 1)).per_s == pytest.approx(side.per_s)


def test_the_emptier_buffer_is_better_than_taking_turns_and_worse_than_one_queue() -> None:
    one_queue = queues.mmc(5, 7, 2).wip
    in_turn = 2 * queues.ekm1(2, 10, 7).wip
    assert one_queue < shortest_buffer(5, 7).wip < in_turn


def test_a_batch_of_one_is_a_queue() -> None:
    assert bulk_from_one(10, 1, 7).wip == pytest.approx(queues.mm1(10, 7).wip, rel=1e-6)
    assert bulk_from_one(10, 4, 7).wip < queues.mm1(10, 7).wip
