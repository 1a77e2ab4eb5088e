"""A draft tried on a closed month: each subject's figures before and under it, what moved and why; nothing else changes."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.agreements.forms import fill
from tests.budgets import assert_budget
from tests.cast import COUNTY, WILLOW, Cast
from tests.standings.facts import AFTER, check, household_scores, month_of_checks
from xiangyue.agreements.models import SchemeVersion
from xiangyue.base.jobs import run_job
from xiangyue.base.models import Job
from xiangyue.checks.models import Check, Entry
from xiangyue.rules.days import parse_period
from xiangyue.rules.settings import Area, Item, Standard, Step
from xiangyue.rules.sheet import Entry as Said
from xiangyue.rules.sheet import points
from xiangyue.schemes import load
from xiangyue.standings.actions.closing import close_period
from xiangyue.standings.actions.periods import make_period
from xiangyue.standings.drafts import Line, closings_to_try, lines_of, pack_outcome, tried
from xiangyue.standings.models import Closing, Result
from xiangyue.standings.rescoring import score_again

pytestmark = pytest.mark.django_db
SCORES = (10_000, 9_900, 9_800, 9_500, 9_000, 8_000, 7_000, 6_000)


@pytest.fixture
def closing(cast: Cast) -> Closing:
    """October, closed on the checks of 柳树村's eight households and an inspection of the village."""
    month_of_checks(cast, household_scores(cast, *SCORES))
    check(cast, WILLOW, 8_800, kind_code="village_open", inspector="P04")
    return close_period(cast.users["county_office"], cast.places[COUNTY], "2026-10", now=AFTER)


@pytest.fixture
def office(cast: Cast, client: Client) -> Client:
    """The county's clerk at the desk."""
    client.force_login(cast.users["county_office"])
    return client


@pytest.fixture
def draft(cast: Cast, office: Client, closing: Closing) -> SchemeVersion:
    """A draft begun from the version that October was closed with."""
    assert cast.scheme
    office.post(reverse("agreements:draft", args=[cast.scheme.pk]))
    return SchemeVersion.objects.get(state="draft")


def outcome(draft: SchemeVersion, closing: Closing) -> dict[str, dict[str, Line]]:
    """Composite → code → line."""
    found = pack_outcome(tried(draft, closing, lambda done, words: None))
    return {row["code"]: {line.code: line for line in lines_of(row)} for row in found["composites"]}


def test_a_draft_that_says_the_same_moves_nothing(draft: SchemeVersion, closing: Closing) -> None:
    found = outcome(draft, closing)
    stored = {
        row.subject.code: row for row in Result.objects.filter(standing__closing=closing).select_related("subject")
    }
    assert set(found["household_month"]) | set(found["village_month"]) <= set(stored)
    for lines in found.values():
        for line in lines.values():
            assert (line.was, line.why) == (line.now, "")
            row = stored[line.code]
            assert (line.now.own, line.now.result, line.now.rank, line.now.board) == (
                row.own, row.result, row.rank, row.board,
            )  # fmt: skip


def test_weights_and_board_lines_move_figures_and_say_why(
    cast: Cast, office: Client, draft: SchemeVersion, closing: Closing
) -> None:
    at = next(n for n, row in enumerate(load(draft.text).composites) if row.code == "village_month")
    fill(office, draft, f"composites[{at}].components[1]", {f"composites[{at}].components[1].weight": "90"})
    at = next(n for n, row in enumerate(load(draft.text).boards) if row.code == "household_board")
    fill(office, draft, f"boards[{at}]", {f"boards[{at}].red.n": "3", f"boards[{at}].red.per_mille": "0"})
    found = outcome(draft, closing)
    village = found["village_month"][WILLOW]
    # (8650 × 30 + 8800 × 30) ÷ 60, then (8650 × 30 + 8800 × 90) ÷ 120
    assert (village.was.own, village.now.own, village.moved) == (8_725, 8_763, 38)
    assert "“明察”权重30→90" in village.why
    homes = found["household_month"]
    red = [line.code for line in homes.values() if line.now.board == "red"]
    assert red == [cast.household(n).code for n in (1, 2, 3)]
    assert "红榜名额" in homes[cast.household(3).code].why
    assert homes[cast.household(5).code].why == ""
    assert not Closing.objects.exclude(pk=closing.pk).exists()


def test_sheets_are_scored_once_more_where_the_standard_scores_otherwise(
    cast: Cast, office: Client, draft: SchemeVersion, closing: Closing
) -> None:
    kind = load(draft.text).check_kind("village_open")
    standard = load(draft.text).standard(kind.standard)
    item = next(one for one in standard.items if one.kind == "deduct" and not one.steps[0].all)
    seen = Said(item.code, item.steps[0].code, 2)
    was = points(standard, [seen])
    row = Check.objects.get(subject=cast.places[WILLOW], state=Check.State.COUNTED, kind__code="village_open")
    Entry.objects.create(check_row=row, item=seen.item, step=seen.step, n=2)
    Check.objects.filter(pk=row.pk).update(score=was)
    at = next(n for n, one in enumerate(load(draft.text).standards) if one.code == standard.code)
    area = next(n for n, one in enumerate(standard.areas) if item in one.items)
    place = f"standards[{at}].areas[{area}].items[{standard.areas[area].items.index(item)}]"
    fill(office, draft, place, {f"{place}.steps[0].amount": str(item.steps[0].amount * 2 / 100)})
    now = points(load(draft.text).standard(standard.code), [seen])
    assert was is not None
    assert now is not None
    assert now < was
    told = tried(draft, closing, lambda done, words: None)
    lines = {line.code: line for one in told["composites"] if one["code"] == "village_month" for line in lines_of(one)}
    assert f"{now / 100:.2f}" in lines[WILLOW].why
    assert any("照草案重算" in note for note in told["notes"])


def test_an_entry_that_the_draft_has_no_place_for_is_left_out_and_told() -> None:
    kept = Item("a", "甲", "deduct", 1000, (Step("s", "情形", 250),))
    dropped: Counter[str] = Counter()
    told = [Said("a", "s"), Said("gone", "x"), Said("gone", "y")]
    assert score_again(Standard("s", "标准", "village", (Area("a", "方面", (kept,)),)), told, dropped) == 7500
    assert dropped == {"gone": 2}


def test_the_page_starts_a_job_and_shows_each_subject(
    cast: Cast, office: Client, draft: SchemeVersion, closing: Closing, django_capture_on_commit_callbacks: Any
) -> None:
    address = reverse("standings:drafted", args=[draft.pk])
    assert "开始套算" in office.get(address).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        office.post(address, {"closing": closing.pk})
    job = Job.objects.get(kind="standings.draft")
    run_job.func(job.pk)
    job.refresh_from_db()
    assert job.state == Job.State.DONE, job.message
    page = office.get(address, {"composite": "household_month", "show": "all"}).content.decode()
    assert "60.00" in page
    assert "没有这样的对象" in office.get(address, {"composite": "household_month"}).content.decode()
    fill(office, draft, "", {"notice.days": "9"})
    assert "草稿又改过了" in office.get(address).content.decode()
    assert "去看" not in office.get(address, headers={"HX-Request": "true"}).content.decode()


def test_a_closed_year_can_be_tried_however_many_months_came_after_it(cast: Cast, draft: SchemeVersion) -> None:
    assert cast.scheme is not None
    keys = ["2025", *(f"2025-Q{n}" for n in range(1, 5)), *(f"2026-{n:02}" for n in range(1, 11)), "2025-12", "2025-11"]
    for key in {*keys, "2025-10"} - {"2026-10"}:
        row = make_period(cast.places[COUNTY].pk, draft.code, parse_period(key))
        row.save()
        Closing.objects.create(period=row, version=1, state="in_force", scheme_version=cast.scheme, closed_at=AFTER)
    shown = [row.period.key for row in closings_to_try(cast.places[COUNTY].pk, draft.code)]
    assert shown[0] == "2026-10"
    assert "2025" in shown
    assert sorted(shown) == sorted(keys)


def test_a_draft_that_makes_no_sense_is_not_tried(office: Client, draft: SchemeVersion, closing: Closing) -> None:
    fill(office, draft, "standards", do="drop:standards[0]")
    assert "改好标出的地方" in office.get(reverse("standings:drafted", args=[draft.pk])).content.decode()


def test_the_page_says_which_stars_a_trial_does_not_give(
    office: Client, draft: SchemeVersion, closing: Closing
) -> None:
    address = reverse("standings:drafted", args=[draft.pk])
    with CaptureQueriesContext(connection) as taken:
        page = office.get(address).content.decode()
    assert_budget("standings:drafted", len(taken))
    assert "评星" not in page.split("照草案的标准")[1].split("</p>")[0]
    rating = '[[ratings]]\ncode = "{code}"\nname = "{name}"\nlevel = "village"\nperiod = "{period}"\n{more}\n'
    yearly = rating.format(code="y", name="“一年”评星", period="year", more='composite = "village_month"')
    monthly = rating.format(code="m", name="月度评星", period="month", more='composite = "village_month"')
    bare = rating.format(code="b", name="指标评星", period="month", more="")
    SchemeVersion.objects.filter(pk=draft.pk).update(text=f"{draft.text}\n{yearly}\n{monthly}\n{bare}")
    page = office.get(address).content.decode()
    assert "“‘一年’评星”按年度评星，要选一个已关账的年度来套算才看得到" in page
    assert "“指标评星”只看指标、不看考核得分" in page
    assert "月度评星" not in page.split("照草案的标准")[1].split("</p>")[0]
