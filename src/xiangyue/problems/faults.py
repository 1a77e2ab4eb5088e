"""What problems tell of the checks that found them: on the way, mended, or mended and verified on which day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Case, Q, When
from django.utils import timezone
from django.utils.translation import gettext as _

from xiangyue.base.saying import said_day
from xiangyue.base.scope import Scope, not_hidden
from xiangyue.checks.faults import Asked, FaultNow
from xiangyue.checks.models import Check
from xiangyue.places.models import Level, Place
from xiangyue.problems.access import seen
from xiangyue.problems.models import IN_HAND, LIVE, Problem, ProblemQuerySet, Source, State, Step
from xiangyue.problems.showing import BADGES, at
from xiangyue.rules.problems import late_days

FOUND_BY = (Source.CHECK, Source.INSPECTION)
LIFTED = (State.VERIFIED, State.CLOSED)
"""States in which somebody other than whoever mended it has seen that it is mended."""
KEPT_DAYS = 365
"""How long a village's ledger tells of a fault that was lifted."""
MOST = 12


@dataclass(frozen=True, slots=True)
class FaultAt:
    """A fault of the village, with the day on which it was found and where."""

    found_on: date
    where: str
    now: FaultNow


@dataclass(frozen=True, slots=True)
class FaultsAt:
    """A village's faults: those to be told one by one, and the counts of all, its doors among them."""

    rows: tuple[FaultAt, ...]
    n_open: int
    n_lifted: int

    @property
    def n_more(self) -> int:
        """How many are not told one by one."""
        return self.n_open + self.n_lifted - len(self.rows)


def faults_told(asked: Asked) -> None:
    """What became of the problems that these checks opened, or found once more."""
    day = timezone.localdate()
    pairs = set(Step.objects.filter(check_row__in=asked.checks).values_list("check_row_id", "problem_id"))
    rows = _counted().in_bulk({problem for _check, problem in pairs}) if pairs else {}
    open_to = set(seen(asked.scope).filter(pk__in=rows).values_list("pk", flat=True)) if rows else set()
    for check, problem in sorted(pairs):
        if problem in rows:
            asked.found.setdefault(check, []).append(fault_now(rows[problem], day, linked=problem in open_to))


def faults_at(village: Place, scope: Scope, today: date) -> FaultsAt:
    """The faults that checks and inspections found in a village: all on the way, and those lifted in the last year.

    Doors are counted and not told: what is wrong at a door is between it, its bearer and its village.
    """
    since = today - timedelta(days=KEPT_DAYS)
    rows = _counted().below(village.path).filter(source__in=FOUND_BY)
    rows = rows.filter(Q(state__in=(*IN_HAND, State.MENDED)) | Q(state__in=LIFTED, verified_on__gte=since))
    told = not_hidden(Check.objects.all(), scope)
    rows = rows.filter(check_row__in=told)
    states = list(rows.values_list("state", flat=True))
    public = rows.exclude(place__level=Level.HOUSEHOLD).select_related("place")
    shown = list(public.order_by(Case(When(state__in=LIFTED, then=1), default=0), "-reported_on", "-pk")[:MOST])
    open_to = set(seen(scope).filter(pk__in=[row.pk for row in shown]).values_list("pk", flat=True))
    n_lifted = sum(state in LIFTED for state in states)
    return FaultsAt(
        tuple(
            FaultAt(
                row.reported_on,
                row.place.name if row.place_id != village.pk else "",
                fault_now(row, today, linked=row.pk in open_to),
            )
            for row in shown
        ),
        len(states) - n_lifted,
        n_lifted,
    )


def _counted() -> ProblemQuerySet:
    """Problems that are true: a merged one stands under its other, a dismissed one was none."""
    return Problem.objects.filter(state__in=(*LIVE, State.CLOSED))


def fault_now(row: Problem, today: date, *, linked: bool) -> FaultNow:
    """A problem as its check's sheet and its village's ledger tell of it: states and days, no names."""
    late = late_days(row.state, row.deadline, today)
    lifted = row.state in LIFTED
    badge, state = ("late", _("逾期 %s 天") % late) if late else (BADGES[row.state], row.get_state_display())
    if lifted:
        badge, state = "done", _("已整改核实")
    return FaultNow(row.kind_name, lifted, badge, state, _days(row), at("problem", row.pk) if linked else "")


def _days(row: Problem) -> str:
    mended = _("%s整改") % said_day(row.mended_on) if row.mended_on else ""
    if row.state in LIFTED and row.verified_on:
        verified = _("%s由别人核实") % said_day(row.verified_on)
        return f"{mended}，{verified}" if mended else verified
    if mended:
        return _("%s，等别人核实") % mended
    return _("期限%s") % said_day(row.deadline)
