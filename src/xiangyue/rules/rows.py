"""The rows of a composite, drafted for a whole level at once: figures (rule 4), ranks (rule 6), pools (rule 7)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby, pairwise, repeat
from operator import itemgetter
from typing import NamedTuple

from .board import Spared, Standing
from .ground import GroundFacts, Subject
from .numbers import clamp
from .ranking import CHAIN, group_level, group_of
from .result import joined
from .settings import Board, Composite, Level, Scheme


class Row(NamedTuple):
    """A subject's line of a closed composite; figures None when unrated, `board` is red, black or empty."""

    code: str
    category: str
    group: str
    own: int | None
    joint: int | None
    paired: int | None
    adjustments: int | None
    result: int | None
    rank: int | None
    board: str
    checks: int


type _Key = tuple[str, str]
type _Moved = tuple[int | None, int, int, int]
type _Run = tuple[int, int, _Key]


def partners_of(facts: GroundFacts, composite: Composite, owns: Mapping[str, int]) -> dict[str, int | None]:
    """Code → own figure of its live partner; a months composite has no pairs of its own (rule 5)."""
    if composite.mode == "months":
        return {}
    outside = facts.partners_own.get(composite.code, {})
    partner_own: dict[str, int | None] = {}
    for red, black in facts.pairs.get(composite.code, ()):
        partner_own[red] = owns.get(black, outside.get(black))
        partner_own[black] = owns.get(red, outside.get(red))
    return partner_own


def checks_of(facts: GroundFacts, composite: Composite, kinds: frozenset[str]) -> dict[str, int]:
    """Code → counted sheets of the kinds in the composite."""
    if composite.mode == "months":
        months = facts.months.get(composite.of, {})
        return {code: sum(month[2] for month in held) for code, held in months.items()}
    checks: dict[str, int] = {}
    for kind in sorted(kinds):
        held = {code: totals[0] for code, totals in facts.totals.get(kind, {}).items()}
        checks = {c: held.get(c, 0) + checks.get(c, 0) for c in held.keys() | checks.keys()} if checks else held
    return checks


def rows_of(
    facts: GroundFacts,
    scheme: Scheme,
    composite: Composite,
    subjects: Sequence[Subject],
    owns: Mapping[str, int],
    partner_own: Mapping[str, int | None],
    checks: Mapping[str, int],
) -> list[Row]:
    """The rows with their ranks, before any board; a column at a time, for a county has 40,000 of them."""
    moved = _moved(facts, composite, owns, partner_own)
    codes = [subject[0] for subject in subjects]
    own = list(map(owns.get, codes))
    results = (
        [moved[code][3] if code in moved else held for code, held in zip(codes, own, strict=True)] if moved else own
    )
    runs = _runs(_places(subjects, group_level(scheme, composite), facts.ground))
    ranks = _all_ranks(runs, results)
    rank: list[int | None] = []
    groups: list[str] = []
    categories: list[str] = []
    for start, end, key in runs:
        rank += map(ranks[key].get, results[start:end])
        groups += repeat(key[0], end - start)
        categories += repeat(key[1], end - start)
    none, added = repeat(None), [None if held is None else 0 for held in own]
    n_checks = map(checks.get, codes, repeat(0))
    columns = (codes, categories, groups, own, none, own, added, results, rank, repeat(""), n_checks)
    # no `strict`: those repeated have no end
    rows: list[Row] = list(map(tuple.__new__, repeat(Row), zip(*columns)))  # noqa: B905
    return _put_in(rows, moved) if moved else rows


def _put_in(rows: list[Row], moved: Mapping[str, _Moved]) -> list[Row]:
    """The rows with what partners and adjustments did to a few of them."""
    at = {row[0]: n for n, row in enumerate(rows) if row[0] in moved}
    for code, n in at.items():
        joint, paired, added, result = moved[code]
        rows[n] = rows[n]._replace(joint=joint, paired=paired, adjustments=added, result=result)
    return rows


def _runs(keys: Sequence[_Key]) -> list[_Run]:
    """Neighbours with one key: from, to and key of each run."""
    starts = [n for n, (one, other) in enumerate(pairwise(keys), 1) if one is not other]
    bounds = [0, *starts, len(keys)] if keys else []
    return [(start, end, keys[start]) for start, end in pairwise(bounds)]


def _places(subjects: Sequence[Subject], level: Level, ground: str) -> list[_Key]:
    """(Group, category) of each subject."""
    at = CHAIN.index(level)
    found: list[_Key] = []
    last: tuple[str, ...] | None = None
    key: _Key = ("", "")
    for _, _, category, chain, _ in subjects:
        # neighbours share a chain: a county has 400 of them, not 40,000
        if chain is not last or category != key[1]:
            last, key = chain, ((chain[at] if len(chain) > at else "") or group_of(chain, level) or ground, category)
        found.append(key)
    return found


def _all_ranks(runs: Sequence[_Run], results: Sequence[int | None]) -> dict[_Key, dict[int | None, int]]:
    """(Group, category) → result → rank."""
    groups: dict[_Key, list[int]] = {}
    for start, end, key in runs:
        groups.setdefault(key, []).extend(result for result in results[start:end] if result is not None)
    return {key: _ranks(held) for key, held in groups.items()}


def _moved(
    facts: GroundFacts, composite: Composite, owns: Mapping[str, int], partner_own: Mapping[str, int | None]
) -> dict[str, _Moved]:
    """(Joint, paired, adjustments, result) of the few rated subjects that have a partner or adjustments."""
    adjustments = facts.adjustments.get(composite.code, {})
    moved: dict[str, _Moved] = {}
    for code in partner_own.keys() | adjustments.keys():
        own = owns.get(code)
        if own is not None:
            joint, paired = joined(own, partner_own.get(code), composite.pair_weight)
            added = sum(adjustment.amount for adjustment in adjustments.get(code, ()))
            moved[code] = (joint, paired, added, clamp(paired + added))
    return moved


def _ranks(results: list[int]) -> dict[int | None, int]:
    """Result → rank in one group: rule 6 as in `ranking.rank`, by result, since equals share a rank."""
    ranks: dict[int | None, int] = {}
    for n, result in enumerate(sorted(results, reverse=True), 1):
        ranks.setdefault(result, n)
    return ranks


def pools_of(
    facts: GroundFacts, scheme: Scheme, board: Board, subjects: Sequence[Subject], rows: Sequence[Row]
) -> dict[_Key, list[Standing]]:
    """(Group, category) → its rated subjects; a group with none rated keeps an empty pool."""
    spared = _spared(facts, scheme, board, subjects)
    red = facts.upheld_red.get(board.code, frozenset())
    # rows are grouped for ranks already, most often just as the board wants them
    key_of: Callable[[Row], _Key] = itemgetter(2, 1)
    if board.group != group_level(scheme, scheme.composite(board.composite)):
        groups = (group_of(subject[3], board.group) or facts.ground for subject in subjects)
        key_of = lambda row: (next(groups), row[1])  # noqa: E731
    pools: dict[_Key, list[Standing]] = {}
    new = tuple.__new__
    for key, run in groupby(rows, key_of):
        if not board.categories or key[1] in board.categories:
            pools.setdefault(key, []).extend(
                [
                    new(Standing, (row[0], row[7], row[10], spared.get(row[0], ""), row[0] in red))
                    for row in run
                    if row[7] is not None
                ]
            )
    return pools


def _spared(facts: GroundFacts, scheme: Scheme, board: Board, subjects: Iterable[Subject]) -> dict[str, Spared]:
    """Code → why a subject would be taken off black: help before cure before objection."""
    spared: dict[str, Spared] = dict.fromkeys(facts.upheld.get(board.code, ()), "upheld")
    spared |= dict.fromkeys(facts.cured.get(board.code, ()), "cured")
    helped = scheme.households.helped
    spared |= {subject[0]: "help" for subject in subjects if subject[4] in helped}
    return spared
