"""The scheme language: a county's way of working as data, read, written, compared and judged. No Django here."""

from .errors import SchemeError, SchemeErrors
from .loader import load, load_file
from .packs import pack, pack_names, pack_text
from .writing import dump

__all__ = ["SchemeError", "SchemeErrors", "dump", "load", "load_file", "pack", "pack_names", "pack_text"]
