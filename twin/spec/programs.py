"""The control programs that a line file names: read in, so that a line is whole in itself."""

from collections.abc import Callable, Iterator
from pathlib import Path

from .document import Finding
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
