"""The month's supervision report (督查专报): everything that was inspected, found and answered, read from the records."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Sum

from xiangyue.agreements.in_force import scheme_of
from xiangyue.checks.inspections.models import (
    Inspection,
    InspectionPlan,
    InspectionTurn,
    PlannedInspection,
    SheetObjection,
)
from xiangyue.checks.inspections.seeing import UNDER_WAY, WITH, Stop, stops_among
from xiangyue.checks.inspections.ways import Ground, way_of
from xiangyue.checks.models import Check, Entry
from xiangyue.duties.models import Duty
from xiangyue.places.models import Place
from xiangyue.rules.days import Span, month_of
from xiangyue.rules.numbers import half_up, show

MOST_FAULTS = 10
DUTY = "duty"


@dataclass(frozen=True, slots=True)
class Held:
    """A way's inspections: how many in the month, by then in the half-year and the year, planned for the year."""

    name: str
    month: int
    half: int
    year: int
    planned: int


@dataclass(frozen=True, slots=True)
class Seen:
    """A subject with its sheets' mean of the month, and its faults."""

    place: Place
    n: int
    mean: int
    faults: int


@dataclass(frozen=True, slots=True)
class Fault:
    """An item that lost points: how many sheets, how many places."""

    name: str
    sheets: int
    places: int


@dataclass(frozen=True, slots=True)
class Borne:
    """A department or enterprise whose duty was inspected: where, and its sheets' mean."""

    unit: str
    places: str
    n: int
    mean: int


@dataclass(frozen=True, slots=True)
class Town:
    """A township: its subjects seen, and their mean."""

    name: str
    seen: int
    mean: int
    faults: int


@dataclass(frozen=True, slots=True)
class Report:
    """The report of a ground and month."""

    ground: Place
    span: Span
    document: str
    ways: tuple[Held, ...]
    seen: tuple[Seen, ...]
    towns: tuple[Town, ...]
    faults: tuple[Fault, ...]
    units: tuple[Borne, ...]
    unseen: tuple[tuple[str, str], ...]
    objections: tuple[int, int, int]
    """Made, upheld, waiting."""
    sentences: tuple[str, ...]

    @property
    def n_month(self) -> int:
        """Inspections held in the month."""
        return sum(way.month for way in self.ways)


def report(found: Ground, span: Span, now: datetime) -> Report:
    """The report of a month as it stands; sheets that the villages do not see yet are left out."""
    held = _inspections(found, span)
    turns = InspectionTurn.objects.filter(inspection__in=held).select_related(*WITH).order_by("inspection", "order")
    stops = [(stop.turn.inspection, stop) for stop in stops_among(list(turns))]
    sheets = [
        (row, sheet) for row, stop in stops for sheet in stop.sheets if now >= row.shown_at(sheet.day)
    ]  # fmt: skip
    about_duty = {row.pk for row in held if way_of(row)[1].manner == DUTY}
    of_places = [sheet for row, sheet in sheets if row.pk not in about_duty]
    of_duty = [sheet for row, sheet in sheets if row.pk in about_duty]
    plan = InspectionPlan.objects.filter(
        ground=found.place, scheme=found.scheme.code, year=span.starts_on.year
    ).first()  # fmt: skip
    ways, seen = _ways(found, span, plan), _seen(of_places)
    faults, objections = _faults(of_places), _objections(held)
    units = _units(found, of_duty)
    unseen = tuple(
        (stop.turn.subject.name, stop.turn.unseen)
        for row, stop in stops
        if stop.turn.unseen and (not row.is_drawn or now >= row.told_at)
    )
    towns = _towns(seen)
    sentences = tuple(_sentences(span, ways, seen, towns, faults, units, objections, stops))
    return Report(
        found.place, span, plan.document if plan else "", ways, seen, towns, faults, units, unseen, objections, sentences
    )  # fmt: skip


def counted(found: Ground, year: int, until: date) -> tuple[Held, ...]:
    """Each way's inspections of the year up to a day."""
    plan = InspectionPlan.objects.filter(ground=found.place, scheme=found.scheme.code, year=year).first()
    return _ways(found, month_of(until), plan)


def _inspections(found: Ground, span: Span) -> list[Inspection]:
    rows = Inspection.objects.filter(
        ground=found.place, scheme=found.scheme.code, state__in=UNDER_WAY, from_on__gte=span.starts_on,
        from_on__lte=span.ends_on,
    )  # fmt: skip
    return list(rows.select_related("ground", "scheme_version", "line__plan").order_by("from_on", "pk"))


def _ways(found: Ground, span: Span, plan: InspectionPlan | None) -> tuple[Held, ...]:
    year, until = span.starts_on.year, span.ends_on
    half = date(year, 1 if until.month <= 6 else 7, 1)
    rows = Inspection.objects.filter(
        ground=found.place, scheme=found.scheme.code, state__in=UNDER_WAY, from_on__year=year, from_on__lte=until
    ).values_list("kind", "from_on")  # fmt: skip
    days: dict[str, list[date]] = defaultdict(list)
    for kind, day in rows:
        days[kind].append(day)
    planned: dict[str, int] = {}
    if plan is not None:
        lines = PlannedInspection.objects.filter(plan=plan).order_by().values("kind").annotate(n=Sum("times"))
        planned = dict(lines.values_list("kind", "n"))
    return tuple(
        Held(
            way.name,
            sum(day >= span.starts_on for day in days[way.code]),
            sum(day >= half for day in days[way.code]),
            len(days[way.code]),
            planned.get(way.code, 0),
        )
        for way in found.scheme.inspections
        if days[way.code] or planned.get(way.code)
    )  # fmt: skip


def _seen(sheets: Sequence[Check]) -> tuple[Seen, ...]:
    """The subjects by mean, high to low; equals in the order of the register."""
    by: dict[int, list[Check]] = defaultdict(list)
    for sheet in sheets:
        by[sheet.subject_id].append(sheet)
    places = Place.objects.filter(pk__in=by).select_related("township")
    rows = [
        Seen(place, len(by[place.pk]), _mean(by[place.pk]), sum(sheet.n_faults for sheet in by[place.pk]))
        for place in places
    ]
    return tuple(sorted(rows, key=lambda row: (-row.mean, row.place.path)))


def _mean(sheets: Sequence[Check]) -> int:
    return half_up(sum(sheet.score or 0 for sheet in sheets), len(sheets))


def _towns(seen: Sequence[Seen]) -> tuple[Town, ...]:
    by: dict[str, list[Seen]] = defaultdict(list)
    for row in seen:
        by[row.place.township.name if row.place.township else row.place.name].append(row)
    rows = [
        Town(name, len(rows), half_up(sum(row.mean for row in rows), len(rows)), sum(row.faults for row in rows))
        for name, rows in by.items()
    ]
    return tuple(sorted(rows, key=lambda row: (-row.mean, row.name)))


def _faults(sheets: Sequence[Check]) -> tuple[Fault, ...]:
    """The items that lost points most often, by their names in the standards of the sheets."""
    by_id = {sheet.pk: sheet for sheet in sheets}
    sheets_of: Counter[str] = Counter()
    places: dict[str, set[int]] = defaultdict(set)
    rows = Entry.objects.filter(check_row__in=by_id, applicable=True, amount=0)
    for check, item in rows.values_list("check_row_id", "item").distinct():
        sheet = by_id[check]
        scheme = scheme_of(sheet.scheme_version)
        standard = scheme.standard(scheme.check_kind(sheet.kind.code).standard)
        found = next((one for one in standard.items if one.code == item), None)
        if found is not None and found.kind != "bonus":
            name = found.fault or found.name
            sheets_of[name] += 1
            places[name].add(sheet.subject_id)
    most = sorted(sheets_of.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST_FAULTS]
    return tuple(Fault(name, n, len(places[name])) for name, n in most)


def _units(found: Ground, sheets: Sequence[Check]) -> tuple[Borne, ...]:
    """The departments and enterprises that bear the places seen, each with the sheets of where it bears."""
    by: dict[tuple[int, date], list[Check]] = defaultdict(list)
    for sheet in sheets:
        by[sheet.subject_id, sheet.day].append(sheet)
    layers = [layer.code for layer in found.scheme.layers if layer.bearer == "organisation"]
    duties = Duty.objects.filter(
        target__in={subject for subject, _day in by}, scheme=found.scheme.code, layer__in=layers
    ).exclude(organisation=None)  # fmt: skip
    mine: dict[str, list[Check]] = defaultdict(list)
    names: dict[str, dict[str, None]] = defaultdict(dict)
    for duty in duties.select_related("organisation", "target").order_by("organisation__code", "target__path"):
        for (subject, day), held in by.items():
            if duty.target_id == subject and duty.from_on <= day and (duty.to_on is None or duty.to_on >= day):
                mine[str(duty.organisation)] += held
                names[str(duty.organisation)][duty.target.name] = None
    rows = [Borne(unit, "、".join(names[unit]), len(held), _mean(held)) for unit, held in mine.items()]
    return tuple(sorted(rows, key=lambda row: (-row.mean, row.unit)))


def _objections(held: Sequence[Inspection]) -> tuple[int, int, int]:
    rows = SheetObjection.objects.filter(turn__inspection__in=held).order_by().values("outcome")
    n: dict[str, int] = dict(rows.annotate(n=Count("pk")).values_list("outcome", "n"))
    return sum(n.values()), n.get("upheld", 0), n.get("open", 0)


def _sentences(
    span: Span, ways: Sequence[Held], seen: Sequence[Seen], towns: Sequence[Town], faults: Sequence[Fault],
    units: Sequence[Borne], objections: tuple[int, int, int], stops: Sequence[tuple[Inspection, Stop]],
) -> list[str]:  # fmt: skip
    """What the report says before its tables."""
    n = sum(way.month for way in ways)
    if not n:
        return [f"{span.name}没有开展督查。"]
    listed = "、".join(f"{way.name} {way.month} 次" for way in ways if way.month)
    half = "上半年" if span.ends_on.month <= 6 else "下半年"
    told = [
        f"{span.name}按备案的年度计划开展督查 {n} 次（{listed}），安排对象 {len(stops)} 个次；"
        f"{half}以来共 {sum(way.half for way in ways)} 次，本年 {sum(way.year for way in ways)} 次。"
    ]
    if seen:
        mean = half_up(sum(row.mean for row in seen), len(seen))
        best, last = seen[0], seen[-1]
        words = f"查到 {len(seen)} 个对象，平均 {show(mean)} 分"
        if len(seen) > 1:
            words += (
                f"；最高是{best.place.name}（{show(best.mean)} 分），最低是{last.place.name}（{show(last.mean)} 分）"
            )
        told.append(words + "。")
    if len(towns) > 1:
        told.append(
            f"按乡镇平均，{towns[0].name}最高（{show(towns[0].mean)} 分），{towns[-1].name}最低（{show(towns[-1].mean)} 分）。"
        )
    if faults:
        listed = "、".join(f"{row.name}（{row.places} 个对象）" for row in faults[:3])
        told.append(f"问题最多的是：{listed}。")
    if units:
        mean = half_up(sum(row.mean for row in units), len(units))
        told.append(f"督查包保单位履职 {len(units)} 家，平均 {show(mean)} 分。")
    made, upheld, waiting = objections
    if made:
        rest = f"，{waiting} 件在办" if waiting else ""
        told.append(f"收到对表的异议 {made} 件，成立 {upheld} 件{rest}。")
    return told
