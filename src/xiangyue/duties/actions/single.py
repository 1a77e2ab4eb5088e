"""Duties given and ended one by one."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from xiangyue.base import changes
from xiangyue.base.dated import not_over
from xiangyue.base.problems import Problem
from xiangyue.base.scope import Scope
from xiangyue.base.writes import alone, write
from xiangyue.duties import problems
from xiangyue.duties.layers import BEARERS, LayerOn, layer_on, posts_words
from xiangyue.duties.models import Duty
from xiangyue.duties.permits import hold_against_giver
from xiangyue.duties.problems import told_overlaps
from xiangyue.people.models import Organisation, Person, Post, User
from xiangyue.places.models import Level, Place, PlaceClass

type Bearing = Person | Organisation


@dataclass(frozen=True, slots=True)
class Terms:
    """From when to when, and with whom together."""

    from_on: date
    to_on: date | None = None
    team: str = ""


def assign(
    actor: User | None,
    target: Place,
    layer: str,
    bearer: Bearing,
    terms: Terms,
    *,
    scheme: str = "",
    scope: Scope | None = None,
    now: datetime | None = None,
) -> Duty:
    """The new duty of a person or organisation for one target; Problem when the scheme or another duty forbids it."""
    one = layer_on(target, terms.from_on, layer, scheme)
    hold_against_giver(scope, one.layer.name, [(target.level, target.path)])
    hold_target(one, target, terms)
    with told_overlaps(), write():
        alone(f"duties:{target.ground_id}")
        hold_bearer(one, bearer, terms.from_on)
        hold_own_house(bearer, [target])
        hold_room(one, bearer, 1, terms.from_on)
        hold_free(one, bearer, target, terms)
        row = Duty(
            ground_id=one.ground_id, scheme=one.scheme, layer=one.code, target=target, team=terms.team,
            exclusion=one.layer.exclusion, from_on=terms.from_on, to_on=terms.to_on,
            created_at=now or timezone.now(), created_by=actor, **{kind_of(bearer): bearer},
        )  # fmt: skip
        row.save()
        changes.log(
            actor.pk if actor else None, "duty.assigned", row, path=target.path, after=told(row, bearer, target)
        )
    return row


def end_duty(actor: User | None, row: Duty, last: date, *, scope: Scope | None = None, reason: str = "") -> Duty:
    """The duty with `last` as its last day."""
    target = row.target
    hold_against_giver(scope, row.layer, [(target.level, target.path)])
    with write():
        row = Duty.objects.select_for_update().get(pk=row.pk)
        if row.to_on is not None and row.to_on <= last:
            raise Problem(problems.ENDED, day=row.to_on)
        if last < row.from_on:
            raise Problem(problems.NOT_BEGUN, day=row.from_on)
        before = {"to_on": row.to_on}
        row.to_on = last
        row.save(update_fields=["to_on"])
        changes.log(
            actor.pk if actor else None, "duty.ended", row, path=target.path, before=before, after={"to_on": last},
            reason=reason,
        )  # fmt: skip
    return row


def kind_of(bearer: Bearing) -> str:
    """The field a bearer stands in."""
    return "person" if isinstance(bearer, Person) else "organisation"


def told(row: Duty, bearer: Bearing, target: Place) -> dict[str, Any]:
    """A duty as the change log keeps it."""
    return {"layer": row.layer, "bearer": bearer.code, "target": target.code, "team": row.team,
            "from_on": row.from_on, "to_on": row.to_on}  # fmt: skip


def hold_target(one: LayerOn, target: Place, terms: Terms) -> None:
    """Pass only a target of the layer's level that exists on the first day."""
    if terms.to_on is not None and terms.to_on < terms.from_on:
        raise Problem(problems.DATES)
    if target.level != one.layer.target:
        wanted = Level(one.layer.target).label
        raise Problem(problems.WRONG_TARGET, layer=one.layer.name, wanted=wanted, target=target.name)
    if one.layer.classes and target.place_class not in one.layer.classes:
        classes = "、".join(str(PlaceClass(found).label) for found in one.layer.classes)
        raise Problem(problems.WRONG_TARGET, layer=one.layer.name, wanted=classes, target=target.name)
    if target.from_on > terms.from_on or (target.to_on is not None and target.to_on < terms.from_on):
        raise Problem(problems.GONE, target=target.name, day=terms.from_on)


def hold_bearer(one: LayerOn, bearer: Bearing, day: date) -> None:
    """Pass only who may bear the layer by kind and post, and is there on the day."""
    if one.layer.bearer == "household":
        raise Problem(problems.HOUSEHOLDS_OWN, layer=one.layer.name)
    if kind_of(bearer) != one.layer.bearer:
        raise Problem(problems.WRONG_BEARER, layer=one.layer.name, wanted=BEARERS[one.layer.bearer])
    if bearer.from_on > day or (bearer.to_on is not None and bearer.to_on < day):
        raise Problem(problems.AWAY_BEARER, bearer=bearer.name, day=day)
    if isinstance(bearer, Person) and one.layer.posts and not _holds_post(one, bearer, day):
        raise Problem(problems.WRONG_POST, bearer=bearer.name, day=day, posts=posts_words(one.layer))


def _holds_post(one: LayerOn, person: Person, day: date) -> bool:
    live = not_over(day)
    return Post.objects.filter(live, person=person, kind__in=one.layer.posts, from_on__lte=day).exists()


def hold_own_house(bearer: Bearing, targets: Collection[Place]) -> None:
    """Pass only when none of the targets is the bearer's own household."""
    if isinstance(bearer, Person) and bearer.home_id:
        for target in targets:
            if target.pk == bearer.home_id:
                raise Problem(problems.OWN_HOUSE, target=target.name, bearer=bearer.name)


def borne_by(bearer: Bearing) -> QuerySet[Duty]:
    """All duties of a person or an organisation."""
    return Duty.objects.filter(**{kind_of(bearer): bearer})


def hold_room(one: LayerOn, bearer: Bearing, more: int, day: date) -> None:
    """Pass only when so many targets more leave the bearer within the scheme's limit."""
    if not one.layer.per_bearer:
        return
    rows = borne_by(bearer).filter(scheme=one.scheme, layer=one.code, from_on__lte=day)
    n = rows.filter(not_over(day)).count() + more
    if n > one.layer.per_bearer:
        raise Problem(problems.OVER_LIMIT, bearer=bearer.name, n=n, limit=one.layer.per_bearer)


def hold_free(one: LayerOn, bearer: Bearing, target: Place, terms: Terms) -> None:
    """Pass only when nobody else bears an exclusive target in these days, and the bearer does not bear it already."""
    rows = Duty.objects.meeting(terms.from_on, terms.to_on).filter(scheme=one.scheme, target=target)
    rows = rows.select_related("person", "organisation")
    if rows.filter(layer=one.code, **{kind_of(bearer): bearer}).exists():
        raise Problem(problems.TWICE, bearer=bearer.name, target=target.name)
    if not one.layer.exclusion:
        return
    for row in rows.filter(exclusion=one.layer.exclusion):
        if not (terms.team and row.layer == one.code and row.team == terms.team):
            who = row.person or row.organisation
            raise Problem(
                problems.TAKEN, target=target.name, day=row.from_on, bearer=who.name if who else "",
                layer=one.layer.name,
            )  # fmt: skip
