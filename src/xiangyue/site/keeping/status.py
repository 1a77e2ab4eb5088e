"""What a ground holds, in figures: read in a fixed number of statements whatever its size."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Count, Min, Sum
from django.utils import timezone

from xiangyue.agreements.models import SchemeVersion
from xiangyue.base import terms
from xiangyue.base.dated import held_on
from xiangyue.base.scope import below
from xiangyue.checks.models import Check, SheetTotal
from xiangyue.duties.coverage import coverage_of
from xiangyue.duties.layers import day_for
from xiangyue.people.models import Organisation, Person, User
from xiangyue.places.models import HouseholdState, Level, Place
from xiangyue.standings.models import Closing, Period, Standing


def grounds(code: str | None) -> list[Place]:
    """The ground of that code, or every place that has a scheme (every county, where none has)."""
    if code:
        return list(Place.objects.filter(code=code))
    held = SchemeVersion.objects.values("ground_id")
    return list(Place.objects.filter(pk__in=held).order_by("path")) or list(Place.objects.of(Level.COUNTY))


def status_of(ground: Place) -> dict[str, Any]:
    """Everything about a ground as plain values."""
    today = timezone.localdate()
    there = Place.objects.below(ground.path).live(today)
    levels = dict(there.values_list("level").annotate(n=Count("id")).order_by())
    return {
        "ground": ground.code,
        "name": ground.name,
        "today": today.isoformat(),
        "places": {
            level: {"name": str(Level(level).label), "n": levels.get(level, 0)}
            for level in Level.values
            if level in levels or level != Level.COUNTY
        },
        "coming": _coming(ground),
        "scheme_from": _scheme_from(ground),
        "households": _households(ground, levels.get(Level.HOUSEHOLD, 0)),
        "persons": Person.objects.filter(place__in=_places(ground)).count(),
        "organisations": Organisation.objects.filter(place__in=_places(ground)).count(),
        "users": User.objects.filter(person__place__in=_places(ground)).count(),
        "duties": _duties(ground),
        "checks": _checks(ground),
        "periods": _periods(ground),
        "texts": _texts(ground, today),
    }


def _places(ground: Place) -> Any:
    return Place.objects.below(ground.path).exclude(level=Level.HOUSEHOLD).values("id")


def _coming(ground: Place) -> dict[str, Any]:
    """Places and households that are on file and begin on a day to come: counted nowhere else."""
    rows = Place.objects.below(ground.path).filter(from_on__gt=timezone.localdate())
    first = rows.aggregate(first=Min("from_on"))["first"]
    return {"n": rows.count(), "from_on": first.isoformat() if first else None}


def _scheme_from(ground: Place) -> str | None:
    """The first day of the first scheme while it is still to come; duties are then those of that day."""
    day = day_for(ground, timezone.localdate())
    return day.isoformat() if day > timezone.localdate() else None


def _households(ground: Place, n: int) -> dict[str, Any]:
    today = timezone.localdate()
    rows = HouseholdState.objects.filter(held_on(today))
    rows = rows.filter(place__in=Place.objects.below(ground.path).of(Level.HOUSEHOLD).live(today).values("id"))
    states = dict(rows.values_list("state").annotate(n=Count("id")).order_by())
    labels = dict(HouseholdState.State.choices)
    return {
        "n": n,
        "states": {state: {"name": str(label), "n": states.get(state, 0)} for state, label in labels.items()},
    }


def _duties(ground: Place) -> list[dict[str, Any]]:
    """Every layer's duties; layers that exclude each other share their targets, covered and gaps."""
    return [
        {
            "layer": layer.code,
            "name": layer.name,
            "duties": layer.borne,
            "bearers": layer.bearers,
            "targets": layer.targets,
            "covered": layer.covered,
            "gaps": layer.gaps,
            "apart": layer.apart,
        }
        for layer in coverage_of(ground.path, day_for(ground, timezone.localdate()))
    ]


def _checks(ground: Place) -> list[dict[str, Any]]:
    rows = SheetTotal.objects.filter(below("subject__path", (ground.path,)))
    found = rows.values("kind__code", "kind__name", "month").annotate(n=Sum("n")).order_by("month", "kind_id")
    held = Check.objects.aside(Check.State.HELD).filter(ground_id=ground.ground_id).count()
    late = Check.objects.aside(Check.State.LATE).filter(ground_id=ground.ground_id).count()
    listed = [
        {"kind": row["kind__code"], "name": row["kind__name"], "month": row["month"], "n": row["n"]} for row in found
    ]
    for code, name, n in (("held", "待人工核对", held), ("late", "迟到未计入", late)):
        if n:
            listed.append({"kind": code, "name": name, "month": "", "n": n})
    return listed


def _texts(ground: Place, today: date) -> dict[str, Any]:
    """What is past its term and not erased yet, and when that was last done on this instance."""
    last = terms.last_run()
    at = last.finished_at if last else None
    return {"over": terms.n_over(ground.path, today), "erased_at": at.isoformat() if at else None}


def _periods(ground: Place) -> list[dict[str, Any]]:
    newest: dict[int, Closing] = {}
    for closing in Closing.objects.filter(period__ground=ground).order_by("version"):
        newest[closing.period_id] = closing
    digests: dict[int, dict[str, str]] = {}
    for closing_id, code, digest in Standing.objects.filter(
        closing__in=[closing.pk for closing in newest.values()]
    ).values_list("closing_id", "composite", "digest"):
        digests.setdefault(closing_id, {})[code] = digest
    found = []
    for period in Period.objects.filter(ground=ground).order_by("starts_on", "key"):
        last = newest.get(period.pk)
        found.append(
            {
                "key": period.key,
                "kind": period.kind,
                "state": last.state if last else "open",
                "state_name": str(last.get_state_display()) if last else "进行中",
                "version": last.version if last else None,
                "out_of_date": last.out_of_date if last else False,
                "digests": digests.get(last.pk, {}) if last else {},
            }
        )
    return found
