"""What is written is what was read: any settings survive dump and read, whole schemes dump and load."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as with_settings
from hypothesis import strategies as st

from xiangyue.rules import settings as s
from xiangyue.schemes import dump, load, pack
from xiangyue.schemes.keys import KEYS
from xiangyue.schemes.reading import HINTS, Found, read

LINE = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\n"), max_size=6)
CODES = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,4}", fullmatch=True)
FORMS = {
    "code": CODES,
    "text": LINE.filter(str.strip),
    "ground": st.from_regex(r"[1-9][0-9]{5}([0-9]{3})?", fullmatch=True),
}


def value_of(hint: Any, cls: type[Any], name: str) -> st.SearchStrategy[Any]:
    """Any value that a field may hold by its type and its key."""
    key = KEYS[cls][name]
    if hint is str:
        return FORMS.get(key.form, LINE)
    if hint is int:
        low = -5 if key.low is None else key.low
        return st.integers(low, key.high if key.high is not None else low + 30_000)
    if hint == tuple[tuple[int, int], ...]:
        return st.lists(st.tuples(st.integers(-50, 500), st.integers(0, 10_000)), max_size=2).map(tuple)
    if getattr(hint, "__origin__", None) is tuple:
        return st.lists(value_of(hint.__args__[0], cls, name), max_size=2).map(tuple)
    if hint in KEYS:
        return row_of(hint)
    if getattr(hint, "__args__", None) and type(None) in hint.__args__:
        return st.none() | value_of(hint.__args__[0], cls, name)
    return st.from_type(hint)


def row_of(cls: type[Any]) -> st.SearchStrategy[Any]:
    """Any row of a settings class; it reads well but need not make sense."""
    return st.builds(cls, **{name: value_of(hint, cls, name) for name, hint in HINTS[cls].items()})


@with_settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(row_of(s.Scheme))
def test_any_settings_survive(scheme: s.Scheme) -> None:
    text = dump(scheme)
    found = Found()
    again = read(tomllib.loads(text, parse_float=Decimal), found)
    assert not found.rows
    assert again == scheme
    assert dump(again) == text


PACK = pack("linjiang")


@with_settings(max_examples=25, deadline=None)
@given(
    st.lists(st.integers(1, 500), min_size=9, max_size=9),
    st.lists(st.integers(50, 900), min_size=25, max_size=25),
    LINE.filter(str.strip),
    st.integers(8001, 10_000),
)
def test_sensible_schemes_load_as_they_were(weights: list[int], points: list[int], name: str, floor: int) -> None:
    parts = iter(weights)
    composites = tuple(
        replace(one, components=tuple(replace(part, weight=next(parts)) for part in one.components))
        for one in PACK.composites
    )
    marks = iter(points)
    standard = PACK.standard("D01")
    areas = tuple(
        replace(
            area,
            items=tuple(
                replace(item, points=max([next(marks), *(step.amount for step in item.steps)])) for item in area.items
            ),
        )
        for area in standard.areas
    )
    standards = tuple(replace(one, areas=areas) if one == standard else one for one in PACK.standards)
    boards = tuple(replace(board, red=replace(board.red, limit=max(floor, 9001))) for board in PACK.boards)
    scheme = replace(PACK, name=name, composites=composites, standards=standards, boards=boards)
    assert load(dump(scheme)) == scheme


@pytest.mark.parametrize(
    ("written", "held"),
    [("4.5", 450), ("4.50", 450), ("4.05", 405), ("4", 400), ("1.1", 110), ("2.9e0", 290), ("290e-2", 290)],
)
def test_points_are_whole_hundredths(written: str, held: int) -> None:
    text = dump(PACK).replace("points = 5\n", f"points = {written}\n", 1)
    assert load(text).standard("D01").items[0].points == held
