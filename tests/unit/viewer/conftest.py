"""Lines that the viewer's tests draw."""

import sys
from pathlib import Path

import pytest

from twin.spec.line import LineSpec

sys.path.insert(0, str(Path(__file__).parent))

SMALL = {
    "schema": "pilotline.line/1",
    "id": "small",
    "title": {"en": "Small line", "zh": "小产线"},
    "parts": [{"id": "pack", "size_m": [0.9, 0.6, 0.35], "colour": "#d4307f"}],
    "assets": [
        {"id": "feed", "kind": "source", "part": "pack"},
        {"id": "m1", "kind": "station", "process_s": 40},
        {"id": "belt", "kind": "conveyor", "length_m": 4, "speed_m_s": 0.2},
        {"id": "eol", "kind": "inspection", "process_s": 20},
        {"id": "fix", "kind": "station", "process_s": 60, "place": {"shape": "bench"}},
        {"id": "park", "kind": "buffer", "capacity": 4},
        {"id": "out", "kind": "sink"},
        {"id": "agv", "kind": "vehicle", "count": 2, "home": "park"},
        {"id": "crew", "kind": "operator", "count": 2},
    ],
    "flow": [
        ["feed", "m1", "belt", "eol"],
        {"from": "eol", "to": {"pass": "park", "fail": "fix"}, "by": "quality"},
        ["fix", "eol"],
        ["park", "agv", "out"],
    ],
}


@pytest.fixture(scope="session")
def small() -> LineSpec:
    """A line with a belt, rework below, and a vehicle."""
    return LineSpec.model_validate(SMALL)
