"""A staged review from its plan to the list in force: turns, stages one after the other, notices, objections, stars."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, timedelta

import pytest

from tests.cast import COUNTY, PEACH, STREET, TOWN, WILLOW, Cast
from tests.standings import reviews
from tests.standings.facts import refused
from tests.standings.reviews import BEGUN, DRAWN, MUTUAL, NORTH, TOWNS, clerk, hand_in, later, team_of
from xiangyue.agreements.in_force import digest_of
from xiangyue.agreements.models import SchemeVersion
from xiangyue.checks.models import Check
from xiangyue.duties.models import Duty
from xiangyue.people.models import Person
from xiangyue.places.models import Place
from xiangyue.rules.draw import commitment, seed
from xiangyue.schemes import load, pack_text
from xiangyue.standings.actions.publication import put_in_force, withdraw
from xiangyue.standings.actions.publication_objections import answer, object_to
from xiangyue.standings.ratings.models import StarRating
from xiangyue.standings.reviews.facts import subjects_for
from xiangyue.standings.reviews.final import deviate
from xiangyue.standings.reviews.models import Review, ReviewFile, ReviewPlan, ReviewStageVersion
from xiangyue.standings.reviews.opening import add_member, declare_conflict, open_review, remove_member
from xiangyue.standings.reviews.planning import conflicts_of, draw_plan, give_up_plan, make_plan, turns_of
from xiangyue.standings.reviews.stages import finish_stage, look_ahead, newest, open_stage, reopen_stage
from xiangyue.standings.reviews.strictness import offsets_of
from xiangyue.standings.reviews.verify import differences, told_of, verify

STATE = ReviewStageVersion.State


@pytest.fixture
def county(cast: Cast) -> Cast:
    """Four townships with seven villages and a community."""
    return reviews.county(cast)


def test_a_plan_is_committed_drawn_and_recomputed(county: Cast) -> None:
    review = reviews.opened(county)
    plan = reviews.planned(county, review)
    assert (plan.commitment, plan.seed, plan.number) == (commitment(reviews.SECRET), "", "")
    with refused("draw_number_wait"):
        draw_plan(clerk(county), plan, number="1 2 3", now=BEGUN)
    done = draw_plan(clerk(county), plan, number=" 03 11 17 ", now=DRAWN)
    assert done.seed == seed(reviews.SECRET, "03 11 17")
    turns = turns_of(done)
    assert len(turns) == 2 * reviews.VILLAGES
    assert not [pair for pair in turns if pair[1].startswith(pair[0])]
    assert {sum(subject == code for _team, subject in turns) for code, *_ in subjects_for(review)} == {2}
    loads = [sum(team == town for team, _subject in turns) for town in TOWNS]
    assert max(loads) - min(loads) <= 1
    assert verify(review) == []
    told = told_of(done)
    assert differences(told) == []
    told["number"] = "03 11 18"
    assert differences(told)
    told = told_of(done) | {"secret": "another"}
    assert "公开的密钥与事先公布的摘要不符。" in differences(told)


def test_a_plan_over_the_villages_cap_is_not_made(county: Cast) -> None:
    review = reviews.opened(county)
    version = review.scheme_version
    text = re.sub(r"inspections_month = \d+", "inspections_month = 1", version.text)
    assert text != version.text
    SchemeVersion.objects.filter(pk=version.pk).update(text=text, digest=digest_of(text))
    review = Review.objects.select_related("scheme_version", "ground").get(pk=review.pk)
    with refused("burden_over"):
        reviews.planned(county, review)


def test_who_has_a_tie_is_passed_over(county: Cast) -> None:
    review = reviews.opened(county)
    Duty.objects.create(
        ground=county.places[COUNTY], scheme="tumen", layer="x", person=county.people["RM2"],
        target=county.household(1), from_on=date(2026, 1, 1), created_at=BEGUN,
    )  # fmt: skip
    declare_conflict(clerk(county), team_of(review, STREET), county.places[WILLOW], reason="组长的妹妹任村会计")
    found = {(row.team, row.subject): row.why for row in conflicts_of(review, date(2026, 11, 2))}
    assert found == {(STREET, WILLOW): "组长的妹妹任村会计", (NORTH, WILLOW): "丙组员在这里包保"}
    with refused("review_too_few_teams"):
        reviews.planned(county, review)
    remove_member(
        clerk(county), team_of(review, NORTH).members.get(person=county.people["RM2"]), today=date(2026, 11, 3)
    )
    plan = reviews.drawn(county, review)
    assert (STREET, WILLOW) not in turns_of(plan)
    with refused("review_team_fixed"):
        declare_conflict(clerk(county), team_of(review, STREET), county.places[PEACH], reason="另一处")


def test_a_plan_needs_leaders_and_a_number_still_unknown(county: Cast) -> None:
    review = reviews.opened(county, leaders=False)
    with refused("review_no_leader"):
        reviews.planned(county, review)
    with refused("draw_number_day"):
        make_plan(clerk(county), review, number_name="今天的号码", number_on=date(2026, 11, 2), now=BEGUN)
    with refused("review_member_place"):
        add_member(clerk(county), team_of(review, TOWN), county.people["RL1"], leads=True)
    with refused("review_opened"):
        open_review(clerk(county), county.places[COUNTY], review.scheme, review.code, "2026", now=BEGUN)
    with refused("review_period"):
        open_review(clerk(county), county.places[COUNTY], review.scheme, review.code, "2026-Q4", now=BEGUN)


def test_a_plan_is_made_anew_before_its_first_sheet_only(county: Cast) -> None:
    review = reviews.opened(county)
    first = reviews.drawn(county, review)
    with refused("review_reason"):
        give_up_plan(clerk(county), first, reason=" ", now=DRAWN)
    give_up_plan(clerk(county), first, reason="两个组换了组长", now=DRAWN)
    plan = make_plan(clerk(county), review, number_name="下一期", number_on=date(2026, 11, 8), now=DRAWN)
    assert (plan.version, plan.facts["code"][-2:]) == (2, "v2")
    draw_plan(clerk(county), plan, number="7", now=MUTUAL)
    open_stage(clerk(county), review, "mutual", now=MUTUAL)
    team, subject = turns_of(plan)[0]
    assert hand_in(county, f"RL{TOWNS.index(team)}", "mutual_field", subject, MUTUAL).state == "stored"
    with refused("review_plan_used"):
        give_up_plan(clerk(county), plan, reason="再来一次", now=MUTUAL)


def test_only_the_teams_turns_are_taken(county: Cast) -> None:
    review = reviews.opened(county)
    plan = reviews.drawn(county, review)
    team, subject = turns_of(plan)[0]
    n = TOWNS.index(team)
    early = hand_in(county, f"RL{n}", "mutual_field", subject, MUTUAL)
    assert (early.state, early.code) == ("refused", "review_not_open")
    open_stage(clerk(county), review, "mutual", now=MUTUAL)
    own = next(code for code, *_ in subjects_for(review) if code.startswith(team))
    assert hand_in(county, f"RL{n}", "mutual_field", own, MUTUAL).code == "review_turn"
    other = next(k for k in range(4) if (TOWNS[k], subject) not in turns_of(plan) and not subject.startswith(TOWNS[k]))
    assert hand_in(county, f"RL{other}", "mutual_field", subject, MUTUAL).code == "review_turn"
    home = TOWNS.index(subject[:9])
    typed = hand_in(county, f"RL{home}", "mutual_field", subject, MUTUAL, inspector=f"RL{n}")
    assert typed.code == "review_turn"
    assert hand_in(county, f"RM{n}", "mutual_field", subject, MUTUAL, inspector=f"RL{n}").state == "stored"
    assert hand_in(county, "county_office", "mutual_homes", subject, MUTUAL, inspector=f"RM{n}").state == "stored"
    Duty.objects.create(
        ground=county.places[COUNTY], scheme="tumen", layer="x", person=county.people[f"RL{n}"],
        target=county.places[subject], from_on=date(2026, 1, 1), created_at=BEGUN,
    )  # fmt: skip
    assert hand_in(county, f"RL{n}", "mutual_opinion", subject, MUTUAL).code == "check_own_target"


def test_a_household_borne_in_the_village_is_a_tie_too(county: Cast) -> None:
    review, _stage = reviews.mutual(county)
    team = next(team for team, subject in turns_of(ReviewPlan.objects.get(review=review)) if subject == WILLOW)
    n = TOWNS.index(team)
    Duty.objects.create(
        ground=county.places[COUNTY], scheme="tumen", layer="x", person=county.people[f"RL{n}"],
        target=county.household(1), from_on=date(2026, 1, 1), created_at=BEGUN,
    )  # fmt: skip
    assert hand_in(county, f"RL{n}", "mutual_opinion", WILLOW, MUTUAL).code == "review_conflict"
    assert hand_in(county, f"RM{n}", "mutual_opinion", WILLOW, MUTUAL).state == "stored"


def test_of_a_teams_sheets_of_a_day_the_last_counts(county: Cast) -> None:
    review, stage = reviews.mutual(county)
    plan = ReviewPlan.objects.get(review=review)
    team, subject = turns_of(plan)[0]
    n = TOWNS.index(team)
    hand_in(county, f"RL{n}", "mutual_field", subject, MUTUAL, faults=2)
    hand_in(county, f"RM{n}", "mutual_field", subject, later(0).replace(hour=5), faults=0)
    _facts, found = look_ahead(stage, date(2026, 11, 9))
    part = next(part for part in found.by_code[subject].parts if part.code == "field")
    assert (part.n, part.value) == (1, 10_000)
    assert hand_in(county, f"RL{n}", "mutual_field", subject, later(1), faults=0).state == "stored"
    _facts, found = look_ahead(stage, date(2026, 11, 10))
    assert next(part.n for part in found.by_code[subject].parts if part.code == "field") == 2


def whole(county: Cast, end: int = 11, lower: str = "") -> tuple[Review, ReviewStageVersion]:
    """All three stages, the last one on notice; `lower` is given two stars by the county."""
    review, stage = reviews.mutual(county)
    with refused("review_stage_gaps"):
        finish_stage(clerk(county), stage, now=later(1))
    with refused("review_stage_locked"):
        open_stage(clerk(county), review, "departments", now=later(1))
    reviews.all_turns(county, review)
    done = finish_stage(clerk(county), stage, now=later(1))
    assert done.state == STATE.IN_FORCE
    open_stage(clerk(county), review, "departments", now=later(2))
    reviews.departments(county, review, later(2))
    second = finish_stage(clerk(county), newest(review, "departments"), now=later(3))  # type: ignore[arg-type]
    assert second.state == STATE.PROPOSED
    with refused("review_stage_locked"):
        open_stage(clerk(county), review, "city", now=later(4))
    put_in_force(clerk(county), second.publication, now=later(9))  # type: ignore[arg-type]
    last = open_stage(clerk(county), review, "city", now=later(10))
    reviews.county_stage(county, review, later(10))
    if lower:
        deviate(clerk(county), review, county.places[lower], stars=2, reason="整改回头看没有通过", now=later(10))
    return review, finish_stage(clerk(county), last, now=later(end))


def test_from_the_first_stage_to_the_list_in_force(county: Cast) -> None:
    review, last = whole(county)
    assert last.state == STATE.PROPOSED
    rows = list(last.rows.select_related("subject").order_by("rank", "subject__code"))
    assert len(rows) == reviews.VILLAGES
    totals = [row.total or 0 for row in rows]
    assert totals == sorted(totals, reverse=True)
    assert {row.stars for row in rows} <= {0, 1, 2, 3, 4, 5}
    assert all(row.total == row.score and "作参考" in row.why for row in rows)
    put_in_force(clerk(county), last.publication, now=later(20))  # type: ignore[arg-type]
    last.refresh_from_db()
    assert last.state == STATE.IN_FORCE
    assert verify(review) == []


def test_an_upheld_objection_opens_the_stage_for_its_subject_alone(county: Cast) -> None:
    review, last = whole(county)
    before = {row.subject.code: row.score for row in last.rows.select_related("subject")}
    subject, other = sorted(before)[-1], sorted(before)[0]
    shown = last.publication
    assert shown is not None
    mine = object_to(
        clerk(county), shown, county.places[subject], text="第3项档案当时在镇里", by_name="示例支书", now=later(12)
    )
    told = answer(clerk(county), mine, True, "核实属实，重新考评", now=later(13))
    assert "重评" in told.outcome
    with refused("publication_held_back"):
        put_in_force(clerk(county), shown, now=later(30))
    again = newest(review, "city")
    assert again is not None
    assert (again.state, again.version, again.only) == (STATE.OPEN, 2, [subject])
    assert (
        hand_in(county, "county_office", "city_assessment", other, later(13), inspector="P02").code
        == "review_only_reopened"
    )
    better = hand_in(county, "county_office", "city_assessment", subject, later(13), faults=0, inspector="P01")
    assert better.state == "stored", better
    done = finish_stage(clerk(county), again, now=later(14))
    after = {row.subject.code: row.score for row in done.rows.select_related("subject")}
    assert {code for code in after if after[code] != before[code]} == {subject}
    last.refresh_from_db()
    assert last.state == STATE.SUPERSEDED
    put_in_force(clerk(county), done.publication, now=later(30))  # type: ignore[arg-type]
    assert verify(review) == []


def test_a_sheet_made_anew_on_its_day_leaves_the_older_version_whole(county: Cast) -> None:
    review, last = whole(county, end=10)
    subject, other = WILLOW, PEACH
    shown = last.publication
    assert shown is not None
    mine = object_to(clerk(county), shown, county.places[subject], text="漏看一项", by_name="示例支书", now=later(10))
    answer(clerk(county), mine, True, "核实属实，重新考评", now=later(10))
    again = newest(review, "city")
    assert again is not None
    # what another village lacks is no gap of a stage that is open for this one alone
    ReviewFile.objects.filter(subject__code=other, stage="city").delete()
    sheet = Check.objects.get(pk=next(row[0] for row in last.facts["sheets"] if row[1] == subject))
    better = hand_in(
        county, "county_office", "city_assessment", subject, later(10).replace(hour=9), faults=3,
        inspector=Person.objects.get(pk=sheet.inspector_id).code,
    )  # fmt: skip
    assert better.state == "stored", better
    sheet.refresh_from_db()
    assert sheet.state == Check.State.REPLACED
    finish_stage(clerk(county), again, now=later(11))
    assert verify(review) == []
    Check.objects.filter(pk=sheet.pk).update(score=1)
    assert [words for words in verify(review) if words.startswith("市级考评第1版")]


def test_a_deviation_counts_among_the_rating_s_stars(county: Cast) -> None:
    review, last = whole(county, lower=WILLOW)
    put_in_force(clerk(county), last.publication, now=later(20))  # type: ignore[arg-type]
    rating = StarRating.objects.get(basis=f"review-{review.pk}")
    held = Counter(rating.rows.exclude(stars=None).values_list("stars", flat=True))
    assert held[2]
    assert dict(rating.lines.filter(n__gt=0).values_list("stars", "n")) == dict(held)
    assert "个别调整后" in rating.lines.get(stars=2).why


def test_a_notice_taken_back_opens_the_stage_again(county: Cast) -> None:
    review, last = whole(county)
    withdraw(clerk(county), last.publication, reason="名单漏了一页", now=later(12))  # type: ignore[arg-type]
    again = newest(review, "city")
    assert again is not None
    assert (again.state, again.version, again.only) == (STATE.OPEN, 2, [])
    done = finish_stage(clerk(county), again, now=later(13))
    assert done.digest == last.digest


def test_a_stage_in_force_is_opened_again_by_a_reason(county: Cast) -> None:
    _review, last = whole(county)
    put_in_force(clerk(county), last.publication, now=later(20))  # type: ignore[arg-type]
    with refused("review_reason"):
        reopen_stage(clerk(county), last, reason="", now=later(21))
    again = reopen_stage(clerk(county), last, reason="纪委复核后更正", now=later(21), only=[WILLOW])
    done = finish_stage(clerk(county), again, now=later(22))
    last.refresh_from_db()
    assert (last.state, done.state) == (STATE.IN_FORCE, STATE.PROPOSED)
    put_in_force(clerk(county), done.publication, now=later(30))  # type: ignore[arg-type]
    last.refresh_from_db()
    assert last.state == STATE.SUPERSEDED


def next_years(county: Cast) -> Review:
    """The review of the year after, opened a year later, its plan drawn."""
    later_by = timedelta(days=364)
    code = load(pack_text("tumen")).code
    row = open_review(clerk(county), county.places[COUNTY], code, "three_stages", "2027", now=BEGUN + later_by)
    for n, town in enumerate(TOWNS):
        add_member(clerk(county), team_of(row, town), county.people[f"RL{n}"], leads=True)
    plan = make_plan(
        clerk(county), row, number_name=reviews.NUMBER, number_on=date(2027, 11, 4), now=BEGUN + later_by,
        secret=reviews.SECRET,
    )  # fmt: skip
    draw_plan(clerk(county), plan, number="01 02 03 04 05 06 + 07", now=DRAWN + later_by)
    return row


def test_the_sheets_of_two_years_reviews_are_never_mixed(county: Cast) -> None:
    review, last = whole(county)
    put_in_force(clerk(county), last.publication, now=later(20))  # type: ignore[arg-type]
    old = newest(review, "mutual")
    assert old is not None
    second, day = next_years(county), later(364)
    opened = open_stage(clerk(county), second, "mutual", now=day)
    with refused("review_other_open"):
        reopen_stage(clerk(county), old, reason="纪委复核后更正", now=day)
    reviews.all_turns(county, second, day)
    assert len(look_ahead(opened, day.date())[0]["sheets"]) == len(old.facts["sheets"])
    finish_stage(clerk(county), opened, now=later(366), accept_gaps="示例")
    with refused("review_other_open"):
        reopen_stage(clerk(county), old, reason="纪委复核后更正", now=later(366))
    again = reopen_stage(clerk(county), old, reason="纪委复核后更正", now=later(367))
    assert look_ahead(again, later(367).date())[0]["sheets"] == old.facts["sheets"]
    with refused("review_other_open"):
        reopen_stage(clerk(county), opened, reason="纪委复核后更正", now=later(367))


def test_strictness_is_advice(county: Cast) -> None:
    review, stage = reviews.mutual(county)
    reviews.all_turns(county, review)
    _facts, before = look_ahead(stage, date(2026, 11, 9))
    rows = {row.inspector: row for row in offsets_of(stage, date(2026, 11, 9))}
    assert set(rows) == set(TOWNS)
    assert rows[TOWN].n >= 10
    offset = rows[TOWN].offset
    assert offset is not None
    assert offset < 0
    assert "仅供参考" in rows[TOWN].why
    _facts, after = look_ahead(stage, date(2026, 11, 9))
    assert before.digest == after.digest


def test_a_change_underneath_is_found(county: Cast) -> None:
    review, last = whole(county)
    row = last.rows.select_related("subject").first()
    assert row is not None
    last.rows.filter(pk=row.pk).update(stars=5, score=9_999)
    assert any("阶段得分" in words for words in verify(review))
    Place.objects.filter(code=PEACH).update(name="改名")
    assert len(verify(review)) >= 2
