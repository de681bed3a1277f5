"""Machines that fail: alone, two with and without a buffer, side by side, with a crew."""

from .case import Chapter, case
from .oracles import arithmetic as a
from .oracles import moments as m
from .oracles import queues as q
from .oracles.joins import MergingLine
from .oracles.lines import Machine, TandemLine, two_machines_no_buffer
from .oracles.networks import UnreliablePool, repairman
from .oracles.slots import SlottedLine, failing_slots

FIXED = SlottedLine([failing_slots(20, 0.25), failing_slots(16, 0.4)], [5])
OPERATING = TandemLine(
    [Machine(1, uptime_s=12, downtime_s=3), Machine(1.1, uptime_s=15, downtime_s=2)], [4]
)
CALENDAR = [
    Machine(1, uptime_s=12, downtime_s=3, clock="calendar"),
    Machine(1.1, uptime_s=15, downtime_s=2, clock="calendar"),
]
BUFFERED, DIRECT = TandemLine(CALENDAR, [4]), TandemLine(CALENDAR, [0])
THREE = TandemLine(
    [
        Machine(1, uptime_s=12, downtime_s=3),
        Machine(0.9, uptime_s=15, downtime_s=3.5, clock="calendar"),
        Machine(0.8, uptime_s=10, downtime_s=2.5),
    ],
    [2, 2],
)
SIDE = MergingLine(
    Machine(2, uptime_s=20, downtime_s=5), 2, 3, Machine(1, uptime_s=15, downtime_s=3)
)
POOL = UnreliablePool(5, Machine(7, uptime_s=40, downtime_s=8), 3)
CREW_AVAILABILITY = repairman(5, 20, 4, 1)
UP = q.interrupted(m.exponential(5), 40, m.erlang(2, 10))
DOWN = q.mm1_breakdowns(12, 5, 40, 10)
WEIBULL_125, WEIBULL_40 = m.weibull(2, 125).mean, m.weibull(2, 40).mean

MACHINES = (
    Chapter(
        "Machines that fail",
        "On the operating clock a machine ages only while it works; on the calendar clock it ages "
        "whenever it is up. Interrupted work resumes unless a case says otherwise. A part may be "
        "handed to a failed machine with a free place, and a finished part taken from it.",
        (
            case("several_failures", "renewal reward; Buzacott (1967)",
                 throughput_per_h=3600
                 * a.single_machine(1, {50: 5, WEIBULL_125: 15, 100: 2.5})),
            case("single_calendar", "renewal reward",
                 throughput_per_h=3600 * a.calendar_machine(1, WEIBULL_40, 6),
                 m1__down=6 / (WEIBULL_40 + 6)),
            case("restart", "preemptive repeat; Gaver (1962)",
                 throughput_per_h=3600 * a.restarted(10, 25, 5)),
            case("scrap", "renewal reward", throughput_per_h=3600 * a.scrapped(10, 25, 5)),
            case("breakdown_operating", "completion times, Gaver (1962), in M/G/1",
                 lead_time_s=q.mg1(12, UP).lead_time_s),
            case("breakdown_calendar", "White and Christie (1958); Avi-Itzhak and Naor (1963)",
                 lead_time_s=DOWN.lead_time_s),
        ),
    ),
    Chapter(
        "Lines of machines that fail",
        "Buzacott's formula for a line without buffer leaves out that one machine can fail while "
        "the other is down but has not yet finished; the exact value here does not. Gershwin's N "
        "is the buffer plus two.",
        (
            case("two_machine_no_buffer", "mean of the longer completion time; cf. Buzacott (1967)",
                 throughput_per_h=3600 * two_machines_no_buffer(2, (20, 4), (30, 8))),
            case("two_machine_fixed", "exact chain over slots; cf. Gershwin (1994)",
                 throughput_per_h=3600 * FIXED.per_slot),
            case("two_machine_exponential", "Gershwin and Berman (1981); exact chain",
                 throughput_per_h=3600 * OPERATING.per_s, b1__level=OPERATING.level(0),
                 m1__blocked=OPERATING.blocked(0)),
            case("two_machine_calendar", "exact chain", throughput_per_h=3600 * BUFFERED.per_s,
                 b1__level=BUFFERED.level(0), m1__busy=BUFFERED.busy(0)),
            case("two_machine_calendar_no_buffer", "exact chain",
                 throughput_per_h=3600 * DIRECT.per_s),
            case("three_machine", "exact chain", throughput_per_h=3600 * THREE.per_s,
                 b2__level=THREE.level(1)),
        ),
    ),
    Chapter(
        "Machines side by side, and a crew",
        "",
        (
            case("parallel_machines", "exact chain", throughput_per_h=3600 * SIDE.per_s),
            case("parallel_pool", "M/M/3 with failures at work; exact chain",
                 lead_time_s=POOL.wip * 5),
            case("repairman", "machine interference, Palm (1947); Cox and Smith (1961)",
                 throughput_per_h=3600 * 5 * CREW_AVAILABILITY),
        ),
    ),
)  # fmt: skip
