"""The scheme language: a county's way of working as data, read, written, compared and judged. No Django here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .errors import SchemeError, SchemeErrors
from .loader import load, load_bytes, load_file

if TYPE_CHECKING:
    from .differ import Difference, differences
    from .finding import Finding
    from .json_schema import reference, schema
    from .linter import lint
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
LATER = {
    "Difference": "differ",
    "Finding": "finding",
    "Narrowing": "narrowing",
    "check_report": "report",
    "differences": "differ",
    "dump": "writing",
    "lint": "linter",
    "narrowing_errors": "narrowing",
    "pack": "packs",
    "pack_names": "packs",
    "pack_text": "packs",
    "reference": "json_schema",
    "schema": "json_schema",
}
"""What only those who write and compare schemes need: its module is read when it is asked for, not at every start."""


def __getattr__(name: str) -> Any:
    if name not in LATER:
        raise AttributeError(name)
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{LATER[name]}"), name)
