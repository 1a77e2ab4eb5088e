"""Which months are closed: what the intake asks before it answers `late`."""

from __future__ import annotations

from collections.abc import Collection

from xiangyue.base.roundtrip import among, ask
from xiangyue.base.writes import alongside, alongside_question

LOCK = "closing"
"""Held alone by a close and alongside by those who store checks, so that a closing's cut is sharp."""


def closed_among(ground_id: int, scheme: str, months: Collection[int]) -> set[int]:
    """Those of the months (yyyymm) that are closed; no close begins until the caller's transaction ends."""
    if not months:
        alongside(LOCK)
        return set()
    keys = {f"{month // 100:04d}-{month % 100:02d}": month for month in months}
    these, listed = among("p.key", keys)
    closed = (
        "SELECT DISTINCT p.key FROM standings_period p JOIN standings_closing c ON c.period_id = p.id"
        f" WHERE p.ground_id = %s AND p.scheme = %s AND {these}",
        [ground_id, scheme, *listed],
    )
    # the lock comes first, in the same trip
    *_, rows = ask(*alongside_question(LOCK), closed)
    return {keys[row[0]] for row in rows}
