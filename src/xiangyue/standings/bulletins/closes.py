"""Where each village's results of a month stand: whether the month is closed with it, on notice, in force."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from xiangyue.places.models import Level
from xiangyue.rules.days import Span
from xiangyue.standings.models import Closing, Result

STEPS = ("closed", "proposed", "in_force")
"""The states of a version that stands, the least first."""


def closes_in(villages: Sequence[int], grounds: Iterable[int], span: Span) -> dict[int, str]:
    """Village → closed, proposed, in_force or unrated, the least of what the grounds' months say of it.

    Left out: villages of which no month has been closed.
    """
    rows = Closing.objects.filter(period__ground__in=list(grounds), period__key=span.key).order_by("version")
    newest = {period: (pk, state) for period, pk, state in rows.values_list("period_id", "pk", "state")}
    states = dict(newest.values())
    if not states:
        return {}
    told = Result.objects.filter(
        standing__closing__in=list(states), standing__level=Level.VILLAGE, subject__in=villages
    ).values_list("subject_id", "standing__closing_id", "result")
    found: dict[int, str] = {}
    rated: set[int] = set()
    for village, closing, result in told:
        if result is not None:
            rated.add(village)
        state = states[closing]
        found[village] = min(found.get(village, state), state, key=STEPS.index)
    return {village: state if village in rated else "unrated" for village, state in found.items()}
