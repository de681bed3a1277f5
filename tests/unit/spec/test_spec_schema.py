"""The JSON Schemas that editors read are those of the models."""

import json

import pytest

from twin.spec.line import LineSpec
from twin.spec.schema import MODELS, differing, main, schema_text
from twin.spec.shipped import config_folder


def test_the_kept_schemas_are_up_to_date(capsys):
    assert main(["--check"]) == 0
    assert capsys.readouterr().err == ""


def test_an_outdated_schema_is_found_and_written(tmp_path, capsys):
    assert main(["--check", "--folder", str(tmp_path)]) == 1
    assert "line.schema.json is outdated" in capsys.readouterr().err
    assert main(["--folder", str(tmp_path)]) == 0
    assert differing(MODELS, tmp_path) == []
    (tmp_path / "line.schema.json").write_text("{}")
    assert [path.name for path in differing(MODELS, tmp_path)] == ["line.schema.json"]
    assert main(["--check", "--folder", str(tmp_path)]) == 1


def test_a_wrong_call_is_told(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["--chek"])
    assert ended.value.code == 2
    assert "--chek" in capsys.readouterr().err


@pytest.mark.parametrize("name", MODELS)
def test_a_schema_is_json_and_refuses_unknown_keys(name):
    schema = json.loads((config_folder() / "schema" / f"{name}.schema.json").read_text("utf-8"))
    assert schema["$schema"].endswith("2020-12/schema")
    assert schema["additionalProperties"] is False
    assert schema["$id"] == f"urn:pilotline:schema:{name}"


def test_the_short_forms_are_in_the_schema():
    schema = json.loads(schema_text("line", LineSpec))
    failure = schema["$defs"]["Failure"]["properties"]
    number, mapping = failure["uptime_s"]["anyOf"]
    assert (number["type"], number["minimum"]) == ("number", 0)
    assert mapping == {"$ref": "#/$defs/Time"}
    assert {"type": "string"} in schema["properties"]["title"]["anyOf"]
    shift = schema["$defs"]["Shift"]["properties"]
    assert "from" in shift
    assert "from_" not in shift
