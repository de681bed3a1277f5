"""Assets: what they are, how they are, and what can be done to them."""

from fastapi import APIRouter

from twin.api.context import Instructor, Operator, TheRun, carry_out
from twin.api.hub import Live
from twin.api.problems import ApiError, listed, responses, shorten
from twin.api.shapes import AssetOut, Break, Done, Repair
from twin.spec.assets import Asset, MachineBase
from twin.spec.messages import phrase

from .runs import title_of

router = APIRouter(tags=["assets"], prefix="/runs/{run}/assets")
WRITES = responses(401, 403, 404, 409, 422, 429)


def signal_prefix(asset: Asset) -> str:
    """Return what the paths of an asset's signals begin with."""
    return f"{asset.cell}/{asset.id}/" if asset.cell else f"{asset.id}/"


def _name(live: Live, path: str) -> str | None:
    if path not in live.signals:
        return None
    kind, value = live.signals[path].enum, live.signals.read(path).value
    return kind(int(value)).name if kind is not None else str(value)


def _asset_out(live: Live, asset: Asset) -> AssetOut:
    prefix = signal_prefix(asset)
    state = _name(live, f"{prefix}state")
    return AssetOut(
        id=asset.id,
        kind=asset.kind,
        title=title_of(asset.title, asset.id),
        cell=asset.cell,
        state=state.lower() if state else None,
        packml=_name(live, f"{prefix}packml"),
        failures=[f.id for f in asset.failures] if isinstance(asset, MachineBase) else [],
        signals={
            signal.path: live.signals.read(signal.path).value
            for signal in live.signals
            if signal.path.startswith(prefix)
        },
    )


def find_asset(live: Live, asset_id: str) -> Asset:
    """Return an asset, or raise a 404 that lists what there is."""
    for asset in live.spec.assets:
        if asset.id == asset_id:
            return asset
    known = listed([asset.id for asset in live.spec.assets])
    said = phrase("api.no_asset", line=live.spec.id, asset=shorten(asset_id), listed=known)
    raise ApiError(404, said)


@router.get("", summary="All assets and their states", responses=responses(401, 404))
async def assets(live: TheRun) -> list[AssetOut]:
    """List the assets."""
    return [_asset_out(live, asset) for asset in live.spec.assets]


@router.get("/{asset}", summary="One asset", responses=responses(401, 404))
async def one(live: TheRun, asset: str) -> AssetOut:
    """Return one asset."""
    return _asset_out(live, find_asset(live, asset))


@router.post("/{asset}/break", summary="Break an asset", responses=WRITES)
async def break_(live: TheRun, asset: str, who: Instructor, body: Break | None = None) -> Done:
    """Break an asset, for a time or until somebody repairs it."""
    given = (body or Break()).model_dump(exclude_none=True)
    return carry_out(live, who, "break", find_asset(live, asset).id, given)


@router.post("/{asset}/repair", summary="Repair an asset", responses=WRITES)
async def repair(live: TheRun, asset: str, who: Operator, body: Repair | None = None) -> Done:
    """Repair a broken asset."""
    given = (body or Repair()).model_dump(exclude_none=True)
    return carry_out(live, who, "repair", find_asset(live, asset).id, given)


@router.post("/{asset}/stop", summary="Stop an asset", responses=WRITES)
async def stop(live: TheRun, asset: str, who: Operator) -> Done:
    """Stop an asset now; the part in work goes on when it is started."""
    return carry_out(live, who, "stop", find_asset(live, asset).id)


@router.post("/{asset}/start", summary="Start an asset", responses=WRITES)
async def start(live: TheRun, asset: str, who: Operator) -> Done:
    """Start a stopped asset."""
    return carry_out(live, who, "start", find_asset(live, asset).id)
