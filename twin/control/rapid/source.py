"""The text of a program: where values of data stand in it, and how they are written anew."""

import re
from math import degrees

from twin.control.syntax.diagnostic import Span
from twin.plant.robot.order import Configuration
from twin.plant.robot.placement import Placement

from .geometry import MM
from .program import Datum, Program

_NAME = re.compile(r"[^\W\d]\w*")
_ZERO = re.compile(r"-?0(\.0*)?$")


def offsets(source: str, span: Span) -> tuple[int, int]:
    """Return where in the text a span begins and ends."""
    starts = [0, *(match.end() for match in re.finditer("\n", source))]
    return (
        starts[span.line - 1] + span.column - 1,
        starts[span.end_line - 1] + span.end_column - 1,
    )


def skeleton(program: Program) -> str:
    """Return the text without the values of the modules' data: what the pointer depends on."""
    text = program.source
    spans = [d.value_span for d in program.data if d.value_span is not None]
    for begin, end in sorted((offsets(text, span) for span in spans), reverse=True):
        text = text[:begin] + "\n" * text[begin:end].count("\n") + text[end:]
    return text


def is_name(name: str) -> bool:
    """Tell whether a text can be the name of data."""
    return len(name) <= 32 and _NAME.fullmatch(name) is not None


def decimal(value: float, digits: int) -> str:
    """Return a number with so many digits behind the point at most."""
    text = f"{value:.{digits}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if _ZERO.match(text) else text


def target_text(
    at: Placement, configuration: Configuration, external: tuple[float, ...], kinds: tuple[str, ...]
) -> str:
    """Return a robtarget as a program writes it: mm, external axes mm or degrees."""
    trans = ",".join(decimal(v * MM, 3) for v in at.place)
    turn = ",".join(decimal(v, 9) for v in at.turn)
    config = ",".join(str(c) for c in configuration)
    axes = [
        decimal(v * MM if kind == "slide" else v, 3)
        for v, kind in zip(external, kinds, strict=False)
    ]
    rest = ",".join((axes + ["9E9"] * 6)[:6])
    return f"[[{trans}],[{turn}],[{config}],[{rest}]]"


def joints_text(joints: tuple[float, ...], kinds: tuple[str, ...]) -> str:
    """Return a jointtarget as a program writes it: degrees or mm."""
    axes = [
        decimal(v * MM if kind == "slide" else degrees(v), 4)
        for v, kind in zip(joints, kinds, strict=True)
    ]
    return f"[[{','.join((axes + ['0'] * 6)[:6])}],[{','.join(['9E9'] * 6)}]]"


def with_value(source: str, datum: Datum, text: str) -> str:
    """Return the source with another value of data that has one."""
    assert datum.value_span is not None
    begin, end = offsets(source, datum.value_span)
    return source[:begin] + text + source[end:]


def with_target(program: Program, name: str, text: str) -> tuple[str, int]:
    """Return the source with a new robtarget in the module of `main`, and the line it stands in."""
    main = program.routines[program.main]
    lines = program.source.split("\n")
    before = [d.span.line for d in program.data if d.module == main.module]
    if before:
        last = max(d.value_span.end_line if d.value_span else d.span.line
                   for d in program.data if d.module == main.module)  # fmt: skip
        at = last
    else:
        at = _module_line(program, main.module)
    like = lines[at - 1] if before else ""
    indent = like[: len(like) - len(like.lstrip())] if before else "  "
    lines.insert(at, f"{indent}CONST robtarget {name}:={text};")
    return "\n".join(lines), at + 1


def _module_line(program: Program, module: str) -> int:
    for number, line in enumerate(program.source.split("\n"), start=1):
        match = re.match(r"\s*MODULE\s+(\w+)", line, re.IGNORECASE)
        if match is not None and match[1].lower() == module:
            return number
    return 1
