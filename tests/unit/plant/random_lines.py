"""Small random lines that the loader accepts, with every mechanism of the plant in them."""

import itertools
from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from twin.spec.check import check_line
from twin.spec.line import LineSpec

Document = dict[str, Any]
Draw = st.DrawFn

whole = st.integers(1, 9)
times = st.one_of(
    whole,
    whole.map(lambda mean: {"exponential": mean}),
    st.tuples(st.integers(0, 3), st.integers(4, 9)).map(lambda ends: {"uniform": list(ends)}),
)
short = st.one_of(st.just(0), times)

SIMPLE = ("station", "station", "buffer", "conveyor", "inspection")


@st.composite
def lines(draw: Draw) -> LineSpec:
    """Draw a line."""
    spec = LineSpec.model_validate(_Builder(draw).build())
    problems = check_line(spec)
    assume(not problems)
    return spec


class _Builder:
    """Puts stages in a row from a source to a sink, or in a ring of pallets."""

    def __init__(self, draw: Draw) -> None:
        self.draw = draw
        self.assets: list[Document] = []
        self.flow: list[Any] = []
        self.types: list[str] = ["a"]
        self.number = 0
        self.open: list[tuple[str, Any]] = []
        """Ways that lead to whatever comes next: (giver, branch key or None)."""
        self.pool = draw(st.booleans())
        self.shift = draw(st.integers(0, 3)) == 0

    def build(self) -> Document:
        document: Document = {"schema": "pilotline.line/1", "id": "random", "assets": self.assets}
        if self.pool:
            shifts = ["day"] if self.shift and self.draw(st.booleans()) else []
            count = self.draw(st.integers(1, 2))
            self.add({"kind": "operator", "count": count, "shifts": shifts}, name="crew")
        if self.shift:
            document["calendar"] = {
                "start_time": "00:00",
                "shifts": [
                    {
                        "id": "day",
                        "from": "00:01",
                        "to": "00:07",
                        "days": ["mon"],
                        "breaks": [{"from": "00:03", "to": "00:04"}],
                    }
                ],
            }
        shape = self.draw(st.sampled_from(["row", "row", "row", "cards", "ring"]))
        if shape == "ring":
            self.ring()
        else:
            self.row(document, cards=shape == "cards")
        document["flow"] = self.flow
        return document

    def row(self, document: Document, *, cards: bool) -> None:
        begin = self.source(document)
        inside: list[str] = []
        for _ in range(self.draw(st.integers(1, 4))):
            before = len(self.assets)
            self.stage()
            inside += [a["id"] for a in self.assets[before:] if a["kind"] not in ("sink", "source")]
        end = self.add({"kind": "sink"})
        self.enter(end)
        if cards:
            places = [n for n in inside if n != begin]
            if self.draw(st.booleans()):
                places = places[: self.draw(st.integers(2, 3))]
            if len(places) >= 2 and self.chained(places):
                pallets = self.draw(st.integers(1, 4))
                self.flow.append({"loop": places, "pallets": pallets})

    def chained(self, places: list[str]) -> bool:
        """Tell whether a loop over these adds no way that is not there."""
        ways = set()
        for way in self.flow:
            if isinstance(way, list):
                ways |= set(itertools.pairwise(way))
            else:
                to = way["to"]
                names = (
                    [k if isinstance(v, float) else v for k, v in to.items()]
                    if isinstance(to, dict)
                    else to
                )
                ways |= {(way["from"], name) for name in names}
        return all(pair in ways for pair in itertools.pairwise(places))

    def ring(self) -> None:
        names = []
        for _ in range(self.draw(st.integers(2, 4))):
            kind = self.draw(st.sampled_from(["buffer", "station", "conveyor", "inspection"]))
            names.append(self.simple(kind))
        if self.draw(st.booleans()):
            names.insert(self.draw(st.integers(1, len(names) - 1)), self.fleet())
        pallets = self.draw(st.integers(1, 5))
        self.flow.append({"loop": names, "pallets": pallets})

    # ---- ends

    def source(self, document: Document) -> str:
        spec: Document = {"kind": "source", "part": "a"}
        how = self.draw(st.sampled_from(["endless", "interval", "interval", "limit", "orders"]))
        if how == "interval":
            spec["interarrival_s"] = self.draw(times)
            spec["batch"] = self.draw(st.integers(1, 3))
            spec["when_full"] = self.draw(st.sampled_from(["wait", "lose"]))
        elif how == "limit":
            spec["limit"] = self.draw(st.integers(1, 20))
            spec["batch"] = self.draw(st.integers(1, 3))
        elif how == "orders":
            spec["orders"] = True
            document["orders"] = [
                {
                    "id": f"o{k}",
                    "part": self.draw(st.sampled_from(["a", "b"])),
                    "quantity": self.draw(st.integers(1, 3)),
                    "release_s": self.draw(st.integers(0, 40)),
                    "due_s": 60,
                    "priority": self.draw(st.integers(0, 2)),
                }
                for k in range(self.draw(st.integers(1, 4)))
            ]
            self.types = sorted({order["part"] for order in document["orders"]})
        if how != "orders" and self.draw(st.booleans()):
            spec["part"] = {"a": 0.5, "b": 0.5}
            self.types = ["a", "b"]
        if len(self.types) == 2:
            document["parts"] = [
                {"id": name, "priority": k}
                for k, name in enumerate(["b", "a", "c", "c0", "c1", "c2", "c3", "c4", "c5"])
            ]
        name = self.add(spec)
        self.open.append((name, None))
        return name

    # ---- stages

    def stage(self) -> None:
        kinds = ["simple", "simple", "simple", "group", "rework", "carry", "batch", "storage"]
        kinds += ["bypart"] if len(self.types) == 2 else ["assembly", "disassembly"]
        kind = self.draw(st.sampled_from(kinds))
        if kind == "simple":
            self.enter(self.simple(self.draw(st.sampled_from(SIMPLE))))
        else:
            getattr(self, kind)()

    def group(self) -> None:
        """Add a branch to two assets side by side."""
        giver = self.one_giver()
        kinds = st.sampled_from(["station", "buffer", "conveyor", "inspection"])
        names = [self.simple(self.draw(kinds)) for _ in range(2)]
        by = self.draw(st.sampled_from(["share", "cyclic", "shortest", "priority"]))
        if by == "share":
            self.flow.append({"from": giver, "to": {names[0]: 0.25, names[1]: 0.75}})
        else:
            self.flow.append({"from": giver, "to": names, "by": by})
        self.open = [(name, None) for name in names]

    def bypart(self) -> None:
        giver = self.one_giver()
        names = [self.simple(self.draw(st.sampled_from(SIMPLE))) for _ in range(2)]
        self.flow.append({"from": giver, "to": dict(zip(self.types, names, strict=True))})
        self.open = [(name, None) for name in names]

    def rework(self) -> None:
        """Add an inspection whose rejects are scrapped, or mended and tested again."""
        queue = self.buffer()
        self.enter(queue)
        test = self.simple("inspection")
        self.flow.append([queue, test])
        if self.draw(st.booleans()):
            bin_ = self.add({"kind": "sink", "scrap": True})
        else:
            bin_ = self.simple("station", cure_rate=0.5)
            self.flow.append([bin_, queue])
        self.open = [(test, ("pass", {"fail": bin_}))]

    def carry(self) -> None:
        """Add an asset to which vehicles bring the parts."""
        giver = self.one_giver()
        taker = self.simple(self.draw(st.sampled_from(["station", "buffer", "conveyor"])))
        self.flow.append([giver, self.fleet(), taker])
        self.open = [(taker, None)]

    def fleet(self) -> str:
        """Add a fleet; the caller names it in a chain."""
        spec: Document = {
            "kind": "vehicle",
            "count": self.draw(st.integers(1, 2)),
            "load_s": self.draw(short),
            "unload_s": self.draw(short),
            "dispatch": self.draw(st.sampled_from(["fifo", "nearest"])),
        }
        if self.draw(st.booleans()):
            spec["battery"] = {"runtime_s": 40, "charge_s": 20}
        return self.add(spec | self.troubles())

    def batch(self) -> None:
        size = self.draw(st.integers(1, 4))
        batch: Document = {"size": size}
        if self.draw(st.booleans()):
            batch |= {
                "min": self.draw(st.integers(1, size)),
                "wait_s": self.draw(st.integers(0, 9)),
            }
        self.enter(self.simple("station", batch=batch))

    def storage(self) -> None:
        spec = {
            "kind": "storage",
            "capacity": self.draw(st.integers(1, 3)),
            "store_s": self.draw(times),
            "retrieve_s": self.draw(times),
            "order": self.draw(st.sampled_from(["fifo", "lifo", "priority"])),
        }
        self.enter(self.add(spec | self.troubles()))

    def assembly(self) -> None:
        (kind,) = self.types
        side = self.add(
            {"kind": "source", "part": "c"}
            | self.draw(
                st.sampled_from([{}, {"interarrival_s": 5}, {"interarrival_s": {"exponential": 4}}])
            )
        )
        made = f"c{self.number}"
        needs = {kind: self.draw(st.integers(1, 2)), "c": self.draw(st.integers(1, 2))}
        joint = self.add(
            {
                "kind": "assembly",
                "process_s": self.draw(times),
                "needs": needs,
                "makes": made,
                "collect": self.draw(st.sampled_from(["each", "together"])),
            }
            | self.call()
            | self.troubles()
        )
        if self.draw(st.booleans()):
            rack = self.buffer()
            self.flow.append([side, rack, joint])
        else:
            self.flow.append([side, joint])
        self.enter(joint)
        self.types = [made]
        self.needs = needs

    def disassembly(self) -> None:
        gives = self.draw(
            st.sampled_from([{"d": 1}, {"d": 2}, {"a": 2}, {"a": 1, "c": 1}, {"c": 1, "e": 2}])
        )
        self.enter(
            self.add(
                {"kind": "disassembly", "process_s": self.draw(times), "gives": gives}
                | self.call()
                | self.troubles()
            )
        )
        if len(gives) == 1:
            self.types = list(gives)
        else:
            first, second = gives
            giver = self.one_giver()
            side = self.add({"kind": "sink", "scrap": self.draw(st.booleans())})
            self.open = [(giver, (first, {second: side}))]
            self.types = [first]

    # ---- single assets

    def simple(self, kind: str, **more: Any) -> str:
        if kind == "buffer":
            return self.buffer()
        if kind == "conveyor":
            return self.conveyor()
        spec: Document = {"kind": kind, "process_s": self.draw(times)}
        spec["capacity"] = self.draw(st.integers(1, 3))
        if kind == "inspection":
            spec |= {"escape_rate": 0.2, "false_reject_rate": 0.3}
        elif self.draw(st.booleans()):
            spec["defect_rate"] = 0.3
        if kind == "station":
            spec["sequence"] = self.draw(st.sampled_from(["fifo", "fifo", "priority", "due"]))
            if self.draw(st.integers(0, 3)) == 0:
                spec["setups"] = {"default_s": self.draw(short)}
                if self.pool and self.draw(st.booleans()):
                    spec["setups"]["by"] = "crew"
        return self.add(spec | self.call() | self.troubles() | more)

    def buffer(self) -> str:
        spec: Document = {
            "kind": "buffer",
            "capacity": self.draw(st.sampled_from([0, 1, 2, 3, "unlimited"])),
        }
        spec["order"] = self.draw(st.sampled_from(["fifo", "lifo", "priority"]))
        if spec["capacity"] not in (0, 1) and self.draw(st.integers(0, 3)) == 0:
            spec["initial"] = {self.types[0]: self.draw(st.integers(1, 2))}
        return self.add(spec)

    def conveyor(self) -> str:
        spec: Document = {"kind": "conveyor", "accumulating": self.draw(st.booleans())}
        if self.draw(st.booleans()):
            spec |= {"length_m": 4, "speed_m_s": 1, "capacity": self.draw(st.integers(1, 4))}
        else:
            spec |= {"transit_s": self.draw(whole), "capacity": self.draw(st.integers(1, 4))}
        return self.add(spec | self.troubles())

    def call(self) -> Document:
        if not self.pool or self.draw(st.integers(0, 2)):
            return {}
        return {"operator": {"pool": "crew", "priority": self.draw(st.integers(0, 2))}}

    def troubles(self) -> Document:
        """Draw failures, maintenance and hours, often none."""
        found: Document = {}
        if self.draw(st.booleans()):
            found["failures"] = [
                {
                    "id": f"f{k}",
                    "clock": self.draw(st.sampled_from(["operating", "calendar"])),
                    "uptime_s": self.draw(st.sampled_from([7, 20, {"exponential": 15}])),
                    "downtime_s": self.draw(times),
                    "on_failure": self.draw(st.sampled_from(["resume", "restart", "scrap"])),
                }
                | ({"repair_by": "crew"} if self.pool and self.draw(st.booleans()) else {})
                for k in range(self.draw(st.integers(1, 2)))
            ]
        if self.draw(st.integers(0, 3)) == 0:
            found["maintenance"] = [
                {
                    "id": "care",
                    "every_s": self.draw(st.integers(10, 30)),
                    "duration_s": 3,
                    "clock": self.draw(st.sampled_from(["operating", "calendar"])),
                }
                | ({"by": "crew"} if self.pool and self.draw(st.booleans()) else {})
            ]
        if self.shift and self.draw(st.booleans()):
            found["shifts"] = ["day"]
        return found

    # ---- putting together

    def add(self, spec: Document, *, name: str | None = None) -> str:
        self.number += 1
        name = name or f"{spec['kind'][:4]}{self.number}"
        self.assets.append({"id": name, **spec})
        return name

    def enter(self, name: str) -> None:
        """Lead everything that is open to an asset."""
        for giver, branch in self.open:
            if branch is None:
                self.flow.append([giver, name])
            else:
                key, others = branch
                self.flow.append({"from": giver, "to": {key: name, **others}})
        self.open = [(name, None)]

    def one_giver(self) -> str:
        """Return the one asset from which the line goes on, and take over its ways."""
        if len(self.open) != 1 or self.open[0][1] is not None:
            self.enter(self.buffer())
        ((giver, _),) = self.open
        self.open = []
        return giver
