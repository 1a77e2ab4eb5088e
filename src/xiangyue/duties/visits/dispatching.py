"""What a dispatch meeting looks at: what was done since the last one, what is overdue, who was asked for what."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from xiangyue.agreements.in_force import schemes_over
from xiangyue.base.consequences import follow
from xiangyue.base.dated import held_on
from xiangyue.duties.dispatch_models import Dispatch, DispatchAsk
from xiangyue.duties.layers import layers_on
from xiangyue.duties.visit_models import Visit, Wish
from xiangyue.duties.visits.amounts import KindSum, contributions_of, sums
from xiangyue.duties.visits.overview import LayerTally, layer_tallies
from xiangyue.places.models import Level, Place
from xiangyue.rules.settings import Dispatching

NAMES = {1: _("日调度"), 7: _("周调度"), 10: _("旬调度"), 14: _("双周调度"), 15: _("半月调度"), 30: _("月调度")}
MOST = 12


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often a ground holds its meetings, as its schemes say."""

    days: int

    @property
    def name(self) -> str:
        """周调度, 双周调度 …"""
        return str(NAMES.get(self.days, _("调度")))

    def due(self, last: date) -> date:
        """The day that the next meeting is due after the last."""
        return last + timedelta(days=self.days)

    @property
    def first_back(self) -> timedelta:
        """How far the first meeting looks back: a whole rhythm with its own day."""
        return timedelta(days=self.days - 1)


@dataclass(frozen=True, slots=True)
class Done:
    """Visits of a layer in some days: how many, and at how many targets."""

    name: str
    visits: int
    targets: int


@dataclass
class Told:
    """Asked of the rooms above: further lines for the meeting (figure in words, its page)."""

    place: Place
    first: date
    last: date
    lines: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Look:
    """What lies on the table."""

    first: date
    last: date
    n_visits: int
    n_people: int
    done: tuple[Done, ...]
    given: tuple[KindSum, ...]
    wishes_new: int
    wishes_settled: int
    wishes_open: int
    oldest_wish: date | None
    behind: tuple[LayerTally, ...]
    unseen: tuple[str, ...]
    """Villages that nobody from above came to in these days."""
    n_unseen: int
    overdue: tuple[DispatchAsk, ...]
    running: tuple[DispatchAsk, ...]
    ended: tuple[DispatchAsk, ...]
    more: tuple[tuple[str, str], ...]


def rhythm_of(place: Place, day: date) -> Rhythm:
    """The shortest rhythm that the schemes over a place set; every two weeks where there is none."""
    said = [scheme.dispatch.every_days for _version, scheme in schemes_over(place, day)]
    return Rhythm(min(said, default=Dispatching().every_days))


def look(place: Place, first: date, last: date) -> Look:
    """What was done at or below the place in these days, and what is open on the last of them."""
    visits = Visit.objects.counting().between(first, last).below(place.path)
    wishes = Wish.objects.filter(household__path__gte=place.path, household__path__lt=place.path[:-1] + "0")
    open_wishes = wishes.filter(state__in=(Wish.State.OPEN, Wish.State.PROBLEM))
    asks = asks_at(place)
    live = asks.filter(state=DispatchAsk.State.OPEN)
    unseen = _unseen(place, visits, last)
    told = Told(place, first, last)
    follow("dispatch_told", told)
    return Look(
        first=first,
        last=last,
        n_visits=visits.count(),
        n_people=visits.aggregate(n=Count("party__person", distinct=True))["n"],
        done=tuple(_done(place, visits, last)),
        given=tuple(sums(contributions_of(place.path, first, last))),
        wishes_new=wishes.filter(day__gte=first, day__lte=last).exclude(state=Wish.State.WITHDRAWN).count(),
        wishes_settled=wishes.filter(state=Wish.State.SETTLED, changed_on__gte=first, changed_on__lte=last).count(),
        wishes_open=open_wishes.count(),
        oldest_wish=open_wishes.order_by("day").values_list("day", flat=True).first(),
        behind=tuple(row for row in layer_tallies(place, last) if row.tally.behind),
        unseen=tuple(unseen[:MOST]),
        n_unseen=len(unseen),
        overdue=tuple(live.filter(by_on__lt=last)),
        running=tuple(live.filter(by_on__gte=last)),
        ended=tuple(asks.filter(done_on__gte=first, done_on__lte=last)),
        more=tuple(told.lines),
    )


def asks_at(place: Place) -> QuerySet[DispatchAsk]:
    """What was asked at the meetings of the place and of the places it lies in, where it concerns the place."""
    here = Q(dispatch__place=place) | Q(place__path__startswith=place.path)
    rows = DispatchAsk.objects.filter(here).select_related("dispatch__place", "person", "organisation", "place")
    return rows.order_by("by_on", "pk").distinct()


def last_before(place: Place, day: date) -> Dispatch | None:
    """The last meeting of the place before the day, or on it."""
    return Dispatch.objects.filter(place=place, held_on__lte=day).order_by("-held_on").first()


def _done(place: Place, visits: QuerySet[Visit], day: date) -> list[Done]:
    names = {(one.scheme, one.code): one.layer.name for one in layers_on(place, day)}
    rows = visits.order_by().values_list("scheme", "layer").annotate(n=Count("pk"), at=Count("target", distinct=True))
    found = [Done(names.get((scheme, layer), layer), n, at) for scheme, layer, n, at in rows]
    return sorted(found, key=lambda row: -row.visits)


def _unseen(place: Place, visits: QuerySet[Visit], day: date) -> list[str]:
    """Names of the villages without a visit on a layer whose targets are villages."""
    wanted = [one.code for one in layers_on(place, day) if one.layer.target == "village" and one.layer.cadence]
    if not wanted or place.level not in (Level.COUNTY, Level.TOWNSHIP):
        return []
    seen = visits.filter(layer__in=wanted).order_by().values("target__village_id")
    rows = Place.objects.live(day).below(place.path).of(Level.VILLAGE).exclude(pk__in=seen)
    borne = rows.filter(held_on(day, "duties__"), duties__layer__in=wanted)
    return list(borne.order_by("path").distinct().values_list("name", flat=True))
