"""Codes of places: what is right for each level, and the next free one below a village."""

from __future__ import annotations

import re
import unicodedata

from django.utils.translation import gettext_lazy as _

from xiangyue.base.problems import Problem, problem_kind
from xiangyue.places.models import Level, Place

BELOW: dict[str, tuple[str, ...]] = {
    Level.COUNTY: (Level.TOWNSHIP, Level.PUBLIC_PLACE),
    Level.TOWNSHIP: (Level.VILLAGE, Level.PUBLIC_PLACE),
    Level.VILLAGE: (Level.HAMLET, Level.HOUSEHOLD, Level.PUBLIC_PLACE),
    Level.HAMLET: (Level.HOUSEHOLD, Level.PUBLIC_PLACE),
}
"""What may stand directly under a place of each level."""
DIGITS = {Level.COUNTY: 6, Level.TOWNSHIP: 9, Level.VILLAGE: 12}
MARKS = {Level.HAMLET: ("Z", 2), Level.HOUSEHOLD: ("H", 5), Level.PUBLIC_PLACE: ("G", 3)}

BAD_CODE = problem_kind(
    "place_code",
    _("“{code}”不能作{level}的编码。"),
    _("县写6位、乡镇9位、村12位统计用区划代码，村以下可留空自动编号。"),
)
CODE_TAKEN = problem_kind("place_code_taken", _("编码“{code}”已给了“{name}”。"), _("请核对编码；旧编码不能再用。"), 409)


def plain_code(code: str, level: str) -> str:
    """The plain form of a code that is right for the level; Problem otherwise."""
    plain = unicodedata.normalize("NFKC", code).strip().upper()
    wanted = DIGITS.get(Level(level))
    if wanted:
        if re.fullmatch(r"\d{12}", plain) and set(plain[wanted:]) <= {"0"}:
            plain = plain[:wanted]
        right = re.fullmatch(rf"\d{{{wanted}}}", plain)
    else:
        right = re.fullmatch(r"\d{6,12}-[A-Z]\d{1,9}", plain)
    if not right:
        raise Problem(BAD_CODE, code=code, level=Level(level).label)
    return plain


def checked_code(code: str, level: str) -> str:
    """The plain form of a code that is free and right for the level; Problem otherwise."""
    plain = plain_code(code, level)
    holder = Place.objects.filter(code=plain).first()
    if holder is not None:
        raise Problem(CODE_TAKEN, code=plain, name=holder.name)
    return plain


def next_code(parent: Place, level: str) -> str:
    """The next free code of that level under the parent's village, such as 220681100201-H00042."""
    mark, width = MARKS[Level(level)]
    above = parent.village.code if parent.village else parent.code
    taken = Place.objects.filter(code__startswith=f"{above}-{mark}").order_by("code").values_list("code", flat=True)
    numbers = [int(code.rpartition(mark)[2]) for code in taken if code.rpartition(mark)[2].isdigit()]
    return f"{above}-{mark}{max(numbers, default=0) + 1:0{width}d}"
