"""What a household's points and plaques go by: the better of its own score and its result (domain 5.2)."""

from __future__ import annotations

from django.db.models import QuerySet

from xiangyue.rules.honours import counted
from xiangyue.standings.models import Result


def counted_results(results: QuerySet[Result]) -> list[tuple[str, int | None]]:
    """(Subject code, figure that counts) of the results, by code: a pair never costs a household what it earned itself.

    Places and officials go by their result.
    """
    rows = results.order_by("subject__code").values_list("subject__code", "standing__level", "own", "result")
    return [(code, counted(own, result) if level == "household" else result) for code, level, own, result in rows]
