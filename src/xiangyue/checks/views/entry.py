"""Typing in a sheet: choose kind and place, then all items on one calm page."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Max
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from xiangyue.agreements.burden import note_time
from xiangyue.base.pages import Request, typed_day
from xiangyue.base.roles import STAFF
from xiangyue.base.scope import find, require
from xiangyue.captures.ids import new_id, read_id
from xiangyue.captures.intake import Actor
from xiangyue.captures.models import Capture
from xiangyue.checks import permits
from xiangyue.checks.actions import record_sheet
from xiangyue.checks.models import Check
from xiangyue.checks.sheets import ENTERERS, areas_of, choices, door_kinds, entries_of, kind_on, persons_near
from xiangyue.duties.models import Duty
from xiangyue.people.models import Person
from xiangyue.places.folding import Part, by_township
from xiangyue.places.meant import named
from xiangyue.places.models import Level, Place
from xiangyue.rules.days import LOCAL
from xiangyue.rules.settings import CheckKind, Scheme
from xiangyue.rules.sheet import SheetError, score

NOON = time(12)
FEW = 20
"""So many places of a kind stand open at once."""


@login_required
def entry(request: Request) -> HttpResponse:
    """What can be entered: kinds of check, and the places below the actor's own."""
    today = timezone.localdate()
    offered = choices(request.scope, today, self_checks=True)
    if not offered:
        require(request.scope, ENTERERS)
    if asked := request.GET.get("home", "").strip():
        home = named(asked, request.scope.paths(ENTERERS))
        if home is not None and home.level == Level.HOUSEHOLD:
            return redirect("checks:sheet", request.GET.get("kind", "") or "-", home.code)
        messages.error(
            request, _("您的辖区里没有“%s”这一户。请写村名和门牌，如“桃花村 3号”，或写农户编码。") % asked[:40]
        )
    done = _done_this_month(today)
    rows = [
        (choice, _parts([(place, done.get((choice.kind.code, place.pk), 0)) for place in choice.subjects]))
        for choice in offered
    ]
    context = {
        "rows": rows, "doors": door_kinds(request.scope, today), "asked": asked, "today": today,
        "may_wait": request.scope.holds(STAFF),
    }  # fmt: skip
    return render(request, "checks/entry.html", context)


def _parts(places: list[tuple[Place, int]]) -> list[tuple[Part[tuple[Place, int]], int]]:
    """The places by township, each with how many were entered this month; many are folded."""
    folded = by_township(places, lambda row: row[0].township.name if row[0].township else "", opened=FEW)
    return [(one, sum(n > 0 for _place, n in one.rows)) for one in folded]


@login_required
def sheet(request: Request, kind: str, place: str) -> HttpResponse:
    """The sheet of one place: numbers by step, a sum that runs along, one button."""
    turn = _turn(request, kind, place)
    back = request.GET.get("inspection", "")
    subject = turn or _below_mine(request, place)
    day = typed_day(request.POST.get("day", "")) or timezone.localdate()
    found = kind_on(subject, kind, day)
    if found is None or (found[1].layers and not request.scope.holds(STAFF, subject.path)):
        raise Http404
    scheme, check, standard = found
    if turn is None and permits.guards(scheme, check, _ground_of(subject, scheme), day):
        raise PermissionDenied
    if request.method == "POST" and _taken(request, check, subject, day, entries_of(standard, request.POST)):
        return redirect("inspections:day", back) if back.isdecimal() else redirect("checks:entry")
    form = request.POST if request.method == "POST" else {}
    people = _bearers(subject, check, day) if check.layers else _people(request, subject, kind, turn)
    context: dict[str, Any] = {
        "subject": subject, "kind": check, "standard": standard, "scheme": scheme, "day": day, "form": form,
        "areas": areas_of(standard, form), "fresh": form.get("id") or new_id(), "today": timezone.localdate(),
        "people": people, "sheet": _tried(standard, form), **_voices(check, subject, form),
        "by_other": bool(check.layers) and all(row.pk != request.scope.person_id for row in people),
        "maximum": sum(item.points for item in standard.items if item.kind in ("deduct", "grade", "pass")),
    }  # fmt: skip
    status = 422 if request.method == "POST" else 200
    return render(request, "checks/sheet.html", context, status=status)


def _taken(request: Request, check: CheckKind, subject: Place, day: date, entries: Any) -> bool:
    """Submit the sheet; whether it is on file, told in words either way."""
    today = timezone.localdate()
    paper = request.POST.get("paper") == "1"
    actor = Actor(request.user.pk, Capture.Channel.PAPER if paper else Capture.Channel.OFFICE)
    answer = record_sheet(
        actor, check.code, subject.code, entries=entries, note=request.POST.get("note", "").strip(),
        inspector=request.POST.get("inspector", ""), voice=_whole(request.POST.get("voice", "")), id=read_id(request.POST.get("id", "")) or new_id(),
        made_at=None if day == today else datetime.combine(day, NOON, LOCAL),
    )  # fmt: skip
    if answer.kept:
        note_time(request.scope.person_id, check.code, request.POST.get("shown", ""), now=timezone.now())
    if answer.state == "stored":
        messages.success(request, _("已记录：%s。") % subject.name)
    elif answer.kept:
        messages.warning(request, f"{answer.words}{answer.mend}")
    else:
        messages.error(request, f"{answer.words}{answer.mend}")
    return answer.kept


def _voices(check: CheckKind, subject: Place, form: Any) -> dict[str, Any]:
    """Of an opinion: which sheet this is, the next after those of the last month unless it was typed."""
    if not check.opinion:
        return {}
    since = timezone.localdate() - timedelta(days=31)
    seen = Check.objects.filter(subject=subject, kind__code=check.code, day__gte=since, state=Check.State.COUNTED)
    told = seen.aggregate(last=Max("voice"), n=Count("pk"))
    return {"voice": form.get("voice") or (told["last"] or 0) + 1, "n_voices": told["n"]}


def _whole(typed: str) -> int:
    """What was typed as a number of a sheet; what is none is handed on as −1, for the rules to refuse."""
    return 0 if not typed.strip() else int(typed) if typed.strip().isdecimal() else -1


def _ground_of(subject: Place, scheme: Scheme) -> int:
    """The key of the ground whose scheme it is: the subject's county or township."""
    ground, township = subject.ground, subject.township
    return (
        township.pk if township is not None and township.code == scheme.ground else ground.pk if ground else subject.pk
    )


def _turn(request: Request, kind: str, code: str) -> Place | None:
    """The place, where a room above gives the actor this kind of check there."""
    offered = permits.offers(request.scope, timezone.localdate())
    return next((one for _, check, places in offered if check.code == kind for one in places if one.code == code), None)


def _below_mine(request: Request, code: str) -> Place:
    """The place, below one of the actor's own; unseen 404, else 403."""
    require(request.scope, ENTERERS)
    subject = find(Place.objects.select_related("township", "village", "ground"), request.scope, code=code)
    if not any(grant.role in ENTERERS and subject.path.startswith(grant.path) for grant in request.scope.grants):
        raise PermissionDenied
    return subject


def _people(request: Request, subject: Place, kind: str, turn: Place | None) -> list[Person]:
    named = permits.inspectors(request.scope, subject, kind, timezone.localdate()) if turn is not None else []
    if named:
        return named
    rows = Person.objects.filter(persons_near(subject.path)).select_related("place").order_by("place__path", "code")
    return list(rows[:400])


def _bearers(subject: Place, check: CheckKind, day: date) -> list[Person]:
    """Who makes a self-check there on a day: those who bear it on the kind's layers, and who stands in for them."""
    rows = Duty.objects.live(day).filter(target=subject, layer__in=check.layers)
    pairs = rows.values_list("person_id", "stand_in_id")
    return list(Person.objects.filter(pk__in={pk for pair in pairs for pk in pair if pk}).select_related("place"))


def _tried(standard: Any, form: Any) -> Any:
    try:
        return score(standard, entries_of(standard, form))
    except SheetError:
        return None


def _done_this_month(today: date) -> dict[tuple[str, int], int]:
    from xiangyue.checks.models import SheetTotal
    from xiangyue.checks.storing import month_of

    rows = SheetTotal.objects.filter(month=month_of(today)).exclude(kind__level="household")
    return {(code, subject): n for code, subject, n in rows.values_list("kind__code", "subject_id", "n")}
