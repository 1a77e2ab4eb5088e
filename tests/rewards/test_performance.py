"""Bearers' appraisal: outcomes, progress, sheets, what is missing, the pay factor, versions and the notice."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.cast import COUNTY, PEACH, WILLOW, Cast, place
from tests.rewards.stage import AFTER_NOTICE, LATER, YEAR, bears, closing, in_force, with_rewards
from tests.standings.facts import check, refused
from xiangyue.agreements.in_force import digest_of
from xiangyue.places.models import Level
from xiangyue.rewards.performance_actions import appraise, propose_appraisal
from xiangyue.rewards.performance_models import Appraisal, AppraisalLine
from xiangyue.standings.actions.publication import put_in_force
from xiangyue.standings.actions.publication_objections import answer
from xiangyue.standings.notices.models import Objection


@pytest.fixture
def scheme(cast: Cast) -> Cast:
    """The cast with performances in its scheme."""
    return with_rewards(cast)


def as_user(cast: Cast, name: str) -> Client:
    client = Client()
    client.force_login(cast.users[name])
    return client


def homes(cast: Cast, *scores: int) -> dict[str, int]:
    return {cast.household(n).code: score for n, score in enumerate(scores, 1)}


def made(cast: Cast, code: str = "members_2", **more: Any) -> Appraisal:
    return appraise(cast.users["county_office"], cast.places[COUNTY], code, YEAR, now=LATER, **more)


def line(row: Appraisal, subject: str) -> AppraisalLine:
    return row.lines.get(subject=subject)


def test_outcomes_are_the_mean_of_own_households_and_what_is_missing_drops_out(scheme: Cast) -> None:
    closing(scheme, {"homes_2": homes(scheme, 9_000, 9_100, 9_200, 9_300, 7_000, 7_100, 7_201)})
    row = made(scheme)
    first, second = line(row, "person:P06"), line(row, "person:P07")
    assert (first.figure, first.factor, first.n_targets) == (9_150, 120, 4)
    # (70.00 + 71.00 + 72.01) ÷ 3 = 71.00: the lowest band
    assert (second.figure, second.factor) == (7_100, 80)
    assert [part[0] for part in first.parts] == [9_150, None, None, None]
    assert "缺项" in first.parts[2][3]
    assert "不按零分算" in first.parts[3][3]
    # nothing was closed before: a period is no progress on itself
    assert first.targets == [[scheme.household(n).pk, None, 9_000 + 100 * (n - 1)] for n in (1, 2, 3, 4)]
    assert (row.n_bearers, row.n_rated, row.mean) == (2, 2, 8_125)


def test_who_has_no_figure_loses_nothing(scheme: Cast) -> None:
    closing(scheme, {"homes_2": homes(scheme, 9_000)})
    nothing = line(made(scheme), "person:P07")
    assert (nothing.figure, nothing.factor) == (None, 100)
    assert "不因缺少记录而减" in nothing.factor_why


def test_progress_is_against_like_households_of_the_others(scheme: Cast) -> None:
    for number in range(11, 41):
        place(scheme, f"{PEACH}-H{number:05d}", f"{number}号", Level.HOUSEHOLD, PEACH, order=number)
    codes = [f"{PEACH}-H{number:05d}" for number in range(11, 41)]
    own, others = codes[:5], codes[5:]
    for code in own:
        bears(scheme, "members", scheme.places[code], person="P13", since=date(2026, 2, 1))
    by_month(scheme)
    # January was before the duty began: it is no first result in it
    months = [(1_000, 6_000), (6_000, 6_000), *[(8_000, 7_000)] * 7]
    for month, (mine, theirs) in enumerate(months, 1):
        figures = dict.fromkeys(own, mine) | dict.fromkeys(others, theirs)
        closing(scheme, {"household_month": figures}, key=f"2026-{month:02d}")
    told = line(made(scheme), "person:P13")
    outcome, progress = told.parts[0], told.parts[1]
    # (10.00 + 60.00 + 7 × 80.00) ÷ 9 = 70.00; the others (2 × 60.00 + 7 × 70.00) ÷ 9 = 67.78
    assert outcome[0] == 7_000
    assert told.targets[0][1:] == [6_000, 7_000]
    assert progress[:3] == [5_222, 5, 1_000]
    assert "同档 25 个对象平均变化 7.78" in progress[3]


def test_a_years_progress_is_from_the_first_month_in_the_duty(scheme: Cast) -> None:
    closing(scheme, {"household_month": homes(scheme, 7_000, 8_000, 8_000, 8_000)}, key="2026-02")
    closing(scheme, {"homes_2": homes(scheme, 9_000, 8_500, 8_000, 7_500)})
    assert [held[1:] for held in line(made(scheme), "person:P06").targets] == [
        [7_000, 9_000], [8_000, 8_500], [8_000, 8_000], [8_000, 7_500],
    ]  # fmt: skip


def test_few_households_give_no_progress(scheme: Cast) -> None:
    closing(scheme, {"homes_2": homes(scheme, *[9_000] * 8)})
    part = line(made(scheme), "person:P06").parts[1]
    assert part[0] is None
    assert "太少" in part[3]


def by_month(cast: Cast) -> None:
    """The outcomes are the monthly results."""
    assert cast.scheme is not None
    cast.scheme.text = cast.scheme.text.replace('composite = "homes_2"\n', 'composite = "household_month"\n')
    cast.scheme.digest = digest_of(cast.scheme.text)
    cast.scheme.save()


def test_the_sheets_of_a_supervision_appraise_a_department(scheme: Cast) -> None:
    bears(scheme, "departments", scheme.places[WILLOW], unit="D01", since=date(2026, 6, 1))
    bears(scheme, "departments", scheme.places[PEACH], unit="E01")
    closing(scheme, {"villages_2": {WILLOW: 9_000, PEACH: 8_000}})
    check(scheme, WILLOW, 6_000, date(2026, 5, 9), "village_secret", "P04")
    check(scheme, WILLOW, 8_000, date(2026, 6, 9), "village_secret", "P04")
    check(scheme, WILLOW, 8_501, date(2026, 7, 9), "village_secret", "P04")
    row = made(scheme, "departments_2")
    department, enterprise = line(row, "unit:D01"), line(row, "unit:E01")
    # the sheet before the duty began is not the department's: (80.00 + 85.01) ÷ 2
    assert [part[0] for part in department.parts] == [9_000, 8_251]
    assert department.figure == 8_626
    assert [part[0] for part in enterprise.parts] == [8_000, None]
    assert enterprise.figure == 8_000
    assert department.factor is None


def test_the_same_records_give_the_same_digest(scheme: Cast) -> None:
    closing(scheme, {"homes_2": homes(scheme, 9_000, 9_100)})
    first = made(scheme)
    with refused("rewards_nothing_new"):
        made(scheme)
    digest = first.digest
    Appraisal.objects.all().delete()
    assert made(scheme).digest == digest
    closing(scheme, {"homes_2": homes(scheme, 9_000, 9_200)}, version=2)
    newer = made(scheme, reason="更正")
    assert newer.version == 2
    assert newer.digest != digest


def test_queries_do_not_grow_with_bearers(scheme: Cast, django_assert_max_num_queries: Any) -> None:
    from django.db import connection

    closing(scheme, {"homes_2": homes(scheme, *[9_000] * 8)})
    with CaptureQueriesContext(connection) as few:
        made(scheme)
    from tests.cast import person

    for number in range(30):
        person(scheme, f"M{number}", f"党员{number}", WILLOW, "member")
        spot = place(scheme, f"{WILLOW}-H{100 + number:05d}", f"{number}号", Level.HOUSEHOLD, WILLOW)
        bears(scheme, "members", spot, person=f"M{number}")
    with django_assert_max_num_queries(len(few) + 3):
        row = made(scheme)
    assert row.n_bearers == 32


def test_an_appraisal_goes_through_the_notice(scheme: Cast) -> None:
    closing(scheme, {"homes_2": homes(scheme, 9_000)})
    row = propose_appraisal(scheme.users["county_office"], made(scheme), now=LATER)
    assert row.publication is not None
    assert {one.person.code for one in row.publication.subjects.all() if one.person} == {"P06", "P07"}
    with refused("publication_not_told"):
        put_in_force(scheme.users["county_office"], row.publication, now=AFTER_NOTICE)
    in_force(scheme, row)
    assert row.state == "in_force"


def test_departments_and_enterprises_are_subjects_like_others(scheme: Cast) -> None:
    bears(scheme, "departments", scheme.places[WILLOW], unit="D01", since=date(2026, 6, 1))
    bears(scheme, "departments", scheme.places[PEACH], unit="E01")
    closing(scheme, {"villages_2": {WILLOW: 8_000, PEACH: 9_000}})
    office = scheme.users["county_office"]
    row = propose_appraisal(office, made(scheme, "departments_2"), now=LATER)
    notice = row.publication
    assert notice is not None
    assert {one.organisation.code for one in notice.subjects.all() if one.organisation} == {"D01", "E01"}
    unit = scheme.organisations["D01"]
    address = reverse("standings:publication", args=[notice.pk])
    department = as_user(scheme, "department")
    assert department.get(address).status_code == 404
    scheme.people["P11"].organisation = unit
    scheme.people["P11"].save()
    assert department.get(address).status_code == 200
    assert notice.title in department.get(reverse("standings:publications")).content.decode()
    clerk = as_user(scheme, "county_office")
    typed = {"subject": "D01", "by_name": "子部门", "text": "八月的两次督查没有算进来"}
    assert clerk.post(reverse("standings:object", args=[notice.pk]), typed).status_code == 302
    told = Objection.objects.get()
    assert (told.organisation, told.subject, told.whom) == (unit, unit.place, unit)
    assert unit.name in clerk.get(address).content.decode()
    answer(office, told, False, "两次督查都在表上，见附表", now=LATER)
    with refused("publication_not_told"):
        put_in_force(office, notice, now=AFTER_NOTICE)
    clerk.post(reverse("standings:tell", args=[notice.pk]))
    assert not notice.subjects.filter(told_on=None).exists()
    in_force(scheme, row)
    assert row.state == "in_force"


def test_months_stand_in_where_no_composite_has_the_period(scheme: Cast) -> None:
    by_month(scheme)
    for month in range(1, 9):
        closing(scheme, {"household_month": homes(scheme, 8_000 + month, 9_000)}, key=f"2026-{month:02d}")
    row = made(scheme)
    # (80.01 + … + 80.08) ÷ 8 = 80.05 (half up), and 90.00
    assert line(row, "person:P06").figure == 8_503
    assert line(row, "person:P06").targets[0] == [scheme.household(1).pk, 8_001, 8_005]
    assert len(row.basis) == 8
    closing(scheme, {"household_month": homes(scheme, 8_000, 9_000)}, key="2026-01", version=2)
    with refused("rewards_stale"):
        propose_appraisal(scheme.users["county_office"], row, now=LATER)


def test_a_monthly_performance_cannot_be_asked_of_a_year(scheme: Cast) -> None:
    with refused("rewards_other_period"):
        appraise(scheme.users["county_office"], scheme.places[COUNTY], "members_2", "2026-10", now=LATER)
