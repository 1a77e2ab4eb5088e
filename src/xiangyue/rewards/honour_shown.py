"""What the public reads of titles: villages by name, households by their consent, the others as counts over the floors."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from xiangyue.agreements.actions.consents import consented
from xiangyue.agreements.models import Consent
from xiangyue.places.models import Level, Place
from xiangyue.rules.settings import HouseholdRules
from xiangyue.standings.notices.kinds import PublicTable
from xiangyue.standings.published_households import Counts, told


@dataclass(frozen=True, slots=True)
class Named:
    """A holder who is public by name."""

    name: str
    where: str


@dataclass(frozen=True, slots=True)
class ShownTitle:
    """A title with its public holders; `unnamed`: how many more households, None where the number is not told."""

    name: str
    named: tuple[Named, ...]
    unnamed: int | None
    villages: tuple[tuple[str, int], ...]
    """Villages with how many of those households, where it may be told."""
    others: bool
    """Whether there are holders who are not public by name."""


def shown_of(
    ground: Place, held: Iterable[tuple[str, int]], places: QuerySet[Any, Any], rules: HouseholdRules, day: date
) -> tuple[ShownTitle, ...]:
    """Title by title who holds it, from (title, place) and the query that gives those places."""
    rows = Place.objects.filter(pk__in=places).select_related("village", "township", "parent", "household")
    found = {row.pk: row for row in rows}
    agreed = consented(Consent.Purpose.HONOUR_PUBLIC, day, ground.path)
    villages = {row.village_id for row in found.values() if row.level == Level.HOUSEHOLD}
    homes = Place.objects.filter(village__in=villages, level=Level.HOUSEHOLD, to_on=None)
    size = dict(homes.order_by().values_list("village_id").annotate(n=Count("pk"))) if villages else {}
    titles: dict[str, list[Place]] = {}
    for title, pk in held:
        titles.setdefault(title, []).append(found[pk])
    return tuple(_title(name, rows_of, agreed, size, rules) for name, rows_of in titles.items())


def _title(
    name: str, places: Sequence[Place], agreed: set[int], size: Mapping[Any, int], rules: HouseholdRules
) -> ShownTitle:
    open_ones = [row for row in places if row.level != Level.HOUSEHOLD or row.pk in agreed]
    hidden = [row for row in places if row.level == Level.HOUSEHOLD and row.pk not in agreed]
    by_village = Counter(row.village_id for row in hidden)
    names = {row.village_id: row.village for row in hidden}
    parts = [
        Counts(pk or 0, village.code, village.name, size.get(pk, 0), by_village[pk], 0)
        for pk, village in names.items()
        if village is not None
    ]
    whole = Counts(0, "", "", sum(one.rated or 0 for one in parts), len(hidden), 0)
    shown, counts = told(whole, sorted(parts, key=lambda one: one.code), rules)
    if shown.red is None:
        # the parts added up would tell the whole that is kept back
        counts = tuple(replace(one, red=None) for one in counts)
    return ShownTitle(
        name,
        tuple(_named(row) for row in sorted(open_ones, key=lambda row: row.path)),
        shown.red if hidden else 0,
        tuple((one.name, one.red) for one in counts if one.red is not None),
        bool(hidden),
    )


def _named(row: Place) -> Named:
    town = row.township.name if row.township else ""
    if row.level != Level.HOUSEHOLD:
        return Named(row.name, town if row.level != Level.TOWNSHIP else "")
    head = row.household.head_name if hasattr(row, "household") else ""
    hamlet = row.parent.name if row.parent and row.parent.level == Level.HAMLET else ""
    return Named(head or row.name, f"{row.village.name if row.village else ''}{hamlet}{row.name if head else ''}")


def tables_of(titles: Iterable[ShownTitle], note: str = "") -> tuple[PublicTable, ...]:
    """The same as tables for a notice."""
    return tuple(_table(one, note) for one in titles)


def _table(one: ShownTitle, note: str) -> PublicTable:
    rows = [(row.name, row.where) for row in one.named]
    rows += [
        (_("没有同意公开户名的农户"), _("%(village)s %(n)s户") % {"village": name, "n": n}) for name, n in one.villages
    ]
    return PublicTable(one.name, (_("对象"), _("所在")), tuple(rows), "；".join(filter(None, (words_of(one), note))))


def words_of(one: ShownTitle) -> str:
    """How many hold the title that are not named, in words."""
    if not one.others:
        return ""
    if one.unnamed is None:
        return _("另有农户没有同意公开户名；户数太少，不公布")
    return _("另有%s户没有同意公开户名") % one.unnamed
