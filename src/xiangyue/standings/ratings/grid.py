"""What the pages of indicators show and read: the overview of a period, and the grid of a township's villages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _

from xiangyue.base.pages import Request
from xiangyue.desk.shapes import Cell, Empty, Head, Line, Table
from xiangyue.places.folding import by_township
from xiangyue.places.models import Place
from xiangyue.rules.component import LEVEL_NAMES
from xiangyue.rules.days import Span, parse_period, period_of, previous
from xiangyue.rules.numbers import legend
from xiangyue.rules.settings import Indicator, Scheme
from xiangyue.standings.actions.indicators import Entry
from xiangyue.standings.ratings.access import SchemeOn, may_enter, organisation_of
from xiangyue.standings.ratings.indicators import classes_asked, entered
from xiangyue.standings.ratings.models import IndicatorNumber
from xiangyue.standings.ratings.number_reading import plain, read_number
from xiangyue.standings.views.shown import at

BELOW = {"county": "township", "township": "village", "village": "household"}
MOST_PLACES = 400
"""Rows of a grid; more are for a workbook."""


@dataclass(frozen=True, slots=True)
class GridCell:
    """One number to be typed."""

    name: str
    value: str
    seen: int
    stands: bool
    """Whether the number shown stands on from an earlier period."""
    writable: bool


@dataclass(frozen=True, slots=True)
class GridRow:
    """One place and its cells."""

    place: Place
    cells: tuple[GridCell, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """A set of columns that can be chosen."""

    value: str
    label: str
    chosen: bool


@dataclass(slots=True)
class Grid:
    """The grid of one set of indicators and the places below one."""

    home: SchemeOn
    span: Span
    above: Place
    level: str
    indicators: list[Indicator]
    rows: list[GridRow] = field(default_factory=list)
    groups: list[Choice] = field(default_factory=list)
    places: list[Choice] = field(default_factory=list)
    group: str = ""
    n_more: int = 0

    @property
    def parts(self) -> list[tuple[str, list[GridRow], bool]]:
        """The rows by township, each with whether it stands open: more than a screen of villages is folded."""
        name = {row.place.pk: row.place.township.name if row.place.township else "" for row in self.rows}
        held = by_township(self.rows, lambda row: name[row.place.pk])
        if self.level == "township" or len(held) == 1:
            return [("", self.rows, True)] if self.rows else []
        return [(one.township, one.rows, one.opened) for one in held]

    @property
    def columns(self) -> list[tuple[Indicator, list[str]]]:
        """Each indicator with the words of its states."""
        return [(indicator, list(legend(indicator.unit).values())) for indicator in self.indicators]


def groups_of(scheme: Scheme, kind: str) -> dict[str, tuple[str, list[Indicator]]]:
    """Key → (label, indicators entered in periods of that kind): by a rating's domain, else by who answers for them."""
    known = {row.code: row for row in scheme.indicators if row.counted is None and row.period == kind}
    found: dict[str, tuple[str, list[Indicator]]] = {}
    placed: set[str] = set()
    for rating in scheme.ratings:
        for domain in rating.domains:
            codes = [row.indicator for row in domain.thresholds if row.indicator in known]
            if codes:
                held = [known[code] for code in dict.fromkeys(codes)]
                found[f"{rating.code}.{domain.code}"] = (f"{rating.name}·{domain.name}", held)
                placed |= set(codes)
    for code, row in known.items():
        if code not in placed:
            key = f"{row.level}.{row.owner or 'office'}"
            label = f"{LEVEL_NAMES[row.level]}指标·{row.owner or _('办公室')}"
            found.setdefault(key, (label, []))[1].append(row)
    return found


def grid_of(request: Request, home: SchemeOn, span: Span, above: Place) -> Grid:
    """The grid that was asked for, with what stands on file."""
    groups = groups_of(home.scheme, span.kind)
    own = organisation_of(request.scope)
    mine = {
        key: pair for key, pair in groups.items() if any(may_enter(request.scope, i, above.path, own) for i in pair[1])
    }
    asked = request.GET.get("group", "")
    group = asked if asked in mine else next(iter(mine), "")
    held = mine[group][1] if group else []
    level = held[0].level if held else BELOW.get(above.level, "village")
    grid = Grid(home, span, above, level, [row for row in held if row.level == level], group=group)
    grid.groups = [Choice(key, label, key == group) for key, (label, _held) in mine.items()]
    grid.places = _places(home, above, level)
    rows = Place.objects.live(span.ends_on).below(above.path).of(level).order_by("path")
    asked_of = [classes_asked(home.scheme, indicator) for indicator in grid.indicators]
    if asked_of and all(asked_of):
        rows = rows.filter(place_class__in={one for classes in asked_of for one in classes})
    places = list(rows.select_related("township")[: MOST_PLACES + 1])
    grid.n_more = max(0, len(places) - MOST_PLACES)
    grid.rows = _rows(request, grid, places[:MOST_PLACES], own)
    return grid


def _places(home: SchemeOn, above: Place, level: str) -> list[Choice]:
    """The places whose grid can be chosen: townships for villages, the ground itself for townships."""
    if level in ("county", "township"):
        return []
    rows = Place.objects.filter(path__startswith=home.ground.path, to_on=None)
    rows = rows.of("township" if level == "village" else "village").order_by("path")
    return [Choice(row.code, row.name, row.pk == above.pk) for row in rows[:600]]


def _rows(request: Request, grid: Grid, places: Sequence[Place], own: tuple[str, str]) -> list[GridRow]:
    figures = entered(grid.home.facts_ground, grid.home.scheme.code, grid.indicators, grid.span)
    codes = [row.code for row in grid.indicators]
    pks = [held.entry for by_code in figures.values() for held in by_code.values() if held.entry is not None]
    known: dict[int, tuple[int, str]] = {}
    for start in range(0, len(pks), 800):
        held_rows = IndicatorNumber.objects.filter(pk__in=pks[start : start + 800])
        known |= {pk: (version, key) for pk, version, key in held_rows.values_list("pk", "version", "key")}
    found = []
    for place in places:
        cells = []
        for indicator in grid.indicators:
            held = figures[indicator.code].get(place.code)
            version, key = known.get(held.entry or 0, (0, "")) if held else (0, "")
            stands = bool(held) and key != grid.span.key
            may = may_enter(request.scope, indicator, place.path, own)
            value = plain(held.number, indicator) if held else ""
            cells.append(
                GridCell(f"n-{place.pk}-{codes.index(indicator.code)}", value, 0 if stands else version, stands, may)
            )
        found.append(GridRow(place, tuple(cells)))
    return found


def read_entries(request: Request, grid: Grid) -> tuple[list[Entry], dict[str, str]]:
    """What was typed: the entries that differ from what stood there, and errors by cell; the grid keeps the typing."""
    source, document = request.POST.get("source", "").strip(), request.POST.get("document", "").strip()
    entries: list[Entry] = []
    errors: dict[str, str] = {}
    rows = []
    for row in grid.rows:
        cells = []
        for cell, indicator in zip(row.cells, grid.indicators, strict=True):
            typed = request.POST.get(cell.name, cell.value).strip()
            cells.append(GridCell(cell.name, typed, cell.seen, cell.stands, cell.writable))
            if typed == cell.value or not cell.writable:
                continue
            try:
                number = read_number(typed, indicator) if typed else None
            except ValueError as error:
                errors[cell.name] = f"{row.place.name}：{error}"
                continue
            seen = request.POST.get(cell.name.replace("n-", "s-", 1), "")
            entries.append(
                Entry(row.place.pk, row.place.path, row.place.name, indicator, number, source, document,
                      int(seen) if seen.isdigit() else None)
            )  # fmt: skip
        rows.append(GridRow(row.place, tuple(cells)))
    if errors:
        grid.rows = rows
    return entries, errors


def overview_of(request: Request, homes: Sequence[SchemeOn], today: date) -> dict[str, Any]:
    """One table a scheme: each indicator with its level, unit, source, owner and how many numbers are in."""
    tables = []
    for home in homes:
        kinds = list(dict.fromkeys(row.period for row in home.scheme.indicators))
        for kind in kinds:
            span = _span(request.GET.get("key", ""), kind, today)
            tables.append(
                (home, span, _overview(request, home, span), previous(span).key, _grid_url(request, home, span))
            )
    return {"tables": tables, "ground_name": homes[0].ground.name if homes else ""}


def _span(key: str, kind: Any, today: date) -> Span:
    try:
        span = parse_period(key)
    except ValueError:
        return period_of(kind, today)
    return span if span.kind == kind else period_of(kind, span.ends_on)


def _grid_url(request: Request, home: SchemeOn, span: Span) -> str:
    """The way into the grid: the actor's own township where it holds one, else the ground."""
    from xiangyue.standings.ratings.access import ENTERS

    for path in request.scope.paths(ENTERS):
        if path.startswith(home.ground.path):
            return at("indicator_grid", home.ground.code, home.scheme.code, span.key, path.split("/")[-2])
        if home.ground.path.startswith(path):
            first = Place.objects.filter(path__startswith=home.ground.path, level="township", to_on=None)
            code = first.order_by("path").values_list("code", flat=True).first()
            return at("indicator_grid", home.ground.code, home.scheme.code, span.key, code or home.ground.code)
    return ""


def _overview(request: Request, home: SchemeOn, span: Span) -> Table:
    rows = [row for row in home.scheme.indicators if row.period == span.kind]
    figures = entered(home.facts_ground, home.scheme.code, [row for row in rows if row.counted is None], span)
    live = Place.objects.live(span.ends_on).below(home.ground.path)
    counts = live.order_by().values_list("level", "place_class").annotate(n=Count("pk"))
    due = {(level, one): n for level, one, n in counts}
    lines = []
    for row in rows:
        n = len(figures.get(row.code, {}))
        classes = classes_asked(home.scheme, row)
        whole = sum(n for (level, one), n in due.items() if level == row.level and (not classes or one in classes))
        told = Cell(_("系统取数"), state="covered") if row.counted else (
            Cell(n, unit=f"/{whole}") if n >= whole else Cell(n, unit=f"/{whole}", note=_("缺 %s") % (whole - n))
        )  # fmt: skip
        lines.append(
            Line([
                Cell(row.name), Cell(LEVEL_NAMES[row.level]), Cell("、".join(legend(row.unit).values()) or row.unit),
                Cell(told.value, unit=told.unit, note=told.note, state=told.state), Cell(row.source), Cell(row.owner or "—"),
                Cell(_("沿用") if row.stands else _("每期")),
            ])
        )  # fmt: skip
    heads = [Head(_("指标")), Head(_("层级")), Head(_("单位")), Head(_("已填"), "number"), Head(_("数据来源")),
             Head(_("责任单位")), Head(_("填报"), "number")]  # fmt: skip
    return Table(f"{home.scheme.name} {span.name}", heads, lines, Empty(_("方案里没有指标")))
