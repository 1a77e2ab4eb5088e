"""Goals: targets by place and year, numbers told, stages marked, progress read from what is counted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.budgets import assert_budget
from tests.cast import COUNTY, NOW, PEACH, TODAY, TOWN, WILLOW, Cast
from tests.standings.facts import AFTER, check, household_scores, month_of_checks, refused
from xiangyue.agreements.actions.goals import reach_stage, set_targets, take_back_stage, tell_numbers
from xiangyue.agreements.goal_models import Reading, StageReached, Target
from xiangyue.base.models import Change
from xiangyue.places.models import Place
from xiangyue.rules.settings import Goal, Scheme
from xiangyue.schemes import load
from xiangyue.standings.actions.closing import close_period
from xiangyue.standings.actions.periods import open_periods
from xiangyue.standings.goals import GoalProgress, goals_of

RUBBISH = Goal("rubbish", "清理垃圾", "township", "entered", unit="吨", decimals=1)
GOOD = Goal("good", "80分以上的村", "county", "result", of="village_month", least=8_000, unit="个")
GOOD_HERE = replace(GOOD, code="good_here", level="township")
TIDY = Goal("tidy", "整洁的村", "county", "stage", of="tidy", unit="个", stage="tidy")
LATER = TODAY + timedelta(days=1)
LEFT = Goal("left", "脱离黑榜的村", "county", "left_black", of="village_board", unit="个")


@pytest.fixture
def scheme(cast: Cast) -> Scheme:
    assert cast.scheme is not None
    return replace(load(cast.scheme.text), goals=(RUBBISH, GOOD, GOOD_HERE, TIDY, LEFT))


@pytest.fixture
def county(cast: Cast) -> Place:
    return cast.places[COUNTY]


def of(county: Place, scheme: Scheme, goal: Goal, year: int = 2026) -> GoalProgress:
    return next(row for row in goals_of(county, scheme, year) if row.goal.code == goal.code)


@pytest.mark.django_db
def test_targets_are_set_changed_and_taken_away(cast: Cast, county: Place, scheme: Scheme) -> None:
    town = cast.places[TOWN]
    assert set_targets(None, county, scheme, RUBBISH, 2026, {town: 300}, document="农〔2026〕1号", now=NOW) == 1
    assert set_targets(None, county, scheme, RUBBISH, 2026, {town: 300}, now=NOW) == 0
    assert set_targets(None, county, scheme, RUBBISH, 2026, {town: 450}, now=NOW) == 1
    assert of(county, scheme, RUBBISH).whole.target == 450
    assert of(county, scheme, RUBBISH, 2027).whole.target is None
    assert set_targets(None, county, scheme, RUBBISH, 2026, {town: None}, now=NOW) == 1
    assert not Target.objects.exists()
    told = [(row.after or {})["清理垃圾"] for row in Change.objects.filter(act="target.set").order_by("pk")]
    assert told == ["30.0吨", "45.0吨", ""]


@pytest.mark.django_db
def test_the_latest_number_holds_and_the_earlier_ones_stay(cast: Cast, county: Place, scheme: Scheme) -> None:
    town = cast.places[TOWN]
    for n, day in ((120, TODAY), (100, TODAY - timedelta(days=9))):
        tell_numbers(None, county, scheme, RUBBISH, {town: n}, on=day, source="月报", today=TODAY, now=NOW)
    set_targets(None, county, scheme, RUBBISH, 2026, {town: 300}, now=NOW)
    row = next(row for row in of(county, scheme, RUBBISH).rows if row.place == town)
    assert (row.progress.now, row.progress.share) == (120, 4_000)
    assert "12.0吨" in row.progress.why
    assert Reading.objects.count() == 2
    assert of(county, scheme, RUBBISH, 2025).whole.now is None


@pytest.mark.django_db
def test_results_are_counted_from_the_newest_closing(cast: Cast, county: Place, scheme: Scheme) -> None:
    assert of(county, scheme, GOOD).whole.now is None
    month_of_checks(cast, household_scores(cast, *[9_000] * 8))
    for village, score in ((WILLOW, 9_500), (PEACH, 1_000)):
        check(cast, village, score, date(2026, 10, 9), "village_open", "P04")
    open_periods(date(2026, 11, 1))
    close_period(cast.users["county_office"], county, "2026-10", now=AFTER, empty=True)
    assert of(county, scheme, GOOD).whole.now == 1
    here = {row.place.code: row.progress.now for row in of(county, scheme, GOOD_HERE).rows}
    assert here[TOWN] == 1
    assert sum(n or 0 for n in here.values()) == 1
    hidden = next(row for row in goals_of(county, scheme, 2026, in_public=True) if row.goal.code == "good")
    assert hidden.whole.now is None


@pytest.mark.django_db
def test_a_stage_is_reached_once_and_taken_back_by_an_act(cast: Cast, county: Place, scheme: Scheme) -> None:
    stage = next(row for row in scheme.stages if row.code == "tidy")
    places = [cast.places[WILLOW], cast.places[PEACH]]

    def mark(some: list[Place]) -> int:
        return reach_stage(None, county, scheme, stage, some, on=TODAY, basis="验收纪要", today=TODAY, now=NOW)

    assert mark(places[:1]) == 1
    assert mark(places) == 1
    assert of(county, scheme, TIDY).whole.now == 2
    assert take_back_stage(None, scheme, stage, places[:1], reason="复查反弹", now=NOW) == 1
    assert of(county, scheme, TIDY).whole.now == 1
    assert StageReached.objects.count() == 2
    assert of(county, scheme, LEFT).whole.now == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("code", "act"),
    [
        ("goal_level", lambda c, g, s: set_targets(None, g, s, RUBBISH, 2026, {c.places[WILLOW]: 1}, now=NOW)),
        ("goal_negative", lambda c, g, s: set_targets(None, g, s, RUBBISH, 2026, {c.places[TOWN]: -1}, now=NOW)),
        ("goal_basis", lambda c, g, s: tell_numbers(None, g, s, RUBBISH, {c.places[TOWN]: 1}, on=TODAY, source=" ", today=TODAY, now=NOW)),
        ("goal_day", lambda c, g, s: tell_numbers(None, g, s, RUBBISH, {c.places[TOWN]: 1}, on=LATER, source="x", today=TODAY, now=NOW)),
    ],
)  # fmt: skip
def test_what_cannot_be_is_told(
    cast: Cast, county: Place, scheme: Scheme, code: str, act: Callable[[Cast, Place, Scheme], int]
) -> None:
    with refused(code):
        act(cast, county, scheme)
    assert not Target.objects.exists()
    assert not Reading.objects.exists()


@pytest.mark.django_db
def test_a_clerk_types_targets_and_a_village_only_reads(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "localdate", lambda *args, **kwargs: TODAY)
    clerk, village = Client(), Client()
    clerk.force_login(cast.users["county_office"])
    village.force_login(cast.users["village_office"])
    here = reverse("standings:goal", args=[COUNTY, "linjiang", "good_villages"])
    with CaptureQueriesContext(connection) as held:
        assert cast.places[TOWN].name in clerk.get(here).content.decode()
    assert_budget("standings:goal", len(held))
    wrong = clerk.post(here, {"year": 2026, f"target-{TOWN}": "三个"})
    assert wrong.status_code == 422
    assert "三个" in wrong.content.decode()
    clerk.post(here, {"year": 2026, f"target-{TOWN}": " 2 "})
    assert Target.objects.get().value == 2
    assert village.get(here).status_code == 200
    assert village.post(here, {"year": 2026, f"target-{TOWN}": "9"}).status_code == 403
    with CaptureQueriesContext(connection) as held:
        listed = clerk.get(reverse("standings:goals"))
    assert_budget("standings:goals", len(held))
    assert "年度得分 80 分以上的村" in listed.content.decode()
    part = clerk.get(reverse("home_part", args=["goals"])).content.decode()
    assert "年（1月1日到" in part
    assert "年度得分 80 分以上的村" in part


@pytest.mark.django_db
def test_a_clerk_marks_villages_as_having_reached_a_stage(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "localdate", lambda *args, **kwargs: TODAY)
    clerk = Client()
    clerk.force_login(cast.users["county_office"])
    here = reverse("standings:stage", args=[COUNTY, "linjiang", "clean"])
    told = {"action": "reach", "on": "2026-11-20", "basis": "验收纪要3号"}
    assert clerk.post(here, told).status_code == 422
    clerk.post(here, {**told, "chosen": [WILLOW, PEACH]})
    assert StageReached.objects.filter(withdrawn_at=None).count() == 2
    with CaptureQueriesContext(connection) as held:
        shown = clerk.get(here).content.decode()
    assert_budget("standings:stage", len(held))
    assert "验收纪要3号" in shown
    clerk.post(here, {"action": "back", "basis": "复查不合格", "chosen": [WILLOW]})
    assert StageReached.objects.filter(withdrawn_at=None).count() == 1
