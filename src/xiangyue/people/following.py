"""What follows for people when places are restructured: what stands at a closed place passes to its successor."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from xiangyue.base.dated import not_over
from xiangyue.base.problems import Problem
from xiangyue.people.models import Organisation, Person, Post, RoleGrant
from xiangyue.places.actions.restructure import BUILT_ON
from xiangyue.places.restructuring import Touched

Dated = type[RoleGrant] | type[Post]
DATED: dict[str, tuple[Dated, tuple[str, ...]]] = {
    "grants": (RoleGrant, ("user_id", "role")),
    "posts": (Post, ("person_id", "kind")),
}
SEATS: dict[str, tuple[type[Person] | type[Organisation], str]] = {
    "people": (Person, "place_id"),
    "homes": (Person, "home_id"),
    "organisations": (Organisation, "place_id"),
}


def places_planning(touched: Touched) -> None:
    """Say in the dry run what would pass on."""
    closed = list(touched.closed)
    counts = {name: _live(model, closed, touched.on).count() for name, (model, _same) in DATED.items()}
    touched.say("people", _("职务转到新的区划"), counts["posts"])
    touched.say("people", _("账号权限转到新的区划"), counts["grants"])
    touched.say("people", _("人员改属新的区划"), Person.objects.filter(place_id__in=closed).count())
    touched.say("people", _("单位改属新的区划"), Organisation.objects.filter(place_id__in=closed).count())


def places_moved(touched: Touched) -> None:
    """Pass on what stands at closed places, and keep what is needed to take it back."""
    if not touched.closed:
        return
    kept: dict[str, Any] = {}
    for name, (model, same) in DATED.items():
        kept[name] = _pass_on(model, same, touched)
    for name, (seat, field) in SEATS.items():
        kept[name] = _reseat(seat, field, touched)
    touched.undo["people"] = kept


def places_restoring(touched: Touched) -> None:
    """Take back what was passed on; refused when it has been changed since."""
    kept = touched.undo.get("people")
    if not kept:
        return
    for name, (model, _same) in DATED.items():
        made = model._default_manager.filter(pk__in=kept[name]["made"])
        if made.filter(to_on=None).count() != len(kept[name]["made"]):
            raise Problem(BUILT_ON, what=str(model._meta.verbose_name))
        made.delete()
        for key, to_on in kept[name]["ended"]:
            model._default_manager.filter(pk=key).update(to_on=to_on)
    for name, (seat, field) in SEATS.items():
        for key, place in kept[name]:
            seat._default_manager.filter(pk=key).update(**{field: place})


def _live(model: Dated, closed: Iterable[int], on: date) -> QuerySet[Any]:
    return model._default_manager.filter(not_over(on), place_id__in=closed)


def _pass_on(model: Dated, same: tuple[str, ...], touched: Touched) -> dict[str, Any]:
    """End the rows at closed places on the eve, and begin the same at the successors unless they are there already."""
    rows = list(_live(model, touched.closed, touched.on).order_by("pk"))
    successors = {pk for pk in touched.closed.values() if pk}
    there = {
        (getattr(row, same[0]), getattr(row, same[1]), row.place_id)
        for row in _live(model, successors, touched.on).filter(from_on__lte=touched.on)
    }
    ended, made = [], []
    for row in rows:
        key = (getattr(row, same[0]), getattr(row, same[1]), touched.closed[row.place_id])
        ended.append([row.pk, row.to_on.isoformat() if row.to_on else None])
        if row.to_on is None and key not in there and key[2]:
            there.add(key)
            values = {same[0]: key[0], same[1]: key[1], "place_id": key[2], "from_on": touched.on}
            made.append(model._default_manager.create(**values).pk)
    model._default_manager.filter(pk__in=[pk for pk, _to in ended]).update(to_on=touched.on - timedelta(days=1))
    return {"ended": ended, "made": made}


def _reseat(model: type[Person] | type[Organisation], field: str, touched: Touched) -> list[list[int]]:
    rows = list(model._default_manager.filter(**{f"{field}__in": list(touched.closed)}).values_list("pk", field))
    for closed, successor in touched.closed.items():
        if successor:
            model._default_manager.filter(**{field: closed}).update(**{field: successor})
    return [list(row) for row in rows]
