"""Where the data files are that come with the program."""

from pathlib import Path


def config_folder() -> Path:
    """Return the folder `config`, beside the packages."""
    return Path(__file__).resolve().parents[2] / "config"


def shipped(folder: str) -> dict[str, Path]:
    """Return the YAML files in `config/FOLDER`, by name without suffix."""
    found = sorted((config_folder() / folder).glob("*.yaml"))
    return {path.stem: path for path in found}
