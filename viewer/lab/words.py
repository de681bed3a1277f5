"""The page's texts, in the language that its visitor chose."""

from collections.abc import Mapping
from typing import Any, Literal

from starlette.requests import Request

from twin.kernel.errors import PilotlineError
from twin.kernel.signal import Signal
from twin.plant.packml import PackMLState
from twin.plant.states import AssetState
from twin.spec.base import Text
from twin.spec.messages import Phrase, catalogue, message

Language = Literal["en", "zh"]
COOKIE = "pilotline_language"


def chosen_language(request: Request) -> Language:
    """Return the language of the address (`?lang=`), of the last visit, or of the browser."""
    asked = request.query_params.get("lang") or request.cookies.get(COOKIE)
    if asked is None:
        asked = request.headers.get("accept-language", "en")
    return "zh" if asked.lower().startswith("zh") else "en"


class Words:
    """Looks up the page's texts in one language."""

    def __init__(self, language: Language) -> None:
        self.language: Language = language

    def __call__(self, key: str, **values: Any) -> str:
        """Return the text `lab.KEY`."""
        return message(f"lab.{key}", self.language, **values)

    def or_key(self, key: str) -> str:
        """Return the text of any key of the catalogue, or the key where there is none."""
        return message(key, self.language) if key in catalogue() else key

    def error(self, error: PilotlineError, titles: Mapping[str, str] | None = None) -> str:
        """Return what an error says, in this language where its text is in the catalogue.

        Args:
            error: what went wrong.
            titles: what people call the assets, by id.
        """
        said = error.args[0] if error.args else None
        if not isinstance(said, Phrase):
            return str(error)
        values = dict(said.values)
        if titles and values.get("asset") in titles:
            values["asset"] = titles[values["asset"]]
        return message(said.key, self.language, **values)

    def kind(self, kind: str) -> str:
        """Return what people call a kind of asset; the kind itself where there is no word."""
        return self(f"kind.{kind}") if f"lab.kind.{kind}" in catalogue() else kind

    def title(self, text: Text | None, fallback: str) -> str:
        """Return a title in this language; the id where there is none."""
        return text.get(self.language) if text is not None else fallback

    def state_names(self) -> dict[str, str]:
        """Return the names of the six asset states, in their order, and of "no data"."""
        names = (state.name.lower() for state in AssetState)
        return {name: self(f"state.{name}") for name in (*names, "unknown")}

    def kind_states(self) -> dict[str, dict[str, str]]:
        """Return what the states of some kinds of asset are better called."""
        found: dict[str, dict[str, str]] = {}
        for key in catalogue():
            match key.split("."):
                case ["lab", "state", kind, state] if state != "about":
                    found.setdefault(kind, {})[state] = message(key, self.language)
        return found

    def packml_names(self) -> dict[int, str]:
        """Return the names of the PackML states."""
        return {state.value: self(f"packml.{state.name.lower()}") for state in PackMLState}

    def about_signal(self, signal: Signal) -> str:
        """Return what a signal is, from the catalogue, by its `about` or by its name."""
        for key in (signal.about, f"lab.signal.{signal.path.rpartition('/')[2]}"):
            if key in catalogue():
                return message(key, self.language)
        return ""
