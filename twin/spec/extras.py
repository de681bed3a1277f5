"""How an extra is added to this installation: the command, as a person may type it here."""

import shlex
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
"""Where the packages lie; in a copy of the source, beside its `constraints.txt`."""


def install_command(*extras: str) -> str:
    """Return the command that installs extras of Pilotline beside the running Python.

    In a folder with the source it is the README's: the versions that are tested together, and the
    folder itself. Paths are told from where the person stands, where that is shorter.
    """
    # Not resolved: that of a virtual environment is a link to one that knows nothing of it.
    python = _seen(Path(sys.executable)) if sys.executable else "python"
    names = ",".join(extras)
    if not all((ROOT / name).is_file() for name in ("pyproject.toml", "constraints.txt")):
        return f"{python} -m pip install 'pilotline[{names}]'"
    versions, folder = _seen(ROOT / "constraints.txt"), _seen(ROOT)
    return f"{python} -m pip install -c {versions} -e {shlex.quote(f'{folder}[{names}]')}"


def _seen(path: Path) -> str:
    here = Path.cwd()
    return shlex.quote(str(path.relative_to(here) if path.is_relative_to(here) else path))
