"""The kernel's errors.

PilotlineError          anything a person can put right; its text says what and how
├── CommandRefused      a command that cannot be carried out now
├── SignalError         a signal that is not there, or a value that it cannot hold
├── SnapshotError       a snapshot that does not fit this line or version
├── RecordError         a run record that cannot be read or replayed
└── TraceEnded          a measured series is at its end, and the run with it
"""


class PilotlineError(Exception):
    """Anything a person can put right. The text says what, where and how."""


class CommandRefused(PilotlineError):
    """A command that cannot be carried out now."""


class SignalError(PilotlineError):
    """A signal that is not there, or a value that it cannot hold."""


class SnapshotError(PilotlineError):
    """A snapshot that does not fit this line or this version."""


class RecordError(PilotlineError):
    """A run record that cannot be read or replayed."""


class TraceEnded(PilotlineError):
    """A measured series is at its end, and the run with it. Its argument is the series' name."""

    def __str__(self) -> str:
        return f"the trace of {self.args[0]} has no more values: give it more, or run for less time"
