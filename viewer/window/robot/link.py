"""Asks the twin about a robot and tells it what to do, beside the window: frames never wait."""

import threading
import time
from collections import deque
from dataclasses import dataclass, replace
from typing import Any, Protocol

from pydantic import ValidationError

from twin.spec.messages import phrase
from viewer.window.errors import NoTwin, Refused, ViewError

from .seen import Seen, Which

POLL_S = 0.3
MOVING_S = 0.12
AGAIN_S = 1.0
"""Time between questions to a twin that does not answer."""
RETRY_S = 0.2
RETRIES = 50
"""So often is a release said again that did not come through."""
CLOSING_S = 3.0
LATE_S = 1.0
"""A window that has not been heard of for so long holds nothing any more."""
LOOK_S = 0.2
RENEW_S = 0.5
"""So often is it said that a switch is still held: the twin lets go after 2 s of silence."""
MAY = frozenset({"operator", "instructor"})


class Server(Protocol):
    """What the panel needs of a twin."""

    def role(self) -> str:
        """Return the role in which the twin sees this window."""

    def robots(self) -> list[dict[str, Any]]:
        """Return the robots of the run in short."""

    def robot(self, cell: str, name: str, language: str) -> dict[str, Any]:
        """Return how a robot and its program are."""

    def command(self, cell: str, name: str, verb: str, args: dict[str, Any]) -> None:
        """Do something with a robot."""


@dataclass(frozen=True, slots=True)
class Order:
    """A command on its way."""

    which: Which
    verb: str
    args: dict[str, Any]
    renews: bool = False
    """Whether it only says that something is still held."""

    @property
    def enables(self) -> bool:
        """Whether it takes the enabling switch."""
        return self.verb == "enabling" and bool(self.args.get("on"))

    @property
    def holds(self) -> bool:
        """Whether it goes on until somebody lets go."""
        return self.begins_jog or self.enables

    @property
    def end(self) -> "Order":
        """What lets go of it."""
        return replace(self, args=self.args | ({"way": 0} if self.verb == "jog" else {"on": False}))

    @property
    def begins_jog(self) -> bool:
        """Whether it sets the arm going until somebody lets go."""
        return self.verb == "jog" and self.args.get("way") != 0

    @property
    def lets_go(self) -> bool:
        """Whether it takes a hand off, so that it must come through."""
        return (self.verb == "jog" and self.args.get("way") == 0) or (
            self.verb == "enabling" and not self.args.get("on")
        )


class Link:
    """The chosen robot's state, and the commands to it, in their order.

    Args:
        server: the twin.
        language: of the program's errors.
    """

    def __init__(self, server: Server, language: str) -> None:
        self._server = server
        self._language = "zh" if language.startswith("zh") else "en"
        self._lock = threading.Condition()
        self._orders: deque[Order] = deque()
        self._robots: tuple[Which, ...] | None = None
        self._chosen = 0
        self._seen: Seen | None = None
        self._may = False
        self._connected = True
        self._said: ViewError | None = None
        self._held: list[Order] = []
        self._beat_s = self._renewed_s = time.monotonic()
        self._late = False
        self._soon = threading.Event()
        self._closing = False
        self._threads = [
            threading.Thread(target=self._keep_asking, name="robot panel", daemon=True),
            threading.Thread(target=self._keep_telling, name="robot commands", daemon=True),
        ]

    def start(self) -> "Link":
        """Begin to ask."""
        for thread in self._threads:
            thread.start()
        return self

    def close(self) -> None:
        """Tell what has still to be told, and stop asking."""
        with self._lock:
            self._closing = True
            self._lock.notify_all()
        self._soon.set()
        for thread in self._threads:
            if thread.is_alive():
                thread.join(CLOSING_S)

    @property
    def robots(self) -> tuple[Which, ...] | None:
        """The robots of the run; None: not known yet."""
        return self._robots

    @property
    def chosen(self) -> int:
        """Number of the chosen robot."""
        return self._chosen

    @property
    def may(self) -> bool:
        """Whether this window may act."""
        return self._may

    @property
    def connected(self) -> bool:
        """Whether the twin answers."""
        return self._connected

    @property
    def said(self) -> ViewError | None:
        """Why the last command was not carried out; None: it was."""
        return self._said

    def now(self) -> Seen | None:
        """Return how the chosen robot is; None: not known yet."""
        with self._lock:
            return self._seen

    def choose(self, number: int) -> None:
        """Choose another robot."""
        with self._lock:
            if number != self._chosen:
                self._chosen, self._seen, self._said = number, None, None
        self._soon.set()

    def send(self, verb: str, args: dict[str, Any]) -> None:
        """Give the chosen robot a command. One that stops comes before one that has not begun."""
        robots = self._robots
        if not robots:
            return
        with self._lock:
            self._give(Order(robots[self._chosen], verb, args))

    def beat(self) -> bool:
        """Say that the window is alive; return whether it was late, and holds nothing any more."""
        with self._lock:
            self._beat_s = time.monotonic()
            late, self._late = self._late, False
            if self._beat_s - self._renewed_s >= RENEW_S:
                self._renew()
            return late

    def _renew(self) -> None:
        """Queue that what is held is still held, in the lock; the twin lets go of who is silent."""
        self._renewed_s = self._beat_s
        if not any(order.renews for order in self._orders):
            self._orders.extend(replace(held, renews=True) for held in self._held if held.enables)
            self._lock.notify_all()

    def _give(self, order: Order) -> None:
        """Queue an order, in the lock."""
        if order.lets_go:
            self._orders = deque(o for o in self._orders if not (o.begins_jog or o.renews))
            self._held = [held for held in self._held if held.verb != order.verb]
        elif order.holds:
            self._held.append(order)
            if order.enables:
                self._renewed_s = time.monotonic()
        self._orders.append(order)
        self._lock.notify_all()

    def _look_after(self) -> None:
        """Let go for a window that stands still, in the lock: nobody there can."""
        if self._held and time.monotonic() - self._beat_s > LATE_S:
            self._late = True
            self._said = ViewError(phrase("windowrobot.late"))
            for held in reversed(self._held):
                self._give(held.end)

    # ---- asking

    def _keep_asking(self) -> None:
        while not self._closing:
            wait_s = POLL_S
            try:
                wait_s = self.ask()
                self._connected = True
            except (ViewError, ValidationError):
                self._connected = False
                wait_s = AGAIN_S
            self._soon.wait(wait_s)
            self._soon.clear()

    def ask(self) -> float:
        """Ask how the chosen robot is; return how long to wait until the next time, s.

        Raises:
            ViewError: The twin does not answer.
        """
        if self._robots is None:
            self._may = self._server.role() in MAY
            self._robots = tuple(Which.model_validate(each) for each in self._server.robots())
        if not self._robots:
            return AGAIN_S
        number = self._chosen
        which = self._robots[number]
        told = self._server.robot(which.cell, which.id, self._language)
        seen = Seen.model_validate(told)
        with self._lock:
            if number == self._chosen:
                self._seen = seen
        return MOVING_S if seen.robot.moving else POLL_S

    # ---- telling

    def _keep_telling(self) -> None:
        while True:
            with self._lock:
                while not self._orders and not self._closing:
                    self._lock.wait(LOOK_S if self._held else None)
                    self._look_after()
                if not self._orders:
                    return
                order = self._orders.popleft()
            self._tell(order)
            self._soon.set()

    def _tell(self, order: Order) -> None:
        """Give an order; one that lets go is said again until it comes through."""
        for left in reversed(range(RETRIES if order.lets_go else 1)):
            try:
                self._server.command(order.which.cell, order.which.id, order.verb, order.args)
            except Refused as refused:
                if order.lets_go and refused.later and left:
                    time.sleep(RETRY_S)
                    continue
                self._said = refused
            except NoTwin as gone:
                self._said = gone
                if order.lets_go and left:
                    time.sleep(RETRY_S)
                    continue
            else:
                if not order.lets_go and not order.renews:
                    self._said = None
            return
