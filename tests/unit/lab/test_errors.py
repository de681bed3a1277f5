"""What the page says when the line refuses a command, in the visitor's language."""

import pytest

from twin.api.live import LiveRun
from twin.kernel.command import Command
from twin.kernel.errors import CommandRefused
from twin.spec.line import LineSpec
from viewer.lab.words import Words

SPEC = {
    "schema": "pilotline.line/1",
    "id": "one",
    "parts": [{"id": "module"}],
    "assets": [
        {"id": "feed", "kind": "source", "part": "module"},
        {"id": "m1", "kind": "station", "process_s": 4},
        {"id": "out", "kind": "sink"},
    ],
    "flow": [["feed", "m1", "out"]],
}


@pytest.mark.parametrize(
    ("command", "english", "chinese"),
    [
        (Command("repair", "m1"), "m1 has nothing to repair", "m1 没有需要修复的故障"),
        (Command("start", "m1"), "m1 was not stopped by hand", "m1 未被手动停止"),
        (Command("start", ""), "one has no machine to start", "没有被手动停止的设备"),
        (Command("stop", "m9"), "there is no asset 'm9' in line one", "没有设备 'm9'"),
        (Command("confirm", "m1", {"alarm": "m1/x"}), "there is no alarm", "没有报警 'm1/x'"),
    ],
)
def test_a_refusal_is_read_in_both_languages(command: Command, english: str, chinese: str) -> None:
    live = LiveRun(LineSpec.model_validate(SPEC), rate=0.0)
    with pytest.raises(CommandRefused) as refused:
        live.command(command)
    assert english in str(refused.value)
    assert english in Words("en").error(refused.value)
    assert chinese in Words("zh").error(refused.value)


def test_a_refusal_calls_an_asset_by_its_title() -> None:
    live = LiveRun(LineSpec.model_validate(SPEC), rate=0.0)
    with pytest.raises(CommandRefused) as refused:
        live.command(Command("repair", "m1"))
    said = Words("en").error(refused.value, {"m1": "Press"})
    assert said == "Press has nothing to repair"


def test_a_text_that_is_in_no_catalogue_stays_as_it_is() -> None:
    assert Words("zh").error(CommandRefused("the valve is stuck")) == "the valve is stuck"
    assert Words("zh").error(CommandRefused()) == ""
