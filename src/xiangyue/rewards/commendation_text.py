"""The text of a commendation, ready for the county's account: who, for what, and how they do it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

from xiangyue.rules.settings import Commendation

NUMERALS = "一二三四五六七八九十"


class Praised(NamedTuple):
    """Someone commended: name, where, for how many targets, the method."""

    name: str
    where: str
    n_targets: int
    method: str


def compose(settings: Commendation, ground: str, period: str, what: str, rows: Sequence[Praised]) -> str:
    """The text, paragraph by paragraph; no household is named in it."""
    bearers = bool(settings.layers)
    opening = settings.opening or f"{period}，{ground}按方案评出了一批成绩突出的对象，现将有关人员和单位通报表扬如下。"
    parts = [f"{ground}{period}{settings.name}", opening]
    ordered = sorted(rows, key=lambda row: row.where)
    for number, (where, held) in enumerate(groupby(ordered, key=lambda row: row.where), 1):
        parts.append(f"{_numeral(number)}、{where or ground}")
        for at, row in enumerate(sorted(held, key=lambda row: (-row.n_targets, row.name)), 1):
            told = f"，所包保的 {row.n_targets} 个对象{what}" if bearers else f"，{what}"
            parts.append(f"{at}. {row.name}{told}。{_method(row.method)}")
    parts.append(f"（{ground}，共 {len(rows)} 名（个）。名单由公布生效的结果按方案得出。）")
    return "\n\n".join(parts)


def _method(text: str) -> str:
    said = text.strip()
    return f"做法：{said.rstrip('。')}。" if said else ""


def _numeral(number: int) -> str:
    if number <= 10:
        return NUMERALS[number - 1]
    tens, ones = divmod(number, 10)
    head = "" if tens == 1 else NUMERALS[tens - 1]
    return f"{head}十{NUMERALS[ones - 1] if ones else ''}" if tens < 10 else str(number)
