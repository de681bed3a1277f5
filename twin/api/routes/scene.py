"""The scene: what the line looks like."""

import json
from asyncio import to_thread
from collections import OrderedDict
from collections.abc import Callable
from typing import TypeVar

from fastapi import APIRouter, Response
from starlette.requests import Request

from twin.api.context import TheRun
from twin.api.problems import responses
from twin.spec.line import LineSpec

router = APIRouter(tags=["scene"], prefix="/runs/{run}")
MOST_KEPT = 12
FLOOR_PIXELS = 2048
Made = TypeVar("Made", str, bytes)


def _document(spec: LineSpec) -> str:
    from viewer.scene import build_scene

    return json.dumps(build_scene(spec).to_dict(), ensure_ascii=False, separators=(",", ":"))


def _glb(spec: LineSpec) -> bytes:
    from viewer.scene import build_scene
    from viewer.scene.glb import export

    data: bytes = export(build_scene(spec))
    return data


def _floor(spec: LineSpec) -> bytes:
    from viewer.scene import build_scene
    from viewer.scene.floor import packed

    return packed(build_scene(spec), longest=FLOOR_PIXELS)


async def _kept(request: Request, make: Callable[[LineSpec], Made], spec: LineSpec) -> Made:
    """Make once for each line, away from the loop; keep the latest few."""
    kept: OrderedDict[object, Made] = request.app.state.scenes
    key = (make, id(spec))
    if key not in kept:
        kept[key] = await to_thread(make, spec)
        while len(kept) > MOST_KEPT:
            kept.popitem(last=False)
    return kept[key]


@router.get(
    "/scene",
    summary="The scene document",
    response_class=Response,
    responses={200: {"content": {"application/json": {}}}, **responses(401, 404)},
)
async def scene(request: Request, live: TheRun) -> Response:
    """Return shapes, poses and tracks, as docs/reference/scene.md describes them."""
    return Response(await _kept(request, _document, live.spec), media_type="application/json")


@router.get(
    "/floor.jpg",
    summary="The floor as a picture",
    response_class=Response,
    responses={200: {"content": {"image/jpeg": {}}}, **responses(401, 404)},
)
async def floor(request: Request, live: TheRun) -> Response:
    """Return the floor seen from above, +y up; it covers the scene document's `floor_m`."""
    return Response(await _kept(request, _floor, live.spec), media_type="image/jpeg")


@router.get(
    "/scene.glb",
    summary="The scene as GLB",
    response_class=Response,
    responses={200: {"content": {"model/gltf-binary": {}}}, **responses(401, 404)},
)
async def scene_glb(request: Request, live: TheRun) -> Response:
    """Return the same nodes as binary glTF, for other programs."""
    return Response(
        await _kept(request, _glb, live.spec),
        media_type="model/gltf-binary",
        headers={"Content-Disposition": f'inline; filename="{live.spec.id}.glb"'},
    )
