"""The control programs that a line file names: read in, so that a line is whole in itself."""

from collections.abc import Callable, Iterator
from pathlib import Path

from .document import Finding
from .errors import Problem, SpecError
from .line import LineSpec
from .messages import phrase
from .motion import Control, Program, Workcell

MAX_BYTES = 64 * 1024


def check_files(folder: Path) -> Callable[[LineSpec], Iterator[Finding]]:
    """Return a check that the program files lie in `folder` and are text."""

    def check(spec: LineSpec) -> Iterator[Finding]:
        for index, cell in enumerate(spec.assets):
            program = _program(cell)
            if program is None or program.file is None or program.text is not None:
                continue
            path = ("assets", index, "control", "program")
            try:
                if len(_bytes(folder, program.file).decode("utf-8-sig")) > MAX_BYTES:
                    yield Finding(path, phrase("spec.program.long", limit=MAX_BYTES))
            except OSError:
                told = phrase("spec.program.missing", file=program.file, folder=str(folder))
                yield Finding(path, told)
            except ValueError:
                yield Finding(path, phrase("spec.program.not_text", file=program.file))

    return check


def with_programs(spec: LineSpec, folder: Path) -> LineSpec:
    """Return the line with the texts of its program files in it."""
    assets = tuple(_filled(asset, folder) for asset in spec.assets)
    if all(new is old for new, old in zip(assets, spec.assets, strict=True)):
        return spec
    return spec.model_copy(update={"assets": assets})


def _filled(asset: object, folder: Path) -> object:
    program = _program(asset)
    if program is None or program.file is None or program.text is not None:
        return asset
    assert isinstance(asset, Workcell)
    text = _bytes(folder, program.file).decode("utf-8-sig")
    whole = Program(file=program.file, text=text)
    control: Control = asset.control.model_copy(update={"program": whole})
    return asset.model_copy(update={"control": control})


def _program(asset: object) -> Program | None:
    return asset.control.program if isinstance(asset, Workcell) else None


def _bytes(folder: Path, name: str) -> bytes:
    path = folder / name
    if path.resolve().parent != folder.resolve():  # a line from a stranger reads no other files
        raise OSError(name)
    with path.open("rb") as file:
        return file.read(4 * MAX_BYTES)


def with_program(spec: LineSpec, wish: str) -> LineSpec:
    """Return the line with another control program in a workcell.

    Args:
        spec: the line.
        wish: `FILE`, `CELL=FILE`, or `none` for the file: no program at all. Without a cell's name
            it is the only workcell.

    Raises:
        SpecError: there is no such workcell or file.
    """
    cells = [asset.id for asset in spec.assets if isinstance(asset, Workcell)]
    name, equals, file = wish.rpartition("=")
    if not equals and len(cells) == 1:
        name = cells[0]
    if name not in cells:
        raise _refused(wish, "spec.program.no_cell", cells=", ".join(cells) or "–")
    text = ""
    if file != "none":
        path = Path(file)
        try:
            text = path.read_bytes().decode("utf-8-sig")
        except OSError:
            folder = str(path.parent)
            raise _refused(wish, "spec.program.missing", file=path.name, folder=folder) from None
        except ValueError:
            raise _refused(wish, "spec.program.not_text", file=file) from None
    program = None if file == "none" else Program(file=Path(file).name, text=text)
    assets = tuple(
        asset.model_copy(update={"control": asset.control.model_copy(update={"program": program})})
        if isinstance(asset, Workcell) and asset.id == name
        else asset
        for asset in spec.assets
    )
    return spec.model_copy(update={"assets": assets})


def _refused(where: str, key: str, /, **values: object) -> SpecError:
    told = phrase(key, **values)
    return SpecError([Problem(where, 0, 0, "", told.text(), told)])
