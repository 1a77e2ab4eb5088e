"""Ids that makers give their captures: UUID version 7, which sorts by the time it was made."""

from __future__ import annotations

import os
import time
from uuid import UUID

VERSION = 7


def new_id(made_ms: int | None = None) -> UUID:
    """A fresh id, by the clock or by the given Unix time in milliseconds."""
    stamp = time.time_ns() // 1_000_000 if made_ms is None else made_ms
    chance = int.from_bytes(os.urandom(10), "big")
    value = (stamp & 0xFFFF_FFFF_FFFF) << 80 | VERSION << 76 | (chance >> 68 & 0xFFF) << 64
    return UUID(int=value | 0b10 << 62 | chance & 0x3FFF_FFFF_FFFF_FFFF)


def read_id(text: str) -> UUID | None:
    """The id that the text writes; nothing when it is not a UUID of version 7."""
    try:
        found = UUID(text)
    except (ValueError, AttributeError, TypeError):
        return None
    return found if found.version == VERSION else None
