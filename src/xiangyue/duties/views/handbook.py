"""The handbook of a bearer and a target as a page that writes itself; printable."""

from __future__ import annotations

from datetime import date

from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _

from xiangyue.base.masking import mask_name
from xiangyue.base.pages import Request, address, typed_day
from xiangyue.base.scope import visible_to
from xiangyue.duties import showing
from xiangyue.duties.models import Duty
from xiangyue.duties.showing import NAMES
from xiangyue.duties.visits.handbooks import bearer_of, handbook_of
from xiangyue.people.models import Person
from xiangyue.places.models import Level
from xiangyue.places.picking import place_label


@login_required
def handbook(request: Request, duty: int) -> HttpResponse:
    """Both parties, the tasks, and every action by day: this year's, or of the days asked for."""
    row = get_object_or_404(seen(request), pk=duty)
    today = timezone.localdate()
    first = typed_day(request.GET.get("from", "")) or max(row.from_on, date(today.year, 1, 1))
    last = typed_day(request.GET.get("to", "")) or min(row.to_on or today, today)
    first, last = min(first, last), max(first, last)
    bearer = bearer_of(row)
    own = row.person_id is not None and row.person_id == request.scope.person_id
    head = _head(row, clear=own or request.scope.holds(NAMES, row.target.path))
    name = "visits:bearer" if isinstance(bearer, Person) else "visits:organisation"
    context = {
        "book": handbook_of(request.scope, row, first, last), "duty": row, "bearer": bearer, "head": head,
        "where": place_label(row.target), "today": today, "is_person": isinstance(bearer, Person),
        "is_household": row.target.level == Level.HOUSEHOLD, "bearer_url": address(name, bearer.code),
        "crumbs": [showing.visits_root(request.scope), (bearer.name, address(name, bearer.code)), (_("工作手册"), "")],
    }  # fmt: skip
    return render(request, "visits/handbook.html", context)


def seen(request: Request) -> QuerySet[Duty]:
    """The duties that the actor sees: on their ground, their own, or those they stand in on."""
    rows = visible_to(Duty.objects.all(), request.scope).order_by().values("pk")
    mine = Q(pk__in=rows)
    if request.scope.person_id:
        mine |= Q(stand_in_id=request.scope.person_id) | Q(organisation__people__pk=request.scope.person_id)
    found = Duty.objects.filter(mine).distinct()
    return found.select_related(
        "target__village", "target__township", "target__household", "person__organisation", "organisation", "stand_in"
    )


def _head(row: Duty, *, clear: bool) -> str:
    """The head of the household, half hidden from who may not read it."""
    home = getattr(row.target, "household", None) if row.target.level == Level.HOUSEHOLD else None
    name = str(home.head_name) if home is not None else ""
    return name if clear else mask_name(name)
