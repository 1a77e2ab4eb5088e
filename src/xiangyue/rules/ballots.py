"""Ballots of a named jury or a villagers' assembly (rules 10 and 13): what makes one valid, and whom it chooses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from .findings import Finding
from .numbers import FULL, half_up, show

NAMED = 3
"""So many candidates with too many votes are named in one sentence."""


@dataclass(frozen=True, slots=True)
class Ballot:
    """A ballot as its minutes have it: who was called, who came, and the votes for each candidate."""

    kind: Literal["jury", "assembly"]
    held_on: date
    minutes: str
    """Number of the minutes."""
    called: int
    """How many belong to the jury (each by name) or may vote in the assembly."""
    came: int
    named: int = 0
    """How many of a jury are named in the minutes."""
    online: bool = False
    votes: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Chosen:
    """Whom a ballot chooses, by votes high to low, and those who tie for the last places: they are voted on again."""

    codes: tuple[str, ...]
    tied: tuple[str, ...]
    why: str


def refusals(ballot: Ballot) -> tuple[Finding, ...]:
    """Why a ballot does not count, each with the mend; none: it does."""
    over = sorted(code for code, votes in ballot.votes.items() if not 0 <= votes <= ballot.came)
    tests = (
        (ballot.online, "online", "", "网上投票、点赞不算数。请由评审团或村民会议当场表决并做记录。"),
        (not ballot.minutes.strip(), "no-minutes", "", "没有会议记录编号。请先整理会议记录再录入票数。"),
        (
            ballot.kind == "jury" and ballot.named != ballot.called,
            "jury-unnamed",
            "",
            f"评审团 {ballot.called} 人，记录中只有 {ballot.named} 人署名。请补齐名单。",
        ),
        (ballot.came <= 0, "nobody-came", "", "没有人到会。请核对到会人数。"),
        (
            ballot.came > ballot.called,
            "too-many-came",
            "",
            f"到会 {ballot.came} 人，多于应到 {ballot.called} 人。请核对人数。",
        ),
        (
            ballot.came * 2 <= ballot.called,
            "no-quorum",
            "",
            f"应到 {ballot.called} 人，到会 {ballot.came} 人，没有过半，表决无效。请另行召集。",
        ),
        *((True, "votes-over", code, _over(code, ballot)) for code in over),
    )
    return tuple(Finding(name, subject, words) for failed, name, subject, words in tests if failed)


def why_refused(ballot: Ballot) -> str:
    """Why a ballot does not count, as one text: empty where it does; those with too many votes in one sentence."""
    refused = refusals(ballot)
    over = [row.subject for row in refused if row.id == "votes-over"]
    words = [row.words for row in refused if row.id != "votes-over"]
    if over:
        more = f"等 {len(over)} 个" if len(over) > NAMED else ""
        words.append(_over("、".join(over[:NAMED]) + more, ballot))
    return "".join(words)


def _over(who: str, ballot: Ballot) -> str:
    return f"{who}的票数不在 0 至 {ballot.came} 之间。请核对票数。"


def share(ballot: Ballot, code: str) -> int | None:
    """A candidate's votes among those who came, in hundredths of 100.00; None when the ballot does not count."""
    if refusals(ballot) or code not in ballot.votes:
        return None
    return half_up(FULL * ballot.votes[code], ballot.came)


def choose(ballot: Ballot, places: int, least: int = FULL // 2) -> Chosen:
    """Those with more than `least` of the votes, the `places` first of them (0: all); a tie at the end stays open."""
    if refusals(ballot):
        return Chosen((), (), "表决无效，不产生结果")
    held = sorted(ballot.votes.items(), key=lambda row: (-row[1], row[0]))
    enough = [(code, votes) for code, votes in held if votes * FULL > least * ballot.came]
    n = places if places > 0 else len(enough)
    tied: list[str] = []
    if n < len(enough) and enough[n - 1][1] == enough[n][1]:
        line = enough[n][1]
        tied = [code for code, votes in enough if votes == line]
        enough = [(code, votes) for code, votes in enough if votes > line]
    words = f"到会 {ballot.came} 人，得票超过 {show(least)}% 的当选，名额 {places or '不限'}"
    words += f"；末位 {len(tied)} 个同票，须另行表决" if tied else ""
    return Chosen(tuple(code for code, _ in enough[:n]), tuple(tied), words)
