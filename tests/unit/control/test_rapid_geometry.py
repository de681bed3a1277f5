"""Frames as programs reckon with them, against SciPy's rotations."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from twin.control.rapid.fault import Fault
from twin.control.rapid.functions import FUNCTIONS
from twin.control.rapid.geometry import euler, orient_zyx, rel_tool
from twin.control.rapid.operators import OPERATIONS

ANGLES = st.floats(-180.0, 180.0)
TURNS = st.one_of(
    st.tuples(ANGLES, ANGLES, ANGLES), st.tuples(ANGLES, st.sampled_from([-90.0, 90.0]), ANGLES)
)
PLACES = st.tuples(*[st.floats(-2000.0, 2000.0)] * 3)
POSES = st.tuples(PLACES, TURNS)


def scipy_of(rot):
    w, x, y, z = rot
    return Rotation.from_quat([x, y, z, w])


def near(one, other, tolerance=1e-7):
    return (one.inv() * other).magnitude() < tolerance


@settings(max_examples=300, deadline=None)
@given(TURNS)
def test_orients_are_turns_about_z_then_y_then_x(turns):
    z, y, x = turns
    rot = orient_zyx(z, y, x)
    assert near(scipy_of(rot), Rotation.from_euler("ZYX", [z, y, x], degrees=True))
    back = euler(rot)
    assert near(scipy_of(rot), Rotation.from_euler("ZYX", back[::-1], degrees=True), 2e-6)


@settings(max_examples=200, deadline=None)
@given(POSES, PLACES, TURNS)
def test_rel_tool_moves_and_turns_in_the_tools_frame(pose, offset, turns):
    place, rot = pose[0], orient_zyx(*pose[1])
    rx, ry, rz = turns
    found = rel_tool((place, rot, (0.0,) * 4, (9e9,) * 6), *offset, rx, ry, rz)
    here = scipy_of(rot)
    assert found[0] == pytest.approx(np.array(place) + here.apply(offset), abs=1e-6)
    wanted = here * Rotation.from_euler("XYZ", [rx, ry, rz], degrees=True)
    assert near(scipy_of(found[1]), wanted)


@settings(max_examples=200, deadline=None)
@given(POSES, POSES)
def test_poses_are_multiplied_and_inverted(one, other):
    a, b = [(place, orient_zyx(*turns)) for place, turns in (one, other)]
    product = FUNCTIONS["posemult"].do(a, b)
    ra, rb = scipy_of(a[1]), scipy_of(b[1])
    assert product[0] == pytest.approx(np.array(a[0]) + ra.apply(b[0]), abs=1e-6)
    assert near(scipy_of(product[1]), ra * rb)
    times = next(o.do for o in OPERATIONS["*"] if o.result.name == "orient")
    assert near(scipy_of(times(a[1], b[1])), ra * rb)
    back = FUNCTIONS["poseinv"].do(a)
    assert back[0] == pytest.approx(ra.inv().apply(-np.array(a[0])), abs=1e-6)
    vector = FUNCTIONS["posevect"].do(a, b[0])
    assert vector == pytest.approx(product[0], abs=1e-6)


def test_what_is_no_orientation_is_told():
    with pytest.raises(Fault, match=r"\[0,0,0,0\] is no orientation"):
        euler((0.0, 0.0, 0.0, 0.0))
