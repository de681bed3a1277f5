"""A broker inside the program, for demonstration and class: up to about 1,000 messages a second.

Anyone on this machine may subscribe. Only the twin publishes below its own topics, wishes (`$set`)
aside; accounts with the right to write publish those, and elsewhere; nobody else publishes at all.
"""

import asyncio
import hmac
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from weakref import ReferenceType, ref

from amqtt.broker import Broker
from amqtt.contexts import Action
from amqtt.errors import BrokerError
from amqtt.plugins.base import BaseAuthPlugin, BaseTopicPlugin
from amqtt.session import Session

from devices.accounts import Accounts, Right
from devices.errors import OutletError
from devices.ports import require_free

from .address import ROOT, SET

_logger = logging.getLogger(__name__)

OWNER = "pilotline-twin"
CONNECTIONS = 200
ASK_AGAIN_S = 0.2
MOST_WISHES = 10_000
"""Topics of wishes that are remembered."""


class Ledger:
    """Who published a wish last, by topic: MQTT does not tell a subscriber who publishes."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}

    def note(self, topic: str, name: str) -> None:
        """Take note of a wish that is passed on."""
        if len(self._names) >= MOST_WISHES:
            self._names.clear()
        self._names[topic] = name

    def who(self, topic: str) -> str:
        """Return who wished last on a topic, "" where nobody is known."""
        return self._names.get(topic, "")


@dataclass(frozen=True, slots=True)
class BrokerOptions:
    """Where the broker listens, and who may publish."""

    host: str = "127.0.0.1"
    port: int = 1883
    accounts: Accounts = field(default_factory=Accounts)
    owner_password: str = field(default="", repr=False)
    """The twin's own password, drawn anew for each start; empty: there is no owner."""
    ledger: Ledger = field(default_factory=Ledger)


class Gate(BaseAuthPlugin, BaseTopicPlugin):  # type: ignore[misc]  # the library is read untyped
    """Says who may come in and publish.

    Who a session is, is remembered here: the library copies a name into an existing session before
    it has looked at the password.
    """

    @dataclass
    class Config:
        """What the broker hands to its gate."""

        accounts: Accounts = field(default_factory=Accounts)
        owner_password: str = field(default="", repr=False)
        ledger: Ledger = field(default_factory=Ledger)

    def __init__(self, context: Any) -> None:
        super().__init__(context)
        self._accounts: Accounts = self.config.accounts
        self._owner_password: str = self.config.owner_password
        self._ledger: Ledger = self.config.ledger
        self._known: dict[int, tuple[ReferenceType[Session], str]] = {}

    async def authenticate(self, *, session: Session) -> bool:
        """Let in strangers without a name, and accounts with the right password."""
        self._known.pop(id(session), None)
        name, password = session.username or "", session.password or ""
        if name and not self._proved(name, password):
            _logger.warning("MQTT broker: wrong name or password for %r", name[:64])
            return False
        # A will is a message too, and the library publishes it without asking.
        if session.will_flag and not self._may_publish(name, session.will_topic or ""):
            _logger.warning("MQTT broker: refused a will on %r", session.will_topic)
            return False
        if name:
            self._remember(session, name)
        return True

    async def topic_filtering(
        self,
        *,
        session: Session | None = None,
        topic: str | None = None,
        action: Action | None = None,
    ) -> bool:
        """Tell whether a session may do that with a topic."""
        if action != Action.PUBLISH:
            return True
        _, name = self._known.get(id(session), (None, ""))
        allowed = self._may_publish(name, topic or "")
        if allowed and topic is not None and topic.endswith(SET):
            self._ledger.note(topic, name)
        return allowed

    def _remember(self, session: Session, name: str) -> None:
        key = id(session)
        self._known[key] = (ref(session, lambda _: self._known.pop(key, None)), name)

    def _proved(self, name: str, password: str) -> bool:
        if name == OWNER:
            right = self._owner_password
            return bool(right) and hmac.compare_digest(right.encode(), password.encode())
        return self._accounts.find(name, password) is not None

    def _may_publish(self, name: str, topic: str) -> bool:
        if name == OWNER:
            return True
        account = self._accounts.named(name)
        own = topic == ROOT or (topic.startswith(f"{ROOT}/") and not topic.endswith(SET))
        return account is not None and Right.WRITE in account.rights and not own


class _Steady(dict[str, Any]):
    """A dict that may change while somebody walks over it.

    The library walks over its subscriptions with other clients at work between two steps: one that
    subscribes or leaves meanwhile broke the walk, and with it the connection of a third.
    """

    def __iter__(self) -> Iterator[str]:
        return iter(list(super().__iter__()))

    def items(self) -> Any:
        return list(super().items())


class EmbeddedBroker:
    """The broker, started and stopped with the program."""

    def __init__(self, options: BrokerOptions) -> None:
        self._options = options
        self._broker: Broker | None = None
        self.port = options.port

    async def start(self) -> None:
        """Listen, or raise `OutletError`."""
        options = self._options
        self.port = require_free(
            options.host, options.port, what="MQTT broker", option="--mqtt-port"
        )
        host = f"[{options.host}]" if ":" in options.host else options.host
        gate = {
            "accounts": options.accounts,
            "owner_password": options.owner_password,
            "ledger": options.ledger,
        }
        for name in ("amqtt.broker", "amqtt.mqtt", "transitions"):
            if (logger := logging.getLogger(name)).level == logging.NOTSET:
                logger.setLevel(logging.ERROR)
        try:
            self._broker = Broker(
                {
                    "listeners": {
                        "default": {
                            "type": "tcp",
                            "bind": f"{host}:{self.port}",
                            "max_connections": CONNECTIONS,
                        }
                    },
                    "plugins": {f"{Gate.__module__}.{Gate.__qualname__}": gate},
                }
            )
            self._broker._subscriptions = _Steady()  # noqa: SLF001 - the library offers no way
            await self._broker.start()
        except BrokerError as error:
            self._broker = None
            raise OutletError(f"MQTT broker: cannot start ({error})") from None

    async def stop(self) -> None:
        """Close all connections and the port."""
        broker, self._broker = self._broker, None
        if broker is None:
            return
        # The library stops a reader by cancelling it once; a packet that comes at that moment
        # makes CPython's `wait_for` forget the cancellation, and the library waits for ever.
        readers = [handler._reader_task for _, handler in broker._sessions.values()]  # noqa: SLF001
        ending = asyncio.ensure_future(broker.shutdown())
        while not (await asyncio.wait({ending}, timeout=ASK_AGAIN_S))[0]:
            for reader in readers:
                if reader is not None:
                    reader.cancel()
        await ending
