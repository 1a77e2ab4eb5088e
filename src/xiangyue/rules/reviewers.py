"""Rule 10, the plan: who reviews whom, never one's own township, each by the set number, as evenly as can be."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from .draw import digest
from .findings import Finding


class Team(NamedTuple):
    """A reviewing team and the township that it comes from."""

    code: str
    township: str


class Reviewed(NamedTuple):
    """A subject of the review and the township that it belongs to (its own code for a township)."""

    code: str
    township: str


@dataclass(frozen=True, slots=True)
class Turn:
    """One team reviews one subject."""

    team: str
    subject: str
    why: str


@dataclass(frozen=True, slots=True)
class ReviewPlan:
    """All turns by subject and team, how many each team has, and whom too few could be found for."""

    turns: tuple[Turn, ...]
    loads: tuple[tuple[str, int], ...]
    findings: tuple[Finding, ...]
    why: str


def plan(
    teams: Iterable[Team],
    subjects: Iterable[Reviewed],
    times: int,
    *,
    seed: str,
    code: str,
    barred: Collection[tuple[str, str]] = (),
) -> ReviewPlan:
    """Who reviews whom, by the drawn seed; `barred` (team, subject) have a conflict of interest."""
    drawn = sorted(subjects, key=lambda row: digest(seed, code, row.code, 1))
    groups = {row.code: row.township for row in teams}
    allowed = {row.code: _allowed(row, groups, barred, seed, code) for row in drawn}
    deal = _Deal(allowed, groups)
    deal.hand_out(max(0, times))
    deal.level()
    short = sorted(row.code for row in drawn if len(allowed[row.code]) < times)
    words = "可评的外乡镇评审组只有 {n} 个，应评 {times} 次。请增加评审组或减少次数。"
    findings = (Finding("too-few-reviewers", name, words.format(n=len(allowed[name]), times=times)) for name in short)
    towns = {row.code: row.township for row in drawn}
    turns = tuple(
        Turn(team, name, _turn_words(team, groups[team], name, towns[name]))
        for name in sorted(towns)
        for team in sorted(deal.given[name])
    )
    return ReviewPlan(turns, tuple(sorted(deal.loads.items())), tuple(findings), _words(deal.loads, times))


def _allowed(
    subject: Reviewed, groups: Mapping[str, str], barred: Collection[tuple[str, str]], seed: str, code: str
) -> list[str]:
    """The teams that may review a subject, in the drawn order."""
    able = (team for team, town in groups.items() if town != subject.township and (team, subject.code) not in barred)
    return sorted(able, key=lambda team: (digest(seed, code, f"{subject.code}/{team}", 1), team))


class _Deal:
    """Who reviews whom while it is dealt out; `allowed` has subjects and their teams in the drawn order."""

    def __init__(self, allowed: dict[str, list[str]], teams: Iterable[str]) -> None:
        self.allowed = allowed
        self.given: dict[str, set[str]] = {name: set() for name in allowed}
        self.loads = dict.fromkeys(sorted(teams), 0)

    def hand_out(self, times: int) -> None:
        """Give each subject its teams, the least loaded first, equals in the drawn order."""
        for name, allowed in self.allowed.items():
            for team in sorted(allowed, key=lambda team: self.loads[team])[:times]:
                self.given[name].add(team)
                self.loads[team] += 1

    def level(self) -> None:
        """Pass turns on, also over several teams, from a heavier to a lighter one, while that evens the loads."""
        while path := self._path():
            for giver, taker, name in path:
                self.given[name].remove(giver)
                self.given[name].add(taker)
                self.loads[giver] -= 1
                self.loads[taker] += 1

    def _path(self) -> list[tuple[str, str, str]] | None:
        """A chain of hand-overs from a team to one with at least two turns fewer; None when there is none."""
        steps = self._steps()
        for start in sorted(self.loads, key=lambda team: (-self.loads[team], team)):
            came: dict[str, tuple[str, str, str]] = {}
            queue = deque([start])
            while queue:
                team = queue.popleft()
                if self.loads[team] <= self.loads[start] - 2:
                    return _back(came, start, team)
                for (giver, taker), name in steps.items():
                    if giver == team and taker != start and taker not in came:
                        came[taker] = (giver, taker, name)
                        queue.append(taker)
        return None

    def _steps(self) -> dict[tuple[str, str], str]:
        """(Giver, taker) → one subject that could be handed over."""
        steps: dict[tuple[str, str], str] = {}
        for name, those in self.given.items():
            for taker in self.allowed[name]:
                if taker not in those:
                    for giver in those:
                        steps.setdefault((giver, taker), name)
        return {pair: steps[pair] for pair in sorted(steps)}


def _back(came: dict[str, tuple[str, str, str]], start: str, team: str) -> list[tuple[str, str, str]]:
    path = []
    while team != start:
        path.append(came[team])
        team = came[team][0]
    return path


def _turn_words(team: str, home: str, subject: str, town: str) -> str:
    return f"{home} 的评审组{'' if team == home else f' {team} '}评 {town} 的 {subject}，不评本乡镇"


def _words(loads: dict[str, int], times: int) -> str:
    least, most = min(loads.values(), default=0), max(loads.values(), default=0)
    share = f"{least}" if least == most else f"{least} 至 {most}"
    return f"每个对象由 {times} 个外乡镇评审组评，每组承担 {share} 个，由公开的种子抽定"
