"""Workcells taken from other line files: `{id: s, kind: workcell, like: sorting_cell/sorting}`."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from .arms.files import inlined
from .choices import hint
from .document import Finding, read_document
from .messages import phrase
from .shipped import shipped

Data = dict[str, Any]


def with_borrowed(folder: Path) -> Callable[[Data], tuple[Data, list[Finding]]]:
    """Return what fills the workcells of a line file in `folder` that are like another's.

    What the file says itself goes before; part types that it does not name come along.
    """

    def fill(data: Data) -> tuple[Data, list[Finding]]:
        assets = data.get("assets")
        if not isinstance(assets, list):
            return data, []
        parts = list(data.get("parts") or [])
        filled: list[Any] = []
        findings: list[Finding] = []
        for index, asset in enumerate(assets):
            if not (isinstance(asset, dict) and isinstance(asset.get("like"), str)):
                filled.append(asset)
                continue
            found, why = _taken(asset, folder, parts)
            if why is not None:
                findings.append(Finding(("assets", index, "like"), why))
            filled.append(found)
        if filled == assets and not findings:
            return data, []
        more = {"parts": parts} if parts else {}
        return {**data, "assets": filled, **more}, findings

    return fill


def _taken(asset: Data, folder: Path, parts: list[Any]) -> tuple[Data, Any]:
    name, _, wanted = asset["like"].partition("/")
    near = folder / f"{name}.yaml"
    own = shipped("lines")
    path = near if near.is_file() else own.get(name)
    if path is None:
        return asset, phrase("spec.borrow.no_line", line=name, hint=hint(name, list(own)))
    data = read_document(path.read_text(encoding="utf-8")).data
    cells = {
        entry["id"]: entry
        for entry in data.get("assets", [])
        if isinstance(entry, dict) and entry.get("kind") == "workcell" and "like" not in entry
    }
    found = cells.get(wanted)
    if found is None:
        return asset, phrase(
            "spec.borrow.no_cell", cell=wanted, line=name, hint=hint(wanted, list(cells))
        )
    here = {part.get("id") for part in parts if isinstance(part, dict)}
    parts += [part for part in data.get("parts", []) if part["id"] not in here]
    mine = {key: value for key, value in asset.items() if key != "like"}
    control = {**found.get("control", {}), **(mine.get("control") or {})}
    program = control.get("program")
    if isinstance(program, str) and "program" not in (mine.get("control") or {}):
        text = (path.parent / program).read_text(encoding="utf-8")
        control["program"] = {"file": program, "text": text}
    whole = {**found, **mine, "control": control}
    if "bodies" not in mine:
        whole["bodies"] = [_with_files(body, path.parent) for body in found.get("bodies", [])]
    return whole, None


def _with_files(body: Any, folder: Path) -> Any:
    """Return a robot with the texts of its program and its URDF in it; anything else as it is."""
    if not (isinstance(body, dict) and body.get("kind") == "robot"):
        return body
    program, arm = body.get("program"), body.get("arm")
    more: Data = {}
    if isinstance(program, str):
        text = (folder / program).read_text(encoding="utf-8")
        more["program"] = {"file": program, "text": text}
    if isinstance(arm, str) and arm.endswith(".urdf"):
        more["arm"] = {"file": arm, "urdf": inlined(folder, arm)}
    return {**body, **more}
