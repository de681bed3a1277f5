"""IEC 61131-3 Structured Text: from a source to a program that scans in simulation time."""

from twin.control.syntax.diagnostic import CompileError, Diagnostic, Severity

from .fault import ScanFault
from .image import Image
from .limits import Limits
from .program import Program, Task, check_st, compile_st
from .scope import IoVariable
from .watch import Watched

__all__ = [
    "CompileError",
    "Diagnostic",
    "Image",
    "IoVariable",
    "Limits",
    "Program",
    "ScanFault",
    "Severity",
    "Task",
    "Watched",
    "check_st",
    "compile_st",
]
