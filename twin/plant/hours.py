"""Working hours: when the shifts of a calendar begin and end."""

from bisect import bisect_right
from collections.abc import Callable
from typing import ClassVar

from twin.kernel.environment import Environment
from twin.spec.line import Calendar, Shift

from .plain import Stateful

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_S = 86_400.0
WEEK_S = 7 * DAY_S


def clock_s(text: str) -> float:
    """Return seconds since midnight of `HH:MM`."""
    hours, minutes = text.split(":")
    return int(hours) * 3600.0 + int(minutes) * 60.0


def week(shifts: list[Shift]) -> list[tuple[float, float]]:
    """Return when the shifts work in a week: begins and ends, s since Monday 0:00, sorted.

    A span that runs past Sunday night is cut there and goes on at the week's begin.
    """
    spans: list[tuple[float, float]] = []
    for shift in shifts:
        begin, end = clock_s(shift.from_), clock_s(shift.to)
        end += DAY_S if end <= begin else 0.0
        pauses = []
        for pause in shift.breaks:
            start, stop = clock_s(pause.from_), clock_s(pause.to)
            start += DAY_S if start < begin else 0.0
            stop += DAY_S if stop <= start else 0.0
            pauses.append((start, stop))
        edges = [begin, *(t for pause in sorted(pauses) for t in pause), end]
        for day in shift.days:
            base = DAYS.index(day) * DAY_S
            spans += [
                (base + a, base + b) for a, b in zip(edges[::2], edges[1::2], strict=True) if b > a
            ]
    return _joined(spans)


def _joined(spans: list[tuple[float, float]]) -> list[tuple[float, float]]:
    cut = []
    for a, b in spans:
        if b > WEEK_S:
            cut += [(a, WEEK_S), (0.0, b - WEEK_S)]
        else:
            cut.append((a, b))
    joined: list[tuple[float, float]] = []
    for a, b in sorted(cut):
        if joined and a <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(b, joined[-1][1]))
        else:
            joined.append((a, b))
    return joined


class Hours(Stateful):
    """Tells one asset when its hours begin and end."""

    STATE: ClassVar[tuple[str, ...]] = ("on",)

    def __init__(
        self,
        env: Environment,
        calendar: Calendar,
        shifts: list[Shift],
        address: str,
        switch: Callable[..., None],
    ) -> None:
        self.env = env
        self.address = address
        self.switch = switch
        self.start_s = DAYS.index(calendar.start_day) * DAY_S + clock_s(calendar.start_time)
        spans = week(shifts)
        whole = spans == [(0.0, WEEK_S)]
        self.edges = [] if whole else [t for span in spans for t in span]
        if self.edges and self.edges[0] == 0.0 and self.edges[-1] == WEEK_S:
            # A night shift over the week's end is one span.
            self.edges = self.edges[1:-1]
            self.first_on = False
        else:
            self.first_on = True
        self.on = True
        self.timer = env.timer(address, self._edge)

    def start(self) -> bool:
        """Set the first switch; return whether the hours are on now."""
        self.on = self._is_on(self.env.time_s)
        self._plan()
        return self.on

    def _is_on(self, time_s: float) -> bool:
        if not self.edges:
            return True
        passed = bisect_right(self.edges, (self.start_s + time_s) % WEEK_S)
        return (passed % 2 == 1) == self.first_on

    def _plan(self) -> None:
        if not self.edges:
            return
        now = self.start_s + self.env.time_s
        weeks, place = divmod(now, WEEK_S)
        index = bisect_right(self.edges, place)
        if index == len(self.edges):
            due = (weeks + 1) * WEEK_S + self.edges[0]
        else:
            due = weeks * WEEK_S + self.edges[index]
        self.timer.arm_at(due - self.start_s)

    def _edge(self) -> None:
        self.on = not self.on
        self._plan()
        self.switch(on=self.on)
