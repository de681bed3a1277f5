"""A supply without end into a place without limit: refused by the loader, and by the plant."""

import pytest

from tests.unit.plant.lives import alive
from twin.kernel.errors import PilotlineError
from twin.spec.check import check_line
from twin.spec.line import LineSpec


def line(*assets):
    return LineSpec.model_validate(
        {
            "schema": "pilotline.line/1",
            "id": "t",
            "assets": [{"id": "feed", "kind": "source"}, *assets],
            "flow": [["feed", *(entry["id"] for entry in assets)]],
        }
    )


@pytest.mark.parametrize(
    "spec",
    [
        line({"id": "out", "kind": "sink"}),
        line({"id": "q", "kind": "buffer", "capacity": 2}, {"id": "out", "kind": "sink"}),
        line({"id": "m", "kind": "station", "process_s": 0}, {"id": "out", "kind": "sink"}),
    ],
)
def test_a_supply_without_end_is_refused(spec):
    assert "flood" in [problem.phrase.key.rpartition(".")[2] for problem in check_line(spec)]


@pytest.mark.slow
@pytest.mark.parametrize(
    "spec",
    [
        line({"id": "out", "kind": "sink"}),
        line(
            {"id": "q", "kind": "buffer"},
            {"id": "m", "kind": "station", "process_s": 1},
            {"id": "out", "kind": "sink"},
        ),
    ],
)
def test_a_line_that_was_not_checked_says_so_instead_of_hanging(spec, monkeypatch):
    monkeypatch.setattr("twin.plant.ends.MOST_AT_ONCE", 10_000)
    runner = alive(spec)
    with pytest.raises(PilotlineError, match=r"feed .* never stops giving"):
        runner.run_until(10)
