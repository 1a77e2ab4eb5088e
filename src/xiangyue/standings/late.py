"""Late checks: stored for a closed month, listed, and taken in all at once when a new version is opened."""

from __future__ import annotations

from xiangyue.checks.models import Check
from xiangyue.rules.days import Span, months_of


def month_numbers(span: Span) -> list[int]:
    """The months of a period as yyyymm."""
    return [month.starts_on.year * 100 + month.starts_on.month for month in months_of(span)]


def count_late(ground_id: int, scheme: str, span: Span) -> int:
    """How many late checks of a period wait for a new version."""
    return (
        Check.objects.aside(Check.State.LATE)
        .filter(ground_id=ground_id, kind__scheme=scheme, month__in=month_numbers(span))
        .count()
    )


def take_in(ground_id: int, scheme: str, span: Span) -> int:
    """Late checks of a month count from now on; gives how many were taken in. Longer periods have none of their own."""
    if span.kind != "month":
        return 0
    from xiangyue.checks.actions.deciding import take_in_late

    return take_in_late(ground_id, scheme, month_numbers(span))
