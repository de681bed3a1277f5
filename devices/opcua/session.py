"""The server's gate: what a client may do, decided for each request by who it is."""

import logging
from dataclasses import dataclass
from typing import Any, Protocol

from asyncua import Server, ua
from asyncua.common.utils import ServiceError
from asyncua.crypto.permission_rules import USER_TYPES, PermissionRuleset, User, UserRole
from asyncua.crypto.security_policies import SecurityPolicyNone
from asyncua.server.internal_server import InternalServer
from asyncua.server.internal_session import InternalSession
from asyncua.server.user_managers import UserManager

from devices.accounts import Accounts, Right
from devices.ports import is_loopback

from .events import include_subtypes

_logger = logging.getLogger(__name__)

QUEUE_LIMIT = 100
"""Values kept for one item of a slow client. The library's 10,000 would let one fill the memory."""

_REFRESH = frozenset(
    {
        ua.NodeId(ua.ObjectIds.ConditionType_ConditionRefresh),
        ua.NodeId(ua.ObjectIds.ConditionType_ConditionRefresh2),
    }
)
_ALARM_VERBS = {
    ua.NodeId(ua.ObjectIds.AcknowledgeableConditionType_Acknowledge): "acknowledge",
    ua.NodeId(ua.ObjectIds.AcknowledgeableConditionType_Confirm): "confirm",
}


class Desk(Protocol):
    """Who answers what the gate lets through. Status codes go back to the client."""

    def write(self, node: ua.NodeId, value: ua.Variant, by: str) -> int:
        """Answer a wish to write a value."""

    def act_on_alarm(self, verb: str, condition: ua.NodeId, event: bytes, by: str) -> int:
        """Answer an acknowledgement or confirmation."""

    def writable(self, node: ua.NodeId) -> bool:
        """Tell whether a node is a signal that can be written at all."""


@dataclass
class Visitor(User):  # type: ignore[misc]  # the library is read untyped
    """A client that has said who it is, or that it does not say."""

    rights: frozenset[Right] = frozenset()


class Doorkeeper(UserManager):  # type: ignore[misc]  # the library is read untyped
    """Tells accounts from strangers. Nobody from outside is ever an administrator."""

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts

    def get_user(
        self,
        iserver: InternalServer,  # noqa: ARG002  # the library's signature
        username: str | None = None,
        password: str | None = None,
        certificate: Any = None,  # noqa: ARG002
    ) -> User | None:
        """Return the visitor, or None for a wrong name or password."""
        if not username:
            return Visitor(role=UserRole.Anonymous, name=None)
        account = self._accounts.find(username, password or "")
        if account is None:
            _logger.warning("OPC UA: wrong name or password for %r", username[:64])
            return None
        return Visitor(role=UserRole.User, name=account.name, rights=account.rights)


class LookAndAsk(PermissionRuleset):  # type: ignore[misc]  # the library is read untyped
    """Services anyone may call. Writes and methods are judged one by one in `GuardedSession`."""

    def __init__(self) -> None:
        without = {ua.ObjectIds.HistoryReadRequest_Encoding_DefaultBinary}
        self._services = frozenset(ua.NodeId(i) for i in USER_TYPES if i not in without)

    def check_validity(self, user: User, action_type: ua.NodeId, body: Any) -> bool:  # noqa: ARG002
        """Tell whether a service may be called at all."""
        return action_type in self._services


class GuardedSession(InternalSession):  # type: ignore[misc]  # the library is read untyped
    """A client's session. It reads and browses; all else becomes a wish to the desk."""

    iserver: "GuardedServer"

    @property
    def _visitor(self) -> Visitor:
        return self.user if isinstance(self.user, Visitor) else Visitor()

    def activate_session(
        self, params: ua.ActivateSessionParameters, peer_certificate: bytes | None
    ) -> ua.ActivateSessionResult:
        """Refuse a password that came over an open wire; else as the library does."""
        token = params.UserIdentityToken
        if isinstance(token, ua.UserNameIdentityToken) and peer_certificate is None:
            host = self.name[0] if isinstance(self.name, tuple) else ""
            if not is_loopback(str(host)):
                _logger.warning("OPC UA: refused a password over an unencrypted channel")
                raise ServiceError(ua.StatusCodes.BadSecurityModeInsufficient)
        return super().activate_session(params, peer_certificate)

    async def read(self, params: ua.ReadParameters) -> list[ua.DataValue]:
        """Read; what a client may do with a node is answered for that client."""
        results = await super().read(params)
        wanted = ua.AttributeIds.UserAccessLevel
        return [
            self._user_access(item.NodeId, result) if item.AttributeId == wanted else result
            for item, result in zip(params.NodesToRead, results, strict=True)
        ]

    def _user_access(self, node: ua.NodeId, result: ua.DataValue) -> ua.DataValue:
        if Right.WRITE not in self._visitor.rights or not self.iserver.desk.writable(node):
            return result
        both = 1 << ua.AccessLevel.CurrentRead | 1 << ua.AccessLevel.CurrentWrite
        return ua.DataValue(ua.Variant(both, ua.VariantType.Byte))

    async def write(self, params: ua.WriteParameters) -> list[ua.StatusCode]:
        """Hand each wish to the desk. Nothing is written here: the plant answers by changing."""
        return [ua.StatusCode(ua.UInt32(self._write_one(item))) for item in params.NodesToWrite]

    def _write_one(self, item: ua.WriteValue) -> int:
        codes = ua.StatusCodes
        if Right.WRITE not in self._visitor.rights:
            return int(codes.BadUserAccessDenied)
        if item.AttributeId != ua.AttributeIds.Value:
            return int(codes.BadNotWritable)
        if item.IndexRange or item.Value is None or item.Value.Value is None:
            return int(codes.BadWriteNotSupported)
        return self.iserver.desk.write(item.NodeId, item.Value.Value, self._by)

    @property
    def _by(self) -> str:
        return f"opcua:{self._visitor.name}"

    async def call(self, params: list[ua.CallMethodRequest]) -> list[ua.CallMethodResult]:
        """Call the few methods there are: alarms, and refreshing them."""
        return [await self._call_one(request) for request in params]

    async def _call_one(self, request: ua.CallMethodRequest) -> ua.CallMethodResult:
        if request.MethodId in _REFRESH:
            return (await super().call([request]))[0]
        verb = _ALARM_VERBS.get(request.MethodId)
        if verb is None:
            return _result(ua.StatusCodes.BadMethodInvalid)
        if Right.ACKNOWLEDGE not in self._visitor.rights:
            return _result(ua.StatusCodes.BadUserAccessDenied)
        arguments = request.InputArguments or []
        if len(arguments) < 1 or not isinstance(arguments[0].Value, bytes):
            return _result(ua.StatusCodes.BadArgumentsMissing)
        event = arguments[0].Value
        return _result(self.iserver.desk.act_on_alarm(verb, request.ObjectId, event, self._by))

    async def create_monitored_items(
        self, params: ua.CreateMonitoredItemsParameters
    ) -> list[ua.MonitoredItemCreateResult]:
        """Create items, with event filters that know subtypes."""
        results: list[ua.MonitoredItemCreateResult] = await super().create_monitored_items(params)
        subscription = self.subscription_service.subscriptions.get(params.SubscriptionId)
        if subscription is not None:
            include_subtypes(subscription, self.aspace)
        return results

    def republish(self, params: ua.RepublishParameters) -> ua.NotificationMessage:
        """Send a message again, or say that it is gone.

        The library answers an unknown number with Good and an empty message, which sets clients
        asking for the next number for ever.
        """
        subscription = self.subscription_service.subscriptions.get(params.SubscriptionId)
        if subscription is None or subscription.session_id != self.session_id:
            raise ServiceError(ua.StatusCodes.BadSubscriptionIdInvalid)
        message = super().republish(params)
        if not message.NotificationData:
            raise ServiceError(ua.StatusCodes.BadMessageNotAvailable)
        return message


def _result(code: int) -> ua.CallMethodResult:
    result = ua.CallMethodResult()
    result.StatusCode = ua.StatusCode(ua.UInt32(code))
    return result


class OpenWire(SecurityPolicyNone):  # type: ignore[misc]  # the library is read untyped
    """A channel without encryption. It has no certificate of its peer, whatever the peer sent."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.peer_certificate = None


class CarefulServer(Server):  # type: ignore[misc]  # the library is read untyped
    """The library's server with two endpoints: open for looking, encrypted for all."""

    def __init__(self, core: "GuardedServer") -> None:
        super().__init__(iserver=core)
        self.set_security_policy(
            [
                ua.SecurityPolicyType.NoSecurity,
                ua.SecurityPolicyType.Basic256Sha256_SignAndEncrypt,
            ],
            permission_ruleset=LookAndAsk(),
        )

    async def _setup_server_nodes(self) -> None:
        await super()._setup_server_nodes()
        for factory in self._policies:
            if factory.cls is SecurityPolicyNone:
                factory.cls = OpenWire


class GuardedServer(InternalServer):  # type: ignore[misc]  # the library is read untyped
    """The library's server core with our gate before it."""

    def __init__(self, accounts: Accounts, desk: Desk) -> None:
        super().__init__(user_manager=Doorkeeper(accounts))
        self.desk = desk
        self.allow_remote_admin = False
        self.bind_condition_methods = 100  # severity of the refresh events
        self.max_monitored_item_queue_size = QUEUE_LIMIT
        self.max_connections = 200
        self.max_subscriptions = 500
        self.supported_tokens = (ua.AnonymousIdentityToken, ua.UserNameIdentityToken)

    async def stop(self) -> None:
        """Stop without waiting for the next tick of the server's clock."""
        clock = getattr(self, "time_task", None)
        self.time_task: Any = None
        if clock is not None:
            clock.cancel()
        await super().stop()

    def create_session(
        self, name: str, user: User | None = None, *, external: bool = False
    ) -> InternalSession:
        """Return a new session; a client's one is guarded."""
        kind = GuardedSession if external else InternalSession
        return kind(
            self,
            self.aspace,
            self.subscription_service,
            name,
            user=user or Visitor(role=UserRole.Anonymous),
            external=external,
        )
