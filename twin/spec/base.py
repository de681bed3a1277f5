"""What every model of a YAML file shares: strictness and the few scalar types."""

import re
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from .errors import Wrong


@dataclass(frozen=True, slots=True)
class Expected:
    """Marks a type with the key of the message that says what to write there."""

    key: str


LARGEST = 1e12
"""Bound of every quantity, in its unit: beyond it sums over a run lose their seconds."""
MOST = 100_000
"""Bound of every number of things that a run makes one by one."""

IDENTIFIER = re.compile(r"^[A-Za-z][A-Za-z0-9_]*$")


class Model(BaseModel):
    """A frozen model that refuses unknown keys."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, populate_by_name=True, allow_inf_nan=False
    )

    expected: ClassVar[str] = ""
    """Key of the message that says what to write where something else was found."""

    def document(self) -> dict[str, Any]:
        """Return the model as plain data, as a file would give it: what nobody set is left out."""
        return self.model_dump(mode="json", by_alias=True, exclude_unset=True)


def _identifier(value: str) -> str:
    if not IDENTIFIER.match(value):
        raise Wrong("spec.id", found=value)
    return value


Id = Annotated[
    str,
    Field(max_length=64, json_schema_extra={"pattern": IDENTIFIER.pattern}),
    AfterValidator(_identifier),
]
"""An id: a letter, then letters, digits and underscores."""

Number = Annotated[float, Field(strict=True)]
"""A number; a text that looks like one, or true, is refused."""
Whole = Annotated[int, Field(strict=True)]
Positive = Annotated[Number, Field(gt=0, le=LARGEST)]
NonNegative = Annotated[Number, Field(ge=0, le=LARGEST)]
Share = Annotated[Number, Field(ge=0, le=1)]
Count = Annotated[Whole, Field(ge=1, le=MOST)]
Priority = Annotated[Whole, Field(ge=-MOST, le=MOST)]
Size = tuple[Positive, Positive, Positive]
"""Width, depth, height, m."""
Colour = Annotated[
    str, Field(pattern=r"^#[0-9a-fA-F]{6}$", description='red, green, blue as "#rrggbb"')
]


class Text(Model):
    """A text a person reads, in English and simplified Chinese."""

    expected = "spec.expect.title"

    en: str
    zh: str = ""

    def get(self, language: str) -> str:
        """Return the text in `language`, English where there is no Chinese."""
        return self.zh if language.startswith("zh") and self.zh else self.en


def _text(value: Any) -> Any:
    return {"en": value} if isinstance(value, str) else value


AnyText = Annotated[Text, BeforeValidator(_text, json_schema_input_type=str | Text)]
"""A `Text`, written as `{en: …, zh: …}` or as one plain string."""
