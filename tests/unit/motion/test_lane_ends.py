"""Where lanes meet: belts on a lift or a table go on as belts on the floor would."""

from typing import Any

from hypothesis import given, settings

from tests.unit.motion.motion_world import (
    body,
    incidents,
    make,
    put,
    record,
    run,
    where,
    write,
)  # fmt: skip
from tests.unit.motion.test_lane_truth import PARTS, _bodies, quick, stories

LIFT = """
- {id: a, kind: belt, length_m: 1.0, speed_m_s: 0.2, drive: reversible}
- {id: lift, kind: lift, at_m: [1.0, 0, 0], levels: {low: 0.0, up: 0.5}}
- {id: c, kind: belt, on: lift, length_m: 0.6, speed_m_s: 0.1, drive: reversible}
- {id: d, kind: belt, at_m: [1.6, 0, 0], length_m: 1.0, speed_m_s: 0.2}
- {id: exit, kind: exit, from: d}
"""


class Told:
    """A story told by the plant: all belts on the floor, or every other one carried."""

    def __init__(self, story: dict[str, Any], *, carried: bool) -> None:
        bodies = _bodies(story)
        self.belts = [belt["length"] for belt in story["belts"]]
        if carried:
            start = 0.0
            for index, length in enumerate(self.belts):
                if index % 2 == 1:
                    bodies = bodies.replace(
                        f"id: b{index}, kind: belt, at_m: [{start}, 0, 0]",
                        f"id: b{index}, kind: belt, on: table{index}",
                    )
                    bodies += (
                        f"\n- {{id: table{index}, kind: cylinder, stroke_m: 1,"
                        f" at_m: [{start}, 0, 0]}}"
                    )
                start += length
        self.runner = make(bodies, parts=PARTS, part="box")
        self.changes = record(self.runner)
        for index in range(len(self.belts)):
            write(self.runner, f"b{index}_run", True)
        self.parts = []
        for kind, at in story["parts"]:
            belt, along = self.on(at)
            self.parts.append(put(self.runner, belt, along_m=along, kind=kind))

    def on(self, at: float) -> tuple[str, float]:
        """Return the belt at a place along all, and how far along that."""
        for index, length in enumerate(self.belts):
            if at <= length or index == len(self.belts) - 1:
                return f"b{index}", at
            at -= length
        raise AssertionError

    def do(self, time: float, what: str, which: int, value: float) -> None:
        run(self.runner, time)
        if what == "speed":
            write(self.runner, f"b{which}_speed", value)
        elif what in ("block", "unblock"):
            belt, along = self.on(value + 0.1713 * which)
            if what == "block":
                body(self.runner, belt).block(f"stop{which}", along, 0.0)
            else:
                body(self.runner, belt).unblock(f"stop{which}")

    def places(self) -> dict[int, float]:
        found = {}
        for index in range(len(self.belts)):
            for part, _ in body(self.runner, f"b{index}").parts():
                found[part.id] = where(self.runner, part)[0]
        return found


@given(stories())
@settings(quick, max_examples=30)
def test_carried_belts_do_what_belts_on_the_floor_do(story: dict[str, Any]) -> None:
    floor, carried = Told(story, carried=False), Told(story, carried=True)
    for doing in [*story["doing"], (7.0, "look", 0, 0.0)]:
        floor.do(*doing)
        carried.do(*doing)
        there, here = floor.places(), carried.places()
        assert there.keys() == here.keys()
        for number, at in there.items():
            assert abs(here[number] - at) < 1e-6, (doing, number, there, here)
    eyes = sorted(change for change in floor.changes if change[1].startswith("eye"))
    eyes_carried = sorted(change for change in carried.changes if change[1].startswith("eye"))
    assert [name for _, name, _ in eyes] == [name for _, name, _ in eyes_carried]
    for one, other in zip(eyes, eyes_carried, strict=True):
        assert one[2] == other[2]
        assert abs(one[0] - other[0]) < 1e-6


def test_a_beam_at_the_end_of_a_lift_sees_a_part_until_its_rear_has_left() -> None:
    eyes = "- {id: out, kind: sensor, sees: c, along_m: 0.57}\n"
    eyes += "- {id: in, kind: sensor, sees: d, along_m: 0.02}\n"
    runner = make(LIFT + eyes)
    put(runner, "c", along_m=0.3)
    changes = record(runner)
    write(runner, "c_run", True, at_s=0.0)
    write(runner, "d_run", True)
    run(runner, 20.0)
    told = {(name, on): time_s for time_s, name, on in changes if name in ("in", "out")}
    assert len(told) == 4
    # At 0.1 m/s until its middle is at 0.6 m after 3 s, then at 0.2 m/s.
    assert abs(told["out", True] - 1.7) < 1e-9
    assert abs(told["in", True] - 2.2) < 1e-9
    assert abs(told["out", False] - 3.35) < 1e-9
    assert abs(told["in", False] - 3.6) < 1e-9


def test_a_lift_that_has_left_takes_nothing() -> None:
    runner = make(LIFT)
    part = put(runner, "a", along_m=0.5)
    write(runner, "lift_up", True, at_s=0.0)
    run(runner, 1.0)
    write(runner, "a_run", True)
    run(runner, 10.0)
    (incident,) = [one for one in incidents(runner) if one.kind == "fallen"]
    assert (incident.part, incident.cause) == (part.id, "incident.ran_off_height")
    assert incident.values["taker"] == "c"
