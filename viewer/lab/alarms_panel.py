"""The list of alarms that want something from a person."""

from nicegui import ui

from twin.api.hub import Live
from twin.kernel.alarm import Alarm
from twin.spec.base import Text

from .actions import Actor
from .words import Words

LOOK_EVERY_S = 0.5
MOST = 100
SEVERE = 700


def clock_text(time_s: float) -> str:
    """Return a simulation time as the page writes it."""
    days, rest = divmod(int(time_s), 86400)
    text = f"{rest // 3600:02}:{rest // 60 % 60:02}:{rest % 60:02}"
    return f"{days} d {text}" if days else text


def wanted(live: Live) -> list[Alarm]:
    """Return the alarms that are not over: active first, then unseen, each latest first."""
    left = [a for a in live.alarms if a.active or not a.acknowledged or not a.confirmed]
    return sorted(left, key=lambda a: (not a.active, a.acknowledged, -a.raised_s))


def alarm_text(live: Live, alarm: Alarm, words: Words) -> str:
    """Return what an alarm says, in the page's language."""
    for asset in live.spec.assets:
        if asset.id == alarm.asset:
            for failure in getattr(asset, "failures", ()):
                if failure.id in {alarm.message, alarm.id.rpartition("/")[2]} and failure.title:
                    return words.title(failure.title, failure.id)
    if alarm.message.startswith("{"):
        return words.title(Text.model_validate_json(alarm.message), alarm.id)
    return words.or_key(alarm.message)


class AlarmsPanel:
    """The list; it looks for changes twice a second and rebuilds only the rows that changed.

    Args:
        live: the run.
        actor: the visitor.
        words: texts.
        tab: the tab that counts the alarms.
    """

    def __init__(self, live: Live, actor: Actor, words: Words, tab: ui.tab) -> None:
        self._live = live
        self._actor = actor
        self._words = words
        self._titles = {asset.id: words.title(asset.title, asset.id) for asset in live.spec.assets}
        self._rows: dict[str, tuple[Alarm, ui.element]] = {}
        with tab:
            self._badge = ui.badge().props("color=negative").classes("alarm-badge")
        self._list = ui.element("div").classes("alarms")
        self._list.props('role=log aria-live=polite data-list="alarms"')
        with self._list:
            with ui.element("div").classes("empty") as self._empty:
                ui.icon("check_circle")
                ui.label(words("alarms.none"))
            self._more = ui.label().classes("soft")
        self._look()
        ui.timer(LOOK_EVERY_S, self._look)

    def _look(self) -> None:
        found = wanted(self._live)
        shown = {alarm.id: alarm for alarm in found[:MOST]}
        for alarm_id in [known for known in self._rows if known not in shown]:
            self._rows.pop(alarm_id)[1].delete()
        for index, alarm in enumerate(shown.values()):
            known = self._rows.get(alarm.id)
            if known is None or known[0] != alarm:
                self._place(alarm, index, known[1] if known else None)
            elif self._list.default_slot.children[index] is not known[1]:
                known[1].move(target_index=index)
        standing = len(self._live.alarms.standing())
        self._badge.set_text(str(standing))
        self._badge.set_visibility(standing > 0)
        self._empty.set_visibility(not found)
        self._more.set_visibility(len(found) > MOST)
        self._more.set_text(self._words("alarms.more", count=len(found) - MOST))

    def _place(self, alarm: Alarm, index: int, old: ui.element | None) -> None:
        if old is not None:
            old.delete()
        with self._list:
            row = _row(self._live, self._actor, self._words, alarm, self._titles)
        row.move(target_index=index)
        self._rows[alarm.id] = (alarm, row)


def _row(
    live: Live, actor: Actor, words: Words, alarm: Alarm, titles: dict[str, str]
) -> ui.element:
    grade = "severe" if alarm.severity >= SEVERE else "mild"
    state = "active" if alarm.active else "gone"
    row = ui.element("div").classes(f"alarm {state} {grade}").props(f'data-alarm="{alarm.id}"')
    with row:
        ui.icon("error" if alarm.active else "check").props("aria-hidden=true")
        ui.label(clock_text(alarm.raised_s)).classes("alarm-time")
        ui.label(titles.get(alarm.asset, alarm.asset)).classes("alarm-asset")
        text = alarm_text(live, alarm, words)
        ui.label(f"{text} (×{alarm.count})" if alarm.count > 1 else text).classes("alarm-text")
        ui.label(words(f"alarms.{state}")).classes("alarm-state")
        if not alarm.acknowledged:
            _button("done", words("alarms.acknowledge"), "acknowledge").on_click(
                lambda: actor.acknowledge(alarm.asset, alarm.id)
            )
        elif not alarm.active and not alarm.confirmed:
            _button("done_all", words("alarms.confirm"), "confirm").on_click(
                lambda: actor.confirm(alarm.asset, alarm.id)
            )
    return row


def _button(icon: str, label: str, act: str) -> ui.button:
    return ui.button(label, icon=icon, color=None).props(
        f'outline dense no-caps size=sm data-act="{act}"'
    )
