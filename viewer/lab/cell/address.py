"""Where the pages of workcells are."""

from twin.api.hub import Live


def cell_address(live: Live, cell: str) -> str:
    """Return where the page of a workcell is."""
    return f"/run/{live.id}/cell/{cell}"
