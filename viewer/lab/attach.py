"""Puts the lab's pages on the API's app: one port, one process."""

from pathlib import Path
from typing import Annotated, Any

from fastapi import FastAPI, HTTPException, Query, Request
from nicegui import ui

from twin.api.access import STRANGER, Access
from twin.api.hub import Hub
from viewer.scene.errors import SceneError
from viewer.scene.shapes import mesh
from viewer.scene.stock import PREFIX

from .actions import Actor
from .cell.page import build_cell_page
from .page import build_page, empty_page, no_cell_page
from .words import Words, chosen_language

ICON = Path(__file__).with_name("icon.svg")
MOST_SHAPES = 400


NAME = r"[a-z]+(_[1-9]\d{0,2}|_[0-9a-f]{12})?"
Names = Annotated[str, Query(pattern=rf"^{NAME}(,{NAME})*$", max_length=20_000)]


async def _shapes(names: Names) -> dict[str, dict[str, Any]]:
    """Return unit shapes as points and triangles: the page draws what every viewer draws."""
    shapes = {}
    for name in sorted(set(names.split(",")))[:MOST_SHAPES]:
        try:
            points, triangles = mesh(name)
        except SceneError as error:
            raise HTTPException(404, str(error)) from None
        shapes[name] = {
            "points": points.round(5).tolist(),
            "triangles": triangles.tolist(),
            "round": name.startswith(PREFIX),
        }
    return shapes


def attach_lab(app: FastAPI, hub: Hub, access: Access) -> None:
    """Add the pages `/`, `/run/RUN` and those of workcells to the app that `create_api` made.

    Args:
        app: the API's app.
        hub: the live runs.
        access: who may do what; the page asks it for each visitor.
    """
    app.add_api_route("/lab/shapes.json", _shapes, include_in_schema=False)

    @ui.page("/")
    def first(request: Request) -> None:
        _show(request, next(iter(sorted(run.id for run in hub)), None))

    @ui.page("/run/{run_id}")
    def named(request: Request, run_id: str) -> None:
        _show(request, run_id)

    @ui.page("/cell/{cell}")
    def first_cell(request: Request, cell: str) -> None:
        _show(request, next(iter(sorted(run.id for run in hub)), None), cell)

    @ui.page("/run/{run_id}/cell/{cell}")
    def named_cell(request: Request, run_id: str, cell: str) -> None:
        _show(request, run_id, cell)

    def _show(request: Request, run_id: str | None, cell: str | None = None) -> None:
        words = Words(chosen_language(request))
        who = access.identify(request) or STRANGER
        live = next((run for run in hub if run.id == run_id), None)
        if live is None:
            empty_page(words, run_id, [run.id for run in hub])
        elif cell is None:
            build_page(live, Actor(live, who, words), words, [run.id for run in hub])
        elif cell in live.workcells:
            runs = [run.id for run in hub]
            build_cell_page(live, live.workcells[cell], Actor(live, who, words), words, runs)
        else:
            no_cell_page(words, live, cell)

    ui.run_with(
        app,
        title="Pilotline",
        favicon=ICON,
        dark=False,
        show_welcome_message=False,
        reconnect_timeout=10.0,
        binding_refresh_interval=None,
    )
