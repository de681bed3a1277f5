"""The errors of a study.

PilotlineError
└── StudyError      a study that cannot be made as asked, or a replication that failed
"""

from twin.kernel.errors import PilotlineError


class StudyError(PilotlineError):
    """A study that cannot be made as asked, or a replication that failed."""
