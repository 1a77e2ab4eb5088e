"""Ways of inspecting in sentences."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from xiangyue.agreements.words import name_of
from xiangyue.rules import settings as s
from xiangyue.schemes.keys import CHOICES


def inspection_words(row: s.InspectionKind, scheme: s.Scheme) -> Iterator[str]:
    """Its manner and sheets, its draw, and what the village may do."""
    sheets = "、".join(name_of(scheme.check_kinds, code) for code in row.checks)
    yield _("%(manner)s，用“%(sheets)s”的表；每一次都要在备案的年度计划里") % {
        "manner": CHOICES[row.manner], "sheets": sheets,
    }  # fmt: skip
    if row.draw:
        yield _("去哪里由“%(draw)s”抽，%(strata)s，当天才对组员打开") % {
            "draw": name_of(scheme.draws, row.draw), "strata": CHOICES[row.strata],
        }  # fmt: skip
    else:
        yield _("去哪里事先定好，可以知道")
    yield _("被查的村当天%(hour)s点起看到自己的表，%(days)s天内可以提出异议") % {
        "hour": row.shown_hour, "days": row.object_days,
    }  # fmt: skip
