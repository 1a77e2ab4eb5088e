"""Linjiang replayed (seed 002, rows J1–J11): five layers, boards, ranking, a year's awards, plaques, appraisals."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest

from tests.demos.conftest import TODAY, Built

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.demo, pytest.mark.xdist_group("linjiang")]
LISTS = """
from collections import Counter
from xiangyue.rewards.award_models import AwardLine
lines = AwardLine.objects.filter(list__key="2025", list__state="in_force", list__code__endswith="_award").exclude(value="")
found = Counter(f"{line.list.code}/{line.value}" for line in lines.select_related("list"))
"""


@pytest.fixture(scope="module")
def linjiang(demos: Any) -> Built:
    """The reported register with every inspection, and the doors of the last days alone: awards rest on inspections."""
    built: Built = demos("linjiang")
    return built


def test_the_register_has_the_reported_size(linjiang: Built) -> None:
    told = linjiang.ask(
        """
        from xiangyue.duties.models import Duty
        level = lambda name, **more: Place.objects.filter(level=name, **more).count()
        bearers = lambda layer: Duty.objects.filter(layer=layer).values("person").distinct().count()
        targets = lambda layer: Duty.objects.filter(layer=layer).values("target").distinct().count()
        tell([level("township"), level("village", place_class="village"), level("village", place_class="community"),
              bearers("members"), targets("members"), bearers("committee"), targets("committee"),
              bearers("county_leaders"), bearers("township_leaders")])
        """
    )
    assert told == [13, 70, 22, 2_099, 31_490, 455, 6_288, 26, 86]


def test_44_villages_and_8_townships_and_streets_are_awarded_by_the_rules(linjiang: Built) -> None:
    found = linjiang.ask(LISTS + "tell(found)")
    assert found == {
        "village_award/model": 7, "village_award/advanced": 14, "village_award/qualified": 23,
        "town_award/one": 2, "town_award/two": 3, "street_award/one": 1, "street_award/two": 2,
    }  # fmt: skip


def test_what_is_paid_is_what_the_amounts_give(linjiang: Built) -> None:
    told = linjiang.ask(
        """
        from xiangyue.rewards.models import IncentivePlan, Payment
        plan = IncentivePlan.objects.get(key="2025", state="in_force")
        lines = list(plan.lines.filter(aside=False).values_list("amount", flat=True))
        paid = list(Payment.objects.filter(line__plan=plan).values_list("amount", flat=True))
        tell([len(lines), sum(lines), plan.total, sum(paid), plan.made_by_id != plan.approved_by_id])
        """
    )
    assert told == [52, 575_000_000, 575_000_000, 575_000_000, True]


def test_the_awarded_are_the_best_of_their_ranking(linjiang: Built) -> None:
    told = linjiang.ask(
        """
        from xiangyue.rewards.award_models import AwardLine
        from xiangyue.standings.models import Result
        rows = Result.objects.filter(standing__composite="village_year", standing__closing__state="in_force",
                                     standing__closing__period__key="2025", category="villages")
        best = list(rows.exclude(result=None).order_by("-result", "subject__code").values_list("subject__code", flat=True)[:44])
        lines = AwardLine.objects.filter(list__code="village_award", list__state="in_force").exclude(value="")
        tell(sorted(best) == sorted(line.subject for line in lines))
        """
    )
    assert told


def test_the_public_reads_the_lists_and_the_boards(linjiang: Built) -> None:
    told = linjiang.ask(
        """
        public = page("/c/220681/notices/")
        ranking = page("/c/220681/ranking/")
        wall = page("/screen/220681/")
        tell(["先进村" in public, "行政村" in ranking or "村" in ranking, "s-slide" in wall])
        """
    )
    assert all(told)


def test_a_hundred_yards_hold_the_title_by_a_jurys_ballots(linjiang: Built) -> None:
    """J5: two put forward by each of 70 villages, voted on until no tie is open, on notice, in force, hung by number."""
    told = linjiang.ask(
        """
        from xiangyue.rewards.honour_models import Held, HonourBallot, HonourList, Nomination
        row = HonourList.objects.get(code="yard", state="in_force")
        ballots = HonourBallot.objects.filter(withdrawn_at=None)
        held = Held.objects.filter(honour="yard").select_related("plaque")
        numbers = {one.plaque.number for one in held}
        chosen = page(f"/rewards/honours/lists/{row.pk}/", "B001")
        tell([Nomination.objects.count(), row.n_chosen, row.n_open, held.count(), len(numbers), bool(row.approval),
              all(one.minutes and len(one.jurors) == one.called for one in ballots), "得票" in chosen,
              "三好一庭院" in page("/c/220681/honours/"), "三好一庭院" in page("/rewards/honours/", "B001")])
        """
    )
    assert told == [140, 100, 0, 100, 100, True, True, True, True, True]


def test_officials_are_appraised_by_their_villages(linjiang: Built) -> None:
    """J10: 86 township leaders and 82 departments and enterprises by the villages' year, with factor and grade."""
    told = linjiang.ask(
        """
        from xiangyue.rewards.award_models import AwardList
        from xiangyue.rewards.performance_models import Appraisal
        from xiangyue.rules.numbers import half_up
        from xiangyue.standings.models import Result
        years = dict(Result.objects.filter(
            standing__composite="village_year", standing__closing__period__key="2025",
            standing__closing__state="in_force").values_list("subject_id", "result"))
        rows = {row.code: row for row in Appraisal.objects.filter(key="2025", state="in_force")}
        wrong = 0
        for line in rows["township_leaders"].lines.all():
            rated = [years[place] for place, _first, _result in line.targets if years.get(place) is not None]
            wrong += line.parts[0][0] != half_up(sum(rated), len(rated))
        grades = AwardList.objects.get(code="township_leader_grade", state="in_force")
        tell([rows["township_leaders"].n_rated, rows["departments"].n_rated, wrong, grades.lines.count(),
              grades.lines.filter(value="excellent").count()])
        """
    )
    assert told == [86, 82, 0, 86, 17]


def test_from_the_door_to_the_board_the_plaque_and_the_pay(tmp_path: Path) -> None:
    """J4, J5, J10 in the small county with all its doors: boards from daily checks, plaques down by them, pay factors."""
    small = Built("linjiang", tmp_path / "small")
    small.command("demo", "linjiang", "--size", "small", "--today", TODAY)
    small.ask("from xiangyue.site.commands.serve import collect_static\ncollect_static()\ntell(0)")
    told = small.ask(
        """
        import re
        from xiangyue.rewards.honour_models import Held
        from xiangyue.rewards.performance_models import Appraisal
        from xiangyue.standings.models import BoardEntry, Period, Result
        entry = BoardEntry.objects.filter(board__board="household_board", side="red").select_related(
            "subject", "board__standing__closing__period").order_by("-pk").first()
        period = entry.board.standing.closing.period
        board = page(f"/standings/boards/?period={period.pk}", "B001")
        figure = page(f"/standings/{period.pk}/figure/household_month/{entry.subject.code}/", "B001")
        sheets = re.findall(r'href="(/checks/\\d+/)"', figure)
        down = Held.objects.filter(state="down", cause="")
        low = []
        for row in down:
            months = Result.objects.filter(
                subject=row.place, standing__composite="household_month", standing__closing__state="in_force",
                standing__closing__period__ends_on__lt=row.down_on, standing__closing__period__ends_on__gte=row.given_on)
            low.append(max(months.values_list("result", flat=True)) < 9500 and row.warned_on < row.down_on)
        quarter = Appraisal.objects.get(code="committee", state="in_force")
        tell(["红榜" in board, "日检查" in figure, len(sheets) > 0 and "得分" in page(sheets[0], "B001"), len(low) > 0, all(low),
              [quarter.key, quarter.n_rated], quarter.lines.exclude(factor=None).count()])
        """
    )
    assert told == [True, True, True, True, True, ["2026-Q3", 28], 28]


def test_ten_sheets_disturbed_move_the_awards(linjiang: Built, tmp_path: Path) -> None:
    """The last awarded village loses its open and secret sheets of the year; closed again, it is not awarded."""
    other = Built("linjiang", tmp_path / "data")
    shutil.copytree(linjiang.data, other.data)
    told = other.ask(
        """
        from datetime import UTC, datetime
        from xiangyue.checks.models import Check
        from xiangyue.rewards.award_actions import draw_list
        from xiangyue.rewards.award_models import AwardLine
        from xiangyue.standings.actions.closing import open_new_version
        now = datetime.now(UTC)
        ground = Place.objects.get(code="220681")
        office = User.objects.get(person__code="B001")
        last = AwardLine.objects.filter(list__code="village_award", list__state="in_force").exclude(value="").order_by("-position").first()
        rows = list(Check.objects.filter(subject__code=last.subject, kind__code__in=["village_open", "village_secret"],
                                         month__gte=202505, month__lte=202512, state=1).order_by("month", "pk"))[:10]
        Check.objects.filter(pk__in=[row.pk for row in rows]).update(score=0)
        for month in sorted({row.month for row in rows}):
            open_new_version(office, ground, f"{month // 100}-{month % 100:02d}", now=now, reason="复核更正")
        open_new_version(office, ground, "2025", now=now, reason="月份更正")
        again = draw_list(office, ground, "award", "village_award", "2025", now=now)
        held = set(again.lines.exclude(value="").values_list("subject", flat=True))
        tell([len(rows), last.subject in held, len(held)])
        """
    )
    assert told == [10, False, 44]


def test_what_departments_and_enterprises_gave_comes_to_the_reported_sums(linjiang: Built) -> None:
    told = linjiang.ask(
        """
        from django.db.models import Sum
        from xiangyue.duties.visit_models import Contribution, Visit, Wish
        given = Contribution.objects.filter(visit__day__year=2026, visit__organisation__isnull=False)
        sums = dict(given.order_by().values_list("kind").annotate(n=Sum("amount")))
        givers = given.values("visit__organisation").distinct().count()
        words = page("/visits/contributions/", "B001")
        tell([sums["money"], sums["people"], sums["work"], sums["rubbish"], givers, "30,200" in words,
              Wish.objects.filter(state="settled").exists(), Visit.objects.filter(layer="county_leaders").exists(),
              "没到齐" in page("/visits/", "B001")])
        """
    )
    assert told == [302_000_000, 18_200, 176, 19_600_000, 82, True, True, True, True]
