"""What is refused is said in the reader's language: refusals are phrases, not texts."""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[3]
SPOKEN = {"ApiError", "CommandRefused", "SignalError"}
FILES = sorted(
    file for room in ("twin", "devices", "scenarios") for file in (ROOT / room).rglob("*.py")
)
DEVELOPERS = {"signal {signal.path} is defined twice"}
"""Said to who writes a kind of asset, never to who uses one."""


def texts(tree):
    """The literal texts that a module's refusals are made of, with their lines."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        for value in node.args if name in SPOKEN else ():
            if isinstance(value, ast.JoinedStr):
                yield ast.unparse(value)[2:-1], value.lineno
            elif isinstance(value, ast.Constant) and isinstance(value.value, str):
                yield value.value, value.lineno


def test_the_search_finds_texts():
    found = [
        text for text, _ in texts(ast.parse("CommandRefused(f'no {a}'); ApiError(404, 'none')"))
    ]
    assert found == ["no {a}", "none"]


def test_a_refusal_is_a_phrase():
    found = [
        f"{file.relative_to(ROOT)}:{line}: {text}"
        for file in FILES
        for text, line in texts(ast.parse(file.read_text("utf-8")))
        if text not in DEVELOPERS
    ]
    assert not found, "\n".join(found)
