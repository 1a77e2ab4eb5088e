"""Who may hand in the sheets of inspections: once a year's plan is filed, the teams for their turns and nobody else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from xiangyue.base.problems import Problem
from xiangyue.base.roles import OFFICES
from xiangyue.base.scope import Scope, below
from xiangyue.checks.inspections import problems
from xiangyue.checks.inspections.facts import tied_to
from xiangyue.checks.inspections.models import Inspection, InspectionMember, InspectionTurn
from xiangyue.checks.inspections.planning import filed
from xiangyue.checks.inspections.ways import kinds_of, takes, way_of
from xiangyue.checks.permits import Asked
from xiangyue.people.models import Person
from xiangyue.places.models import Place
from xiangyue.rules.settings import CheckKind, Scheme

State = Inspection.State
UNDER_WAY = (State.OPENED, State.FINISHED)


class InspectionGuard:
    """What inspections say of the kinds of check that are their sheets."""

    def guards(self, scheme: Scheme, kind: CheckKind, ground_id: int, day: date) -> bool:
        """Whether the kind is an inspection's sheet and the year's plan of it was filed."""
        way = takes(scheme, kind.code) if not kind.layers else None
        return way is not None and filed(ground_id, scheme.code, way.code, day.year)

    def judge(self, asked: Asked) -> None:
        """Pass a sheet of a turn by a member of its team who has no tie there; a Problem refuses the rest."""
        place, person, kind = asked.place, asked.inspector, asked.rule.kind
        way = takes(asked.rule.scheme, kind.code)
        turns = InspectionTurn.objects.filter(
            subject=place.id, inspection__ground=asked.rule.ground_id, inspection__scheme=asked.rule.scheme.code,
            inspection__kind=way.code if way else "", inspection__state__in=UNDER_WAY,
            inspection__from_on__lte=asked.day, inspection__to_on__gte=asked.day,
        ).select_related("inspection__ground")  # fmt: skip
        turn = turns.filter(team__members__person=person.id).first()
        if turn is None or not _may_enter(asked.scope, turn.inspection):
            name = Person.objects.filter(pk=person.id).values_list("name", flat=True).first() or person.code
            raise Problem(problems.NOT_ONES_TURN, day=asked.day, kind=kind.name, inspector=name, subject=place.name)
        if tied_to(person, place, asked.day):
            name = Person.objects.filter(pk=person.id).values_list("name", flat=True).first() or person.code
            raise Problem(problems.TIED, inspector=name, subject=place.name)

    def offers(self, scope: Scope, today: date) -> Sequence[tuple[Scheme, CheckKind, Sequence[Place]]]:
        """The sheets of the actor's own turns that are under way."""
        mine = Q(team__members__person=scope.person_id or 0)
        offices = below("inspection__ground__path", scope.paths(OFFICES))
        turns = _turns().filter(mine | offices, inspection__state=State.OPENED, inspection__from_on__lte=today)
        held: dict[int, tuple[Inspection, list[Place]]] = {}
        now = timezone.now()
        for turn in turns.annotate(is_mine=Exists(_own(scope))).order_by("team__number", "order").distinct():
            if not turn.is_mine and turn.inspection.is_drawn and now < turn.inspection.told_at:
                # from paper the office types it in when it is no secret any more
                continue
            held.setdefault(turn.inspection_id, (turn.inspection, []))[1].append(turn.subject)
        return [
            (scheme, kind, places)
            for inspection, places in held.values()
            for scheme, way in (way_of(inspection),)
            for kind in kinds_of(scheme, way)
        ]

    def inspectors(self, scope: Scope, place: Place, kind: str, today: date) -> Sequence[Person]:
        """The members of the team that goes there, leaders first."""
        turns = _turns().filter(subject=place, inspection__state__in=UNDER_WAY, inspection__from_on__lte=today)
        for turn in turns.order_by("-inspection__from_on"):
            _scheme, way = way_of(turn.inspection)
            if kind in way.checks and _may_enter(scope, turn.inspection):
                members = InspectionMember.objects.filter(team=turn.team_id).order_by("-leads", "person__code")
                return [row.person for row in members.select_related("person__place")]
        return []


def _turns() -> QuerySet[InspectionTurn]:
    return InspectionTurn.objects.select_related(
        "inspection__ground", "inspection__scheme_version", "subject__township", "subject__village", "subject__ground"
    )


def _own(scope: Scope) -> QuerySet[InspectionMember]:
    """The actor among the members of a turn's team."""
    return InspectionMember.objects.filter(team=OuterRef("team"), person=scope.person_id or 0)


def _may_enter(scope: Scope, inspection: Inspection) -> bool:
    """Whether the actor hands in its sheets: the teams, and the office of the ground from paper."""
    condition = Q(team__inspection=inspection, person=scope.person_id or 0)
    return scope.holds(OFFICES, inspection.ground.path) or InspectionMember.objects.filter(condition).exists()
