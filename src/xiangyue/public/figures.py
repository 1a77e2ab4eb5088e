"""A place's figure with its sum written out, so that anyone can do it again on a pocket calculator."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiangyue.rules.days import parse_period
from xiangyue.rules.numbers import show
from xiangyue.rules.settings import Component
from xiangyue.standings.models import Adjustment, Result
from xiangyue.standings.published import Figure


@dataclass(frozen=True, slots=True)
class SumPart:
    """A part of the sum."""

    name: str
    weight: int | None
    value: int | None
    why: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class SumStep:
    """What is added to or taken from the own figure afterwards."""

    sign: str
    value: int
    name: str
    why: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Sum:
    """A figure's sum, as `site/parts/sum.html` takes it."""

    parts: tuple[SumPart, ...]
    divisor: int
    result: int | None
    then: tuple[SumStep, ...] = field(default_factory=tuple)
    final: int | None = None
    why: str = ""


LEVEL_UNITS = {
    "household": gettext_lazy("户"),
    "village": gettext_lazy("个村"),
    "hamlet": gettext_lazy("个屯"),
    "township": gettext_lazy("个乡镇"),
}


def sum_of(figure: Figure) -> Sum | None:
    """The sum of a place's figure; None where it has no figure."""
    row = figure.result
    if row.own is None:
        return None
    months = figure.composite.mode == "months"
    parts = _months(row.parts) if months else _components(figure.composite.components, row.parts)
    present = [part for part in parts if part.value is not None]
    divisor = len(present) if months else sum(part.weight or 0 for part in present)
    then = _then(figure)
    why = _("每一步四舍五入到百分之一分；没有成绩的部分不参加计算。")
    return Sum(tuple(parts), divisor, row.own, then, row.result if then else None, why)


def _components(components: tuple[Component, ...], parts: list[list[Any]]) -> list[SumPart]:
    return [
        SumPart(component.name, component.weight, cell[0], _why(component, cell))
        for component, cell in zip(components, parts, strict=False)
    ]


def _why(component: Component, cell: list[Any]) -> str:
    value, n, total = cell[:3]
    source = component.source
    if source.kind == "children":
        unit = LEVEL_UNITS.get(source.level or "", _("个"))
        rated, due = (cell[3], cell[4]) if len(cell) > 4 else (n, n)
        if value is None:
            return _("%(rated)s/%(due)s%(unit)s有成绩，不到%(share)s%%，不计") % {
                "rated": rated, "due": due, "unit": unit, "share": source.share,
            }  # fmt: skip
        return _("%(rated)s/%(due)s%(unit)s有成绩，合计%(total)s÷%(n)s") % {
            "rated": rated, "due": due, "unit": unit, "total": show(total), "n": n,
        }  # fmt: skip
    if value is None:
        return _("本期没有检查，不计")
    if source.kind == "sheets" and source.take == "mean":
        return _("%(n)s次检查，合计%(total)s÷%(n)s") % {"n": n, "total": show(total)}
    taken = {"last": _("最后一次"), "min": _("最低一次"), "max": _("最高一次")}
    return _("%(n)s次检查，取%(which)s") % {"n": n, "which": taken.get(source.take, "")}


def _months(parts: list[list[Any]]) -> list[SumPart]:
    found = []
    for key, value, n in parts:
        why = _("%s次检查") % n if value is not None else _("未评，不计")
        found.append(SumPart(parse_period(key).name, None, value, why))
    return found


def _then(figure: Figure) -> tuple[SumStep, ...]:
    row = figure.result
    steps = []
    if row.paired is not None and row.own is not None and row.paired != row.own:
        steps.append(_step(row.paired - row.own, _("结对共评"), _pair_words(figure)))
    if row.adjustments:
        known = _adjustments(figure)
        if sum(one.amount for one in known) == row.adjustments:
            steps += [_step(one.amount, one.name, one.reason) for one in known]
        else:
            steps.append(_step(row.adjustments, _("加减分"), _("按方案加减，依据见公示")))
    return tuple(steps)


def _step(amount: int, name: str, why: str) -> SumStep:
    return SumStep("+" if amount > 0 else "−", abs(amount), name, why)


def _pair_words(figure: Figure) -> str:
    row = figure.result
    if row.partner is None:
        return ""
    other = Result.objects.filter(standing_id=row.standing_id, subject_id=row.partner_id).first()
    weight = figure.composite.pair_weight
    return _("与%(name)s结对：共评(%(own)s+%(other)s)÷2=%(joint)s，占%(weight)s%%，本级占%(rest)s%%，得%(paired)s") % {
        "name": row.partner.name,
        "own": show(row.own),
        "other": show(other.own if other else None),
        "joint": show(row.joint),
        "weight": weight,
        "rest": 100 - weight,
        "paired": show(row.paired),
    }


def _adjustments(figure: Figure) -> list[Adjustment]:
    """The adjustments that were on file when the edition was closed."""
    closed_at = figure.edition.closed_at
    return list(
        Adjustment.objects.filter(
            Q(withdrawn_at=None) | Q(withdrawn_at__gt=closed_at),
            period__closings=figure.edition.id,
            composite=figure.composite.code,
            subject_id=figure.result.subject_id,
            created_at__lte=closed_at,
        ).order_by("code")
    )
