"""What follows for duties when places are restructured: they go along with what moves and end with what closes."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from xiangyue.base.dated import not_over
from xiangyue.duties.models import Duty
from xiangyue.places.actions.leaving import Left
from xiangyue.places.restructuring import Touched


def places_planning(touched: Touched) -> None:
    """Say in the dry run which duties go along and which end."""
    moving = Duty.objects.live(touched.on).filter(target_id__in=touched.moved).count()
    touched.say("duties", _("包保随对象一起转，包保人不变"), moving)
    touched.say("duties", _("包保随区划关闭而结束，请为新的区划另定"), _ending(touched).count())


def places_moved(touched: Touched) -> None:
    """End the duties for what is closed, on the eve."""
    eve = touched.on - timedelta(days=1)
    rows = list(_ending(touched).values_list("pk", "to_on"))
    keys = [pk for pk, _to in rows]
    Duty.objects.filter(pk__in=keys, from_on__lte=eve).update(to_on=eve)
    Duty.objects.filter(pk__in=keys, from_on__gt=eve).update(to_on=touched.on)
    touched.undo["duties"] = [[pk, to_on.isoformat() if to_on else None] for pk, to_on in rows]


def households_left(left: Left) -> None:
    """End the duties for households that are no more on their last day; those that were to begin later never do."""
    rows = Duty.objects.filter(Q(to_on=None) | Q(to_on__gt=left.last), target_id__in=left.places)
    rows.filter(from_on__lte=left.last).update(to_on=left.last)
    rows.filter(from_on__gt=left.last).update(to_on=F("from_on"))


def places_restoring(touched: Touched) -> None:
    """Open them again."""
    for pk, to_on in touched.undo.get("duties", []):
        Duty.objects.filter(pk=pk).update(to_on=to_on)


def _ending(touched: Touched) -> QuerySet[Duty]:
    still = not_over(touched.on)
    return Duty.objects.filter(still, target_id__in=list(touched.closed))
