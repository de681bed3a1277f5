"""RAPID: from the text of modules to a robot program that runs in lock step with the plant."""

from twin.control.syntax.diagnostic import CompileError, Diagnostic

from .controller import RapidController
from .link import check_rapid, compile_rapid
from .wiring import signals_of

__all__ = [
    "CompileError",
    "Diagnostic",
    "RapidController",
    "check_rapid",
    "compile_rapid",
    "signals_of",
]
