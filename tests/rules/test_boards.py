"""Rule 7, from docs/rules/boards.md."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.tables import Row, points, rows, words
from xiangyue.rules.board import BoardDraw, Standing, draw
from xiangyue.rules.settings import Board, Side


def standing(text: str) -> Standing:
    """`e 60 help checks 0` as a standing."""
    code, result, *marks = text.split()
    checks = int(marks[marks.index("checks") + 1]) if "checks" in marks else 1
    spared = next((mark for mark in marks if mark in ("help", "cured", "upheld")), "")
    return Standing(code, points(result), checks, spared, "red-upheld" in marks)  # type: ignore[arg-type]


def side(text: str) -> Side:
    """`400‰ ≥ 90` or `1 ≤ 70` as a side."""
    n, _, limit = text.split()
    if n.endswith("‰"):
        return Side(points(limit), per_mille=int(n[:-1]))
    return Side(points(limit), n=int(n))


def drawn(row: Row) -> BoardDraw:
    """The board of a row."""
    board = Board("b", "榜", "c", "village", side(row["red"]), side(row["black"]))
    return draw([standing(text) for text in words(row["pool"])], board, "V", "farm")


@pytest.mark.parametrize("row", rows("boards", "draws"), ids=lambda row: row["case"])
def test_a_board_is_drawn_as_written(row: Row) -> None:
    board = drawn(row)
    if row["on red"] == "none":
        assert "不设榜" in board.none_because
        assert board.drawn_red + board.drawn_black == ()
        return
    assert not board.none_because
    assert " ".join(board.red) == row["on red"]
    assert " ".join(board.black) == row["on black"]
    assert " ".join(off.code for off in board.taken_off) == row["taken off"]
    assert all(off.why for off in board.taken_off)
    assert f"参评 {board.pool} 个" in board.why


def test_lines_and_places_are_told() -> None:
    pool = [Standing(code, result) for code, result in zip("abcdef", (9900, 9500, 9500, 7000, 6000, 5000), strict=True)]
    board = draw(pool, Board("b", "榜", "c", "village", Side(9000, n=2), Side(7000, n=2)))
    assert (board.pool, board.red_places, board.black_places) == (6, 2, 2)
    assert (board.red_line, board.black_line) == (9500, 6000)
    assert board.drawn_black == ("f", "e")


POOLS = st.lists(st.integers(50, 60), min_size=5, max_size=14).map(
    lambda results: [Standing(f"s{n:02d}", result) for n, result in enumerate(results)]
)
SIDES = st.builds(Side, limit=st.integers(48, 62), n=st.integers(0, 6))


@settings(max_examples=80, deadline=None)
@given(POOLS, SIDES, SIDES, st.randoms(use_true_random=False))
def test_order_does_not_matter_and_sides_keep_apart(pool: list[Standing], red: Side, black: Side, by: object) -> None:
    board = Board("b", "榜", "c", "village", red, black)
    result = draw(pool, board)
    mixed = list(pool)
    by.shuffle(mixed)  # type: ignore[attr-defined]
    assert draw(mixed, board) == result
    assert not set(result.red) & set(result.black)
    assert len(result.black) <= black.n


@settings(max_examples=80, deadline=None)
@given(POOLS, SIDES, SIDES)
def test_equals_share_their_fate(pool: list[Standing], red: Side, black: Side) -> None:
    result = draw(pool, Board("b", "榜", "c", "village", red, black))
    by_code = {row.code: row.result for row in pool}
    for row in pool:
        for listed in (result.drawn_red, result.drawn_black):
            assert (row.code in listed) == any(by_code[code] == row.result for code in listed)


@settings(max_examples=80, deadline=None)
@given(POOLS, SIDES, SIDES, st.integers(0, 13))
def test_one_more_at_the_same_result_never_puts_more_on_black(
    pool: list[Standing], red: Side, black: Side, at: int
) -> None:
    board = Board("b", "榜", "c", "village", red, black)
    twin = pool[at % len(pool)]
    before, after = draw(pool, board), draw([*pool, Standing("t", twin.result)], board)
    if twin.code in before.drawn_red:
        assert twin.code in after.drawn_red
        assert "t" in after.drawn_red
    if twin.code not in before.drawn_black:
        assert not {twin.code, "t"} & set(after.drawn_black)
    assert len(after.drawn_black) <= max(black.n, len(before.drawn_black))


@settings(max_examples=40, deadline=None)
@given(POOLS, SIDES, SIDES)
def test_the_n_th_on_red_is_at_most_the_scheme_s_but_for_ties(pool: list[Standing], red: Side, black: Side) -> None:
    result = draw(pool, Board("b", "榜", "c", "village", red, black))
    by_code = {row.code: row.result for row in pool}
    better = [code for code in result.drawn_red if by_code[code] > (result.red_line or 0)]
    assert len(better) < red.n or red.n == 0
    assert all(by_code[code] >= red.limit for code in result.drawn_red)
    assert all(by_code[code] <= black.limit for code in result.drawn_black)
