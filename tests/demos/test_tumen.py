"""Tumen replayed (seed 004, rows T1, T3, T5, T6): three stages of review, 50 villages, their stars and ranks."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.demos.conftest import Built

pytestmark = [pytest.mark.demo, pytest.mark.xdist_group("tumen")]
REVIEW = """
from collections import Counter
from xiangyue.checks.models import Check
from xiangyue.standings.ratings.models import EstablishedViolation, StarRating, StarRow
from xiangyue.standings.reviews.models import (
    Review, ReviewBallot, ReviewComment, ReviewDeviation, ReviewFile, ReviewPlan, ReviewStageVersion, ReviewTurn)
from xiangyue.standings.notices.models import Objection, Publication
review = Review.objects.get(key="2025")
stages = {row.stage: row for row in ReviewStageVersion.objects.filter(review=review, state="in_force")}
last = {row.subject.code: row for row in stages["city"].rows.select_related("subject")}
rating = StarRating.objects.get(code="five_star", key="2025", state="in_force")
"""


@pytest.fixture(scope="module")
def tumen(demos: Any) -> Built:
    built: Built = demos("tumen")
    return built


def test_twenty_eight_leaders_answer_for_fifty_villages(tumen: Built) -> None:
    """T1, T2: every village has a city leader and a town leader, every household somebody of the committee."""
    told = tumen.ask(
        """
        from xiangyue.duties.models import Duty
        of = lambda layer: Duty.objects.filter(layer=layer)
        city = of("city_leaders")
        loads = {}
        for person, target in city.values_list("person__code", "target__code"):
            loads.setdefault(person, set()).add(target)
        homes = Place.objects.filter(level="household").count()
        tell([Place.objects.filter(level="village").count(), Place.objects.filter(level="township").count(), len(loads),
              sum(map(len, loads.values())), sorted({len(held) for held in loads.values()}),
              of("town_leaders").values("target").distinct().count(),
              of("committee").values("target").distinct().count() == homes,
              "市级领导包村" in page("/duties/load/", "B001")])
        """
    )
    assert told == [50, 4, 28, 50, [1, 2], 50, True, True]


def test_one_five_star_twenty_three_four_star_and_ninety_six_percent(tumen: Built) -> None:
    """T6: the outcome in force, the same in the rating, in the review's last stage, and at the goals."""
    told = tumen.ask(
        REVIEW
        + """
from xiangyue.agreements.in_force import scheme_of
from xiangyue.standings.goals import goals_of
counts = Counter(row.stars for row in last.values())
given = dict(StarRow.objects.filter(rating=rating).values_list("subject__code", "stars"))
towns = StarRating.objects.get(code="town_star", key="2025", state="in_force")
found = goals_of(review.ground, scheme_of(review.scheme_version), 2025, with_target=True)
tell([counts[5], counts[4], counts[3], sum(n for stars, n in counts.items() if stars >= 3), len(last),
      given == {code: row.stars for code, row in last.items()},
      sorted(StarRow.objects.filter(rating=towns).values_list("stars", flat=True)),
      {row.goal.code: [row.whole.target, row.whole.now] for row in found}])
"""
    )
    assert told[:6] == [1, 23, 24, 48, 50, True]
    assert 48 * 100 == 96 * 50
    assert len(told[6]) == 4
    assert min(told[6]) >= 3
    assert told[7] == {
        "five": [1, 1], "four": [24, 24], "three": [48, 48], "town_three": [4, 4], "matters": [62, 62],
    }  # fmt: skip


def test_nobody_reviews_their_own_town_and_the_plan_can_be_drawn_again(tumen: Built) -> None:
    """T5, first stage: each village by two other towns, evenly, by a number that came out later."""
    told = tumen.ask(
        REVIEW
        + """
plan = ReviewPlan.objects.get(review=review)
turns = list(ReviewTurn.objects.filter(plan=plan).values_list("team__township__code", "subject__township__code", "subject__code"))
loads = Counter(team for team, _town, _village in turns)
barred = {(team, village) for team, village, why in plan.facts["barred"]}
leaders = {m.person.posts.first().kind for team in review.teams.all() for m in team.members.filter(leads=True)}
sheets = Check.objects.filter(kind__code__startswith="mutual_", day__year=2025)
tell([len(turns), all(team != town for team, town, _village in turns), max(loads.values()) - min(loads.values()),
      set(Counter(village for *_rest, village in turns).values()) == {2}, len(barred),
      any((team, village) in barred for team, _town, village in turns), sorted(leaders), sheets.count(),
      sheets.values("kind").distinct().count(), plan.number_on > plan.planned_at.date()])
"""
    )
    assert told == [100, True, 0, True, 1, False, ["township_leader"], 300, 3, True]


def test_the_plan_is_recomputed_from_its_file(tumen: Built) -> None:
    """T5: `xiangyue review plan` needs no database; `xiangyue review verify` takes every stage again."""
    told = tumen.ask(
        REVIEW
        + """
import pathlib, os
from django.test import Client
client = Client()
client.force_login(User.objects.get(person__code="B002"))
plan = ReviewPlan.objects.get(review=review)
answer = client.get(f"/standings/reviews/{review.pk}/plan/{plan.version}.json")
body = b"".join(answer.streaming_content) if answer.streaming else answer.content
file = pathlib.Path(os.environ["XIANGYUE_DATA"]) / "plan.json"
file.write_bytes(body)
tell([answer.status_code, str(file)])
"""
    )
    assert told[0] == 200
    assert "相符：100 次互评" in tumen.command("review", "plan", told[1])
    assert tumen.command("review", "verify").count("相符") == 2


def test_the_jury_is_named_its_ballot_minuted_and_every_village_commented(tumen: Built) -> None:
    """T5, second stage: survey, contest, ballot 40 : 30 : 30; five days of notice in the villages; an objection answered."""
    told = tumen.ask(
        REVIEW
        + """
ballot = ReviewBallot.objects.get(review=review, withdrawn_at=None)
stage = stages["departments"]
notice = stage.publication
row = stage.rows.order_by("subject__code").first()
value = {part["code"]: part["value"] for part in row.parts}
sum_ = (40 * value["survey"] + 30 * value["contest"] + 30 * value["ballot"]) * 2
votes = ballot.votes.get(subject=row.subject).votes
held = Objection.objects.get(publication__key=notice.key, publication__ground=review.ground, publication__summary__review=review.pk)
tell([ballot.called, ballot.came, ballot.minutes != "", ballot.votes.count(),
      value["ballot"] == (2 * 10_000 * votes + ballot.came) // (2 * ballot.came), row.score == (sum_ + 100) // 200,
      ReviewComment.objects.filter(review=review, stage="departments").count(), notice.notice_days, notice.state,
      held.upheld, held.answer != "", notice.papers.count(), notice.subjects.exclude(told_on=None).count()])
"""
    )
    assert told == [15, 13, True, 50, True, True, 50, 5, "in_force", False, True, 1, 50]


def test_the_city_scores_every_item_and_sees_every_file(tumen: Built) -> None:
    """T5, last stage: three assessors' sheets and ten files a village; the score is their mean; both others are reference."""
    told = tumen.ask(
        REVIEW
        + """
from xiangyue.standings.models import Result
files = Counter(ReviewFile.objects.filter(review=review).values_list("subject__code", flat=True))
sheets = {}
for code, score in Check.objects.filter(kind__code="city_assessment", day__year=2025, state=1).values_list("subject__code", "score"):
    sheets.setdefault(code, []).append(score)
mean = lambda held: (2 * sum(held) + len(held)) // (2 * len(held))
closed = dict(Result.objects.filter(standing__composite="village_year", standing__closing__period__key="2025",
                                    standing__closing__state="in_force").values_list("subject__code", "result"))
ranks = sorted((row.rank, -row.total) for row in last.values())
tell([set(files.values()) == {10}, Counter(map(len, sheets.values())), all(last[c].total == mean(s) for c, s in sheets.items()),
      closed == {code: row.total for code, row in last.items()}, [total for _rank, total in ranks] == sorted(t for _r, t in ranks),
      ranks[0][0], all(row.total == row.score for row in last.values())])
"""
    )
    assert told == [True, {"3": 49, "6": 1}, True, True, True, 1, True]


def test_a_decision_with_number_and_clause_caps_a_village(tumen: Built) -> None:
    """T5: points for four stars, a disciplinary decision in force: two; one that was revoked caps nothing; on the pages."""
    told = tumen.ask(
        REVIEW
        + """
stands = EstablishedViolation.objects.get(from_on__year=2025, lifted_at=None)
gone = EstablishedViolation.objects.exclude(lifted_at=None).get(from_on__year=2025)
row = last[stands.subject.code]
one = page(f"/standings/reviews/{review.pk}/village/{row.subject.code}/", "B001")
own = page(f"/standings/reviews/{review.pk}/village/{row.subject.code}/", f"C{row.subject.code}-1")
public = page(f"/c/222402/notices/item/{stages['city'].publication_id}/")
tell([row.total >= 8800, row.by_rule, row.stars, stands.document in one, stands.clause in one, stands.document in own,
      "限星" in public, stands.document in public, last[gone.subject.code].stars, gone.lift_reason != "",
      stands.entered_by.person.code])
"""
    )
    assert told == [True, 2, 2, True, True, True, True, False, 3, True, "D01-1"]


def test_a_star_less_than_the_rule_gives_has_a_published_reason(tumen: Built) -> None:
    """T5: a village with five stars by its files, four by both earlier stages; its reason is public, its page has the sum."""
    told = tumen.ask(
        REVIEW
        + """
fixed = [row for row in last.values() if row.stars != row.by_rule]
row = fixed[0]
before = [stages[name].rows.get(subject=row.subject) for name in ("mutual", "departments")]
public = page(f"/c/222402/notices/item/{stages['city'].publication_id}/")
tell([len(fixed), row.by_rule, row.stars, all(one.proposal < 5 for one in before), row.reason in public,
      all(f"{one.score / 100:.2f}" in row.reason for one in before), ReviewDeviation.objects.filter(review=review).count()])
"""
    )
    assert told == [1, 5, 4, True, True, True, 1]


def test_an_objection_upheld_is_looked_at_again_and_moves_one_village(tumen: Built) -> None:
    """T5: three sheets more and two files found: three stars become four; the second version has its own notice."""
    told = tumen.ask(
        REVIEW
        + """
versions = ReviewStageVersion.objects.filter(review=review, stage="city").order_by("version")
first, second = versions
was = dict(first.rows.values_list("subject__code", "stars"))
moved = [code for code in was if was[code] != last[code].stars]
held = Objection.objects.get(upheld=True, publication__summary__review=review.pk)
rest = Objection.objects.filter(publication__in=Publication.objects.filter(kind="review_stage", key=first.publication.key))
timeline = page(f"/standings/notices/{second.publication_id}/", "B001")
tell([[row.state for row in versions], moved == [held.subject.code] == second.only, was[moved[0]], last[moved[0]].stars,
      held.subject.name in timeline, "异议成立" in timeline, rest.filter(upheld=None).count(), rest.count(),
      second.publication.notice_ends_on > second.finished_at.date()])
"""
    )
    assert told == [["superseded", "in_force"], True, 3, 4, True, True, 0, 2, True]


def test_from_the_star_to_a_single_sheet_in_three_clicks(tumen: Built) -> None:
    """T5 → T6: the ranked list, a village through its stages, one assessor's sheet; the village's ledger; workbooks."""
    told = tumen.ask(
        REVIEW
        + """
import re
from django.test import Client
row = next(row for row in last.values() if row.stars == 5)
place = row.subject
final = page(f"/standings/reviews/{review.pk}/final/", "B001")
one = page(f"/standings/reviews/{review.pk}/village/{place.code}/", "B001")
sheets = re.findall(r'href="(/checks/\\d+/)"', one)
sheet = page(sheets[-1], "B001")
own = page(f"/standings/ledger/{place.code}/", f"C{place.code}-1")
client = Client()
client.force_login(User.objects.get(person__code="B001"))
books = [client.get(f"/standings/reviews/{review.pk}/{which}.xlsx").status_code for which in ("mutual", "final")]
tell([place.name in final, f"{row.total / 100:.2f}" in final, f"{row.total / 100:.2f}" in one, len(sheets), "市级考评" in sheet,
      place.name in own, "5" in own, books])
"""
    )
    assert told == [True, True, True, 11, True, True, True, [200, 200]]


def test_promises_are_set_at_new_year_and_told_at_the_end(tumen: Built) -> None:
    """T3: 62 matters promised and settled, village by village, with what was settled by summer beside it."""
    told = tumen.ask(
        """
        from xiangyue.agreements.goal_models import Reading, Target
        promised = dict(Target.objects.filter(goal="matters", year=2025).values_list("place__code", "value"))
        told = {}
        for code, value in Reading.objects.filter(goal="matters", on__year=2025).order_by("on").values_list("place__code", "value"):
            told.setdefault(code, []).append(value)
        tell([sum(promised.values()), len(promised), all(told[code][-1] == promised[code] for code in promised),
              sum(held[0] for held in told.values()) < 62, "62" in page("/standings/goals/?year=2025", "B001")])
        """
    )
    assert told == [62, 50, True, True, True]


def test_every_page_of_the_review_opens(tumen: Built) -> None:
    """Office, a leader of a team, a village's secretary, a department, the public; and the running year's review."""
    told = tumen.ask(
        REVIEW
        + """
running = Review.objects.get(key="2026")
base = f"/standings/reviews/{review.pk}/"
paths = [base, base + "plan/", base + "teams/", base + "mutual/", base + "final/", base + "stage/mutual/",
         base + "stage/departments/", base + "stage/departments/jury/", base + "stage/city/",
         base + "stage/mutual/strictness/", base + f"teams/222402101/", f"/standings/reviews/{running.pk}/final/",
         "/office/", "/standings/ratings/", f"/standings/ratings/{rating.pk}/", "/standings/notices/", "/standings/goals/",
         "/standings/burden/", "/standings/ledger/222402/", "/standings/"]
sizes = [len(page(path, "B001")) for path in paths]
others = [len(page("/standings/reviews/", code)) for code in ("T222402101-91", "C222402101200-1", "D04-1", "B002")]
public = [len(page(path)) for path in ("/c/222402/", "/c/222402/notices/", "/c/222402/ranking/", "/screen/222402/")]
tell([min(sizes + others + public), "评审进行中" in page("/office/", "B001"), "今天的日检查" in page("/office/", "B001")])
"""
    )
    assert told[0] > 2_000
    assert told[1:] == [True, False]


def test_ten_sheets_disturbed_move_the_outcome(tumen: Built, tmp_path: Path) -> None:
    """The stars follow from captures: ten sheets more, handed in through the entry, and the running review's stars move."""
    copied = type(tumen)(tumen.name, tmp_path / "data")
    shutil.copytree(tumen.data, copied.data)
    told = copied.ask(
        REVIEW
        + """
from datetime import UTC, date, datetime
from xiangyue.captures.intake import Actor
from xiangyue.checks.actions import record_sheet
from xiangyue.rules.sheet import Entry
from xiangyue.standings.reviews.settings import scheme_for
from xiangyue.standings.reviews.stages import look_ahead, worked
version = ReviewStageVersion.objects.get(review__key="2026", stage="city", state="open")
told = lambda: Counter(row.stars for row in look_ahead(version, date(2026, 11, 21))[1].rows)
before = told()
best = sorted(look_ahead(version, date(2026, 11, 21))[1].rows, key=lambda row: row.rank)[:10]
poor = tuple(Entry(item.code, grade="poor") for item in scheme_for(review).standard("D06").items)
now = datetime(2026, 11, 20, 16, 30, tzinfo=UTC)
office = Actor(User.objects.get(person__code="S001").pk, "office")
kept = [record_sheet(office, "city_assessment", row.code, entries=poor, made_at=now, now=now).kept for row in best]
after = told()
city = stages["city"]
tell([sum(kept), before[5] > 0, after[5], before[4] - after[4] > 5, sum(before.values()) == sum(after.values()) == 50,
      worked(city, city.facts).digest == city.digest])
"""
    )
    assert told == [10, True, 0, True, True, True]
