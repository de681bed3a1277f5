"""Feature by feature: what the standard has and the page promises."""

import pytest

from twin.control.st import check_st, compile_st

from .conformance import ROWS, Row


def run(source, scans=1):
    image = compile_st(source).start()
    for number in range(scans):
        image.scan(time_ns=number * 10_000_000)
    return image


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_feature(row: Row) -> None:
    if row.refused:
        assert row.refused in [d.key for d in check_st(row.source)]
        return
    image = run(row.source, row.scans)
    found = {name: image.read(f"main.{name}") for name in row.gives}
    assert found == row.gives
    assert [type(value) for value in found.values()] == [type(v) for v in row.gives.values()]
