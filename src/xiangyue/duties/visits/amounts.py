"""Contributions in words: sums by kind, each in its unit, large ones in a larger unit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, QuerySet, Sum
from django.utils.translation import gettext as _

from xiangyue.duties.visit_models import UNITS, Contribution, Visit
from xiangyue.rules.numbers import half_up

KINDS = tuple(Contribution.Kind)
TEN_THOUSAND, TON = 10_000, 1_000


@dataclass(frozen=True, slots=True)
class KindSum:
    """A sum of one kind."""

    kind: str
    label: str
    amount: int
    shown: str
    unit: str


@dataclass(frozen=True, slots=True)
class GiverSum:
    """What one department, enterprise or other giver put in: visits, and an amount by kind."""

    organisation_id: int | None
    name: str
    code: str
    kind: str
    visits: int
    amounts: tuple[int, ...]
    """In the order of `KINDS`."""


def in_words(kind: str, amount: int) -> tuple[str, str]:
    """(Figure, unit) as a page shows it: 302 万元 for 3 020 000 元, 1.95 吨 for 1 950 公斤."""
    if kind == Contribution.Kind.MONEY and amount >= TEN_THOUSAND:
        return _larger(amount, TEN_THOUSAND), _("万元")
    if kind == Contribution.Kind.RUBBISH and amount >= TON:
        return _larger(amount, TON), _("吨")
    return f"{amount:,}", str(UNITS[kind])


def _larger(amount: int, each: int) -> str:
    hundredths = half_up(100 * amount, each)
    whole, rest = divmod(hundredths, 100)
    return f"{whole:,}" + (f".{rest:02d}".rstrip("0") if rest else "")


def sums(rows: QuerySet[Contribution]) -> list[KindSum]:
    """The sum of each kind that there is."""
    totals = dict(rows.order_by().values_list("kind").annotate(total=Sum("amount")))
    return [
        KindSum(kind.value, str(kind.label), int(totals[kind.value]), *in_words(kind.value, int(totals[kind.value])))
        for kind in KINDS
        if totals.get(kind.value)
    ]


def contributions_of(path: str, first: date, last: date) -> QuerySet[Contribution]:
    """What was given on counted visits of these days at or below the place."""
    visits = Visit.objects.counting().between(first, last).below(path)
    return Contribution.objects.filter(visit__in=visits)


def by_giver(path: str, first: date, last: date) -> list[GiverSum]:
    """Sums by the organisation that was visited for; what persons gave for themselves stands last, under no name."""
    amounts: dict[int | None, dict[str, int]] = {}
    rows = contributions_of(path, first, last).order_by()
    for unit, kind, total in rows.values_list("visit__organisation_id", "kind").annotate(total=Sum("amount")):
        amounts.setdefault(unit, {})[kind] = int(total)
    visits = Visit.objects.counting().between(first, last).below(path).order_by()
    counted = visits.values_list("organisation_id").annotate(n=Count("pk"))
    counts: dict[int | None, int] = {unit: int(n) for unit, n in counted}
    named = {
        pk: (code, name, kind)
        for pk, code, name, kind in Visit.objects.filter(organisation_id__in=[pk for pk in amounts if pk])
        .order_by()
        .values_list("organisation_id", "organisation__code", "organisation__name", "organisation__kind")
        .distinct()
    }
    found = []
    for unit, held in amounts.items():
        code, name, kind = named[unit] if unit in named else ("", _("个人"), "")
        figures = tuple(held.get(one.value, 0) for one in KINDS)
        found.append(GiverSum(unit, name, code, kind, counts.get(unit, 0), figures))
    return sorted(found, key=lambda row: (row.organisation_id is None, *(-n for n in row.amounts), row.code))


def totals_of(rows: Iterable[GiverSum]) -> tuple[int, ...]:
    """The columns added up: the line at the foot."""
    return tuple(sum(column) for column in zip(*(row.amounts for row in rows), strict=True)) or (0,) * len(KINDS)
