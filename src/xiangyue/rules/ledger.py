"""Rule 14, the books: postings between two accounts, what they add up to, and what may still be paid."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, NamedTuple

Kind = Literal["grant", "deduct", "set_off", "spend", "reverse", "year_end"]


class Account(NamedTuple):
    """A household's account, an issuer's (who gives points), or a shop's."""

    kind: Literal["household", "issuer", "shop"]
    code: str


class Posting(NamedTuple):
    """Whole points, never under 0, moved from one account to another; never edited, only reversed.

    `asked` is what a reversal or deduction would have moved had there been enough; `event` what it was made for.
    """

    id: str
    kind: Kind
    day: date
    giver: Account
    taker: Account
    points: int
    asked: int = 0
    rule: str = ""
    event: str = ""
    good: str = ""
    pieces: int = 0
    reverses: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Books:
    """What postings add up to; balances sum to zero, claims are private and never under 0."""

    balances: Mapping[Account, int] = field(default_factory=dict)
    claims: Mapping[Account, int] = field(default_factory=dict)
    live: Mapping[str, Posting] = field(default_factory=dict)
    """Id → posting, of those that are neither reversed nor reversals."""
    reversed: frozenset[str] = frozenset()
    sold: Mapping[str, int] = field(default_factory=dict)
    """Good → how many were handed out and not brought back."""

    def balance(self, account: Account) -> int:
        """An account's balance."""
        return self.balances.get(account, 0)

    def claim(self, account: Account) -> int:
        """What is still to be set against an account's later grants."""
        return self.claims.get(account, 0)

    def paid(self, account: Account, rule: str, event: str) -> bool:
        """Whether the rule has paid (or taken from) the account for the event; a reversed payment was not made."""
        rows = self.live.values()
        return any(row.rule == rule and row.event == event and household(row) == account for row in rows)

    def used(self, account: Account, rule: str, starts_on: date, ends_on: date) -> int:
        """The points that a rule moved for an account in these days, reversed ones not counted."""
        return sum(
            row.points
            for row in self.live.values()
            if row.rule == rule and household(row) == account and starts_on <= row.day <= ends_on
        )


def household(posting: Posting) -> Account | None:
    """The household's account of a posting, or None."""
    return next((account for account in (posting.giver, posting.taker) if account.kind == "household"), None)


def read(postings: Iterable[Posting]) -> Books:
    """The books of all postings; their order does not matter."""
    rows = list(postings)
    balances: dict[Account, int] = {}
    claims: dict[Account, int] = {}
    sold: dict[str, int] = {}
    gone = frozenset(row.reverses for row in rows if row.kind == "reverse")
    for row in rows:
        balances[row.giver] = balances.get(row.giver, 0) - row.points
        balances[row.taker] = balances.get(row.taker, 0) + row.points
        owed = _claimed(row)
        account = household(row)
        if owed and account is not None:
            claims[account] = claims.get(account, 0) + owed
        if row.kind == "spend" and row.id not in gone:
            sold[row.good] = sold.get(row.good, 0) + row.pieces
    live = {row.id: row for row in rows if row.kind != "reverse" and row.id not in gone}
    return Books(balances, {account: owed for account, owed in claims.items() if owed}, live, gone, sold)


def _claimed(row: Posting) -> int:
    """By how much a posting raises (or lowers) its household's claim."""
    if row.kind == "set_off":
        return -row.points
    if row.kind == "reverse" and row.giver.kind == "household":
        return row.asked - row.points
    return 0
