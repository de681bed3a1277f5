"""A live run of two workcells as an outlet sees it, without a plant: points, and who wrote them."""

from tests.unit.devices.fake_run import FakeRun
from twin.kernel.command import Command, Stamped
from twin.kernel.errors import CommandRefused
from twin.kernel.signal import Signal, SignalStore
from twin.spec.io import IoPoint, io_list
from twin.spec.line import LineSpec
from twin.spec.pins import Direction, IecType

TYPES = {IecType.BOOL: bool, IecType.INT: int, IecType.DINT: int, IecType.REAL: float}

CELL = LineSpec.model_validate(
    {
        "schema": "pilotline.line/1",
        "id": "bench_cell",
        "parts": [{"id": "box", "size_m": [0.1, 0.1, 0.1]}],
        "assets": [
            {
                "id": "cell",
                "kind": "workcell",
                "bodies": [
                    {
                        "kind": "belt",
                        "id": "infeed",
                        "length_m": 1.0,
                        "drive": "analog",
                        "speed_m_s": 0.5,
                        "encoder_per_m": 1000,
                    },
                    {"kind": "sensor", "id": "eye", "sees": "infeed", "along_m": 0.5},
                    {"kind": "panel", "id": "panel"},
                    {"kind": "axis", "id": "x", "high": 1.0},
                    {"kind": "scale", "id": "scale", "sees": "infeed"},
                ],
                "io": {"x_start": {"address": "%QX3.1"}},
            },
            {
                "id": "second",
                "kind": "workcell",
                "bodies": [{"kind": "belt", "id": "out", "length_m": 1.0}],
            },
        ],
        "flow": [],
    }
)


class FakeCell(FakeRun):
    """Keeps the points of `CELL`, or of another line with workcells."""

    def __init__(self, spec: LineSpec = CELL) -> None:
        super().__init__(spec)
        self.points: dict[str, IoPoint] = {point.path: point for point in io_list(spec)}
        self.signals = self.fresh_store()

    def fresh_store(self) -> SignalStore:
        store = SignalStore()
        store.define(
            [
                Signal(
                    point.path,
                    TYPES[point.iec],
                    unit=point.unit,
                    low=point.low,
                    high=point.high,
                    writable=point.direction is not Direction.INPUT,
                )
                for point in self.points.values()
            ]
        )
        return store

    def command(self, command: Command) -> Stamped:
        point = self.points.get(command.target)
        if command.verb == "write" and point and point.direction is Direction.INPUT:
            raise CommandRefused(f"{point.path} is an input: force it instead")
        return super().command(command)
