"""The scheme language: a county's way of working as data, read, written, compared and judged. No Django here."""

from .differ import Difference, differences
from .errors import SchemeError, SchemeErrors
from .json_schema import reference, schema
from .linter import Finding, lint
from .loader import load, load_bytes, load_file
from .narrowing import Narrowing, narrowing_errors
from .packs import pack, pack_names, pack_text
from .report import check_report
from .writing import dump

__all__ = [
    "Difference",
    "Finding",
    "Narrowing",
    "SchemeError",
    "SchemeErrors",
    "check_report",
    "differences",
    "dump",
    "lint",
    "load",
    "load_bytes",
    "load_file",
    "narrowing_errors",
    "pack",
    "pack_names",
    "pack_text",
    "reference",
    "schema",
]
