"""The 3D view of the line, as an element of the page.

Its component also holds the stream's WebSocket and fills the page's live numbers, so that nothing
which changes often passes through the page's own connection.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import nicegui
from nicegui import ui

from twin.api.hub import Live
from twin.kernel.signal import Signal

from .words import Words

THREE = Path(nicegui.__file__).parent / "elements" / "scene" / "dist"
PACKML = "packml"
STATE = "state"


def asset_prefixes(live: Live) -> dict[str, str]:
    """Return what the paths of each asset's signals begin with."""
    return {
        asset.id: f"{asset.cell}/{asset.id}/" if asset.cell else f"{asset.id}/"
        for asset in live.spec.assets
    }


def value_names(live: Live, signal: Signal, words: Words) -> dict[Any, str] | None:
    """Return the names of a signal's values, where they have names, in the page's language."""
    name = signal.path.rpartition("/")[2]
    if name == "mode":
        return {mode: words(f"mode.{mode}") for mode in ("model", "follow")}
    if name == "part":
        return {part.id: words.title(part.title, part.id) for part in live.spec.parts}
    if signal.enum is None:
        return None
    if name == STATE:
        states = words.state_names()
        return {m.value: states.get(m.name.lower(), m.name) for m in signal.enum}
    if name == PACKML:
        return words.packml_names()
    return {member.value: member.name for member in signal.enum}


def describe_signals(live: Live, words: Words) -> dict[str, dict[str, Any]]:
    """Return what the browser needs to show each signal."""
    return {
        signal.path: {
            "unit": signal.unit,
            "label": words.about_signal(signal),
            "writable": signal.writable,
            "names": value_names(live, signal, words),
        }
        for signal in live.signals
    }


class LineView(
    ui.element,
    component="js/line_view.js",
    dependencies=["js/pilotline_*.js"],
    esm={"nicegui-scene": str(THREE)},
):
    """Draws the line, and feeds the page from the stream.

    Args:
        live: the run.
        words: texts.
        grid: the table of signals that it fills; None for none.
        chart: the trend that it fills; None for none.
        workcell: the workcell whose page this is: it is looked at, and its bodies can be chosen.
    """

    def __init__(
        self,
        live: Live,
        words: Words,
        *,
        grid: ui.aggrid | None = None,
        chart: ui.echart | None = None,
        workcell: str | None = None,
    ) -> None:
        super().__init__()
        base = f"/api/v1/runs/{live.id}"
        states = words.state_names()
        self._props["options"] = {
            "stream": f"{base}/stream",
            "scene": f"{base}/scene",
            "floor": f"{base}/floor.jpg",
            "shapes": "/lab/shapes.json",
            "language": words.language,
            "assets": asset_prefixes(live),
            "kinds": {asset.id: asset.kind for asset in live.spec.assets},
            "signals": describe_signals(live, words),
            "gridId": grid.id if grid is not None else None,
            "chartId": chart.id if chart is not None else None,
            "workcell": workcell,
            "words": {
                "states": list(states),
                "state_names": states,
                "kind_states": words.kind_states(),
                "quality": {q: words(f"quality.{q}") for q in ("good", "uncertain", "bad")},
                "no_value": words("quality.none"),
                "on": words("on"),
                "off": words("off"),
                "view": words("view.about"),
                "no_3d": words("view.no_3d"),
                **{f"run_{state}": words(f"run.{state}") for state in ("runs", "paused", "lost")},
            },
        }
        self.classes("line-view-box")

    def on_select(self, handler: Callable[[str], object]) -> None:
        """Call back with an asset's id when somebody clicks it."""
        self.on("select", lambda event: handler(str(event.args)))

    def look(self, name: str) -> None:
        """Go to a point of view: a camera of the scene, `top`, or `asset:ID`."""
        self.run_method("view", name)

    def highlight(self, asset: str | None) -> None:
        """Mark the chosen asset's label."""
        self.run_method("highlight", asset)

    def show_labels(self, shown: bool) -> None:  # noqa: FBT001 - the value of a switch
        """Show or hide the assets' names."""
        self.run_method("labels", shown)
