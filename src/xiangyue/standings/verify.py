"""Recomputes a closing from the records it was closed on and compares: digests, figures, boards."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from xiangyue.base.jobs import Progress, work
from xiangyue.rules.closing import ClosedComposite, Row, digest
from xiangyue.rules.numbers import show
from xiangyue.standings.actions.closing import Worked, worked_again
from xiangyue.standings.facts import version_name
from xiangyue.standings.models import Closing, Period, Standing
from xiangyue.standings.totals import fetch

SHOWN = 20
"""Differences told one by one for a composite; more are counted."""
NAMES = ("类别", "本级得分", "结对后", "加减分", "考核结果", "名次", "榜")
PLACES = (1, 3, 5, 6, 7, 8, 9)


@dataclass(frozen=True, slots=True)
class Difference:
    """One figure that is not what the records give."""

    period: str
    version: int
    composite: str
    words: str

    def __str__(self) -> str:
        return f"{self.period} 第{self.version}版 {self.composite}：{self.words}"


def closings_to_verify(ground_id: int | None = None, key: str = "") -> list[Closing]:
    """The closings of a ground and period (of all), oldest first."""
    rows = Closing.objects.select_related("period__ground", "scheme_version")
    if ground_id is not None:
        rows = rows.filter(period__ground=ground_id)
    if key:
        rows = rows.filter(period__key=key)
    return list(rows.order_by("period__ground__code", "period__starts_on", "period__kind", "version"))


def verify(closing: Closing) -> list[Difference]:
    """Every difference between what is stored and what the records give; none when all is well."""
    worked = worked_again(closing)
    stored = {row.composite: row for row in Standing.objects.filter(closing=closing)}
    found: list[Difference] = []

    def tell(composite: str, words: str) -> None:
        found.append(Difference(closing.period.key, closing.version, composite, words))

    for composite in worked.closed.composites:
        standing = stored.pop(composite.code, None)
        if standing is None:
            tell(composite.name, "没有存下这项考核的结果。")
            continue
        for words in _compare(worked, composite, standing):
            tell(composite.name, words)
    for standing in stored.values():
        tell(standing.name, "方案里没有这项考核。")
    return found


def _compare(worked: Worked, composite: ClosedComposite, standing: Standing) -> Iterable[str]:
    rows = rows_of(standing.pk)
    ground, span = worked.asked.ground.code, worked.asked.span
    scheme = version_name(worked.scheme, worked.version.version)
    if composite.digest != standing.digest:
        yield f"摘要不符：存的是 {standing.digest[:12]}…，按记录重算是 {composite.digest[:12]}…。"
    if digest(ground, scheme, span.key, rows) != standing.digest:
        yield "存下的成绩与它自己的摘要不符，成绩被改动过。"
    yield from _differences(composite.rows, rows)
    yield from _boards(composite, standing)


def _differences(expected: Iterable[Row], stored: Iterable[Row]) -> Iterable[str]:
    by_code = {row.code: row for row in stored}
    n = 0
    for row in expected:
        other = by_code.pop(row.code, None)
        for words in [f"{row.code} 没有存下。"] if other is None else _of_row(row, other):
            n += 1
            if n <= SHOWN:
                yield words
    for code in by_code:
        n += 1
        if n <= SHOWN:
            yield f"{code} 按记录不该有。"
    if n > SHOWN:
        yield f"另有 {n - SHOWN} 处不符。"


def _of_row(row: Row, other: Row) -> Iterable[str]:
    for name, place in zip(NAMES, PLACES, strict=True):
        right, held = row[place], other[place]
        if right != held:
            yield f"{row.code} 的{name}存的是 {_said(held, place)}，按记录是 {_said(right, place)}。"


def _said(value: Any, place: int) -> str:
    if value is None or value == "":
        return "空"
    return show(value) if place in (3, 5, 6, 7) else str(value)


def _boards(composite: ClosedComposite, standing: Standing) -> Iterable[str]:
    stored = {
        (board, group, category, side, code)
        for board, group, category, side, code in standing.boards.values_list(
            "board", "group__code", "category", "entries__side", "entries__subject__code"
        )
        if code
    }
    expected = {
        (draw.board, draw.group, draw.category, side, code)
        for draw in composite.boards
        for side, codes in (("red", draw.drawn_red), ("black", draw.drawn_black))
        for code in codes
    }
    for row in sorted(expected ^ stored)[:SHOWN]:
        side = "红榜" if row[3] == "red" else "黑榜"
        yield f"{row[4]} {'没有存在' if row in expected else '按记录不该在'}{side}上。"


def rows_of(standing_id: int) -> list[Row]:
    """The stored rows of a standing in the rules' form."""
    return [
        Row(*row)
        for row in fetch(
            "SELECT p.code, r.category, r.group_code, r.own, r.joint, r.paired, r.adjustments, r.result, r.rank,"
            " r.board, r.n_checks FROM standings_result r JOIN places_place p ON p.id = r.subject_id"
            " WHERE r.standing_id = %s",
            [standing_id],
        )
    ]


@work("standings.verify")
def verify_job(progress: Progress, args: dict[str, Any]) -> dict[str, Any]:
    """Verify the closings of one period; the result lists what differs."""
    period = Period.objects.get(pk=args["period"])
    closings = closings_to_verify(period.ground_id, period.key)
    told: list[str] = []
    for n, closing in enumerate(closings):
        progress.say(n, len(closings), _("正在核验第%s版") % closing.version)
        told += [str(row) for row in verify(closing)]
    progress.say(len(closings), len(closings), _("有不符") if told else _("全部相符"))
    return {"differences": told, "versions": [closing.version for closing in closings]}
