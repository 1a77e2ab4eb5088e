"""The phone's pages: today's round, one door, my households, my record, me; and the door for captures as JSON."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from xiangyue.agreements.burden import note_time, week_of
from xiangyue.base.pages import Request
from xiangyue.base.problems import Problem
from xiangyue.base.roles import STAFF, Role
from xiangyue.base.scope import find, require, visible_to
from xiangyue.captures.envelope import BAD_TIME, seal
from xiangyue.captures.ids import new_id, read_id
from xiangyue.captures.intake import Actor, Answer, submit
from xiangyue.captures.keys import DAYS, make_key
from xiangyue.captures.models import Capture
from xiangyue.checks.actions.recording import entry_as_json
from xiangyue.checks.models import Check, Entry
from xiangyue.checks.oddities.grouping import n_asked
from xiangyue.field import day as days
from xiangyue.field import receiving, tiles
from xiangyue.field.sending import sender
from xiangyue.field.switching import filing_number
from xiangyue.people.models import Person
from xiangyue.rules.numbers import half_up

RECORDERS = STAFF | {Role.BEARER}
type View = Callable[..., HttpResponse]


def recorder(view: View) -> View:
    """Pages for bearers, and for staff who record for one (`?for=code`); the view is handed the bearer."""

    @login_required
    @wraps(view)
    def guarded(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        require(request.scope, RECORDERS)
        wanted = request.POST.get("for") or request.GET.get("for", "")
        if not wanted:
            if request.scope.person_id is None:
                raise PermissionDenied
            person = get_object_or_404(Person, pk=request.scope.person_id)
        else:
            person = find(Person.objects.select_related("place"), request.scope, code=wanted)
            if person.pk != request.scope.person_id:
                require(request.scope, STAFF, person.place.path)
        return view(request, person, *args, **kwargs)

    return guarded


@recorder
def today(request: Request, person: Person) -> HttpResponse:
    """Today's list: one tap for all that are fine."""
    day = days.day_of(person, timezone.localdate(), request.GET.get("check", ""))
    asked = n_asked(request.scope.person_id) if person.pk == request.scope.person_id else 0
    undo = _undoable(request, person)
    return _page(request, "field/today.html", person, day=day, undo=undo, fresh=new_id(), asked=asked)


@recorder
def door(request: Request, person: Person, household: str) -> HttpResponse:
    """One household: tap what is wrong, or that all is fine."""
    day = days.day_of(person, timezone.localdate(), request.GET.get("check", ""))
    one = day.door(household)
    if one is None or day.standard is None:
        raise Http404
    rows = Entry.objects.filter(check_row=one.check) if one.check else Entry.objects.none()
    held = tiles.held_by(list(rows.values_list("item", "step", "grade", "n")))
    groups = tiles.groups_of(day.standard, held)
    return _page(request, "field/door.html", person, day=day, door=one, groups=groups, fresh=new_id())


@require_POST
@recorder
def record(request: Request, person: Person) -> HttpResponse:
    """Take in a form: the rest are fine, or one door's faults."""
    day = days.day_of(person, timezone.localdate(), request.POST.get("check", ""))
    if day.kind is None or day.standard is None:
        raise Http404
    codes = request.POST.getlist("fine")
    body: dict[str, Any] = {"check": day.kind.code, "fine": codes, "faults": []}
    if request.POST.get("subject"):
        entries = tiles.tapped(day.standard, request.POST)
        one = {"subject": request.POST["subject"], "entries": [entry_as_json(entry) for entry in entries]}
        note = request.POST.get("note", "").strip()
        body["faults"] = [one | ({"note": note} if note else {})]
    if person.pk != request.scope.person_id:
        body["inspector"] = person.code
    answer = _submit(request, "round", body)
    if answer.kept:
        note_time(request.scope.person_id, day.kind.code, request.POST.get("shown", ""), now=timezone.now())
        return redirect(_with_for(reverse("field:today"), request, person, day.kind.code))
    return redirect(_back(request))


@require_POST
@recorder
def undo(request: Request, person: Person) -> HttpResponse:
    """Take back a capture of the last ten minutes."""
    _submit(request, "undo", {"undoes": request.POST.get("target", "")})
    return redirect(_with_for(reverse("field:today"), request, person))


@recorder
def households(request: Request, person: Person) -> HttpResponse:
    """My households with this month's figures."""
    day = days.with_month(days.day_of(person, timezone.localdate(), request.GET.get("check", "")))
    return _page(request, "field/households.html", person, day=day)


@recorder
def records(request: Request, person: Person) -> HttpResponse:
    """What I recorded in the last seven days."""
    made = days.last_days(person, timezone.localdate())
    return _page(request, "field/records.html", person, made=made, undo=_undoable(request, person))


@recorder
def me(request: Request, person: Person) -> HttpResponse:
    """Who I am here, my own yard, large type, log-out."""
    own = Check.objects.filter(subject_id=person.home_id or 0, state=Check.State.COUNTED)
    last = own.select_related("inspector", "kind").order_by("-day", "-made_at").first() if person.home_id else None
    posts = person.posts.select_related("place").filter(to_on=None)
    forms, seconds = week_of(person.pk, timezone.localdate())
    spent = {"forms": forms, "minutes": half_up(seconds, 60)}
    return _page(request, "field/me.html", person, last=last, posts=posts, spent=spent)


@login_required
def counter(request: Request) -> HttpResponse:
    """At a counter: choose whom to record for; it will say so."""
    require(request.scope, STAFF)
    wanted = request.GET.get("q", "").strip()
    people = visible_to(Person.objects.filter(duties__isnull=False, to_on=None), request.scope, to_write=True)
    if wanted:
        people = people.filter(name__contains=wanted)
    rows = people.select_related("place").order_by("place__path", "code").distinct()[:60]
    return render(request, "field/counter.html", {"people": rows, "q": wanted})


@require_POST
@login_required
def token(request: Request) -> HttpResponse:
    """A signed key for sending captures, for the one who is logged in."""
    require(request.scope, RECORDERS | {Role.SUPERVISOR})
    key = make_key(request.user.pk, request.user.password)
    return JsonResponse({"token": key, "days": DAYS}, headers={"Cache-Control": "no-store"})


@csrf_exempt
@require_POST
def captures(request: HttpRequest) -> HttpResponse:
    """Envelopes as JSON, signed by a key, or from a page of ours whose session asks for the form token."""
    found = sender(request)
    if isinstance(found, HttpResponse):
        return found
    status, payload = receiving.receive(request.body, found)
    return JsonResponse(payload, status=status, headers={"Cache-Control": "no-store"})


def _back(request: Request) -> str:
    """The page of ours that the form stood on."""
    came = request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(came, {request.get_host()}, require_https=request.is_secure())
    return came if ours else reverse("field:today")


def _page(request: Request, template: str, person: Person, **more: Any) -> HttpResponse:
    helping = person.pk != request.scope.person_id
    number = "" if helping else filing_number(request.scope)
    return render(request, template, {"person": person, "helping": helping, "recorder": number, **more})


def _undoable(request: Request, person: Person) -> list[Capture]:
    return days.undoable(person, request.user.pk, timezone.now())


def _with_for(url: str, request: Request, person: Person, check: str = "") -> str:
    asked = [f"check={check}"] if check else []
    if person.pk != request.scope.person_id:
        asked.append(f"for={person.code}")
    return url + ("?" + "&".join(asked) if asked else "")


def _submit(request: Request, kind: str, body: dict[str, Any]) -> Answer:
    """Send a form's content through the intake; the answer is told on the next page."""
    made_at, sent_at = _instant(request, "made_at"), _instant(request, "sent_at")
    key = read_id(request.POST.get("id", "")) or new_id()
    envelope = seal(kind, body, id=key, made_at=made_at, sent_at=sent_at)
    answer = submit(envelope, Actor(request.user.pk))
    if answer.state == "stored":
        messages.success(request, answer.words or _("已记录。"))
    else:
        tell = messages.warning if answer.kept else messages.error
        tell(request, f"{answer.words}{answer.mend}")
    return answer


def _instant(request: Request, name: str) -> datetime | None:
    typed = request.POST.get(name, "")
    if not typed:
        return None
    try:
        found = datetime.fromisoformat(typed)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise Problem(BAD_TIME, time=typed[:40])
    return found
