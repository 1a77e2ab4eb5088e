"""Rules 9 and 16: a ground's rating as one pure function of its candidates, ranked, with its digest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import NamedTuple

from .settings import Rating
from .stars import Candidate, StarLine, Stars, rate


class Contender(NamedTuple):
    """A candidate, the group and category it is rated in, and whether it is due at all (away, empty: not)."""

    candidate: Candidate
    group: str
    category: str
    is_due: bool = True


class StarRow(NamedTuple):
    """A subject's line of a rating; stars, rank and the rest None when unrated."""

    code: str
    category: str
    group: str
    domains_met: int | None
    items_met: int | None
    result: int | None
    stars: int | None
    rank: int | None


@dataclass(frozen=True, slots=True)
class RatedGround:
    """A rating of a ground: rows by code, each subject's stars with their reasons, the lines of each group."""

    rating: str
    rows: tuple[StarRow, ...]
    told: Mapping[str, Stars]
    lines: tuple[tuple[str, str, StarLine], ...]
    """(Group, category, line), sorted."""
    digest: str


type _Key = tuple[str, str]


def rate_ground(
    ground: str, scheme_version: str, period: str, rating: Rating, contenders: Iterable[Contender]
) -> RatedGround:
    """Every category of every group rated by itself; the same contenders in any order give the same bytes."""
    groups: dict[_Key, list[Candidate]] = {}
    rows: list[StarRow] = []
    told: dict[str, Stars] = {}
    lines: list[tuple[str, str, StarLine]] = []
    for candidate, group, category, is_due in contenders:
        held = groups.setdefault((group, category), [])
        if is_due:
            held.append(candidate)
        else:
            told[candidate.code] = _not_due(candidate.code)
            rows.append(StarRow(candidate.code, category, group, None, None, None, None, None))
    for (group, category), candidates in sorted(groups.items()):
        rated = rate(candidates, rating)
        results = {candidate.code: candidate.result for candidate in candidates}
        ranks = _ranks(rated.subjects)
        told |= {row.code: row for row in rated.subjects}
        rows += [_row(row, group, category, results[row.code], ranks.get(row.code), rating) for row in rated.subjects]
        lines += [(group, category, line) for line in rated.lines]
    rows.sort()
    stamp = digest(ground, scheme_version, period, rating.code, rows)
    return RatedGround(rating.code, tuple(rows), told, tuple(lines), stamp)


def digest(ground: str, scheme_version: str, period: str, rating: str, rows: Iterable[StarRow]) -> str:
    """SHA-256 (hex) of a rating's rows, in the manner of rule 16; the order of `rows` does not matter."""
    lines = [f"{ground}\t{scheme_version}\t{period}\t{rating}\n"]
    for row in sorted(rows, key=lambda row: row.code):
        if row.stars is None:
            lines.append(f"{row.code}\t{row.category}\t\t\t\t\t\n")
        else:
            result = "" if row.result is None else row.result
            figures = f"{row.domains_met}\t{row.items_met}\t{result}\t{row.stars}\t{row.rank}"
            lines.append(f"{row.code}\t{row.category}\t{figures}\n")
    return sha256("".join(lines).encode()).hexdigest()


def _row(row: Stars, group: str, category: str, result: int | None, rank: int | None, rating: Rating) -> StarRow:
    if row.stars is None:
        return StarRow(row.code, category, group, None, None, None, None, None)
    domains = sum(domain.is_met for domain in row.domains)
    items = sum(domain.items_met for domain in row.domains)
    return StarRow(row.code, category, group, domains, items, result, row.stars, rank)


def _ranks(subjects: Sequence[Stars]) -> dict[str, int]:
    """Ranks by stars, then by the rating's own order; equals share one and the next are skipped (rule 6)."""
    rated = [(row.stars, row.order, row.code) for row in subjects if row.stars is not None]
    ranks: dict[str, int] = {}
    place, last = 0, None
    for n, (stars, order, code) in enumerate(sorted(rated, key=lambda row: (row[0], row[1]), reverse=True), 1):
        if (stars, order) != last:
            place, last = n, (stars, order)
        ranks[code] = place
    return ranks


def _not_due(code: str) -> Stars:
    words = "本期末外出或空户，不参评"
    return Stars(code, None, None, None, (), (), (), words, ())
