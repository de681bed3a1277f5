"""Programs that a line file names."""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from twin.spec.base import Model


class Program(Model):
    """A program in Structured Text or RAPID: in the line file itself, or in a file beside it."""

    expected = "spec.expect.program"

    file: str | None = Field(None, description="name of a file beside the line file")
    text: str | None = None


def _program(value: Any) -> Any:
    return {"file": value} if isinstance(value, str) else value


AnyProgram = Annotated[Program, BeforeValidator(_program, json_schema_input_type=str | Program)]
"""A `Program`, or just the name of its file."""
