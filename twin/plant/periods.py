"""Periods of time as arrays, (n, 2) float: begin and end of each, s, in order."""

import numpy as np

from .result import Floats


def common(of_each: list[Floats]) -> Floats:
    """Return the periods during which all of several are on at once."""
    if len(of_each) == 1:
        return of_each[0]
    begins = np.concatenate([periods[:, 0] for periods in of_each])
    ends = np.concatenate([periods[:, 1] for periods in of_each])
    times = np.concatenate([begins, ends])
    steps = np.concatenate([np.ones(len(begins)), -np.ones(len(ends))])
    order = np.lexsort((steps, times))
    times, levels = times[order], np.cumsum(steps[order])
    full = np.flatnonzero(levels == len(of_each))
    return np.column_stack([times[full], times[full + 1]])
