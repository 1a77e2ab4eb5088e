"""The burden account (domain.md 5.1): what a scheme asks of its cadres and villages, against its caps, and on paper."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from .findings import Finding
from .numbers import half_up
from .settings import CheckKind, Every, Layer, Scheme

OPEN = 15
"""Seconds to open a form and send it; with those below an assumption, until forms have measured themselves."""
DOOR = 3
"""Seconds for a household in a round: most are one tap for all, a few have faults."""
ITEM = 4
"""Seconds for an item of a sheet."""
PAPER_DOOR, PAPER_ITEM, PAPER_SHEET = 20, 8, 120
"""On paper: seconds to write a household's line, an item, and to copy a sheet into the month's summary."""
ROW = 10
"""Seconds to type a row of a workbook: it is filled in elsewhere and can't measure itself."""
DAYS: dict[Every, int] = {"day": 1, "week": 7, "half_month": 15, "month": 30, "quarter": 91}
WEEK = 7
USUAL_DOORS = 15
AT_HOME = frozenset({"member", "committee_member", "village_secretary", "volunteer", "group_leader"})
"""Posts of those who are asked for a form as people of the village."""


@dataclass(frozen=True, slots=True)
class Ask:
    """What a scheme asks of one bearer of a layer by one form, in seconds a week."""

    layer: str
    form: str
    name: str
    seconds: int
    why: str


class Form(NamedTuple):
    """How often a form was sent, and over how many lines (households of a round, items of a sheet)."""

    code: str
    n: int
    lines: int
    is_round: bool


class Received(NamedTuple):
    """What a village received in a month."""

    village: str
    inspections: int
    visits: int = 0
    forms: int = 0


def asked(scheme: Scheme, doors: Mapping[str, int]) -> tuple[Ask, ...]:
    """What each layer's bearers are asked for, by form; `doors`: targets of a bearer on average (per layer)."""
    layers = {layer.code: layer for layer in scheme.layers}
    return tuple(
        _ask(scheme, kind, layers[code], doors.get(code, 1))
        for kind in scheme.check_kinds
        for code in kind.layers
        if code in layers
    )


def usual_doors(scheme: Scheme) -> dict[str, int]:
    """Layer → targets of a bearer where no duties are on file yet: the layer's limit, else 15 households or one place."""
    return {
        layer.code: layer.per_bearer or (USUAL_DOORS if layer.target == "household" else 1) for layer in scheme.layers
    }


def minutes(asks: Iterable[Ask]) -> dict[str, int]:
    """Layer → minutes of entry a week for one of its bearers, rounded half up once."""
    seconds: dict[str, int] = {}
    for ask in asks:
        seconds[ask.layer] = seconds.get(ask.layer, 0) + ask.seconds
    return {layer: half_up(total, 60) for layer, total in seconds.items()}


def forms_asked(scheme: Scheme) -> tuple[str, ...]:
    """Names of the forms that a village's own people are asked for: rounds, sheets and numbers without an owner above."""
    layers = {layer.code: layer for layer in scheme.layers}
    rounds = [
        kind.name
        for kind in scheme.check_kinds
        if any(AT_HOME & set(layers[code].posts) for code in kind.layers if code in layers)
    ]
    return (*rounds, *(row.name for row in scheme.indicators if row.level == "village" and not row.owner))


def scheme_over(scheme: Scheme, doors: Mapping[str, int]) -> tuple[Finding, ...]:
    """Why a scheme asks for more than its caps allow, each with the mend; none: it may be published."""
    found: list[Finding] = []
    cap = scheme.burden
    if cap.minutes_week:
        names = {layer.code: layer.name for layer in scheme.layers}
        for layer, n in sorted(minutes(asked(scheme, doors)).items()):
            if n > cap.minutes_week:
                words = f"“{names[layer]}”每人每周要录入约 {n} 分钟，超过上限 {cap.minutes_week} 分钟。请放宽频次、减少每人户数，或把表缩短。"
                found.append(Finding("minutes-over", layer, words))
    forms = forms_asked(scheme)
    if cap.forms_month and len(forms) > cap.forms_month:
        listed = "、".join(forms)
        words = f"要村里填 {len(forms)} 种表（{listed}），超过上限 {cap.forms_month} 种。请合并或交给上级单位填。"
        found.append(Finding("forms-over", "", words))
    return tuple(found)


def received_over(received: Iterable[Received], scheme: Scheme) -> tuple[Finding, ...]:
    """The villages over a cap in a month, each with the mend."""
    cap = scheme.burden
    found: list[Finding] = []
    for row in sorted(received):
        for what, n, most in (
            ("检查", row.inspections, cap.inspections_month),
            ("走访", row.visits, cap.visits_month),
            ("报表", row.forms, cap.forms_month),
        ):
            if 0 < most < n:
                words = f"当月{what} {n} 次，超过上限 {most} 次。请合并、改期或取消。"
                found.append(Finding("received-over", row.village, words))
    return tuple(found)


def on_paper(forms: Iterable[Form]) -> int:
    """Seconds that the same forms would take on paper, by the assumptions of this page."""
    return sum(form.lines * (PAPER_DOOR if form.is_round else PAPER_ITEM) + form.n * PAPER_SHEET for form in forms)


def _ask(scheme: Scheme, kind: CheckKind, layer: Layer, doors: int) -> Ask:
    each = _round(scheme, kind, doors)
    if layer.cadence is None:
        return Ask(layer.code, kind.code, kind.name, 0, f"{kind.name}：没有规定频次")
    days = DAYS[layer.cadence.every]
    seconds = half_up(each * layer.cadence.times * WEEK, days)
    words = (
        f"{kind.name}：每次约 {each} 秒（{doors} 个对象），每 {days} 天 {layer.cadence.times} 次，每周约 {seconds} 秒"
    )
    return Ask(layer.code, kind.code, kind.name, seconds, words)


def _round(scheme: Scheme, kind: CheckKind, doors: int) -> int:
    """Seconds for all of a bearer's targets once."""
    if kind.subject == "household":
        return OPEN + DOOR * doors
    return doors * (OPEN + ITEM * len(scheme.standard(kind.standard).items))
