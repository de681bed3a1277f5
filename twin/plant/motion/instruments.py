"""What measures and identifies parts: scales, readers, cameras, testers."""

from math import exp, log
from typing import TYPE_CHECKING, ClassVar

from numpy.random import Generator

from twin.kernel.streams import uniform
from twin.plant.part import Part
from twin.spec import motion as specs

from .body import Body, Holder, Watcher

if TYPE_CHECKING:
    from .world import World

SETTLED = 1e-3
"""What is left of a change of weight when the reading counts as stable, as a share."""
DOUBT = 0.5
"""Confidence of a wrong answer, as a share of that of a right one."""


def normal(generator: Generator, count: int) -> list[float]:
    """Draw from the normal law with mean 0 and deviation 1."""
    values: list[float] = generator.standard_normal(count).tolist()
    return values


class Looker(Body):
    """Looks at a place of a holder."""

    def __init__(self, world: "World", spec: specs.AtPart) -> None:
        super().__init__(world, spec)
        self.sees, self.along_m = spec.sees, spec.along_m
        self.holder: Holder

    def connect(self) -> None:
        holder = self.world.bodies[self.sees]
        assert isinstance(holder, Holder)
        self.holder = holder

    def part(self) -> Part | None:
        """Return the part at its place."""
        return self.holder.part_at(self.along_m)


class Scale(Looker, Watcher):
    """Weighs the part at its place, with all that lies on it.

    The reading follows in first order; it is `stable` exactly `settle_s` after the last change.
    """

    STATE: ClassVar[tuple[str, ...]] = ("reading",)
    lazy: ClassVar[frozenset[str]] = frozenset({"weight"})

    def __init__(self, world: "World", spec: specs.Scale) -> None:
        super().__init__(world, spec)
        self.settle_s, self.full_kg = spec.settle_s, spec.full_kg
        self.tau_s = spec.settle_s / log(1.0 / SETTLED)
        self.reading: list[float] = [0.0, 0.0, 0.0]
        """Since when, from which reading, to which weight it goes, kg."""
        self.settles = self.timer("settles", self._settled)

    def connect(self) -> None:
        super().connect()
        self.holder.watch(self, self.along_m)

    def kg(self) -> float:
        """Return what it reads now, kg."""
        since_s, begin, goal = self.reading
        return goal + (begin - goal) * exp(-(self.env.time_s - since_s) / self.tau_s)

    def seen(self, part: Part | None) -> None:
        goal = 0.0 if part is None else self.world.mass_kg(part)
        loose = getattr(self.holder, "loose", None)
        if part is not None and loose is not None:
            goal += sum(self.world.mass_kg(one) for one in loose())
        goal = min(goal, self.full_kg)
        if goal != self.reading[2]:
            self.reading[:] = [self.env.time_s, self.kg(), goal]
            self.tells("stable", value=False)
            self.settles.arm(self.settle_s)

    def _settled(self) -> None:
        self.reading[:2] = [self.env.time_s, self.reading[2]]
        self.tells("stable", value=True)

    def refresh(self, pin: str) -> None:
        if pin == "weight":
            self.renew(pin, self.kg())


class Reader(Looker):
    """Reads the code of the part at its place, `read_s` after each rising edge of `trigger`.

    The part must be there from the trigger to the end. Without a list of codes the part's number is
    its code; a type that is not in the list cannot be read.
    """

    STATE: ClassVar[tuple[str, ...]] = ("aim",)

    def __init__(self, world: "World", spec: specs.Reader) -> None:
        super().__init__(world, spec)
        self.read_s = spec.read_s
        self.codes = dict(spec.codes)
        self.aim: int | None = None
        """Number of the part that was there at the trigger."""
        self.step = self.timer("read", self._read)

    def pin_changed(self, pin: str) -> None:
        if pin == "" and not self.world.powered:
            self.step.cancel()
        elif pin == "trigger" and self.reads("trigger"):
            part = self.part()
            self.aim = None if part is None else part.id
            self.tells("valid", value=False)
            self.tells("failed", value=False)
            self.step.arm(self.read_s)

    def _read(self) -> None:
        part = self.part()
        code = None
        if part is not None and part.id == self.aim:
            code = self.codes.get(part.type) if self.codes else part.id
        if code is not None:
            self.tells("code", code)
        self.tells("valid", code is not None)
        self.tells("failed", code is None)


class Vision(Looker):
    """Tells what lies at its place, `exposure_s` after each rising edge of `trigger`.

    `result` is the code of the part's type, negative when the part is bad, 0 when none is there.
    With the chance `error_rate` it takes the part for the next type of its list, or, if it knows
    one type only, good for bad; it is less sure of itself then.
    """

    STATE: ClassVar[tuple[str, ...]] = ("exposing",)

    def __init__(self, world: "World", spec: specs.Vision) -> None:
        super().__init__(world, spec)
        self.exposure_s = spec.exposure_s
        types = [part.id for part in world.cell.line.spec.parts]
        self.codes = dict(spec.codes) or {name: 1 + at for at, name in enumerate(types)}
        self.confidence, self.error_rate = spec.confidence, spec.error_rate
        self.luck = world.cell.line.streams.make(f"{self.address}/luck", uniform)
        self.exposing = False
        self.step = self.timer("exposed", self._exposed)

    def pin_changed(self, pin: str) -> None:
        if pin == "" and not self.world.powered:
            self.step.cancel()
            self.exposing = False
            self.tells("ready", value=True)
        elif pin == "trigger" and self.reads("trigger") and not self.exposing:
            self.exposing = True
            self.tells("ready", value=False)
            self.step.arm(self.exposure_s)

    def _exposed(self) -> None:
        self.exposing = False
        part = self.part()
        code = 0 if part is None else self.codes.get(part.type, 0)
        sure = 0.0
        if part is not None and code:
            wrong = self.luck.draw() < self.error_rate
            spread = min(self.confidence, 1.0 - self.confidence)
            sure = self.confidence + (2.0 * self.luck.draw() - 1.0) * spread
            bad = not part.good
            if wrong:
                sure *= DOUBT
                code, bad = self._mistaken(code, bad=bad)
            code = -code if bad else code
        self.tells("result", code)
        self.tells("confidence", sure)
        self.tells("ready", value=True)

    def _mistaken(self, code: int, *, bad: bool) -> tuple[int, bool]:
        """Return what it takes a part for that it does not recognise."""
        codes = list(dict.fromkeys(self.codes.values()))
        if len(codes) == 1:
            return code, not bad
        return codes[(codes.index(code) + 1) % len(codes)], bad


class Tester(Looker):
    """Measures the part at its place, for `takes_s` from each rising edge of `trigger`.

    The part must be there from the trigger to the end; else the value is 0 and it has not passed.
    """

    STATE: ClassVar[tuple[str, ...]] = ("aim", "testing")

    def __init__(self, world: "World", spec: specs.Tester) -> None:
        super().__init__(world, spec)
        self.takes_s = spec.takes_s
        self.good, self.bad = spec.good, spec.bad
        self.low, self.high = spec.low, spec.high
        self.spread = world.cell.line.streams.make(f"{self.address}/spread", normal)
        self.aim: int | None = None
        """Number of the part that was there at the trigger."""
        self.testing = False
        self.step = self.timer("measured", self._measured)

    def pin_changed(self, pin: str) -> None:
        if pin == "" and not self.world.powered and self.testing:
            self.step.cancel()
            self._tell(0.0, passed=False)
        elif pin == "trigger" and self.reads("trigger") and not self.testing:
            part = self.part()
            self.aim = None if part is None else part.id
            self.testing = True
            self.tells("ready", value=False)
            self.tells("passed", value=False)
            self.step.arm(self.takes_s)

    def _measured(self) -> None:
        part = self.part()
        if part is None or part.id != self.aim:
            self._tell(0.0, passed=False)
            return
        mean, deviation = self.good if part.good else self.bad
        value = mean + deviation * self.spread.draw()
        part.verdict = self.low <= value <= self.high
        self._tell(value, passed=part.verdict)

    def _tell(self, value: float, *, passed: bool) -> None:
        self.testing = False
        self.tells("value", value)
        self.tells("passed", passed)
        self.tells("ready", value=True)
        self.cell.changed()
