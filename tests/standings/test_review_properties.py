"""What holds of every stored plan, of a review that is cut off, of its digest, and of opinion sheets all year round."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cast import STREET, TOWN, WILLOW, Cast
from tests.standings import reviews
from tests.standings.facts import kind
from tests.standings.reviews import MUTUAL, SOUTH, clerk, later
from xiangyue.checks.models import Check, Kind
from xiangyue.schemes import load
from xiangyue.site.commands.review import command
from xiangyue.standings.actions.publication import put_in_force
from xiangyue.standings.notices.models import Publication
from xiangyue.standings.ratings.models import StarRating
from xiangyue.standings.reviews import stages as review_stages
from xiangyue.standings.reviews.facts import gather, subjects_for, worked
from xiangyue.standings.reviews.models import ReviewRow, ReviewStageVersion
from xiangyue.standings.reviews.opening import declare_conflict
from xiangyue.standings.reviews.planning import draw_plan, give_up_plan, make_plan, turns_of
from xiangyue.standings.reviews.stages import finish_stage, look_ahead, newest, open_stage
from xiangyue.standings.reviews.verify import told_of, verify


@pytest.fixture
def county(cast: Cast) -> Cast:
    """Four townships with seven villages."""
    return reviews.county(cast)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(number=st.text("0123456789 +", min_size=1, max_size=20).filter(str.strip))
def test_a_stored_plan_never_has_ones_own_and_each_as_often_as_planned(county: Cast, number: str) -> None:
    from xiangyue.standings.reviews.models import Review

    review = Review.objects.first() or reviews.opened(county)
    live = review.plans.exclude(state="superseded").first()
    if live is not None:
        give_up_plan(clerk(county), live, reason="再抽", now=reviews.DRAWN)
    else:
        declare_conflict(clerk(county), reviews.team_of(review, SOUTH), county.places[WILLOW], reason="示例")
    waiting = make_plan(clerk(county), review, number_name="示例", number_on=date(2026, 11, 5), now=reviews.BEGUN)
    turns = turns_of(draw_plan(clerk(county), waiting, number=number, now=reviews.DRAWN))
    homes = {code: township for code, _group, _category, township in subjects_for(review)}
    assert all(team != homes[subject] for team, subject in turns)
    assert Counter(subject for _team, subject in turns) == dict.fromkeys(homes, 2)
    assert (SOUTH, WILLOW) not in turns
    loads = Counter(team for team, _subject in turns)
    assert max(loads.values()) - min(loads.values()) <= 1


def test_the_plans_file_is_recomputed_by_the_command(county: Cast, tmp_path: Path) -> None:
    told = told_of(reviews.drawn(county, reviews.opened(county)))
    file = tmp_path / "plan.json"
    file.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    done = CliRunner().invoke(command, ["plan", str(file)])
    assert (done.exit_code, "相符" in done.output) == (0, True)
    file.write_text(json.dumps(told | {"turns": told["turns"][1:]}, ensure_ascii=False), encoding="utf-8")
    assert CliRunner().invoke(command, ["plan", str(file)]).exit_code == 1
    file.write_text("[]", encoding="utf-8")
    assert "不是互评安排" in CliRunner().invoke(command, ["plan", str(file)]).output
    assert "相符" in CliRunner().invoke(command, ["verify"]).output


def test_a_finish_that_is_cut_off_leaves_the_stage_open(county: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    review, stage = reviews.mutual(county)
    reviews.all_turns(county, review, kinds=1)

    def cut(*_args: Any, **_told: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(review_stages, "_publish", cut)
    with pytest.raises(KeyboardInterrupt):
        finish_stage(clerk(county), stage, now=later(1), accept_gaps="示例")
    stage.refresh_from_db()
    assert (stage.state, stage.digest, stage.finished_at) == ("open", "", None)
    assert not ReviewRow.objects.exists()
    assert not Publication.objects.filter(kind="review_stage").exists()
    monkeypatch.undo()
    assert finish_stage(clerk(county), stage, now=later(1), accept_gaps="示例").state == "in_force"


def digest_by_hand(version: ReviewStageVersion) -> str:
    """The digest as domain.md has it, from the figures alone: no key, time or order of a database is in it."""
    rows = {row.subject.code: row for row in version.rows.select_related("subject")}
    lines = ["990100\ttumen@1\tthree_stages\t2026\tcity"]
    for code in sorted(rows):
        row = rows[code]
        figures = [row.own, row.adjustments, row.score, row.proposal, row.total, row.by_rule, row.stars, row.rank]
        lines.append("\t".join([code, row.category, *("" if one is None else str(one) for one in figures), row.reason]))
    return sha256(("\n".join(lines) + "\n").encode()).hexdigest()


def test_the_digest_is_the_same_everywhere_and_the_stars_stand_in_the_rating(county: Cast) -> None:
    review, stage = reviews.mutual(county)
    reviews.all_turns(county, review, kinds=1)
    finish_stage(clerk(county), stage, now=later(1), accept_gaps="示例")
    open_stage(clerk(county), review, "departments", now=later(2))
    reviews.departments(county, review, later(2))
    second = finish_stage(clerk(county), newest(review, "departments"), now=later(3))  # type: ignore[arg-type]
    put_in_force(clerk(county), second.publication, now=later(9))  # type: ignore[arg-type]
    last = open_stage(clerk(county), review, "city", now=later(10))
    reviews.county_stage(county, review, later(10))
    done = finish_stage(clerk(county), last, now=later(11))
    codes = [row[0] for row in subjects_for(review)]
    assert {row.subject.code: row.rank for row in done.rows.select_related("subject")} == {
        code: place for place, code in enumerate(codes, 1)
    }
    assert done.digest == digest_by_hand(done)
    put_in_force(clerk(county), done.publication, now=later(20))  # type: ignore[arg-type]
    given = StarRating.objects.get()
    assert (given.state, given.basis, given.digest) == ("in_force", f"review-{review.pk}", done.digest)
    stars = dict(done.rows.values_list("subject__code", "stars"))
    assert {row.subject.code: row.stars for row in given.rows.select_related("subject")} == stars
    assert verify(review) == []
    given.rows.filter(subject__code=WILLOW).update(stars=1)
    assert any("星级评定" in words for words in verify(review))


def test_reordered_facts_give_the_same_list(county: Cast) -> None:
    review, stage = reviews.mutual(county)
    reviews.all_turns(county, review, kinds=1)
    facts = gather(stage, date(2026, 11, 9))
    turned = facts | {"subjects": facts["subjects"][::-1]}
    assert worked(stage, turned).digest == worked(stage, facts).digest
    _facts, found = look_ahead(stage, date(2026, 11, 9))
    assert found.digest == worked(stage, facts).digest


def test_opinion_and_open_and_secret_checks_are_made_all_year_round(county: Cast) -> None:
    for code, user, inspector in (
        ("village_open", "township_office", "P04"), ("village_secret", "supervisor", "P09"),
        ("village_opinion", "township_office", "P04"),
    ):  # fmt: skip
        assert hand_in_any(county, user, code, WILLOW, inspector).state == "stored", code
    for code in ("township_open", "township_secret", "township_opinion"):
        assert hand_in_any(county, "county_office", code, TOWN, "P02").state == "stored", code
    assert hand_in_any(county, "village_office", "village_opinion", WILLOW, "P05").code == "check_not_yours"
    made = Check.objects.filter(kind__in=Kind.objects.filter(code__endswith="_opinion"), state=Check.State.COUNTED)
    assert made.count() == 2
    assert kind(county, "village_opinion").level == "village"
    assert county.scheme
    scheme = load(county.scheme.text)
    parts = {part.source.check_kind for row in scheme.composites if row.period == "month" for part in row.components}
    assert {"village_opinion", "township_opinion", "village_open", "village_secret"} <= parts
    assert STREET in county.places


def hand_in_any(cast: Cast, user: str, code: str, subject: str, inspector: str) -> Any:
    """A clean sheet of the monthly assessment."""
    from xiangyue.captures.intake import Actor
    from xiangyue.checks.actions import record_sheet

    return record_sheet(
        Actor(cast.users[user].pk, "office"), code, subject, inspector=inspector, made_at=MUTUAL, now=MUTUAL
    )
