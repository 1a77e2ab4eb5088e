"""A review's sheets are seen from inside and by the team that made them until their stage is on notice; then by all."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from tests.cast import WILLOW, Cast
from tests.standings import reviews
from tests.standings.reviews import MUTUAL, TOWNS, clerk, hand_in, later
from xiangyue.base.scope import visible_to
from xiangyue.checks.models import Check
from xiangyue.people.grants import scope_of
from xiangyue.rules.days import parse_period
from xiangyue.standings.actions.periods import make_period
from xiangyue.standings.actions.publication import put_in_force
from xiangyue.standings.ratings.ledger import ledger_of
from xiangyue.standings.reviews.models import ReviewPlan, ReviewStageVersion
from xiangyue.standings.reviews.planning import turns_of
from xiangyue.standings.reviews.stages import finish_stage, open_stage, reopen_stage


@pytest.fixture
def county(cast: Cast) -> Cast:
    """Four townships with seven villages."""
    return reviews.county(cast)


@pytest.fixture
def stage(county: Cast) -> ReviewStageVersion:
    """The mutual stage, open, with every team's field survey handed in."""
    review, stage = reviews.mutual(county)
    reviews.all_turns(county, review, kinds=1)
    return stage


def seen(cast: Cast, user: str) -> set[str]:
    """The sheets (inspector, subject) that the list of checks shows a user."""
    rows = visible_to(Check.objects.all(), scope_of(cast.users[user], MUTUAL.date()))
    return {f"{inspector}>{subject}" for inspector, subject in rows.values_list("inspector__code", "subject__code")}


def statuses(cast: Cast, user: str, rows: list[int]) -> set[int]:
    """What a user's looks at those checks are answered."""
    client = Client()
    client.force_login(cast.users[user])
    return {client.get(reverse("checks:check", args=[pk])).status_code for pk in rows}


def test_until_the_notice_only_the_county_and_the_own_team_see_sheets(county: Cast, stage: ReviewStageVersion) -> None:
    turns = turns_of(ReviewPlan.objects.get(review=stage.review))
    everything = {f"RL{TOWNS.index(team)}>{subject}" for team, subject in turns}
    assert seen(county, "county_office") == everything
    assert seen(county, "auditor") == everything
    assert seen(county, "village_office") == set()
    assert seen(county, "township_office") == set()
    own_team = {line for line in everything if line.startswith("RL0>")}
    assert own_team
    assert seen(county, "RL0") == own_team
    willow = list(Check.objects.filter(subject__code=WILLOW).values_list("pk", flat=True))
    assert willow
    assert statuses(county, "village_office", willow) == {404}
    assert statuses(county, "bearer", willow) == {404}
    assert statuses(county, "county_office", willow) == {200}
    scope = scope_of(county.users["village_office"], MUTUAL.date())
    assert ledger_of(county.places[WILLOW], scope, MUTUAL.date()).n_checks == 0


def test_the_notice_opens_them_and_a_stage_opened_again_hides_only_what_is_new(
    county: Cast, stage: ReviewStageVersion
) -> None:
    finish_stage(clerk(county), stage, now=later(1), accept_gaps="示例：只评一种表")
    before = seen(county, "village_office")
    assert {line.split(">")[1] for line in before} == {WILLOW}
    assert len(before) == 2
    stage.refresh_from_db()
    again = reopen_stage(clerk(county), stage, only=[WILLOW], reason="异议成立，重新看一处", now=later(2))
    assert again.only == [WILLOW]
    team = next(t for t, subject in turns_of(ReviewPlan.objects.get(review=stage.review)) if subject == WILLOW)
    assert hand_in(county, f"RL{TOWNS.index(team)}", "mutual_field", WILLOW, later(2), faults=2).state == "stored"
    assert seen(county, "village_office") == before
    assert Check.objects.filter(subject__code=WILLOW).count() == 3


def test_a_running_year_does_not_tell_the_countys_scores(county: Cast, stage: ReviewStageVersion) -> None:
    finish_stage(clerk(county), stage, now=later(1), accept_gaps="示例：只评一种表")
    review = stage.review
    open_stage(clerk(county), review, "departments", now=later(2))
    reviews.departments(county, review, later(2))
    done = finish_stage(clerk(county), ReviewStageVersion.objects.get(stage="departments"), now=later(3))
    put_in_force(clerk(county), done.publication, now=later(9))  # type: ignore[arg-type]
    open_stage(clerk(county), review, "city", now=later(10))
    reviews.county_stage(county, review, later(10))
    period = make_period(review.ground_id, review.scheme, parse_period("2026"))
    period.save()
    address = reverse("standings:figure", args=[period.pk, "village_year", WILLOW])
    for user, status in (("village_office", 404), ("bearer", 404), ("county_office", 200)):
        client = Client()
        client.force_login(county.users[user])
        assert client.get(address).status_code == status, user
