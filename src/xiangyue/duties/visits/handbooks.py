"""The handbook of a bearer and a target: both parties and each action between them, drawn from the records."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from xiangyue.base.consequences import follow
from xiangyue.base.saying import said_day
from xiangyue.base.scope import Scope
from xiangyue.duties.actions.single import Bearing, borne_by
from xiangyue.duties.layers import LayerOn, layer_on, layers_on
from xiangyue.duties.models import Duty
from xiangyue.duties.visit_models import CardHanding, Contribution, Visit, VisitParty, Wish
from xiangyue.duties.visits.amounts import KindSum, sums
from xiangyue.duties.visits.keeping import facts_of, kept_of
from xiangyue.duties.visits.marks import mark_of
from xiangyue.duties.visits.shown import VisitShown, shown
from xiangyue.places.models import Level, Place
from xiangyue.rules.days import Span
from xiangyue.rules.duty import Kept

MOST = 400


@dataclass(frozen=True, slots=True)
class Line:
    """One action: the day, what it was, and its page."""

    day: date
    what: str
    words: str
    url: str = ""


@dataclass
class Asked:
    """Asked of the rooms above: what else was done for the target by the bearer from day to day."""

    target: Place
    people: tuple[int, ...]
    first: date
    last: date
    lines: list[Line] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class TaskTold:
    """A task and on how many visits it was done."""

    name: str
    n: int


@dataclass(frozen=True, slots=True)
class Handbook:
    """Everything between a bearer and a target from the duty's first day on."""

    duty: Duty
    layer: LayerOn
    first: date
    last: date
    kept: Kept | None
    tasks: tuple[TaskTold, ...]
    visits: tuple[VisitShown, ...]
    given: tuple[KindSum, ...]
    lines: tuple[Line, ...]
    others: tuple[tuple[str, str], ...]
    """(Layer, names) of the others who answer for the target or what it lies in."""


def handbook_of(scope: Scope, duty: Duty, first: date, last: date) -> Handbook:
    """The handbook of a duty's pair over some days."""
    one = layer_on(duty.target, min(last, duty.to_on or last), duty.layer, duty.scheme)
    visits = visits_between(duty, first, last)
    counted = visits.filter(state=Visit.State.COUNTED)
    told = tuple(shown(scope, visits.order_by("day", "pk")[:MOST], [one]))
    return Handbook(
        duty, one, first, last, _kept(duty, one, first, last), _tasks(one, counted), told,
        tuple(sums(Contribution.objects.filter(visit__in=counted))),
        tuple(sorted(_lines(duty, first, last), key=lambda line: line.day)), _others(duty, last),
    )  # fmt: skip


def bearer_of(duty: Duty) -> Bearing:
    """Who bears it."""
    bearer = duty.person or duty.organisation
    assert bearer is not None
    return bearer


def visits_between(duty: Duty, first: date, last: date) -> Any:
    """The visits of the pair: the bearer, a stand-in or somebody for the organisation, at the target or in it."""
    who = Q(person_id=duty.person_id) if duty.person_id else Q(organisation_id=duty.organisation_id)
    if duty.stand_in_id:
        who |= Q(person_id=duty.stand_in_id)
    party = VisitParty.objects.filter(who)
    rows = Visit.objects.below(duty.target.path).between(max(first, duty.from_on), min(last, duty.to_on or last))
    return rows.filter(pk__in=party.values("visit_id")).exclude(state=Visit.State.WITHDRAWN)


def _kept(duty: Duty, one: LayerOn, first: date, last: date) -> Kept | None:
    if one.layer.cadence is None:
        return None
    rows = borne_by(bearer_of(duty))
    rows = rows.filter(scheme=duty.scheme, layer=duty.layer)
    if one.layer.cadence.per == "target":
        rows = rows.filter(target=duty.target)
    facts = facts_of(one, rows, first, last)
    found = kept_of(facts, Span("", "month", first, last))
    mark = str(mark_of(duty.person_id, duty.organisation_id))
    if one.layer.cadence.per == "target":
        mine = [term for term in facts.terms.get(mark, ()) if term.target == str(duty.target_id)]
        facts.terms[mark] = mine
        found = kept_of(facts, Span("", "month", first, last))
    return found.get(mark)


def _tasks(one: LayerOn, visits: Any) -> tuple[TaskTold, ...]:
    counts: dict[str, int] = {}
    for tasks in visits.exclude(tasks="").values_list("tasks", flat=True):
        for code in tasks.split(","):
            counts[code] = counts.get(code, 0) + 1
    return tuple(TaskTold(task.name, counts.get(task.code, 0)) for task in one.layer.tasks)


def _lines(duty: Duty, first: date, last: date) -> list[Line]:
    target, found = duty.target, []
    if first <= duty.from_on <= last:
        found.append(Line(duty.from_on, _("开始包保"), str(duty.get_source_display())))
    if duty.to_on and first <= duty.to_on <= last:
        found.append(Line(duty.to_on, _("包保到期"), ""))
    if duty.stand_in and duty.stand_in_from and first <= duty.stand_in_from <= last:
        until = _("到%s") % said_day(duty.stand_in_to) if duty.stand_in_to else ""
        found.append(Line(duty.stand_in_from, _("代班"), f"{duty.stand_in.name} {until}".strip()))
    if target.level == Level.HOUSEHOLD:
        cards = CardHanding.objects.filter(household=target, handed_on__gte=first, handed_on__lte=last)
        found += [Line(on, _("发联系卡"), "") for on in cards.values_list("handed_on", flat=True)]
        wishes = Wish.objects.filter(household=target, day__gte=first, day__lte=last).exclude(state="withdrawn")
        found += [
            Line(row.day, _("群众诉求"), f"{getattr(getattr(row, 'words', None), 'text', '')}（{row.get_state_display()}）",
                 reverse("visits:wish", args=(row.pk,)))
            for row in wishes.select_related("words")
        ]  # fmt: skip
    people = tuple(pk for pk in (duty.person_id, duty.stand_in_id) if pk)
    asked = Asked(target, people, max(first, duty.from_on), last)
    follow("handbook_told", asked)
    return found + asked.lines


def _others(duty: Duty, day: date) -> tuple[tuple[str, str], ...]:
    target = duty.target
    over = [pk for pk in (target.pk, target.village_id, target.township_id) if pk]
    rows = Duty.objects.live(day).filter(target_id__in=over).exclude(pk=duty.pk)
    rows = rows.select_related("person", "organisation", "target").order_by("target__path", "layer", "pk")
    names = {(one.scheme, one.code): one.layer.name for one in layers_on(target, day)}
    found: dict[str, list[str]] = {}
    for row in rows[:60]:
        who = row.person or row.organisation
        found.setdefault(names.get((row.scheme, row.layer), row.layer), []).append(who.name if who else "")
    return tuple((layer, "、".join(dict.fromkeys(who))) for layer, who in found.items())
