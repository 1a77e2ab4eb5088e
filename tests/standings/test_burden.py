"""The burden account: forms measure themselves, villages' inspections are counted, caps hold, nobody is named."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import signing
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.budgets import assert_budget
from tests.cast import COUNTY, NOW, PEACH, TODAY, TOWN, WILLOW, Cast
from tests.standings.facts import check, household_scores, month_of_checks, refused
from xiangyue.agreements.actions.publishing import publish_scheme
from xiangyue.agreements.burden import hold_under_cap, note_time, week_of
from xiangyue.agreements.burden_models import EntryTime
from xiangyue.base.problems import Problem
from xiangyue.base.shown import seconds_since, shown_at
from xiangyue.checks.models import DayCount, Kind
from xiangyue.desk.models import Import
from xiangyue.people.models import Person
from xiangyue.rules.burden import Received
from xiangyue.rules.days import month_of
from xiangyue.rules.settings import Burden, Scheme
from xiangyue.schemes import dump, load
from xiangyue.standings.burden import account

OCTOBER = month_of(date(2026, 10, 1))


def scheme_with(cast: Cast, **caps: int) -> Scheme:
    """The county's scheme with these caps."""
    assert cast.scheme is not None
    return replace(load(cast.scheme.text), burden=Burden(**caps))


def later(seconds: int) -> datetime:
    return NOW + timedelta(seconds=seconds)


@pytest.mark.parametrize(("after", "seconds"), [(0, 0), (9, 9), (600, 600), (601, 600), (86_400, 600), (-5, 0)])
def test_a_form_measures_itself_up_to_ten_minutes(after: int, seconds: int) -> None:
    assert seconds_since(shown_at(NOW), later(after)) == seconds


@pytest.mark.parametrize(
    "mark",
    ["", "1", "rubbish:1:2", signing.dumps("x", salt="burden"), signing.dumps(1)],
    ids=["nothing", "plain", "rubbish", "words", "unsalted"],
)
def test_a_mark_that_is_not_ours_measures_nothing(mark: str) -> None:
    assert seconds_since(mark, NOW) is None


@pytest.mark.django_db
def test_a_week_is_summed_by_person_and_form(cast: Cast) -> None:
    person = cast.people["P06"]
    for n in (10, 20):
        note_time(person.pk, "daily", shown_at(NOW), now=later(n))
    note_time(person.pk, "daily", "", now=NOW)
    note_time(None, "daily", shown_at(NOW), now=later(5))
    assert list(EntryTime.objects.values_list("person_id", "form", "n", "seconds")) == [(person.pk, "daily", 2, 30)]
    assert week_of(person.pk, TODAY) == (2, 30)
    assert week_of(person.pk, TODAY + timedelta(days=7)) == (0, 0)


@pytest.mark.django_db
def test_what_villages_received_is_counted_and_held_against_the_cap(cast: Cast) -> None:
    month_of_checks(cast, household_scores(cast, 10_000, 9_000))
    daily = Kind.objects.get(ground=cast.places[COUNTY], code="daily")
    for n in range(10):
        DayCount.objects.create(village=cast.places[WILLOW], kind=daily, day=date(2026, 10, 1 + n), n_checks=2)
    for n in range(3):
        check(cast, WILLOW, 9_000, date(2026, 10, 9 + n), "village_open", "P04")
    check(cast, WILLOW, 9_000, date(2026, 10, 20), "village_opinion", "P04")
    found = account(cast.places[COUNTY], scheme_with(cast, inspections_month=2), OCTOBER)
    willow = next(row for row in found.villages if row.code == WILLOW)
    peach = next(row for row in found.villages if row.code == PEACH)
    assert (willow.inspections, willow.opinions, willow.visits) == (3, 1, 20)
    assert "超过上限 2 次" in willow.over
    assert (peach.inspections, peach.visits, peach.over) == (0, 0, "")
    assert found.n_over == 1
    sent = next(row for row in found.sent if row.name == "日检查")
    assert (sent.n, sent.lines, sent.seconds) == (20, 20, None)
    assert found.paper_minutes > 0
    assert found.measured_minutes is None


@pytest.mark.django_db
def test_few_people_are_not_shown_and_many_are_by_the_middle_one(cast: Cast) -> None:
    people = list(Person.objects.filter(place__path__startswith=cast.places[TOWN].path)[:6])
    for n, person in enumerate(people[:4]):
        note_time(person.pk, "daily", shown_at(NOW), now=later(60 * n))
    november = month_of(TODAY)
    spent = account(cast.places[COUNTY], scheme_with(cast), november).spent
    assert [(row.people, row.middle) for row in spent] == [(4, None)]
    for n, person in enumerate(people[4:], 4):
        note_time(person.pk, "daily", shown_at(NOW), now=later(60 * n))
    spent = account(cast.places[COUNTY], scheme_with(cast, minutes_week=4), november).spent
    assert [(row.people, row.middle, row.most, row.over) for row in spent] == [(len(people), len(people) // 2, 5, 1)]


@pytest.mark.django_db
def test_a_scheme_over_its_own_cap_is_not_published(cast: Cast) -> None:
    text = dump(scheme_with(cast, minutes_week=5))
    with pytest.raises(Problem, match="改好再发布；要改上限的，由县里重新核定“减负上限”"):
        publish_scheme(None, cast.places[COUNTY], text, date(2026, 12, 1), today=TODAY)
    fits = dump(scheme_with(cast, minutes_week=60))
    assert publish_scheme(None, cast.places[COUNTY], fits, date(2026, 12, 1), today=TODAY).version == 2


@pytest.mark.django_db
def test_a_plan_over_the_cap_is_not_published(cast: Cast) -> None:
    scheme = scheme_with(cast, inspections_month=2)
    hold_under_cap(scheme, [Received(WILLOW, 2)])
    with refused("burden_over"):
        hold_under_cap(scheme, [Received(WILLOW, 3)])


@pytest.mark.django_db
def test_the_page_shows_ones_own_ground_only(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "localdate", lambda *args, **kwargs: TODAY)
    check(cast, WILLOW, 9_000, date(2026, 11, 9), "village_open", "P04")
    client = Client()
    client.force_login(cast.users["county_office"])
    with CaptureQueriesContext(connection) as held:
        shown = client.get(reverse("standings:burden")).content.decode()
    assert_budget("standings:burden", len(held))
    assert cast.places[WILLOW].name in shown
    assert "同样的事用纸办" in shown
    village = Client()
    village.force_login(cast.users["village_office"])
    own = village.get(reverse("standings:burden")).content.decode()
    assert cast.places[WILLOW].name in own
    assert cast.places[PEACH].name not in own


@pytest.mark.django_db
def test_desk_forms_measure_themselves_and_workbooks_stand_by_their_rows(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.users["village_office"])
    address = reverse("desk:create", args=["household"])
    shown = client.get(address).content.decode()
    mark = shown.split('name="shown" value="')[1].split('"')[0]
    typed = {"village": WILLOW, "door": "77号", "head_name": "新户", "shown": mark}
    again = client.post(address, typed | {"n_members": "三"}).content.decode()
    assert mark in again
    assert not EntryTime.objects.exists()
    assert client.post(address, typed).status_code == 302
    row = EntryTime.objects.get()
    assert (row.form, row.n, row.person_id) == ("desk:household", 1, cast.users["village_office"].person_id)
    EntryTime.objects.update(seconds=45, week=date(2026, 9, 28))
    for state, day in (("done", 3), ("done", 31), ("checked", 4)):
        Import.objects.create(
            desk="household", file_name="户.xlsx", kind="xlsx", path=cast.places[WILLOW].path, state=state,
            counts={"add": 10, "change": 2, "same": 5}, uploaded_by=cast.users["village_office"], uploaded_at=NOW,
            done_at=datetime(2026, 10, day, 20, tzinfo=UTC),
        )  # fmt: skip
    assert cast.scheme is not None
    (desk,) = account(cast.places[COUNTY], load(cast.scheme.text), OCTOBER).desks
    # the last evening of October in UTC is November here
    assert (desk.n, desk.seconds, desk.rows) == (1, 45, 12)
    office = Client()
    office.force_login(cast.users["county_office"])
    page = office.get(reverse("standings:burden"), {"month": "2026-10"}).content.decode()
    assert "每行 10 秒估算" in page
    assert desk.name in page


@pytest.mark.django_db
def test_a_phone_form_is_measured_and_told_to_its_sender_only(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.users["bearer"])
    shown = client.get(reverse("field:today")).content.decode()
    assert 'name="shown"' in shown
    mark = shown.split('name="shown" value="')[1].split('"')[0]
    fine = [part.split('"')[0] for part in shown.split('name="fine" value="')[1:]]
    client.post(reverse("field:record"), {"check": "daily", "fine": fine, "shown": mark})
    row = EntryTime.objects.get()
    assert (row.form, row.n) == ("daily", 1)
    assert row.person_id == cast.users["bearer"].person_id
    assert "这一周录入" in client.get(reverse("field:me")).content.decode()
