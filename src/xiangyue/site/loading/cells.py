"""One cell of a table to a value: forgiving of form, exact about content."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from xiangyue.people.phones import plain_phone

COUNTY_TIME = ZoneInfo("Asia/Shanghai")
Read = Callable[[Any], Any]
MOMENT = re.compile(r"^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?[ T](\d{1,2}):(\d{2})(?::(\d{2}))?$")
DATE = re.compile(r"^(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?$")


class BadCell(ValueError):
    """A cell that can't be read: what is wrong and the mend."""

    def __init__(self, words: str, mend: str) -> None:
        self.words, self.mend = words, mend
        super().__init__(words + mend)


def text(value: Any) -> str:
    """Text with full-width forms made plain and stray spaces gone; `None` is empty."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    found = str(value)
    if not found.isascii():
        found = unicodedata.normalize("NFKC", found).replace("\u200b", "").replace("\ufeff", "")
    return found.strip()


def day(value: Any) -> date | None:
    """A date from a date, `2026-11-21`, `2026/11/21`, `2026年11月21日` or `20261121`; empty is none."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, float) and 20_000 < value < 80_000:
        return date(1899, 12, 30) + timedelta(days=int(value))
    found = text(value)
    if not found:
        return None
    if len(found) == 10 and found[4] == "-" == found[7]:
        try:
            return date.fromisoformat(found)
        except ValueError:
            pass
    match = DATE.match(found)
    try:
        if match:
            return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        pass
    raise BadCell(f"“{found}”不是日期。", "请写成 2026-11-21 这样。")


def instant(value: Any) -> datetime | None:
    """An instant in UTC from ISO 8601 or `2026/11/21 8:30`; without a zone it is county time (UTC+8)."""
    if isinstance(value, datetime):
        moment = value
    else:
        found = text(value)
        if not found:
            return None
        try:
            if match := MOMENT.match(found):
                year, month, on, hour, minute, second = (part or "0" for part in match.groups())
                found = f"{year}-{month:0>2}-{on:0>2}T{hour:0>2}:{minute}:{second:0>2}"
            moment = datetime.fromisoformat(found)
        except ValueError as error:
            raise BadCell(
                f"“{found}”不是时间。", "请写成 2026-11-21 8:30 或 2026-11-21T08:30:00+08:00 这样。"
            ) from error
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=COUNTY_TIME)
    return moment.astimezone(UTC)


def whole(value: Any) -> int | None:
    """A whole number; empty is none."""
    found = text(value)
    if not found:
        return None
    try:
        return int(found)
    except ValueError as error:
        raise BadCell(f"“{found}”不是整数。", "请只写数字。") from error


def hundredths(value: Any) -> int | None:
    """A number with at most two decimals as whole hundredths (`-1.5` is −150); empty is none."""
    found = text(value)
    if not found:
        return None
    match = re.fullmatch(r"([+-]?)(\d{1,3})(?:\.(\d{1,2}))?", found)
    if not match:
        raise BadCell(f"“{found}”不是分值。", "请写成 1.50 或 -0.5 这样，最多两位小数。")
    size = int(match[2]) * 100 + int((match[3] or "0").ljust(2, "0"))
    return -size if match[1] == "-" else size


def yes(value: Any) -> bool:
    """是/1/true; empty or 否/0/false is no."""
    found = text(value).lower()
    if found in {"", "0", "否", "false", "no", "n"}:
        return False
    if found in {"1", "是", "true", "yes", "y"}:
        return True
    raise BadCell(f"“{found}”不明白。", "请写“是”或“否”。")


def phone(value: Any) -> str:
    """A phone number without spaces, dashes and +86."""
    return plain_phone(text(value))


def words_of(choices: dict[str, str]) -> dict[str, str]:
    """Word → value: the value itself, its Chinese label, and each of the words that a label is made of.

    `乡镇（街道）` is also understood as 乡镇 or 街道, as far as the word means one value only.
    """
    by_word = {text(label): code for code, label in choices.items()} | {code: code for code in choices}
    pieces = [(piece, code) for code, label in choices.items() for piece in re.split(r"[()、/]", text(label)) if piece]
    meant = Counter(piece for piece, _ in pieces)
    return {piece: code for piece, code in pieces if meant[piece] == 1} | by_word


def one_of(choices: dict[str, str]) -> Read:
    """A reader of one of the values, by code or by its Chinese label."""
    by_word = words_of(choices)

    def read(value: Any) -> str:
        found = text(value)
        if not found:
            return ""
        if found not in by_word:
            listed = "、".join(f"{code}（{label}）" for code, label in choices.items())
            raise BadCell(f"“{found}”不在可选值里。", f"请用：{listed}。")
        return by_word[found]

    return read
