"""Rounds and sheets: what is taken, what is refused with words, what is held, late, sent twice, taken back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.cast import COUNTY, NOW, TODAY, TOWN, WILLOW, Cast
from tests.checks.rounds import LITTER, actor, codes, go, total
from xiangyue.captures import intake
from xiangyue.captures.envelope import seal
from xiangyue.captures.ids import new_id
from xiangyue.captures.models import Capture
from xiangyue.checks.actions import Fault, record_round, record_sheet, take_in_late
from xiangyue.checks.models import Check, CheckNote, DayCount, SheetTotal
from xiangyue.checks.models import Entry as EntryRow
from xiangyue.duties.models import Duty
from xiangyue.rules.sheet import Entry

pytestmark = pytest.mark.usefixtures("no_followers")


def test_all_fine_but_one_is_one_capture_and_one_row_a_household(cast: Cast) -> None:
    fault = Fault(cast.household(4).code, (LITTER,), "门口")
    answer = go(cast, 1, 2, 3, faults=(fault,))
    assert (answer.state, answer.words) == ("stored", "")
    capture = Capture.objects.get()
    assert (capture.kind, capture.state, capture.person, capture.place.code) == (
        "round", "stored", cast.people["P06"], WILLOW,
    )  # fmt: skip
    rows = list(Check.objects.order_by("subject__code").values_list("score", "n_faults", "state", "day", "month"))
    assert rows[:3] == [(10_000, 0, 1, TODAY, 202611)] * 3
    assert rows[3] == (6_667, 1, 1, TODAY, 202611)
    assert list(EntryRow.objects.values_list("item", "step", "n")) == [("S01-1", "rubbish", 2)]
    assert CheckNote.objects.get().text == "门口"
    assert "门口" not in str(capture.body)
    assert total(cast, 4) == (1, 6_667, 6_667, 6_667, 6_667)
    day = DayCount.objects.get()
    assert (day.village.code, day.day, day.n_checks, day.n_faulty) == (WILLOW, TODAY, 4, 1)


def test_the_same_again_changes_nothing(cast: Cast) -> None:
    key = new_id()
    first = go(cast, 1, 2, id=key)
    again = go(cast, 1, 2, id=key)
    assert (first.state, again.state) == ("stored", "already")
    assert again.capture_id == first.capture_id
    assert Check.objects.count() == 2
    assert total(cast, 1)[0] == 1


def test_the_same_id_with_another_content_is_a_conflict(cast: Cast) -> None:
    key = new_id()
    go(cast, 1, 2, id=key)
    answer = go(cast, 1, 3, id=key)
    assert (answer.state, answer.status) == ("conflict", 409)
    assert "没有入库" in answer.words
    assert answer.mend
    assert Check.objects.count() == 2


def test_the_same_id_from_another_user_is_a_conflict(cast: Cast) -> None:
    key = new_id()
    go(cast, 1, id=key)
    answer = go(cast, 1, id=key, actor=actor(cast, "village_office"), inspector="P06")
    assert answer.state == "conflict"


def test_a_later_round_of_the_day_replaces_the_earlier_one(cast: Cast) -> None:
    go(cast, 1, made_at=NOW - timedelta(hours=2))
    go(cast, faults=(Fault(cast.household(1).code, (LITTER,)),), made_at=NOW - timedelta(hours=1))
    states = list(Check.objects.order_by("made_at").values_list("state", flat=True))
    assert states == [Check.State.REPLACED, Check.State.COUNTED]
    assert total(cast, 1) == (1, 6_667, 6_667, 6_667, 6_667)
    day = DayCount.objects.get()
    assert (day.n_checks, day.n_faulty) == (1, 1)


def test_what_arrives_later_but_was_made_earlier_does_not_count(cast: Cast) -> None:
    go(cast, faults=(Fault(cast.household(1).code, (LITTER,)),), made_at=NOW - timedelta(hours=1))
    go(cast, 1, made_at=NOW - timedelta(hours=2))
    assert total(cast, 1) == (1, 6_667, 6_667, 6_667, 6_667)


@pytest.mark.parametrize(
    ("number", "words"), [(5, "不是您包保的"), (8, "不是您包保的")], ids=["a neighbour's", "the committee's"]
)
def test_a_household_outside_ones_duty_is_refused_with_words(cast: Cast, number: int, words: str) -> None:
    answer = go(cast, 1, number)
    assert (answer.state, answer.status) == ("refused", 403)
    assert words in answer.words
    assert cast.household(number).code in answer.words
    assert "去掉" in answer.mend or "请" in answer.mend
    assert not Capture.objects.exists()


def test_what_lies_on_other_ground_is_not_even_named(cast: Cast) -> None:
    other = cast.places["990200100201-H00001"]
    answer = record_round(actor(cast), "daily", fine=[other.code], now=NOW)
    unknown = record_round(actor(cast), "daily", fine=["990100100201-H99999"], now=NOW)
    assert answer.code == unknown.code == "check_place"
    assert other.name not in answer.words


def test_duty_is_asked_as_of_the_day_of_the_check(cast: Cast) -> None:
    Duty.objects.filter(target=cast.household(1)).update(to_on=TODAY - timedelta(days=3))
    assert go(cast, 1).code == "check_outside_duty"
    assert go(cast, 1, made_at=NOW - timedelta(days=3)).state == "stored"


def test_a_stand_in_may_check_on_the_days_of_leave(cast: Cast) -> None:
    Duty.objects.filter(target=cast.household(5)).update(
        stand_in=cast.people["P06"], stand_in_from=TODAY, stand_in_to=TODAY
    )
    assert go(cast, 5).state == "stored"
    assert go(cast, 5, made_at=NOW - timedelta(days=1)).code == "check_outside_duty"


def test_dated_tomorrow_is_held_for_a_person(cast: Cast) -> None:
    answer = go(cast, 1, made_at=NOW + timedelta(days=1))
    assert answer.state == "held"
    assert "今天之后" in answer.words
    assert answer.mend
    assert Check.objects.get().state == Check.State.HELD
    assert not SheetTotal.objects.exists()


def test_older_than_the_schemes_limit_is_held(cast: Cast) -> None:
    assert go(cast, 1, made_at=NOW - timedelta(days=31)).state == "stored"
    assert go(cast, 2, made_at=NOW - timedelta(days=32)).state == "held"


def test_the_clock_error_of_the_phone_is_taken_off(cast: Cast) -> None:
    fast = timedelta(days=1)
    body = {"check": "daily", "fine": codes(cast, 1)}
    envelope = seal("round", body, id=new_id(), made_at=NOW + fast, sent_at=NOW + fast + timedelta(seconds=30))
    assert intake.submit(envelope, actor(cast), now=NOW).state == "stored"
    capture = Capture.objects.get()
    assert capture.clock_error == 86_430
    assert capture.made_at == NOW - timedelta(seconds=30)


def test_a_closed_month_takes_it_as_late_and_changes_nothing(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake._above, "told", lambda rows: {(cast.places[COUNTY].pk, "linjiang", 202610)})
    answer = go(cast, 1, made_at=datetime.fromisoformat("2026-10-31T10:00:00+08:00"))
    assert answer.state == "late"
    assert "关账" in answer.words
    assert Check.objects.get().state == Check.State.LATE
    assert not SheetTotal.objects.exists()
    assert not DayCount.objects.exists()
    assert take_in_late(cast.places[COUNTY].pk, "linjiang", {202610}) == 1
    assert Check.objects.get().state == Check.State.COUNTED
    assert total(cast, 1)[0] == 1
    assert Capture.objects.get().state == "stored"


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        (Entry("S99-9", "rubbish"), "没有「S99-9」这一项"),
        (Entry("S01-1", "nothing"), "没有“nothing”这种情形"),
        (Entry("S01-1", "rubbish", 0), "至少要 1"),
        (Entry("S01-1", "rubbish", 5_000), "太多了"),
        (Entry("S01-1", "rubbish", applicable=False), "不能标为“不适用”"),
    ],
    ids=["item not in the standard", "step unknown", "no times", "too many", "not applicable"],
)
def test_an_entry_that_does_not_fit_is_refused_with_words(cast: Cast, entry: Entry, words: str) -> None:
    answer = go(cast, 1, faults=(Fault(cast.household(2).code, (entry,)),))
    assert answer.state == "refused"
    assert words in answer.words
    assert not Capture.objects.exists()


def test_before_the_scheme_there_is_nothing_to_check_by(cast: Cast) -> None:
    answer = go(cast, 1, made_at=datetime.fromisoformat("2025-12-31T10:00:00+08:00"))
    assert answer.code == "check_kind"


def test_a_kind_for_villages_does_not_fit_a_household(cast: Cast) -> None:
    answer = record_sheet(actor(cast, "township_office"), "village_open", cast.household(1).code, now=NOW)
    assert answer.code == "check_level"
    assert "示例" not in answer.words


def test_a_helper_at_the_counter_records_for_a_bearer_and_it_says_so(cast: Cast) -> None:
    answer = go(cast, 1, 2, actor=actor(cast, "village_office"), inspector="P06")
    assert answer.state == "stored"
    capture = Capture.objects.get()
    assert (capture.channel, capture.user, capture.person) == (
        "counter", cast.users["village_office"], cast.people["P06"],
    )  # fmt: skip
    elsewhere = go(cast, 1, actor=actor(cast, "other_village_office"), inspector="P06")
    assert elsewhere.state == "refused"


def test_a_bearer_cannot_record_for_another(cast: Cast) -> None:
    assert go(cast, 5, inspector="P07").code == "check_not_yours"


def test_the_township_inspects_a_village_with_its_25_items(cast: Cast) -> None:
    entries = [Entry(item.code, item.steps[0].code, 1) for item in _standard(cast).items if item.steps][:3]
    answer = record_sheet(
        actor(cast, "township_office", "office"), "village_open", WILLOW, entries=entries, note="三处", now=NOW
    )
    assert answer.state == "stored"
    check = Check.objects.get()
    assert (check.subject.code, check.n_faults, check.inspector) == (WILLOW, 3, cast.people["P04"])
    assert check.score is not None
    assert check.score < 10_000
    assert Capture.objects.get().channel == "office"


def _standard(cast: Cast) -> Any:
    from xiangyue.agreements.in_force import scheme_of

    assert cast.scheme is not None
    scheme = scheme_of(cast.scheme)
    return scheme.standard(scheme.check_kind("village_open").standard)


def test_nobody_inspects_what_they_bear(cast: Cast) -> None:
    Duty.objects.create(
        ground=cast.places[COUNTY], scheme="linjiang", layer="township_leaders", person=cast.people["P04"],
        target=cast.places[WILLOW], from_on=TODAY, created_at=NOW,
    )  # fmt: skip
    who = actor(cast, "township_office", "office")
    assert record_sheet(who, "village_open", WILLOW, now=NOW).code == "check_own_target"
    assert record_sheet(who, "village_open", WILLOW, inspector="P03", now=NOW).state == "stored"


def test_nobody_inspects_what_their_organisation_bears(cast: Cast) -> None:
    Duty.objects.create(
        ground=cast.places[COUNTY], scheme="linjiang", layer="departments", organisation=cast.organisations["D01"],
        target=cast.places[WILLOW], from_on=TODAY, created_at=NOW,
    )  # fmt: skip
    supervisor = cast.people["P09"]
    supervisor.organisation = cast.organisations["D01"]
    supervisor.save()
    assert record_sheet(actor(cast, "supervisor"), "village_secret", WILLOW, now=NOW).code == "check_own_target"


@pytest.mark.parametrize(
    ("who", "subject", "state"),
    [
        ("supervisor", WILLOW, "stored"),
        ("county_office", TOWN, "stored"),
        ("township_office", TOWN, "refused"),
        ("village_office", WILLOW, "refused"),
        ("bearer", WILLOW, "refused"),
        ("auditor", WILLOW, "refused"),
        ("department", WILLOW, "refused"),
        ("keeper", WILLOW, "refused"),
        ("other_county_office", WILLOW, "refused"),
    ],
)
def test_a_place_does_not_inspect_itself(cast: Cast, who: str, subject: str, state: str) -> None:
    kind = "township_open" if subject == TOWN else "village_open"
    assert record_sheet(actor(cast, who, "office"), kind, subject, now=NOW).state == state


def test_an_account_out_of_use_is_signed_out(cast: Cast) -> None:
    cast.users["bearer"].is_active = False
    cast.users["bearer"].save()
    answer = go(cast, 1)
    assert (answer.code, answer.status) == ("signed_out", 401)


def test_a_grant_withdrawn_counts_at_once(cast: Cast) -> None:
    cast.users["bearer"].grants.update(to_on=TODAY - timedelta(days=1))
    assert go(cast, 1).code == "no_grant"


def test_away_and_empty_households_are_stored(cast: Cast) -> None:
    cast.household(1).states.update(state="away")
    assert go(cast, 1).state == "stored"
