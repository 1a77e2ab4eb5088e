"""What a draw is made from: subjects with stratum and weight, what each received already, who is tied where."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q

from xiangyue.base.scope import below
from xiangyue.checks.inspections.models import Inspection, InspectionMember, InspectionTurn, SheetObjection
from xiangyue.checks.inspections.ways import draw_of, level_of
from xiangyue.checks.models import Check, Kind, SheetTotal
from xiangyue.checks.storing import month_of
from xiangyue.duties.models import Duty
from xiangyue.places.models import Place, PlaceClass
from xiangyue.rules import draw
from xiangyue.rules.settings import InspectionKind, Scheme

COUNTED = Check.State.COUNTED
LIVE = (Inspection.State.OPENED, Inspection.State.FINISHED)


def subjects_of(ground: Place, level: str, day: date, townships: Collection[str] = ()) -> list[Place]:
    """The live subjects of a ground (of some of its townships), in the order of the register."""
    rows = Place.objects.live(day).filter(below("path", (ground.path,)), level=level)
    if townships:
        rows = rows.filter(Q(township__code__in=townships) | Q(code__in=townships))
    return list(rows.select_related("township", "village", "ground").order_by("path"))


def facts_for(code: str, scheme: Scheme, way: InspectionKind, subjects: Sequence[Place], day: date) -> dict[str, Any]:
    """Everything of a draw that is fixed when the inspection is arranged."""
    plan = draw_of(scheme, way)
    weights = weights_of(scheme, way, subjects, day) if plan is not None else {}
    return {
        "code": code,
        "n": plan.n if plan is not None else 0,
        "cap": plan.cap if plan is not None else 0,
        "month_cap": scheme.burden.inspections_month if level_of(scheme, way) == "village" else 0,
        "subjects": [
            [place.code, stratum_of(way, place), weights.get(place.pk, 1), town_of(place)] for place in subjects
        ],
    }


def stratum_of(way: InspectionKind, place: Place) -> str:
    """The group of which the draw takes its n."""
    named = PlaceClass(place.place_class).label if place.place_class in PlaceClass.values else ""
    town = town_of(place) if place.level != "township" else ""
    parts = {"township_class": (town, named), "by_township": (town,), "by_class": (named,), "whole": ()}
    return " ".join(str(part) for part in parts[way.strata] if part)


def town_of(place: Place) -> str:
    """The code of the township that a place lies in (its own for a township)."""
    return place.township.code if place.township else place.code


def weights_of(scheme: Scheme, way: InspectionKind, subjects: Sequence[Place], day: date) -> dict[int, int]:
    """Subject → 1, +1 for each full quarter unseen by this way, +1 when its last sheet fell to an objection."""
    keys = [place.pk for place in subjects]
    rows = Check.objects.filter(subject__in=keys, kind__in=_kinds(scheme, way.checks, subjects), state=COUNTED)
    last: dict[int, date] = dict(rows.values("subject").annotate(on=Max("day")).values_list("subject", "on"))
    fell = _fallen(keys, way, last)
    return {
        place.pk: draw.weight(last.get(place.pk, place.from_on), day, recheck_due=place.pk in fell)
        for place in subjects
    }


def _fallen(keys: Sequence[int], way: InspectionKind, last: Mapping[int, date]) -> set[int]:
    """Subjects whose sheet was taken back for an objection, and that were not seen since."""
    rows = SheetObjection.objects.filter(
        subject__in=keys, outcome=SheetObjection.Outcome.UPHELD, turn__inspection__kind=way.code
    ).values_list("subject", "check_row__day")
    return {subject for subject, day in rows if subject not in last or last[subject] < day}


def seen_in_year(scheme: Scheme, way: InspectionKind, subjects: Sequence[Place], day: date) -> dict[str, int]:
    """Subject's code → how often this way came to it in the year: its turns, whether or not the sheet is in."""
    rows = InspectionTurn.objects.filter(
        subject__in=[place.pk for place in subjects], inspection__kind=way.code, inspection__scheme=scheme.code,
        inspection__from_on__year=day.year, inspection__state__in=LIVE, unseen="",
    )  # fmt: skip
    return dict(rows.values("subject__code").annotate(n=Count("pk")).values_list("subject__code", "n"))


def received(
    scheme: Scheme, level: str, subjects: Sequence[Place], day: date, but: Inspection | None = None
) -> dict[str, int]:
    """Subject's code → inspections that it received in the day's month, and those on their way."""
    kinds = [
        kind.code for kind in scheme.check_kinds if kind.subject == level and not (kind.self_check or kind.opinion)
    ]
    keys = [place.pk for place in subjects]
    found: Counter[str] = Counter()
    totals = SheetTotal.objects.filter(
        subject__in=keys, month=month_of(day), kind__in=_kinds(scheme, kinds, subjects)
    ).values_list("subject__code", "n")
    for code, n in totals:
        found[code] += n
    coming = InspectionTurn.objects.filter(
        subject__in=keys, unseen="", inspection__scheme=scheme.code, inspection__from_on__year=day.year,
        inspection__from_on__month=day.month,
    ).exclude(inspection__state=Inspection.State.GIVEN_UP)  # fmt: skip
    if but is not None:
        coming = coming.exclude(inspection=but)
    found.update(coming.exclude(has_sheet()).values_list("subject__code", flat=True))
    arranged = Inspection.objects.filter(
        ground__in={pk for place in subjects for pk in (place.ground_id, place.township_id) if pk}, scheme=scheme.code,
        from_on__year=day.year, from_on__month=day.month, is_drawn=False, state=Inspection.State.READY,
    )  # fmt: skip
    if but is not None:
        arranged = arranged.exclude(pk=but.pk)
    # what goes everywhere is known to come, though its day is not there yet
    for facts in arranged.values_list("facts", flat=True):
        found.update(row[0] for row in facts["subjects"])
    return dict(found)


def has_sheet() -> Exists:
    """Whether a turn has a counted sheet by its team."""
    return Exists(
        Check.objects.filter(
            subject=OuterRef("subject"), state=COUNTED, day__gte=OuterRef("inspection__from_on"),
            day__lte=OuterRef("inspection__to_on"),
            inspector__in=InspectionMember.objects.filter(team=OuterRef(OuterRef("team"))).values("person"),
        )
    )  # fmt: skip


def ties_of(inspection: Inspection, subjects: Sequence[Place], day: date) -> dict[int, dict[str, str]]:
    """Team's number → subject's code → why nobody of the team may go there: every member bears it or lives there."""
    members = list(
        InspectionMember.objects.filter(team__inspection=inspection).values_list(
            "team__number", "person_id", "person__organisation_id", "person__name", "person__home__path"
        )
    )
    codes = {place.path: place.code for place in subjects}
    tied: dict[int, dict[str, set[int]]] = {}
    for team, person, _unit, _name, home in members:
        if home and (code := _within(home, codes)):
            tied.setdefault(team, {}).setdefault(code, set()).add(person)
    for path, person, unit, stand_in in _duties(inspection.ground, members, day):
        code = _within(path, codes)
        for team, held, own_unit, _name, _home in members if code else ():
            if held in (person, stand_in) or (unit is not None and unit == own_unit):
                tied.setdefault(team, {}).setdefault(code, set()).add(held)
    crew = Counter(row[0] for row in members)
    return {
        team: {code: "组员都在这里包保或安家" for code, people in places.items() if len(people) == crew[team]}
        for team, places in tied.items()
    }


def tied_to(person: Any, place: Any, day: date) -> bool:
    """Whether an inspector bears something in a place, or lives there."""
    home = Place.objects.filter(pk=person.home_id or 0).values_list("path", flat=True).first()
    rows = Duty.objects.live(day).below(place.path)
    mine = Q(person=person.id) | Q(stand_in=person.id)
    if person.organisation_id is not None:
        mine |= Q(organisation=person.organisation_id)
    return bool(home and home.startswith(place.path)) or rows.filter(mine).exists()


def _duties(ground: Place, members: Iterable[Any], day: date) -> list[tuple[Any, ...]]:
    """(Path, person, organisation, stand-in) of the live duties of the members and their organisations."""
    people = [row[1] for row in members]
    units = [row[2] for row in members if row[2]]
    rows = Duty.objects.live(day).below(ground.path)
    rows = rows.filter(Q(person__in=people) | Q(stand_in__in=people) | Q(organisation__in=units))
    return list(rows.values_list("target__path", "person_id", "organisation_id", "stand_in_id").distinct())


def _within(path: str, codes: Mapping[str, str]) -> str:
    """The code of the subject at or above a path; empty where there is none."""
    parts = path.split("/")[:-1]
    return next((code for n in range(len(parts), 0, -1) if (code := codes.get("/".join(parts[:n]) + "/"))), "")


def _kinds(scheme: Scheme, codes: Iterable[str], subjects: Sequence[Place]) -> list[int]:
    """The small numbers of kinds of check on the subjects' grounds."""
    grounds = {pk for place in subjects for pk in (place.ground_id, place.township_id) if pk}
    rows = Kind.objects.filter(ground__in=grounds, scheme=scheme.code, code__in=tuple(codes))
    return list(rows.values_list("pk", flat=True))
