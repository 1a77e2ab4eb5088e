"""Which months are closed: what the intake asks before it answers `late`."""

from __future__ import annotations

from collections.abc import Collection

from xiangyue.base.roundtrip import Question, Rows, among, ask
from xiangyue.base.writes import alongside, alongside_question

LOCK = "closing"
"""Held alone by a close and alongside by those who store checks, so that a closing's cut is sharp."""
CLOSED = (
    "SELECT DISTINCT p.ground_id, p.scheme, p.key FROM standings_period p"
    " JOIN standings_closing c ON c.period_id = p.id"
)


def closed_among(ground_id: int, scheme: str, months: Collection[int]) -> set[int]:
    """Those of the months (yyyymm) that are closed; no close begins until the caller's transaction ends."""
    if not months:
        alongside(LOCK)
        return set()
    these, listed = among("p.key", _keys(months))
    question = f"{CLOSED} WHERE p.ground_id = %s AND p.scheme = %s AND {these}", [ground_id, scheme, *listed]
    # the lock comes first, in the same trip
    *_, rows = ask(*alongside_question(LOCK), question)
    return {month for _ground, _scheme, month in closed_told(rows)}


def closed_question(counties: Collection[str], months: Collection[int]) -> list[Question]:
    """What asks for the closed months of every ground in these counties (codes of 6 digits), the lock first.

    `closed_told` reads the last answer.
    """
    here, codes = among("SUBSTR(g.path, 1, 7)", sorted(f"{code}/" for code in counties))
    these, listed = among("p.key", _keys(months))
    question = (
        f"{CLOSED} JOIN places_place g ON g.id = p.ground_id WHERE g.level IN ('county', 'township') AND {here}"
        f" AND {these}"
    )
    return [*alongside_question(LOCK), (question, [*codes, *listed])]


def closed_told(rows: Rows) -> set[tuple[int, str, int]]:
    """(Ground's id, scheme, month as yyyymm) of each closed month."""
    return {(ground_id, scheme, int(key[:4]) * 100 + int(key[5:])) for ground_id, scheme, key in rows}


def _keys(months: Collection[int]) -> list[str]:
    return [f"{month // 100:04d}-{month % 100:02d}" for month in sorted(months)]
