"""What becomes of a check's faults: shown as mended with its day on the sheet, the figure and the ledger; scores stand."""

from __future__ import annotations

from datetime import timedelta

from django.test import Client
from django.urls import reverse

from tests.cast import COUNTY, NOW, TOWN, WILLOW, Cast
from tests.problems.rows import closed, step
from tests.problems.test_checks import DARK, HEAP, inspected
from xiangyue.checks.faults import lifted_words
from xiangyue.checks.models import Check
from xiangyue.people.grants import scope_of
from xiangyue.problems.faults import faults_at
from xiangyue.problems.models import Problem
from xiangyue.standings.actions.closing import close_period
from xiangyue.standings.models import Result

AFTER = NOW + timedelta(days=12)


def page(cast: Cast, name: str, *args: object, by: str = "township_office") -> str:
    client = Client()
    client.force_login(cast.users[by])
    reply = client.get(reverse(name, args=args))
    assert reply.status_code == 200, reply.status_code
    return str(reply.content.decode())


def stands() -> list[tuple[object, ...]]:
    return list(Result.objects.order_by("pk").values_list("standing__digest", "result", "rank"))


def test_a_sheet_tells_what_became_of_its_faults(cast: Cast) -> None:
    inspected(cast, HEAP, DARK)
    check = Check.objects.get()
    told = page(cast, "checks:check", check.pk)
    assert "后来怎样了" in told
    assert "期限2026年" in told
    heap = Problem.objects.get(kind="rubbish")
    step(cast, heap, "village_office", "mended")
    assert "等别人核实" in page(cast, "checks:check", check.pk)
    step(cast, heap, "township_office", "verified", now=NOW + timedelta(days=2))
    told = page(cast, "checks:check", check.pk)
    assert "2026年11月21日整改，2026年11月23日由别人核实" in told
    assert "不改这次检查的得分" in told
    assert "己党员" not in told.split("后来怎样了")[1].split("</dl>")[0]


def test_a_fault_found_twice_is_lifted_on_both_sheets_and_comes_back_when_it_relapses(cast: Cast) -> None:
    inspected(cast, HEAP)
    inspected(cast, HEAP, by="P09")
    heap = Problem.objects.get()
    step(cast, heap, "village_office", "mended")
    step(cast, heap, "township_office", "verified")
    for check in Check.objects.all():
        assert "已整改核实" in page(cast, "checks:check", check.pk)
    step(cast, heap, "county_office", "reopened", "又堆上了")
    for check in Check.objects.all():
        assert "已整改核实" not in page(cast, "checks:check", check.pk)


def test_the_ledger_lifts_it_and_a_closed_month_keeps_its_score(cast: Cast) -> None:
    inspected(cast, HEAP)
    closing = close_period(cast.users["county_office"], cast.places[COUNTY], "2026-11", now=AFTER)
    before = stands()
    ledger = page(cast, "standings:ledger", WILLOW)
    assert '在办 <b class="num">1</b> 件' in ledger
    heap = Problem.objects.get()
    step(cast, heap, "village_office", "mended", now=AFTER)
    step(cast, heap, "township_office", "verified", now=AFTER)
    ledger = page(cast, "standings:ledger", WILLOW)
    assert '在办 <b class="num">0</b> 件；近一年已整改核实 <b class="num">1</b> 件' in ledger
    assert "2026年12月3日由别人核实" in ledger
    assert stands() == before
    place = cast.places[WILLOW]
    composite = Result.objects.filter(subject=place, result__isnull=False).values_list("standing__composite", flat=True)
    figure = page(cast, "standings:figure", closing.period_id, composite[0], WILLOW)
    assert "已整改核实" in figure


def test_doors_are_counted_on_the_ledger_and_not_told(cast: Cast) -> None:
    found = closed(cast)
    check = Check.objects.first() or _checked(cast)
    Problem.objects.filter(pk=found.pk).update(source="check", check_row=check)
    told = faults_at(cast.places[WILLOW], scope_of(cast.users["village_office"], NOW.date()), NOW.date())
    assert (told.rows, told.n_open, told.n_lifted, told.n_more) == ((), 0, 1, 1)


def _checked(cast: Cast) -> Check:
    inspected(cast)
    return Check.objects.get()


def test_a_fault_of_long_ago_leaves_the_ledger(cast: Cast) -> None:
    inspected(cast, HEAP)
    heap = Problem.objects.get()
    step(cast, heap, "village_office", "mended")
    step(cast, heap, "township_office", "verified")
    scope = scope_of(cast.users["township_office"], NOW.date())
    place = cast.places[WILLOW]
    assert faults_at(place, scope, NOW.date() + timedelta(days=365)).n_lifted == 1
    assert faults_at(place, scope, NOW.date() + timedelta(days=366)).n_lifted == 0


def test_words_for_a_sheet_whose_faults_opened_nothing(cast: Cast) -> None:
    inspected(cast)
    assert lifted_words(()) == ""
    assert "后来怎样了" not in page(cast, "checks:check", Check.objects.get().pk)
    assert "查出的问题和整改" not in page(cast, "standings:ledger", WILLOW)
    assert page(cast, "standings:ledger", TOWN)
