"""Rule 14, from docs/rules/points.md."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.tables import Row, rows, words
from xiangyue.rules.ledger import Account, Books, Posting, read
from xiangyue.rules.points import Moves, close_year, pay, reverse, spend
from xiangyue.rules.settings import Carry, Good, PointsRule

HOME, ISSUER, SHOP = Account("household", "H1"), Account("issuer", "V1"), Account("shop", "S1")
RULES = {
    "clean": PointsRule("clean", "清洁", 10, most=25),
    "litter": PointsRule("litter", "乱倒", -6),
    "help": PointsRule("help", "帮工", 40),
}
SOAP = Good("soap", "肥皂", 8, "块")
STOCK = 5


@dataclass
class Story:
    """One household's postings, step by step, and the refusals."""

    postings: list[Posting] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    month: int = 1

    @property
    def books(self) -> Books:
        """The books so far."""
        return read(self.postings)

    def write(self, moves: Moves) -> None:
        """Keep what a verb gave, or why it refused."""
        assert bool(moves.postings) != moves.is_refused
        assert all("。" in finding.words for finding in moves.refused)
        self.postings += moves.postings
        self.refused += [finding.id for finding in moves.refused]

    def step(self, text: str) -> None:
        """One step as the page writes them."""
        verb, _, what = text.partition(" ")
        day, id = date(2026, self.month, 10), f"p{len(self.postings) + 1}"
        if verb in RULES:
            self.write(pay(self.books, RULES[verb], HOME, ISSUER, event=what, day=day, id=id))
        elif verb == "soap":
            self.write(spend(self.books, SOAP, HOME, SHOP, count=int(what), stock=STOCK, day=day, id=id))
        elif verb == "undo":
            posting = self.postings[int(what) - 1]
            self.write(reverse(self.books, posting, day=day, id=id, reason="记错了"))
        elif verb == "later":
            self.month += 1
        else:
            carry = cast("Carry", verb)
            self.postings += close_year(self.books, carry, [(HOME, ISSUER)], day=date(2026, 12, 31), id=id)


@pytest.mark.parametrize("row", rows("points", "stories"), ids=lambda row: row["case"])
def test_stories(row: Row) -> None:
    story = Story()
    for text in words(row["steps"]):
        story.step(text)
    books = story.books
    held = (books.balance(HOME), books.claim(HOME), books.balance(ISSUER), books.balance(SHOP))
    assert held == tuple(int(row[name]) for name in ("balance", "claim", "issued", "shop"))
    assert " ".join(story.refused) == row["refused"]
    assert all(posting.why for posting in story.postings)


def test_a_reversal_needs_a_reason() -> None:
    story = Story()
    story.step("clean 1")
    told = reverse(story.books, story.postings[0], day=date(2026, 1, 11), id="p2", reason=" ")
    assert [finding.id for finding in told.refused] == ["no-reason"]


def test_year_s_end_asks_every_household_once() -> None:
    other = Account("household", "H2")
    books = Books({HOME: 25, other: 0})
    moves = close_year(books, "half", [(other, ISSUER), (HOME, ISSUER)], day=date(2026, 12, 31), id="y")
    assert [(move.id, move.points) for move in moves] == [("y/H1", 12)]
    assert moves[0].why == "年末结转一半，单数多留一分：账上 25 分，留 13 分，收回 12 分"


STEPS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["clean", "litter", "help"]), st.integers(1, 4)).map(lambda s: f"{s[0]} {s[1]}"),
        st.integers(1, 3).map(lambda n: f"soap {n}"),
        st.integers(1, 12).map(lambda n: f"undo {n}"),
        st.sampled_from(["keep", "half", "expire", "later"]),
    ),
    max_size=14,
)


@settings(max_examples=30, deadline=None)
@given(STEPS, st.randoms(use_true_random=False))
def test_the_ledger_sums_to_zero_and_no_household_goes_below(steps: list[str], by: object) -> None:
    story = Story()
    for text in steps:
        if text.startswith("undo") and int(text.split()[1]) > len(story.postings):
            continue
        if text == "later" and story.month == 11:
            continue
        story.step(text)
        books = story.books
        assert sum(books.balances.values()) == 0
        assert books.balance(HOME) >= 0
        assert books.claim(HOME) >= 0
        assert 0 <= books.sold.get("soap", 0) <= STOCK
        assert all(posting.points >= 0 for posting in story.postings)
    mixed = list(story.postings)
    by.shuffle(mixed)  # type: ignore[attr-defined]
    assert read(mixed) == story.books
    made = [(posting.rule, posting.event) for posting in story.books.live.values() if posting.rule]
    assert len(made) == len(set(made))
