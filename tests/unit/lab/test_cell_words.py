"""Every text of the page of a workcell is in the catalogue, in both languages."""

import re
from pathlib import Path
from string import Formatter
from typing import get_args

import pytest

from twin.api.cell_shapes import Verb
from twin.api.shapes import LinkOut
from twin.spec.messages import catalogue
from twin.spec.motion import Workcell
from viewer.lab import cell
from viewer.lab.cell.facts import body_data, page_texts
from viewer.lab.words import Words

HERE = Path(cell.__file__).parent
SCRIPTS = sorted((HERE / "js").glob("*.js"))
OURS = {key: texts for key, texts in catalogue().items() if key.startswith("cellpage.")}
KINDS = {
    get_args(body.model_fields["kind"].annotation)[0]: body
    for body in get_args(get_args(get_args(Workcell.model_fields["bodies"].annotation)[0])[0])
}


def asked() -> set[str]:
    """Return the keys that the page asks for, from its sources and from what they build."""
    scripts = "\n".join(script.read_text(encoding="utf-8") for script in SCRIPTS)
    python = "\n".join(source.read_text(encoding="utf-8") for source in HERE.glob("*.py"))
    keys = set(re.findall(r"""\bt\((?:on\(.*?\) \? )?["']([a-z_0-9.]+[a-z0-9])["']""", scripts))
    keys |= set(re.findall(r"""\? ["']([a-z_]+\.[a-z_.]+)["'] : ["'][a-z_]+\.""", scripts))
    keys |= set(
        re.findall(r"""\? ["'][a-z_]+\.[a-z_.]+["'] : ["']([a-z_]+\.[a-z_.]+)["']""", scripts)
    )
    keys |= set(re.findall(r'"cellpage\.([a-z_.]+)"', python))
    keys |= {f"plc.{mode}" for mode in ("run", "stop", "fault", "empty")}
    keys |= {f"io.{shown}" for shown in ("all", "input", "output", "operator", "forced")}
    keys |= {f"io.group_{group}" for group in ("input", "output", "operator")}
    keys |= {f"panel.{pin}{end}" for pin in ("start", "stop", "reset") for end in ("", "_about")}
    keys |= {f"lamp.{lamp}" for lamp in ("red", "yellow", "green", "blue", "buzzer")}
    keys |= {f"quality.{quality}" for quality in ("good", "uncertain", "bad")}
    keys |= {f"link.{state}" for state in get_args(LinkOut.model_fields["state"].annotation)}
    keys |= {f"owner.{who}" for who in ("plc", "nobody")}
    keys |= {f"{what}.{kind}" for kind in KINDS for what in ("kind", "about")}
    loud = {"remove", "control", "load_program", "plc_run", "plc_stop", "plc_step", "plc_restart"}
    assert loud < set(get_args(Verb))
    return keys | {f"done.{verb}" for verb in loud}


def test_the_page_asks_for_many_texts() -> None:
    assert len(SCRIPTS) >= 10
    assert len(asked()) > 180


@pytest.mark.parametrize("key", sorted(asked()))
def test_a_text_is_there(key: str) -> None:
    assert f"cellpage.{key}" in OURS


def test_both_languages_say_the_same_values() -> None:
    for key, texts in OURS.items():
        fields = [
            {name for _, name, *_ in Formatter().parse(texts[k]) if name} for k in ("en", "zh")
        ]
        assert fields[0] == fields[1], key


def test_chinese_texts_are_chinese() -> None:
    for key, texts in OURS.items():
        if re.search(r"[a-z]{4}", texts["en"]):
            assert re.search(r"[\u4e00-\u9fff]", texts["zh"]), key


def test_the_browser_gets_all_texts_in_its_language() -> None:
    said = page_texts(Words("zh"))
    assert len(said) == len(OURS)
    assert said["panel.estop"] == "急停"


def test_figures_of_a_body_are_told_with_units_in_both_languages() -> None:
    belt = KINDS["belt"](id="b", kind="belt", length_m=1.5)
    english, chinese = dict(body_data(belt, Words("en"))), dict(body_data(belt, Words("zh")))
    assert english["length"] == "1.5 m"
    assert english["speed"] == "0.25 m/s"
    assert chinese["长度"] == "1.5 m"
    assert chinese["驱动方式"] == "单向"


def test_figures_name_other_bodies_by_their_titles() -> None:
    stopper = KINDS["stopper"](id="s", kind="stopper", belt="infeed", along_m=1)
    assert ("belt", "Infeed belt") in body_data(stopper, Words("en"), {"infeed": "Infeed belt"})
