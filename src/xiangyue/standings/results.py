"""The results of a closing as plain tables: for the command line, for Excel, for other programs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from xiangyue.agreements.in_force import scheme_of
from xiangyue.base.problems import Problem
from xiangyue.rules.numbers import show
from xiangyue.rules.settings import Composite
from xiangyue.standings import problems
from xiangyue.standings.facts import version_name
from xiangyue.standings.models import Closing, Period, Standing
from xiangyue.standings.totals import fetch

LEAD = (
    "ground", "scheme_version", "period", "version", "composite", "code", "name", "category", "group", "own", "joint",
    "paired", "adjustments", "result", "rank", "board", "pair", "checks", "why",
)  # fmt: skip
HEADINGS = {
    "ground": "辖区", "scheme_version": "方案版本", "period": "考核期", "version": "版本", "composite": "考核",
    "code": "编码", "name": "名称", "category": "类别", "group": "比较范围", "own": "本级得分", "joint": "结对共评",
    "paired": "结对后", "adjustments": "加减分", "result": "考核结果", "rank": "名次", "board": "红黑榜", "pair": "结对方",
    "checks": "检查次数", "why": "未评原因",
}  # fmt: skip
SCORES = frozenset({"own", "joint", "paired", "adjustments", "result"})


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of one composite in one closing; scores are written with two decimals."""

    closing: Closing
    standing: Standing
    columns: tuple[str, ...]
    composite: Composite

    @property
    def headings(self) -> list[str]:
        """The columns' Chinese headings."""
        parts = dict(_parts(self.composite, self.months))
        return [HEADINGS.get(column) or parts[column] for column in self.columns]

    @property
    def months(self) -> list[str]:
        """The months that a longer period's result may be made of."""
        from xiangyue.rules.days import months_of, parse_period

        return [month.key for month in months_of(parse_period(self.closing.period.key))]

    def rows(self) -> Iterator[dict[str, Any]]:
        """One row a subject, by code."""
        lead = self._lead()
        for (
            code,
            name,
            category,
            group,
            own,
            joint,
            paired,
            added,
            result,
            rank,
            board,
            pair,
            checks,
            why,
            parts,
        ) in _rows(self.standing.pk):
            figures = (own, joint, paired, added, result)
            row: dict[str, Any] = {**lead, "code": code, "name": name, "category": category, "group": group}
            row |= dict(zip(("own", "joint", "paired", "adjustments", "result"), map(_score, figures), strict=True))
            row |= {"rank": rank, "board": board, "pair": pair or "", "checks": checks, "why": why}
            row |= self._components(parts)
            yield row

    def _lead(self) -> dict[str, Any]:
        scheme = scheme_of(self.closing.scheme_version)
        return {
            "ground": self.closing.period.ground.code,
            "scheme_version": version_name(scheme, self.closing.scheme_version.version),
            "period": self.closing.period.key,
            "version": self.closing.version,
            "composite": self.standing.composite,
        }

    def _components(self, held: Any) -> dict[str, Any]:
        parts = json.loads(held) if isinstance(held, str) else held
        if self.composite.mode == "months":
            by_month = {month: result for month, result, _ in parts}
            return {month: _score(by_month.get(month)) for month in self.months}
        cells: dict[str, Any] = {}
        for component, part in zip(self.composite.components, parts, strict=False):
            cells[component.code] = _score(part[0])
            cells[f"{component.code}_weight"] = component.weight
            cells[f"{component.code}_n"] = part[1]
            cells[f"{component.code}_total"] = _score(part[2]) if component.source.kind != "indicator" else part[2]
        return cells


def tables(
    ground_id: int, key: str, *, scheme: str = "", composite: str = "", version: int | None = None
) -> list[Table]:
    """The tables of a closing: the newest version, or the one asked for; Problem when there is none."""
    rows = Period.objects.filter(ground=ground_id, key=key).select_related("ground")
    period = (rows.filter(scheme=scheme) if scheme else rows).first()
    held = period.closings.select_related("scheme_version", "period__ground") if period else Closing.objects.none()
    closing = (held.filter(version=version) if version else held).order_by("-version").first()
    if closing is None:
        raise Problem(problems.NOT_CLOSED, name=key)
    found = scheme_of(closing.scheme_version)
    standings = closing.standings.order_by("id")
    if composite:
        standings = standings.filter(composite=composite)
        if not standings:
            raise Problem(problems.NO_COMPOSITE, scheme=found.name, key=f"{key} {composite}")
    made = []
    for standing in standings:
        what = found.composite(standing.composite)
        table = Table(closing, standing, (), what)
        columns = (*LEAD, *(column for column, _ in _parts(what, table.months)))
        made.append(Table(closing, standing, columns, what))
    return made


def _parts(composite: Composite, months: list[str]) -> list[tuple[str, str]]:
    """(Column, heading) of the components; a months composite has its months."""
    if composite.mode == "months":
        return [(month, month) for month in months]
    found = []
    for component in composite.components:
        found += [
            (component.code, component.name),
            (f"{component.code}_weight", f"{component.name}（权重）"),
            (f"{component.code}_n", f"{component.name}（个数）"),
            (f"{component.code}_total", f"{component.name}（合计）"),
        ]
    return found


def _score(value: int | None) -> str:
    return "" if value is None else show(value)


def _rows(standing: int) -> list[tuple[Any, ...]]:
    return fetch(
        "SELECT p.code, p.name, r.category, r.group_code, r.own, r.joint, r.paired, r.adjustments, r.result, r.rank,"
        " r.board, q.code, r.n_checks, r.why, r.parts FROM standings_result r"
        " JOIN places_place p ON p.id = r.subject_id LEFT JOIN places_place q ON q.id = r.partner_id"
        " WHERE r.standing_id = %s ORDER BY p.code",
        [standing],
    )
