"""What a program leaves to be done later, and the sockets that it holds open."""

from typing import Any

from twin.kernel.environment import Environment, Timer
from twin.plant.motion.channel import ChannelClient
from twin.plant.robot.mover import Mover

from .fault import Fault
from .limits import LIMITS


class Outlets:
    """Outputs that change in time, and open sockets."""

    env: Environment
    mover: Mover
    pulses: list[list[Any]]
    """[time s, signal, value] of outputs that are still to change."""
    pulse_timer: Timer
    ports: list[int]
    """Of the sockets that are open."""
    hearer: ChannelClient | None
    """Who is told when bytes arrive."""

    def later(self, delay_s: float, signal: str, value: Any) -> None:
        """Set an output after a time.

        Raises:
            Fault: too many are waiting already.
        """
        if len(self.pulses) >= LIMITS.pending:
            raise Fault("pending", limit=LIMITS.pending)
        self.pulses.append([self.env.time_s + delay_s, signal, value])
        self.pulse_timer.arm_at(min(entry[0] for entry in self.pulses))

    def pulse_due(self) -> None:
        """Set the outputs whose time has come."""
        now = self.env.time_s
        due = [entry for entry in self.pulses if entry[0] <= now]
        self.pulses[:] = [entry for entry in self.pulses if entry[0] > now]
        for _, signal, value in due:
            self.mover.set_signal(signal, value)
        if self.pulses:
            self.pulse_timer.arm_at(min(entry[0] for entry in self.pulses))

    def listen(self) -> None:
        """Hear of the bytes that arrive at the open sockets."""
        for port in self.ports:
            channel = self.mover.channel(port)
            if channel is not None:
                channel.client = self.hearer

    def hang_up(self, port: int) -> None:
        """Close the connection of a socket."""
        channel = self.mover.channel(port)
        if channel is not None and port in self.ports:
            channel.close()
        if port in self.ports:
            self.ports.remove(port)
