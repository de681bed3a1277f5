"""Whatever is thrown at the API, it answers with a result or with a problem, never a crash."""

import asyncio
from typing import Any
from urllib.parse import quote

from api_world import World
from hypothesis import given, settings
from hypothesis import strategies as st

from twin.api import Role

ATOMS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30)
KEYS = st.sampled_from(["rate", "value", "failure", "downtime_s", "x"])
BODIES = st.recursive(
    ATOMS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3)
)
NAMES = st.sampled_from(["demo", "m1", "m1/speed_factor", "m1/jam", "line"]) | st.text(
    st.characters(codec="utf-8", exclude_characters="/?#"), min_size=1, max_size=12
)
OPERATIONS = [
    (method, path)
    for path, operations in World().app.openapi()["paths"].items()
    for method in operations
]


async def _ask(method: str, path: str, body: Any) -> None:
    world = World()
    async with world.client(Role.INSTRUCTOR) as client:
        try:
            request = client.build_request(method, path, json=body if method != "get" else None)
        except (ValueError, UnicodeError):
            return
        answer = await client.send(request)
    assert answer.status_code < 500, (method, path, body, answer.text)
    if answer.status_code >= 400:
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["detail"]


@settings(max_examples=80, deadline=None)
@given(operation=st.sampled_from(OPERATIONS), names=st.tuples(NAMES, NAMES), body=BODIES)
def test_any_request_gets_a_result_or_a_problem(operation, names, body) -> None:
    method, path = operation
    run, name = names
    said = quote(name)
    filled = path.format(run=quote(run), asset=said, path=said, alarm=said, cell=said, robot=said)
    asyncio.run(_ask(method, filled, body))
