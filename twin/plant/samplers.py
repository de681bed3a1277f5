"""From a `Time` of the line file to numbers: samplers for its laws, and their means."""

from collections.abc import Callable
from functools import partial
from math import gamma, log, sqrt

import numpy as np
from numpy.random import Generator

from twin.kernel.streams import Sampler, Streams
from twin.spec.times import Time


def _normal(generator: Generator, count: int, *, mean: float, sd: float) -> list[float]:
    values = generator.normal(mean, sd, count)
    while (values < 0).any():
        below = values < 0
        values[below] = generator.normal(mean, sd, int(below.sum()))
    drawn: list[float] = values.tolist()
    return drawn


def _triangular(
    generator: Generator, count: int, *, low: float, mode: float, high: float
) -> list[float]:
    if low == high:
        return [low] * count
    drawn: list[float] = generator.triangular(low, mode, high, count).tolist()
    return drawn


def _lognormal(mean: float, sd: float) -> tuple[float, float]:
    """Return mu and sigma of the logarithm for a wanted mean and standard deviation."""
    variance = log(1.0 + (sd / mean) ** 2)
    return log(mean) - variance / 2.0, sqrt(variance)


def sampler(time: Time) -> Sampler:
    """Return what draws from the law of `time`; not for `constant` and `trace`."""
    a, b, c = (*time.parameters, 0.0, 0.0, 0.0)[:3]
    match time.law:
        case "exponential":
            return lambda g, n: g.exponential(a, n).tolist()
        case "normal":
            return partial(_normal, mean=a, sd=b)
        case "lognormal":
            mu, sigma = _lognormal(a, b)
            return lambda g, n: g.lognormal(mu, sigma, n).tolist()
        case "uniform":
            return lambda g, n: g.uniform(a, b, n).tolist()
        case "triangular":
            return partial(_triangular, low=a, mode=b, high=c)
        case "erlang":
            return lambda g, n: g.gamma(a, b / a, n).tolist()
        case "gamma":
            return lambda g, n: g.gamma(a, b, n).tolist()
        case "weibull":
            return lambda g, n: (b * g.weibull(a, n)).tolist()
        case "geometric":
            return lambda g, n: g.geometric(a, n).astype(float).tolist()
        case "empirical":
            values = np.array(time.parameters)
            return lambda g, n: g.choice(values, n).tolist()
        case law:
            raise ValueError(f"{law} is not drawn")


def mean_s(time: Time) -> float:
    """Return the mean of a law, s (for `normal` that of the untruncated law)."""
    a, b, c = (*time.parameters, 0.0, 0.0, 0.0)[:3]
    match time.law:
        case "uniform":
            return (a + b) / 2.0
        case "triangular":
            return (a + b + c) / 3.0
        case "erlang":
            return b
        case "gamma":
            return a * b
        case "weibull":
            return b * gamma(1.0 + 1.0 / a)
        case "geometric":
            return 1.0 / a
        case "empirical" | "trace":
            return sum(time.parameters) / len(time.parameters)
        case _:
            return a


class Duration:
    """Durations of one purpose of one asset: `draw()` gives the next, s.

    `constant_s` is the value when it never changes, else None: the hot path need not draw then.
    """

    __slots__ = ("constant_s", "draw", "mean_s")

    def __init__(self, time: Time, name: str, streams: Streams) -> None:
        self.mean_s = mean_s(time)
        self.constant_s = time.constant
        self.draw: Callable[[], float]
        if time.law == "constant":
            self.draw = self._constant
        elif time.law == "trace":
            self.draw = streams.series(name, time.parameters).draw
        else:
            self.draw = streams.make(name, sampler(time)).draw

    def _constant(self) -> float:
        assert self.constant_s is not None
        return self.constant_s


class DurationByPart:
    """Durations that depend on the part type."""

    __slots__ = ("by_part", "mean_s")

    def __init__(self, by_part: dict[str, Duration]) -> None:
        self.by_part = by_part
        self.mean_s = sum(d.mean_s for d in by_part.values()) / len(by_part)
