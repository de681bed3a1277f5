"""What a snapshot says about the assets, in the words of a picture."""

from twin.wire.model import Snapshot, Value

STATES = ("busy", "starved", "blocked", "down", "setup", "idle")
"""The asset states in the order of their numbers on the wire."""

UNKNOWN = "idle"


def asset_states(snapshot: Snapshot | None) -> dict[str, str]:
    """Return the state of each asset that the snapshot names."""
    if snapshot is None:
        return {}
    found: dict[str, str] = {}
    for path, signal in snapshot.signals.items():
        parts = path.split("/")
        if parts[-1] == "state" and len(parts) > 1:
            found[parts[-2]] = state_name(signal.value)
    return found


def state_name(value: Value) -> str:
    """Return a state's name from its number or its name."""
    if isinstance(value, str):
        return value if value in STATES else UNKNOWN
    return STATES[int(value)] if 0 <= int(value) < len(STATES) else UNKNOWN
