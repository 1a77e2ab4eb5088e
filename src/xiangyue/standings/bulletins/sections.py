"""The sections of a bulletin: each fills itself from the chain of its month or from results in force, as words and tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiangyue.duties.dispatch_models import Dispatch, DispatchAsk
from xiangyue.duties.visits.dispatching import Rhythm
from xiangyue.places.models import Level
from xiangyue.problems.models import Problem
from xiangyue.standings.bulletins.chain import NOT_REAL, Chain, Figures
from xiangyue.standings.bulletins.results import Told, results_told

MOST_KINDS = 8
"""Kinds of problems that are told, the most frequent first."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a section; the first column names, the others are figures."""

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A section as it is printed."""

    code: str
    title: str
    words: tuple[str, ...]
    tables: tuple[Table, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """What is kept of it."""
        return asdict(self)


TITLES: dict[str, Any] = {
    "daily": gettext_lazy("日检查"),
    "dispatch": gettext_lazy("调度"),
    "problems": gettext_lazy("问题整改"),
    "ranking": gettext_lazy("考核排名"),
    "boards": gettext_lazy("红黑榜"),
}
"""The sections by code, in the order in which they stand."""


def sections_of(chain: Chain, today: date) -> tuple[Section, ...]:
    """All sections, filled; none names a household or a person."""
    results = results_told(chain.place, chain.span, today)
    fill: dict[str, Callable[[], Section]] = {
        "daily": lambda: _daily(chain), "dispatch": lambda: _dispatch(chain), "problems": lambda: _problems(chain),
        "ranking": lambda: _ranking(results), "boards": lambda: _boards(results),
    }  # fmt: skip
    return tuple(fill[code]() for code in TITLES)


def figures_of(chain: Chain) -> dict[str, Any]:
    """The figures that a bulletin stands on, for machines: the whole, and each village by its code."""
    return {
        "total": asdict(chain.total),
        "villages": {row.code: {"name": row.name, "close": row.close, **asdict(row.n)} for row in chain.rows},
        "meetings": [day.isoformat() for day in chain.meetings], "meetings_due": chain.meetings_due,
        "elsewhere": chain.elsewhere,
    }  # fmt: skip


type Line = tuple[str, Figures]


def _units(chain: Chain) -> list[Line]:
    """A county's townships, a township's villages; in the tree's order, for counts of records rank nobody."""
    if chain.place.level == Level.COUNTY:
        return [(fold.name, fold.total) for fold in chain.folds]
    return [
        (row.name if row.until is None else _("%(name)s（到%(m)s月%(d)s日）") % {
            "name": row.name, "m": row.until.month, "d": row.until.day,
        }, row.n)
        for row in chain.rows
    ]  # fmt: skip


def _unit_head(chain: Chain) -> str:
    return _("乡镇（街道）") if chain.place.level == Level.COUNTY else _("村（社区）")


def _section(code: str, words: Iterable[str], *tables: Table) -> Section:
    return Section(code, str(TITLES[code]), tuple(words), tables)


def _daily(chain: Chain) -> Section:
    n, rows = chain.total, chain.rows
    words = []
    if not n.checks:
        words.append(_("本月没有检查记录。"))
    else:
        words.append(
            _("%(places)s个村（社区）本月共有各类检查%(n)s次，其中%(bad)s次查出问题。")
            % {"places": len(rows), "n": n.checks, "bad": n.faulty}
        )
    owing = [row for row in rows if row.n.days_due]
    if owing:
        every = sum(row.n.missed == 0 for row in owing)
        words.append(
            _("%(name)s应查%(due)s村次，查了%(done)s村次；一天不漏的有%(every)s个村，有漏查的%(some)s个村。")
            % {
                "name": "、".join(chain.daily),
                "due": n.days_due,
                "done": n.days_done,
                "every": every,
                "some": len(owing) - every,
            }
        )
    elif rows and not chain.daily:
        words.append(_("方案没有规定每天的检查，下表只列检查次数。"))
    if chain.with_spots and n.spots:
        words.append(
            _("公共场所%(n)s处，本月查到%(seen)s处（下表列已查和共有处数）。") % {"n": n.spots, "seen": n.spots_checked}
        )
    heads = [_unit_head(chain)]
    heads += [_("应查天数"), _("检查天数")] if chain.daily else []
    heads += [_("检查次数"), _("有问题次数")]
    heads += [_("公共场所")] if chain.with_spots else []
    lines = [(name, *_daily_cells(chain, one)) for name, one in (*_units(chain), (_("合计"), n))]
    table = Table(_("各地检查情况（按区划顺序，不作排名）"), tuple(heads), tuple(lines))
    return _section("daily", words, *([table] if rows else []))


def _daily_cells(chain: Chain, one: Figures) -> tuple[str, ...]:
    cells = [f"{one.days_due}", f"{one.days_done}"] if chain.daily else []
    cells += [f"{one.checks}", f"{one.faulty}"]
    cells += [f"{one.spots_checked}/{one.spots}"] if chain.with_spots else []
    return tuple(cells)


def _dispatch(chain: Chain) -> Section:
    """The meetings by their days: what was decided is referred to, never copied, for minutes name people."""
    name = Rhythm(chain.every_days).name
    words = [
        _("%(name)s本月应开%(due)s次，开了%(n)s次。")
        % {"name": name, "due": chain.meetings_due, "n": len(chain.meetings)}
    ]
    rows = Dispatch.objects.filter(
        place=chain.place, held_on__gte=chain.span.starts_on, held_on__lte=chain.span.ends_on
    ).order_by("held_on")
    asks = DispatchAsk.objects.filter(dispatch__in=rows).exclude(state=DispatchAsk.State.DROPPED).order_by()
    by_state: dict[int, dict[str, int]] = {}
    for meeting, state, n in asks.values_list("dispatch", "state").annotate(n=Count("pk")):
        by_state.setdefault(meeting, {})[state] = n
    lines = []
    for row in rows:
        counts = by_state.get(row.pk, {})
        day = _("%(m)s月%(d)s日调度会") % {"m": row.held_on.month, "d": row.held_on.day}
        done = counts.get(DispatchAsk.State.DONE, 0)
        lines.append((day, f"{sum(counts.values())}", f"{done}", _("有") if row.minutes else _("没有")))
    if lines:
        all_asked, all_done = (sum(int(line[at]) for line in lines) for at in (1, 2))
        words.append(
            _("会上共交办%(n)s件，已办结%(done)s件；决定事项见各次会议纪要。") % {"n": all_asked, "done": all_done}
        )
    if chain.place.level == Level.COUNTY:
        words.append(_("各乡镇（街道）自己开了%s次。") % sum(fold.held for fold in chain.folds))
    table = Table(_("本级调度会"), (_("会议"), _("交办（件）"), _("已办结（件）"), _("会议纪要")), tuple(lines))
    return _section("dispatch", words, *([table] if lines else []))


def _problems(chain: Chain) -> Section:
    n = chain.total
    words = [
        _("本月新发现问题%(opened)s件，整改%(mended)s件，销号%(closed)s件；到月底逾期没有整改的%(overdue)s件。")
        % {"opened": n.opened, "mended": n.mended, "closed": n.closed, "overdue": n.overdue}
    ]
    if chain.elsewhere:
        words.append(_("另有%s件不在村里，由本级办理。") % chain.elsewhere)
    heads = (_unit_head(chain), _("新发现"), _("整改"), _("销号"), _("月底逾期"))
    lines = [
        (name, f"{one.opened}", f"{one.mended}", f"{one.closed}", f"{one.overdue}")
        for name, one in (*_units(chain), (_("合计"), n))
    ]
    tables = [Table(_("各地问题整改情况（件，按区划顺序，不作排名）"), heads, tuple(lines))] if chain.rows else []
    kinds = _kinds(chain)
    if kinds:
        tables.append(Table(_("新发现的问题，按种类"), (_("种类"), _("件数")), tuple(kinds)))
    return _section("problems", words, *tables)


def _kinds(chain: Chain) -> list[tuple[str, str]]:
    rows = Problem.objects.below(chain.place.path).exclude(state__in=NOT_REAL)
    rows = rows.filter(reported_on__gte=chain.span.starts_on, reported_on__lte=chain.span.ends_on).order_by()
    told = sorted(rows.values_list("kind_name").annotate(n=Count("pk")), key=lambda pair: (-pair[1], pair[0]))
    return [(name, f"{n}") for name, n in told[:MOST_KINDS]]


def _ranking(results: Told) -> Section:
    words = list(results.missing)
    tables = [Table(one.title, (_("名称"), _("名次"), _("得分")), one.rows) for one in results.rankings]
    words += [one.note for one in results.rankings if one.note]
    return _section("ranking", words, *tables)


def _boards(results: Told) -> Section:
    words = list(results.missing)
    for board in results.boards:
        words.append(board.words)
    words += results.households
    if not words:
        words = [_("本月没有生效的红黑榜。")]
    return _section("boards", words)
