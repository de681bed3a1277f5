"""Event filters as the standard has them: `OfType` means the type or any of its subtypes.

The library compares for equality, so a client that asks for acknowledgeable conditions, as most
do, would never hear of an alarm.
"""

from typing import Any

from asyncua import ua
from asyncua.server.address_space import AddressSpace
from asyncua.server.internal_subscription import InternalSubscription
from asyncua.server.monitored_item_service import WhereClauseEvaluator


class SubtypeEvaluator(WhereClauseEvaluator):  # type: ignore[misc]  # the library is read untyped
    """Evaluates a where clause, subtypes included."""

    def __init__(self, other: WhereClauseEvaluator, space: AddressSpace) -> None:
        clause = ua.ContentFilter()
        clause.Elements = other.elements
        super().__init__(other.logger, space, clause)

    def _eval_el(self, index: int, event: Any) -> Any:
        element = self.elements[index]
        if element.FilterOperator != ua.FilterOperator.OfType:
            return super()._eval_el(index, event)
        wanted = self._eval_op(element.FilterOperands[0], event)
        return any(kind == wanted for kind in supertypes(self._aspace, event.EventType))


def supertypes(space: AddressSpace, kind: ua.NodeId) -> list[ua.NodeId]:
    """Return a type and all types above it, the nearest first."""
    has_subtype = ua.NodeId(ua.ObjectIds.HasSubtype)
    found = [kind]
    while (node := space.get(found[-1])) is not None:
        above = [
            reference.NodeId
            for reference in node.references
            if not reference.IsForward and reference.ReferenceTypeId == has_subtype
        ]
        if not above:
            break
        found.append(above[0])
    return found


def include_subtypes(subscription: InternalSubscription, space: AddressSpace) -> None:
    """Make the event filters of a subscription include subtypes."""
    for item in subscription.monitored_item_srv._monitored_items.values():  # noqa: SLF001  # no way in
        evaluator = item.where_clause_evaluator
        if evaluator is not None and not isinstance(evaluator, SubtypeEvaluator):
            item.where_clause_evaluator = SubtypeEvaluator(evaluator, space)
