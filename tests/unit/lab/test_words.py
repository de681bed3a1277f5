"""Every text that the page asks for is in the catalogue, in both languages."""

import re
from pathlib import Path
from string import Formatter

import pytest

from devices.base import LinkState
from twin.api import Role
from twin.plant.states import NAMES
from twin.spec.assets import Asset
from twin.spec.messages import catalogue
from viewer import lab
from viewer.lab.kpi_strip import FIGURES
from viewer.lab.mirror_panel import COLUMNS
from viewer.lab.words import Words

SOURCES = sorted(Path(lab.__file__).parent.glob("*.py"))
KINDS = [kind.model_fields["kind"].annotation.__args__[0] for kind in Asset.__args__[0].__args__]
OURS = {key: texts for key, texts in catalogue().items() if key.startswith("lab.")}


def asked() -> set[str]:
    text = "\n".join(source.read_text(encoding="utf-8") for source in SOURCES)
    plain = set(re.findall(r'words\(\s*"([a-z0-9_.]+)"', text))
    plain |= {f"kpi.{f.name}{end}" for f in FIGURES for end in ("", ".unit", ".about")}
    plain |= {f"kind.{kind}" for kind in KINDS}
    plain |= {f"state.{name}{end}" for name in NAMES for end in ("", ".about")}
    plain |= {f"role.{role.word}" for role in Role}
    plain |= {f"run.{state}" for state in ("runs", "paused", "lost")}
    plain |= {f"quality.{quality}" for quality in ("good", "uncertain", "bad", "none")}
    plain |= {f"mirror.{column}{end}" for column in COLUMNS for end in ("", "_about")}
    plain |= {f"mirror.{compared}" for compared in ("alike", "slower", "faster")}
    plain |= {f"link.{state.value}" for state in LinkState}
    verbs = ("break", "repair", "stop", "start")
    plain |= {f"card.{verb}{end}" for verb in verbs for end in ("", "_about")}
    plain |= {f"done.{verb}" for verb in (*verbs, "acknowledge", "confirm", "write", "reset")}
    return plain


def test_the_page_asks_for_many_texts() -> None:
    assert len(SOURCES) > 8
    assert len(asked()) > 100


@pytest.mark.parametrize("key", sorted(asked()))
def test_a_text_is_there(key: str) -> None:
    assert f"lab.{key}" in OURS


def test_packml_names_are_all_there() -> None:
    for language in ("en", "zh"):
        assert len(Words(language).packml_names()) == 17


@pytest.mark.parametrize("key", sorted(OURS))
def test_both_languages_say_the_same_values(key: str) -> None:
    texts = OURS[key]
    fields = [{name for _, name, *_ in Formatter().parse(texts[k]) if name} for k in ("en", "zh")]
    assert fields[0] == fields[1]


def test_chinese_texts_are_chinese() -> None:
    same = {"lab.language", "lab.kpi.busiest.unit"}
    for key, texts in OURS.items():
        if key not in same and re.search(r"[a-z]{4}", texts["en"]):
            assert re.search(r"[\u4e00-\u9fff]", texts["zh"]), key
