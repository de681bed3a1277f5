"""The errors of a study.

PilotlineError
└── StudyError      a study that cannot be made as asked, or a replication that failed
    └── Stopped     a study that was stopped before there was anything to show
"""

from twin.kernel.errors import PilotlineError


class StudyError(PilotlineError):
    """A study that cannot be made as asked, or a replication that failed."""


class Stopped(StudyError):
    """A study that was stopped before there was anything to show."""
