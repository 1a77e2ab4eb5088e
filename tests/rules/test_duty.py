"""Rule 12, from docs/rules/duty.md."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.tables import Row, figure, rows, words
from xiangyue.rules.days import parse_period
from xiangyue.rules.duty import Outing, Term, Visit, coverage, credited, is_due, kept, slot_of, slots, standing
from xiangyue.rules.settings import Cadence, Every

EVERY = st.sampled_from(["day", "week", "half_month", "month", "quarter"])


def span(text: str) -> tuple[date, date | None]:
    """`from…to` or `from…`."""
    start, _, end = text.partition("…")
    return date.fromisoformat(start), date.fromisoformat(end) if end else None


@pytest.mark.parametrize("row", rows("duty", "slots"), ids=lambda row: f"{row['every']} {row['from']}")
def test_slots(row: Row) -> None:
    found = slots(row["every"], date.fromisoformat(row["from"]), date.fromisoformat(row["to"]))  # type: ignore[arg-type]
    assert [f"{slot.starts_on:%m-%d}…{slot.ends_on:%m-%d}" for slot in found] == words(row["slots"])


@pytest.mark.parametrize("row", rows("duty", "due"), ids=lambda row: " ".join(row.values()))
def test_due(row: Row) -> None:
    slot = slot_of(row["every"], date.fromisoformat(row["last day"]))  # type: ignore[arg-type]
    assert str(slot.ends_on) == row["last day"]
    absences = (span(row["away"]),) if row["away"] else ()
    assert is_due(slot, Term("h1", *span(row["duty"]), absences)) == (row["due"] == "yes")


def cadence(text: str) -> Cadence:
    """`month ×2 per bearer`."""
    every, *rest = text.split()
    times = int(rest[0][1:]) if rest[0].startswith("×") else 1
    return Cadence(every, rest[-1], times)  # type: ignore[arg-type]


def visit(text: str) -> Visit:
    """`h1 11-03 denied`."""
    target, day, *denied = text.split()
    return Visit(date.fromisoformat(f"2026-{day}"), target, bool(denied))


@pytest.mark.parametrize("row", rows("duty", "kept"), ids=lambda row: row["case"])
def test_kept(row: Row) -> None:
    terms = [Term(text.split()[0], *span(text.split()[1])) for text in words(row["duties"])]
    told = kept(cadence(row["cadence"]), parse_period(row["period"]), terms, [visit(v) for v in words(row["visits"])])
    assert (told.due, told.kept) == (int(row["due"]), int(row["kept"]))
    assert told.rate == figure(row["rate"])
    assert ("缺项" in told.why) == (told.rate is None)
    assert sum(slot.due for slot in told.slots) == told.due


def term(text: str) -> Term:
    """`a h1 2026-01-01… team=t for=c:2026-11-01…2026-11-05`."""
    bearer, target, days, *more = text.split()
    told = dict(part.split("=", 1) for part in more)
    stands = tuple((who, *span(on)) for who, _, on in [told["for"].partition(":")]) if "for" in told else ()
    return Term(target, *span(days), (), bearer, told.get("team", ""), stands)


def outings(text: str) -> list[Outing]:
    """`11-02 h1,v1 by a,b`."""
    day, places, _, who = text.split()
    return [Outing(date.fromisoformat(f"2026-{day}"), tuple(places.split(",")), frozenset(who.split(",")))]


@pytest.mark.parametrize("row", rows("duty", "credited"), ids=lambda row: row["case"])
def test_whose_visit_it_is(row: Row) -> None:
    terms = [term(text) for text in words(row["duties"])]
    told = credited(terms, outings(row["outings"]), row["per"])
    found = [f"{bearer} {one.target} {one.day:%m-%d}" for bearer in sorted(told) for one in told[bearer]]
    assert found == words(row["counts"])


@pytest.mark.parametrize("row", rows("duty", "standing"), ids=lambda row: row["case"])
def test_how_a_bearer_stands(row: Row) -> None:
    terms = [Term(text.split()[0], *span(text.split()[1])) for text in words(row["duties"])]
    visits = [visit(text) for text in words(row["visits"])]
    told = standing(cadence(row["cadence"]), date.fromisoformat(row["day"]), terms, visits)
    assert f"{told.slot.ends_on:%m-%d}" == row["slot ends"]
    figures = (told.left, told.last.due, told.last.kept, "yes" if told.is_behind else "no")
    assert figures == (int(row["left"]), int(row["last due"]), int(row["last kept"]), row["behind"])
    assert told.why


PEOPLE = st.frozensets(st.sampled_from(["a", "b", "c"]), min_size=1)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from(["h1", "v1"]), st.sampled_from(["", "t"])), max_size=4),
    st.lists(st.tuples(st.integers(1, 28), st.booleans(), PEOPLE), max_size=6),
    st.sampled_from(["bearer", "target"]),
)
def test_more_outings_never_keep_less(
    duties: list[tuple[str, str, str]], drafts: list[tuple[int, bool, frozenset[str]]], per: str
) -> None:
    terms = [Term(target, date(2026, 1, 1), None, (), bearer, team) for bearer, target, team in duties]
    found = [Outing(date(2026, 11, day), ("h1", "v1") if door else ("v1",), who) for day, door, who in drafts]
    whole, fewer = credited(terms, found, per), credited(terms, found[:-1], per)
    wanted = Cadence("week", per)  # type: ignore[arg-type]
    for bearer in {one.bearer for one in terms}:
        mine = [one for one in terms if one.bearer == bearer]
        visits = whole.get(bearer, ())
        assert set(fewer.get(bearer, ())) <= set(visits)
        now = kept(wanted, parse_period("2026-11"), mine, visits)
        assert now.kept >= kept(wanted, parse_period("2026-11"), mine, fewer.get(bearer, ())).kept
        assert kept(wanted, parse_period("2026-11"), mine, [*visits, *visits]) == now, "twice on a day is once"
    assert credited(terms, found[::-1], per) == whole


@pytest.mark.parametrize("row", rows("duty", "coverage"), ids=lambda row: row["targets"])
def test_coverage(row: Row) -> None:
    targets = [(text.split()[0], text.split()[1]) for text in words(row["targets"])]
    told = coverage(targets, row["covered"].split())
    assert (told.targets, told.covered, told.apart) == tuple(
        int(row[name]) for name in ("targets counted", "covered counted", "apart")
    )
    assert told.rate == figure(row["rate"])
    assert list(told.gaps) == row["gaps"].split()
    assert told.why


@settings(max_examples=40, deadline=None)
@given(EVERY, st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 200))
def test_slots_follow_one_another_without_gaps(every: Every, first: date, days: int) -> None:
    found = slots(every, first, first + timedelta(days=days))
    for one, other in pairwise(found):
        assert one.ends_on + timedelta(days=1) == other.starts_on
    for slot in found:
        assert slot_of(every, slot.starts_on) == slot == slot_of(every, slot.ends_on)
        assert first <= slot.ends_on <= first + timedelta(days=days)


@settings(max_examples=40, deadline=None)
@given(
    EVERY,
    st.sampled_from(["bearer", "target"]),
    st.lists(st.tuples(st.integers(1, 30), st.sampled_from(["h1", "h2"]), st.booleans()), max_size=8),
    st.integers(1, 30),
)
def test_never_more_kept_than_due_and_order_does_not_matter(
    every: Every, per: str, drafts: list[tuple[int, str, bool]], start: int
) -> None:
    terms = [Term("h1", date(2026, 11, start)), Term("h2", date(2026, 1, 1), date(2026, 11, 20))]
    visits = [Visit(date(2026, 11, day), target, denied) for day, target, denied in drafts]
    wanted = Cadence(every, per)  # type: ignore[arg-type]
    told = kept(wanted, parse_period("2026-11"), terms, visits)
    assert 0 <= told.kept <= told.due
    assert kept(wanted, parse_period("2026-11"), terms[::-1], visits[::-1]) == told
