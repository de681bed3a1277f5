"""What the page says of a real device beside its model."""

import pytest

from tests.unit.api.beside import Beside
from tests.unit.api.fake_live import FakeLive
from twin.kernel.signal import Quality
from viewer.lab.mirror_panel import departure, mirror_texts
from viewer.lab.words import Words

EN, ZH = Words("en"), Words("zh")


@pytest.mark.parametrize(
    ("ratio", "says"),
    [
        (None, "–"),
        (1.0, "1.00× · as modelled"),
        (0.99, "0.99× · as modelled"),
        (1.25, "1.25× · 25 % slower"),
        (0.8, "0.80× · 20 % faster"),
    ],
)
def test_a_departure_in_words(ratio: float | None, says: str) -> None:
    assert departure(ratio, EN) == says


def test_a_mirrored_station_is_told_with_its_link() -> None:
    live = FakeLive()
    live.mirror = Beside("m1", 4.0, [5.0])
    told = mirror_texts(live, "m1", EN)
    assert (told["model"], told["real"]) == ("4.0 s", "5.0 s")
    assert (told["link"], told["quality"]) == ("connected", "good")
    live.mirror.state, live.mirror.station.quality = "lost", Quality.BAD
    told = mirror_texts(live, "m1", ZH)
    assert (told["link"], told["quality"]) == ("已中断", "无效")
    assert told["departure"].endswith("慢 25 %")


def test_what_no_device_stands_behind_has_nothing_to_tell() -> None:
    live = FakeLive()
    assert mirror_texts(live, "m1", EN) == {}
    live.mirror = Beside("m1", 4.0, [])
    assert mirror_texts(live, "m2", EN) == {}
