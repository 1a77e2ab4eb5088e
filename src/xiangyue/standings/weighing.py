"""The last results of a ground's subjects, for those below who ask: an assignment by rule gives the worst to committees."""

from __future__ import annotations

from xiangyue.duties.facts import Weighing
from xiangyue.standings.models import Result, Standing


def duties_weighing(weighing: Weighing) -> None:
    """Fill in each subject's result of the last month closed before the day."""
    county = weighing.path.split("/")[0]
    rows = Standing.objects.filter(
        level=weighing.level, closing__period__ground__code=county, closing__period__ends_on__lt=weighing.day
    )
    last = rows.order_by("-closing__period__ends_on", "-closing__version", "pk").first()
    if last is None:
        return
    found = Result.objects.filter(
        standing=last, result__isnull=False, subject__path__gte=weighing.path,
        subject__path__lt=weighing.path[:-1] + "0",
    )  # fmt: skip
    rows_found = found.values_list("subject_id", "result")
    weighing.results.update({pk: value for pk, value in rows_found if value is not None})
