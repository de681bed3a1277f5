"""The programs and arms that a line file names: read in, so that a line is whole in itself."""

from collections.abc import Callable, Iterator
from pathlib import Path

from .arms.files import inlined
from .assets import Asset
from .checks.arms import check_arm, in_file
from .checks.robots import check_joints
from .document import Finding
from .document import Path as Place
from .errors import Problem, SpecError
from .line import LineSpec
from .messages import phrase
from .motion import AnyBody, ArmFile, Program, Robot, Workcell

MAX_BYTES = 64 * 1024


def check_files(folder: Path) -> Callable[[LineSpec], Iterator[Finding]]:
    """Return a check that program files and URDF files lie in `folder` and can be read."""

    def check(spec: LineSpec) -> Iterator[Finding]:
        for index, asset in enumerate(spec.assets):
            if not isinstance(asset, Workcell):
                continue
            path: Place = ("assets", index)
            yield from _check_program((*path, "control", "program"), asset.control.program, folder)
            for number, body in enumerate(asset.bodies):
                if isinstance(body, Robot):
                    at = (*path, "bodies", number)
                    yield from _check_program((*at, "program"), body.program, folder)
                    yield from _check_arm(at, body, folder)

    return check


def _check_program(path: Place, program: Program | None, folder: Path) -> Iterator[Finding]:
    if program is None or program.file is None or program.text is not None:
        return
    try:
        if len(_bytes(folder, program.file).decode("utf-8-sig")) > MAX_BYTES:
            yield Finding(path, phrase("spec.program.long", limit=MAX_BYTES))
    except OSError:
        told = phrase("spec.program.missing", file=program.file, folder=str(folder))
        yield Finding(path, told)
    except ValueError:
        yield Finding(path, phrase("spec.program.not_text", file=program.file))


def _check_arm(path: Place, robot: Robot, folder: Path) -> Iterator[Finding]:
    arm = robot.arm
    if isinstance(arm, str) or arm.file is None or arm.urdf is not None:
        return
    at = (*path, "arm")
    try:
        whole = robot.model_copy(update={"arm": _whole(arm, folder)})
    except SpecError as error:
        yield from (Finding(at, in_file(problem)) for problem in error.problems)
        return
    yield from check_arm(at, whole.arm)
    yield from check_joints(path, whole)


def with_programs(spec: LineSpec, folder: Path) -> LineSpec:
    """Return the line with the texts of its program files and URDF files in it."""
    assets = tuple(_filled(asset, folder) for asset in spec.assets)
    if all(new is old for new, old in zip(assets, spec.assets, strict=True)):
        return spec
    return spec.model_copy(update={"assets": assets})


def _filled(asset: Asset, folder: Path) -> Asset:
    if not isinstance(asset, Workcell):
        return asset
    changes: dict[str, object] = {}
    program = _read(asset.control.program, folder)
    if program is not asset.control.program:
        changes["control"] = asset.control.model_copy(update={"program": program})
    bodies = tuple(_taught(body, folder) for body in asset.bodies)
    if any(new is not old for new, old in zip(bodies, asset.bodies, strict=True)):
        changes["bodies"] = bodies
    return asset.model_copy(update=changes) if changes else asset


def _taught(body: AnyBody, folder: Path) -> AnyBody:
    """Return a robot with its program and its arm in it."""
    if not isinstance(body, Robot):
        return body
    changes: dict[str, object] = {}
    program = _read(body.program, folder)
    if program is not body.program:
        changes["program"] = program
    if isinstance(body.arm, ArmFile) and body.arm.file is not None and body.arm.urdf is None:
        changes["arm"] = _whole(body.arm, folder)
    return body.model_copy(update=changes) if changes else body


def _read(program: Program | None, folder: Path) -> Program | None:
    if program is None or program.file is None or program.text is not None:
        return program
    text = _bytes(folder, program.file).decode("utf-8-sig")
    return Program(file=program.file, text=text)


def _whole(arm: ArmFile, folder: Path) -> ArmFile:
    assert arm.file is not None
    return ArmFile(file=arm.file, urdf=inlined(folder, arm.file))


def _bytes(folder: Path, name: str) -> bytes:
    path = folder / name
    if path.resolve().parent != folder.resolve():  # a line from a stranger reads no other files
        raise OSError(name)
    with path.open("rb") as file:
        return file.read(4 * MAX_BYTES)


def with_program(spec: LineSpec, wish: str) -> LineSpec:
    """Return the line with another control program in a workcell, or another robot program.

    Args:
        spec: the line.
        wish: `FILE`, `CELL=FILE`, `CELL/ROBOT=FILE`, or `none` for the file: no program at all.
            Without a cell's name it is the only workcell.

    Raises:
        SpecError: there is no such workcell, robot or file.
    """
    cells = [asset for asset in spec.assets if isinstance(asset, Workcell)]
    name, equals, file = wish.rpartition("=")
    if not equals and len(cells) == 1:
        name = cells[0].id
    cell_id, slash, robot_id = name.partition("/")
    cell = next((cell for cell in cells if cell.id == cell_id), None)
    if cell is None:
        raise _refused(
            wish, "spec.program.no_cell", cells=", ".join(each.id for each in cells) or "–"
        )
    program = None if file == "none" else _given(wish, file)
    if slash:
        changed = _retaught(cell, robot_id, program, wish)
    else:
        control = cell.control.model_copy(update={"program": program})
        changed = cell.model_copy(update={"control": control})
    assets = tuple(changed if asset is cell else asset for asset in spec.assets)
    return spec.model_copy(update={"assets": assets})


def _retaught(cell: Workcell, robot_id: str, program: Program | None, wish: str) -> Workcell:
    robots = [body.id for body in cell.bodies if isinstance(body, Robot)]
    if robot_id not in robots:
        known = ", ".join(f"{cell.id}/{robot}" for robot in robots) or "–"
        raise _refused(wish, "spec.program.no_robot", robots=known)
    bodies = tuple(
        body.model_copy(update={"program": program})
        if isinstance(body, Robot) and body.id == robot_id
        else body
        for body in cell.bodies
    )
    return cell.model_copy(update={"bodies": bodies})


def _given(wish: str, file: str) -> Program:
    path = Path(file)
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError:
        folder = str(path.parent)
        raise _refused(wish, "spec.program.missing", file=path.name, folder=folder) from None
    except ValueError:
        raise _refused(wish, "spec.program.not_text", file=file) from None
    return Program(file=path.name, text=text)


def _refused(where: str, key: str, /, **values: object) -> SpecError:
    told = phrase(key, **values)
    return SpecError([Problem(where, 0, 0, "", told.text(), told)])
