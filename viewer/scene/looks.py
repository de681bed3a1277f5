"""How types of parts look: boxes, pallets, and pallets full of parts."""

from twin.spec.line import LineSpec, PartType
from twin.spec.motion import PalletSeat, Workcell

from .document import Block, PartLook
from .sizes import Size

WOOD, WOOD_SHADE = "#c9a26d", "#a9834f"
GAP = 0.94
DECK_BOARDS = 5


def part_look(spec: LineSpec, part: PartType, sizes: dict[str, Size]) -> PartLook:
    """Return how a type of part looks.

    Args:
        spec: The line: its pallet seats say which types are pallets, and which are full ones.
        part: The type.
        sizes: The size that each type is drawn with, m.
    """
    size = sizes[part.id]
    title = {"en": part.id, "zh": part.id}
    if part.title is not None:
        title = {"en": part.title.en, "zh": part.title.zh or part.title.en}
    for asset in spec.assets:
        for body in asset.bodies if isinstance(asset, Workcell) else ():
            if isinstance(body, PalletSeat) and body.pallet == part.id:
                return PartLook(size, part.colour, title, "pallet", _pallet(size))
            if isinstance(body, PalletSeat) and body.makes == part.id:
                base = sizes.get(body.pallet, (size[0], size[1], 0.14))
                blocks = (*_pallet(base), *_stack(body, base, size, part.colour))
                return PartLook(size, part.colour, title, "stack", blocks)
    return PartLook(size, part.colour, title)


def _pallet(size: Size) -> tuple[Block, ...]:
    """Return three skids, and boards across them."""
    long, wide, high = size
    board = high * 0.2
    skids = [
        Block((0.0, y * (wide - wide * 0.12) / 2, (high - board) / 2),
              (long, wide * 0.12, high - board), WOOD_SHADE)
        for y in (-1, 0, 1)
    ]  # fmt: skip
    step = long / DECK_BOARDS
    boards = [
        Block(
            ((k + 0.5) * step - long / 2, 0.0, high - board / 2), (step * 0.86, wide, board), WOOD
        )
        for k in range(DECK_BOARDS)
    ]
    return (*skids, *boards)


def _stack(seat: PalletSeat, base: Size, full: Size, colour: str) -> tuple[Block, ...]:
    long, wide = seat.pitch_m[0] * GAP, seat.pitch_m[1] * GAP
    high = max((full[2] - base[2]) / seat.layers, 0.02)
    return tuple(
        Block(
            (x, y, base[2] + (layer + 0.5) * high),
            (wide, long, high * GAP) if round(turn / 90.0) % 2 else (long, wide, high * GAP),
            colour,
        )
        for layer in range(seat.layers)
        for x, y, turn in seat.places(layer)
    )
