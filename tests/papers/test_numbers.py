"""Numbers of sheets: a wrong digit or two swapped ones are never taken for another sheet."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.papers.sheets import refused
from xiangyue.base.problems import Problem
from xiangyue.papers.letters import FINE, Letter, cell_of, entries_in, read_cell
from xiangyue.papers.numbers import number_of, read_number, shown
from xiangyue.rules.sheet import Entry

KEYS = st.integers(1, 10**12)
LETTERS = (
    Letter("A", "垃圾", "S1", "rubbish", unit="处"),
    Letter("B", "没分类", "S1", "unsorted"),
    Letter("C", "较乱", "S2", grade="poor"),
    Letter("D", "污水", "S3"),
)


@given(KEYS)
def test_a_number_is_read_as_it_is_printed(pk: int) -> None:
    number = number_of(pk)
    assert len(number) >= 8
    for typed in (
        number,
        shown(number),
        shown(number).replace(" ", "-"),
        f"https://x.example/papers/{number}/",
        f" {number} ",
    ):
        assert read_number(typed) == pk


@given(KEYS, st.data())
def test_one_wrong_digit_is_found(pk: int, data: st.DataObject) -> None:
    number = number_of(pk)
    at = data.draw(st.integers(0, len(number) - 1))
    other = data.draw(st.sampled_from([digit for digit in "0123456789" if digit != number[at]]))
    with refused("paper_digit"):
        read_number(number[:at] + other + number[at + 1 :])


@given(KEYS, st.data())
def test_two_swapped_digits_are_found(pk: int, data: st.DataObject) -> None:
    number = number_of(pk)
    at = data.draw(st.integers(0, len(number) - 2))
    swapped = number[:at] + number[at + 1] + number[at] + number[at + 2 :]
    if swapped != number:
        with refused("paper_digit"):
            read_number(swapped)


@pytest.mark.parametrize("typed", ["", "123", "一二三", "12345678x", "0" * 30])
def test_what_is_no_number_says_where_it_stands(typed: str) -> None:
    with pytest.raises(Problem) as raised:
        read_number(typed)
    assert "右上角" in raised.value.mend


@pytest.mark.parametrize(
    ("typed", "cell"),
    [("", ""), (" ", ""), ("√", FINE), ("✓", FINE), ("好", FINE), (".", FINE), ("a", "A"), ("ＡＡ", "AA"), ("A2", "AA"),
     ("b、a", "AB"), ("BB", "B"), ("d c", "CD"), ("AAB", "AAB")],
)  # fmt: skip
def test_a_cell_has_one_form(typed: str, cell: str) -> None:
    assert read_cell(typed, LETTERS) == cell


@pytest.mark.parametrize(
    ("typed", "words"), [("Q", "没有字母“Q”"), ("坏", "看不懂"), ("A" * 10, "最多 9 处"), ("7", "看不懂")]
)
def test_a_bad_cell_says_which_letters_there_are(typed: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        read_cell(typed, LETTERS)


def test_a_cell_means_entries_and_back() -> None:
    entries = entries_in("AABCD", LETTERS)
    assert entries == (
        Entry("S1", "rubbish", 2), Entry("S1", "unsorted", 1), Entry("S2", grade="poor"), Entry("S3", failed=True),
    )  # fmt: skip
    on_file = [{"item": one.item, "step": one.step, "n": one.n, "grade": one.grade} for one in entries]
    assert cell_of([dict(one) for one in on_file], LETTERS) == "AABCD"
    assert cell_of([], LETTERS) == FINE
