"""Contact cards: one household's, or all of a bearer's on one print; handed out on a day; and where their QR leads."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xiangyue.base.changes import log
from xiangyue.base.pages import Request, typed_day
from xiangyue.base.problems import Problem
from xiangyue.base.roles import STAFF, Role
from xiangyue.base.scope import below, require
from xiangyue.duties import showing
from xiangyue.duties.access import seen_person
from xiangyue.duties.actions.cards import hand_cards
from xiangyue.duties.models import Duty
from xiangyue.duties.visits.carding import cards_of
from xiangyue.people.models import Person
from xiangyue.places.models import Level, Place

READS = STAFF | {Role.AUDITOR}
MOST = 120
"""Cards on one print."""


def _mine(request: Request) -> QuerySet[Place]:
    """The households whose cards the actor may print: on their ground, or answered for by themselves."""
    rows = Place.objects.of(Level.HOUSEHOLD).filter(below("path", request.scope.paths(READS)))
    if request.scope.person_id:
        today = timezone.localdate()
        own = Duty.objects.live(today).filter(person_id=request.scope.person_id).order_by().values("target_id")
        rows = rows | Place.objects.of(Level.HOUSEHOLD).filter(pk__in=own)
    return rows.select_related("village", "township", "household")


def _may_hand(request: Request, place: Place) -> bool:
    if request.scope.holds(STAFF, place.path):
        return True
    rows = Duty.objects.live(timezone.localdate()).filter(target=place, person_id=request.scope.person_id or 0)
    return rows.exists()


@login_required
def card(request: Request, household: str) -> HttpResponse:
    """One household's card."""
    row = get_object_or_404(_mine(request), code=household)
    log(request.scope.user_id, "contact.seen", ("duties.card", row.code), path=row.path)
    return _page(request, [row], None, may=_may_hand(request, row), title=row.name)


@login_required
def cards(request: Request, person: str) -> HttpResponse:
    """The cards of all households that a person answers for."""
    bearer = seen_person(request.scope, person)
    if bearer.pk != request.scope.person_id:
        require(request.scope, READS)
    rows = _households(request, bearer)
    log(request.scope.user_id, "contact.seen", ("duties.card", bearer.code), path=bearer.place.path)
    may = bool(rows) and all(_may_hand(request, row) for row in rows[:1])
    return _page(request, rows, bearer, may=may, title=bearer.name)


def _households(request: Request, bearer: Person) -> list[Place]:
    live = Duty.objects.live(timezone.localdate()).filter(person=bearer)
    return list(_mine(request).filter(pk__in=live.order_by().values("target_id")).order_by("path")[:MOST])


def _page(request: Request, rows: list[Place], bearer: Person | None, *, may: bool, title: str) -> HttpResponse:
    today = timezone.localdate()
    origin = f"{request.scheme}://{request.get_host()}"
    found = cards_of(rows, today, origin)
    action = (
        reverse("visits:cards_handed", args=(bearer.code,))
        if bearer
        else reverse("visits:card_handed", args=(rows[0].code,))
    )
    context: dict[str, Any] = {
        "cards": found, "bearer": bearer, "today": today, "may": may, "action": action, "title": title,
        "n_missing": sum(one.handed_on is None or one.is_outdated for one in found),
        "county": rows[0].ground if rows else None,
        "crumbs": [showing.visits_root(request.scope), (_("联系卡"), "")],
    }  # fmt: skip
    return render(request, "visits/cards.html", context)


def _hand(request: Request, rows: list[Place], person: Person | None) -> None:
    if not rows or not all(_may_hand(request, row) for row in rows):
        raise PermissionDenied
    today = timezone.localdate()
    on: date = typed_day(request.POST.get("on", "")) or today
    try:
        n = hand_cards(request.user, rows, person, on, today=today, now=timezone.now())
        messages.success(request, _("已登记 %s 户发卡。") % n)
    except Problem as problem:
        messages.error(request, str(problem))


@login_required
@require_POST
def handed(request: Request, household: str) -> HttpResponse:
    """Note that a card was handed out."""
    row = get_object_or_404(_mine(request), code=household)
    person = Person.objects.filter(pk=request.scope.person_id or 0).first()
    _hand(request, [row], person)
    return redirect("visits:card", household)


@login_required
@require_POST
def all_handed(request: Request, person: str) -> HttpResponse:
    """Note that all cards of a bearer that were not yet, or are out of date, were handed out."""
    bearer = seen_person(request.scope, person)
    rows = _households(request, bearer)
    found = {one.code: one for one in cards_of(rows, timezone.localdate(), "")}
    wanted = [row for row in rows if found[row.code].handed_on is None or found[row.code].is_outdated]
    _hand(request, wanted or rows, bearer)
    return redirect("visits:cards", person)


def door(request: HttpRequest, household: str) -> HttpResponse:
    """Where the code on a card leads: a bearer to the door's record, an office to who answers, the public to the village."""
    row = Place.objects.select_related("village", "ground").filter(code=household, level=Level.HOUSEHOLD).first()
    if row is None or row.village is None or row.ground is None:
        raise Http404
    scope = getattr(request, "scope", None)
    if scope is not None and scope.person_id:
        mine = Duty.objects.live(timezone.localdate()).filter(target=row, person_id=scope.person_id)
        if mine.exists():
            return redirect("field:door", row.code)
    if scope is not None and scope.holds(Duty.policy.see, row.path):
        return redirect("duties:target", row.code)
    return redirect("public:village", row.ground.code, row.village.code)
