"""Durations as a line file writes them: a constant, or one named distribution."""

from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Discriminator, Field, Tag, model_validator

from .base import Count, Id, Model, NonNegative, Number, Positive
from .errors import Wrong

SPREAD = 100
"""Largest standard deviation of `lognormal`, in means."""

Values = Annotated[tuple[NonNegative, ...], Field(min_length=1)]


class Time(Model):
    """A duration in seconds. Exactly one field is set; a bare number means `constant`.

    Mean and standard deviation are those of the untruncated law; `normal` is truncated at 0
    by drawing again. `geometric` counts trials (1, 2, …) of one second each. `empirical` draws
    from its values with equal chance; `trace` takes them in order, then the run ends there.
    """

    expected = "spec.expect.time"

    constant: NonNegative | None = None
    exponential: Positive | None = Field(None, description="mean, s")
    normal: tuple[NonNegative, NonNegative] | None = Field(None, description="[mean, sd], s")
    lognormal: tuple[Positive, NonNegative] | None = Field(None, description="[mean, sd], s")
    uniform: tuple[NonNegative, NonNegative] | None = Field(None, description="[low, high], s")
    triangular: tuple[NonNegative, NonNegative, NonNegative] | None = Field(
        None, description="[low, mode, high], s"
    )
    erlang: tuple[Count, Positive] | None = Field(
        None, description="[k, mean], s; the mean of the sum of its k phases"
    )
    gamma: tuple[Positive, Positive] | None = Field(None, description="[shape, scale], s")
    weibull: tuple[Annotated[Number, Field(ge=0.1, le=1000)], Positive] | None = Field(
        None, description="[shape, scale], s; shape from 0.1"
    )
    geometric: Annotated[Number, Field(ge=1e-6, le=1)] | None = Field(
        None, description="chance of success in each trial of one second"
    )
    empirical: Values | None = Field(None, description="values drawn with equal chance, s")
    trace: Values | None = Field(None, description="values in order, s")

    @model_validator(mode="after")
    def _one_law(self) -> Self:
        named = [law for law in Time.model_fields if getattr(self, law) is not None]
        if len(named) != 1 or len(self.model_fields_set) != 1:
            found = ", ".join(sorted(self.model_fields_set)) or "none"
            raise Wrong("spec.time.laws", found=found, laws=", ".join(Time.model_fields))
        if self.uniform and self.uniform[0] > self.uniform[1]:
            raise Wrong("spec.time.uniform", low=self.uniform[0], high=self.uniform[1])
        if self.lognormal and self.lognormal[1] > SPREAD * self.lognormal[0]:
            raise Wrong("spec.time.lognormal", sd=self.lognormal[1], limit=SPREAD)
        if self.triangular:
            low, mode, high = self.triangular
            if not low <= mode <= high or low == high:
                raise Wrong("spec.time.triangular", found=list(self.triangular))
        return self

    @property
    def law(self) -> str:
        """The name of the one law that is set."""
        return next(iter(self.model_fields_set))

    @property
    def parameters(self) -> tuple[float, ...]:
        """The law's numbers, always as a tuple."""
        value = getattr(self, self.law)
        return value if isinstance(value, tuple) else (value,)


def _time(value: Any) -> Any:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return {"constant": value} if number else value


AnyTime = Annotated[Time, BeforeValidator(_time, json_schema_input_type=NonNegative | Time)]
"""A `Time`, written as a number or as `{law: parameters}`."""


class TimeByPart(Model):
    """A duration that depends on the part type: `{by_part: {a: 40, b: {normal: [50, 2]}}}`."""

    by_part: dict[Id, AnyTime] = Field(min_length=1)


def _which(value: Any) -> str:
    by_part = isinstance(value, TimeByPart) or (isinstance(value, dict) and "by_part" in value)
    return "by_part" if by_part else "time"


ProcessTime = Annotated[
    Annotated[AnyTime, Tag("time")] | Annotated[TimeByPart, Tag("by_part")], Discriminator(_which)
]
"""A `Time`, or a `TimeByPart`."""
