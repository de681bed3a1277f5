"""PackML states (ISA-TR88.00.02), and which one an asset at flow fidelity is in."""

from enum import IntEnum

from .states import AssetState


class PackMLState(IntEnum):
    """The seventeen states with the numbers of the standard."""

    CLEARING = 1
    STOPPED = 2
    STARTING = 3
    IDLE = 4
    SUSPENDED = 5
    EXECUTE = 6
    STOPPING = 7
    ABORTING = 8
    ABORTED = 9
    HOLDING = 10
    HELD = 11
    UNHOLDING = 12
    SUSPENDING = 13
    UNSUSPENDING = 14
    RESETTING = 15
    COMPLETING = 16
    COMPLETE = 17


# Starved and blocked come from outside the machine: Suspended. A changeover is a pause for a cause
# within it: Held. A failure aborts. A machine nobody asks to work is Stopped. At flow fidelity the
# acting states (-ING) take no time.
OF_STATE = {
    AssetState.BUSY: PackMLState.EXECUTE,
    AssetState.STARVED: PackMLState.SUSPENDED,
    AssetState.BLOCKED: PackMLState.SUSPENDED,
    AssetState.DOWN: PackMLState.ABORTED,
    AssetState.SETUP: PackMLState.HELD,
    AssetState.IDLE: PackMLState.STOPPED,
}

WAITS = frozenset(s for s in PackMLState if not s.name.endswith("ING") and s != PackMLState.EXECUTE)
"""The states that last until a command or a condition ends them, as against acting states."""
