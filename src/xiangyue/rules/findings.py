"""What a rule noticed beside its results, in words a clerk can act on."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing noticed: a stable `id`, the code it is about (empty: the whole) and Chinese words with the mend."""

    id: str
    subject: str
    words: str
