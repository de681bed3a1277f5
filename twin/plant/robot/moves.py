"""Moves: what an order becomes, a track in closed form within all limits, or a refusal.

Planned is always the movement at full rate, from time 0, its *nominal* curve: so a plan can be
kept for the next time the same order is given in the same place. How it then goes in time is its
*law*: the nominal time over the time, a straight line at first, bent by a stop, a resume, another
override (`rate`).
"""

from functools import lru_cache
from math import inf
from typing import TYPE_CHECKING, NamedTuple

from twin.plant.plain import record
from twin.wire.model import Path, Piece

from .group import Group
from .group_move import by_group
from .joint_move import by_joints
from .limits import named
from .nominal import JOINTS, KEPT, LEAST, Nominal
from .order import Joints, Move, MoveRefused, Track
from .placement import Placement
from .profile import Begin
from .track import SAME_S, at
from .way_move import by_way

if TYPE_CHECKING:
    from .arm import Arm


@record
class Plan(NamedTuple):
    """A movement, as it goes and as it was meant."""

    track: Track
    enters_s: float
    """When the tool comes into the zone of its target; of a fine point when it ends; `inf`: it
    stops before."""
    ends_s: float
    """When it is at rest."""
    nominal: Track
    """The same at full rate, from time 0."""
    law: Path
    """Nominal time over time; rest at its end: stopped on the way."""
    entry_s: float
    """Nominal time at which the tool enters the zone."""
    move: Move
    on_path: bool = True
    """Whether it has stayed on its path: after a stop of category 0 it has not."""
    follows_s: float = inf
    """Until when it goes along with its target on a belt; `inf`: its target stands."""

    @property
    def left_s(self) -> float:
        """How much of the nominal time is left where it stops; 0: it goes to its end."""
        last = self.law[-1]
        return 0.0 if last.v > 0.0 else max(self.nominal[0][-1].t0 - last.p, 0.0)


def plan(
    arm: "Arm | Group",
    foot: Placement,
    now_s: float,
    start: Track | Joints,
    move: Move,
    *,
    override: float = 1.0,
    limit_m_s: float | None = None,
) -> Plan:
    """Return the movement of an order from rest.

    Args:
        arm: which moves, or it and its external axes.
        foot: of the arm, in the workcell; a group knows its own.
        now_s: when it begins.
        start: the joints, or a track that is at rest by now; of a group its axes behind them.
        move: the order.
        override: rate in the end, above 0 and up to 1: everything takes 1 / override as long.
        limit_m_s: not exceeded by the tool's point nor by the flange, as in manual mode.

    Raises:
        MoveRefused: it cannot be done.
    """
    if isinstance(start[0], tuple):
        start = at(start, now_s)
    found = nominal(arm, foot, tuple(map(float, start)), move, limit_m_s)
    return begun(found, now_s, min(max(override, LEAST), 1.0), move)


def begun(found: Nominal, now_s: float, rate: float, move: Move) -> Plan:
    """Return a nominal movement that begins at a time and goes at an even rate."""
    curve = found.curve.scaled(now_s, rate)
    return Plan(
        curve.track(),
        now_s + found.entry_s / rate,
        curve.ends_s,
        found.track,
        (Piece(now_s, 0.0, rate),),
        found.entry_s,
        move,
    )


@lru_cache(maxsize=KEPT)
def nominal(
    arm: "Arm | Group",
    foot: Placement,
    joints: Joints,
    move: Move,
    limit_m_s: float | None,
    begin: Begin | None = None,
) -> Nominal:
    """Return the movement of an order from rest at full rate; worked out once for equal orders.

    Args:
        arm: which moves.
        foot: of the arm, in the workcell.
        joints: where it begins.
        move: the order.
        limit_m_s: as of `plan`.
        begin: how, if it is to fit to the end of another movement; None: as fast as it can.

    Raises:
        MoveRefused: it cannot be done.
    """
    try:
        found = _planned(arm, foot, joints, move, limit_m_s, begin)
    except ArithmeticError as error:
        raise MoveRefused("robot.no_profile", target=named(move)) from error
    if move.duration_s > 0.0:
        found = _lasting(found, move)
    return found


def _planned(
    arm: "Arm | Group",
    foot: Placement,
    joints: Joints,
    move: Move,
    limit_m_s: float | None,
    begin: Begin | None,
) -> Nominal:
    def once(order: Move) -> Nominal:
        if isinstance(arm, Group):
            return by_group(arm, joints, order, limit_m_s, begin)
        by = by_joints if order.kind in JOINTS else by_way
        return by(arm, foot, joints, order, limit_m_s, begin)

    found = once(move)
    if move.kind not in JOINTS and 0.0 < move.duration_s < found.curve.ends_s:
        found = once(move._replace(duration_s=SAME_S))
    return found


def _lasting(found: Nominal, move: Move) -> Nominal:
    least_s = found.curve.ends_s
    if least_s > move.duration_s * (1.0 + 1e-6):
        raise MoveRefused(
            "robot.duration",
            target=named(move),
            asked=f"{move.duration_s:.3f}",
            least=f"{least_s:.3f}",
        )
    if least_s <= SAME_S:
        return found
    rate = least_s / move.duration_s
    curve = found.curve.scaled(0.0, rate)
    return Nominal(curve, curve.track(), found.entry_s / rate)
