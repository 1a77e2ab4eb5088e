"""Rule 12, what follows from a duty, from docs/rules/performance.md."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.tables import Row, figure, rows, words
from xiangyue.rules.days import parse_period
from xiangyue.rules.performance import Due, Way, in_time, outcomes, pay_factor, performance, progress
from xiangyue.rules.settings import FactorBand, PartWeight, Performance

PARTS = (("outcomes", "包保成效"), ("progress", "进步"), ("problems", "按期销号"), ("visits", "走访到位率"))
FACTORS = (FactorBand(6000, 80), FactorBand(7500, 100), FactorBand(9000, 120))


def ways(text: str, whose: str) -> list[Way]:
    """`60→70 ×5, 60→– ×1` as targets named after whose they are."""
    found: list[Way] = []
    for part in words(text):
        way, many = part.split()
        first, result = way.split("→")
        found += [Way(f"{whose}{len(found) + n}", figure(first), figure(result)) for n in range(int(many[1:]))]
    return found


@pytest.mark.parametrize("row", rows("performance", "progress"), ids=lambda row: row["case"])
def test_progress(row: Row) -> None:
    own, ground = ways(row["own"], "own"), ways(row["ground"], "like")
    told = progress(own, [*own, *ground])
    assert [told.own_gain, told.like_gain, told.figure] == [
        figure(row[name]) for name in ("own gain", "like gain", "progress")
    ]
    assert progress(own[::-1], ground[::-1]) == told
    assert ("太少" in told.why) == (told.figure is None)


def due(text: str) -> Due:
    """`11-10 11-09 reopened`."""
    deadline, verified, *marks = text.split()
    mended = None if verified == "–" else date.fromisoformat(f"2026-{verified}")
    return Due(text, date.fromisoformat(f"2026-{deadline}"), mended, bool(marks))


@pytest.mark.parametrize("row", rows("performance", "in time"), ids=lambda row: row["problems"])
def test_problems_in_time(row: Row) -> None:
    told = in_time([due(text) for text in words(row["problems"])], parse_period(row["period"]))
    assert (told.n, told.total, told.value) == (int(row["due"]), int(row["in time"]), figure(row["figure"]))
    assert ("缺项" in told.why) == (told.value is None)


def scheme(row: Row) -> tuple[Performance, dict[str, int | None]]:
    """The settings and figures of a row."""
    cells = {code: row[code].lstrip("!").split(":") for code, _ in PARTS}
    parts = tuple(PartWeight(code, name, int(cells[code][0]), row[code].startswith("!")) for code, name in PARTS)
    settings_ = Performance("p", "绩效", "cadre", parts, FACTORS)
    return settings_, {code: figure(cell[1]) for code, cell in cells.items()}


@pytest.mark.parametrize("row", rows("performance", "performance"), ids=lambda row: row["case"])
def test_performance(row: Row) -> None:
    settings_, figures = scheme(row)
    told = performance("b", figures, settings_)
    assert told.figure == figure(row["figure"])
    assert ("没有成绩" in told.why) == (told.figure is None)
    assert told.factor is not None
    assert [code for code, _, _ in told.parts] == [code for code, _ in PARTS]


@pytest.mark.parametrize("row", rows("performance", "factors"), ids=lambda row: row["figure"])
def test_pay_factors(row: Row) -> None:
    settings_ = Performance("p", "绩效", "cadre", (), FACTORS)
    assert pay_factor(figure(row["figure"]), settings_)[0] == figure(row["factor"])


def test_without_bands_there_is_no_factor() -> None:
    assert pay_factor(9000, Performance("p", "绩效", "cadre", ())) == (None, "方案没有绩效系数")


def test_outcomes_are_the_mean_of_the_rated() -> None:
    assert outcomes([8000, None, 9001]).value == 8501
    assert outcomes([None]).value is None


FIGURES = st.none() | st.integers(0, 10_000)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 100), min_size=4, max_size=4), st.lists(FIGURES, min_size=4, max_size=4))
def test_visits_move_the_figure_by_a_fifth_at_most(weights: list[int], figures: list[int | None]) -> None:
    parts = tuple(PartWeight(code, name, weight) for (code, name), weight in zip(PARTS, weights, strict=True))
    settings_ = Performance("p", "绩效", "cadre", parts)
    held = dict(zip((code for code, _ in PARTS), figures, strict=True))
    told = [performance("b", held | {"visits": visits}, settings_).figure for visits in (0, 10_000)]
    if told[0] is None or told[1] is None:
        assert told == [None, None]
    else:
        assert 0 <= told[0] <= told[1] <= told[0] + 2_001
