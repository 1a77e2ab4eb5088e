"""Numbers as people write them: with a point, with the word of a state, and with the period they are for."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from xiangyue.base.cells import narrow
from xiangyue.rules.numbers import legend, told
from xiangyue.rules.settings import Indicator

MOST = 10**12


def read_number(typed: str, indicator: Indicator) -> int:
    """The number without its point; ValueError in words for what is none."""
    text = narrow(typed).replace("−", "-").replace(",", "")
    words = legend(indicator.unit)
    for number, word in words.items():
        if narrow(word) == text:
            return number
    text = text.removesuffix(narrow(indicator.unit)) if indicator.unit and not words else text
    try:
        scaled = Decimal(text) * 10**indicator.decimals
    except InvalidOperation:
        raise ValueError(_("“%(name)s”的“%(typed)s”看不懂。%(how)s") % {
            "name": indicator.name, "typed": typed[:20], "how": how_to_write(indicator)
        }) from None  # fmt: skip
    if not scaled.is_finite() or scaled != int(scaled):
        raise ValueError(_("“%(name)s”最多 %(n)s 位小数。请改正。") % {"name": indicator.name, "n": indicator.decimals})
    if abs(scaled) > MOST:
        raise ValueError(_("“%s”的数太大。请核对单位。") % indicator.name)
    if words and int(scaled) not in words:
        raise ValueError(_("“%(name)s”没有 %(typed)s 这种状态。%(how)s") % {
            "name": indicator.name, "typed": typed[:20], "how": how_to_write(indicator)
        })  # fmt: skip
    return int(scaled)


def how_to_write(indicator: Indicator) -> str:
    """What to type, in words."""
    words = legend(indicator.unit)
    if words:
        return _("请填：%s。") % "、".join(words.values())
    unit = f"（{indicator.unit}）" if indicator.unit else ""
    return _("请只填数字%s。") % unit


def plain(number: int | None, indicator: Indicator) -> str:
    """The number as it is typed again: with its point or word, without its unit."""
    if number is None:
        return ""
    words = legend(indicator.unit)
    return words.get(number, str(number)) if words else told(number, indicator.decimals)
