"""What a workshop has beside queues: quality, setups, transport, hours, energy."""

from .case import Chapter, case
from .oracles import arithmetic as a
from .oracles import queues as q

PASSED = a.passed_share(0.3, 0.4, 0.1)
PAIRS = {
    ("red", "green"): 8, ("green", "red"): 2, ("red", "blue"): 5, ("blue", "red"): 1,
    ("green", "blue"): 3, ("blue", "green"): 3,
}  # fmt: skip
WORKED = a.shift_share(16 - 0.5 - 0.75, 5)

SHOP = (
    Chapter(
        "Quality",
        "A station spoils a part with its `defect_rate`; an inspection lets a bad part through "
        "with its `escape_rate` and rejects a good one with its `false_reject_rate`.",
        (
            case("inspection", "total probability; Bayes", throughput_per_h=3600 * PASSED,
                 scrapped_per_h=3600 * (1 - PASSED),
                 escaped_share=1 - a.good_share(0.3, 0.4, 0.1)),
            case("rework_loop", "absorbing chain",
                 mend__made_per_h=3600 * a.rework_per_s(10, 0.2, 0.1, 0.05, 0.7)),
        ),
    ),
    Chapter(
        "Setups, maintenance, hours and energy",
        "",
        (
            case("setups", "independent types: the mean over pairs",
                 throughput_per_h=3600
                 * a.setups({"red": 0.5, "green": 0.3, "blue": 0.2},
                            {"red": 4, "green": 6, "blue": 5}, PAIRS)),
            case("maintenance", "renewal reward", whole=True,
                 throughput_per_h=3600 * a.single_machine(1, {90: 7.5, 225: 22.5})),
            case("shifts", "hours worked of the week", whole=True,
                 throughput_per_h=3600 / 60 * WORKED,
                 m1__idle=1 - WORKED),
            case("energy", "time in each state times its power",
                 energy_per_good_part_j=a.joules_per_part(1, 3000, 400, 50, 12.5)),
        ),
    ),
    Chapter(
        "Transport and storage",
        "A vehicle loads, drives, unloads and drives back empty. A conveyor with a transit time "
        "and no capacity is a pure delay.",
        (
            case("vehicle_cycle", "arithmetic",
                 throughput_per_h=3600 * a.round_trips(2, 5, 20, 5)),
            case("vehicle_random", "renewal reward",
                 throughput_per_h=3600 * a.round_trips(2, 15, 20, 10)),
            case("conveyor", "M/G/infinity", wip=q.mg_infinity(5, 60).wip, lead_time_s=60),
            case("belt_pitch", "speed over pitch; length over speed",
                 throughput_per_h=3600 * 0.5 / 0.5, lead_time_s=10 / 0.5),
            case("storage", "one device, two strokes a part", throughput_per_h=3600 / 15),
            case("disassembly", "M/M/1, three parts and a tray from each pack",
                 throughput_per_h=3 * 3600 / 30, open__busy=20 / 30),
        ),
    ),
)  # fmt: skip
