"""Established violations as ratings and reviews take them: those in force in a period, by subject."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple, cast

from django.db.models import QuerySet

from xiangyue.people.models import Organisation
from xiangyue.rules.days import Span
from xiangyue.rules.settings import About, Basis, Scheme, ViolationKind
from xiangyue.rules.violations import Violation
from xiangyue.standings.facts import Ground
from xiangyue.standings.ratings.models import EstablishedViolation


class Held(NamedTuple):
    """A violation in force and the key of its row."""

    pk: int
    violation: Violation


def kinds_of(scheme: Scheme) -> dict[str, ViolationKind]:
    """Every kind of violation that the scheme's ratings know, by code."""
    return {kind.code: kind for rating in reversed(scheme.ratings) for kind in rating.violations}


def in_charge(kind: ViolationKind | None, department: Organisation) -> str:
    """The department as the scheme names it, by name or by code; else its own name."""
    if kind is not None and kind.department in (department.name, department.code):
        return kind.department
    return department.name


def rows_in(ground_id: int, scheme: str, span: Span) -> QuerySet[EstablishedViolation]:
    """The rows in force on some day of the period."""
    return EstablishedViolation.objects.filter(
        ground=ground_id, scheme=scheme, lifted_at=None, from_on__lte=span.ends_on, to_on__gte=span.starts_on
    )


def in_force(ground: Ground, scheme: Scheme, span: Span) -> Mapping[str, Sequence[Held]]:
    """Subject's code → its violations in force in the period, by document."""
    kinds = kinds_of(scheme)
    found: dict[str, list[Held]] = {}
    rows = rows_in(ground.id, scheme.code, span).select_related("subject", "department")
    for row in rows.order_by("subject__code", "document", "kind", "pk"):
        found.setdefault(row.subject.code, []).append(Held(row.pk, violation_of(row, kinds.get(row.kind))))
    return found


def violation_of(row: EstablishedViolation, kind: ViolationKind | None) -> Violation:
    """A row as the rules take it."""
    return Violation(
        row.subject.code, row.kind, row.document, row.clause, in_charge(kind, row.department),
        cast("Basis", row.basis), cast("About", row.about), row.words,
    )  # fmt: skip
