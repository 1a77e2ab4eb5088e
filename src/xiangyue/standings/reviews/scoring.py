"""What a stage gives, worked out from frozen facts alone: parts, scores, proposals, and at the end the final stars."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Any

from xiangyue.rules import ballots
from xiangyue.rules import review as rules
from xiangyue.rules.component import Part, SheetTotals, part_of_indicator, part_of_sheets
from xiangyue.rules.findings import Finding
from xiangyue.rules.numbers import show
from xiangyue.rules.ranking import rank
from xiangyue.rules.result import final, own, own_words
from xiangyue.rules.settings import Component, Rating, ReviewStage, Scheme
from xiangyue.rules.settings import Review as Settings
from xiangyue.rules.stars import Candidate, Rated, StarLine, rate
from xiangyue.rules.violations import Violation
from xiangyue.standings.reviews.settings import is_last, rating_in, settings_in, stage_in

BALLOT = "ballot"
type Facts = dict[str, Any]
"""JSON: subjects, sheets, ballot, figures, violations, adjustments, deviations, before, as `reviews.facts` gathers them."""


@dataclass(slots=True)
class Worked:
    """What a stage gives one subject; the fields of `ReviewRow`."""

    code: str
    group: str
    category: str
    own: int | None
    adjustments: int
    score: int | None
    parts: tuple[Part, ...]
    why: str
    proposal: int | None = None
    total: int | None = None
    by_rule: int | None = None
    stars: int | None = None
    reason: str = ""
    rank: int | None = None
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StageWork:
    """A stage worked out: a row for each subject, what was refused, the star lines by group, and the digest."""

    rows: tuple[Worked, ...]
    findings: tuple[Finding, ...]
    lines: tuple[tuple[str, str, StarLine], ...]
    digest: str
    by_code: Mapping[str, Worked] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Frame:
    """What the facts are worked out by."""

    scheme: Scheme
    review: Settings
    stage: ReviewStage
    rating: Rating

    @property
    def is_last(self) -> bool:
        """Whether the stage fixes the stars."""
        return is_last(self.review, self.stage)


def frame_of(scheme: Scheme, review: str, stage: str) -> Frame:
    """The frame of a stage by the codes in a scheme."""
    found = settings_in(scheme, review)
    held = stage_in(found, stage)
    assert held is not None
    return Frame(scheme, found, held, rating_in(scheme, found))


def work(facts: Facts, frame: Frame, name: str) -> StageWork:
    """The stage's figures from its facts; `name` heads the digest: ground, scheme version, review, period, stage."""
    totals = _totals(facts["sheets"])
    ballot = ballot_of(facts["ballot"])
    amounts = _amounts(facts["adjustments"])
    rows = {
        code: _row(code, group, category, frame, totals, ballot, facts["figures"].get(code, {}), amounts.get(code, []))
        for code, group, category in facts["subjects"]
    }
    findings: list[Finding] = []
    lines: list[tuple[str, str, StarLine]] = []
    for (group, category), codes in _groups(rows.values()).items():
        rated, found = _stars(frame, facts, [rows[code] for code in codes])
        findings += found
        lines += [(group, category, line) for line in rated.lines]
    listed = tuple(rows[code] for code in sorted(rows, key=lambda code: code.encode()))
    return StageWork(listed, tuple(findings), tuple(lines), digest(name, listed), rows)


def digest(name: str, rows: Iterable[Worked]) -> str:
    """SHA-256 of the name's line and one line a subject by code; the same on every database."""
    lines = [name]
    for row in rows:
        figures = (row.own, row.adjustments, row.score, row.proposal, row.total, row.by_rule, row.stars, row.rank)
        told = ["" if value is None else str(value) for value in figures]
        lines.append("\t".join((row.code, row.category, *told, " ".join(row.reason.split()))))
    return sha256(("\n".join(lines) + "\n").encode()).hexdigest()


def ballot_of(told: Mapping[str, Any] | None) -> ballots.Ballot | None:
    """The rules' ballot of the facts' one."""
    if told is None:
        return None
    held_on = date.fromisoformat(told["held_on"])
    return ballots.Ballot(
        told["kind"], held_on, told["minutes"], told["called"], told["came"], told["named"], votes=told["votes"]
    )


def _row(
    code: str, group: str, category: str, frame: Frame, totals: Mapping[tuple[str, str], SheetTotals],
    ballot: ballots.Ballot | None, figures: Mapping[str, int], amounts: list[tuple[int, str, str]],
) -> Worked:  # fmt: skip
    parts = [_part(part, code, totals, figures) for part in frame.stage.components]
    if frame.stage.ballot != "none" and frame.stage.ballot_weight > 0:
        parts.append(_ballot_part(frame.stage, ballot, code))
    value = own(parts)
    score = final(value, [amount for amount, _name, _reason in amounts])
    words = own_words(parts)
    for amount, name, reason in amounts if value is not None else ():
        words += f"；{name} {'+' if amount > 0 else ''}{show(amount)}（{reason}）"
    words += f"；阶段得分 {show(score)}" if amounts and value is not None else ""
    return Worked(code, group, category, value, sum(row[0] for row in amounts), score, tuple(parts), words)


def _part(
    component: Component, code: str, totals: Mapping[tuple[str, str], SheetTotals], figures: Mapping[str, int]
) -> Part:
    if component.source.kind == "indicator":
        return part_of_indicator(component, figures.get(component.source.indicator))
    return part_of_sheets(component, totals.get((code, component.source.check_kind)))


def _ballot_part(stage: ReviewStage, ballot: ballots.Ballot | None, code: str) -> Part:
    body = "评审团票决" if stage.ballot == "jury" else "村民会议表决"
    value = ballots.share(ballot, code) if ballot is not None else None
    if ballot is None or value is None:
        return Part(BALLOT, body, stage.ballot_weight, None, 0, 0, f"{body}：没有有效的表决，缺项")
    votes = ballot.votes[code]
    why = f"{body}：{ballot.minutes}，到会 {ballot.came} 人，得 {votes} 票，{votes} ÷ {ballot.came} = {show(value)}"
    return Part(BALLOT, body, stage.ballot_weight, value, ballot.came, votes, why)


def _totals(sheets: Iterable[Any]) -> dict[tuple[str, str], SheetTotals]:
    """(Subject, kind) → its sheets; they come in the order in which they were made."""
    found: dict[tuple[str, str], SheetTotals] = {}
    for _check, subject, kind, _by, _day, score in sheets:
        held = found.get((subject, kind))
        if held is None:
            found[subject, kind] = SheetTotals(1, score, score, score, score)
        else:
            n, total, low, high, _last = held
            found[subject, kind] = SheetTotals(n + 1, total + score, min(low, score), max(high, score), score)
    return found


def _amounts(adjustments: Iterable[Any]) -> dict[str, list[tuple[int, str, str]]]:
    found: dict[str, list[tuple[int, str, str]]] = {}
    for subject, amount, name, reason in adjustments:
        found.setdefault(subject, []).append((amount, name, reason))
    return found


def _groups(rows: Iterable[Worked]) -> dict[tuple[str, str], list[str]]:
    found: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        found.setdefault((row.group, row.category), []).append(row.code)
    return {key: sorted(codes) for key, codes in sorted(found.items())}


def _stars(frame: Frame, facts: Facts, rows: list[Worked]) -> tuple[Rated, list[Finding]]:
    """Proposals of a group; in the last stage the final stars, ranks and reasons too."""
    proposed = _rated(frame, facts, {row.code: row.score for row in rows})
    by_code = {star.code: star for star in proposed.subjects}
    for row in rows:
        row.proposal = by_code[row.code].stars
    if not frame.is_last:
        return proposed, []
    for row in rows:
        told = rules.score(row.code, _given(frame, facts, row), frame.review)
        row.total, row.why = told.score, f"{row.why}；评审总分：{told.why}"
    rated = _rated(frame, facts, {row.code: row.total for row in rows})
    codes = {row.code for row in rows}
    wanted = [rules.Deviation(*told) for told in facts["deviations"] if told[0] in codes]
    finals, refused = rules.deviate(rated, wanted, frame.rating)
    ranks = rank((row.code, row.total) for row in rows if row.total is not None)
    missing = {star.code: star.missing for star in rated.subjects}
    ends = {row.code: row for row in finals}
    for row in rows:
        end = ends[row.code]
        row.by_rule, row.stars, row.reason, row.rank = end.by_rule, end.stars, end.reason, ranks.get(row.code)
        row.missing, row.why = missing[row.code], f"{row.why}；{end.why}"
    return rated, list(refused)


def _given(frame: Frame, facts: Facts, row: Worked) -> list[rules.StageScore]:
    before = [rules.StageScore(stage, *held[row.code]) for stage, held in facts["before"].items() if row.code in held]
    return [*before, rules.StageScore(frame.stage.code, row.score, row.proposal)]


def _rated(frame: Frame, facts: Facts, results: Mapping[str, int | None]) -> Rated:
    violations: dict[str, list[Violation]] = {}
    for told in facts["violations"]:
        violations.setdefault(told["subject"], []).append(Violation(**told))
    candidates = [
        Candidate(code, result, facts["figures"].get(code, {}), tuple(violations.get(code, ())))
        for code, result in results.items()
    ]
    return rate(candidates, frame.rating)
