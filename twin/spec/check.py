"""Everything about a line that no single value shows: whether the whole makes sense."""

from .checks.bodies import check_bodies
from .checks.facts import Facts
from .checks.figures import check_distances, check_figures, check_hours
from .checks.names import check_flow_names, check_names
from .checks.parts import (
    check_arrivals,
    check_orders,
    check_part_names,
    check_quality,
    check_setups,
)
from .checks.reach import check_loops, check_reach, check_time_moves
from .checks.ways import (
    check_branches,
    check_chains,
    check_choices,
    check_connections,
    check_shares,
)
from .document import Finding
from .line import LineSpec

ALONE = (
    check_names,
    check_shares,
    check_part_names,
    check_setups,
    check_orders,
    check_figures,
    check_hours,
    check_bodies,
)
FLOW = (check_flow_names, check_branches, check_chains)
CONNECTED = (check_connections, check_choices)
WHOLE = (
    check_reach,
    check_loops,
    check_time_moves,
    check_arrivals,
    check_quality,
    check_distances,
)


def check_line(spec: LineSpec) -> list[Finding]:
    """Return everything that is wrong with a line.

    What follows only from a mistake that is told already is not told as well: the flow is
    looked at as a whole when every name and way in it is sound.
    """
    facts = Facts(spec)
    found = [finding for check in ALONE for finding in check(facts)]
    flow = [finding for check in FLOW for finding in check(facts)]
    twice = len(facts.assets) < len(spec.assets)
    if not flow and not twice:
        flow = [finding for check in CONNECTED for finding in check(facts)]
        if not flow:
            flow = [finding for check in WHOLE for finding in check(facts)]
    return found + flow
