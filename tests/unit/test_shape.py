"""The size and the manners of the house: what a reviewer would otherwise have to count."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("twin", "devices", "scenarios", "viewer")
PURE = (
    "twin/control",
    "twin/kernel",
    "twin/plant",
    "twin/spec",
    "twin/wire",
    "scenarios",
)
MODULE_LINES = 600
FUNCTION_LINES = 60
CLASS_METHODS = 20

# path of the module, or module:Name of the class or function, with the reason why it may be larger
EXCEPTIONS: dict[str, str] = {
    "twin/plant/motion/belt.py:Belt": "the surface on which ten kinds of bodies work: each word of "
    "it is one that they say",
}

# calls by which a pure room could reach the machine behind import-linter's back
HIDDEN_WAYS = {"__import__", "import_module", "exec", "eval", "breakpoint"}
# NumPy's one global generator; streams come from twin.kernel.streams
GLOBAL_CHANCE = {"seed", "rand", "randn", "randint", "choice", "shuffle", "permutation"}


def modules(folders: tuple[str, ...] = PACKAGES) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


@cache
def classes() -> dict[str, ast.ClassDef]:
    nodes = (node for path in modules() for node in ast.walk(tree(path)))
    return {node.name: node for node in nodes if isinstance(node, ast.ClassDef)}


def public_methods(node: ast.ClassDef) -> set[str]:
    return {
        item.name
        for item in node.body
        if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef)
        and not item.name.startswith("_")
    }


def own_methods(node: ast.ClassDef) -> set[str]:
    """Public methods that the class adds to its bases: an override is no new word to learn."""
    names = {base.id for base in node.bases if isinstance(base, ast.Name)}
    bases = [classes()[name] for name in names if name in classes() and name != node.name]
    return public_methods(node) - {word for base in bases for word in inherited(base)}


def inherited(node: ast.ClassDef) -> set[str]:
    names = {base.id for base in node.bases if isinstance(base, ast.Name)}
    above = [classes()[name] for name in names if name in classes() and name != node.name]
    return public_methods(node).union(*(inherited(base) for base in above))


def test_there_is_a_house_to_measure() -> None:
    assert len(modules()) > 20


def test_modules_fit_in_the_mind() -> None:
    long = {
        name(path): lines
        for path in modules()
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > MODULE_LINES
        and name(path) not in EXCEPTIONS
    }
    assert not long, f"over {MODULE_LINES} lines; split by noun: {long}"


def test_classes_have_few_public_methods() -> None:
    wide = {
        f"{name(path)}:{node.name}": len(own_methods(node))
        for path in modules()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ClassDef)
        and len(own_methods(node)) > CLASS_METHODS
        and f"{name(path)}:{node.name}" not in EXCEPTIONS
    }
    assert not wide, f"over {CLASS_METHODS} public methods: {wide}"


def test_functions_are_a_screenful() -> None:
    long = {
        f"{name(path)}:{node.name}": lines
        for path in modules()
        for node in functions(path)
        if (lines := (node.end_lineno or 0) - node.body[0].lineno + 1) > FUNCTION_LINES
        and f"{name(path)}:{node.name}" not in EXCEPTIONS
    }
    assert not long, f"over {FUNCTION_LINES} lines: {long}"


def test_every_exception_is_still_needed_and_has_a_reason() -> None:
    for entry, reason in EXCEPTIONS.items():
        assert (ROOT / entry.split(":")[0]).exists(), f"{entry} is gone: drop its exception"
        assert len(reason) > 20, f"{entry}: say why"


@pytest.mark.parametrize("folder", PURE)
def test_pure_rooms_have_no_coroutine(folder: str) -> None:
    found = [
        f"{name(path)}:{node.lineno}"
        for path in modules((folder,))
        for node in ast.walk(tree(path))
        if isinstance(node, ast.AsyncFunctionDef | ast.Await | ast.AsyncFor | ast.AsyncWith)
    ]
    assert not found, f"{folder} knows no loop: {found}"


@pytest.mark.parametrize("folder", PURE)
def test_pure_rooms_take_no_hidden_way_out(folder: str) -> None:
    found = []
    for path in modules((folder,)):
        for node in ast.walk(tree(path)):
            if not isinstance(node, ast.Call):
                continue
            called = node.func.id if isinstance(node.func, ast.Name) else None
            if isinstance(node.func, ast.Attribute):
                called = node.func.attr
                owner = node.func.value
                numpy_random = isinstance(owner, ast.Attribute) and owner.attr == "random"
                if numpy_random and called in GLOBAL_CHANCE:
                    found.append(f"{name(path)}:{node.lineno} draws from NumPy's global generator")
            if called in HIDDEN_WAYS:
                found.append(f"{name(path)}:{node.lineno} calls {called}")
    assert not found, found


def test_state_of_a_run_holds_no_lambda() -> None:
    stored = [
        f"{name(path)}:{node.lineno}"
        for path in modules(("twin/plant", "twin/kernel"))
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Assign | ast.AnnAssign)
        and any(
            isinstance(target, ast.Attribute)
            for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        )
        and isinstance(node.value, ast.Lambda | ast.GeneratorExp)
    ]
    assert not stored, f"a snapshot is plain data: {stored}"


def test_data_folder_is_no_package() -> None:
    assert not list((ROOT / "config").rglob("*.py"))


def test_nothing_is_committed_that_a_tool_made() -> None:
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").split()
    for made in ("__pycache__/", ".venv/", ".hypothesis/", "node_modules/"):
        assert made in ignored


def test_constraints_are_names_and_versions_only() -> None:
    for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines():
        pinned, _, version = line.partition("==")
        if line and not line.startswith("#"):
            assert pinned.replace("-", "").replace("_", "").replace(".", "").isalnum(), line
            assert version[:1].isdigit(), line
            assert not set(version) & set(" ;@/"), line


def test_both_readmes_give_the_same_commands() -> None:
    def commands(file: str) -> list[str]:
        blocks = (ROOT / file).read_text(encoding="utf-8").split("```")[1::2]
        return [block for block in blocks if block.startswith("sh\n")]

    assert commands("README.md") == commands("README.zh-CN.md")


def test_readme_links_lead_somewhere() -> None:
    for readme in (ROOT / "README.md", ROOT / "README.zh-CN.md", ROOT / "CONTRIBUTING.md"):
        for target in re.findall(r"\]\(([^)#]+)\)", readme.read_text(encoding="utf-8")):
            assert "://" in target or (ROOT / target).exists(), f"{readme.name}: {target}"
