"""The problems part of a performance: of those that fell due in the period, how many each bearer had closed in time."""

from __future__ import annotations

from django.db.models import Q

from xiangyue.duties.models import Duty
from xiangyue.problems.models import Problem, State
from xiangyue.rewards.working import Work
from xiangyue.rules.performance import Due, Figure, in_time
from xiangyue.rules.settings import Layer

type Rates = dict[tuple[int | None, int | None], Figure]
OUTSIDE = (State.MERGED, State.DISMISSED)


def problem_rates(work: Work, layer: Layer) -> Rates:
    """(Person, organisation) → the share in time of the problems given to them, or of those that nobody has at their targets.

    Who had none that fell due in the period is not in it.
    """
    span = work.span
    duties = Duty.objects.live(span.ends_on).below(work.ground.path).filter(scheme=work.code, layer=layer.code)
    bearers: dict[int, list[tuple[int | None, int | None]]] = {}
    for target, person, unit in duties.order_by("pk").values_list("target_id", "person_id", "organisation_id"):
        bearers.setdefault(target, []).append((person, unit))
    mine = {bearer for some in bearers.values() for bearer in some}
    rows = Problem.objects.below(work.ground.path).exclude(state__in=OUTSIDE)
    rows = rows.filter(deadline__gte=span.starts_on, deadline__lte=span.ends_on)
    given = Q(person__isnull=False) | Q(organisation__isnull=False) | Q(place__in=duties.values("target"))
    piles: dict[tuple[int | None, int | None], list[Due]] = {}
    for pk, place, person, unit, deadline, verified, reopened in rows.filter(given).values_list(
        "pk", "place_id", "person_id", "organisation_id", "deadline", "verified_on", "n_reopened"
    ):
        whose = [(person, unit)] if person or unit else bearers.get(place, [])
        for bearer in whose:
            if bearer in mine:
                piles.setdefault(bearer, []).append(Due(str(pk), deadline, verified, reopened > 0))
    found = {bearer: in_time(some, span) for bearer, some in piles.items()}
    return {bearer: figure for bearer, figure in found.items() if figure.value is not None}
