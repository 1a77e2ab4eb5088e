"""Standards as the phone needs them: items with the buttons to tap, in the words of the scheme."""

from __future__ import annotations

from typing import Any

from xiangyue.rules.settings import Item, Standard
from xiangyue.rules.sheet import maximum_of


def standard_json(standard: Standard) -> dict[str, Any]:
    """A standard with its areas, items and buttons."""
    return {
        "name": standard.name,
        "standing": standard.standing,
        "areas": [
            {"name": area.name, "items": [_item(item) for item in area.items]} for area in standard.areas if area.items
        ],
    }


def _item(item: Item) -> dict[str, Any]:
    found: dict[str, Any] = {
        "code": item.code,
        "name": item.name,
        "kind": item.kind,
        "most": maximum_of(item),
        "taps": _taps(item),
    }
    if item.not_applicable:
        found["na"] = True
    if item.photo:
        found["photo"] = item.photo
    if item.kind == "bonus" and not item.steps:
        found["amount"] = True
    return found


def _taps(item: Item) -> list[dict[str, Any]]:
    """The buttons of an item: what an entry says when one is tapped, its words, pictogram, and unit where it is counted."""
    if item.steps:
        return [
            _tap({"step": step.code}, step.name, step.pictogram or item.pictogram, "" if step.all else step.unit)
            for step in item.steps
        ]
    if item.kind == "grade":
        best = max(grade.points for grade in item.grades)
        words = item.fault or item.name
        return [
            _tap({"grade": grade.code}, f"{words}：{grade.name}", item.pictogram)
            for grade in item.grades
            if grade.points < best
        ]
    if item.kind in ("pass", "zero"):
        return [_tap({"failed": True}, item.fault or item.name, item.pictogram)]
    return []


def _tap(says: dict[str, Any], words: str, icon: str, unit: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {"says": says, "words": words, "icon": icon or "alert-triangle"}
    return found | {"unit": unit} if unit else found
