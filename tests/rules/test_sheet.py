"""Rule 1, from docs/rules/sheet.md."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.tables import Row, figure, points, rows, words
from xiangyue.rules.settings import Area, Grade, Item, Standard, Step
from xiangyue.rules.sheet import Entry, SheetError, maximum_of, score, score_clean
from xiangyue.rules.sheet import points as score_points


def item(row: Row) -> Item:
    """An item of the page's table of standards."""
    pairs = [text.split() for text in words(row["steps or grades"])]
    graded = row["kind"] == "grade"
    return Item(
        code=row["item"],
        name=row["item"],
        kind=row["kind"],  # type: ignore[arg-type]
        points=points(row["points"] or "1.00"),
        steps=() if graded else tuple(Step(c, c, 0 if v == "all" else points(v), v == "all") for c, v in pairs),
        grades=tuple(Grade(c, c, points(v)) for c, v in pairs) if graded else (),
        not_applicable=row["may be n/a"] == "yes",
    )


def standards() -> dict[str, Standard]:
    """The standards of the page, each in one area."""
    items: dict[str, list[Item]] = {}
    for row in rows("sheet", "standards"):
        items.setdefault(row["standard"], []).append(item(row))
    return {code: Standard(code, code, "village", (Area("a", "a", tuple(held)),)) for code, held in items.items()}


STANDARDS = standards()


def entry(text: str) -> Entry:
    """An entry as the page writes it."""
    code, _, rest = text.partition(" ")
    if "=" in code:
        code, _, grade = code.partition("=")
        return Entry(code, grade=grade)
    if rest == "n/a":
        return Entry(code, applicable=False)
    if rest in ("failed", "met"):
        return Entry(code, failed=rest == "failed")
    if rest.startswith("+"):
        return Entry(code, amount=points(rest[1:]))
    step, _, n = rest.partition("×")
    return Entry(code, step=step, n=int(n))


def entries(row: Row) -> list[Entry]:
    """The entries of a row."""
    return [entry(text) for text in words(row["entries"], ";")]


@pytest.mark.parametrize("row", rows("sheet", "scores"), ids=lambda row: f"{row['standard']}: {row['entries']}")
def test_a_sheet_scores_as_written(row: Row) -> None:
    sheet = score(STANDARDS[row["standard"]], entries(row))
    assert sheet.score == figure(row["sheet"])
    assert sheet.score == score_points(STANDARDS[row["standard"]], entries(row))
    assert sheet.why
    assert re.search(r"[一-鿿]", sheet.why)
    assert len(sheet.lines) == len(STANDARDS[row["standard"]].items)
    assert all(line.why for line in sheet.lines)


@pytest.mark.parametrize("row", rows("sheet", "refusals"), ids=lambda row: row["entries"])
def test_an_entry_that_does_not_fit_is_refused_with_the_mend(row: Row) -> None:
    with pytest.raises(SheetError) as caught:
        score(STANDARDS[row["standard"]], entries(row))
    assert caught.value.item == row["item"]
    assert row["words hold"] in caught.value.words
    assert "请" in caught.value.words or "选" in caught.value.words


def test_a_clean_sheet_is_full_and_worked_out_once() -> None:
    village = STANDARDS["village"]
    assert score_clean(village) == score(village, []).score == 10_000
    assert score_clean(STANDARDS["zeros"]) is None


def test_lines_say_what_was_lost_and_which_are_faults() -> None:
    sheet = score(STANDARDS["village"], [Entry("rubbish", "spot", 3), Entry("ditch", applicable=False)])
    by_item = {line.item: line for line in sheet.lines}
    assert (by_item["rubbish"].maximum, by_item["rubbish"].awarded, by_item["rubbish"].fault) == (500, 350, True)
    assert by_item["rubbish"].why == "spot 3 处 × 0.50,扣 1.50"
    assert (by_item["ditch"].maximum, by_item["ditch"].applicable, by_item["ditch"].fault) == (0, False, False)
    assert [line.item for line in sheet.lines if line.fault] == ["rubbish"]
    failed = score(STANDARDS["village"], [Entry("fire", failed=True)])
    assert [line.item for line in failed.lines if line.fault] == ["fire"]


FAULTS = st.sampled_from(
    [
        Entry("rubbish", "spot", 2),
        Entry("rubbish", "burnt"),
        Entry("bins", "house", 3),
        Entry("bins", "broken"),
        Entry("yard", grade="fair"),
        Entry("ditch", failed=True),
        Entry("extra", amount=150),
        Entry("prize", "city"),
        Entry("fire", failed=True),
    ]
)
SHEETS = st.lists(FAULTS, unique=True, max_size=7)


@settings(max_examples=60, deadline=None)
@given(SHEETS, st.randoms(use_true_random=False))
def test_order_does_not_matter_and_scores_stay_in_range(sheet: list[Entry], shuffler: object) -> None:
    mixed = list(sheet)
    shuffler.shuffle(mixed)  # type: ignore[attr-defined]
    value = score(STANDARDS["village"], sheet).score
    assert value is not None
    assert 0 <= value <= 10_000
    assert score(STANDARDS["village"], mixed) == score(STANDARDS["village"], sheet)


@settings(max_examples=60, deadline=None)
@given(SHEETS, FAULTS)
def test_another_fault_never_raises_a_sheet(sheet: list[Entry], fault: Entry) -> None:
    kind = next(item.kind for item in STANDARDS["village"].items if item.code == fault.item)
    if kind == "bonus" or fault in sheet:
        return
    before, after = score(STANDARDS["village"], sheet).score, score(STANDARDS["village"], [*sheet, fault]).score
    assert before is not None
    assert after is not None
    assert after <= before


def test_an_item_without_points_counts_one() -> None:
    assert Item("i", "i", "pass").points == 100


def test_the_highest_grade_is_the_maximum() -> None:
    assert maximum_of(Item("g", "g", "grade", grades=(Grade("a", "a", 300), Grade("b", "b", 700)))) == 700
