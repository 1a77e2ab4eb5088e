"""Kinds of problems in sentences."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from xiangyue.agreements.words import level_words, name_of
from xiangyue.rules import settings as s

TIERS = {"household": "农户本人", "village": "村", "township": "乡镇", "county": "县", "supervisor": "督导组"}


def problem_words(row: s.ProblemKind, scheme: s.Scheme) -> Iterator[str]:
    """How long it may take, who says that it is mended, where it goes when it is not, and the second look."""
    yield _("发现后%s天内整改好") % row.days
    if row.levels:
        yield _("记在%s上") % "、".join(level_words(level) for level in row.levels)
    who = "、".join(TIERS[one] for one in row.verifiers)
    closing = _("核实后即销号") if row.closes == "verified" else _("核实后由上级销号")
    yield _("整改的人自己不核实；由%(who)s核实，%(closing)s") % {"who": who, "closing": closing}
    for step in row.escalations:
        yield _("逾期%(n)s天报到%(to)s") % {"n": step.after, "to": TIERS[step.to]}
    if row.look_weeks:
        yield _("销号%(weeks)s周后回头看，每个乡镇每月抽%(share)s%%，至少一件") % {
            "weeks": row.look_weeks, "share": row.look_share,
        }  # fmt: skip
    if row.check_kinds:
        kinds = "、".join(name_of(scheme.check_kinds, code) for code in row.check_kinds)
        yield _("%(kinds)s查出%(faults)s的，自动列为问题") % {"kinds": kinds, "faults": "、".join(row.faults)}
    if row.wishes:
        yield _("包保人自己办不了的诉求列在这里")
