"""What the page's buttons do: one person's commands to one run, within that person's rights."""

from collections.abc import Callable
from math import inf

from nicegui import ui

from twin.api.access import Identity, Role
from twin.api.hub import Live
from twin.kernel.command import Args, Command
from twin.kernel.errors import PilotlineError

from .words import Words


class Actor:
    """A visitor of the page, and what that visitor may do to the run.

    Args:
        live: the run.
        who: the visitor.
        words: texts in the visitor's language.
    """

    def __init__(self, live: Live, who: Identity, words: Words) -> None:
        self.live = live
        self.who = who
        self.words = words
        titles = {asset.id: words.title(asset.title, asset.id) for asset in live.spec.assets}
        self._titles = {"": words.title(live.spec.title, live.spec.id), **titles}
        self.explain: Callable[[Role], None] = lambda _: None
        """Shows how to get the rights that an action needs; the page sets it."""

    def may(self, least: Role) -> bool:
        """Tell whether the visitor has at least this role."""
        return self.who.role >= least

    def do(self, least: Role, action: Callable[[], object], done: str = "") -> None:
        """Do something that needs a role, and tell the visitor what came of it.

        Args:
            least: the role that it needs.
            action: what to do.
            done: what to say when it is done; nothing when empty.
        """
        if not self.may(least):
            self.explain(least)
            return
        try:
            action()
        except PilotlineError as error:
            ui.notify(
                self.words.error(error, self._titles),
                type="warning",
                position="bottom",
                timeout=6000,
            )
        else:
            if done:
                ui.notify(done, type="positive", position="bottom", timeout=1500)

    def _command(self, least: Role, verb: str, target: str = "", args: Args | None = None) -> None:
        done = self.words(f"done.{verb}", target=self._titles.get(target, target))
        command = Command(verb, target, args or {}, self.who.name)
        self.do(least, lambda: self.live.command(command), done)

    def set_rate(self, rate: float) -> None:
        """Set the pace."""
        self.do(Role.OPERATOR, lambda: self.live.set_rate(rate))

    def run_or_pause(self) -> None:
        """Pause a run that goes; let a paused one go in real time."""
        self.set_rate(0.0 if self.live.rate else 1.0)

    def fastest(self) -> None:
        """Go as fast as it goes."""
        self.set_rate(inf)

    def step(self) -> None:
        """Pause, and go one event instant further."""

        def one() -> None:
            if self.live.rate:
                self.live.set_rate(0.0)
            else:
                self.live.step()

        self.do(Role.OPERATOR, one)

    def reset(self) -> None:
        """Begin the run again."""
        self.do(Role.INSTRUCTOR, self.live.reset, self.words("done.reset"))

    def stop_line(self) -> None:
        """Stop every asset."""
        self._command(Role.OPERATOR, "stop")

    def start_line(self) -> None:
        """Start every asset."""
        self._command(Role.OPERATOR, "start")

    def break_(self, asset: str, failure: str | None) -> None:
        """Break an asset."""
        self._command(Role.INSTRUCTOR, "break", asset, {"failure": failure} if failure else {})

    def repair(self, asset: str) -> None:
        """Repair an asset."""
        self._command(Role.OPERATOR, "repair", asset)

    def stop(self, asset: str) -> None:
        """Stop an asset."""
        self._command(Role.OPERATOR, "stop", asset)

    def start(self, asset: str) -> None:
        """Start an asset."""
        self._command(Role.OPERATOR, "start", asset)

    def acknowledge(self, asset: str, alarm: str) -> None:
        """Acknowledge an alarm."""
        self._command(Role.OPERATOR, "acknowledge", asset, {"alarm": alarm})

    def confirm(self, asset: str, alarm: str) -> None:
        """Confirm an alarm."""
        self._command(Role.OPERATOR, "confirm", asset, {"alarm": alarm})

    def write(self, path: str, text: str) -> None:
        """Write a signal, from what was typed."""

        def put() -> None:
            signal = self.live.signals[path]
            value: bool | int | float | str = text
            try:
                if signal.type is bool:
                    value = text.strip().lower() in {"1", "true", "on", "yes"}
                elif signal.type in {int, float}:
                    value = signal.type(text)
            except ValueError:
                raise PilotlineError(self.words("signals.not_number", text=text)) from None
            args: Args = {"value": signal.check(value)}
            self.live.command(Command("write", path, args, self.who.name))

        self.do(Role.OPERATOR, put, self.words("done.write", target=path))
