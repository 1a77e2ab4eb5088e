"""Quotes within quotes as they are printed: “党员‘三委’包户”, never ““五星”支部”."""

from __future__ import annotations


def nested(words: str) -> str:
    """The words with each pair of quotes that stands within another as ‘ ’; a pair that is not closed stays as it is."""
    if words.count("“") < 2 or words.count("“") != words.count("”"):
        return words
    found, depth = [], 0
    for sign in words:
        if sign == "“":
            depth += 1
            found.append("‘" if depth == 2 else sign)
        elif sign == "”":
            found.append("’" if depth == 2 else sign)
            depth -= 1
        else:
            found.append(sign)
    return "".join(found)
