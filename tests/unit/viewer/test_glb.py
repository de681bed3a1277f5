"""The GLB: other programs find every node where the document puts it."""

import io

import numpy as np
import pytest
import trimesh
from PIL import Image

from twin.spec import load_line
from twin.spec.shipped import shipped
from viewer.scene import build_scene
from viewer.scene.floor import texture
from viewer.scene.glb import export
from viewer.scene.solid import worlds

MOST_BYTES = 2_000_000
UPRIGHT = np.array([[1, 0, 0, 0], [0, 0, 1, 0], [0, -1, 0, 0], [0, 0, 0, 1]], float)


@pytest.fixture(scope="module")
def opened(small):
    document = build_scene(small)
    return document, trimesh.load(io.BytesIO(export(document)), file_type="glb")


def test_every_node_is_there_by_name(opened):
    document, scene = opened
    assert {node.id for node in document.nodes} <= set(scene.graph.nodes)


def test_nodes_are_where_the_document_says(opened):
    document, scene = opened
    poses = worlds(document)
    for node in document.nodes:
        found, _ = scene.graph.get(node.id)
        wanted = UPRIGHT @ poses[node.id]
        if node.shape:
            wanted[:3, :3] = wanted[:3, :3] * np.array(node.size_m)
        assert np.allclose(found, wanted, atol=1e-3), node.id


def test_it_is_y_up_and_as_large_as_the_hall(opened):
    document, scene = opened
    low, high = scene.bounds
    x0, y0, x1, y1 = document.floor_m
    assert high[0] - low[0] == pytest.approx(x1 - x0, abs=0.1)
    assert high[2] - low[2] == pytest.approx(y1 - y0, abs=0.1)
    assert 1.5 < high[1] < 5.0


def test_lamps_have_materials_of_their_own(opened):
    document, scene = opened
    lamps = [node.id for node in document.nodes if node.role == "lamp"]
    names = [scene.geometry[scene.graph.get(lamp)[1]].visual.material.name for lamp in lamps]
    assert len(set(names)) == len(lamps) > 10


@pytest.mark.parametrize("name", sorted(shipped("lines")))
def test_shipped_lines_are_small_files(name):
    assert len(export(build_scene(load_line(name)))) < MOST_BYTES


def test_the_floor_shows_roads_and_shadows(small):
    document = build_scene(small)
    picture = texture(document, longest=400)
    assert max(picture.shape) == 400
    assert len(Image.fromarray(picture).getcolors(1_000_000)) > 20
    x0, y0, x1, y1 = document.floor_m

    def seen(point):
        column = round((point[0] - x0) / (x1 - x0) * (picture.shape[1] - 1))
        row = round((y1 - point[1]) / (y1 - y0) * (picture.shape[0] - 1))
        return picture[row, column].astype(int).sum()

    corner = seen((x0 + 0.3, y0 + 0.3))
    assert seen(document.assets["m1"].position_m) < corner - 100
