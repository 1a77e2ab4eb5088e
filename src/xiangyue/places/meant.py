"""Which place somebody means who knows no codes: a village by its name, a household by its village and door."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from xiangyue.base.scope import below
from xiangyue.places.models import Level, Place

APART = re.compile(r"[\s,，、：:;；]+")
"""What stands between the words of a line that was typed by hand."""


def doors(asked: Collection[tuple[str, str]], paths: Iterable[str]) -> dict[tuple[str, str], Place]:
    """Households below the paths by (village, door), where these say which one."""
    if not asked:
        return {}
    rows = Place.objects.filter(
        below("path", tuple(paths)), level=Level.HOUSEHOLD, to_on=None,
        village__name__in={village for village, _door in asked}, name__in={door for _village, door in asked},
    ).select_related("village")  # fmt: skip
    held: dict[tuple[str, str], list[Place]] = {}
    for row in rows:
        held.setdefault((row.village.name if row.village else "", row.name), []).append(row)
    return {key: found[0] for key, found in held.items() if len(found) == 1}


def named(words: str, paths: Iterable[str]) -> Place | None:
    """The place below the paths that is meant by a code, a name, or a village and a door; None for none or several."""
    within = tuple(paths)
    parts = [part for part in APART.split(words.strip()) if part]
    if len(parts) == 2:
        return doors({(parts[0], parts[1])}, within).get((parts[0], parts[1]))
    if len(parts) != 1:
        return None
    here = Place.objects.filter(below("path", within))
    found = here.filter(code=parts[0]).first()
    if found is not None:
        return found
    rows = list(here.filter(name=parts[0], to_on=None).exclude(level=Level.HOUSEHOLD)[:2])
    return rows[0] if len(rows) == 1 else None
