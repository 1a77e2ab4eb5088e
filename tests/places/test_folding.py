"""Rows under their townships' names: open where there are few, folded where there are many, in their order."""

from __future__ import annotations

from xiangyue.places.folding import OPENED, by_township

ROWS = [("东河镇", 1), ("东河镇", 2), ("南街街道", 3)]


def name(row: tuple[str, int]) -> str:
    return row[0]


def test_few_rows_stand_open_and_many_are_folded() -> None:
    parts = by_township(ROWS, name)
    assert [(part.township, part.n, part.opened) for part in parts] == [("东河镇", 2, True), ("南街街道", 1, True)]
    assert [row for part in parts for row in part.rows] == ROWS
    assert not any(part.opened for part in by_township(ROWS, name, opened=2))
    assert not any(part.opened for part in by_township(ROWS * OPENED, name))


def test_one_township_is_never_folded_and_nothing_gives_nothing() -> None:
    assert [part.opened for part in by_township([("东河镇", n) for n in range(500)], name)] == [True]
    assert by_township([], name) == []
