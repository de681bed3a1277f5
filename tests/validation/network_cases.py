"""Networks: open with rework, CONWIP, closed, closed with blocking."""

from .case import Chapter, case
from .oracles.networks import BlockingLoop, Place, buzen, jackson, mva

TANDEM = jackson([0.1, 0], [[0, 1], [0, 0]], [7, 6], [1, 1])
REWORK = jackson([0.1, 0, 0], [[0, 1, 0], [0, 0, 0.25], [1, 0, 0]], [5, 10, 12], [1, 2, 1])
CONWIP = mva([3, 2, 4], 6)
CLOSED = buzen([3, 5, 2.5], [1, 2, 1], 6)
SOURCE = buzen([50, 15], [6, 2], 6)
LOOP = BlockingLoop([Place(1, 1), Place(1.2, 1), Place(0.9, 1)], 5)

NETWORKS = (
    Chapter(
        "Networks",
        "In a loop with a source and a sink a pallet is a card that a part needs to enter "
        "(CONWIP); without them the pallets go round, and a part is made each time one passes "
        "from the last asset to the first.",
        (
            case("tandem_open", "Jackson (1957)", lead_time_s=TANDEM.lead_time_s),
            case("rework_network", "Jackson (1957)", lead_time_s=REWORK.lead_time_s,
                 mend__made_per_h=3600 * 0.1 / 0.75 * 0.25),
            case("conwip", "mean value analysis, Reiser and Lavenberg (1980)",
                 throughput_per_h=3600 * CONWIP.per_s, lead_time_s=6 / CONWIP.per_s,
                 b3__level=CONWIP.content[2] - 4 * CONWIP.per_s),
            case("closed_network", "Gordon and Newell (1967); Buzen (1973)",
                 throughput_per_h=3600 * CLOSED.per_s,
                 b1__level=CLOSED.content[1] - 5 * CLOSED.per_s),
            case("finite_source", "M/M/2//6; Gordon and Newell (1967)",
                 throughput_per_h=3600 * SOURCE.per_s),
            case("blocking_loop", "exact chain", throughput_per_h=3600 * LOOP.per_s),
        ),
    ),
)  # fmt: skip
