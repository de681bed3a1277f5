"""Stationary laws of finite Markov chains, from a start state and its moves."""

from collections.abc import Callable, Hashable, Iterable
from typing import Generic, TypeVar

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.linalg import spsolve

State = TypeVar("State", bound=Hashable)


class Stationary(Generic[State]):
    """The stationary law of a chain: the long-run share of time in each state."""

    def __init__(self, shares: dict[State, float]) -> None:
        self.shares = shares

    def mean(self, value: Callable[[State], float]) -> float:
        """Return the long-run average of `value` over time (or over slots)."""
        return sum(share * value(state) for state, share in self.shares.items())


def continuous(
    start: State, moves: Callable[[State], Iterable[tuple[float, State]]]
) -> Stationary[State]:
    """Solve pi Q = 0, sum pi = 1 over the states reachable from `start`.

    Source: any text on Markov chains; the balance equations, solved directly.

    Args:
        start: any recurrent state.
        moves: for a state, the rates (per second) and the states they lead to.
    """
    states = _reachable(start, moves)
    rows, columns, rates = [], [], []
    for state, row in states.items():
        for rate, target in moves(state):
            if rate == 0:
                continue
            rows += [row, row]
            columns += [states[target], row]
            rates += [rate, -rate]
    return _solve(states, rows, columns, rates)


def discrete(
    start: State, moves: Callable[[State], Iterable[tuple[float, State]]]
) -> Stationary[State]:
    """Solve pi P = pi, sum pi = 1 over the states reachable from `start`.

    Args:
        start: any recurrent state.
        moves: for a state, the chances (they sum to 1) and the states they lead to.
    """
    states = _reachable(start, moves)
    rows, columns, rates = [], [], []
    for state, row in states.items():
        steps = list(moves(state))
        total = sum(chance for chance, _ in steps)
        if abs(total - 1) > 1e-9:
            raise ValueError(f"the chances out of {state} sum to {total}, not 1")
        for chance, target in steps:
            if chance == 0:
                continue
            rows += [row, row]
            columns += [states[target], row]
            rates += [chance, -chance]
    return _solve(states, rows, columns, rates)


def _reachable(
    start: State, moves: Callable[[State], Iterable[tuple[float, State]]]
) -> dict[State, int]:
    states, waiting = {start: 0}, [start]
    while waiting:
        for rate, target in moves(waiting.pop()):
            if rate > 0 and target not in states:
                states[target] = len(states)
                waiting.append(target)
    return states


def _solve(
    states: dict[State, int], rows: list[int], columns: list[int], rates: list[float]
) -> Stationary[State]:
    size = len(states)
    places = (np.array(columns), np.array(rows))
    balance = coo_matrix((np.array(rates), places), shape=(size, size)).tolil()
    balance[0, :] = 1.0  # one balance equation is redundant: the shares sum to 1 instead
    right = np.zeros(size)
    right[0] = 1.0
    shares = np.atleast_1d(spsolve(balance.tocsc(), right))
    return Stationary(dict(zip(states, shares.tolist(), strict=True)))
