"""Pairs and what stands in their place: consent of both, taken back, what left the board, private lists, help."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.budgets import assert_budget
from tests.cast import WILLOW, Cast
from tests.standings.facts import AFTER, household_scores, month_of_checks, refused
from tests.standings.test_life import DAY, MORNING, agree, blacks, clerk, close_october
from xiangyue.agreements.actions.consents import revoke_consents
from xiangyue.agreements.in_force import digest_of
from xiangyue.agreements.models import Consent
from xiangyue.places.models import HouseholdState
from xiangyue.standings.actions.adjusting import adjust
from xiangyue.standings.actions.closing import close_period, open_new_version
from xiangyue.standings.actions.helping import record_help
from xiangyue.standings.actions.publication_objections import answer, object_to
from xiangyue.standings.actions.publishing import bring_in_force, propose
from xiangyue.standings.actions.telling import cure, tell
from xiangyue.standings.counted import counted_results
from xiangyue.standings.help_models import HelpCase
from xiangyue.standings.models import BoardEntry, Closing, Objection, Pair, Period, Result
from xiangyue.standings.pairs_shown import left_by_period, visible_pairs

SCORES = (10_000, 9_900, 9_800, 9_500, 9_000, 8_000, 7_000, 6_000)


@pytest.fixture
def october(cast: Cast) -> Cast:
    """October with a household board in 柳树村 that makes pairs, on a scheme of its own."""
    version = cast.scheme
    assert version is not None
    version.text = version.text.replace("pairs = false", "pairs = true", 1)
    version.text = version.text.replace('code = "household_month"\n', 'code = "household_month"\npair_weight = 50\n', 1)
    version.digest = digest_of(version.text)
    version.save()
    month_of_checks(cast, household_scores(cast, *SCORES))
    return cast


def settled(cast: Cast, closing: Closing) -> Closing:
    propose(clerk(cast), closing, now=MORNING)
    tell(clerk(cast), blacks(closing) + blacks(closing, "village_board"), today=DAY)
    return bring_in_force(clerk(cast), closing, now=MORNING + timedelta(days=30))


def page(cast: Cast, name: str, role: str = "village_office", **get: str) -> str:
    client = Client()
    client.force_login(cast.users[role])
    answer = client.get(reverse(f"standings:{name}"), get)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_who_did_not_agree_is_helped_by_its_bearer(october: Cast) -> None:
    agree(october, 1)
    settled(october, close_october(october))
    assert not Pair.objects.exists()
    case = HelpCase.objects.get()
    assert (case.household, case.why) == (october.household(8), HelpCase.Why.NOT_AGREED)
    assert "没有同意结对" in page(october, "help")
    with refused("empty_text"):
        record_help(clerk(october), case, words=" ", on=case.opened_on, today=case.opened_on)
    with refused("help_day"):
        record_help(clerk(october), case, words="清院子", on=DAY, today=case.opened_on)
    record_help(clerk(october), case, words="和包保人一起清了院子", on=case.opened_on, today=case.opened_on)
    with refused("already_helped"):
        record_help(clerk(october), case, words="又清", on=case.opened_on, today=case.opened_on)
    assert "和包保人一起清了院子" in page(october, "help")


def test_a_household_that_waits_for_months_stands_once_and_is_answered_once(october: Cast) -> None:
    settled(october, close_october(october))
    case = HelpCase.objects.get()
    ground, later = october.places["990100"], date(2026, 11, 1)
    november = Period.objects.get_or_create(
        ground=ground, scheme=case.period.scheme, key="2026-11",
        defaults={"kind": "month", "starts_on": later, "ends_on": date(2026, 11, 30)},
    )[0]  # fmt: skip
    HelpCase.objects.create(household=case.household, period=november, why=case.why, opened_on=case.opened_on)
    HelpCase.objects.create(household=october.household(7), period=november, why="need", opened_on=case.opened_on)
    words = page(october, "help")
    assert words.count(f'<th scope="row">{case.household.name}<') == 1
    assert "2026年11月等2期" in words
    record_help(clerk(october), case, words="清了院子", on=case.opened_on, today=case.opened_on)
    assert [row.household for row in HelpCase.objects.filter(done_on=None)] == [october.household(7)]
    assert page(october, "help").count("清了院子") == 1


def test_who_needs_help_is_not_on_the_board_but_on_the_list(october: Cast) -> None:
    HouseholdState.objects.filter(place=october.household(8)).delete()
    HouseholdState.objects.create(place=october.household(8), state="help", from_on=date(2026, 1, 1))
    done = settled(october, close_october(october))
    assert [row.taken_off for row in blacks(done)] == ["help"]
    assert HelpCase.objects.get().why == HelpCase.Why.NEED
    assert october.household(8).name not in page(october, "mending")


def test_a_consent_taken_back_ends_the_pair_at_once(october: Cast) -> None:
    agree(october, 1)
    agree(october, 8)
    settled(october, close_october(october))
    pair = Pair.objects.get()
    assert not HelpCase.objects.exists()
    words = page(october, "pairs", level="household")
    assert "100.00分" in words
    assert "60.00分" in words
    rows = Consent.objects.filter(household=october.household(8))
    revoke_consents(None, rows, on=timezone.localdate(), today=timezone.localdate())
    pair.refresh_from_db()
    assert pair.ended_at is not None
    assert "撤回" in pair.end_reason
    assert "撤回" in page(october, "pairs", level="household")
    case = HelpCase.objects.get()
    assert (case.household_id, case.period.key, case.why) == (pair.black_id, "2026-10", HelpCase.Why.NOT_AGREED)
    assert october.household(8).name in page(october, "help")
    client = Client()
    client.force_login(october.users["village_office"])
    consent = Consent.objects.get(household=october.household(8))
    told = client.get(reverse("desk:detail", args=["consent", consent.pk])).content.decode()
    assert "撤回同意书" in told
    assert "consent.revoked" not in told


def test_what_left_the_board_is_counted_with_own_and_result(october: Cast) -> None:
    agree(october, 1)
    agree(october, 8)
    settled(october, close_october(october))
    scores = (10_000, 9_900, 9_800, 9_500, 9_000, 8_000, 6_000, 9_000)
    month_of_checks(october, household_scores(october, *scores), date(2026, 11, 1))
    closing = close_period(clerk(october), october.places["990100"], "2026-11", now=AFTER + timedelta(days=31))
    counts = left_by_period(Pair.objects.all())
    assert [(row.period, row.level, row.n, row.left) for row in counts] == [("2026年11月", "household", 1, 1)]
    words = page(october, "pairs", level="household")
    assert "已脱离黑榜" in words
    assert "90.00" in words
    # a red household is never worse off for helping: its points and plaque go by the better figure
    results = Result.objects.filter(standing__closing=closing, standing__composite="household_month")
    red = results.get(subject=october.household(1))
    assert red.own is not None
    assert red.result is not None
    assert red.result < red.own
    assert dict(counted_results(results))[october.household(1).code] == red.own


def test_pairs_of_households_are_private(october: Cast) -> None:
    agree(october, 1)
    agree(october, 8)
    settled(october, close_october(october))
    assert october.household(8).name in page(october, "pairs", "county_office", level="household")
    for role in ("department", "supervisor"):
        assert october.household(8).name not in page(october, "pairs", role, level="household")


def test_the_private_list_is_for_the_village_the_offices_and_the_bearer(october: Cast) -> None:
    settled(october, close_october(october))
    BoardEntry.objects.update(expires_on=timezone.localdate())
    name = october.household(8).name
    for role in ("county_office", "township_office", "village_office", "auditor"):
        assert name in page(october, "mending", role), role
    client = Client()
    for role in ("department", "supervisor", "keeper"):
        client.force_login(october.users[role])
        assert client.get(reverse("standings:mending")).status_code == 403, role
    # the day after its last day it is shown to nobody
    BoardEntry.objects.update(expires_on=timezone.localdate() - timedelta(days=1))
    assert name not in page(october, "mending")


def test_a_correction_keeps_who_was_told_cured_and_upheld(october: Cast) -> None:
    closing = close_october(october)
    shown = propose(clerk(october), closing, now=MORNING)
    entry = blacks(closing)[0]
    tell(clerk(october), [entry], today=DAY)
    cure(clerk(october), entry, today=DAY, reason="已清理")
    assert shown.publication is not None
    object_to(clerk(october), shown.publication, october.household(8), text="x", by_name="y", now=MORNING)
    adjust(
        clerk(october), closing.period, "village_month", october.places[WILLOW], amount=1, name="更正", reason="漏记",
        on=DAY, now=AFTER,
    )  # fmt: skip
    newer = open_new_version(clerk(october), october.places["990100"], "2026-10", now=MORNING, reason="漏记")
    assert [(row.told_on, row.cured_on) for row in blacks(newer)] == [(DAY, DAY)]
    shown = propose(clerk(october), newer, now=MORNING)
    # the objection to the version before still asks for its answer, and what was upheld holds for the same entry
    with refused("objections_unanswered"):
        bring_in_force(clerk(october), shown, now=MORNING + timedelta(days=30))
    answer(clerk(october), Objection.objects.get(), True, "属实", now=MORNING)
    done = bring_in_force(clerk(october), shown, now=MORNING + timedelta(days=30))
    assert [row.taken_off for row in blacks(done)] == ["cured"]


def test_queries_stay_within_budget(october: Cast) -> None:
    agree(october, 1)
    agree(october, 8)
    settled(october, close_october(october))
    HelpCase.objects.create(
        household=october.household(7), period=Pair.objects.get().period, why="need", opened_on=timezone.localdate()
    )
    client = Client()
    client.force_login(october.users["county_office"])
    for name in ("standings:pairs", "standings:mending", "standings:help"):
        address = reverse(name) + "?level=household"
        client.get(address)
        with CaptureQueriesContext(connection) as held:
            client.get(address)
        assert_budget(name, len(held))


def test_a_county_sees_pairs_of_its_own_ground_only(october: Cast) -> None:
    from xiangyue.base.scope import Grant, Scope

    agree(october, 1)
    agree(october, 8)
    settled(october, close_october(october))
    assert visible_pairs(Scope(grants=(Grant("county_office", "990100/"),))).count() == 1
    assert visible_pairs(Scope(grants=(Grant("county_office", "990200/"),))).count() == 0
