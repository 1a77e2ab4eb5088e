"""From where a finding says that it stands, by codes, to the place in the scheme, and so to its line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from xiangyue.rules.settings import Scheme

from .errors import Path

CODED = re.compile(r"([a-z_]+)(?:\[([^\]]*)\])?")


def finding_path(scheme: Scheme, where: str) -> Path:
    """The place that a finding names by codes (`standards[D01].items[D01-02]`), as far as it is there."""
    path: Path = ()
    row: Any = scheme
    for name, code in CODED.findall(where):
        if name == "items" and hasattr(row, "areas"):
            found = next(_items(row, code), None)
            if found is None:
                return path
            path = (*path, *found)
            row = row.areas[int(found[1])].items[int(found[3])]
            continue
        if not hasattr(row, name):
            return path
        path, row = (*path, name), getattr(row, name)
        if not code:
            continue
        at = next((n for n, one in enumerate(row) if getattr(one, "code", None) == code), None)
        if at is None:
            return path
        path, row = (*path, at), row[at]
    return path


def _items(standard: Any, code: str) -> Iterator[Path]:
    for at, area in enumerate(standard.areas):
        for number, item in enumerate(area.items):
            if item.code == code:
                yield ("areas", at, "items", number)
