"""What checks tell of public places: how often they were checked in some days, and when last."""

from __future__ import annotations

from django.db.models import Count, Max, Q

from xiangyue.checks.models import Check
from xiangyue.duties.teams.shown import Asked


def spots_told(asked: Asked) -> None:
    """Checks that count, those with a fault, and the last day, for each of the places."""
    during = Q(day__gte=asked.first, day__lte=asked.last)
    rows = Check.objects.filter(subject_id__in=asked.places, state=Check.State.COUNTED, day__lte=asked.last)
    values = rows.order_by().values_list("subject_id").annotate(
        last=Max("day"), n=Count("pk", filter=during), bad=Count("pk", filter=during & Q(n_faults__gt=0))
    )  # fmt: skip
    for place, last, n, bad in values:
        asked.checked_on[place], asked.checks[place], asked.faulty[place] = last, n, bad
