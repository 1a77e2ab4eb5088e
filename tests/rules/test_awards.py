"""Award classes, from docs/rules/awards.md."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.tables import Row, points, rows, words
from xiangyue.rules.awards import cost, draw, draw_left
from xiangyue.rules.settings import Award, AwardClass

AMOUNTS = {"A": 20_000, "B": 10_000, "C": 5_000}


def award_class(text: str) -> AwardClass:
    """`A 2 ≥ 90`."""
    code, places, *floor = text.split()
    return AwardClass(code, f"{code}类", int(places), points(floor[1]) if floor else 0)


def award_of(text: str) -> Award:
    """The award of these classes."""
    return Award("a", "年度", "year", "village", tuple(award_class(part) for part in words(text)))


@pytest.mark.parametrize("row", rows("awards", "classes"), ids=lambda row: row["case"])
def test_classes(row: Row) -> None:
    held = [(code, points(result)) for code, result in (part.split() for part in words(row["results"]))]
    award = award_of(row["classes"])
    told = draw(held, award)
    assert " ".join(f"{kind.code}:{','.join(kind.codes)}" for kind in told.classes) == row["in them"]
    assert " ".join(f"{kind.code}{kind.risen}" for kind in told.classes if kind.risen) == row["risen"]
    spent = cost(held, award, AMOUNTS)
    assert (spent.total, spent.extra) == (points(row["cost"]), points(row["extra"]))
    assert spent.total - spent.without_ties == spent.extra


RESULTS = st.lists(st.integers(50, 60), max_size=14).map(lambda held: [(f"s{n:02d}", r) for n, r in enumerate(held)])
PLACES = st.lists(st.integers(1, 4), min_size=1, max_size=3)


@settings(max_examples=30, deadline=None)
@given(RESULTS, PLACES, st.integers(0, 60), st.randoms(use_true_random=False))
def test_equals_share_a_class_and_a_tie_never_hurts(
    held: list[tuple[str, int]], places: list[int], floor: int, by: object
) -> None:
    classes = tuple(AwardClass(code, code, n, floor) for code, n in zip("ABC", places, strict=False))
    award = Award("a", "年度", "year", "village", classes)
    told = draw(held, award)
    mixed = list(held)
    by.shuffle(mixed)  # type: ignore[attr-defined]
    assert draw(mixed, award) == told
    ordered = "".join(told.class_of(code) or "Z" for code, _ in sorted(held, key=lambda row: -row[1]))
    assert list(ordered) == sorted(ordered)
    listed = [code for kind in told.classes for code in kind.codes]
    assert sorted([*listed, *told.without]) == sorted(code for code, _ in held)
    for code, result in held:
        assert {told.class_of(other) for other, same in held if same == result} == {told.class_of(code)}
    assert cost(held, award, AMOUNTS).extra >= 0


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 99), max_size=14, unique=True), PLACES)
def test_without_ties_there_is_no_extra_cost(results: list[int], places: list[int]) -> None:
    held = [(f"s{n:02d}", result) for n, result in enumerate(results)]
    classes = tuple(AwardClass(code, code, n) for code, n in zip("ABC", places, strict=False))
    award = Award("a", "年度", "year", "village", classes)
    assert cost(held, award, AMOUNTS).extra == 0
    assert all(len(kind.codes) <= n for kind, n in zip(draw(held, award).classes, places, strict=False))


@pytest.mark.parametrize("row", rows("awards", "grades"), ids=lambda row: row["case"])
def test_grades(row: Row) -> None:
    """Each grade takes its places of those left, and says so."""
    left = {code: points(result) for code, result in (part.split() for part in words(row["results"]))}
    told = []
    for n, kind in enumerate(award_of(row["grades"]).classes):
        part = draw_left(left.items(), kind, is_first=n == 0)
        left = {code: figure for code, figure in left.items() if code not in part.codes}
        told.append(f"{part.code}:{','.join(part.codes)} {part.why.split('：')[1].split('，共')[0]}")
    assert "; ".join(told) == row["grades and words"]
