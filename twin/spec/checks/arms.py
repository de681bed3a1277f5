"""What is wrong with the arm of a robot."""

from collections.abc import Iterator

from twin.spec.arms import describe
from twin.spec.arms.geometry import OWN
from twin.spec.arms.tree import Node, read_tree
from twin.spec.document import Finding, Path
from twin.spec.errors import Problem, SpecError
from twin.spec.messages import Phrase, phrase
from twin.spec.motion.robots import ArmFile

PACKAGED = "package://example-robot-data/"


def check_arm(path: Path, arm: str | ArmFile) -> Iterator[Finding]:
    """Yield what is wrong with an arm that needs no file beside the line."""
    if isinstance(arm, ArmFile):
        if arm.urdf is None:
            if arm.file is None:
                yield Finding(path, phrase("spec.arm.both"))
            return  # else told with the line's files
        if arm.file is None:
            yield from _files(path, arm.urdf)
    try:
        describe(arm)
    except SpecError as error:
        yield from (Finding(path, in_file(problem)) for problem in error.problems)


def in_file(problem: Problem) -> Phrase:
    """Return what is wrong with a URDF, with its line there."""
    told = problem.phrase or phrase("spec.arm.other", text=problem.message)
    if not problem.line:
        return told
    return phrase("spec.arm.in_file", file=problem.file, line=problem.line, told=told)


def _files(path: Path, urdf: str) -> Iterator[Finding]:
    """Yield the meshes that a URDF in the line itself names: from there no file is read."""
    try:
        root = read_tree(urdf, "<urdf>")
    except SpecError:
        return
    for name in dict.fromkeys(_meshes(root)):
        if not name.startswith((OWN, PACKAGED)):
            yield Finding(path, phrase("spec.arm.inline_mesh", file=name))


def _meshes(node: Node) -> Iterator[str]:
    if node.tag == "mesh":
        yield node.values.get("filename", "")
    for child in node.children:
        yield from _meshes(child)
