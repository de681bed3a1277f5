"""The six states in which an asset spends its time."""

from enum import IntEnum
from typing import Final


class AssetState(IntEnum):
    """What an asset, or one server of it, is doing."""

    BUSY = 0
    """Working on a part."""
    STARVED = 1
    """Ready, waiting for a part or for a person to work with."""
    BLOCKED = 2
    """Holding a finished part that nobody takes."""
    DOWN = 3
    """Broken, waiting for repair or under repair."""
    SETUP = 4
    """In a changeover, or waiting for the person who does it."""
    IDLE = 5
    """Not asked to work: off shift, in a break, stopped by hand, in planned maintenance."""


# Plain integers for the hot path: an attribute of an enum costs a look-up each time.
BUSY: Final = 0
STARVED: Final = 1
BLOCKED: Final = 2
DOWN: Final = 3
SETUP: Final = 4
IDLE: Final = 5

NAMES: Final = tuple(state.name.lower() for state in AssetState)

ACTIVE: Final = (True, False, False, True, True, False)
"""Which states are active in the sense of the active-period method: all but waiting."""
