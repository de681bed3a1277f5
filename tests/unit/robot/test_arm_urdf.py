"""Reading URDF: what is taken, what is refused and how that is said."""

from math import pi

import pytest

from twin.spec.arms import describe
from twin.spec.arms.description import Box, Capsule, Frame, Hull, MeshFile
from twin.spec.errors import SpecError
from twin.spec.motion.robots import ArmFile

JOINT = """
  <joint name="{name}" type="{kind}">
    <parent link="{parent}"/><child link="{child}"/>
    <origin xyz="0.3 0 0" rpy="0 0 0"/><axis xyz="0 0 2"/>
    <limit lower="-1" upper="2" velocity="1.5" effort="9"/>
  </joint>"""


def chain(count: int = 4, *, extra: str = "", kind: str = "revolute") -> str:
    links = "".join(f'<link name="l{n}"/>' for n in range(count + 1))
    joints = "".join(
        JOINT.format(name=f"j{n + 1}", kind=kind, parent=f"l{n}", child=f"l{n + 1}")
        for n in range(count)
    )
    return f'<robot name="own">\n{links}{joints}\n{extra}</robot>'


def read(text: str) -> object:
    return describe(ArmFile(file="own.urdf", urdf=text))


def refused(text: str) -> SpecError:
    with pytest.raises(SpecError) as error:
        read(text)
    assert len(error.value.problems) == 1
    told = error.value.problems[0]
    assert told.file == "own.urdf"
    assert told.phrase is not None
    assert told.phrase.text("zh") != told.phrase.text("en")
    return error.value


def test_what_the_file_says_is_taken() -> None:
    arm = describe(ArmFile(file="own.urdf", urdf=chain()))
    assert arm.id == "own"
    assert [link.name for link in arm.links] == ["l0", "l1", "l2", "l3", "l4"]
    assert (arm.foot, arm.flange) == ("l0", "l4")
    first = arm.joints[0]
    assert (first.kind, first.axis) == ("turn", (0.0, 0.0, 1.0))  # of unit length
    assert (first.low, first.high, first.speed) == (-1.0, 2.0, 1.5)
    assert first.at == Frame((0.3, 0.0, 0.0))
    # Full speed in 0.25 s, full acceleration in 0.1 s, where nothing is said.
    assert (first.accel, first.jerk) == (pytest.approx(6.0), pytest.approx(60.0))
    assert arm.rest == (0.0,) * 4


def test_our_own_element_says_what_urdf_cannot() -> None:
    own = """<pilotline flange="l4" payload_kg="2.5" rest="0.5 0 0 -0.5">
      <axis joint="j2" acceleration="3" jerk="7"/></pilotline>"""
    arm = describe(ArmFile(file="own.urdf", urdf=chain(5, extra=own)))
    assert arm.flange == "l4"
    assert len(arm.moving) == 4
    assert (arm.joints[1].accel, arm.joints[1].jerk) == (3.0, 7.0)
    assert arm.joints[2].accel == pytest.approx(6.0)
    assert arm.rest == (0.5, 0.0, 0.0, -0.5)
    assert arm.payload_kg == 2.5


def test_a_joint_without_an_end_may_turn_twice_to_either_side() -> None:
    arm = describe(ArmFile(file="own.urdf", urdf=chain(kind="continuous")))
    assert {(joint.low, joint.high) for joint in arm.joints} == {(-4 * pi, 4 * pi)}


def test_shapes_are_taken_with_their_place_and_colour() -> None:
    body = """<link name="l0">
      <visual><origin xyz="0 0 1" rpy="0 0 1"/><geometry><box size="1 2 3"/></geometry>
        <material name="blue"/></visual>
      <visual><geometry><mesh filename="pilotline:knob"/></geometry></visual>
      <collision><geometry><capsule radius="0.1" length="0.4"/></geometry></collision>
    </link>"""
    own = """<material name="blue"><color rgba="0 0 1 1"/></material>
      <pilotline><finish material="blue" is="metal"/>
      <shape name="knob"><hull>
        <ball xyz="0 0 1" radius="0.1"/><block size="1 1 1"/><point xyz="0 0 9"/>
      </hull></shape>
      </pilotline>"""
    arm = describe(ArmFile(file="x.urdf", urdf=chain(extra=own).replace('<link name="l0"/>', body)))
    box, knob = arm.links[0].parts
    assert box.shape == Box((1.0, 2.0, 3.0))
    assert box.at == Frame((0.0, 0.0, 1.0), (0.0, 0.0, 1.0))
    assert (box.colour, box.finish) == ("#0000ff", "metal")
    assert isinstance(knob.shape, Hull)
    assert max(z for _, _, z in knob.shape.points) == 9.0
    assert arm.links[0].bumpers[0].shape == Capsule(0.1, 0.4)


def test_what_hangs_beyond_the_flange_is_left_out_and_fixed_covers_stay() -> None:
    ball = "<visual><geometry><sphere radius='0.1'/></geometry></visual>"
    extra = f"""<link name="cover">{ball}</link>
      <link name="bare"/><link name="tool0"/><link name="finger"/>
      <joint name="c" type="fixed"><parent link="l1"/><child link="cover"/></joint>
      <joint name="b" type="fixed"><parent link="l2"/><child link="bare"/></joint>
      <joint name="t" type="fixed"><parent link="l4"/><child link="tool0"/></joint>"""
    arm = describe(ArmFile(file="x.urdf", urdf=chain(extra=extra)))
    assert arm.flange == "tool0"
    assert [link.name for link in arm.links] == ["l0", "l1", "l2", "l3", "l4", "tool0", "cover"]
    gripping = extra + JOINT.format(name="f", kind="prismatic", parent="tool0", child="finger")
    held = gripping + '<pilotline flange="tool0"/>'
    assert len(describe(ArmFile(file="x.urdf", urdf=chain(extra=held))).moving) == 4


@pytest.mark.parametrize(
    ("text", "key", "line", "says"),
    [
        ("<robot>", "not_xml", 1, "not XML"),
        ("<sdf/>", "not_robot", 1, "<sdf>"),
        ('<!DOCTYPE robot [<!ENTITY a "b">]><robot/>', "entity", 1, "xacro"),
        (chain(3), "axes", 1, "3 axes"),
        (chain(8), "axes", 1, "from 4 to 7"),
        ('<robot name="x"><link name="a"/></robot>', "axes", 1, "0 axes"),
        (chain().replace('upper="2"', 'upper="-1"', 1), "no_room", 6, "j1"),
        (chain().replace('upper="2"', 'upper="two"', 1), "numbers", 6, "'two'"),
        (chain().replace('upper="2"', 'upper="nan"', 1), "numbers", 6, "'nan'"),
        (chain().replace('velocity="1.5"', "", 1), "no_value", 6, "velocity"),
        (chain().replace('velocity="1.5"', 'velocity="0"', 1), "not_positive", 6, "j1"),
        (chain().replace('xyz="0 0 2"', 'xyz="0 0 0"', 1), "no_axis", 5, "j1"),
        (chain().replace('type="revolute"', 'type="planar"', 1), "joint_kind", 3, "planar"),
        (chain().replace('<child link="l1"/>', '<child link="lx"/>', 1), "no_link", 4, "lx"),
        (chain().replace('<child link="l2"/>', '<child link="l1"/>', 1), "two_parents", 1, "l1"),
        (chain(extra='<pilotline flange="hand"/>'), "no_flange", 1, "hand"),
        (chain(extra='<pilotline rest="0 0"/>'), "rest_count", 23, "2 values"),
        (chain(extra='<pilotline rest="0 9 0 0"/>'), "rest_beyond", 23, "j2"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(text: str, key: str, line: int, says: str) -> None:
    error = refused(text)
    assert error.problems[0].phrase.key == f"spec.arm.{key}"
    assert error.problems[0].line == line
    assert says in str(error)


def test_two_ends_that_move_need_a_word_which_is_the_flange() -> None:
    extra = '<link name="s"/>' + JOINT.format(name="j9", kind="revolute", parent="l2", child="s")
    assert "l4, s" in str(refused(chain(extra=extra)))
    named = extra + '<pilotline flange="l4"/>'
    assert refused(chain(extra=named)).problems[0].phrase.key == "spec.arm.side_joint"


@pytest.mark.parametrize(
    ("geometry", "key"),
    [
        ("", "no_geometry"),
        ("<torus/>", "geometry"),
        ('<box size="1 0 1"/>', "size"),
        ('<box size="1 1"/>', "numbers"),
        ('<mesh filename="pilotline:none"/>', "no_shape"),
        ('<mesh filename="meshes/a.stl"/>', "no_mesh"),
        ('<mesh filename="/etc/hostname"/>', "no_mesh"),
    ],
)
def test_a_collision_shape_that_cannot_be_used_is_refused(geometry: str, key: str) -> None:
    body = f'<link name="l0"><collision><geometry>{geometry}</geometry></collision></link>'
    error = refused(chain().replace('<link name="l0"/>', body))
    assert error.problems[0].phrase.key == f"spec.arm.{key}"


def test_a_mesh_to_look_at_that_is_not_there_is_left_out() -> None:
    body = """<link name="l0"><visual><geometry><mesh filename="a.dae"/></geometry></visual>
      <collision><geometry><box size="1 1 1"/></geometry></collision></link>"""
    arm = describe(ArmFile(file="x.urdf", urdf=chain().replace('<link name="l0"/>', body)))
    assert [part.shape for part in arm.links[0].parts] == [Box((1.0, 1.0, 1.0))]


def test_a_ring_of_joints_and_a_huge_file_end() -> None:
    ring = chain().replace('<parent link="l0"/>', '<parent link="l4"/>')
    refused(ring)
    refused("<robot>" + "<link>" * 200 + "</link>" * 200 + "</robot>")
    refused("<robot>" + '<link name="a"/>' * 60_000 + "</robot>")


def test_a_name_that_is_not_in_the_catalogue_gets_the_list() -> None:
    with pytest.raises(SpecError, match=r"no arm 'kr6'.*six, scara, ur5, ur10, panda"):
        describe("kr6")


def test_without_the_models_the_message_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from twin.spec.arms import catalogue

    catalogue._named.cache_clear()
    monkeypatch.setattr("sys.path", ["/nowhere"])
    with pytest.raises(SpecError, match=r"pip install .*\[robots,robot-models\]'"):
        describe("ur5")
    assert describe("six").id == "six"
    catalogue._named.cache_clear()


def test_without_the_arm_packages_the_message_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from twin.plant.robot import arm, kinematics

    monkeypatch.setattr(kinematics, "pin", None)
    with pytest.raises(kinematics.NoRobots, match=r"pip install .*\[robots\]'"):
        arm.Arm(describe("six"))


def test_meshes_of_the_package_are_found(tmp_path: object) -> None:
    arm = describe("panda")
    shape = arm.link("panda_link0").parts[0].shape
    assert isinstance(shape, MeshFile)
    assert shape.path.endswith("link0.dae")
