"""What problems tell of public places: how many are not closed."""

from __future__ import annotations

from django.db.models import Count

from xiangyue.duties.teams.shown import Asked
from xiangyue.problems.models import Problem


def spots_told(asked: Asked) -> None:
    """The problems on the way at each of the places."""
    rows = Problem.objects.live().filter(place_id__in=asked.places)
    asked.problems.update(rows.order_by().values_list("place_id").annotate(n=Count("pk")))
