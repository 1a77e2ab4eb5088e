"""The chain of a month on a ground: what each village checked, mended and was asked, counted in sets from the records."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q, Sum

from xiangyue.agreements.in_force import schemes_on
from xiangyue.agreements.models import SchemeVersion
from xiangyue.base.scope import below
from xiangyue.checks.models import Check, DayCount
from xiangyue.checks.models import Kind as CheckKindRow
from xiangyue.duties.dispatch_models import Dispatch, DispatchAsk
from xiangyue.places.models import Level, Place, PlaceSpan
from xiangyue.problems.models import Problem
from xiangyue.problems.models import State as ProblemState
from xiangyue.rules.days import Span
from xiangyue.rules.settings import CheckKind, Dispatching, Scheme
from xiangyue.standings.bulletins.closes import closes_in

NOT_REAL = (ProblemState.MERGED, ProblemState.DISMISSED)


@dataclass(frozen=True, slots=True)
class Figures:
    """What is counted of a village in a month, and added up over several."""

    days_due: int = 0
    """Days on which its daily check was due: those of the month that are over, while it was a village."""
    days_done: int = 0
    checks: int = 0
    faulty: int = 0
    spots: int = 0
    spots_checked: int = 0
    opened: int = 0
    mended: int = 0
    closed: int = 0
    overdue: int = 0
    """Past their day and not mended at the end of the month (today, while it runs)."""
    asked: int = 0
    asked_done: int = 0
    held: int = 0
    """Dispatch meetings that the village held itself."""

    @property
    def missed(self) -> int:
        """Days without the daily check that was due."""
        return max(0, self.days_due - self.days_done)


COUNTED = tuple(one.name for one in fields(Figures))


@dataclass(frozen=True, slots=True)
class VillageRow:
    """A village in the month, with its figures."""

    id: int
    code: str
    name: str
    path: str
    until: date | None
    """Its last day as a village, where that lies in the month."""
    checked_today: bool
    close: str
    """Where its results of the month stand: open, closed, proposed, in_force, unrated."""
    n: Figures


@dataclass(frozen=True, slots=True)
class Fold:
    """A township's villages, and its dispatch meetings."""

    code: str
    name: str
    rows: tuple[VillageRow, ...]
    total: Figures
    held: int


@dataclass(frozen=True, slots=True)
class Chain:
    """The month of a ground."""

    place: Place
    span: Span
    eve: date
    """The last day that is over; before the month's first while its first day runs."""
    folds: tuple[Fold, ...]
    total: Figures
    daily: tuple[str, ...]
    """Names of the daily checks that the schemes ask for."""
    with_spots: bool
    every_days: int
    meetings: tuple[date, ...]
    """The ground's own dispatch meetings."""
    elsewhere: int
    """Problems found in the month at places above the villages."""
    schemes: tuple[tuple[str, int], ...]

    @property
    def rows(self) -> tuple[VillageRow, ...]:
        """All villages in the tree's order."""
        return tuple(row for fold in self.folds for row in fold.rows)

    @property
    def runs(self) -> bool:
        """Whether the month is not over."""
        return self.eve < self.span.ends_on

    @property
    def meetings_due(self) -> int:
        """Dispatch meetings due by now: one for each whole rhythm that is over, at least one in a whole month."""
        days = (self.eve - self.span.starts_on).days + 1
        return days // self.every_days if self.runs else max(1, days // self.every_days)

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all was recorded."""
        n = self.total
        return not (n.checks or n.opened or n.mended or n.closed or n.overdue or n.asked or n.held or self.meetings)


@dataclass
class Asked:
    """What is counted, by village: name of the figure → number."""

    ids: list[int]
    by: dict[int, dict[str, int]] = field(default_factory=dict)

    def put(self, village: int, **told: int) -> None:
        """More figures of a village."""
        self.by.setdefault(village, {}).update(told)


def chain_of(place: Place, span: Span, today: date) -> Chain:
    """The chain of a county, township or village in a month, as the records stand now."""
    eve = min(span.ends_on, today - timedelta(days=1))
    lived = _lived(place, span)
    schemes, begin = _schemes(place, span, max(span.starts_on, min(eve, span.ends_on)))
    kinds = _kinds(schemes)
    asked = Asked([row.place_id for row in lived])
    daily = [pk for pk, ground, code, _level in kinds if (ground, code) in begin]
    spots = {pk: ground for pk, ground, _code, level in kinds if level == Level.PUBLIC_PLACE}
    seen_today = _checked(asked, span, eve, today, daily)
    _spots(asked, span, spots)
    elsewhere = _problems(asked, place, span, eve)
    meetings = _dispatch(asked, place, span)
    closes = closes_in(asked.ids, {version.ground_id for version, _scheme in schemes}, span)
    homes = _with_homes(asked.ids) if any(kind.subject != "village" for _day, kind in begin.values()) else set()
    rows = [_row(one, span, eve, _due_from(one, schemes, begin, homes), asked, seen_today, closes) for one in lived]
    folds = _folds(place, rows, meetings)
    # the rhythm is that of the schemes over the place itself, as the dispatch page keeps it
    said = [s.dispatch.every_days for v, s in schemes if place.path.startswith(v.ground.path)]
    return Chain(
        place, span, eve, folds, add(fold.total for fold in folds), _names(schemes), bool(spots),
        min(said, default=Dispatching().every_days), tuple(meetings.get(place.pk, ())), elsewhere,
        tuple((version.name, version.version) for version, _scheme in schemes),
    )  # fmt: skip


def add(rows: Iterable[Figures]) -> Figures:
    """All of them added up."""
    held = list(rows)
    return Figures(**{name: sum(getattr(row, name) for row in held) for name in COUNTED})


def daily_kinds(scheme: Scheme) -> tuple[CheckKind, ...]:
    """The daily checks of a scheme: those that villages make of themselves; without one, those at the doors."""
    own = tuple(kind for kind in scheme.check_kinds if kind.self_check)
    return tuple(kind for kind in own if kind.subject == "village") or tuple(
        kind for kind in own if kind.subject in ("household", "hamlet")
    )


def _names(schemes: Sequence[tuple[SchemeVersion, Scheme]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(kind.name for _version, scheme in schemes for kind in daily_kinds(scheme)))


def _lived(place: Place, span: Span) -> list[PlaceSpan]:
    """The last span in the month of each village that the ground had; one that moved on is counted where it went."""
    rows = PlaceSpan.objects.meeting(span.starts_on, span.ends_on).filter(place__level=Level.VILLAGE)
    mine = rows.filter(below("path", (place.path,))).values("place_id")
    last = {row.place_id: row for row in rows.filter(place_id__in=mine).select_related("place").order_by("from_on")}
    held = [row for row in last.values() if row.path.startswith(place.path)]
    return sorted(held, key=lambda row: row.path)


def _with_homes(villages: Sequence[int]) -> set[int]:
    """Those that have households: a community without any owes no check at doors."""
    rows = Place.objects.of(Level.HOUSEHOLD).filter(village__in=villages).order_by()
    return set(rows.values_list("village_id", flat=True).distinct())


type Begin = dict[tuple[int, str], tuple[date, CheckKind]]
"""(Ground, code of a daily check) → the first day of the month on which a scheme asked for it."""


def _schemes(place: Place, span: Span, day: date) -> tuple[list[tuple[SchemeVersion, Scheme]], Begin]:
    """The schemes at, above and below the place on `day`, and since when in the month each daily check was asked for."""
    grounds = Place.objects.filter(pk__in=SchemeVersion.objects.published().values("ground"))
    by_id = {one.pk: one for one in grounds if one.path.startswith(place.path) or place.path.startswith(one.path)}
    found = schemes_on(tuple(by_id), day)
    first = schemes_on(tuple(by_id), span.starts_on)
    begin: Begin = {}
    for version, scheme in (*first, *found):
        version.ground = by_id[version.ground_id]
        for kind in daily_kinds(scheme):
            since = version.from_on or span.starts_on
            begin.setdefault((version.ground_id, kind.code), (max(span.starts_on, since), kind))
    return found, begin


def _kinds(schemes: Sequence[tuple[SchemeVersion, Scheme]]) -> list[tuple[int, int, str, str]]:
    grounds = {version.ground_id for version, _scheme in schemes}
    return list(CheckKindRow.objects.filter(ground__in=grounds).values_list("pk", "ground_id", "code", "level"))


def _due_from(
    row: PlaceSpan, schemes: Sequence[tuple[SchemeVersion, Scheme]], begin: Begin, homes: set[int]
) -> date | None:
    """The first day of the month on which the village owed a daily check; None where no scheme asks for one."""
    over = {version.ground_id for version, _scheme in schemes if row.path.startswith(version.ground.path)}
    owed = [told for (ground, _code), told in begin.items() if ground in over]
    # a village that was merged has handed its homes on, and had them until then
    at_home = row.place_id in homes or row.place.to_on is not None
    days = [day for day, kind in owed if kind.subject == "village" or at_home]
    return max(min(days), row.place.from_on) if days else None


def _checked(asked: Asked, span: Span, eve: date, today: date, daily: Sequence[int]) -> set[int]:
    """Checks, those that found something, days with a daily one; gives back who made today's."""
    made = Q(kind__in=daily, n_checks__gt=0)
    rows = DayCount.objects.filter(village__in=asked.ids, day__gte=span.starts_on, day__lte=span.ends_on).order_by()
    told = rows.values_list("village").annotate(
        n=Sum("n_checks"), bad=Sum("n_faulty"), days=Count("day", distinct=True, filter=made & Q(day__lte=eve)),
        now=Count("pk", filter=made & Q(day=today)),
    )  # fmt: skip
    seen = set()
    for village, n, bad, days, now in told:
        asked.put(village, checks=n, faulty=bad, days_done=days)
        if now:
            seen.add(village)
    return seen


def _spots(asked: Asked, span: Span, kinds: dict[int, int]) -> None:
    """Public places at the month's end, and those of them that were checked in it; kinds with their grounds."""
    if not kinds:
        return
    places = Place.objects.live(span.ends_on).of(Level.PUBLIC_PLACE).filter(village__in=asked.ids)
    month = span.starts_on.year * 100 + span.starts_on.month
    made = Check.objects.filter(ground__in=set(kinds.values()), month=month, kind__in=list(kinds))
    seen = made.filter(state=Check.State.COUNTED).values("subject_id")
    told = places.order_by().values_list("village").annotate(n=Count("pk"), seen=Count("pk", filter=Q(pk__in=seen)))
    for village, n, checked in told:
        asked.put(village, spots=n, spots_checked=checked)


def _problems(asked: Asked, place: Place, span: Span, eve: date) -> int:
    """Opened, mended, closed, overdue by village; gives back how many were found above the villages."""
    days = (span.starts_on, span.ends_on)
    unmended = (Q(mended_on=None) | Q(mended_on__gt=eve)) & (Q(closed_on=None) | Q(closed_on__gt=eve))
    here = Q(place__village__in=asked.ids) | Q(place__village=None) & below("place__path", (place.path,))
    rows = Problem.objects.filter(here, reported_on__lte=span.ends_on).exclude(state__in=NOT_REAL).order_by()
    rows = rows.filter(Q(closed_on=None) | Q(closed_on__gte=span.starts_on))
    told = rows.values_list("place__village").annotate(
        opened=Count("pk", filter=Q(reported_on__range=days)), mended=Count("pk", filter=Q(mended_on__range=days)),
        closed=Count("pk", filter=Q(closed_on__range=days)),
        overdue=Count("pk", filter=unmended & Q(deadline__lte=eve, reported_on__lte=eve)),
    )  # fmt: skip
    elsewhere = 0
    for village, opened, mended, closed, overdue in told:
        if village is None:
            elsewhere = opened
        else:
            asked.put(village, opened=opened, mended=mended, closed=closed, overdue=overdue)
    return elsewhere


def _dispatch(asked: Asked, place: Place, span: Span) -> dict[int, list[date]]:
    """What meetings in the month asked for in each village; gives back the days of the meetings by who held them."""
    rows = Dispatch.objects.filter(
        below("place__path", (place.path,)), held_on__gte=span.starts_on, held_on__lte=span.ends_on
    )
    held: dict[int, list[date]] = {}
    for at, on in rows.order_by("held_on").values_list("place_id", "held_on"):
        held.setdefault(at, []).append(on)
    for village in set(held) & set(asked.ids):
        asked.put(village, held=len(held[village]))
    asks = DispatchAsk.objects.filter(
        place__village__in=asked.ids, dispatch__held_on__gte=span.starts_on, dispatch__held_on__lte=span.ends_on
    ).exclude(state=DispatchAsk.State.DROPPED)
    done = Count("pk", filter=Q(state=DispatchAsk.State.DONE))
    for village, n, ended in asks.order_by().values_list("place__village").annotate(n=Count("pk"), done=done):
        asked.put(village, asked=n, asked_done=ended)
    return held


def _row(
    one: PlaceSpan, span: Span, eve: date, due: date | None, asked: Asked, today: set[int], closes: dict[int, str]
) -> VillageRow:
    until = one.place.to_on if one.place.to_on and one.place.to_on < span.ends_on else None
    told: dict[str, Any] = dict(asked.by.get(one.place_id, {}))
    last = min(eve, until or eve)
    told["days_due"] = max(0, (last - max(due, span.starts_on)).days + 1) if due else 0
    return VillageRow(
        one.place_id, one.place.code, one.name, one.path, until, one.place_id in today,
        closes.get(one.place_id, "open"), Figures(**told),
    )  # fmt: skip


def _folds(place: Place, rows: Sequence[VillageRow], meetings: dict[int, list[date]]) -> tuple[Fold, ...]:
    """The villages by township, the townships in the tree's order."""
    codes = list(dict.fromkeys(row.path.split("/")[1] for row in rows))
    units = {unit.code: unit for unit in Place.objects.filter(code__in=codes)} if place.level == Level.COUNTY else {}
    found = []
    for code in codes:
        mine = tuple(row for row in rows if row.path.split("/")[1] == code)
        unit = units.get(code)
        held = len(meetings.get(unit.pk, ())) if unit else 0
        found.append(Fold(code, unit.name if unit else "", mine, add(row.n for row in mine), held))
    return tuple(found)
