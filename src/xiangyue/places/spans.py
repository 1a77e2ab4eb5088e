"""Keeping the spans of places: one row closes on the eve of a change, the next opens on its day."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

from django.db.models import OuterRef, Subquery

from xiangyue.base.bulk import insert_rows, stored
from xiangyue.places.models import Place, PlaceSpan

FIELDS = ("name", "place_class", "parent_id", "path")


def keep_spans(ids: Collection[int], on: date) -> None:
    """Bring the spans of these places in line with their rows, from `on`; a span begun that day is written over."""
    spans = PlaceSpan.objects.filter(place_id__in=ids, to_on=None)
    spans.filter(from_on__lt=on).update(to_on=on - timedelta(days=1))
    row = Place.objects.filter(pk=OuterRef("place_id"))
    now: dict[str, Any] = {name: Subquery(row.values(name)[:1]) for name in FIELDS}
    spans.update(**now)
    open_spans(ids, on)


def open_spans(ids: Collection[int], on: date | None = None) -> None:
    """A first or next span for each live one of these places that has none open, from `on` or the place's first day."""
    rows = Place.objects.filter(pk__in=ids, to_on=None).exclude(
        pk__in=PlaceSpan.objects.filter(place_id__in=ids, to_on=None).values("place_id")
    )
    values = list(rows.values_list("pk", "name", "place_class", "parent_id", "path", "from_on"))
    insert_rows(
        PlaceSpan,
        ["place", "name", "place_class", "parent", "path", "from_on"],
        ((*row[:5], stored(on or row[5])) for row in values),
    )


def close_spans(ids: Collection[int], last: date) -> None:
    """End the open spans of places that end."""
    PlaceSpan.objects.filter(place_id__in=ids, to_on=None).update(to_on=last)
