"""A bulletin filled: title, sections and figures of its month as they are now, and the digest of what is issued."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from xiangyue.captures.envelope import canonical
from xiangyue.places.models import Place
from xiangyue.rules.days import Span
from xiangyue.standings.bulletins.chain import chain_of
from xiangyue.standings.bulletins.models import Bulletin
from xiangyue.standings.bulletins.sections import TITLES, figures_of, sections_of


def fill(place: Place, span: Span, today: date) -> dict[str, Any]:
    """What a bulletin of the month would tell today: all sections, and the figures that they stand on."""
    chain = chain_of(place, span, today)
    told = {
        "place": {"code": chain.place.code, "name": chain.place.name},
        "month": chain.span.key,
        "schemes": [{"name": name, "version": version} for name, version in chain.schemes],
        "sections": [section.as_json() for section in sections_of(chain, today)],
        "figures": figures_of(chain),
        "is_empty": chain.is_empty,
    }
    # as it is read again from the database
    read: dict[str, Any] = json.loads(json.dumps(told))
    return read


def only(told: Mapping[str, Any], codes: Collection[str]) -> dict[str, Any]:
    """The same with these sections alone."""
    return {**told, "sections": [one for one in told["sections"] if one["code"] in codes]}


def mark(told: Mapping[str, Any]) -> str:
    """The SHA-256 of what is told: the same figures give the same mark on every database."""
    return _sha(told)


def digest_of(row: Bulletin) -> str:
    """The SHA-256 of all that was issued: number, title, words, sections, figures; what its digest is held against."""
    return _sha(
        {
            "number": row.numbered, "title": row.title, "opening": row.opening, "closing": row.closing,
            "reason": row.reason, "told": row.told,
        }
    )  # fmt: skip


def in_order(codes: Iterable[str]) -> list[str]:
    """The known ones of the codes, in the order in which sections stand."""
    asked = set(codes)
    return [code for code in TITLES if code in asked]


def opening_of(span: Span) -> str:
    """What a draft begins with."""
    return _("根据日检查、调度、问题整改和月考核的记录，现将%s情况通报如下。") % span.name


def closing_of() -> str:
    """What a draft ends with."""
    return _("请各村（社区）对照查漏补缺，没有整改的问题尽快整改销号。")


def _sha(value: Mapping[str, Any]) -> str:
    return hashlib.sha256(canonical(value).encode()).hexdigest()
