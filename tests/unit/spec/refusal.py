"""What the tests of refused files share."""

import pytest

from twin.spec import SpecError, parse_model
from twin.spec.line import LineSpec

HEAD = "schema: pilotline.line/1\nid: x\n"

SENTENCES = [
    "Input should",
    "validation error",
    "discriminator",
    "pydantic",
    "Extra inputs",
    "Field required",
    "Value error",
    "tagged-union",
    "function-before",
]


def problems_of(text, *checks, model=LineSpec):
    """The problems for which a text is refused, none of them in a validator's own words."""
    with pytest.raises(SpecError) as caught:
        parse_model(text, model, checks, name="x.yaml")
    said = str(caught.value)
    assert caught.value.problems
    for words in SENTENCES:
        assert words not in said
    return caught.value.problems


def marked_line(text):
    """The number of the line that a case marks with `<--`."""
    lines = [i for i, line in enumerate(text.splitlines(), 1) if "<--" in line]
    assert len(lines) == 1
    return lines[0]
