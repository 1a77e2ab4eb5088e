"""The whole life of a month and a quarter: closed, on notice, objected to, in force, paired, corrected, verified."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from tests.cast import COMMUNITY, COUNTY, PEACH, STREET_VILLAGE, WILLOW, Cast, place
from tests.standings.facts import AFTER, check, household_scores, month_of_checks, refused
from xiangyue.agreements.in_force import digest_of
from xiangyue.agreements.models import Consent
from xiangyue.places.models import Level, Place, PlaceClass
from xiangyue.schemes import load
from xiangyue.standings.actions.adjusting import adjust, withdraw_adjustment
from xiangyue.standings.actions.closing import close_period, open_new_version
from xiangyue.standings.actions.periods import open_periods
from xiangyue.standings.actions.publication_objections import answer, object_to
from xiangyue.standings.actions.publishing import bring_in_force, propose, withdraw_proposal
from xiangyue.standings.actions.telling import cure, tell
from xiangyue.standings.models import BoardEntry, Closing, Objection, Pair, Period, Result, Standing
from xiangyue.standings.untold import to_tell
from xiangyue.standings.verify import verify

SCORES = (10_000, 9_900, 9_800, 9_500, 9_000, 8_000, 7_000, 6_000)
VILLAGES = (9_400, 9_000, 8_500, 8_000, 7_500, 7_000)
DAY = date(2026, 11, 2)
MORNING = AFTER + timedelta(days=1)
"""The morning of that day."""
STATE = Closing.State
LAST = "990100100204"
"""The village on the black board: 柳树村 has households that lift it above."""


@pytest.fixture
def october(cast: Cast) -> Cast:
    """October with a household board in 柳树村 and a village board of six villages."""
    for number in (3, 4):
        place(cast, f"99010010020{number}", f"示例{number}村", Level.VILLAGE, "990100100", PlaceClass.VILLAGE)
    month_of_checks(cast, household_scores(cast, *SCORES))
    for code, score in zip(villages(), VILLAGES, strict=True):
        check(cast, code, score, date(2026, 10, 9), "village_secret", "P04")
    return cast


def villages() -> tuple[str, ...]:
    """Six villages (the community is a category of its own), best first."""
    return (STREET_VILLAGE, "990100100203", PEACH, "990100100204", WILLOW, COMMUNITY)


def close_october(cast: Cast, now: datetime = AFTER) -> Closing:
    return close_period(cast.users["county_office"], cast.places[COUNTY], "2026-10", now=now)


def blacks(closing: Closing, board: str = "household_board") -> list[BoardEntry]:
    rows = BoardEntry.objects.filter(board__standing__closing=closing, board__board=board, side="black")
    return list(rows.select_related("subject").order_by("position"))


def clerk(cast: Cast):  # type: ignore[no-untyped-def]
    return cast.users["county_office"]


def in_force(cast: Cast, closing: Closing, days: int = 30) -> Closing:
    """On notice, all told, objections none, brought in force after the notice and the cure time."""
    shown = propose(clerk(cast), closing, now=MORNING)
    tell(clerk(cast), blacks(closing) + blacks(closing, "village_board"), today=DAY)
    return bring_in_force(clerk(cast), shown, now=MORNING + timedelta(days=days))


def on(day: int) -> datetime:
    """That day of November, in the morning."""
    return AFTER + timedelta(days=day - 1)


def objected(cast: Cast, closing: Closing, subject: Place, text: str, by_name: str) -> Objection:
    """An objection taken down by the clerk."""
    closing.refresh_from_db()
    assert closing.publication is not None
    return object_to(clerk(cast), closing.publication, subject, text=text, by_name=by_name, now=MORNING)


def test_from_closed_to_in_force(october: Cast) -> None:
    closing = close_october(october)
    shown = propose(clerk(october), closing, now=MORNING)
    assert (shown.state, shown.notice_ends_on) == (STATE.PROPOSED, date(2026, 11, 6))
    with refused("notice_runs"):
        bring_in_force(clerk(october), shown, now=on(6))
    with refused("publication_held_back"):
        bring_in_force(clerk(october), shown, now=on(7))
    assert tell(clerk(october), blacks(closing), today=DAY) == 1
    with refused("publication_held_back"):
        bring_in_force(clerk(october), shown, now=on(9))
    tell(clerk(october), blacks(closing, "village_board"), today=DAY)
    done = bring_in_force(clerk(october), shown, now=on(10))
    assert (done.pk, done.state, done.version) == (closing.pk, STATE.IN_FORCE, 1)
    assert {entry.expires_on for entry in blacks(done)} == {date(2026, 12, 11)}


def test_an_order_of_steps_is_kept(october: Cast) -> None:
    closing = close_october(october)
    with refused("wrong_state"):
        bring_in_force(clerk(october), closing, now=MORNING)
    propose(clerk(october), closing, now=MORNING)
    with refused("wrong_state"):
        propose(clerk(october), closing, now=MORNING)
    back = withdraw_proposal(clerk(october), closing, now=AFTER, reason="名单有误")
    assert (back.state, back.notice_ends_on) == (STATE.CLOSED, None)


def test_a_cured_entry_comes_off_by_a_version_that_verifies(october: Cast) -> None:
    closing = close_october(october)
    shown = propose(clerk(october), closing, now=MORNING)
    entry = blacks(closing)[0]
    tell(clerk(october), [entry, *blacks(closing, "village_board")], today=DAY)
    cure(clerk(october), entry, today=DAY + timedelta(days=2), reason="院落已清理，村委查看属实")
    done = bring_in_force(clerk(october), shown, now=on(10))
    assert (done.version, done.state, done.notice_ends_on) == (2, STATE.IN_FORCE, date(2026, 11, 6))
    assert [(row.taken_off, row.told_on) for row in blacks(done)] == [("cured", DAY)]
    assert not Result.objects.filter(
        standing__closing=done, standing__composite="household_month", board="black"
    ).exists()
    closing.refresh_from_db()
    assert closing.state == STATE.SUPERSEDED
    assert verify(closing) == []
    assert verify(done) == []


def test_objections_are_answered_one_by_one(october: Cast) -> None:
    closing = close_october(october)
    subject = october.household(8)
    shown = propose(clerk(october), closing, now=MORNING)
    with refused("empty_text"):
        objected(october, closing, subject, " ", "示例户8")
    objection = objected(october, closing, subject, "当天不在家", "示例户8")
    tell(clerk(october), blacks(closing) + blacks(closing, "village_board"), today=DAY)
    with refused("objections_unanswered"):
        bring_in_force(clerk(october), shown, now=on(20))
    answer(clerk(october), objection, True, "核实属实，予以除名", now=MORNING)
    with refused("already_answered"):
        answer(clerk(october), objection, False, "再答", now=MORNING)
    done = bring_in_force(clerk(october), shown, now=on(20))
    assert [row.taken_off for row in blacks(done)] == ["upheld"]
    assert verify(done) == []


def test_who_comes_off_by_an_objection_need_not_be_told_first(october: Cast) -> None:
    shown = propose(clerk(october), close_october(october), now=MORNING)
    tell(clerk(october), blacks(shown, "village_board"), today=DAY)
    objection = objected(october, shown, october.household(8), "当天不在家", "示例户8")
    assert list(to_tell([shown])) == blacks(shown)
    answer(clerk(october), objection, True, "核实属实，予以除名", now=MORNING)
    assert not to_tell([shown]).exists()
    done = bring_in_force(clerk(october), shown, now=on(10))
    assert [(row.taken_off, row.told_on) for row in blacks(done)] == [("upheld", None)]


def test_an_upheld_objection_off_the_boards_asks_for_a_new_version(october: Cast) -> None:
    shown = propose(clerk(october), close_october(october), now=MORNING)
    tell(clerk(october), blacks(shown) + blacks(shown, "village_board"), today=DAY)
    objection = objected(october, shown, october.household(5), "算错", "示例")
    answer(clerk(october), objection, True, "确有漏录", now=MORNING)
    with refused("upheld_without_mend"):
        bring_in_force(clerk(october), shown, now=on(20))


def test_pairs_live_in_the_next_month_and_are_judged(october: Cast) -> None:
    in_force(october, close_october(october))
    pair = Pair.objects.select_related("red", "black", "period", "met_at").get()
    assert (pair.red.code, pair.black.code) == (STREET_VILLAGE, LAST)
    assert (pair.composite, pair.period.key, pair.met_at.code) == ("village_month", "2026-11", COUNTY)
    for code, score in zip(villages(), (9_400, 9_000, 8_500, 9_500, 6_000, 7_000), strict=True):
        check(october, code, score, date(2026, 11, 9), "village_secret", "P04")
    closing = close_period(clerk(october), october.places[COUNTY], "2026-11", now=AFTER + timedelta(days=31))
    pair.refresh_from_db()
    assert pair.verdict == "left"
    black = Result.objects.get(standing__closing=closing, standing__composite="village_month", subject=pair.black)
    # joint (9500 + 9400) ÷ 2; paired (50 × 9450 + 50 × 9500) ÷ 100
    assert (black.own, black.joint, black.paired, black.partner_id) == (9_500, 9_450, 9_475, pair.red_id)
    assert verify(closing) == []


def test_a_later_version_ends_a_pair_and_never_remakes_it(october: Cast) -> None:
    first = in_force(october, close_october(october))
    period = Period.objects.get(key="2026-10")
    adjust(
        clerk(october), period, "village_month", october.places[WILLOW], amount=1_900, name="更正", reason="漏记",
        on=DAY, now=AFTER,
    )  # fmt: skip
    second = open_new_version(clerk(october), october.places[COUNTY], "2026-10", now=AFTER, reason="漏记")
    first.refresh_from_db()
    assert first.state == STATE.IN_FORCE
    done = in_force(october, second, days=40)
    first.refresh_from_db()
    assert (first.state, done.state) == (STATE.SUPERSEDED, STATE.IN_FORCE)
    ended = Pair.objects.exclude(ended_at=None).get()
    assert ended.black_id == october.places[LAST].pk
    assert "第2版" in ended.end_reason
    # nothing is remade: who had a pair in that month, ended or not, gets no other
    assert not Pair.objects.filter(ended_at=None).exists()


def test_households_are_paired_only_when_both_agreed(october: Cast) -> None:
    version = october.scheme
    assert version is not None
    version.text = version.text.replace("pairs = false", "pairs = true", 1).replace("pairs = true\n", "pairs = true\n")
    version.digest = digest_of(version.text)
    version.save()
    assert load(version.text).board("household_board").pairs
    closing = close_october(october)
    agree(october, 8)
    in_force(october, closing)
    assert not Pair.objects.filter(composite="household_month").exists()


def test_agreed_households_are_paired(october: Cast) -> None:
    version = october.scheme
    assert version is not None
    version.text = version.text.replace("pairs = false", "pairs = true", 1)
    version.digest = digest_of(version.text)
    version.save()
    agree(october, 1)
    agree(october, 8)
    in_force(october, close_october(october))
    pair = Pair.objects.get(composite="household_month")
    assert (pair.red_id, pair.black_id) == (october.household(1).pk, october.household(8).pk)


def agree(cast: Cast, number: int) -> None:
    Consent.objects.create(household=cast.household(number), purpose=Consent.Purpose.PAIR, given_on=date(2026, 9, 1))


def test_a_quarter_closes_after_its_months_and_goes_out_of_date(october: Cast) -> None:
    county, who = october.places[COUNTY], clerk(october)
    version = october.scheme
    assert version is not None
    version.from_on = date(2026, 10, 1)
    version.save()
    later = datetime(2027, 1, 5, 2, 0, tzinfo=AFTER.tzinfo)
    open_periods(later.date())
    close_october(october)
    with refused("months_open"):
        close_period(who, county, "2026-Q4", now=later)
    for month, score in ((11, 8_000), (12, 7_001)):
        check(october, WILLOW, score, date(2026, month, 9), "village_secret", "P04")
        close_period(who, county, f"2026-{month}", now=later)
    quarter = close_period(who, county, "2026-Q4", now=later)
    row = Result.objects.get(standing__closing=quarter, standing__composite="village_quarter", subject__code=WILLOW)
    own = Result.objects.get(
        standing__closing__period__key="2026-10", standing__composite="village_month", subject__code=WILLOW
    ).result
    assert own is not None
    assert row.parts == [["2026-10", own, 1], ["2026-11", 8000, 1], ["2026-12", 7001, 1]]
    assert row.result == (2 * (own + 8_000 + 7_001) + 3) // 6
    assert verify(quarter) == []
    # one month of three is too few
    other = Result.objects.get(standing__closing=quarter, standing__composite="village_quarter", subject__code=PEACH)
    assert other.result is None
    open_new_version(who, county, "2026-11", now=later, reason="更正")
    quarter.refresh_from_db()
    assert quarter.out_of_date
    newer = open_new_version(who, county, "2026-Q4", now=later, reason="月份有新版本")
    assert not newer.out_of_date
    assert verify(quarter) == []


def test_adjustments_are_named_withdrawn_and_clamped(october: Cast) -> None:
    open_periods(DAY)
    period = Period.objects.select_related("ground").get(key="2026-10")
    common: Any = {"on": DAY, "now": AFTER}
    with refused("empty_text"):
        adjust(clerk(october), period, "household_month", october.household(1), amount=1, name="", reason="x", **common)
    with refused("not_its_subject"):
        adjust(clerk(october), period, "village_month", october.household(1), amount=1, name="a", reason="x", **common)
    up = adjust(
        clerk(october), period, "household_month", october.household(2), amount=500, name="奖", reason="x", **common
    )
    off = adjust(
        clerk(october), period, "household_month", october.household(3), amount=-500, name="扣", reason="x", **common
    )
    withdraw_adjustment(clerk(october), off, now=AFTER, reason="记错")
    assert up.code != off.code
    closing = close_october(october)
    rows = dict(
        Result.objects.filter(standing__closing=closing, standing__composite="household_month").values_list(
            "subject_id", "result"
        )
    )
    assert rows[october.household(2).pk] == 10_000
    assert rows[october.household(3).pk] == 9_800
    assert verify(closing) == []


def test_verify_sees_what_was_changed(october: Cast) -> None:
    closing = close_october(october)
    assert verify(closing) == []
    Result.objects.filter(standing__closing=closing, subject=october.household(3)).update(result=10_000)
    words = [row.words for row in verify(closing)]
    assert any("被改动过" in row for row in words)
    assert any(october.household(3).code in row and "98.00" in row for row in words)
    Result.objects.filter(standing__closing=closing, subject=october.household(3)).update(result=9_800)
    Standing.objects.filter(closing=closing, composite="village_month").update(digest="0" * 64)
    assert any("摘要不符" in row.words for row in verify(closing))
