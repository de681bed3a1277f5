"""Data that every program knows: speeds, zones, tool0, wobj0, load0, error numbers."""

from typing import Any

from .kinds import (
    CLOCK,
    LOADDATA,
    NUM,
    SPEEDDATA,
    STRING,
    TOOLDATA,
    WOBJDATA,
    ZONEDATA,
    Kind,
)

NO_AXIS = 9e9
"""An external axis that is not there."""

SPEEDS = (
    5, 10, 20, 30, 40, 50, 60, 80, 100, 150, 200, 300, 400, 500, 600, 800, 1000, 1500, 2000,
    2500, 3000, 4000, 5000, 6000, 7000,
)  # fmt: skip
ZONES = (
    (0, 0.3, 0.3, 0.03), (1, 1, 1, 0.1), (5, 5, 8, 0.8), (10, 10, 15, 1.5), (15, 15, 23, 2.3),
    (20, 20, 30, 3), (30, 30, 45, 4.5), (40, 40, 60, 6), (50, 50, 75, 7.5), (60, 60, 90, 9),
    (80, 80, 120, 12), (100, 100, 150, 15), (150, 150, 225, 23), (200, 200, 300, 30),
)  # fmt: skip
"""Name; mm around the point for the tool's place, for its turn and external axes; degrees."""

STRAIGHT = (1.0, 0.0, 0.0, 0.0)
HOME = ((0.0, 0.0, 0.0), STRAIGHT)
LOAD0 = (0.001, (0.0, 0.0, 0.001), STRAIGHT, 0.0, 0.0, 0.0)
TOOL0 = (True, HOME, LOAD0)
WOBJ0 = (False, True, "", HOME, HOME)

ERRORS = {
    name: float(number)
    for number, name in enumerate(
        (
            "ERR_DIVZERO",
            "ERR_WAIT_MAXTIME",
            "ERR_NUM_LIMIT",
            "ERR_STRTOOLNG",
            "ERR_STRTYPE",
            "ERR_ARGVALERR",
            "ERR_OUTOFBND",
            "ERR_NORUNUNIT",
            "ERR_OUTSIDE_REACH",
            "ERR_ROBLIMIT",
            "ERR_EXCRTYMAX",
            "ERR_ILLRAISE",
            "ERR_NOTPRES",
            "ERR_ACC_TOO_LOW",
            "ERR_SPEED_REFRESH_LIM",
            "ERR_CNV_NOT_ACT",
            "ERR_CNV_CONNECT",
            "ERR_CNV_DROPPED",
            "ERR_CNV_OBJ_LOST",
            "ERR_WOBJ_MOVING",
            "ERR_SOCK_CLOSED",
            "ERR_SOCK_TIMEOUT",
            "ERR_SOCK_ADDR_INUSE",
            "ERR_SOCK_NOT_CONN",
            "ERR_SOCK_NOT_BOUND",
            "ERR_SOCK_ISCON",
            "ERR_RANYBIN_EOF",
            "ERR_RANYBIN_CHK",
            "ERR_BOOKERR",
        ),
        start=1001,
    )
}
"""Our numbers: programs compare them by name."""
FIRST_BOOKED = 2001.0
"""Of the errors that a program books by BookErrNo."""

ERROR_NAMES = {number: name for name, number in ERRORS.items()}


USER = {f"reg{number}": NUM for number in range(1, 6)} | {"clock1": CLOCK}
"""Variables of the module `user`, which every controller brings along."""


def _data() -> dict[str, tuple[str, Kind, Any]]:
    entries: list[tuple[str, Kind, Any]] = [
        ("tool0", TOOLDATA, TOOL0),
        ("wobj0", WOBJDATA, WOBJ0),
        ("load0", LOADDATA, LOAD0),
        ("fine", ZONEDATA, (True, *(0.0,) * 6)),
        ("vmax", SPEEDDATA, (5000.0, 500.0, 5000.0, 1000.0)),
        ("pi", NUM, 3.141592653589793),
        ("EOF_BIN", NUM, -1.0),
        ("EOF_NUM", NUM, 9.998e36),
        ("STR_DIGIT", STRING, "0123456789"),
        ("STR_UPPER", STRING, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
        ("STR_LOWER", STRING, "abcdefghijklmnopqrstuvwxyz"),
        ("STR_WHITE", STRING, " \t\n"),
        ("high", NUM, 1.0),
        ("low", NUM, 0.0),
        ("edge", NUM, 2.0),
        ("WAIT_MAX", NUM, 3.40282347e38),
        ("SOCKET_CREATED", NUM, 1.0),
        ("SOCKET_CONNECTED", NUM, 2.0),
        ("SOCKET_CLOSED", NUM, 5.0),
    ]
    entries += [(f"v{v}", SPEEDDATA, (float(v), 500.0, 5000.0, 1000.0)) for v in SPEEDS]
    entries += [
        (f"z{z}", ZONEDATA, (False, *map(float, (tcp, ori, ori, deg, ori, deg))))
        for z, tcp, ori, deg in ZONES
    ]
    entries += [(name, NUM, number) for name, number in ERRORS.items()]
    entries += [
        (f"{sign}{name}", NUM, size if sign == "U" else -size)
        for sign in ("U", "")
        for name, size in (("SINT", 1.0), ("INT", 2.0), ("DINT", 4.0), ("LINT", 8.0))
    ]
    return {name.lower(): (name, kind, value) for name, kind, value in entries}


DATA = _data()
"""Constants by name in lower case: name as written, type, value."""
