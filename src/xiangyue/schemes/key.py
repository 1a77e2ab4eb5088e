"""What is said of one key of the scheme language, and the forms that many keys share."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Key:
    """One key: `title` in Chinese, `words` in English; numbers lie in `low`…`high`, both inclusive."""

    title: str
    words: str
    hundredths: bool = False
    """Written with at most two decimals (4.5), held as whole hundredths (450)."""
    low: int | None = None
    high: int | None = None
    form: str = ""
    """`code`: a code; `text`: must not be empty."""


CODE = Key("代码", "The code by which other keys, records and addresses refer to it; unique in its list.", form="code")
NAME = Key("名称", "What people read.", form="text")
STANDING = Key("性质", "`示例,非官方` for drafted texts; shown wherever the text is.")


def points(title: str, words: str, high: int | None = None) -> Key:
    """A key held in whole hundredths, from 0."""
    return Key(title, words, hundredths=True, low=0, high=high)


def number(title: str, words: str, low: int = 0, high: int | None = None) -> Key:
    """A key that holds a whole number in `low`…`high`."""
    return Key(title, words, low=low, high=high)


def money(title: str, words: str) -> Key:
    """A key written in yuan with at most two decimals, held in fen."""
    return Key(title, words, hundredths=True, low=0)
