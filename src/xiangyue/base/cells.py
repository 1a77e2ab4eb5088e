"""What people type into sheets and forms, made into values: stray spaces, full-width digits, dates as text, lost zeros.

A converter takes a filled cell as a reader gives it (text, number, date, bool) and gives the value, or raises
`CellError` with words that say what is wrong and what to do. Converters are made once a column and are quick per cell.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

type Convert = Callable[[Any], Any]


class CellError(ValueError):
    """What is wrong with a cell and what to do, in Chinese."""


_INVISIBLE = dict.fromkeys([*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2065), 0xFEFF, 0xAD])
_WIDE = {
    wide: wide - 0xFEE0 for span in ((0xFF10, 0xFF1A), (0xFF21, 0xFF3B), (0xFF41, 0xFF5B)) for wide in range(*span)
}
_MEND: dict[int, Any] = _INVISIBLE | _WIDE
_DIRTY = re.compile(
    r"[\s\u00a0\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u3000\ufeff\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]|^'"
)
_PIECES = re.compile(r"[()、/]")
_ESCAPED = re.compile(r"^'(?=[=+\-@\t\r])")


def clean(text: str) -> str:
    """Text without invisible characters and stray spaces, full-width digits and letters made narrow."""
    if not _DIRTY.search(text):
        return text
    return _ESCAPED.sub("", " ".join(text.translate(_MEND).split()))


def narrow(text: str) -> str:
    """Text for comparing: all compatible characters made narrow, no spaces at all."""
    if text.isalnum() and (text.isascii() or unicodedata.is_normalized("NFKC", text)):
        return text
    cleaned = text.translate(_INVISIBLE)
    if not cleaned.isascii():
        cleaned = unicodedata.normalize("NFKC", cleaned)
    return "".join(cleaned.split())


def quoted(cell: Any) -> str:
    """A cell as it is named in a message, cut when it is long."""
    text = str(cell)
    return f"“{text[:30]}…”" if len(text) > 30 else f"“{text}”"


def number_text(number: float) -> str:
    """The digits of a number that stands for a code."""
    if number != int(number):
        raise CellError(_("%s带小数，不是编码。请按原样重填，并把这一列设为“文本”格式。") % quoted(number))
    if abs(number) >= 1e15:
        raise CellError(
            _("%s太长，Excel 只保留 15 位，后面的数字已经丢失。请把这一列设为“文本”格式后重填。")
            % quoted(f"{number:.0f}")
        )
    return str(int(number))


_SCIENTIFIC = re.compile(r"^(\d)(?:\.(\d+))?E\+(\d{1,3})$", re.IGNORECASE)
_PLAIN = re.compile(r"[0-9A-Za-z-]+")


def _whole_digits(text: str) -> str:
    """The digits of 2.20681100201E+11, as long as none is lost."""
    found = _SCIENTIFIC.match(text)
    if found is None:
        return text.removesuffix(".0") if text[:-2].isdigit() else text
    if len(found[2] or "") < int(found[3]):
        raise CellError(
            _("%s是科学记数，末尾的数字已经丢失。请把这一列设为“文本”格式，再照原表重填完整的编码。") % quoted(text)
        )
    return str(int(Decimal(text)))


def to_text(longest: int = 0) -> Convert:
    """Converter to clean text of at most `longest` characters (0: any length)."""

    dirty = _DIRTY.search

    def convert(cell: Any) -> str:
        if isinstance(cell, str):
            text = clean(cell) if dirty(cell) else cell
        elif isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
            text = str(int(cell))
        elif isinstance(cell, datetime | date):
            text = _day_of(cell).isoformat()
        else:
            text = str(cell)
        if longest and len(text) > longest:
            raise CellError(_("有 %(n)s 个字，最多 %(most)s 个。请缩短。") % {"n": len(text), "most": longest})
        return text

    return convert


def to_code(longest: int = 0) -> Convert:
    """Converter to a code: digits and letters as text, nothing lost, no spaces."""

    def convert(cell: Any) -> str:
        if isinstance(cell, str):
            text = cell if _PLAIN.fullmatch(cell) else _whole_digits(narrow(clean(cell)))
        elif isinstance(cell, bool | datetime | date):
            raise CellError(
                _("%s不是编码，大概被 Excel 改成了别的格式。请把这一列设为“文本”格式后重填。") % quoted(cell)
            )
        else:
            text = number_text(cell)
        if longest and len(text) > longest:
            raise CellError(_("编码%(code)s超过 %(most)s 位。请核对。") % {"code": quoted(text), "most": longest})
        return text

    return convert


_MOBILE = re.compile(r"1[0-9]{10}")
_PHONE = re.compile(r"^(1\d{10}|0\d{2,3}-?\d{7,8}|[2-9]\d{6,7}|400-?\d{3}-?\d{4})$")


def to_phone(cell: Any) -> str:
    """A mobile or fixed-line number, without spaces; mobiles without country code and dashes."""
    if isinstance(cell, str) and _MOBILE.fullmatch(cell):
        return cell
    text = (
        number_text(cell) if isinstance(cell, int | float) and not isinstance(cell, bool) else narrow(clean(str(cell)))
    )
    text = _whole_digits(text).removeprefix("+86").removeprefix("0086")
    bare = text.replace("-", "")
    text = bare if len(bare) == 11 and bare.startswith("1") else text
    if not _PHONE.match(text):
        raise CellError(_("%s不是电话号码。请填 11 位手机号，或带区号的座机号（如 0431-12345678）。") % quoted(cell))
    return text


def to_whole(least: int, most: int) -> Convert:
    """Converter to a whole number between two bounds."""

    def convert(cell: Any) -> int:
        number: float | None = None
        if isinstance(cell, int | float) and not isinstance(cell, bool):
            number = cell
        elif isinstance(cell, str):
            text = narrow(clean(cell)).replace(",", "").removesuffix(".0")
            number = int(text) if re.fullmatch(r"-?\d{1,15}", text) else None
        if number is None or number != int(number):
            raise CellError(_("%s不是整数。请只填数字，不带单位和文字。") % quoted(cell))
        if not least <= number <= most:
            raise CellError(
                _("%(n)s 不在 %(least)s 到 %(most)s 之间。请核对。") % {"n": int(number), "least": least, "most": most}
            )
        return int(number)

    return convert


_DAY = re.compile(r"^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[T ]\s*\d{1,2}[:时].*)?$")
_DAY_DIGITS = re.compile(r"^((?:19|20)\d{2})(\d{2})(\d{2})$")
_EPOCH = date(1899, 12, 30)
_SERIALS = range(18264, 73051)
"""Days of the spreadsheet calendar from 1950 to 2099."""


def _day_of(cell: date) -> date:
    return cell.date() if isinstance(cell, datetime) else cell


def _text_day(text: str) -> date | None:
    found = _DAY.match(text) or _DAY_DIGITS.match(text)
    if found:
        try:
            return date(int(found[1]), int(found[2]), int(found[3]))
        except ValueError:
            return None
    if text.isdigit() and int(text) in _SERIALS:
        return _EPOCH + timedelta(days=int(text))
    return None


def to_date(cell: Any) -> date:
    """A day from 2026-11-21, 2026/11/21, 2026.11.21, 2026年11月21日, 20261121, or the spreadsheet's own number."""
    day: date | None
    if isinstance(cell, datetime | date):
        day = _day_of(cell)
    elif isinstance(cell, float | int) and not isinstance(cell, bool):
        day = _text_day(str(int(cell)))
    else:
        day = _text_day(unicodedata.normalize("NFKC", clean(str(cell))))
    if day is None or not 1900 <= day.year <= 2100:
        raise CellError(_("%s不是日期。请写成 2026-11-21 这样，并核对年月日。") % quoted(cell))
    return day


def to_choice(choices: Iterable[tuple[str, Any]]) -> Convert:
    """Converter to one of the values; a cell may hold the value, its label, or a word that only this label is made of.

    村（社区） is also understood as 村 or 社区, 县（市、区） as 县, 市 or 区.
    """
    pairs = [(value, str(label)) for value, label in choices if value != ""]
    pieces = [(piece, value) for value, label in pairs for piece in _PIECES.split(narrow(label)) if piece]
    meant = Counter(piece for piece, _value in pieces)
    known = {piece: value for piece, value in pieces if meant[piece] == 1}
    known |= {narrow(label): value for value, label in pairs} | {narrow(value): value for value, _label in pairs}
    listed = "、".join(label for _value, label in pairs[:12])

    def convert(cell: Any) -> str:
        found = known.get(cell) if isinstance(cell, str) else None
        found = known.get(narrow(clean(str(cell)))) if found is None else found
        if found is None:
            raise CellError(
                _("%(cell)s不在可选项里。请填其中之一：%(listed)s。") % {"cell": quoted(cell), "listed": listed}
            )
        return found

    return convert


_YES = frozenset({"是", "有", "对", "√", "✓", "y", "yes", "true", "1", "1.0"})
_NO = frozenset({"否", "无", "不", "没有", "×", "n", "no", "false", "0", "0.0"})


def to_yes(cell: Any) -> bool:
    """是 or 否, and what people write for them."""
    text = narrow(str(cell)).lower()
    if text in _YES:
        return True
    if text in _NO:
        return False
    raise CellError(_("%s 看不出是“是”还是“否”。请填“是”或“否”。") % quoted(cell))


def remembered(convert: Convert, most: int = 20_000) -> Convert:
    """The converter with a memory for text cells: columns of few different values are converted once a value."""
    memory: dict[str, Any] = {}

    known = memory.get

    def recall(cell: Any) -> Any:
        if type(cell) is not str:
            return convert(cell)
        value = known(cell)
        if value is None:
            value = convert(cell)
            if len(memory) < most:
                memory[cell] = value
        return value

    return recall
