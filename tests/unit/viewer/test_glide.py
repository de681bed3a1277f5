"""Hand-overs are softened, and nothing else is touched."""

import math

import pytest

from twin.wire.model import Body, Motion
from viewer.scene import build_scene
from viewer.scene.frames import Frames
from viewer.window.glide import GLIDE_S, Glider


@pytest.fixture(scope="module")
def document(small):
    return build_scene(small)


def test_a_part_at_rest_and_on_a_belt_is_where_the_closed_form_says(document):
    frames = Frames(document)
    glider = Glider(frames)
    body = Body("pack", Motion("belt", 0, 0.0, 1.0, 0.0, 20.0))
    for time_s in (0.0, 3.0, 11.0, 40.0):
        frames.at({}, time_s)
        _, where, heading_rad = glider.place({"p": body}, time_s)["p"]
        assert (where, heading_rad) == document.place(body.motion, time_s)


def test_a_hand_over_takes_a_moment(document):
    glider = Glider(Frames(document))
    before = Body("pack", Motion("m1", 0, 0.5, 0.5, 0.0, 0.0))
    after = Body("pack", Motion("belt", 0, 0.1, 0.1, 0.0, 0.0))
    old = document.place(before.motion, 0.0)[0]
    new = document.place(after.motion, 0.0)[0]
    glider.place({"p": before}, 1.0)
    away = []
    for k in range(21):
        wall_s = 2.0 + GLIDE_S * k / 20
        away.append(math.dist(glider.place({"p": after}, wall_s)["p"][1], new))
    assert away[0] == pytest.approx(math.dist(old, new))
    assert away == sorted(away, reverse=True)
    assert away[-1] == pytest.approx(0.0)


def test_a_far_jump_is_made_at_once(document):
    glider = Glider(Frames(document))
    start, end = (Body("pack", Motion(a, 0, 0.5, 0.5, 0.0, 0.0)) for a in ("feed", "out"))
    glider.place({"p": start}, 0.0)
    where = glider.place({"p": end}, 0.1)["p"][1]
    assert where == document.place(end.motion, 0.0)[0]


def test_who_is_gone_is_forgotten_and_strangers_are_passed_over(document):
    glider = Glider(Frames(document))
    body = Body("pack", Motion("m1", 0, 0.5, 0.5, 0.0, 0.0))
    lost = Body("pack", Motion("elsewhere", 0, 0.5, 0.5, 0.0, 0.0))
    assert set(glider.place({"p": body, "q": lost}, 0.0)) == {"p"}
    assert glider.place({}, 1.0) == {}
