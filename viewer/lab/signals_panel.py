"""The table of signals. The browser fills it from the stream; a click writes what is writable."""

from nicegui import ui
from nicegui.events import GenericEventArguments

from twin.api.hub import Live

from .actions import Actor
from .words import Words

TEXT_FILTER = "agTextColumnFilter"


def signals_panel(live: Live, actor: Actor, words: Words) -> ui.aggrid:
    """Build the table and return it."""
    with ui.element("div").classes("signals-box"):
        with ui.row().classes("signals-head"):
            search = ui.input(placeholder=words("signals.search"))
            search.props(f'dense outlined clearable aria-label="{words("signals.search")}"')
            ui.label(words("signals.hint")).classes("soft")
        grid = ui.aggrid(
            {
                "columnDefs": [
                    _column(words, "path", flex=3, cellClass="mono"),
                    _column(words, "label", flex=3),
                    _column(words, "value", flex=2, cellClass="mono strong"),
                    _column(words, "unit", flex=0.9),
                    _column(words, "quality", flex=1.3),
                    _column(words, "time", flex=1.4, cellClass="mono"),
                ],
                "rowData": [],
                ":getRowId": "params => params.data.path",
                "rowHeight": 27,
                "headerHeight": 32,
                "suppressCellFocus": False,
                "asyncTransactionWaitMillis": 100,
                "rowClassRules": {
                    "writable-row": "data.writable",
                },
                "overlayNoRowsTemplate": words("signals.none"),
            },
            auto_size_columns=False,
        ).classes("signals-grid")
    search.on_value_change(
        lambda event: grid.run_grid_method("setGridOption", "quickFilterText", event.value or "")
    )
    grid.on("rowDoubleClicked", lambda event: _ask(live, actor, words, event), ["data"])
    return grid


def _column(words: Words, field: str, *, flex: float, cellClass: str = "") -> dict[str, object]:  # noqa: N803 - AG Grid's name
    return {
        "field": field,
        "headerName": words(f"signals.{field}"),
        "flex": flex,
        "minWidth": 80,
        "sortable": True,
        "filter": TEXT_FILTER,
        "cellClass": cellClass,
    }


def _ask(live: Live, actor: Actor, words: Words, event: GenericEventArguments) -> None:
    path = str((event.args.get("data") or {}).get("path", ""))
    if path not in live.signals or not live.signals[path].writable:
        ui.notify(words("signals.read_only", path=path), position="top")
        return
    signal = live.signals[path]
    with ui.dialog(value=True) as dialog, ui.card().classes("lab-dialog"):
        ui.label(words("signals.write", path=path)).classes("lab-dialog-title")
        if signal.low is not None and signal.high is not None:
            ui.label(words("signals.range", low=signal.low, high=signal.high, unit=signal.unit))
        value = ui.input(words("signals.value"), value=str(live.signals.read(path).value))
        value.props("outlined dense autofocus").classes("w-full")

        def write() -> None:
            actor.write(path, str(value.value))
            dialog.close()

        value.on("keydown.enter", write)
        with ui.row().classes("w-full justify-end"):
            ui.button(words("cancel"), on_click=dialog.close).props("flat no-caps")
            ui.button(words("signals.write_go"), on_click=write).props("no-caps")
    dialog.on("hide", dialog.delete)
