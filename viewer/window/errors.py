"""What can keep a viewer from showing a line.

ViewError               anything a person can put right; its text says what and how
├── NoGraphics          no working OpenGL library, or no display for a window
├── NoTwin              no running twin at the address
└── Refused             the twin did not carry out a command; it says why
"""

from twin.spec.messages import Phrase


class ViewError(Exception):
    """Anything a person can put right. The text says what, where and how."""

    def __init__(self, said: Phrase) -> None:
        super().__init__(said.text())
        self.said = said

    def text(self, language: str = "en") -> str:
        """Return the text in `language`."""
        return self.said.text(language)


class NoGraphics(ViewError):
    """No working OpenGL library, or no display for a window."""


class NoTwin(ViewError):
    """No running twin at the address, or one that went away."""


class Refused(ViewError):
    """A command that the twin did not carry out.

    Args:
        said: why.
        later: whether it may be carried out when it is said again.
    """

    def __init__(self, said: Phrase, *, later: bool = False) -> None:
        super().__init__(said)
        self.later = later
