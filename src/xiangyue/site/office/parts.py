"""The parts of the home page that are fetched after it: coverage, the live ranking, one's village, the system."""

from __future__ import annotations

import platform
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.db import connection
from django.db.models import Count, Max, Q, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from xiangyue.agreements.in_force import schemes_on
from xiangyue.base.dated import held_on
from xiangyue.base.models import Job
from xiangyue.base.roles import Role
from xiangyue.base.scope import Scope, below, not_hidden
from xiangyue.checks.models import Check, Entry, Kind, SheetTotal
from xiangyue.duties.coverage import LayerCoverage, coverage_of
from xiangyue.duties.models import Duty
from xiangyue.people.models import Person
from xiangyue.places.models import HouseholdState, Level, Place
from xiangyue.rules.days import parse_period
from xiangyue.rules.settings import Scheme
from xiangyue.site.context import address
from xiangyue.site.office.goals import goals_part
from xiangyue.site.office.needs import kept, without_inspection
from xiangyue.standings.live_ranking import ranking
from xiangyue.standings.models import Closing, Period, Result, Standing
from xiangyue.standings.ratings.ledger import ledger_of

ENDS = 5
"""Places shown at either end of a ranking."""
MOST = 12


@dataclass(frozen=True, slots=True)
class Ranked:
    """A row of a ranking, as `site/parts/ranks.html` takes it."""

    rank: int | None
    name: str
    url: str
    score: int | None
    moved: int | None = None
    mark: str = ""
    own: bool = False


@dataclass(frozen=True, slots=True)
class LiveTable:
    """The head and the tail of a category as it stands."""

    title: str
    head: tuple[Ranked, ...]
    tail: tuple[Ranked, ...]
    n: int
    """Places on one's own ground."""
    of: int
    """Places in the category."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault and how often it was tapped this month."""

    name: str
    n: int


@dataclass(frozen=True, slots=True)
class Seen:
    """A village and when it was inspected last."""

    code: str
    name: str
    township: str
    last: date | None
    url: str


def coverage_part(scope: Scope, day: date) -> dict[str, Any]:
    """Coverage by layer over the ground of each grant."""
    rows: list[tuple[str, tuple[LayerCoverage, ...]]] = []
    newest = Duty.objects.order_by("-pk").values_list("pk", flat=True).first()
    for path in scope.paths(frozenset({Role.COUNTY_OFFICE, Role.TOWNSHIP_OFFICE})):
        name = Place.objects.filter(path=path).values_list("name", flat=True).first() or ""
        rows.append((name, kept(f"coverage-{newest}", (path,), day, lambda paths, on: coverage_of(paths[0], on))))
    return {"grounds": rows, "coverage_url": address("duties:coverage")}


def live_part(scope: Scope, day: date) -> dict[str, Any]:
    """The head and the tail of the running month's rankings of places on one's ground; nothing where no month runs."""
    paths = scope.paths(frozenset({Role.COUNTY_OFFICE, Role.TOWNSHIP_OFFICE, Role.VILLAGE_OFFICE}))
    above = {"/".join(path.split("/")[: n + 1]) + "/" for path in paths for n in range(path.count("/"))}
    periods = list(
        Period.objects.filter(
            kind="month", starts_on__lte=day, ends_on__gte=day, ground__path__in=above, closings=None
        ).select_related("ground")
    )
    tables: list[LiveTable] = []
    for period in periods:
        tables += _live_tables(period, paths)
    return {"tables": tables, "live_url": address("standings:live"), "is_monthly": bool(periods)}


def _live_tables(period: Period, paths: tuple[str, ...]) -> list[LiveTable]:
    """Category by category: its head and tail where the whole ground is one's own, else one's own places alone."""
    live = ranking(period)
    names = {category.code: category.name for category in live.period.scheme.categories}
    called = {pk: (name, path) for pk, name, path in _called(live.ids.values())}
    found = []
    for held in live.composites:
        for category in sorted({row.category for row in held.rows}, key=list(names).index):
            rows = [row for row in held.rows if row.category == category]
            rows.sort(key=lambda row: (row.rank is None, row.rank or 0, row.code))
            shown = [
                Ranked(row.rank, called[live.ids[row.code]][0], address("brief", (row.code,)), row.result)
                for row in rows
                if called[live.ids[row.code]][1].startswith(paths)
            ]
            if shown:
                head, tail = tuple(shown[:ENDS]), tuple(shown[max(ENDS, len(shown) - ENDS) :])
                found.append(LiveTable(names.get(category, held.composite.name), head, tail, len(shown), len(rows)))
    return found


def _called(ids: Any) -> Any:
    rows = Place.objects.filter(pk__in=list(ids), level__in=(Level.VILLAGE, Level.TOWNSHIP, Level.COUNTY))
    return rows.values_list("pk", "name", "path")


def village_part(scope: Scope, day: date) -> dict[str, Any]:
    """One's village: households not seen today, the month's commonest faults, its last published result.

    Where the register has no households: what the village owes by its ledger, and how it stands for its stars.
    """
    paths = scope.paths(frozenset({Role.VILLAGE_OFFICE}))
    village = Place.objects.filter(below("path", paths), level=Level.VILLAGE).select_related("township").first()
    if village is None:
        return {"village": None}
    result = _last_result(village)
    shown = {
        "village": village,
        "result": result,
        "period_name": _period_name(result),
        "board_url": address("public:village", (village.ground.code if village.ground else "", village.code)),
        "bearers_url": address("duties:load"),
    }
    if not _is_due_at_doors(village, day):
        checks = not_hidden(Check.objects.filter(subject=village), scope)
        ledger = {"ledger": ledger_of(village, scope, day), "ledger_url": address("standings:ledger", (village.code,))}
        return shown | ledger | {"faults": faults_of(village, day, checks)}
    unseen = _not_seen(village, day)
    return shown | {"unseen": list(unseen[:30]), "n_unseen": unseen.count(), "faults": faults_of(village, day)}


def _is_due_at_doors(village: Place, day: date) -> bool:
    """Whether the village has households and a scheme of its ground or township has them checked."""
    doors = Kind.objects.filter(level=Level.HOUSEHOLD).values("ground")
    homes = Place.objects.live(day).of(Level.HOUSEHOLD).filter(village_id=village.pk)
    return homes.filter(Q(ground__in=doors) | Q(township__in=doors)).exists()


def _not_seen(village: Place, day: date) -> Any:
    """The households that live here and have no counted check today."""
    seen = Check.objects.filter(subject__village_id=village.pk, day=day, state=Check.State.COUNTED)
    gone = HouseholdState.objects.filter(
        held_on(day),
        place__village_id=village.pk,
        state__in=(HouseholdState.State.AWAY, HouseholdState.State.EMPTY),
    )
    rows = Place.objects.live(day).of(Level.HOUSEHOLD).filter(village_id=village.pk)
    rows = rows.exclude(pk__in=seen.values("subject_id")).exclude(pk__in=gone.values("place_id"))
    return rows.select_related("parent").order_by("path")


def faults_of(village: Place, day: date, checks: QuerySet[Check] | None = None) -> list[Fault]:
    """The steps tapped most this month at the village's households (or in these checks), by their names in the scheme."""
    homes = Q(check_row__subject__village_id=village.pk, check_row__subject__level=Level.HOUSEHOLD)
    of = homes if checks is None else Q(check_row__in=checks)
    rows = (
        Entry.objects.filter(
            of,
            check_row__day__gte=day.replace(day=1),
            check_row__day__lte=day,
            check_row__state=Check.State.COUNTED,
        )
        .order_by()
        .values_list("item", "step")
        .annotate(n=Sum("n"))
    )
    counted = sorted(((n, item, step) for item, step, n in rows), reverse=True)[:6]
    names: dict[tuple[str, str], str] = {}
    for _version, scheme in schemes_on((village.ground_id, village.township_id), day):
        names |= _steps(scheme)
    return [Fault(names.get((item, step), names.get((item, ""), item)), n) for n, item, step in counted]


def _steps(scheme: Scheme) -> dict[tuple[str, str], str]:
    found: dict[tuple[str, str], str] = {}
    for standard in scheme.standards:
        for item in standard.items:
            found[item.code, ""] = item.fault or item.name
            found |= {(item.code, step.code): step.name for step in item.steps}
    return found


def _last_result(village: Place) -> Result | None:
    shown = (Closing.State.PROPOSED, Closing.State.IN_FORCE)
    rows = Result.objects.filter(subject=village, standing__closing__state__in=shown)
    return rows.select_related("standing__closing__period").order_by("-standing__closing__period__ends_on").first()


def unseen_part(scope: Scope, day: date) -> dict[str, Any]:
    """The villages to inspect: not seen this month, those unseen longest first."""
    paths = scope.paths(frozenset({Role.SUPERVISOR}))
    rows = list(without_inspection(paths, day).select_related("township"))
    last = dict(
        SheetTotal.objects.filter(subject__in=[row.pk for row in rows], kind__level=Level.VILLAGE)
        .order_by()
        .values_list("subject_id")
        .annotate(at=Max("last_at"))
    )
    seen = [
        Seen(
            row.code, row.name, row.township.name if row.township else "",
            timezone.localdate(last[row.pk]) if row.pk in last else None, address("brief", (row.code,)),
        )
        for row in rows
    ]  # fmt: skip
    seen.sort(key=lambda one: (one.last or date.min, one.code))
    return {"rows": seen[:MOST], "n": len(seen), "entry_url": address("checks:entry")}


def villages_part(scope: Scope, day: date) -> dict[str, Any]:
    """A department's villages with their last published results."""
    organisation = Person.objects.filter(pk=scope.person_id or 0).values_list("organisation_id", flat=True).first()
    mine = Q(person_id=scope.person_id) | (Q(organisation_id=organisation) if organisation else Q(pk__in=()))
    duties = Duty.objects.live(day).filter(mine, target__level=Level.VILLAGE).select_related("target__township")
    villages = {duty.target_id: duty.target for duty in duties.order_by("target__path")}
    shown = (Closing.State.PROPOSED, Closing.State.IN_FORCE)
    rows = (
        Result.objects.filter(
            subject_id__in=villages, standing__closing__state__in=shown, standing__closing__period__kind="month"
        )
        .select_related("standing__closing__period")
        .order_by("standing__closing__period__ends_on", "standing__closing__version")
    )
    latest = {row.subject_id: row for row in rows}
    return {"rows": [(village, latest.get(pk), _period_name(latest.get(pk))) for pk, village in villages.items()]}


def _period_name(result: Result | None) -> str:
    return parse_period(result.standing.closing.period.key).name if result else ""


def closed_part(scope: Scope, day: date) -> dict[str, Any]:
    """The last versions of closed periods with their digests."""
    rows = Standing.objects.filter(below("closing__period__ground__path", scope.paths(frozenset({Role.AUDITOR}))))
    rows = rows.select_related("closing__period", "closing__closed_by__person").order_by("-closing_id", "pk")
    named = [(row, parse_period(row.closing.period.key).name) for row in rows[:MOST]]
    return {"rows": named, "periods_url": address("standings:periods"), "log_url": address("change_log")}


def running_part(scope: Scope, day: date) -> dict[str, Any]:
    """How the system runs: jobs, storage, versions."""
    jobs = dict(Job.objects.order_by().values_list("state").annotate(n=Count("pk")))
    disk = shutil.disk_usage(settings.DATA)
    failed = Job.objects.filter(state=Job.State.FAILED).order_by("-id").values("kind", "finished_at")
    return {
        "waiting": jobs.get(Job.State.WAITING, 0) + jobs.get(Job.State.RUNNING, 0),
        "failed": jobs.get(Job.State.FAILED, 0),
        "last_failed": failed.first(),
        "database": _megabytes(_database_size()),
        "free": disk.free // 1_000_000_000,
        "versions": [
            (_("乡约"), _own_version()),
            ("Django", django.get_version()),
            ("Python", platform.python_version()),
            (connection.display_name, ".".join(map(str, connection.get_database_version()))),
        ],
    }


def _own_version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("xiangyue")
    except PackageNotFoundError:
        return "—"


def _database_size() -> int:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_database_size(current_database())")
            return int(cursor.fetchone()[0])
    file = Path(str(settings.DATABASES["default"]["NAME"]))
    return file.stat().st_size if file.exists() else 0


def _megabytes(size: int) -> int:
    return -(-size // 1_000_000)


MAKERS: dict[str, tuple[frozenset[Role], Callable[[Scope, date], dict[str, Any]]]] = {
    "coverage": (frozenset({Role.COUNTY_OFFICE, Role.TOWNSHIP_OFFICE}), coverage_part),
    "goals": (frozenset({Role.COUNTY_OFFICE, Role.TOWNSHIP_OFFICE}), goals_part),
    "live": (frozenset({Role.COUNTY_OFFICE, Role.TOWNSHIP_OFFICE, Role.VILLAGE_OFFICE}), live_part),
    "village": (frozenset({Role.VILLAGE_OFFICE}), village_part),
    "unseen": (frozenset({Role.SUPERVISOR}), unseen_part),
    "villages": (frozenset({Role.DEPARTMENT}), villages_part),
    "closed": (frozenset({Role.AUDITOR}), closed_part),
    "running": (frozenset({Role.KEEPER}), running_part),
}
"""Part → who sees it, and what makes it."""
