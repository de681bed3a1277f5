"""The message catalogue: both languages, the same values, no text that nobody reads."""

import re
from pathlib import Path
from string import Formatter

import pytest
from ruamel.yaml import YAML

from twin.spec.messages import CATALOGUE, Phrase, catalogue, message, phrase


def names_in(text):
    return sorted(name for _, name, _, _ in Formatter().parse(text) if name is not None)


def test_every_message_has_both_languages_with_the_same_values():
    for key, texts in catalogue().items():
        assert set(texts) == {"en", "zh"}, key
        assert all(isinstance(text, str) and text for text in texts.values()), key
        assert names_in(texts["en"]) == names_in(texts["zh"]), key


def test_every_key_begins_with_its_area():
    odd = [key for key in catalogue() if not re.fullmatch(r"[a-z]+(\.[a-z0-9_]+)+", key)]
    assert odd == []


def test_chinese_texts_are_chinese():
    wordy = [k for k, t in catalogue().items() if len(re.findall(r"[a-z]{3,}", t["en"])) > 3]
    latin = [k for k in wordy if not re.search(r"[\u4e00-\u9fff]", catalogue()[k]["zh"])]
    assert latin == []


def test_the_catalogue_has_no_key_twice():
    # The strict reader refuses a key that is there twice; the catalogue is read by a faster one.
    text = CATALOGUE.read_text(encoding="utf-8")
    keys = [key.value for key, _ in YAML(typ="safe", pure=True).compose(text).value]
    assert len(keys) == len(set(keys))


def test_every_text_about_files_is_used():
    folder = Path(CATALOGUE).parent
    code = "".join(path.read_text(encoding="utf-8") for path in folder.rglob("*.py"))
    for key in catalogue():
        if key.startswith("spec.check."):
            assert f'"{key.removeprefix("spec.check.")}"' in code, key
        elif key.startswith("spec.thing."):
            assert f'"{key.removeprefix("spec.thing.")}"' in code, key
        elif key.startswith("spec."):
            assert f'"{key}"' in code, key


def test_values_are_put_in():
    assert "write a number above 0" in message("spec.above", found="-1", limit=0, about="")
    assert message("spec.above", "zh", found="-1", limit=0, about="").startswith("发现 -1")
    assert message("spec.above", "zh-CN", found="-1", limit=0, about="").startswith("发现")
    assert message("spec.above", "de", found="-1", limit=0, about="").startswith("found")


def test_a_phrase_within_a_phrase_is_in_the_same_language():
    inner = phrase("spec.word.nothing")
    outer = phrase("spec.number", found=inner, about="")
    assert outer.text("en") == "found nothing; write a number"
    assert "空值" in outer.text("zh")
    assert str(outer) == outer.text()
    assert isinstance(outer, Phrase)


def test_a_message_that_is_not_there_is_an_error_of_the_program():
    with pytest.raises(KeyError):
        message("spec.nothing_of_the_kind")
