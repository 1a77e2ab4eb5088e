"""Rule 11, from docs/rules/strictness.md."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.tables import Row, figure, points, rows, words
from xiangyue.rules.strictness import Scored, offsets


def scored(text: str) -> list[Scored]:
    """`a s 90 ×10 day/2026-10`."""
    inspector, subject, given_, many, *where = text.split()
    kind, period = where[0].split("/") if where else ("dark", "2026-10")
    return [Scored(inspector, f"{subject}{n}", kind, period, points(given_)) for n in range(int(many[1:]))]


@pytest.mark.parametrize("row", rows("strictness", "offsets"), ids=lambda row: row["case"])
def test_offsets(row: Row) -> None:
    sheets = [sheet for text in words(row["sheets"]) for sheet in scored(text)]
    told = next(offset for offset in offsets(sheets) if offset.inspector == row["of"])
    assert (told.n, told.total, told.offset) == (int(row["n"]), points(row["total"]), figure(row["offset"]))
    assert ("太少" in told.why) == (told.offset is None)


SHEETS = st.lists(
    st.builds(
        Scored,
        st.sampled_from("abc"),
        st.sampled_from([f"s{n}" for n in range(8)]),
        st.just("dark"),
        st.just("2026-10"),
        st.integers(0, 10_000),
    ),
    max_size=60,
)


@settings(max_examples=30, deadline=None)
@given(SHEETS, st.randoms(use_true_random=False))
def test_order_does_not_matter_and_an_offset_is_drawn_towards_none(sheets: list[Scored], by: object) -> None:
    told = offsets(sheets)
    mixed = list(sheets)
    by.shuffle(mixed)  # type: ignore[attr-defined]
    assert offsets(mixed) == told
    for offset in told:
        assert (offset.offset is None) == (offset.n < 10)
        if offset.offset is not None:
            assert abs(offset.offset) * offset.n <= abs(offset.total) + offset.n
