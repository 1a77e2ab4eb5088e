"""Rule 17, from docs/rules/draw.md."""

from __future__ import annotations

import re
import subprocess
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.tables import PAGES, Row, rows, words
from xiangyue.rules.draw import Drawable, commitment, digest, draw, drawn, keeps_word, key, seed, weight
from xiangyue.rules.settings import DrawPlan

SEED = seed("bamboo-2026", "0734215")
PLAN = "2026-11-dark"


@pytest.mark.parametrize("row", rows("draw", "hashes"), ids=lambda row: row["fields"][-8:])
def test_the_example_can_be_recomputed(row: Row) -> None:
    assert digest(*words(row["fields"])) == row["SHA-256"]


def test_the_shell_lines_of_the_page_give_its_hashes() -> None:
    lines = re.findall(r"^printf .*$", (PAGES / "draw.md").read_text(encoding="utf-8"), re.MULTILINE)
    hashes = {row["SHA-256"] for row in rows("draw", "hashes")}
    assert len(lines) == 3
    for line in lines:
        told = subprocess.run(["sh", "-c", line], capture_output=True, text=True, check=True).stdout
        assert told.split()[0] in hashes


def test_the_secret_is_held_to_its_hash() -> None:
    assert commitment("bamboo-2026") == rows("draw", "hashes")[0]["SHA-256"]
    assert keeps_word("bamboo-2026", commitment("bamboo-2026"))
    assert not keeps_word("bamboo-2027", commitment("bamboo-2026"))
    assert rows("draw", "hashes")[1]["SHA-256"] == SEED


def drawable(text: str) -> Drawable:
    """`V01 A ×2 seen 1`."""
    code, stratum, *marks = text.split()
    weighs = next((int(mark[1:]) for mark in marks if mark.startswith("×")), 1)
    return Drawable(code, stratum, weighs, int(marks[marks.index("seen") + 1]) if "seen" in marks else 0)


@pytest.mark.parametrize("row", rows("draw", "draws"), ids=lambda row: row["case"])
def test_who_is_drawn(row: Row) -> None:
    plan = DrawPlan(PLAN, "暗访", int(row["n"]), int(row["cap"]))
    lots = draw([drawable(text) for text in words(row["subjects"])], plan, SEED)
    assert " ".join(drawn(lots)) == row["drawn"]
    assert all("抽" in lot.why for lot in lots)
    assert all(digest(SEED, PLAN, lot.code, lot.i) == lot.key for lot in lots)


@pytest.mark.parametrize("row", rows("draw", "weights"), ids=lambda row: " ".join(row.values()))
def test_weights(row: Row) -> None:
    seen, planned = date.fromisoformat(row["seen"]), date.fromisoformat(row["planned"])
    assert weight(seen, planned, recheck_due=row["re-check"] == "yes") == int(row["weight"])


SUBJECTS = st.lists(
    st.builds(
        Drawable,
        st.text("甲乙丙12", min_size=1, max_size=3),
        st.sampled_from("AB"),
        st.integers(1, 5),
        st.integers(0, 3),
    ),
    max_size=12,
    unique_by=lambda row: row.code,
)


@settings(max_examples=30, deadline=None)
@given(SUBJECTS, st.integers(0, 4), st.integers(0, 3), st.randoms(use_true_random=False))
def test_order_does_not_matter_and_each_stratum_gives_its_number(
    subjects: list[Drawable], n: int, cap: int, by: object
) -> None:
    plan = DrawPlan(PLAN, "暗访", n, cap)
    lots = draw(subjects, plan, SEED)
    mixed = list(subjects)
    by.shuffle(mixed)  # type: ignore[attr-defined]
    assert draw(mixed, plan, SEED) == lots
    for stratum in "AB":
        free = [row for row in subjects if row.stratum == stratum and not 0 < cap <= row.seen]
        chosen = [lot for lot in lots if lot.stratum == stratum and lot.is_drawn]
        assert len(chosen) == min(n, len(free))
        left = {row.code for row in free} - {lot.code for lot in chosen}
        assert all(lot.key < other.key for lot in chosen for other in lots if other.code in left)


@settings(max_examples=30, deadline=None)
@given(st.text(min_size=1, max_size=5), st.integers(1, 4))
def test_a_greater_weight_never_makes_the_key_greater(code: str, n: int) -> None:
    assert key(SEED, PLAN, code, n + 1)[0] <= key(SEED, PLAN, code, n)[0]
