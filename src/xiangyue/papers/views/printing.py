"""Printing: whom for, which form, which days; the sheets themselves on A4, with number and QR code."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from xiangyue.base.pages import Request, typed_day
from xiangyue.base.problems import Problem
from xiangyue.base.qr import qr
from xiangyue.base.roles import STAFF
from xiangyue.base.scope import find, require, visible_to
from xiangyue.checks.sheets import areas_of, choices
from xiangyue.papers import access, actions, lines
from xiangyue.papers.asked import asked_on, subject_of
from xiangyue.papers.models import Sheet
from xiangyue.papers.numbers import read_number
from xiangyue.papers.opinions import MOST as MOST_COPIES
from xiangyue.papers.opinions import Question, printed_with, questions_on
from xiangyue.papers.problems import NO_FORM
from xiangyue.papers.saying import days_words
from xiangyue.papers.units import Layout, layout_of
from xiangyue.people.models import Person, User
from xiangyue.places.models import Level, Place
from xiangyue.rules.settings import Standard

MOST = 120
"""Sheets on one print."""


@dataclass(frozen=True, slots=True)
class Paper:
    """One sheet as it is printed."""

    sheet: Sheet
    layout: Layout | None
    areas: list[Any]
    standard: Standard | None
    days: str
    qr: SafeString
    questions: tuple[Question, ...] = ()
    """Of an opinion sheet: what people are asked."""
    n: int = 0
    """Which copy of its print it is."""
    subject: Place | None = None
    """The place that it is about."""

    @property
    def is_wide(self) -> bool:
        """Whether it has a column a day: it lies across."""
        return len(self.sheet.days) > 1

    @property
    def may_skip(self) -> bool:
        """Whether people may leave a question out."""
        return any(question.may_stay_empty for question in self.questions)

    @property
    def by(self) -> str:
        """Who printed it."""
        person = self.sheet.printed_by.person if self.sheet.printed_by else None
        return person.name if person else ""


@login_required
def choose(request: Request) -> HttpResponse:
    """What can be printed: for a bearer, for all of a village, for a place that is inspected."""
    require(request.scope, access.PRINTS)
    today = timezone.localdate()
    day = typed_day(request.POST.get("day") or request.GET.get("day", "")) or today
    code, village = request.POST.get("for") or request.GET.get("for", ""), request.GET.get("village", "")
    if request.method == "POST":
        return _print(request, day)
    first, last = lines.month_around(day)
    staff = request.scope.holds(STAFF)
    context: dict[str, Any] = {"day": day, "today": today, "first": first, "last": last, "staff": staff,
                               "crumbs": [(_("纸质表"), reverse("papers:sheets")), (_("打印"), "")]}  # fmt: skip
    if village:
        place = find(Place.objects.filter(level=Level.VILLAGE), request.scope, code=village)
        require(request.scope, STAFF, place.path)
        context |= {"place": place, "offers": _offers_in(place, first, last)}
    elif code or not staff:
        person = access.bearer_asked(request.scope, code)
        context |= {"person": person, "offers": lines.offers_for(person, first, last)}
    else:
        q = request.GET.get("q", "").strip()
        context |= {"q": q, "people": access.bearers_found(request.scope, q, today) if q else [],
                    "villages": access.villages(request.scope, q, today)}  # fmt: skip
    context["most_copies"] = MOST_COPIES
    context["checks"] = choices(request.scope, today) if not (code or village) else []
    return render(request, "papers/choose.html", context)


@login_required
def prints(request: Request) -> HttpResponse:
    """The sheets of these numbers, one a page."""
    require(request.scope, access.READS)
    keys = []
    for number in request.GET.getlist("n")[:MOST]:
        try:
            keys.append(read_number(number))
        except Problem as problem:
            messages.error(request, str(problem))
    rows = list(visible_to(access.sheets(), request.scope).filter(pk__in=keys, cancelled_at=None).order_by("pk"))
    papers = _papers(request, rows)
    context = {
        "papers": papers, "wide": any(paper.is_wide for paper in papers),
        "crumbs": [(_("纸质表"), reverse("papers:sheets")), (_("打印"), "")],
    }  # fmt: skip
    return render(request, "papers/prints.html", context)


def _print(request: Request, day: date) -> HttpResponse:
    form = request.POST
    first, last = (day, day) if form.get("span") == "day" else lines.month_around(day)
    now = timezone.now()
    try:
        if form.get("subject"):
            made = _print_check(request, form["subject"], form.get("form", ""))
        elif form.get("village"):
            place = find(Place.objects.filter(level=Level.VILLAGE), request.scope, code=form["village"])
            require(request.scope, STAFF, place.path)
            made = _print_village(request.user, place, form.get("form", ""), first, last)
        else:
            person = access.bearer_asked(request.scope, form.get("for", ""))
            offer = _offer(person, form.get("form", ""), first, last)
            made = [actions.print_sheet(request.user, person, offer, first, last, now=now)]
    except Problem as problem:
        messages.error(request, str(problem))
        return redirect("papers:print")
    return redirect(reverse("papers:prints") + "?" + urlencode([("n", sheet.number) for sheet in made]))


def _print_check(request: Request, subject: str, check: str) -> list[Sheet]:
    today, copies = timezone.localdate(), request.POST.get("copies", "1").strip()
    for choice in choices(request.scope, today):
        place = next((one for one in choice.subjects if one.code == subject and choice.kind.code == check), None)
        if place is not None:
            ground = place.township if place.township and place.township.code == choice.scheme.ground else place.ground
            return actions.print_check(
                request.user, place, ground.pk if ground else place.pk, choice.scheme.code, choice.kind,
                copies=int(copies) if copies.isdecimal() else 0, today=today, now=timezone.now(),
                person=None if access.above(request.scope, place) else request.user.person,
            )  # fmt: skip
    raise Problem(NO_FORM)


def _print_village(actor: User, place: Place, key: str, first: date, last: date) -> list[Sheet]:
    made = []
    for person in lines.bearers_in(place, first, last)[:MOST]:
        offer = next((one for one in lines.offers_for(person, first, last) if one.key == key), None)
        if offer is not None:
            made.append(actions.print_sheet(actor, person, offer, first, last, now=timezone.now()))
    if not made:
        raise Problem(NO_FORM)
    return made


def _offer(person: Person, key: str, first: date, last: date) -> lines.Offer:
    found = next((one for one in lines.offers_for(person, first, last) if one.key == key), None)
    if found is None:
        raise Problem(NO_FORM)
    return found


def _offers_in(place: Place, first: date, last: date) -> list[lines.Offer]:
    """The forms that the village's bearers fill: looked up for one bearer of each layer."""
    found: dict[str, lines.Offer] = {}
    for person in lines.one_a_layer(place, first, last):
        for offer in lines.offers_for(person, first, last):
            found.setdefault(offer.key, offer)
    return list(found.values())


def _papers(request: Request, sheets: list[Sheet]) -> list[Paper]:
    """The sheets as they are printed; what one print asks is looked up once."""
    prints: dict[tuple[Any, ...], tuple[Standard, tuple[Question, ...], list[int], Place]] = {}
    found = []
    for sheet in sheets:
        picture = qr(request.build_absolute_uri(reverse("papers:type", args=[sheet.number])))
        if not sheet.is_of_place:
            found.append(Paper(sheet, layout_of(sheet), [], None, days_words(sheet), picture))
            continue
        key = (sheet.place_id, sheet.ground_id, sheet.scheme, sheet.code, sheet.printed_at, sheet.printed_by_id)
        if key not in prints:
            questions = questions_on(sheet)[1]
            numbers = [one.pk for one in printed_with(sheet)] if questions else []
            prints[key] = asked_on(sheet)[1], questions, numbers, subject_of(sheet)
        standard, questions, numbers, subject = prints[key]
        n = numbers.index(sheet.pk) + 1 if numbers else 0
        areas = [] if questions else areas_of(standard, {})
        found.append(Paper(sheet, None, areas, standard, days_words(sheet), picture, questions, n, subject))
    return found
