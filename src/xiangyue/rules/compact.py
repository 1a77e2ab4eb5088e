"""J13: when a villagers' vote carries the village compact (村民委员会组织法 arts 22, 27), and what a compact may not say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from .findings import Finding


@dataclass(frozen=True, slots=True)
class Vote:
    """A vote as its minutes have it: of villagers of full age, or of one representative a household."""

    kind: Literal["villagers", "households"]
    held_on: date
    minutes: str
    """Number of the minutes."""
    entitled: int
    came: int
    in_favour: int
    online: bool = False


def refusals(vote: Vote, today: date) -> tuple[Finding, ...]:
    """Why a vote does not carry the compact, each with the mend; none: it does."""
    half, thirds = vote.came * 2 > vote.entitled, vote.came * 3 >= vote.entitled * 2
    came = f"应到 {vote.entitled}，到会 {vote.came}"
    tests = (
        (vote.online, "online", "网上投票、接龙不算数。请召开村民会议当场表决并做记录。"),
        (not vote.minutes.strip(), "no-minutes", "没有会议记录编号。请先整理会议记录。"),
        (vote.held_on > today, "not-held", "会议日期还没到。请在开会以后登记。"),
        (vote.entitled <= 0, "nobody-entitled", "没有填应到人数。请填本村十八周岁以上村民数，或户数。"),
        (vote.came > vote.entitled, "too-many-came", f"{came}，到会的多于应到的。请核对人数。"),
        (vote.in_favour > vote.came, "votes-over", f"同意 {vote.in_favour}，多于到会 {vote.came}。请核对票数。"),
        (vote.kind == "villagers" and not half, "no-quorum", f"{came}，没有过半。请另行召集村民会议。"),
        (vote.kind == "households" and not thirds, "no-quorum", f"{came} 户，不到三分之二。请另行召集村民会议。"),
        (vote.in_favour * 2 <= vote.came, "not-carried", f"到会 {vote.came}，同意 {vote.in_favour}，没有过半。请修改后再表决。"),
    )  # fmt: skip
    return tuple(Finding(name, "", words) for failed, name, words in tests if failed)
