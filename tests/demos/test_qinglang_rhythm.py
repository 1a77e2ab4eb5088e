"""Qinglang's rhythm replayed (seed 001, row Q3): the months' bulletins against the sheets, meetings and problems themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.demos.conftest import Built

pytestmark = [pytest.mark.demo, pytest.mark.xdist_group("qinglang")]


BULLETINS = """
from collections import Counter
from xiangyue.checks.models import Check
from xiangyue.duties.dispatch_models import Dispatch
from xiangyue.problems.models import Step
from django.utils import timezone
from xiangyue.standings.bulletins.filling import digest_of
from xiangyue.standings.bulletins.models import Bulletin
rows = list(Bulletin.objects.order_by("year", "number"))
found = []
for row in rows:
    year, month = map(int, row.key.split("-"))
    n, bad, days, spots = Counter(), Counter(), set(), set()
    sheets = Check.objects.filter(state=1, month=year * 100 + month)
    values = sheets.values_list("subject__village__code", "kind__code", "day", "n_faults", "subject")
    for code, kind, day, faults, subject in values.iterator():
        n[code] += 1
        bad[code] += faults > 0
        if kind == "village_daily":
            days.add((code, day))
        if kind == "spot":
            spots.add((code, subject))
    own, seen = Counter(code for code, _day in days), Counter(code for code, _place in spots)
    figures = row.told["figures"]
    same = {
        (one["checks"], one["faulty"], one["days_done"], one["spots_checked"])
        == (n[code], bad[code], own[code], seen[code])
        for code, one in figures["villages"].items()
    }
    on = {"held_on__year": year, "held_on__month": month}
    met = len(figures["meetings"]) == Dispatch.objects.filter(**on).count()
    reported = Step.objects.filter(kind="reported", day__year=year, day__month=month)
    real = reported.exclude(problem__state__in=("merged", "dismissed")).count()
    opened = figures["total"]["opened"] + figures["elsewhere"] == real
    found.append([same == {True}, met, opened, digest_of(row) == row.digest])
home = page("/office/", "B001")
shown = page(f"/bulletins/{rows[-1].pk}/", "B001")
tell({
    "same": all(all(one) for one in found), "n": len(rows), "villages": len(figures["villages"]),
    "numbers": [[row.year, row.number] for row in rows], "asked": "上月通报还没发" in home,
    "due": timezone.localdate().day >= 10,
    "boards": any("红榜——" in str(row.told) for row in rows), "page": "村（社区）" in shown,
    "read": sum(row.reads.exists() for row in rows),
})
"""


@pytest.fixture(scope="module")
def qinglang(demos: Any) -> Built:
    built: Built = demos("qinglang")
    return built


def test_each_months_bulletin_says_what_the_sheets_say(qinglang: Built) -> None:
    """Q3: its figures are those of the sheets themselves, counted one by one; numbered without gaps; last month's is due."""
    told = qinglang.ask(BULLETINS)
    assert told["same"]
    assert told["villages"] == 14
    assert told["read"] == told["n"] >= 12
    years = sorted({year for year, _number in told["numbers"]})
    for year in years:
        numbers = [number for one, number in told["numbers"] if one == year]
        assert numbers == list(range(1, len(numbers) + 1))
    # the scheme asks for it from the tenth
    assert told["asked"] == told["due"]
    assert told["boards"]
    assert told["page"]
