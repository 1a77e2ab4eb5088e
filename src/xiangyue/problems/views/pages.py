"""Pages for the phone and the desk: my problems, one problem with its timeline, reporting one."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from xiangyue.agreements.burden import note_time
from xiangyue.base.pages import Request
from xiangyue.base.roles import OFFICES, STAFF, Role
from xiangyue.base.scope import below
from xiangyue.captures.ids import new_id, read_id
from xiangyue.captures.intake import Actor as Sender
from xiangyue.captures.models import Capture
from xiangyue.duties.reading import borne_by_person
from xiangyue.places.models import Level, Place
from xiangyue.problems import access
from xiangyue.problems.access import REPORTERS
from xiangyue.problems.actions.reporting import report_problem
from xiangyue.problems.kinds import kind_of, kinds_of, kinds_over
from xiangyue.problems.models import IN_HAND, LIVE, SEE, Problem, Source, State, Step
from xiangyue.problems.showing import DONE_WORDS, asks_of, at, facts_of, row_of, timeline, where

SHOWN = 100
PLACES = 400
OFFICE_FACE, FIELD_FACE = "site/base_office.html", "site/base_field.html"


def face_of(request: Request) -> str:
    """The phone's face for bearers and villages, the office's for all others."""
    return (
        OFFICE_FACE
        if request.scope.roles & (OFFICES | {Role.SUPERVISOR, Role.AUDITOR, Role.DEPARTMENT})
        else FIELD_FACE
    )


@login_required
def mine(request: Request) -> HttpResponse:
    """The problems that concern the actor: to mend, to verify, on the way, closed; what is most overdue first."""
    if not request.scope.roles & (SEE | {Role.BEARER, Role.DEPARTMENT}):
        raise PermissionDenied
    today = timezone.localdate()
    rows = access.seen(request.scope)
    tabs = _tabs(rows, today)
    asked = request.GET.get("tab", "")
    tab = asked if asked in [one["key"] for one in tabs] else str(tabs[0]["key"])
    found = list(_of_tab(rows, tab, today)[: SHOWN + 1])
    kinds = kinds_of(found)
    context = {
        "face": face_of(request),
        "tabs": tabs,
        "tab": tab,
        "rows": [row_of(row, today, kinds[row.pk].pictogram) for row in found[:SHOWN]],
        "more": len(found) > SHOWN,
        "may_report": bool(request.scope.roles & REPORTERS),
    }
    return render(request, "problems/mine.html", context)


def _of_tab(rows: QuerySet[Problem], tab: str, today: date) -> QuerySet[Problem]:
    wanted = {
        "late": Q(state__in=IN_HAND, deadline__lt=today),
        "todo": Q(state__in=IN_HAND),
        "verify": Q(state__in=(State.MENDED, State.VERIFIED)) | Q(n_doubts__gt=0),
        "look": Q(look="due"),
        "done": Q(state=State.CLOSED),
    }
    first = Case(When(state__in=IN_HAND, then=Value(0)), default=Value(1), output_field=IntegerField())
    order = ("-closed_on", "-pk") if tab == "done" else (first, "deadline", "pk")
    found = rows.filter(wanted[tab]).order_by(*order)
    return found.select_related("person", "organisation", "place__village", "place__township", "place__parent")


def _tabs(rows: QuerySet[Problem], today: date) -> list[dict[str, Any]]:
    labels = {"todo": _("待整改"), "late": _("逾期"), "verify": _("待核实"), "look": _("回头看"), "done": _("已销号")}
    return [
        {"key": key, "label": label, "n": _of_tab(rows, key, today).order_by().count()} for key, label in labels.items()
    ]


@login_required
def problem(request: Request, pk: int) -> HttpResponse:
    """One problem: where it stands, its timeline, and the steps that are open to whoever looks."""
    today = timezone.localdate()
    row = access.found(request.scope, pk)
    kind = kind_of(row)
    actor = access.actor_of(request.scope)
    steps = list(Step.objects.filter(problem=row).select_related("words", "capture").order_by("n"))
    asks = asks_of(actor, row, kind, today)
    names = {ask.kind for ask in asks}
    context = {
        "face": face_of(request),
        "row": row,
        "shown": row_of(row, today, kind.pictogram),
        "facts": facts_of(row, kind),
        "lines": timeline(steps),
        "asks": asks,
        "decides": bool(row.n_doubts) and access.is_office(actor, row),
        "done_words": DONE_WORDS,
        "tiers": [(tier, label) for tier, label in _tiers() if tier != row.tier],
        "bearers": _bearers(row, today) if names & {"assigned", "planned"} else [],
        "twins": _twins(row) if "merged" in names else [],
        "into": row.into,
        "crumbs": [(_("问题"), at("mine")), (f"{row.kind_name} #{row.pk}", "")],
    }
    return render(request, "problems/problem.html", context)


def _tiers() -> list[tuple[str, str]]:
    return [("village", _("村")), ("township", _("乡镇")), ("county", _("县"))]


def _bearers(row: Problem, today: date) -> list[tuple[str, str]]:
    """Who bears the place: offered when it is given to somebody."""
    found: dict[str, str] = {}
    for duty in access.duties_on(row, today):
        who = duty.person or duty.organisation
        if who is not None:
            found.setdefault(who.code, f"{who.name}（{duty.target.name}）")
    return list(found.items())


def _twins(row: Problem) -> list[tuple[int, str]]:
    rows = Problem.objects.filter(place=row.place_id, kind=row.kind, state__in=LIVE).exclude(pk=row.pk).order_by("pk")
    return [(one.pk, f"#{one.pk} {one.reported_on}") for one in rows[:20]]


@login_required
def report(request: Request) -> HttpResponse:
    """Report a problem: where, which kind, a sentence."""
    if not request.scope.roles & REPORTERS:
        raise PermissionDenied
    today = timezone.localdate()
    code = (request.POST.get("place") or request.GET.get("place", "")).strip()
    if request.method == "POST" and request.POST.get("kind"):
        return _send(request, code)
    place = Place.objects.select_related("village", "township", "parent").filter(code=code).first() if code else None
    if place is not None and not access.may_report(request.scope, place, today):
        place = None
    context = {
        "face": face_of(request),
        "place": place,
        "label": where(place) if place else "",
        "asked": code,
        "kinds": [one.kind for one in kinds_over(place, today)] if place else [],
        "choices": _places(request, today) if place is None else [],
        "fresh": new_id(),
        "crumbs": [(_("问题"), at("mine")), (_("报一个问题"), "")],
    }
    return render(request, "problems/report.html", context)


def _send(request: Request, code: str) -> HttpResponse:
    told: dict[str, Any] = {
        "text": request.POST.get("text", "").strip()[:500],
        "source": Source.OFFICE if request.scope.holds(STAFF) else Source.FIELD,
        "id": read_id(request.POST.get("id", "")) or new_id(),
    }
    channel = Capture.Channel.OFFICE if face_of(request) == OFFICE_FACE else Capture.Channel.PHONE
    answer = report_problem(Sender(request.user.pk, channel), code, request.POST.get("kind", ""), **told)
    if not answer.kept:
        messages.error(request, f"{answer.words}{answer.mend}")
        return redirect(at("report", place=code))
    note_time(request.scope.person_id, "problem", request.POST.get("shown", ""), now=timezone.now())
    messages.success(request, answer.words or _("已报上去。到期前会有人办，办到哪一步都能看到。"))
    found = Problem.objects.filter(uuid=told["id"]).values_list("pk", flat=True).first()
    return redirect(at("problem", found) if found else at("mine"))


def _places(request: Request, today: date) -> list[tuple[str, list[tuple[str, str]]]]:
    """Where the actor may report, grouped: what they bear, then villages and public places of their ground."""
    groups: list[tuple[str, list[tuple[str, str]]]] = []
    person = request.scope.person_id
    if person is not None:
        rows = Place.objects.filter(pk__in=borne_by_person(person, today).values("target"))
        own = _labelled(rows.select_related("village", "township", "parent").order_by("path")[:PLACES])
        groups += [(_("我包保的"), own)] if own else []
    paths = request.scope.paths(REPORTERS)
    levels = (Level.TOWNSHIP, Level.VILLAGE, Level.PUBLIC_PLACE)
    rows = Place.objects.live(today).filter(below("path", paths), level__in=levels)
    ground = _labelled(rows.select_related("village", "township", "parent").order_by("path")[:PLACES])
    return groups + ([(_("辖区内"), ground)] if ground else [])


def _labelled(rows: Any) -> list[tuple[str, str]]:
    return [(row.code, where(row)) for row in rows]
