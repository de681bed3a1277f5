"""First two moments of the laws that a line file may name."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from scipy.special import gamma as gamma_function
from scipy.stats import truncnorm


@dataclass(frozen=True)
class Moments:
    """First two moments of a duration: E[S] in s, E[S^2] in s^2."""

    mean: float
    square: float


def constant(value: float) -> Moments:
    """Return the moments of a constant."""
    return Moments(value, value**2)


def exponential(mean: float) -> Moments:
    """Return the moments of an exponential time."""
    return Moments(mean, 2 * mean**2)


def lognormal(mean: float, sd: float) -> Moments:
    """Return the moments of any law with this mean and standard deviation."""
    return Moments(mean, mean**2 + sd**2)


def erlang(phases: int, mean: float) -> Moments:
    """Return the moments of a sum of `phases` equal exponential phases."""
    return Moments(mean, mean**2 * (1 + 1 / phases))


def gamma(shape: float, scale: float) -> Moments:
    """Return the moments of a gamma law."""
    return Moments(shape * scale, shape * (1 + shape) * scale**2)


def weibull(shape: float, scale: float) -> Moments:
    """Return the moments of a Weibull law: E[S^n] = scale^n Gamma(1 + n / shape)."""
    return Moments(
        scale * float(gamma_function(1 + 1 / shape)),
        scale**2 * float(gamma_function(1 + 2 / shape)),
    )


def uniform(low: float, high: float) -> Moments:
    """Return the moments of a uniform law."""
    return Moments((low + high) / 2, (low**2 + low * high + high**2) / 3)


def triangular(low: float, mode: float, high: float) -> Moments:
    """Return the moments of a triangular law."""
    mean = (low + mode + high) / 3
    spread = (low**2 + mode**2 + high**2 - low * mode - low * high - mode * high) / 18
    return Moments(mean, spread + mean**2)


def normal(mean: float, sd: float) -> Moments:
    """Return the moments of a normal law truncated at zero."""
    law = truncnorm(-mean / sd, math.inf, loc=mean, scale=sd)
    return Moments(float(law.mean()), float(law.moment(2)))


def empirical(values: Sequence[float]) -> Moments:
    """Return the moments of a draw from `values` with equal chance."""
    return Moments(sum(values) / len(values), sum(v * v for v in values) / len(values))


def geometric(chance: float) -> Moments:
    """Return the moments of the number of trials up to the first success."""
    return Moments(1 / chance, (2 - chance) / chance**2)
