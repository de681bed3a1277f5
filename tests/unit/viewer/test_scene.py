"""The scene of a line: everything has a place, nothing stands in anything else."""

import itertools
import json
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twin.spec import load_line
from twin.spec.flow import Edge
from twin.spec.line import LineSpec
from twin.spec.shipped import shipped
from twin.spec.topology import edges
from twin.wire.model import Motion
from viewer.scene import SceneError, build_scene
from viewer.scene.shapes import mesh, normals
from viewer.scene.spot import Spot

LINES = sorted(shipped("lines"))
STANDING = {"vehicle", "operator"}


def spots(document):
    return {
        name: Spot(*asset.position_m[:2], asset.heading_rad, *asset.size_m)
        for name, asset in document.assets.items()
    }


def check(spec, document):
    """What holds for the scene of any line."""
    assert set(document.assets) == {asset.id for asset in spec.assets}
    standing = spots(document)
    for (a, one), (b, other) in itertools.combinations(standing.items(), 2):
        assert not one.overlaps(other), f"{a} stands in {b}"
    x0, y0, x1, y1 = document.floor_m
    for name, spot in standing.items():
        left, low, right, high = spot.extent()
        assert x0 <= left, name
        assert y0 <= low, name
        assert right <= x1, name
        assert high <= y1, name
    known = set()
    for node in document.nodes:
        assert node.id not in known, node.id
        assert node.id.isascii(), node.id
        assert node.id.replace("_", "").isalnum(), node.id
        assert node.parent is None or node.parent in known
        assert node.material is None or node.material in document.materials
        assert all(map(math.isfinite, (*node.position_m, *node.rotation, *node.size_m)))
        known.add(node.id)
    json.dumps(document.to_dict(), allow_nan=False)


@pytest.fixture(scope="module", params=LINES)
def line(request):
    spec = load_line(request.param)
    return spec, build_scene(spec)


def test_shipped_lines_stand_in_their_hall(line):
    check(*line)


def test_every_machine_shows_every_state(line):
    spec, document = line
    for asset in spec.assets:
        lamps = {n.state for n in document.nodes if n.asset == asset.id and n.role == "lamp"}
        if asset.kind in {"station", "inspection", "assembly", "conveyor", "buffer", "storage"}:
            assert lamps >= {"any", "busy", "starved", "blocked", "down", "setup"}, asset.id


def test_every_way_leads_from_giver_to_taker(line):
    spec, document = line
    cells = {asset.id for asset in spec.assets if asset.kind == "workcell"}
    for edge in edges(spec):
        if edge.giver not in document.tracks or edge.taker not in document.tracks:
            continue
        way = document.tracks.get(f"{edge.giver}>{edge.taker}")
        giver, taker = (spots(document)[end] for end in (edge.giver, edge.taker))
        if edge.via:
            assert way is not None, f"{edge.giver}>{edge.taker}"
        elif way is None:
            assert math.dist(giver.way_out, taker.way_in) < 0.1
        else:
            # A workcell's ways end on its bodies: see the tests of workcells.
            if edge.giver not in cells:
                assert math.dist(giver.way_out, way.path[0][:2]) < 0.01
            if edge.taker not in cells:
                assert math.dist(taker.way_in, way.path[-1][:2]) < 0.01


def test_ways_do_not_jump(line):
    _, document = line
    for name, track in document.tracks.items():
        length = sum(math.dist(a, b) for a, b in itertools.pairwise(track.path))
        places = [track.pose(k / 500)[0] for k in range(501)]
        steps = [math.dist(a, b) for a, b in itertools.pairwise(places)]
        assert max(steps) <= length / 500 + 1e-9, name
        assert sum(steps) == pytest.approx(length, rel=0.02), name


def test_links_go_round_machines(line):
    spec, document = line
    standing = spots(document)
    via = {(e.giver, e.taker) for e in edges(spec) if e.via}
    for name, track in document.tracks.items():
        giver, _, taker = name.partition(">")
        if not taker or (giver, taker) in via or len(track.path) < 3:
            continue
        for k in range(201):
            x, y = track.pose(k / 200)[0][:2]
            at = Spot(x, y, 0.0, 0.1, 0.1, 1.0)
            inside = [other for other, spot in standing.items() if at.overlaps(spot)]
            assert not set(inside) - {giver, taker}, f"{name} runs through {inside}"


def test_layout_runs_from_left_to_right(small):
    document = build_scene(small)
    x = {name: asset.position_m[0] for name, asset in document.assets.items()}
    assert x["feed"] < x["m1"] < x["belt"] < x["eol"] < x["park"] < x["out"]
    assert document.assets["fix"].position_m[1] < document.assets["eol"].position_m[1]


def test_neighbours_touch(small):
    tracks = build_scene(small).tracks
    for giver, taker in (("feed", "m1"), ("m1", "belt"), ("belt", "eol")):
        assert math.dist(tracks[giver].path[-1], tracks[taker].path[0]) < 0.1


def test_a_place_in_the_file_is_followed(small):
    data = small.model_dump(by_alias=True, exclude_defaults=True)
    for k, asset in enumerate(data["assets"]):
        asset["place"] = {"at_m": [7.0 * k, 3.0], "heading_deg": 90}
    document = build_scene(LineSpec.model_validate(data))
    for k, asset in enumerate(data["assets"]):
        at = document.assets[asset["id"]]
        assert at.position_m == (7.0 * k, 3.0, 0.0)
        assert at.heading_rad == pytest.approx(math.pi / 2)


def test_a_belt_without_a_place_spans_its_neighbours(small):
    data = small.model_dump(by_alias=True, exclude_defaults=True)
    places = {"feed": 0, "m1": 5, "eol": 15, "fix": 30, "park": 20, "out": 25}
    for asset in data["assets"]:
        if asset["id"] in places:
            asset["place"] = {"at_m": [places[asset["id"]], 0]}
    document = build_scene(LineSpec.model_validate(data))
    for ends in (("m1", "belt"), ("belt", "eol")):
        giver, taker = (document.tracks[end] for end in ends)
        assert math.dist(giver.path[-1], taker.path[0]) < 1e-6


def test_a_wrong_shape_falls_back_to_the_usual(small):
    data = small.model_dump(by_alias=True, exclude_defaults=True)
    data["assets"][1]["place"] = {"shape": "spaceship"}
    document = build_scene(LineSpec.model_validate(data))
    assert document.assets["m1"].shape == "machine"


@given(
    st.lists(st.sampled_from(["station", "buffer", "conveyor", "inspection"]), max_size=24),
    st.integers(1, 4),
    st.booleans(),
)
@settings(max_examples=12, deadline=None)
def test_any_chain_stands(kinds, branches, rework):
    assets = [{"id": "feed", "kind": "source"}]
    for k, kind in enumerate(kinds):
        more = {"transit_s": 30} if kind == "conveyor" else {"process_s": 30}
        assets.append({"id": f"a{k}", "kind": kind} | ({} if kind == "buffer" else more))
    chain = [asset["id"] for asset in assets]
    machines = [f"p{k}" for k in range(branches)]
    assets += [{"id": m, "kind": "station", "process_s": 9} for m in machines]
    assets += [{"id": "end", "kind": "sink"}, {"id": "test", "kind": "inspection", "process_s": 5}]
    flow = [{"from": chain[-1], "to": machines, "by": "shortest"}]
    flow += [[m, "test"] for m in machines]
    if rework:
        assets.append({"id": "fix", "kind": "station", "process_s": 5})
        flow += [{"from": "test", "to": {"pass": "end", "fail": "fix"}, "by": "quality"}]
        flow += [["fix", machines[0]]]
    else:
        flow += [["test", "end"]]
    if len(chain) > 1:
        flow.append(chain)
    spec = LineSpec.model_validate(
        {"schema": "pilotline.line/1", "id": "any", "assets": assets, "flow": flow}
    )
    check(spec, build_scene(spec))


def test_poses_follow_the_closed_form(line):
    _, document = line
    for name, track in document.tracks.items():
        motion = Motion(name, 1, 0.2, 0.7, 10.0, 30.0)
        for time_s in (0.0, 10.0, 14.5, 29.9, 30.0, 99.0):
            expected, heading_rad = track.pose(motion.at(time_s), 1)
            assert document.place(motion, time_s) == (expected, heading_rad)


def test_a_body_moves_evenly_along_a_straight_belt(small):
    document = build_scene(small)
    (x0, y, z), (x1, _, _) = document.tracks["belt"].path
    motion = Motion("belt", 0, 0.0, 1.0, 100.0, 120.0)
    for share in (0.0, 0.25, 0.5, 1.0):
        (at_x, at_y, at_z), heading_rad = document.place(motion, 100.0 + 20.0 * share)
        assert (at_x, at_y, at_z) == pytest.approx((x0 + share * (x1 - x0), y, z))
        assert heading_rad == pytest.approx(0.0)


def test_slots_keep_parts_apart(small):
    document = build_scene(small)
    pack = document.parts["pack"].size_m
    places = [document.place(Motion("park", k, 0.5, 0.5, 0, 0), 0.0)[0] for k in range(4)]
    for a, b in itertools.combinations(places, 2):
        apart = (abs(p - q) >= size - 1e-9 for p, q, size in zip(a, b, pack, strict=True))
        assert any(apart), (a, b)


def test_a_vehicle_turns_round_on_its_way_back(small):
    document = build_scene(small)
    there = document.place(Motion("park>out", 0, 0.0, 1.0, 0.0, 10.0), 5.0)
    back = document.place(Motion("park>out", 0, 1.0, 0.0, 0.0, 10.0), 5.0)
    other = document.place(Motion("out>park", 0, 0.0, 1.0, 0.0, 10.0), 5.0)
    assert there[0] == back[0] == pytest.approx(other[0])
    assert math.cos(there[1] - back[1]) == pytest.approx(-1.0)
    assert math.cos(other[1] - back[1]) == pytest.approx(1.0)


def test_an_unknown_asset_is_named(small):
    with pytest.raises(SceneError, match="'m9'"):
        build_scene(small).place(Motion("m9", 0, 0, 1, 0, 1), 0.5)


def test_a_fleet_has_a_way_between_all_their_places(small):
    document = build_scene(small)
    places = ("park", "out", "agv")
    for a, b in itertools.product(places, places):
        assert f"{a}>{b}" in document.tracks
    assert [e for e in edges(small) if e.via] == [Edge(giver="park", taker="out", via="agv")]


@pytest.mark.parametrize(
    "shape", ["box", "cylinder", "cone", "sphere", "diamond", "wedge", "ring", "rollers_8"]
)
def test_unit_shapes_fill_the_unit_cube_and_face_outwards(shape):
    points, triangles = mesh(shape)
    assert abs(points).max() <= 0.5 + 1e-9
    assert points.shape == normals(shape).shape
    assert triangles.max() == len(points) - 1
    if shape in {"box", "cylinder", "cone", "sphere", "diamond", "wedge"}:
        a, b, c = (points[triangles[:, i]] for i in range(3))
        volume = (a * np.cross(b, c)).sum() / 6
        assert volume > 0.1
