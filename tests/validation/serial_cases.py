"""Serial lines of reliable stations with blocking after service, and Bernoulli lines."""

from .case import Case, Chapter, case
from .oracles.joins import AssemblyLine, parallel_servers
from .oracles.lines import Machine, TandemLine
from .oracles.slots import SlottedLine, geometric_slots

PUBLISHED = "Hillier and Boling (1967); exact chain"


def _exponential(stations: int, buffer: int) -> TandemLine:
    return TandemLine([Machine(1)] * stations, [buffer] * (stations - 1))


def _hb(stations: int, buffer: int) -> Case:
    line = _exponential(stations, buffer)
    return case(f"hb_{stations}_{buffer}", PUBLISHED, throughput_per_h=3600 * line.per_s)


THREE = _exponential(3, 1)
ERLANG = TandemLine([Machine(1, phases=2)] * 3, [0, 0])
BERNOULLI = SlottedLine([geometric_slots(0.8), geometric_slots(0.7)], [2])
BERNOULLI_3 = SlottedLine([geometric_slots(p) for p in (0.8, 0.7, 0.9)], [1, 1])
TOGETHER = AssemblyLine([1, 1.2], [2, 2], 0.8, [1, 1], fixture=False)
SERVERS = parallel_servers((3, 3), 2, (2, 2))
EACH = AssemblyLine([0.5, 1.2], [2, 2], 0.8, [2, 1], fixture=True)

SERIAL = (
    Chapter(
        "Serial lines with blocking after service",
        "The first station never starves and the last is never blocked; the mean work is 1 s on "
        "every station where there is one server. A source with random arrivals that waits "
        "while the line is full (`when_full: wait`, the default) works like a station.",
        (
            _hb(2, 0),
            _hb(3, 0),
            _hb(4, 0),
            _hb(2, 1),
            case(
                "hb_3_1", PUBLISHED, throughput_per_h=3600 * THREE.per_s, wip=THREE.wip,
                lead_time_s=THREE.wip / THREE.per_s, b1__level=THREE.level(0),
                b2__level=THREE.level(1), m1__blocked=THREE.blocked(0),
            ),
            _hb(4, 1),
            case("hb_erlang", "Hillier and Boling (1967), Erlang work; exact chain",
                 throughput_per_h=3600 * ERLANG.per_s),
            case("source_waits", "the two stations above: the source is the first",
                 throughput_per_h=3600 * _exponential(2, 0).per_s, wip=1),
            case("parallel_servers", "birth and death", throughput_per_h=3600 * SERVERS.per_s,
                 wip=SERVERS.wip),
        ),
    ),
    Chapter(
        "Bernoulli lines",
        "Work of a geometric number of one-second slots. The convention of this simulator is "
        "blocking after service: parts finished at the end of a slot move on at that instant as "
        "far as there is room, and a machine that is still blocked then does nothing in the next "
        "slot. For two machines this is the \"symmetric blocking\" of Li and Meerkov (2009) with "
        "N = buffer + 2.",
        (
            case("bernoulli_2", "exact chain over slots",
                 throughput_per_h=3600 * BERNOULLI.per_slot,
                 b1__level=BERNOULLI.level(0), wip=BERNOULLI.wip),
            case("bernoulli_3", "exact chain over slots",
                 throughput_per_h=3600 * BERNOULLI_3.per_slot),
        ),
    ),
    Chapter(
        "Assembly with finite buffers",
        "Two exponential feeders, a buffer behind each, an exponential assembly. With `together` "
        "the assembly takes all components when all are there; with `each` (here two of one kind "
        "and one of the other) it gathers them in its fixture while it does not work, which is a "
        "little more room.",
        (
            case("assembly_together", "exact chain", throughput_per_h=3600 * TOGETHER.per_s,
                 join__busy=0.8 * TOGETHER.per_s),
            case("assembly_each", "exact chain", throughput_per_h=3600 * EACH.per_s),
        ),
    ),
)  # fmt: skip
