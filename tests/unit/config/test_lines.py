"""The shipped lines load, say where their figures come from, and are described in the docs."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from twin.control.attend import press_start
from twin.control.line import build
from twin.kernel.record import Header
from twin.kernel.runner import Runner
from twin.plant.line import Line
from twin.plant.motion.workcell import Workcell
from twin.spec import load_line
from twin.spec.assets import Conveyor, MachineBase, Operator, Source, Vehicle
from twin.spec.base import Text
from twin.spec.line import Calendar, LineSpec
from twin.spec.shipped import config_folder, shipped

LINES = shipped("lines")
PAGE = config_folder().parent / "docs" / "reference" / "lines.md"
HOUR_S = 3600.0
CHINESE = re.compile(r"[\u4e00-\u9fff]")
SHIPPED = {
    "pack_pilot", "pv_module", "training_four", "two_machine", "mm1", "tandem", "ten_machines",
    "machine_repair", "conwip", "rework", "assembly", "batch_oven", "job_shop",
    "sorting_cell", "tending_cell", "palletiser_cell", "highbay_cell", "mixed_pilot",
    "inspection_stand", "robot_bench", "picking_cell", "robot_palletiser_cell", "battery_cell",
}  # fmt: skip

each_line = pytest.mark.parametrize("path", LINES.values(), ids=list(LINES))


def named(spec: LineSpec) -> Iterator[tuple[str, Text | None]]:
    """Yield everything in a line that a person sees by its title."""
    yield "the line", spec.title
    yield "the description", spec.description
    for thing in (*spec.parts, *spec.cells, *spec.assets):
        yield thing.id, thing.title
    for asset in spec.assets:
        if isinstance(asset, MachineBase):
            for failure in asset.failures:
                yield f"{asset.id}/{failure.id}", failure.title


def minutes(clock: str) -> int:
    hours, rest = clock.split(":")
    return int(hours) * 60 + int(rest)


def working(calendar: Calendar, shift_id: str) -> bool:
    shift = next(shift for shift in calendar.shifts if shift.id == shift_id)
    now = minutes(calendar.start_time)
    at_work = calendar.start_day in shift.days and (minutes(shift.from_) <= now < minutes(shift.to))
    return at_work and not any(
        minutes(pause.from_) <= now < minutes(pause.to) for pause in shift.breaks
    )


def test_the_promised_lines_are_there() -> None:
    assert set(LINES) >= SHIPPED


@each_line
def test_loads_under_the_name_of_its_file(path: Path) -> None:
    assert load_line(path).id == path.stem


@each_line
def test_every_title_is_in_english_and_chinese(path: Path) -> None:
    for what, title in named(load_line(path)):
        assert title is not None, f"{what} has no title"
        assert title.en.strip(), f"{what} has no English title"
        assert not CHINESE.search(title.en), f"{what}: the English title is Chinese"
        assert CHINESE.search(title.zh), f"{what} has no Chinese title"


@each_line
def test_every_time_says_where_it_comes_from(path: Path) -> None:
    spec = load_line(path)
    assert spec.source, "the line itself names no source"
    for asset in spec.assets:
        timed = hasattr(asset, "process_s") or isinstance(asset, Conveyor | Vehicle | Operator)
        if timed:
            assert asset.source, f"{asset.id} names no source for its times"
            assert re.search(r"assumption: |textbook: ", asset.source), (
                f"{asset.id}: say what is assumed, or which textbook it is from"
            )


@each_line
def test_titles_within_a_line_are_distinct(path: Path) -> None:
    spec = load_line(path)
    for language in ("en", "zh"):
        titles = [asset.title.get(language) for asset in spec.assets if asset.title]
        assert len(titles) == len(set(titles))


@each_line
def test_is_described_in_the_docs(path: Path) -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert re.search(rf"^#+ .*`{path.stem}`", page, re.MULTILINE), f"no heading for {path.stem}"


def test_the_docs_describe_no_line_that_is_not_there() -> None:
    headings = re.findall(r"^#+ .*`(\w+)`", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(headings) == sorted(LINES)


@each_line
def test_somebody_is_at_work_when_the_run_begins(path: Path) -> None:
    spec = load_line(path)
    if spec.calendar is None:
        return
    machines = [asset for asset in spec.assets if isinstance(asset, MachineBase) and asset.shifts]
    pools = [asset for asset in spec.assets if isinstance(asset, Operator) and asset.shifts]
    for asset in (*machines, *pools):
        assert any(working(spec.calendar, shift) for shift in asset.shifts), asset.id


@each_line
def test_every_call_for_people_can_be_answered(path: Path) -> None:
    spec = load_line(path)
    pools = {asset.id: asset for asset in spec.assets if isinstance(asset, Operator)}
    for asset in spec.assets:
        if not isinstance(asset, MachineBase):
            continue
        calls = [failure.repair_by for failure in asset.failures]
        calls += [work.by for work in asset.maintenance]
        calls.append(getattr(asset, "operator", None))
        setups = getattr(asset, "setups", None)
        calls.append(setups.by if setups else None)
        for call in filter(None, calls):
            pool = pools[call.pool]
            assert call.count <= pool.count, f"{asset.id} calls for more people than there are"
            assert call.skill is None or not pool.skills or call.skill in pool.skills, asset.id


def test_the_design_example_is_kept_as_it_is() -> None:
    spec = load_line(LINES["two_machine"])
    assets = {asset.id: asset for asset in spec.assets}
    assert list(assets) == ["feed", "m1", "b1", "m2", "out"]
    assert assets["m1"].process_s.constant == 40
    failure = assets["m1"].failures[0]
    assert (failure.clock, failure.uptime_s.exponential, failure.downtime_s.exponential) == (
        "operating", 12000, 300,
    )  # fmt: skip
    assert assets["b1"].capacity == 5
    assert assets["m2"].process_s.normal == (40, 2)
    assert spec.flow == (("feed", "m1", "b1", "m2", "out"),)


def test_the_benchmark_line_has_ten_equal_machines() -> None:
    spec = load_line(LINES["ten_machines"])
    machines = [asset for asset in spec.assets if asset.kind == "station"]
    assert len(machines) == 10
    assert all(machine.process_s.exponential == 1 for machine in machines)
    assert all(machine.failures[0].uptime_s.exponential == 100 for machine in machines)
    assert all(machine.failures[0].downtime_s.exponential == 10 for machine in machines)
    assert {asset.capacity for asset in spec.assets if asset.kind == "buffer"} == {4}


def test_the_pilot_line_shows_every_kind_of_trouble() -> None:
    spec = load_line(LINES["pack_pilot"])
    machines = [asset for asset in spec.assets if isinstance(asset, MachineBase)]
    failures = [failure for machine in machines for failure in machine.failures]
    assert {failure.clock for failure in failures} == {"operating", "calendar"}
    assert {failure.on_failure for failure in failures} == {"resume", "restart", "scrap"}
    assert any(machine.maintenance for machine in machines)
    assert any(getattr(machine, "setups", None) for machine in machines)
    assert {"conveyor", "vehicle", "inspection", "assembly", "buffer", "operator"} <= {
        asset.kind for asset in spec.assets
    }
    variants = next(
        asset.part for asset in spec.assets if isinstance(asset, Source) and asset.id == "tray_feed"
    )
    assert isinstance(variants, dict)
    assert len(variants) == 2


def ran(name: str, *, for_s: float, warmup_s: float = 0.0, seed: int = 0) -> Line:
    line = build(load_line(LINES[name]), seed=seed)
    for until_s in (warmup_s, for_s):
        line.env.run_through(until_s)
        line.env.move_to(until_s)
        if until_s == warmup_s:
            line.reset_statistics()
    return line


def test_the_docs_count_the_assets_right() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (\d+) \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert {name: int(count) for name, count in rows} == {
        name: len(load_line(path).assets) for name, path in LINES.items()
    }


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [("pack_pilot", 6, 8), ("pv_module", 60, 68), ("training_four", 430, 475)],
)
def test_a_plant_line_makes_what_its_description_says(name: str, low: float, high: float) -> None:
    spec = load_line(LINES[name])
    assert spec.duration_s is not None
    made = [
        ran(name, for_s=spec.duration_s, warmup_s=spec.warmup_s, seed=seed).result()
        for seed in range(2)
    ]
    assert low < sum(result.throughput_per_h for result in made) / 2 < high


@pytest.mark.parametrize("name", ["pack_pilot", "pv_module", "training_four"])
def test_no_machine_of_a_plant_line_is_idle_for_good_or_never_waits(name: str) -> None:
    spec = load_line(LINES[name])
    assert spec.duration_s is not None
    result = ran(name, for_s=spec.duration_s, warmup_s=spec.warmup_s).result()
    for key, asset in result.assets.items():
        if asset.kind in {"station", "inspection", "assembly"}:
            assert 0.1 < asset.fractions["busy"] < 0.97, key


@pytest.mark.parametrize(("name", "days"), [("pack_pilot", 11), ("pv_module", 2)])
def test_rework_never_locks_a_line_up(name: str, days: int) -> None:
    half_a_day_before_s = (days * 24 - 12) * HOUR_S
    departures_s = ran(name, for_s=days * 24 * HOUR_S).departures_s
    assert departures_s[-1] > half_a_day_before_s


def test_the_pilot_line_moves_at_once() -> None:
    line = ran("pack_pilot", for_s=60.0)
    busy = [key for key, asset in line.assets.items() if asset.state.name == "BUSY"]
    assert {"unpack", "ocv", "stack", "assemble_s", "assemble_l", "eol"} <= set(busy)


def test_the_job_shop_takes_what_first_come_first_served_takes() -> None:
    """FT06 by hand: each job in the queues in the order of arrival, ties by number."""
    line = ran("job_shop", for_s=2 * HOUR_S)
    assert [round(t / 60) for t in line.departures_s] == [42, 48, 56, 57, 61, 65]
    assert line.late == 4


@pytest.mark.parametrize(
    ("name", "for_s", "least"),
    [
        ("sorting_cell", 300, {"sorting": 35}),
        ("tending_cell", 300, {"tending": 5}),
        ("palletiser_cell", 600, {"palletiser": 2}),
        ("highbay_cell", 900, {"highbay": 1}),
        ("mixed_pilot", 300, {"sorting": 30, "tending": 4}),
    ],
)
def test_a_cell_works_once_somebody_presses_start(
    name: str, for_s: float, least: dict[str, int]
) -> None:
    spec = load_line(LINES[name])
    run = Runner(build(spec), Header(spec.document()))
    cells = [asset for asset in run.plant.assets.values() if isinstance(asset, Workcell)]
    run.run_until(60)
    assert sum(cell.made for cell in cells) == 0
    run = Runner(build(spec), Header(spec.document()))
    press_start(run)
    run.run_until(for_s)
    cells = [asset for asset in run.plant.assets.values() if isinstance(asset, Workcell)]
    for cell in cells:
        assert cell.made >= least.get(cell.id, 0), cell.id
        assert cell.world.incidents.count == 0, list(cell.world.incidents)
