"""What is due and what of it is kept: duties, visits and checks at the door read by set, judged by rule 12."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import batched

from django.db.models import Q, QuerySet

from xiangyue.base.consequences import follow
from xiangyue.base.dated import not_over
from xiangyue.duties.layers import LayerOn
from xiangyue.duties.models import Duty
from xiangyue.duties.visit_models import Visit, VisitParty
from xiangyue.duties.visits.marks import Mark, mark_of
from xiangyue.places.models import HouseholdState
from xiangyue.rules.days import Span
from xiangyue.rules.duty import Kept, Outing, Standing, Term, credited, kept, slot_of, standing
from xiangyue.rules.duty import Visit as Came
from xiangyue.rules.settings import Cadence

ABSENT = ("away", "empty")
CHUNK = 900
FEW = 2_000
"""So many bearers are named in a question; of more, everybody's visits on the ground are read."""


@dataclass(slots=True)
class DoorsAsked:
    """Asked of the rooms above: where else these people were seen at targets of a layer, by what they recorded there."""

    ground_id: int
    scheme: str
    layer: str
    people: Collection[int]
    first: date
    last: date
    found: list[tuple[int, int, date]] = field(default_factory=list)
    """(Person, target, day)."""


@dataclass(slots=True)
class Facts:
    """The duties of some bearers of one layer in some days, and the visits that count for each."""

    layer: LayerOn
    terms: dict[str, list[Term]]
    """By bearer's mark."""
    visits: dict[str, tuple[Came, ...]]
    units: dict[str, tuple[int | None, int | None]]
    """By bearer: township and village of its first target."""


@dataclass(frozen=True, slots=True)
class Stand:
    """How one bearer stands on a layer."""

    bearer: Mark
    n_targets: int
    told: Standing
    township_id: int | None
    village_id: int | None


def with_cadence(layers: Iterable[LayerOn]) -> tuple[LayerOn, ...]:
    """The layers that somebody bears and that ask for visits."""
    return tuple(one for one in layers if one.layer.cadence is not None and one.layer.bearer != "household")


def window(cadence: Cadence, day: date, before: int = 1) -> tuple[date, date]:
    """From the first day of the slot so many before the running one, to the running one's last."""
    slot = slot_of(cadence.every, day)
    first = slot
    for _n in range(before):
        first = slot_of(cadence.every, first.starts_on - timedelta(days=1))
    return first.starts_on, slot.ends_on


def duties_at(one: LayerOn, path: str) -> QuerySet[Duty]:
    """The duties of a layer for targets at or below `path`."""
    return Duty.objects.below(path).filter(scheme=one.scheme, layer=one.code)


def facts_of(one: LayerOn, rows: QuerySet[Duty], first: date, last: date) -> Facts:
    """The facts of whoever bears one of the duties within these days; all their duties on the layer are looked at."""
    here = rows.filter(pk__in=Duty.objects.meeting(first, last).values("pk"))
    every = Duty.objects.meeting(first, last).filter(scheme=one.scheme, layer=one.code)
    if one.layer.bearer == "organisation":
        every = every.filter(organisation_id__in=here.order_by().values("organisation_id"))
    else:
        every = every.filter(person_id__in=here.order_by().values("person_id"))
    values = every.order_by("target__path", "pk").values_list(
        "person_id", "organisation_id", "target_id", "from_on", "to_on", "team", "stand_in_id", "stand_in_from",
        "stand_in_to", "target__township_id", "target__village_id", "ground_id",
    )  # fmt: skip
    found = list(values)
    absences = _absences(one, every, first, last)
    terms: dict[str, list[Term]] = defaultdict(list)
    units: dict[str, tuple[int | None, int | None]] = {}
    for person, unit, target, from_on, to_on, team, stand_in, since, until, township, village, _ground in found:
        mark = str(mark_of(person, unit))
        stands = ((f"p{stand_in}", since, until),) if stand_in else ()
        away = absences.get(target, ())
        terms[mark].append(Term(str(target), from_on, to_on, away, mark, team, stands))
        units.setdefault(mark, (township, village))
    outings = _outings(one, {row[-1] for row in found}, terms, first, last)
    per = one.layer.cadence.per if one.layer.cadence else "bearer"
    return Facts(one, dict(terms), credited([term for mine in terms.values() for term in mine], outings, per), units)


def stands(facts: Facts, day: date) -> list[Stand]:
    """How each bearer stands on the day: those behind first, then those who owe, by mark."""
    cadence = facts.layer.layer.cadence
    if cadence is None:
        return []
    found = []
    for mark, terms in facts.terms.items():
        told = standing(cadence, day, terms, facts.visits.get(mark, ()))
        n = len({term.target for term in terms if term.is_live(day)})
        if n or told.last.due or told.running.due:
            found.append(Stand(Mark.read(mark), n, told, *facts.units[mark]))
    return sorted(found, key=lambda row: (not row.told.is_behind, -row.told.left, row.bearer))


def kept_of(facts: Facts, span: Span) -> dict[str, Kept]:
    """Bearer's mark → what was due and kept in a period."""
    cadence = facts.layer.layer.cadence
    if cadence is None:
        return {}
    return {mark: kept(cadence, span, terms, facts.visits.get(mark, ())) for mark, terms in facts.terms.items()}


def _absences(
    one: LayerOn, rows: QuerySet[Duty], first: date, last: date
) -> dict[int, tuple[tuple[date, date | None], ...]]:
    """Target → the days on which the household was away or empty."""
    if one.layer.target != "household":
        return {}
    states = HouseholdState.objects.filter(not_over(first), from_on__lte=last, state__in=ABSENT)
    found: dict[int, list[tuple[date, date | None]]] = defaultdict(list)
    mine = states.filter(place_id__in=rows.order_by().values("target_id"))
    for place, from_on, to_on in mine.values_list("place_id", "from_on", "to_on"):
        found[place].append((from_on, to_on))
    return {place: tuple(spans) for place, spans in found.items()}


def _outings(
    one: LayerOn, grounds: Collection[int], terms: dict[str, list[Term]], first: date, last: date
) -> Iterator[Outing]:
    """Who was where, by visits and by what was recorded at the door."""
    marks = set(terms) | {who for mine in terms.values() for term in mine for who, *_ in term.stand_ins}
    people = sorted(int(mark[1:]) for mark in marks if mark.startswith("p"))
    units = sorted(int(mark[1:]) for mark in marks if mark.startswith("o"))
    yield from _visited(people, units, grounds, first, last)
    if people:
        for ground in grounds:
            asked = DoorsAsked(ground, one.scheme, one.code, people, first, last)
            follow("doors_asked", asked)
            for person, target, day in asked.found:
                yield Outing(day, (str(target),), frozenset((f"p{person}",)))


def _visited(
    people: Sequence[int], units: Sequence[int], grounds: Collection[int], first: date, last: date
) -> Iterator[Outing]:
    rows = VisitParty.objects.filter(
        visit__state__in=(Visit.State.COUNTED, Visit.State.DENIED), visit__ground_id__in=list(grounds),
        visit__day__gte=first, visit__day__lte=last,
    )  # fmt: skip
    found: dict[int, tuple[date, tuple[str, ...], set[str], bool]] = {}
    wanted = [Q()]
    if len(people) + len(units) <= FEW:
        wanted = [Q(person_id__in=some) for some in batched(people, CHUNK)]
        wanted += [Q(organisation_id__in=some) for some in batched(units, CHUNK)]
    for condition in wanted:
        for visit, day, state, target, parent, village, township, ground, person, unit in rows.filter(
            condition
        ).values_list(
            "visit_id", "visit__day", "visit__state", "visit__target_id", "visit__target__parent_id",
            "visit__target__village_id", "visit__target__township_id", "visit__target__ground_id", "person_id",
            "organisation_id",
        ):  # fmt: skip
            if visit not in found:
                places = dict.fromkeys(str(pk) for pk in (target, parent, village, township, ground) if pk)
                found[visit] = (day, tuple(places), set(), state == Visit.State.DENIED)
            found[visit][2].update(mark for mark in (person and f"p{person}", unit and f"o{unit}") if mark)
    for day, lies_in, who, denied in found.values():
        yield Outing(day, lies_in, frozenset(who), denied)
