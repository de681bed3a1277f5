"""Types of RAPID, and what their values are in a run: plain data.

`num` and `dnum` are floats, `bool` bools, `string` texts, records tuples of their components,
arrays lists, references tuples that begin with REF.
"""

from dataclasses import dataclass
from typing import Any, NamedTuple

REF = "ref"
"""Begins a reference: (REF, frame number or -1 of the modules' data, slot, steps)."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A type of single values."""

    name: str
    zero: Any
    fields: tuple[tuple[str, "Kind"], ...] = ()
    valued: bool = True
    """Whether it can be assigned and compared."""

    def field(self, name: str) -> tuple[int, "Kind"] | None:
        """Return number and type of a component."""
        for at, (known, kind) in enumerate(self.fields):
            if known == name.lower():
                return at, kind
        return None


class Type(NamedTuple):
    """A type of values: single, or arrays of so many dimensions."""

    kind: Kind
    dims: int = 0

    @property
    def name(self) -> str:
        """Return how a declaration would write it."""
        return self.kind.name + ("{" + ",".join("*" * self.dims) + "}" if self.dims else "")


def _record(name: str, **fields: Kind) -> Kind:
    return Kind(name, tuple(kind.zero for kind in fields.values()), tuple(fields.items()))


NUM = Kind("num", 0.0)
DNUM = Kind("dnum", 0.0)
BOOL = Kind("bool", False)  # noqa: FBT003
STRING = Kind("string", "")
POS = _record("pos", x=NUM, y=NUM, z=NUM)
ORIENT = _record("orient", q1=NUM, q2=NUM, q3=NUM, q4=NUM)
POSE = _record("pose", trans=POS, rot=ORIENT)
CONFDATA = _record("confdata", cf1=NUM, cf4=NUM, cf6=NUM, cfx=NUM)
EXTJOINT = _record("extjoint", eax_a=NUM, eax_b=NUM, eax_c=NUM, eax_d=NUM, eax_e=NUM, eax_f=NUM)
ROBJOINT = _record("robjoint", rax_1=NUM, rax_2=NUM, rax_3=NUM, rax_4=NUM, rax_5=NUM, rax_6=NUM)
ROBTARGET = _record("robtarget", trans=POS, rot=ORIENT, robconf=CONFDATA, extax=EXTJOINT)
JOINTTARGET = _record("jointtarget", robax=ROBJOINT, extax=EXTJOINT)
LOADDATA = _record("loaddata", mass=NUM, cog=POS, aom=ORIENT, ix=NUM, iy=NUM, iz=NUM)
TOOLDATA = _record("tooldata", robhold=BOOL, tframe=POSE, tload=LOADDATA)
WOBJDATA = _record("wobjdata", robhold=BOOL, ufprog=BOOL, ufmec=STRING, uframe=POSE, oframe=POSE)
SPEEDDATA = _record("speeddata", v_tcp=NUM, v_ori=NUM, v_leax=NUM, v_reax=NUM)
ZONEDATA = _record(
    "zonedata", finep=BOOL, pzone_tcp=NUM, pzone_ori=NUM, pzone_eax=NUM,
    zone_ori=NUM, zone_leax=NUM, zone_reax=NUM,
)  # fmt: skip
CLOCK = Kind("clock", (0.0, -1.0), valued=False)
"""(seconds counted, time since when it runs; below 0: it stands)."""
SOCKET = Kind("socketdev", "", valued=False)
RAWBYTES = Kind("rawbytes", "", valued=False)
"""Bytes as hexadecimal digits."""
SWITCH = Kind("switch", False, valued=False)  # noqa: FBT003
SIGNALS = {
    (False, bool): Kind("signaldi", "", valued=False),
    (True, bool): Kind("signaldo", "", valued=False),
    (False, int): Kind("signalgi", "", valued=False),
    (True, int): Kind("signalgo", "", valued=False),
    (False, float): Kind("signalai", "", valued=False),
    (True, float): Kind("signalao", "", valued=False),
}
"""By whether the program may set it, and the type of its value."""
SIGNAL_OF = {kind.name: key for key, kind in SIGNALS.items()}
"""The same the other way round, by the name of the type."""
UNIT = Kind("mecunit", "", valued=False)
ANY = Kind("any", None)
"""Of a parameter that takes every type."""
WRONG = Kind("?", 0.0)
"""Of what was told to be wrong already."""

KINDS = {
    kind.name: kind
    for kind in (
        NUM, DNUM, BOOL, STRING, POS, ORIENT, POSE, CONFDATA, EXTJOINT, ROBJOINT, ROBTARGET,
        JOINTTARGET, LOADDATA, TOOLDATA, WOBJDATA, SPEEDDATA, ZONEDATA, CLOCK, SOCKET, RAWBYTES,
    )
} | {"errnum": NUM, "byte": NUM, "switch": SWITCH}  # fmt: skip
"""Types that data may have, by name; aliases too."""
ABSENT_KINDS = {
    "intnum", "stoppointdata", "shapedata", "iodev", "tasks", "syncident", "identno", "triggdata",
    "weavedata", "seamdata", "welddata", "opnum", "dionum", "signaldi", "signaldo", "signalgi",
    "signalgo", "signalai", "signalao", "restartdata", "trapdata", "dir", "bool1", "mecunit",
}  # fmt: skip
"""Types that real controllers have and this does not."""


def zeros(kind: Kind, sizes: tuple[int, ...]) -> Any:
    """Return the value that data has when none is declared."""
    if not sizes:
        return kind.zero
    return [zeros(kind, sizes[1:]) for _ in range(sizes[0])]


def copied(value: Any) -> Any:
    """Return a value that shares no array with another."""
    return [copied(entry) for entry in value] if type(value) is list else value


def count(value: Any) -> int:
    """Return how many elements an array has in all."""
    if type(value) is not list:
        return 1
    return sum(map(count, value)) if value and type(value[0]) is list else len(value)


def shape(value: Any) -> tuple[int, ...]:
    """Return the sizes of an array."""
    sizes = []
    while type(value) is list:
        sizes.append(len(value))
        value = value[0] if value else None
    return tuple(sizes)


def put(value: Any, steps: tuple[int, ...], new: Any) -> Any:
    """Return a value with another one in the place to which steps lead; arrays change in place."""
    if not steps:
        return new
    at, rest = steps[0], steps[1:]
    if type(value) is list:
        value[at] = put(value[at], rest, new)
        return value
    changed = list(value)
    changed[at] = put(value[at], rest, new)
    return tuple(changed)


def number_text(value: float, digits: int = 6) -> str:
    """Return a number as the controller shows it: whole ones without a point."""
    if value == 0.0:
        return "0"
    if abs(value) < 1e7 and value == int(value):
        return str(int(value))
    text = f"{value:.{digits}G}"
    if "E" in text:
        mantissa, exponent = text.split("E")
        if "." in mantissa:
            mantissa = mantissa.rstrip("0").rstrip(".")
        return f"{mantissa}E{int(exponent):+03d}"
    return text


def text_of(value: Any) -> str:
    """Return a value as a program would write it."""
    kind = type(value)
    if kind is bool:
        return "TRUE" if value else "FALSE"
    if kind is float or kind is int:
        return number_text(value)
    if kind is str:
        return '"' + str(value).replace('"', '""') + '"'
    if kind in (tuple, list):
        return "[" + ",".join(map(text_of, value)) + "]"
    return ""
