"""What the pages of ratings show, put together for their templates."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Max, Q, Sum
from django.utils.translation import gettext as _

from xiangyue.agreements.goal_models import Target
from xiangyue.base.pages import Request
from xiangyue.desk.shapes import Cell, Empty, Head, Line, Table
from xiangyue.places.models import Place
from xiangyue.rules.days import Span, parse_period, period_of, previous
from xiangyue.rules.domains import Met, judge
from xiangyue.rules.numbers import show, told
from xiangyue.rules.settings import Rating, Threshold
from xiangyue.standings.access import INSIDE
from xiangyue.standings.facts import closings_of
from xiangyue.standings.ratings.access import SchemeOn
from xiangyue.standings.ratings.indicators import span_of
from xiangyue.standings.ratings.models import EstablishedViolation, IndicatorNumber, StarLine, StarRating, StarRow
from xiangyue.standings.ratings.rating import AskedRating, WorkedRating, asked_of
from xiangyue.standings.ratings.violations import kinds_of
from xiangyue.standings.views.shown import at, cut, score

SHOWN = 60


def stars_words(stars: int | None) -> str:
    """★★★ with the number in words; none, unrated."""
    return _("未评") if stars is None else f"{'★' * stars}{chr(160) if stars else ''}{stars}\u00a0{_('星')}"


def state_words(row: StarRating) -> str:
    """Where a rating stands, in its own words: a version that was given is not a month that was closed."""
    return str(StarRating.State(row.state).label)


def list_of(homes: Iterable[SchemeOn], today: date, may: Callable[[SchemeOn], bool]) -> list[Table]:
    """A table for each rating: its periods, how many have how many stars, what comes next."""
    homes = list(homes)
    grounds = [home.ground.pk for home in homes]
    newest = (
        StarRating.objects.filter(ground__in=grounds).values("ground", "scheme", "code", "key").annotate(last=Max("pk"))
    )
    rows = StarRating.objects.filter(pk__in=[row["last"] for row in newest]).select_related("closing")
    held: dict[tuple[int, str, str], list[StarRating]] = {}
    for row in rows.order_by("-key"):
        held.setdefault((row.ground_id, row.scheme, row.code), []).append(row)
    counts = _counts([row.pk for rows in held.values() for row in rows])
    found = []
    for home in homes:
        mine = [held.get((home.ground.pk, home.scheme.code, rating.code), []) for rating in home.scheme.ratings]
        keys = sorted({row.key for rows in mine for row in rows})
        closings = closings_of(home.ground.pk, home.scheme.code, keys) if keys else {}
        stale = {row.pk for rows in mine for row in rows if row.closing_id and closings.get(row.key) != row.closing_id}
        for rating, given in zip(home.scheme.ratings, mine, strict=True):
            found.append(_periods(home, rating, given, counts, stale, today, may(home)))
    return found


def _counts(ratings: Sequence[int]) -> dict[int, list[tuple[int, int]]]:
    """Rating → (stars, how many), top down."""
    found: dict[int, list[tuple[int, int]]] = {}
    rows = StarLine.objects.filter(rating__in=ratings).values("rating", "stars").annotate(total=Sum("n"))
    for row in rows.order_by("rating", "-stars"):
        found.setdefault(row["rating"], []).append((row["stars"], row["total"]))
    return found


def _periods(
    home: SchemeOn, rating: Rating, rows: list[StarRating], counts: dict[int, list[tuple[int, int]]], stale: set[int],
    today: date,
    may: bool,
) -> Table:  # fmt: skip
    running = period_of(rating.period, today)
    done = {row.key for row in rows}
    assert home.version.from_on is not None
    pending = [span for span in (running, previous(running)) if span.key not in done]
    lines = [_pending(home, rating, span, today, may) for span in pending if span.ends_on >= home.version.from_on]
    columns = [Head(_("考核期")), Head(_("状态")), Head(_("星级分布")), Head(_("未评"), "number"), Head(_("下一步"))]
    lines += [_given(home, row, counts.get(row.pk, []), may, is_stale=row.pk in stale) for row in rows]
    title = f"{home.ground.name} · {rating.name}"
    return Table(title, columns, lines, Empty(_("还没有评定过")))


def _pending(home: SchemeOn, rating: Rating, span: Span, today: date, may: bool) -> Line:
    url = at("rate", home.ground.code, home.scheme.code, rating.code, span.key) if may else ""
    running = span.ends_on >= today
    state = Cell(_("进行中"), state="open") if running else Cell(_("待评定"), state="due")
    act = Cell(_("试评一遍") if running else _("去评定"), url) if url else Cell(_("等县办公室评定"))
    return Line([Cell(span.name), state, Cell("—"), Cell("—"), act])


def _given(home: SchemeOn, row: StarRating, counts: list[tuple[int, int]], may: bool, *, is_stale: bool) -> Line:
    url = at("rating", row.pk)
    words = "　".join(f"{stars}星 {n}" for stars, n in counts if n)
    period = parse_period(row.key).name
    again = at("rate", home.ground.code, home.scheme.code, row.code, row.key)
    step = {"closed": Cell(_("去公示") if may else _("看结果"), url), "proposed": Cell(_("公示中"), url)}.get(
        row.state, Cell(_("看结果"), url)
    )
    state = Cell(_("考核结果出了新版"), state="out_of_date") if is_stale else Cell(state_words(row), state=row.state)
    if is_stale and may:
        step = Cell(_("去重评"), again)
    return Line([Cell(period, url, note=_("第%s版") % row.version), state, Cell(words or "—"),
                 Cell(row.n_subjects - row.n_rated), step])  # fmt: skip


@dataclass(frozen=True, slots=True)
class LineShown:
    """A star number of a group: places, holders, the lowest that kept it."""

    stars: int
    places: int | None
    n: int
    why: str
    lowest: str
    share: str


def lowest_words(lowest: Sequence[int] | None, rating: Rating) -> str:
    """The order figures of the lowest that kept a star, in words."""
    if lowest is None:
        return "—"
    if rating.mode == "bands":
        return _("成绩 %s") % show(lowest[0])
    words = _("%(d)s 个方面、%(i)s 项") % {"d": lowest[0], "i": lowest[1]}
    return words + (_("、成绩 %s") % show(lowest[2]) if rating.composite else "")


def preview_of(worked: WorkedRating, last: StarRating | None) -> dict[str, Any]:
    """What would be given: the lines, what has no figure, who would change against the last version."""
    rows = worked.rated.rows
    names = (
        dict(Place.objects.filter(pk__in=worked.ids.values()).values_list("code", "name")) if len(rows) < 2000 else {}
    )
    before = dict(last.rows.values_list("subject__code", "stars")) if last else {}
    changed = [
        (names.get(row.code, row.code), stars_words(before[row.code]), stars_words(row.stars))
        for row in rows
        if row.code in before and before[row.code] != row.stars
    ]
    return {
        "lines": lines_shown(
            [(g, c, line.stars, line.places, line.n, line.why, line.lowest) for g, c, line in worked.rated.lines],
            worked.asked, worked.n_rated,
        ),
        "targets": targets_of(worked.asked, [(line.stars, line.n) for _g, _c, line in worked.rated.lines]),
        "n_rated": worked.n_rated, "n_subjects": len(rows), "gaps": _gaps(worked, names),
        "changed": changed[:SHOWN], "n_changed": len(changed), "n_capped": sum(map(bool, worked.violations.values())),
    }  # fmt: skip


def _gaps(worked: WorkedRating, names: dict[str, str]) -> list[tuple[str, int, str]]:
    """(Indicator, how many have no number, the first few) of those that lack some."""
    known = {row.code: row for row in worked.asked.scheme.indicators}
    found = []
    for code in worked.asked.indicators:
        without = [c for c, figures in worked.figures.items() if code not in figures]
        if without:
            listed = "、".join(names.get(c, c) for c in without[:6])
            found.append((known[code].name, len(without), listed))
    return found


def lines_shown(rows: Iterable[tuple[Any, ...]], asked: AskedRating, n_rated: int) -> list[LineShown]:
    """The lines of the one group, or of all groups together where there are several."""
    rows = list(rows)
    single = len({row[:2] for row in rows}) == 1
    found: dict[int, list[tuple[Any, ...]]] = {}
    for row in rows:
        found.setdefault(row[2], []).append(row)
    shown = []
    for stars, held in sorted(found.items(), reverse=True):
        n = sum(row[4] for row in held)
        places = None if held[0][3] is None else sum(row[3] for row in held)
        lowest = lowest_words(held[0][6], asked.rating) if single else "—"
        share = f"{show(n * 10_000 // n_rated)}%" if n_rated else "—"
        why = held[0][5] if single else _("%s 个范围分别评定") % len(held)
        shown.append(LineShown(stars, places, n, why, lowest, share))
    return shown


@dataclass(frozen=True, slots=True)
class TargetShown:
    """A goal of the ground about this rating: what was to be reached, what came out."""

    name: str
    target: int
    outcome: int
    unit: str

    @property
    def gap(self) -> int:
        """How many are still lacking; 0 when it is reached."""
        return max(0, self.target - self.outcome)


def targets_of(asked: AskedRating, counts: Iterable[tuple[int, int]]) -> list[TargetShown]:
    """The ground's targets for the rating in its year against (stars, how many)."""
    goals = {g.code: g for g in asked.scheme.goals if (g.measure, g.of, g.level) == (
        "stars", asked.rating.code, asked.ground.level)}  # fmt: skip
    if not goals:
        return []
    held = list(counts)
    rows = Target.objects.filter(
        place=asked.ground, scheme=asked.scheme.code, year=asked.span.starts_on.year, goal__in=list(goals)
    )
    values = dict(rows.values_list("goal", "value"))
    return [
        TargetShown(goal.name, values[code], sum(n for stars, n in held if stars >= goal.least), goal.unit)
        for code, goal in goals.items()
        if code in values
    ]


def stored_lines(row: StarRating, asked: AskedRating, group: str = "") -> list[LineShown]:
    """A stored rating's lines."""
    held = row.lines.filter(group_code=group) if group else row.lines.all()
    fields = ("group_code", "category", "stars", "places", "n", "why", "lowest")
    rows = list(held.values_list(*fields))
    return lines_shown(rows, asked, sum(line[4] for line in rows))


def rows_of(request: Request, row: StarRating, group: str) -> dict[str, Any]:
    """The ranked table: who has how many stars, what is met, what is missing for one more."""
    asked = asked_of(row)
    held = row.rows.filter(subject__village__code=group) if group else row.rows.all()
    stars, township = request.GET.get("stars", ""), request.GET.get("township", "")
    if stars.isdigit():
        held = held.filter(stars=int(stars))
    if township:
        held = held.filter(subject__township__code=township)
    rows = held.select_related("subject__township").order_by("category", "rank", "subject__code")
    count = rows.count()
    start, end, paging = cut(count, request.GET)
    lines = stored_lines(row, asked, group)
    columns, shown = _columns(asked.rating), []
    for one in rows[start:end]:
        shown.append(_row(row, asked, one))
    empty = Empty(_("没有符合条件的对象"))
    return {
        "unrated": row.n_subjects - row.n_rated,
        "targets": [] if group else targets_of(asked, [(line.stars, line.n) for line in lines]),
        "table": Table(row.name, columns, shown, empty, paging), "lines": lines,
        "filters": _filters(row, asked, stars, township) if not group else [], "keep": {"group": group},
        "group": Place.objects.filter(code=group).first() if group else None,
    }  # fmt: skip


def _filters(row: StarRating, asked: AskedRating, stars: str, township: str) -> list[dict[str, Any]]:
    options = [("", _("全部"), not stars)] + [
        (str(step), f"{step} {_('星')}", stars == str(step)) for step in reversed(asked.rating.scale)
    ]
    found = [{"name": "stars", "label": _("星级"), "options": options}]
    if row.level == "village":
        names = row.rows.values_list("subject__township__code", "subject__township__name").distinct().order_by(
            "subject__township__code"
        )  # fmt: skip
        listed = [("", _("全部"), not township)] + [(code, name, code == township) for code, name in names]
        found.append({"name": "township", "label": _("乡镇"), "options": listed})
    return found


def _columns(rating: Rating) -> list[Head]:
    heads = [Head(_("名称")), Head(_("名次"), "number"), Head(_("星级"))]
    if rating.mode == "domains":
        heads += [Head(_("达标方面"), "number"), Head(_("达标项"), "number")]
    if rating.composite:
        heads.append(Head(_("成绩"), "number"))
    return [*heads, Head(_("再加一星还差什么"))]


def _row(rating: StarRating, asked: AskedRating, row: StarRow) -> Line:
    url = at("rating_subject", rating.pk, row.subject.code)
    above = row.subject.township.name if rating.level == "village" and row.subject.township else ""
    cells = [
        Cell(row.subject.name, url, note=above),
        Cell(row.rank),
        Cell(stars_words(row.stars), note=_("限星") if row.caps and (row.capped or 0) < (row.earned or 0) else ""),
    ]
    if asked.rating.mode == "domains":
        items = len({t.item or t.code for domain in asked.rating.domains for t in domain.thresholds})
        cells += [Cell(row.domains_met, unit=f"/{len(asked.rating.domains)}"), Cell(row.items_met, unit=f"/{items}")]
    if asked.rating.composite:
        cells.append(Cell(score(row.result)))
    return Line([*cells, Cell(_missing(row.missing))])


def _missing(missing: Sequence[str]) -> str:
    """The shortest way to one star more, and how many others there are."""
    if not missing:
        return "—"
    first = min(missing, key=len)
    first = first if len(first) <= SHOWN else first[:SHOWN] + "…"
    return first if len(missing) == 1 else _("%(first)s（另有 %(n)s 条路）") % {"first": first, "n": len(missing) - 1}


def villages_of(request: Request, row: StarRating) -> dict[str, Any]:
    """Households by village: how many have how many stars, and the way in for those who may."""
    asked = asked_of(row)
    scale = list(reversed(asked.rating.scale))
    counts = {f"n{step}": Count("pk", filter=Q(stars=step)) for step in scale}
    held = row.rows.values("subject__village__code", "subject__village__name", "subject__village__path",
                           "subject__township__name")  # fmt: skip
    lines = []
    rows: Any = held.annotate(n=Count("pk"), **counts).order_by("subject__village__path")
    for one in rows:
        code, path = one["subject__village__code"], one["subject__village__path"]
        url = at("rating", row.pk, group=code) if request.scope.holds(INSIDE, path or "-") else ""
        name = Cell(one["subject__village__name"], url, note=one["subject__township__name"] or "")
        lines.append(Line([name, Cell(one["n"]), *(Cell(one[f"n{step}"]) for step in scale)]))
    shown = stored_lines(row, asked)
    columns = [Head(_("村")), Head(_("户数"), "number"), *(Head(f"{step} {_('星')}", "number") for step in scale)]
    return {
        "unrated": row.n_subjects - row.n_rated,
        "targets": targets_of(asked, [(line.stars, line.n) for line in shown]),
        "table": Table(row.name, columns, lines),
        "lines": shown,
    }


@dataclass(frozen=True, slots=True)
class ThresholdShown:
    """A threshold of one subject with its number, where it is from and who answers for it."""

    threshold: Threshold
    met: Met
    number: str
    source: str
    owner: str
    entry: IndicatorNumber | None
    drawn: bool


def thresholds_of(asked: AskedRating, figures: dict[str, Any]) -> list[tuple[Any, list[ThresholdShown]]]:
    """(Domain as judged, its thresholds) by the figures that a rating stored: indicator → [number, entry]."""
    entries = [held[1] for held in figures.values() if held[1] is not None]
    rows = {row.pk: row for row in IndicatorNumber.objects.filter(pk__in=entries).select_related("entered_by__person")}
    known = {row.code: row for row in asked.scheme.indicators}
    numbers = {code: held[0] for code, held in figures.items()}
    found = []
    for domain in asked.rating.domains:
        judged = judge(domain, numbers)
        shown = []
        for threshold, met in zip(domain.thresholds, judged.thresholds, strict=True):
            indicator = known[threshold.indicator]
            entry = rows.get((figures.get(threshold.indicator) or [None, None])[1])
            source = entry.source if entry is not None and entry.source else indicator.source
            shown.append(
                ThresholdShown(
                    threshold, met, told(met.figure, threshold.decimals, threshold.unit), source, indicator.owner,
                    entry, indicator.counted is not None,
                )
            )  # fmt: skip
        found.append((judged, shown))
    return found


def subject_page(request: Request, row: StarRating, place: Place) -> dict[str, Any] | None:
    """One subject of a rating; None when it has no row there."""
    held = row.rows.filter(subject=place).first()
    if held is None:
        return None
    asked = asked_of(row)
    violations = EstablishedViolation.objects.filter(pk__in=held.caps).select_related("department")
    kinds = kinds_of(asked.scheme)
    spans = {code: span_of(i, asked.span).name for i in asked.scheme.indicators if (code := i.code)}
    return {
        "rating": row, "state": state_words(row), "row": held, "place": place, "asked": asked, "stars": stars_words(held.stars),
        "period": asked.span.name, "domains": thresholds_of(asked, held.figures), "spans": spans,
        "caps": [(kinds.get(one.kind), one) for one in violations],
        "lines": stored_lines(row, asked, held.group_code),
        "may_see_names": request.scope.holds(INSIDE, place.path),
        "figure_url": _figure_url(row, asked, place),
    }  # fmt: skip


def _figure_url(row: StarRating, asked: AskedRating, place: Place) -> str:
    if row.closing is None:
        return ""
    return at("figure", row.closing.period_id, asked.rating.composite, place.code, version=row.closing.version)
