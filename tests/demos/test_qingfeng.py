"""Qingfeng replayed (seed 003, rows F1–F6, F8, F10, F11): stars on 29 items, grades, awards, money, the weak branches."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.demos.conftest import Built

pytestmark = [pytest.mark.demo, pytest.mark.xdist_group("qingfeng")]
YEAR = "2025"
RATING = """
from collections import Counter
from xiangyue.standings.ratings.models import StarRating, StarRow, IndicatorNumber, WatchEntry
rating = StarRating.objects.get(code="five_star", state="in_force")
"""


@pytest.fixture(scope="module")
def qingfeng(demos: Any) -> Built:
    built: Built = demos("qingfeng")
    built.ask("from xiangyue.site.commands.serve import collect_static\ncollect_static()\ntell(0)")
    return built


def test_the_register_is_of_the_reported_size(qingfeng: Built) -> None:
    """F1, F11: 503 villages in 17 townships, and somebody answers for each on every layer of the chain."""
    told = qingfeng.ask(
        """
        from xiangyue.duties.models import Duty
        count = lambda level: Place.objects.filter(level=level).count()
        layers = ("county_leaders", "township_leaders", "secretaries", "village_cadres", "residents", "task_groups")
        borne = [Duty.objects.filter(layer=layer).values("target").distinct().count() for layer in layers]
        tell([count("township"), count("village"), borne])
        """
    )
    assert told == [17, 503, [17, 503, 503, 503, 17, 17]]


def test_six_fifty_and_a_hundred_and_fifty_branches_come_to_their_stars(qingfeng: Built) -> None:
    """F1: the reported targets, in force after the notice, in the second version."""
    told = qingfeng.ask(
        RATING
        + """
counts = Counter(StarRow.objects.filter(rating=rating).values_list("stars", flat=True))
tell([rating.key, rating.version, rating.n_rated, counts[5], counts[4], counts[3], sum(counts.values())])
"""
    )
    assert told == [YEAR, 2, 503, 6, 50, 150, 503]


def test_an_objection_mended_one_number_and_one_village_only(qingfeng: Built) -> None:
    """F1, F4: the number corrected by its owner, the village's star back, no other village's stars moved."""
    told = qingfeng.ask(
        RATING
        + """
from xiangyue.standings.notices.models import Objection
first = StarRating.objects.get(code="five_star", version=1)
was = dict(StarRow.objects.filter(rating=first).values_list("subject__code", "stars"))
now = dict(StarRow.objects.filter(rating=rating).values_list("subject__code", "stars"))
moved = [code for code in now if now[code] != was[code]]
upheld = Objection.objects.get(upheld=True)
numbers = IndicatorNumber.objects.filter(place=upheld.subject, indicator="emergency_team", key="2025")
last = list(numbers.order_by("version").values_list("number", flat=True))[-2:]
tell([moved == [upheld.subject.code], was[moved[0]], now[moved[0]], last[0] < 20 <= last[1],
      Objection.objects.filter(upheld=None).count(), Objection.objects.filter(upheld=False).count()])
"""
    )
    assert told == [True, 2, 3, True, 0, 3]


def test_the_numbers_are_the_reported_ones_each_entered_by_its_owner(qingfeng: Built) -> None:
    """F2, F4: plans in four states, homes, farmers, county's own numbers, and who entered them."""
    told = qingfeng.ask(
        RATING
        + """
from xiangyue.agreements.in_force import scheme_of
from xiangyue.rules.days import parse_period
from xiangyue.standings.facts import Ground
from xiangyue.standings.ratings.indicators import Numbers
ground, scheme = rating.ground, scheme_of(rating.scheme_version)
numbers = Numbers(Ground(ground.pk, ground.code, ground.path), scheme, parse_period("2025"))
plans = Counter(figure.number for figure in numbers.of("village_plan").values())
county = {code: numbers.of(code)[ground.code].number for code in (
    "farmers_trained_all", "certified", "mushroom_bases", "pilots", "treatment_plants", "day_care_homes",
    "best_enterprises")}
owner = {row.code: row.owner for row in scheme.indicators}
rows = IndicatorNumber.objects.select_related("entered_by__person__organisation")
strange = sum(owner[row.indicator] != row.entered_by.person.organisation.name for row in rows.iterator())
items = len({t.item for r in scheme.ratings if r.code == "five_star" for d in r.domains for t in d.thresholds})
tell([[plans[n] for n in (1, 2, 3, 4)], county, strange, items, all(row.source for row in rows[:500])])
"""
    )
    assert told == [
        [41, 165, 46, 251],
        {
            "farmers_trained_all": 7_000, "certified": 5_000, "mushroom_bases": 70, "pilots": 48,
            "treatment_plants": 3, "day_care_homes": 100, "best_enterprises": 20,
        },
        0,
        29,
        True,
    ]  # fmt: skip


def test_townships_are_held_to_their_floors(qingfeng: Built) -> None:
    """F4: land in blocks, cleaners, villages and courtyards, a counselling team: two of 17 fall short, each by one."""
    told = qingfeng.ask(
        RATING
        + """
base = StarRating.objects.get(code="township_base", state="in_force")
rows = StarRow.objects.filter(rating=base)
short = [row.missing for row in rows.filter(stars=2)]
tell([Counter(rows.values_list("stars", flat=True)), ["".join(map(str, words)) for words in short]])
"""
    )
    assert told[0] == {"3": 15, "2": 2}
    assert any("流转" in words for words in told[1])
    assert any("保洁" in words for words in told[1])


def test_the_year_ends_in_the_reported_grades_and_money(qingfeng: Built) -> None:
    """F6: 20 at 10,000, 30 at 3,000, 100 and 100 at 1,000; three stars and up; townships by class."""
    told = qingfeng.ask(
        """
        from xiangyue.rewards.models import AwardList, IncentivePlan, Payment
        lists = {row.code: [row.state, {cut["code"]: cut["n"] for cut in row.cuts}]
                 for row in AwardList.objects.exclude(state="superseded")}
        plans = {}
        for plan in IncentivePlan.objects.all():
            rules = {code: [n, fen // 100] for code, _name, n, fen in plan.totals["rule"]}
            second = plan.approved_by_id is not None and plan.approved_by_id != plan.made_by_id
            plans[plan.code] = [plan.state, second, rules, Payment.objects.filter(line__plan=plan).count()]
        tell([lists, plans])
        """
    )
    lists, plans = told
    assert lists["secretary_grade"] == [
        "in_force",
        {"model": 20, "excellent_commended": 30, "excellent": 100, "good_commended": 100, "good": 160, "plain": 93},
    ]
    assert lists["cadre_grade"][1]["excellent"] == 100
    assert lists["township_award"] == ["in_force", {"one": 2, "two": 4, "three": 6}]
    assert lists["secretaries"] == ["in_force", {"secretaries": 20}]
    assert plans["people"] == [
        "in_force", True,
        {"model": [20, 200_000], "excellent": [30, 90_000], "good": [100, 100_000], "cadres": [100, 100_000]}, 250,
    ]  # fmt: skip
    stars = plans["stars"]
    assert stars[:2] == ["in_force", True]
    assert [stars[2][code][0] for code in ("five", "four", "three")] == [6, 50, 150]
    assert stars[3] == 6 + 50 + 150 + 12
    centres = plans["centres"][2]
    per_head = {code: fen // n for code, (n, fen) in centres.items()}
    assert per_head == {"large": 200_000, "medium": 150_000, "small": 100_000}


def test_twenty_four_weak_branches_are_watched_with_basis_and_end(qingfeng: Built) -> None:
    """F1, F11: a list, not a star; some are turned round by record, the others are taken up again."""
    told = qingfeng.ask(
        RATING
        + """
from xiangyue.standings.notices.models import Publication
rows = WatchEntry.objects.filter(from_on__year=2025)
again = WatchEntry.objects.filter(from_on__year=2026)
left = set(rows.filter(turned_on=None).values_list("place", flat=True))
notice = Publication.objects.get(kind="watch_list")
tell([rows.count(), rows.exclude(turned_on=None).exclude(turned_record="").count(), again.count(),
      set(again.values_list("place", flat=True)) == left, rows.filter(basis="").count(), notice.state])
"""
    )
    assert told == [24, 15, 9, True, 0, "in_force"]


def test_goals_stand_beside_what_was_reached(qingfeng: Built) -> None:
    """F1, F4: target and outcome of the year, goal by goal."""
    told = qingfeng.ask(
        RATING
        + """
from xiangyue.agreements.in_force import scheme_of
from xiangyue.standings.goals import goals_of
found = goals_of(rating.ground, scheme_of(rating.scheme_version), 2025, with_target=True)
tell({row.goal.code: [row.whole.target, row.whole.now] for row in found})
"""
    )
    assert told["five"] == [6, 6]
    assert told["four"] == [56, 56]
    assert told["three"] == [206, 206]
    assert told["township_three"] == [206, 206]
    assert told["trained"] == [7_000, 7_000]
    assert told["homes"] == [100, 100]
    assert len(told) == 11


def test_from_the_stars_to_an_inspectors_sheet_in_three_clicks(qingfeng: Built) -> None:
    """F1 → F2 → F10: rating, one village's items with owners, its year, the month's figure, the sheet."""
    told = qingfeng.ask(
        RATING
        + """
import re
from xiangyue.standings.models import Period
table = page(f"/standings/ratings/{rating.pk}/", "B001")
village = StarRow.objects.filter(rating=rating, stars=5).select_related("subject").first().subject
one = page(f"/standings/ratings/{rating.pk}/of/{village.code}/", "B001")
ledger = page(f"/standings/ledger/{village.code}/", f"C{village.code}-1")
month = Period.objects.get(key="2025-06")
figure = page(f"/standings/{month.pk}/figure/village_month/{village.code}/", "B001")
sheets = re.findall(r'href="(/checks/\\d+/)"', figure)
tell([village.name in table, "县应急管理局" in one, "应急处置队伍" in one, village.name in ledger, "责任单位" in ledger,
      len(sheets) > 0 and "专班" in page(sheets[0], "B001")])
"""
    )
    assert all(told)


def test_from_a_payment_to_the_result_it_follows(qingfeng: Built) -> None:
    """F5, F6: plan, list, line; the simulation; the public reads secretaries by family name alone."""
    told = qingfeng.ask(
        """
        from xiangyue.rewards.models import AwardList, IncentivePlan
        from xiangyue.standings.notices.models import Publication
        plan = IncentivePlan.objects.get(code="people")
        grading = AwardList.objects.get(code="secretary_grade")
        best = grading.lines.filter(value="model").order_by("position").first()
        shown = page(f"/rewards/plans/{plan.pk}/", "B001")
        graded = page(f"/rewards/lists/{grading.pk}/", "B001")
        what_if = page("/rewards/simulate/410922/people/2025/?scheme=qingfeng", "B001")
        public = page(f"/c/410922/notices/item/{grading.publication_id}/")
        stars = Publication.objects.filter(kind="rating", state="in_force").order_by("pk").last()
        open_stars = page(f"/c/410922/notices/item/{stars.pk}/")
        tell(["490,000" in shown, best.name in shown or best.name in graded, "490,000" in what_if,
              best.name not in public, "5 星" in open_stars or "达标" in open_stars])
        """
    )
    assert all(told)


def test_every_page_of_the_county_opens(qingfeng: Built) -> None:
    told = qingfeng.ask(
        RATING
        + """
paths = ["/office/", "/standings/goals/", "/standings/indicators/", "/standings/watch/", "/standings/ledger/410922/",
         "/standings/ratings/", "/standings/notices/", "/rewards/lists/", "/rewards/plans/", "/rewards/appraisals/",
         "/standings/", "/schemes/", "/duties/"]
sizes = [len(page(path, "B001")) for path in paths]
public = [len(page(path)) for path in ("/c/410922/", "/c/410922/notices/", "/c/410922/ranking/", "/screen/410922/")]
tell(min(sizes + public))
"""
    )
    assert told > 2_000


def test_every_village_is_ranked_in_the_quarterly_contest(qingfeng: Built) -> None:
    """F8."""
    told = qingfeng.ask(
        """
        from xiangyue.standings.models import Result
        rows = Result.objects.filter(standing__composite="village_quarter", standing__closing__period__key="2025-Q4")
        tell([rows.count(), rows.filter(rank=1).values("group_code").distinct().count()])
        """
    )
    assert told == [503, 17]


def test_what_is_closed_and_rated_is_verified(qingfeng: Built) -> None:
    assert "不一致" not in qingfeng.command("verify")


def test_ten_captures_disturbed_move_the_outcome(qingfeng: Built, tmp_path: Path) -> None:
    """Ten numbers of five- and four-star villages entered anew below their thresholds: a newer version, fewer stars."""
    other = type(qingfeng)("qingfeng", tmp_path / "data")
    shutil.copytree(qingfeng.data, other.data)
    told = other.ask(
        RATING
        + """
from datetime import UTC, datetime
from xiangyue.agreements.in_force import scheme_of
from xiangyue.rules.days import parse_period
from xiangyue.standings.actions.indicators import Entry, enter_numbers
from xiangyue.standings.actions.ratings import give_stars
from xiangyue.standings.facts import Ground
ground, scheme = rating.ground, scheme_of(rating.scheme_version)
team = next(row for row in scheme.indicators if row.code == "emergency_team")
high = StarRow.objects.filter(rating=rating, stars__gte=4).select_related("subject").order_by("-stars", "rank")[:10]
entries = [Entry(row.subject.pk, row.subject.path, row.subject.name, team, 5) for row in high]
now = datetime.now(UTC)
office = User.objects.get(person__code="B001")
made = enter_numbers(office.pk, Ground(ground.pk, ground.code, ground.path), scheme, parse_period("2025"), entries, now=now)
again = give_stars(office, ground, "qingfeng", "five_star", "2025", now=now, reason="复核更正")
counts = Counter(StarRow.objects.filter(rating=again).values_list("stars", flat=True))
tell([made, counts[5], again.digest != rating.digest])
"""
    )
    assert told == [10, 0, True]
