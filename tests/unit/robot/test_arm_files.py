"""URDF files and robot programs beside a line file: read into the line, so that it is whole."""

import struct
from pathlib import Path

import numpy as np
import pytest

from twin.spec.arms import catalogue, describe
from twin.spec.arms.description import Hull, MeshFile
from twin.spec.arms.meshes import hull, vertices
from twin.spec.errors import SpecError
from twin.spec.line import LineSpec
from twin.spec.load import load_line, parse_model
from twin.spec.motion import ArmFile, Robot, Workcell
from twin.spec.programs import with_program

LINE = """
schema: pilotline.line/1
id: own
title: Own arm
assets:
  - id: cell
    kind: workcell
    size_m: [3, 3]
    bodies:
      - {id: r1, kind: robot, arm: ARM, at_m: [1, 1, 0], program: prog.mod}
"""
PROGRAM = "MODULE m\n  PROC main()\n    WaitTime 1;\n  ENDPROC\nENDMODULE\n"


def urdf(mesh: str = "meshes/block.stl", scale: str = "") -> str:
    links = "".join(f'<link name="l{n}"/>\n' for n in range(1, 5))
    joints = "".join(
        f'<joint name="j{n}" type="revolute"><parent link="l{n - 1}"/><child link="l{n}"/>'
        f'<origin xyz="0 0 0.2"/><axis xyz="0 {n % 2} {1 - n % 2}"/>'
        '<limit lower="-2" upper="2" velocity="1"/></joint>\n'
        for n in range(1, 5)
    )
    shape = f'<geometry><mesh filename="{mesh}"{scale}/></geometry>'
    return (
        f'<robot name="own">\n<link name="l0"><visual>{shape}</visual>\n'
        f"<collision>{shape}</collision></link>\n{links}{joints}</robot>"
    )


def stl(corners: np.ndarray) -> bytes:
    """A binary STL with a triangle for every three points."""
    data = b"\0" * 80 + struct.pack("<I", len(corners) // 3)
    for triangle in corners.reshape(-1, 3, 3):
        data += struct.pack("<12fH", 0, 0, 0, *triangle.ravel(), 0)
    return data


def block() -> np.ndarray:
    """The corners of a unit cube, its middle, and one twice: 12 points."""
    cube = [(x, y, z) for x in (0, 1) for y in (0, 1) for z in (0, 1)]
    return np.array([*cube, (0.5, 0.5, 0.5), (0.5, 0.4, 0.5), (0, 0, 0), (1, 1, 1)], dtype=float)


def folder(at: Path, text: str = "", arm: str = "arms/own.urdf") -> Path:
    (at / "arms" / "meshes").mkdir(parents=True)
    (at / "arms" / "own.urdf").write_text(text or urdf(), encoding="utf-8")
    (at / "arms" / "meshes" / "block.stl").write_bytes(stl(block()))
    (at / "prog.mod").write_text(PROGRAM, encoding="utf-8")
    line = at / "own.yaml"
    line.write_text(LINE.replace("ARM", arm), encoding="utf-8")
    return line


def robot_of(spec: LineSpec) -> Robot:
    cell = spec.assets[0]
    assert isinstance(cell, Workcell)
    (robot,) = cell.bodies
    assert isinstance(robot, Robot)
    return robot


def test_the_line_holds_the_texts_and_the_hulls(tmp_path: Path) -> None:
    robot = robot_of(load_line(folder(tmp_path)))
    assert robot.program is not None
    assert (robot.program.file, robot.program.text) == ("prog.mod", PROGRAM)
    assert isinstance(robot.arm, ArmFile)
    assert robot.arm.file == "arms/own.urdf"
    link = describe(robot.arm).links[0]
    assert link.parts[0].shape == MeshFile(str(tmp_path / "arms/meshes/block.stl"))
    (bumper,) = link.bumpers
    assert isinstance(bumper.shape, Hull)
    assert sorted(bumper.shape.points) == sorted({tuple(p) for p in block()[:8].tolist()})


def test_it_goes_on_where_the_files_are_not(tmp_path: Path) -> None:
    line = folder(tmp_path)
    data = load_line(line).model_dump_json()
    for file in sorted(tmp_path.rglob("*.*")):
        file.unlink()
    catalogue._own.cache_clear()  # as on another machine
    robot = robot_of(LineSpec.model_validate_json(data))
    link = describe(robot.arm).links[0]
    assert isinstance(link.bumpers[0].shape, Hull)
    assert [part.shape for part in link.parts] == [link.bumpers[0].shape]  # seen as it is felt


def test_a_mesh_in_mm_is_scaled_as_the_file_says(tmp_path: Path) -> None:
    scale = ' scale="0.001 0.001 0.002"'
    robot = robot_of(load_line(folder(tmp_path, urdf(scale=scale))))
    shape = describe(robot.arm).links[0].bumpers[0].shape
    assert isinstance(shape, Hull)
    assert np.array(shape.points).max(axis=0) == pytest.approx([0.001, 0.001, 0.002])


def test_a_package_means_the_folder_of_the_urdf(tmp_path: Path) -> None:
    robot = robot_of(load_line(folder(tmp_path, urdf("package://my_arm/meshes/block.stl"))))
    assert isinstance(describe(robot.arm).links[0].bumpers[0].shape, Hull)


def problems(line: Path) -> tuple[list[str], list[str]]:
    with pytest.raises(SpecError) as error:
        load_line(line)
    found = error.value.problems
    assert all(p.file == str(line) and p.line > 0 for p in found)
    return [p.phrase.key for p in found if p.phrase], [p.message for p in found]


def test_a_file_that_is_missing_is_said_at_its_place(tmp_path: Path) -> None:
    line = folder(tmp_path)
    (tmp_path / "arms" / "own.urdf").unlink()
    (tmp_path / "prog.mod").unlink()
    keys, said = problems(line)
    assert keys == ["spec.arm.missing", "spec.program.missing"]
    assert "own.urdf" in said[0]


def test_what_is_wrong_in_the_urdf_is_said_with_its_line_there(tmp_path: Path) -> None:
    text = urdf().replace('upper="2"', 'upper="-9"', 1)
    keys, said = problems(folder(tmp_path, text))
    assert keys == ["spec.arm.in_file"]
    assert said[0].startswith("own.urdf, line 8: joint j1 cannot move")


@pytest.mark.parametrize("mesh", ["../../secret.stl", "/etc/hostname.stl", "file:///etc/x.stl"])
def test_meshes_outside_of_the_folder_are_refused(tmp_path: Path, mesh: str) -> None:
    (tmp_path / "secret.stl").write_bytes(stl(block()))
    keys, said = problems(folder(tmp_path, urdf(mesh)))
    assert keys == ["spec.arm.mesh_outside"]
    assert mesh in said[0]


def test_a_urdf_outside_of_the_lines_folder_is_refused(tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    (tmp_path / "own.urdf").write_text(urdf(), encoding="utf-8")
    keys, _ = problems(folder(inner, arm="../own.urdf"))
    assert keys == ["spec.arm.missing"]


def test_a_urdf_in_the_line_itself_reads_no_file() -> None:
    text = urdf("/etc/hosts.stl").replace("\n", "").replace('"', "'")
    line = LINE.replace("ARM", f'{{urdf: "{text}"}}').replace(", program: prog.mod", "")
    from twin.spec.check import check_line

    with pytest.raises(SpecError) as error:
        parse_model(line, LineSpec, [check_line])
    keys = [p.phrase.key for p in error.value.problems if p.phrase]
    assert keys[0] == "spec.arm.inline_mesh"


def test_starts_are_checked_against_an_arm_of_ones_own(tmp_path: Path) -> None:
    line = folder(tmp_path)
    text = line.read_text(encoding="utf-8")
    line.write_text(text.replace("program:", "starts_deg: [0, 0], program:"), encoding="utf-8")
    _, said = problems(line)
    assert "4" in said[0]
    line.write_text(text.replace("program:", "starts_deg: [0, 0, 200, 0], program:"), "utf-8")
    _, said = problems(line)
    assert "j3" in said[0]


def test_a_cell_that_is_like_another_brings_its_files_along(tmp_path: Path) -> None:
    line = folder(tmp_path)
    other = line.with_name("second.yaml")
    other.write_text(
        "schema: pilotline.line/1\nid: second\ntitle: Second\nassets:\n"
        "  - {id: here, kind: workcell, like: own/cell}\n",
        encoding="utf-8",
    )
    assert robot_of(load_line(other)) == robot_of(load_line(line))


def test_a_robot_gets_another_program(tmp_path: Path) -> None:
    spec = load_line(folder(tmp_path))
    (tmp_path / "new.mod").write_text("MODULE other\nENDMODULE\n", encoding="utf-8")
    program = robot_of(with_program(spec, f"cell/r1={tmp_path / 'new.mod'}")).program
    assert program is not None
    assert (program.file, program.text) == ("new.mod", "MODULE other\nENDMODULE\n")
    assert robot_of(with_program(spec, "cell/r1=none")).program is None
    with pytest.raises(SpecError, match="cell/r1"):
        with_program(spec, f"cell/r2={tmp_path / 'new.mod'}")


def test_meshes_are_read_in_each_form(tmp_path: Path) -> None:
    triangle = [(0.0, 0.0, 0.0), (1.0, 0.0, 0.0), (0.0, 2.0, 0.5)]
    binary, text, obj = (tmp_path / name for name in ("a.stl", "b.stl", "c.OBJ"))
    binary.write_bytes(stl(np.array(triangle)))
    rows = "".join(f"vertex {x} {y} {z}\n" for x, y, z in triangle)
    text.write_text(f"solid a\nfacet normal 0 0 1\nouter loop\n{rows}endloop\nendfacet\nendsolid\n")
    obj.write_text("".join(f"v {x} {y} {z}\n" for x, y, z in triangle) + "vn 0 0 1\nf 1 2 3\n")
    for path in (binary, text, obj):
        assert vertices(str(path)) == tuple(triangle)
    broken = tmp_path / "d.stl"
    broken.write_bytes(b"solid\nvertex one two three\n")
    assert vertices(str(broken)) is None
    assert vertices(str(tmp_path / "none.stl")) is None
    (tmp_path / "e.dae").write_text("<x/>")
    assert vertices(str(tmp_path / "e.dae")) is None


def test_a_hull_keeps_the_corners_and_a_flat_one_all_points() -> None:
    points = tuple(map(tuple, block()[:10].tolist()))
    assert sorted(hull(points)) == sorted(points[:8])  # type: ignore[type-var]
    flat = tuple((float(x), float(y), 0.0) for x in range(3) for y in range(3))
    assert hull(flat) == flat
