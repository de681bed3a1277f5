"""Feature by feature: what the page about RAPID promises."""

import pytest

from .rapid_bench import bench, keys, value
from .rapid_conformance import ROWS


def rounded(value):
    """Numbers to 1e-9: frames are reckoned with quaternions."""
    if isinstance(value, float):
        return round(value, 9) + 0.0
    if isinstance(value, (tuple, list)):
        return type(value)(rounded(entry) for entry in value)
    return value


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_feature(row):
    if row.refused:
        assert row.refused in keys(row.source)
        return
    if row.warns:
        assert keys(row.source) == [row.warns]
    found = bench(row.source)
    machine = found.machine
    assert (machine.error[0] if machine.error else "") == row.stops
    got = {name: value(found, name) for name in row.gives}
    assert rounded(list(got.values())) == rounded(list(row.gives.values()))
    if row.says:
        assert tuple(machine.messages) == row.says
    if row.does:
        assert tuple(found.mover.log) == row.does
    if row.orders:
        told = [
            {name: getattr(m, name) for name in o}
            for m, o in zip(found.mover.moves, row.orders, strict=True)
        ]
        assert told == list(row.orders)
