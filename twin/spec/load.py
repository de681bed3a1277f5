"""Reading the project's YAML files: every problem with file, line and remedy, or a model."""

from collections.abc import Callable, Iterable, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from .borrow import with_borrowed
from .check import check_line
from .document import MAX_BYTES, Document, Finding, Place, Unreadable, read_document, shown
from .errors import Problem, SpecError
from .explain import explain
from .line import LineSpec
from .messages import Phrase, phrase
from .programs import check_files, with_programs
from .shape import field_of, words_of
from .shipped import shipped

M = TypeVar("M", bound=BaseModel)
Check = Callable[[M], Iterable[Finding]]
Prepare = Callable[[dict[str, Any]], tuple[dict[str, Any], list[Finding]]]


def load_line(path_or_name: str | Path) -> LineSpec:
    """Read a line file, or the shipped line of that name.

    Raises:
        SpecError: With everything that is wrong with the file.
    """
    path = find(path_or_name, "lines")
    checks = [check_line, check_files(path.parent)]
    spec = parse_model(
        _read(path), LineSpec, checks, name=str(path), prepare=with_borrowed(path.parent)
    )
    return with_programs(spec, path.parent)


def line_named(name: str, *, beside: Path) -> LineSpec:
    """Read the line that another file names: `NAME.yaml` beside that file, else the shipped one.

    Raises:
        SpecError: There is no such line, or its file is wrong.
    """
    near = beside.parent / f"{name}.yaml"
    spec = load_line(near if near.exists() else name)
    if spec.id != name:
        raise SpecError.of(str(near), f"this is line {spec.id!r}, not {name!r}")
    return spec


def load_model(path: str | Path, model: type[M], checks: Sequence[Check[M]] = ()) -> M:
    """Read a YAML file into `model`, then let each of `checks` look at the whole.

    Args:
        path: The file.
        model: A pydantic model; a `schema` field with one literal is its version.
        checks: Each takes the model and yields a `Finding` for everything that is wrong.

    Raises:
        SpecError: With everything that is wrong with the file.
    """
    path = Path(path)
    return parse_model(_read(path), model, checks, name=str(path))


def parse_model(
    text: str | bytes,
    model: type[M],
    checks: Sequence[Check[M]] = (),
    *,
    name: str = "<text>",
    prepare: Prepare | None = None,
) -> M:
    """Read a YAML text into `model`, like `load_model`; `name` stands for the file.

    Args:
        text: The YAML.
        model: A pydantic model.
        checks: As for `load_model`.
        name: Of the file, for messages.
        prepare: Changes the plain data before the model sees them.

    Raises:
        SpecError: With everything that is wrong with the text.
    """
    try:
        document = read_document(_decode(text, name))
    except Unreadable as error:
        raise SpecError([_problem(name, place, "", f) for place, f in error.findings]) from None
    data = document.data
    if not isinstance(data, dict):
        key = "spec.file.empty" if data is None else "spec.file.not_mapping"
        told = phrase(key, schema=_version(model), found=shown(data))
        place = document.place(()) if data is not None else Place(1, 1)
        raise SpecError([_problem(name, place, "", Finding((), told))])
    if prepare is not None:
        data, problems = prepare(data)
        if problems:
            raise _error(name, document, problems)
    try:
        made = model.model_validate(data, by_alias=True, by_name=False)
    except ValidationError as error:
        raise _error(name, document, explain(error, model, data)) from None
    findings = [finding for check in checks for finding in check(made)]
    if findings:
        raise _error(name, document, findings)
    return made


def load_text(path: str | Path) -> str:
    """Return the text of a file that somebody else reads further, a URDF for instance.

    Raises:
        SpecError: Where there is none, or it cannot be read.
    """
    return _decode(_read(Path(path)), str(path))


def find(path_or_name: str | Path, folder: str) -> Path:
    """Return the file that is meant: a path, or the name of one shipped in `config/FOLDER`.

    Raises:
        SpecError: Where there is none, with the names that look like it.
    """
    path = Path(path_or_name)
    if _there(path):
        return path
    own = shipped(folder)
    if str(path_or_name) in own:
        return own[str(path_or_name)]
    near = _near(path)
    parts = [phrase("spec.file.hint_near", names=", ".join(near))] if near else []
    if own:
        parts.append(phrase("spec.file.hint_shipped", names=", ".join(own)))
    told: Phrase = parts[0] if parts else phrase("spec.file.hint_none")
    if len(parts) > 1:
        told = phrase("spec.file.hint_both", first=parts[0], second=parts[1])
    raise _file_error(str(path), "spec.file.missing", hint=told)


def _there(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):  # too long a name, or a null character in it
        return False


def _near(path: Path) -> list[str]:
    folder = path.parent
    try:
        names = [entry.name for entry in folder.iterdir() if entry.suffix in {".yaml", ".yml"}]
    except (OSError, ValueError):
        return []
    stems = {name.rsplit(".", 1)[0]: name for name in names}
    close = get_close_matches(path.name, names, n=3) or get_close_matches(path.stem, stems, n=3)
    return [str(folder / stems.get(name, name)) for name in close]


def _read(path: Path) -> bytes:
    if not _there(path):
        near = _near(path)
        names = phrase("spec.file.hint_near", names=", ".join(near)) if near else None
        raise _file_error(
            str(path), "spec.file.missing", hint=names or phrase("spec.file.hint_none")
        )
    if path.is_dir():
        raise _file_error(str(path), "spec.file.folder")
    try:
        with path.open("rb") as file:  # a device or a pipe has no size to look at first
            found = file.read(MAX_BYTES + 1)
    except OSError as error:
        reason = error.strerror or "the system refused"
        raise _file_error(str(path), "spec.file.unreadable", reason=reason) from None
    return found


def _decode(text: str | bytes, name: str) -> str:
    if len(text) > MAX_BYTES:
        raise _file_error(name, "spec.file.too_large", limit=MAX_BYTES)
    if isinstance(text, str):
        return text
    try:
        return text.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _file_error(name, "spec.file.not_text", position=error.start + 1) from None


def _version(model: type[BaseModel]) -> str:
    field = field_of(model, "schema")
    words = words_of(field.annotation) if field else []
    return words[0] if words else "…"


def _error(name: str, document: Document, findings: Iterable[Finding]) -> SpecError:
    problems = [
        _problem(name, document.place(f.path, key=f.key), document.name(f.path), f)
        for f in findings
    ]
    return SpecError(sorted(problems, key=lambda problem: (problem.line, problem.column)))


def _problem(file: str, place: Place, path: str, finding: Finding) -> Problem:
    told = finding.phrase
    return Problem(file, place.line, place.column, path, told.text(), told)


def _file_error(file: str, key: str, /, **values: Any) -> SpecError:
    told = phrase(key, **values)
    return SpecError([Problem(file, 0, 0, "", told.text(), told)])
