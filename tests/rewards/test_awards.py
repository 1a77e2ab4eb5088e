"""Award lists and gradings: drawn by the rule, proposed, objected to, struck, in force, drawn anew."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.cast import COUNTY, NOW, Cast
from tests.rewards.stage import LATER, YEAR, closing, in_force, villages, with_rewards
from tests.standings.facts import refused
from xiangyue.base.models import Change
from xiangyue.rewards.award_actions import draw_list, propose_list, strike_line
from xiangyue.rewards.award_models import AwardList, GradeEntry
from xiangyue.rewards.edition import State
from xiangyue.standings.actions.publication_objections import answer, object_to
from xiangyue.standings.notices.kinds import kind_of
from xiangyue.standings.notices.models import Publication

KIND = AwardList.Kind
FIGURES = (9_500, 9_500, 9_000, 8_500, 8_000, 5_000)


@pytest.fixture
def year(cast: Cast) -> Cast:
    """A closed year of six villages: two tie for the first place, one lies under every floor."""
    with_rewards(cast)
    rows = villages(cast, 6)
    closing(cast, {"villages_2": {row.code: score for row, score in zip(rows, FIGURES, strict=True)}})
    return cast


def drawn(cast: Cast, code: str = "village_2", kind: str = KIND.AWARD, **more: Any) -> AwardList:
    return draw_list(cast.users["county_office"], cast.places[COUNTY], kind, code, YEAR, now=LATER, **more)


def classes(row: AwardList) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in row.lines.order_by("position"):
        found.setdefault(line.value, []).append(line.subject[-2:])
    return found


def test_a_tie_rises_and_uses_the_next_places(year: Cast) -> None:
    row = drawn(year)
    assert classes(row) == {"model": ["01", "02"], "advanced": ["03"], "qualified": ["04", "05"]}
    assert [(cut["n"], cut["risen"]) for cut in row.cuts] == [(2, 1), (1, 0), (2, 0)]
    assert row.n_without == 1
    assert row.basis[0][0] == "closing"
    assert Change.objects.filter(act="award_list.drawn").count() == 1


def test_the_same_results_give_the_same_digest_and_no_second_version(year: Cast) -> None:
    first = drawn(year)
    with refused("rewards_nothing_new"):
        drawn(year)
    digest = first.digest
    AwardList.objects.all().delete()
    assert drawn(year).digest == digest


def test_a_period_that_is_not_closed_has_no_list(cast: Cast) -> None:
    with_rewards(cast)
    with refused("rewards_not_closed"):
        drawn(cast)


def test_on_notice_and_in_force(year: Cast) -> None:
    row = propose_list(year.users["county_office"], drawn(year), now=LATER)
    assert row.state == State.PROPOSED
    with refused("notice_runs"):
        from xiangyue.standings.actions.publication import put_in_force

        put_in_force(year.users["county_office"], Publication.objects.get(), now=LATER)
    in_force(year, row)
    assert row.state == State.IN_FORCE
    tables = kind_of("award").rows(Publication.objects.get())
    assert tables[0].title == "标兵村（2）"
    assert tables[0].rows[0] == ("示例1村", "东河镇", "95.00")


def test_a_list_waits_for_its_results(year: Cast) -> None:
    closing(year, {"villages_2": {villages(year, 1)[0].code: 9_000}}, version=2, state="closed")
    row = drawn(year)
    with refused("rewards_basis_not_shown"):
        propose_list(year.users["county_office"], row, now=LATER)


def test_a_list_on_older_results_is_refused(year: Cast) -> None:
    row = drawn(year)
    closing(year, {"villages_2": {villages(year, 1)[0].code: 9_000}}, version=2)
    with refused("rewards_stale"):
        propose_list(year.users["county_office"], row, now=LATER)
    newer = drawn(year)
    row.refresh_from_db()
    assert (newer.version, row.state) == (2, State.SUPERSEDED)


def test_an_upheld_objection_strikes_one_and_nobody_moves_up(year: Cast) -> None:
    clerk = year.users["county_office"]
    row = propose_list(clerk, drawn(year), now=LATER)
    running = Publication.objects.get()
    mine = object_to(clerk, running, villages(year, 1)[0], text="弄虚作假", by_name="示例", now=LATER)
    told = answer(clerk, mine, True, "属实", now=LATER + timedelta(hours=1))
    assert "除名" in told.outcome
    assert "除名" in kind_of("award").waiting(running, LATER.date())[0]
    line = row.lines.get(subject=villages(year, 1)[0].code)
    newer = strike_line(clerk, line, reason="弄虚作假", now=LATER + timedelta(hours=2))
    assert classes(newer) == {"": ["01"], "model": ["02"], "advanced": ["03"], "qualified": ["04", "05"]}
    row.refresh_from_db()
    assert (row.state, newer.version) == (State.SUPERSEDED, 2)
    assert newer.publication is not None
    assert newer.publication.notice_ends_on == running.notice_ends_on
    assert row.lines.count() == newer.lines.count()
    in_force(year, newer)
    assert newer.state == State.IN_FORCE


def test_a_withdrawn_notice_leaves_a_drawn_list(year: Cast) -> None:
    from xiangyue.standings.actions.publication import withdraw

    row = propose_list(year.users["county_office"], drawn(year), now=LATER)
    withdraw(year.users["county_office"], Publication.objects.get(), reason="有误", now=LATER)
    row.refresh_from_db()
    assert row.state == State.DRAWN
    propose_list(year.users["county_office"], row, now=LATER)


def test_secretaries_are_graded_by_their_villages(year: Cast) -> None:
    from tests.cast import person

    first, second, third = villages(year, 3)
    for code, at in (("S1", first), ("S2", second), ("S3", third)):
        person(year, code, f"书记{code}", at.code, "village_secretary")
    row = drawn(year, "secretary_2", KIND.GRADING)
    held = {line.subject: (line.value, line.path) for line in row.lines.all()}
    # both tie at 95.00 for the one place
    assert held["person:S1"] == ("excellent", first.path)
    assert held["person:S2"][0] == "excellent"
    assert held["person:S3"][0] == "good"
    # a grade takes its places of those whom the grades above left: nothing is added up
    assert (
        row.lines.filter(value="excellent")[0].why
        == "优秀：前 1 名，不低于 90.00，共 2 个，最低 95.00，末位同分多 1 个"
    )
    propose_list(year.users["county_office"], row, now=LATER)
    shown = kind_of("grading").rows(Publication.objects.get())
    assert [line[0] for line in shown[0].rows] == ["书*", "书*"]


def test_entered_grades_are_listed_with_their_document(year: Cast) -> None:
    first, second = villages(year, 2)
    for spot, grade in ((first, "large"), (second, "small")):
        GradeEntry.objects.create(
            place=spot, scheme="linjiang", grading="centre_2", grade=grade, document="示例〔2026〕1号", on=NOW.date()
        )
    row = drawn(year, "centre_2", KIND.GRADING)
    assert {(line.subject, line.value) for line in row.lines.all()} == {(first.code, "large"), (second.code, "small")}
    assert "示例〔2026〕1号" in row.lines.get(value="large").why


def test_an_unknown_award_is_told(year: Cast) -> None:
    with refused("rewards_no_such_list"):
        drawn(year, "nothing")
