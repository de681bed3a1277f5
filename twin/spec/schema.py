"""JSON Schemas of the project's files, for editors: `python -m twin.spec.schema [--check]`.

An editor with a YAML language server completes and checks a file whose first line is
`# yaml-language-server: $schema=…/config/schema/line.schema.json`.
"""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from pydantic import BaseModel

from .device import DevicesSpec
from .line import LineSpec
from .messages import message
from .scenario import ScenarioSpec
from .shipped import config_folder

MODELS: dict[str, type[BaseModel]] = {
    "line": LineSpec,
    "devices": DevicesSpec,
    "scenario": ScenarioSpec,
}
"""The files that have a schema, by the name of their schema's file."""


def schema_text(name: str, model: type[BaseModel]) -> str:
    """Return a model's JSON Schema as it is kept in `config/schema`."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:pilotline:schema:{name}",
        **model.model_json_schema(by_alias=True),
    }
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def write(models: Mapping[str, type[BaseModel]], folder: Path) -> list[Path]:
    """Write every schema into `folder`; return the files that changed."""
    folder.mkdir(parents=True, exist_ok=True)
    changed = differing(models, folder)
    for name, model in models.items():
        path = schema_path(name, folder)
        if path in changed:
            path.write_text(schema_text(name, model), encoding="utf-8")
    return changed


def differing(models: Mapping[str, type[BaseModel]], folder: Path) -> list[Path]:
    """Return the schema files in `folder` that are missing, or say other than the models."""
    paths = {schema_path(name, folder): schema_text(name, model) for name, model in models.items()}
    return [
        path
        for path, text in paths.items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]


def schema_path(name: str, folder: Path) -> Path:
    """Return where a schema is kept."""
    return folder / f"{name}.schema.json"


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the schemas, or with `--check` tell whether they are up to date."""
    parser = argparse.ArgumentParser(
        prog="python -m twin.spec.schema",
        description="Write the JSON Schemas of the YAML files into config/schema.",
        epilog="Example: python -m twin.spec.schema --check",
    )
    parser.add_argument("--check", action="store_true", help="write nothing; 1 if one is outdated")
    parser.add_argument("--folder", type=Path, default=config_folder() / "schema")
    chosen = parser.parse_args(arguments)
    if not chosen.check:
        for path in write(MODELS, chosen.folder):
            sys.stdout.write(message("cli.schema_written", path=path) + "\n")
        return 0
    outdated = differing(MODELS, chosen.folder)
    for path in outdated:
        sys.stderr.write(message("cli.schema_outdated", path=path) + "\n")
    return 1 if outdated else 0


if __name__ == "__main__":
    sys.exit(main())
