"""Enabling switches that are held over HTTP: each for a lease only, by the server's clock."""

import asyncio
import logging
from dataclasses import dataclass, field

from twin.kernel.command import Command, Stamped
from twin.kernel.errors import PilotlineError
from twin.plant.motion.robot import Robot

from .hub import Live

log = logging.getLogger(__name__)

LEASE_S = 2.0
"""How long a switch is held when nobody says so again, s."""
LONGEST_S = 10.0
LOOKS = 4
"""So often it is looked in a lease whether somebody has said so again."""

Key = tuple[str, str]
"""A run, and the address of a robot in it."""


@dataclass(slots=True)
class _Lease:
    live: Live
    robot: Robot
    taken: Stamped
    """The command that took the switch."""
    look_s: float
    looks: int = 0
    """How often it was looked since somebody said so last."""
    next_look: asyncio.TimerHandle | None = field(default=None, repr=False)

    @property
    def by(self) -> str:
        """Who holds it."""
        return self.taken.command.by

    @property
    def stands(self) -> bool:
        """Whether it is still this one that holds the switch: the run has not begun anew since."""
        cell, point = self.robot.cell, self.robot.points["enabling"]
        here = self.live.workcells.get(cell.id) is cell
        return here and bool(point.raw) and point.writer == self.by


class Leases:
    """Takes and lets go of enabling switches for those who hold them over HTTP.

    A program that dies cannot let go. So who holds a switch says so again and again, and is let go
    of by a command of its own name once it is silent. Looks are counted, not seconds: while the
    server itself is late, nobody is let go of for that.
    """

    def __init__(self) -> None:
        self._leases: dict[Key, _Lease] = {}

    def __len__(self) -> int:
        return len(self._leases)

    def carry_out(self, live: Live, robot: Robot, command: Command, lease_s: float) -> Stamped:
        """Carry out a command `enabling`, on for so long, or off; return its entry in the log.

        Who holds the switch already gets the entry of then: the plant hears nothing of a renewal.

        Args:
            live: the run.
            robot: whose switch it is.
            command: the command.
            lease_s: how long the switch is held from now on, s of the wall clock.

        Raises:
            CommandRefused: it cannot be carried out; nothing is held then that was not before.
        """
        key = (live.id, robot.address)
        known = self._leases.get(key)
        on = bool(command.args.get("on", True))
        held = known is not None and known.robot is robot and known.stands
        if on and known is not None and held and known.by == command.by:
            taken = known.taken
        else:
            taken = live.command(command)
        self._forget(key)
        if on:
            self._leases[key] = _Lease(live, robot, taken, lease_s / LOOKS)
            self._look_later(key)
        return taken

    def close(self) -> None:
        """Let go of everything: nobody can be heard any more."""
        for key in list(self._leases):
            self._let_go(key)

    def _look_later(self, key: Key) -> None:
        lease = self._leases[key]
        loop = asyncio.get_running_loop()
        lease.next_look = loop.call_later(lease.look_s, self._look, key)

    def _look(self, key: Key) -> None:
        lease = self._leases[key]
        lease.looks += 1
        if lease.looks < LOOKS and lease.stands:
            self._look_later(key)
        else:
            self._let_go(key)

    def _let_go(self, key: Key) -> None:
        lease = self._leases[key]
        self._forget(key)
        if not lease.stands:
            return
        try:
            lease.live.command(Command("enabling", lease.robot.address, {"on": False}, lease.by))
        except PilotlineError as error:
            log.warning("the enabling switch of %s is not let go: %s", lease.robot.address, error)
        else:
            log.info("the enabling switch of %s is let go: %s is silent", key[1], lease.by)

    def _forget(self, key: Key) -> None:
        lease = self._leases.pop(key, None)
        if lease is not None and lease.next_look is not None:
            lease.next_look.cancel()
