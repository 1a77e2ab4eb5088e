"""The second look: sealed, drawn so that anyone can draw it again, and what relapses opens once more."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.cast import COUNTY, NOW, WILLOW, Cast
from tests.problems.rows import closed, step
from xiangyue.base.problems import Problem as Wrong
from xiangyue.problems.actions.looking import draw_looks, lots_of, plan_looks
from xiangyue.problems.models import Look, LookDraw, Problem
from xiangyue.rules.draw import digest, keeps_word, seed

OCTOBER = datetime(2026, 10, 20, 2, 0, tzinfo=UTC)


def planned(cast: Cast) -> LookDraw:
    """October's draw, its number out in two days."""
    told = {"number_name": "示例彩票第136期", "number_on": (NOW + timedelta(days=2)).date()}
    return plan_looks(cast.users["county_office"].pk, cast.places[COUNTY], "2026-10", now=NOW, **told)  # type: ignore[arg-type]


def test_a_share_is_drawn_in_each_township_and_can_be_drawn_again(cast: Cast) -> None:
    for number in range(1, 9):
        closed(cast, place=f"{WILLOW}-H{number:05d}", now=OCTOBER)
    closed(cast, place=f"{WILLOW}-H00001", kind="sewage", now=OCTOBER)
    row = planned(cast)
    with pytest.raises(Wrong):
        draw_looks(None, row.pk, "0734215", now=NOW)
    row = draw_looks(cast.users["county_office"].pk, row.pk, "0734215", now=NOW + timedelta(days=2))
    assert keeps_word(row.secret, row.commitment)
    assert row.seed == seed(row.secret, "0734215")
    lots = list(Look.objects.filter(draw=row).select_related("problem"))
    assert len(lots) == 9
    assert sorted(lot.stratum.split("/")[0] for lot in lots if lot.is_drawn) == ["firewood", "sewage"]
    for lot in lots:
        assert lot.key == digest(row.seed, row.plan, str(lot.problem.uuid), 1)
    due = Problem.objects.filter(look="due")
    assert due.count() == 2
    assert {found.look_on for found in due} == {date(2026, 12, 1)}


def test_a_month_is_drawn_once_and_after_its_end(cast: Cast) -> None:
    planned(cast)
    with pytest.raises(Wrong):
        planned(cast)
    with pytest.raises(Wrong):
        plan_looks(None, cast.places[COUNTY], "2026-11", number_name="彩票", number_on=date(2026, 12, 9), now=NOW)


def test_what_relapsed_is_open_again(cast: Cast) -> None:
    found = closed(cast, now=OCTOBER)
    row = planned(cast)
    draw_looks(None, row.pk, "1", now=NOW + timedelta(days=2))
    later = NOW + timedelta(days=12)
    with pytest.raises(Wrong):
        step(cast, found, "village_office", "relapsed", now=later)
    made = step(cast, found, "supervisor", "relapsed", "又堆上了", now=later)
    assert (made.state, made.n_relapsed, made.look) == ("working", 1, "relapsed")
    assert made.deadline == later.date() + timedelta(days=7)


def test_what_held_stays_closed(cast: Cast) -> None:
    found = closed(cast, now=OCTOBER)
    draw_looks(None, planned(cast).pk, "1", now=NOW + timedelta(days=2))
    made = step(cast, found, "county_office", "fine", now=NOW + timedelta(days=3))
    assert (made.state, made.look) == ("closed", "fine")


def test_the_lots_of_a_draw_are_those_that_were_kept(cast: Cast) -> None:
    for number in (1, 2, 3):
        closed(cast, place=f"{WILLOW}-H{number:05d}", now=OCTOBER)
    row = planned(cast)
    row.number, row.seed = "7", seed(row.secret, "7")
    told = {lot.code: lot.is_drawn for lot in lots_of(row)[1]}
    row = draw_looks(None, row.pk, "7", now=NOW + timedelta(days=2))
    assert {str(lot.problem.uuid): lot.is_drawn for lot in row.lots.select_related("problem")} == told
