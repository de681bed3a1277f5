"""The language that a person reads: what --lang says, else what the terminal speaks."""

import os

import typer


def choose(wished: str | None) -> str:
    """Return `en` or `zh`.

    Raises:
        typer.BadParameter: another language was asked for.
    """
    if wished is None:
        speaks = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG")
        return "zh" if (speaks or "").startswith("zh") else "en"
    language = wished.replace("-", "_").partition("_")[0].lower()
    if language not in ("en", "zh"):
        raise typer.BadParameter(f"{wished!r} is not a language here; write en or zh")
    return language
