"""A rating written down as rows, and all it was worked out from packed beside it."""

from __future__ import annotations

import json
import zlib
from typing import Any

from xiangyue.base.bulk import insert_rows
from xiangyue.rules.rated import Contender, RatedGround
from xiangyue.rules.stars import Candidate
from xiangyue.rules.violations import Violation
from xiangyue.standings.ratings.models import StarLine, StarRating, StarRoster, StarRow
from xiangyue.standings.ratings.rating import WorkedRating

FORMAT = 1
ROW = (
    "rating", "subject", "group_code", "category", "stars", "earned", "capped", "rank", "result", "domains_met",
    "items_met", "why", "figures", "caps", "missing",
)  # fmt: skip
LINE = ("rating", "group_code", "category", "stars", "places", "n", "excess", "lowest", "n_fell", "why")


def store(row: StarRating, worked: WorkedRating) -> None:
    """All rows of a rating, in the caller's transaction."""
    StarRoster.objects.create(rating=row, data=pack(worked.contenders))
    insert_rows(StarLine, LINE, _lines(row.pk, worked.rated))
    insert_rows(StarRow, ROW, _rows(row.pk, worked))


def _lines(rating: int, rated: RatedGround) -> list[tuple[Any, ...]]:
    return [
        (
            rating, group, category, line.stars, line.places, line.n, line.excess,
            None if line.lowest is None else _json(list(line.lowest)), len(line.fell), line.why[:200],
        )
        for group, category, line in rated.lines
    ]  # fmt: skip


def _rows(rating: int, worked: WorkedRating) -> list[tuple[Any, ...]]:
    rows = []
    for held in worked.rated.rows:
        told = worked.rated.told[held.code]
        figures = {code: [f.number, f.entry] for code, f in sorted(worked.figures[held.code].items())}
        caps = [violation.pk for violation in worked.violations.get(held.code, ())]
        rows.append((
            rating, worked.ids[held.code], held.group, held.category, held.stars, told.earned, told.capped, held.rank,
            held.result, held.domains_met or 0, held.items_met or 0, told.why[:400], _json(figures), _json(caps),
            _json(list(told.missing)),
        ))  # fmt: skip
    return rows


def pack(contenders: Any) -> bytes:
    """The contenders in few bytes; the same ones in any order give the same bytes."""
    rows = sorted((_packed(contender) for contender in contenders), key=lambda row: str(row[0]))
    return zlib.compress(_json({"format": FORMAT, "contenders": rows}).encode(), 1)


def unpack(data: bytes) -> list[Contender]:
    """The contenders that were packed."""
    body = json.loads(zlib.decompress(data))
    return [
        Contender(Candidate(code, result, figures, tuple(Violation(*row) for row in violations)), group, category, due)
        for code, group, category, due, result, figures, violations in body["contenders"]
    ]


def _packed(contender: Contender) -> list[Any]:
    candidate = contender.candidate
    violations = [
        [row.subject, row.kind, row.document, row.clause, row.department, row.basis, row.about, row.words]
        for row in candidate.violations
    ]
    return [
        candidate.code, contender.group, contender.category, contender.is_due, candidate.result,
        dict(candidate.figures), violations,
    ]  # fmt: skip


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
