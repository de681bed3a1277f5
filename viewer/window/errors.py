"""What can keep a viewer from showing a line.

ViewError               anything a person can put right; its text says what and how
├── NoGraphics          no working OpenGL library, or no display for a window
└── NoTwin              no running twin at the address
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
