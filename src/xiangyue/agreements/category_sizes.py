"""How many subjects a ground's register has in each category of a scheme: what the linter counts categories by."""

from __future__ import annotations

from datetime import date

from django.db.models import Count

from xiangyue.places.models import Place
from xiangyue.rules.ranking import category_of
from xiangyue.rules.settings import Scheme


def category_sizes(ground: Place, scheme: Scheme, day: date) -> dict[str, int]:
    """Category → its subjects on the ground on a day; a level that the register has nothing of yet is not counted."""
    levels = {row.level for row in scheme.categories}
    if not levels:
        return {}
    rows = Place.objects.live(day).below(ground.path).filter(level__in=levels).order_by()
    counts = list(rows.values_list("level", "place_class").annotate(n=Count("pk")))
    known = {level for level, _class, _n in counts}
    found = {row.code: 0 for row in scheme.categories if row.level in known}
    for level, place_class, n in counts:
        code = category_of(scheme.categories, level, place_class)
        if code in found:
            found[code] += n
    return found
