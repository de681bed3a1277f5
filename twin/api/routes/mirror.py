"""The mirror: the real devices beside a run, and where they and their models depart."""

from fastapi import APIRouter

from twin.api.context import TheRun
from twin.api.problems import responses
from twin.api.shapes import Departure, LinkOut, MirrorOut

router = APIRouter(tags=["mirror"], prefix="/runs/{run}")


@router.get("/mirror", summary="Real devices and their models", responses=responses(401, 404))
async def mirror(live: TheRun) -> MirrorOut:
    """Return links, departures by asset, and bound signals; all empty when nothing is mirrored."""
    if live.mirror is None:
        return MirrorOut(links={}, assets={}, signals={})
    return MirrorOut(
        links={name: LinkOut.model_validate(link) for name, link in live.mirror.links().items()},
        assets={
            asset: Departure.model_validate(figures)
            for asset, figures in live.mirror.figures().items()
        },
        signals=live.mirror.bindings(),
        outlets=live.mirror.outlets(),
    )
