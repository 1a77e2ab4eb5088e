"""Rule 16, from docs/rules/closing.md."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.tables import PAGES, Row, chain, figure, points, rows
from xiangyue.rules.closing import Closed, GroundFacts, MonthResult, Subject, close, digest
from xiangyue.rules.component import SheetTotals
from xiangyue.rules.days import parse_period
from xiangyue.rules.result import Adjustment, own
from xiangyue.rules.settings import Board, Category, Component, Composite, Scheme, Side, Source

OCTOBER, QUARTER = parse_period("2026-10"), parse_period("2026-Q4")
DAILY = Component("daily", "日检查", 100, Source("sheets", check_kind="daily"))
FARMS = Component("farms", "户均", 40, Source("children", level="household"))
OPEN = Component("open", "明察", 60, Source("sheets", check_kind="open"))
VILLAGES = Component("villages", "村均", 100, Source("children", level="village"))
SCHEME = Scheme(
    "s",
    "方案",
    "C",
    categories=(Category("farm", "农户", "household"),),
    composites=(
        Composite("township", "乡镇月考", "township", "month", components=(VILLAGES,)),
        Composite("village", "村月考", "village", "month", components=(FARMS, OPEN)),
        Composite("household", "农户月评", "household", "month", components=(DAILY,), pair_weight=50),
        Composite("season", "农户季评", "household", "quarter", "months", of="household", pair_weight=50),
    ),
    boards=(
        Board("red-black", "户榜", "household", "village", Side(8000, n=1), Side(7000, n=2)),
        Board("season-board", "季榜", "season", "village", Side(8000, n=1), Side(7000, n=1), min_checks=2),
    ),
)


def facts() -> GroundFacts:
    """The ground of the page."""
    table = rows("closing", "facts")
    totals: dict[str, dict[str, SheetTotals]] = {"daily": {}, "open": {}}
    for row in table:
        n, total = int(row["n"]), points(row["total"])
        if n:
            totals[row["kind"]][row["code"]] = SheetTotals(n, total, 0, 0, 0)
    return GroundFacts(
        "C",
        "3",
        [Subject(r["code"], r["level"], r["category"], chain(r["chain"]), r["state"]) for r in table],  # type: ignore[arg-type]
        totals,
        adjustments={"household": {"h2": [Adjustment(200, "加分", "会议")], "h7": [Adjustment(500, "加分", "会议")]}},
        pairs={"household": [("h1", "h4")]},
    )


FACTS = facts()
CLOSED = close(FACTS, SCHEME, OCTOBER)


@pytest.mark.parametrize("row", rows("closing", "rows"), ids=lambda row: f"{row['composite']} {row['code']}")
def test_rows(row: Row) -> None:
    composite = CLOSED.composite(row["composite"])
    found = composite.row(row["code"])
    assert found is not None
    told = (found.own, found.joint, found.paired, found.adjustments, found.result)
    assert told == tuple(figure(row[name]) for name in ("own", "joint", "paired", "adjustments", "result"))
    assert found.rank == (None if row["rank"] == "–" else int(row["rank"]))
    assert found.board == row["board"]
    why = composite.why(row["code"])
    assert (f"考核结果 {row['result']}" in why) == (row["result"] != "–")
    assert re.search(r"[一-鿿]", why)


@pytest.mark.parametrize("row", rows("closing", "digests"), ids=lambda row: row["composite"])
def test_digests(row: Row) -> None:
    assert CLOSED.composite(row["composite"]).digest == row["digest"]


def test_the_digest_is_of_the_bytes_on_the_page() -> None:
    text = re.search(r"```text\n(.*?)```", (PAGES / "closing.md").read_text(encoding="utf-8"), re.DOTALL)
    assert text is not None
    written = text[1].replace("\n", "").replace("<TAB>", "\t").replace("<LF>", "\n").encode()
    assert sha256(written).hexdigest() == CLOSED.composite("household").digest


def test_lower_levels_come_first_and_parts_are_told() -> None:
    assert [composite.code for composite in CLOSED.composites] == ["household", "village", "township"]
    parts = CLOSED.composite("village").parts("V1")
    assert [(part.code, part.value, part.n) for part in parts] == [("farms", 7140, 5), ("open", 8000, 1)]
    assert "(户均 71.40 × 40 + 明察 80.00 × 60) ÷ 100 = 76.56" in CLOSED.composite("village").why("V1")
    assert "外出" in CLOSED.composite("household").why("h6")
    assert "与结对方（50.00）共同成绩 72.50" in CLOSED.composite("household").why("h1")


def test_boards_show_what_was_drawn_and_taken_off() -> None:
    first, second = CLOSED.composite("household").boards
    assert (first.group, first.pool, first.red, first.black) == ("V1", 5, ("h1",), ("h4",))
    assert [(off.code, off.reason) for off in first.taken_off] == [("h5", "help")]
    assert second.group == "V2"
    assert "不足 5 个" in second.none_because


def test_findings_tell_of_adjustments_that_do_nothing_and_of_strangers() -> None:
    assert [(finding.id, finding.subject) for finding in CLOSED.findings] == [("adjusted-unrated", "h7")]
    strange = replace(FACTS, totals={"daily": {"zz": SheetTotals(1, 1, 1, 1, 1)}})
    found = {finding.id for finding in close(strange, SCHEME, OCTOBER).findings}
    assert {"unknown-subject", "nothing-recorded"} <= found


def test_nothing_recorded_leaves_all_unrated() -> None:
    closed = close(replace(FACTS, totals={}, adjustments={}), SCHEME, OCTOBER)
    assert all(row.result is None for composite in closed.composites for row in composite.rows)
    assert [finding.id for finding in closed.findings] == ["nothing-recorded"] * 3


def test_cured_and_upheld_come_off_and_nobody_moves_up() -> None:
    for mended in ({"cured": {"red-black": frozenset({"h4"})}}, {"upheld": {"red-black": frozenset({"h4"})}}):
        board = close(replace(FACTS, **mended), SCHEME, OCTOBER).composite("household").boards[0]  # type: ignore[arg-type]
        assert board.black == ()
        assert board.drawn_black == ("h5", "h4")
    red = close(replace(FACTS, upheld_red={"red-black": frozenset({"h1"})}), SCHEME, OCTOBER)
    assert red.composite("household").boards[0].red == ()


def test_a_village_alone_stands_as_in_the_whole_ground() -> None:
    part = replace(FACTS, subjects=[s for s in FACTS.subjects if s.code == "V1" or "V1" in s.chain])
    alone = close(part, SCHEME, OCTOBER, composites={"household", "village"})
    assert alone.composite("household").rows == CLOSED.composite("household").rows[2:]
    assert alone.composite("village").parts("V1") == CLOSED.composite("village").parts("V1")
    cut = replace(part, subjects=[s for s in part.subjects if s.code != "h4"], partners_own={"household": {"h4": 5000}})
    row = close(cut, SCHEME, OCTOBER, composites={"household"}).composite("household").row("h1")
    assert row is not None
    assert row.result == 8375


def test_a_partner_who_is_unrated_changes_nothing() -> None:
    row = close(replace(FACTS, pairs={"household": [("h1", "h6")]}), SCHEME, OCTOBER).composite("household").row("h1")
    assert row is not None
    assert (row.joint, row.paired) == (None, 9500)


def test_a_quarter_of_months_takes_its_own_adjustments_and_no_pair() -> None:
    months = {
        "h1": [MonthResult("2026-10", 9000, 2), MonthResult("2026-11", 8001, 1), MonthResult("2026-12", None, 0)],
        "h2": [MonthResult("2026-10", 7000, 2), MonthResult("2026-12", 7000, 2)],
        "h3": [MonthResult("2026-10", 9000, 2)],
        "h6": [MonthResult("2026-10", 9000, 2), MonthResult("2026-11", 8001, 1)],
    }
    adjustments = {"season": {"h1": [Adjustment(-100, "扣分", "通报")]}}
    asked = replace(FACTS, months={"household": months}, adjustments=adjustments, pairs={"season": [("h1", "h2")]})
    season = close(asked, SCHEME, QUARTER).composite("season")
    row = season.row("h1")
    assert row is not None
    assert (row.own, row.joint, row.paired, row.result, row.checks) == (8501, None, 8501, 8401, 3)
    assert "(2026-10 90.00 + 2026-11 80.01) ÷ 2 = 85.01" in season.why("h1")
    assert [row.code for row in season.rows if row.result is not None] == ["h1", "h2"]


def test_a_board_of_months_asks_for_the_checks_of_its_months() -> None:
    codes = ("h1", "h2", "h3", "h4", "h5", "h7")
    months = {
        c: [MonthResult("2026-10", 9000 - n, 1), MonthResult("2026-11", 9000 - n, 1)] for n, c in enumerate(codes)
    }
    months["h7"] = [month._replace(checks=0) for month in months["h7"]]
    board = close(replace(FACTS, months={"household": months}), SCHEME, QUARTER).composite("season").boards[0]
    assert (board.pool, board.red) == (5, ("h1",))


def test_a_board_of_children_alone_asks_for_no_checks_of_its_own() -> None:
    board = Board("towns", "乡镇榜", "township", "county", Side(8000, n=1), Side(7000, n=1), pool_min=1, min_checks=1)
    villages = replace(board, code="villages", composite="village")
    boards = close(FACTS, replace(SCHEME, boards=(board, villages)), OCTOBER)
    assert boards.composite("township").boards[0].red == ("T",)
    # V2 has its households' figures only: with open checks in the composite, it lacks one
    assert [draw.pool for draw in boards.composite("village").boards] == [1]


def test_weighted_by_households() -> None:
    weighed = replace(VILLAGES, source=replace(VILLAGES.source, by_households=True))
    scheme = replace(SCHEME, composites=(*SCHEME.composites[1:3], replace(SCHEME.composites[0], components=(weighed,))))
    part = close(FACTS, scheme, OCTOBER).composite("township").parts("T")[0]
    # V1 has six due households (h6 is away), V2 two
    assert (part.value, part.n, part.total) == (8117, 8, 6 * 7656 + 2 * 9500)


def bytes_of(closed: Closed) -> list[str]:
    """The digests of a closing."""
    return [composite.digest for composite in closed.composites]


@settings(max_examples=30, deadline=None)
@given(st.randoms(use_true_random=False))
def test_closing_in_any_order_gives_the_same_bytes(by: random.Random) -> None:
    subjects = list(FACTS.subjects)
    by.shuffle(subjects)
    totals = {kind: dict(by.sample(sorted(held.items()), len(held))) for kind, held in FACTS.totals.items()}
    again = close(replace(FACTS, subjects=subjects, totals=totals), SCHEME, OCTOBER)
    assert bytes_of(again) == bytes_of(CLOSED)
    household = CLOSED.composite("household")
    assert digest("C", "3", "2026-10", by.sample(household.rows, len(household.rows))) == household.digest


SHEETS = st.lists(st.tuples(st.integers(1, 3), st.integers(0, 10_000)), min_size=8, max_size=8)


@settings(max_examples=40, deadline=None)
@given(SHEETS, st.integers(0, 100), st.integers(-3000, 3000))
def test_results_stay_in_range_and_another_name_in_the_same_order_changes_nothing(
    drafts: list[tuple[int, int]], w: int, added: int
) -> None:
    codes = [subject.code for subject in FACTS.subjects if subject.level == "household" and subject.code != "h6"]
    totals = {c: SheetTotals(n, n * mean, mean, mean, mean) for c, (n, mean) in zip(codes, drafts, strict=True)}
    composites = tuple(replace(c, pair_weight=w) for c in SCHEME.composites)
    adjustments = {"household": {"h1": [Adjustment(added)]}}
    asked = replace(FACTS, totals={"daily": totals}, adjustments=adjustments)
    closed = close(asked, replace(SCHEME, composites=composites), OCTOBER).composite("household")
    assert all(row.result is None or 0 <= row.result <= 10_000 for row in closed.rows)
    renamed = replace(
        asked,
        subjects=[s._replace(code=f"x{s.code}") for s in asked.subjects],
        totals={"daily": {f"x{code}": held for code, held in totals.items()}},
        adjustments={"household": {"xh1": [Adjustment(added)]}},
        pairs={"household": [("xh1", "xh4")]},
    )
    other = close(renamed, replace(SCHEME, composites=composites), OCTOBER).composite("household")
    assert [row[1:] for row in other.rows] == [row[1:] for row in closed.rows]


def test_the_whole_level_at_once_agrees_with_one_subject_at_a_time() -> None:
    for composite in CLOSED.composites:
        for row in composite.rows:
            if row.own is not None:
                assert own(composite.parts(row.code)) == row.own
