"""The address space: a node for each cell, asset and signal of a line."""

from asyncua import Node, Server, ua

from twin.kernel.signal import Reading, Signal
from twin.spec.base import Text
from twin.spec.line import LineSpec

from . import address


class Nodes:
    """The nodes of one line, below Objects, and which signal each one is."""

    def __init__(self, server: Server, namespace: int) -> None:
        self._server = server
        self._namespace = namespace
        self._objects: dict[str, Node] = {}
        self._titles: dict[str, str] = {}
        self.signals: dict[ua.NodeId, Signal] = {}
        self.ids: dict[str, ua.NodeId] = {}
        self._assets: dict[str, ua.NodeId] = {}

    async def build(self, spec: LineSpec, signals: list[Signal]) -> None:
        """Make the nodes of a line; those that are there already stay."""
        self._titles = {
            spec.id: _title(spec.title, spec.id),
            **{cell.id: _title(cell.title, cell.id) for cell in spec.cells},
            **{asset.id: _title(asset.title, asset.id) for asset in spec.assets},
        }
        for signal in signals:
            if signal.path not in self.ids:
                await self._add_signal(spec.id, signal)

    def source_of(self, asset: str) -> ua.NodeId:
        """Return the node of an asset, or of the Server when there is none."""
        return self._assets.get(asset, ua.NodeId(ua.ObjectIds.Server))

    async def _add_signal(self, line: str, signal: Signal) -> None:
        *parents, name = address.node_path(line, signal.path).split("/")
        asset = await self._object("/".join(parents))
        self._assets[parents[-1]] = asset.nodeid
        node_id = ua.NodeId(address.node_path(line, signal.path), self._namespace)
        kind = address.variant_type(signal)
        node = await asset.add_variable(
            node_id,
            ua.QualifiedName(name, self._namespace),
            ua.Variant(signal.start_value, kind),
        )
        await self._retype(node, address.variable_type(signal))
        if signal.writable:
            await node.set_attr_bit(ua.AttributeIds.AccessLevel, ua.AccessLevel.CurrentWrite)
        await self._properties(node, signal)
        self.signals[node_id] = signal
        self.ids[signal.path] = node_id

    async def _retype(self, node: Node, variable_type: int) -> None:
        old = ua.NodeId(ua.ObjectIds.BaseDataVariableType)
        new = ua.NodeId(variable_type)
        if new != old:
            await node.delete_reference(old, ua.ObjectIds.HasTypeDefinition, bidirectional=False)
            await node.add_reference(new, ua.ObjectIds.HasTypeDefinition, bidirectional=False)

    async def _properties(self, node: Node, signal: Signal) -> None:
        if signal.enum:
            strings = ua.Variant(address.enum_strings(signal), ua.VariantType.LocalizedText)
            await self._property(node, "EnumStrings", strings, ua.ObjectIds.LocalizedText)
        if signal.unit:
            unit = ua.Variant(address.engineering_unit(signal.unit))
            await self._property(node, "EngineeringUnits", unit, ua.ObjectIds.EUInformation)
        if signal.low is not None and signal.high is not None:
            span = ua.Variant(ua.Range(Low=signal.low, High=signal.high))
            await self._property(node, "EURange", span, ua.ObjectIds.Range)

    async def _property(self, node: Node, name: str, value: ua.Variant, kind: int) -> None:
        await node.add_property(
            ua.NodeId(f"{node.nodeid.Identifier}/{name}", self._namespace),
            ua.QualifiedName(name, 0),
            value,
            datatype=ua.NodeId(kind),
        )

    async def _object(self, path: str) -> Node:
        if path in self._objects:
            return self._objects[path]
        above, _, name = path.rpartition("/")
        parent = await self._object(above) if above else self._server.nodes.objects
        node = await parent.add_object(
            ua.NodeId(path, self._namespace), ua.QualifiedName(name, self._namespace)
        )
        title = ua.LocalizedText(self._titles.get(name, name))
        await node.write_attribute(ua.AttributeIds.DisplayName, ua.DataValue(ua.Variant(title)))
        self._objects[path] = node
        return node


def value_of(signal: Signal, reading: Reading) -> ua.Variant:
    """Return a reading's value as the node carries it."""
    value = reading.value
    return ua.Variant(int(value) if signal.enum else value, address.variant_type(signal))


def _title(title: Text | None, fallback: str) -> str:
    return title.get("en") if title else fallback
