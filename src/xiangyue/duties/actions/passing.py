"""Duties passed on: handed over from a day, or stood in for from a day to a day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import QuerySet

from xiangyue.base.changes import log_many
from xiangyue.base.problems import Problem
from xiangyue.base.scope import Scope
from xiangyue.base.writes import alone, write
from xiangyue.duties import problems
from xiangyue.duties.actions.single import Bearing, borne_by, hold_bearer, hold_room, kind_of
from xiangyue.duties.bulk import DutyRow, end_duties, store_duties
from xiangyue.duties.layers import LayerOn, layer_on
from xiangyue.duties.models import Duty
from xiangyue.duties.permits import hold_against_giver
from xiangyue.duties.problems import told_overlaps
from xiangyue.people.models import Person, User
from xiangyue.places.models import Place

TABLE = "duties.duty"


@dataclass(frozen=True, slots=True)
class Handing:
    """One target's way from one bearer to the next."""

    row: Duty
    to: Bearing


def hand_over(
    actor: User | None,
    giver: Bearing,
    takers: Sequence[Bearing],
    on: date,
    *,
    only: Iterable[int] | None = None,
    scope: Scope | None = None,
    reason: str = "",
) -> int:
    """How many targets pass from `giver` to `takers` from `on` (the giver's last day is the eve).

    `only` are the keys of the duties to pass; without it all that are live then. Several takers share them in the order
    of the tree, as evenly as can be. Layer, team and last day of a duty stay; nobody takes his or her own household.
    """
    if not takers or any(type(taker) is type(giver) and taker.pk == giver.pk for taker in takers):
        raise Problem(problems.SELF, bearer=giver.name)
    with told_overlaps(), write():
        rows = live_duties(giver, on)
        chosen = list(rows if only is None else rows.filter(pk__in=list(only)))
        if not chosen:
            raise Problem(problems.NOTHING)
        for ground in sorted({row.target.ground_id or row.target_id for row in chosen}):
            alone(f"duties:{ground}")
        name = "、".join(sorted({row.layer for row in chosen}))
        hold_against_giver(scope, name, [(row.target.level, row.target.path) for row in chosen])
        handings = _shared_out(chosen, list(takers))
        _hold_takers(handings, on)
        _pass_on(actor, handings, on, reason)
    return len(handings)


def live_duties(bearer: Bearing, on: date) -> QuerySet[Duty]:
    """The bearer's duties that are live on a day, in the tree's order."""
    rows = borne_by(bearer).filter(pk__in=Duty.objects.live(on).values("pk"))
    return rows.select_related("target").order_by("layer", "target__path")


def _shared_out(rows: list[Duty], takers: list[Bearing]) -> list[Handing]:
    """Neighbours stay together: the takers get one run of targets after another; one's own household goes to the next."""
    found = []
    for place, row in enumerate(rows):
        first = place * len(takers) // len(rows)
        order = takers[first:] + takers[:first]
        taker = next((one for one in order if not _is_own(one, row.target)), None)
        if taker is None:
            raise Problem(problems.OWN_HOUSE, target=row.target.name, bearer=order[0].name)
        found.append(Handing(row, taker))
    return found


def _is_own(bearer: Bearing, target: Place) -> bool:
    return isinstance(bearer, Person) and bearer.home_id == target.pk


def _hold_takers(handings: list[Handing], on: date) -> None:
    """Pass only when each taker may bear the layers, has room, and does not bear the same target already."""
    shares: dict[tuple[str, str, str], tuple[LayerOn, Bearing, int]] = {}
    for handing in handings:
        row, taker = handing.row, handing.to
        key = (row.scheme, row.layer, taker.code)
        known = shares.get(key)
        one = known[0] if known else layer_on(row.target, on, row.layer, row.scheme)
        shares[key] = (one, taker, (known[2] if known else 0) + 1)
    for one, taker, n in shares.values():
        hold_bearer(one, taker, on)
        hold_room(one, taker, n, on)
        own = borne_by(taker).filter(scheme=one.scheme, layer=one.code)
        mine = [handing.row.target_id for handing in handings if handing.to == taker and handing.row.layer == one.code]
        both = own.filter(pk__in=Duty.objects.not_over(on).values("pk"), target_id__in=mine)
        if twin := both.select_related("target").first():
            raise Problem(problems.TWICE, bearer=taker.name, target=twin.target.name)


def _pass_on(actor: User | None, handings: list[Handing], on: date, reason: str) -> None:
    """End on the eve, begin on the day; what would have begun on the day itself changes its bearer."""
    actor_id = actor.pk if actor else None
    whole = [handing for handing in handings if handing.row.from_on < on]
    fresh = [handing for handing in handings if handing.row.from_on >= on]
    end_duties([handing.row.pk for handing in whole], on - timedelta(days=1))
    for handing in fresh:
        values = {"person": None, "organisation": None, kind_of(handing.to): handing.to}
        Duty.objects.filter(pk=handing.row.pk).update(**values, stand_in=None, stand_in_from=None, stand_in_to=None)
    store_duties([_next(handing, on) for handing in whole], source=Duty.Source.HAND, actor_id=actor_id)
    log_many(
        (
            ("duty.handed_over", TABLE, str(handing.row.pk), handing.row.target.path, None,
             {"to": handing.to.code, "on": on})
            for handing in handings
        ),
        actor_id, reason=reason,
    )  # fmt: skip


def _next(handing: Handing, on: date) -> DutyRow:
    row, to = handing.row, handing.to
    keys = {f"{kind_of(to)}_id": to.pk}
    return DutyRow(
        row.ground_id, row.scheme, row.layer, keys.get("person_id"), keys.get("organisation_id"), row.target_id, row.team,
        row.exclusion, on, row.to_on,
    )  # fmt: skip


def set_stand_in(
    actor: User | None,
    person: Person,
    stand_in: Person,
    from_on: date,
    to_on: date,
    *,
    only: Iterable[int] | None = None,
    scope: Scope | None = None,
) -> int:
    """How many of the person's duties `stand_in` does in their place, from a day to a day (both inside)."""
    if stand_in.pk == person.pk:
        raise Problem(problems.SELF, bearer=person.name)
    if to_on < from_on:
        raise Problem(problems.DATES)
    if stand_in.from_on > from_on or (stand_in.to_on is not None and stand_in.to_on < to_on):
        raise Problem(problems.AWAY_BEARER, bearer=stand_in.name, day=from_on)
    rows = Duty.objects.meeting(from_on, to_on).filter(person=person).select_related("target")
    rows = rows if only is None else rows.filter(pk__in=list(only))
    chosen = [row for row in rows if row.target_id != stand_in.home_id]
    values = {"stand_in": stand_in, "stand_in_from": from_on, "stand_in_to": to_on}
    told = {"stand_in": stand_in.code, "from_on": from_on, "to_on": to_on}
    return _set_stand_in(actor, chosen, values, told, scope)


def end_stand_in(actor: User | None, person: Person, *, scope: Scope | None = None) -> int:
    """How many of the person's duties are their own again."""
    rows = Duty.objects.filter(person=person, stand_in__isnull=False).select_related("target")
    values: dict[str, object] = {"stand_in": None, "stand_in_from": None, "stand_in_to": None}
    return _set_stand_in(actor, list(rows), values, {"stand_in": None}, scope)


def _set_stand_in(
    actor: User | None, rows: list[Duty], values: dict[str, object], told: dict[str, object], scope: Scope | None
) -> int:
    if not rows:
        raise Problem(problems.NOTHING)
    name = "、".join(sorted({row.layer for row in rows}))
    hold_against_giver(scope, name, [(row.target.level, row.target.path) for row in rows])
    with write():
        Duty.objects.filter(pk__in=[row.pk for row in rows]).update(**values)
        log_many(
            (("duty.stand_in", TABLE, str(row.pk), row.target.path, None, told) for row in rows),
            actor.pk if actor else None,
        )
    return len(rows)
