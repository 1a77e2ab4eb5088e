"""What the free words of a bulletin may not say: numbers of persons, names of households, what the linter rejects."""

from __future__ import annotations

import re
from collections.abc import Mapping

from django.db.models import CharField, F, Value
from django.db.models.functions import Length
from django.utils.translation import gettext as _

from xiangyue.agreements.compact_texts import unlawful
from xiangyue.base.problems import Problem
from xiangyue.base.scope import below
from xiangyue.places.models import Household, Place
from xiangyue.standings.bulletins import problems

PHONE = re.compile(r"(?<!\d)(?:1[3-9]\d[\s-]?\d{4}[\s-]?\d{4}|0\d{2,3}-\d{7,8})(?!\d)")
IDENTITY = re.compile(r"(?<!\d)\d{6}(?:19|20)\d{9}[\dXx](?![\dXx])")
SHORTEST = 2
"""Letters of a name that is looked for: one letter stands in any text."""


def forbidden(place: Place, text: str) -> list[str]:
    """Why the text may not stand in a bulletin of the place; empty: it may."""
    if not text.strip():
        return []
    found = [str(one.words) for one in unlawful(text)]
    if PHONE.search(text):
        found.append(_("有电话号码。"))
    if IDENTITY.search(text):
        found.append(_("有身份证号。"))
    if n := _named(place, text):
        found.append(_("有%s户农户的户主姓名；写户数，不写姓名。") % n)
    return found


def hold_lawful(place: Place, texts: Mapping[str, str]) -> None:
    """Pass only texts (by the name of their field) that may stand; a Problem names the field and what is in the way."""
    for field, text in texts.items():
        if found := forbidden(place, text):
            raise Problem(problems.FORBIDDEN, field=field, what="".join(found[:3]))


def _named(place: Place, text: str) -> int:
    """How many different names of heads of households on the ground the text holds: asked of the database as one set."""
    rows = Household.objects.filter(below("place__path", (place.path,))).exclude(head_name="")
    rows = rows.annotate(letters=Length("head_name"), said=Value(text, output_field=CharField()))
    return rows.filter(letters__gte=SHORTEST, said__contains=F("head_name")).values("head_name").distinct().count()
