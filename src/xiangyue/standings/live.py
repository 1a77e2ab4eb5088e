"""The live standing of an open period, kept as running sums while checks come in."""

from __future__ import annotations

from typing import Any


def totals_changed(facts: Any) -> None:
    """Follow a change of sheet totals."""
    raise NotImplementedError
