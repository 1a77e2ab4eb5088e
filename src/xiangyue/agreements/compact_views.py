"""The village compacts: which villages have one, a village's own, writing, voting, filing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from xiangyue.agreements.actions.compacts import back_to_draft, file_compact, forbidden, record_vote, write_draft
from xiangyue.agreements.compact_models import CompactArticle, CompactVersion
from xiangyue.agreements.compact_texts import Topic, stands_on, topics
from xiangyue.agreements.in_force import schemes_on
from xiangyue.base.pages import Request
from xiangyue.base.problems import Problem
from xiangyue.base.roles import OFFICES, READERS, STAFF
from xiangyue.base.scope import below, find, require
from xiangyue.places.folding import by_township
from xiangyue.places.models import Level, Place
from xiangyue.rules.compact import Vote

State = CompactVersion.State
SEE = CompactVersion.policy.see
SPARE = 3
"""Empty rows offered for further articles."""
ROWS = re.compile(r"text-(\d+)")


class VoteForm(forms.Form):
    """A vote as its minutes have it."""

    kind = forms.ChoiceField(label=gettext_lazy("参加的人"), choices=CompactVersion.VoteKind.choices)
    held_on = forms.DateField(label=gettext_lazy("会议日期"), widget=forms.DateInput(attrs={"type": "date"}))
    minutes = forms.CharField(label=gettext_lazy("会议记录编号"), max_length=60)
    entitled = forms.IntegerField(label=gettext_lazy("应到"), min_value=1, max_value=100_000)
    came = forms.IntegerField(label=gettext_lazy("到会"), min_value=0, max_value=100_000)
    in_favour = forms.IntegerField(label=gettext_lazy("同意"), min_value=0, max_value=100_000)


class FileForm(forms.Form):
    """The filing with the township."""

    number = forms.CharField(label=gettext_lazy("备案编号"), max_length=60)
    on = forms.DateField(label=gettext_lazy("备案日期"), widget=forms.DateInput(attrs={"type": "date"}))


@dataclass(frozen=True, slots=True)
class Standing:
    """A village in the list: its compact in force, what waits, and the topics that it does not have yet."""

    village: Place
    township: str
    current: CompactVersion | None
    waiting: CompactVersion | None
    lacking: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A township's villages."""

    township: str
    rows: list[Standing]
    missing: int
    opened: bool


@login_required
def compacts(request: Request) -> HttpResponse:
    """The villages one reads, each with the state of its compact; one village is gone straight to."""
    require(request.scope, READERS)
    villages = list(
        Place.objects.filter(below("path", request.scope.paths(READERS)), level=Level.VILLAGE)
        .live(timezone.localdate())
        .select_related("township")
        .order_by("path")
    )
    if len(villages) == 1:
        return redirect("compacts:compact", village=villages[0].code)
    listed = _listed(villages)
    missing = sum(row.current is None for row in listed)
    return render(
        request,
        "agreements/compacts.html",
        {"rows": listed, "parts": _parts(listed), "missing": missing, "n": len(listed)},
    )


def _parts(rows: list[Standing]) -> list[Part]:
    """The villages by township, folded where there are many, with how many lack a text in force."""
    folded = by_township(rows, lambda row: row.township)
    return [Part(one.township, one.rows, sum(row.current is None for row in one.rows), one.opened) for one in folded]


def _listed(villages: list[Place]) -> list[Standing]:
    held: dict[int, dict[str, CompactVersion]] = {}
    articles = Prefetch("articles", CompactArticle.objects.only("compact_id", "number", "topic"))
    wanted = [State.IN_FORCE, State.VOTED, State.DRAFT]
    for row in CompactVersion.objects.filter(village__in=villages, state__in=wanted).prefetch_related(articles):
        held.setdefault(row.village_id, {})[row.state] = row
    named = _topics({place.ground_id for place in villages} | {place.township_id for place in villages})
    return [_standing(place, held.get(place.pk, {}), named) for place in villages]


def _standing(place: Place, held: dict[str, CompactVersion], named: dict[int, tuple[Topic, ...]]) -> Standing:
    current = held.get(State.IN_FORCE)
    wanted = [*named.get(place.ground_id or 0, ()), *named.get(place.township_id or 0, ())]
    articles = list(current.articles.all()) if current else []
    lacking = tuple(topic.code for topic in wanted if stands_on(topic.code, articles) is None)
    township = place.township.name if place.township else ""
    return Standing(
        place, township, current, held.get(State.VOTED) or held.get(State.DRAFT), lacking if current else ()
    )


def _topics(grounds: set[int | None]) -> dict[int, tuple[Topic, ...]]:
    by_ground: dict[int, list[Any]] = {}
    for version, scheme in schemes_on(tuple(pk for pk in grounds if pk), timezone.localdate()):
        by_ground.setdefault(version.ground_id, []).append(scheme)
    return {ground: topics(schemes) for ground, schemes in by_ground.items()}


@login_required
def compact(request: Request, village: str, version: int | None = None) -> HttpResponse:
    """A village's compact: its articles and what stands on them, its versions, and the next step."""
    place = village_of(request, village)
    versions = list(place.compacts.select_related("filed_by__person", "created_by__person"))
    chosen = _chosen(versions, version)
    articles = list(chosen.articles.all()) if chosen else []
    named = _topics({place.ground_id, place.township_id})
    wanted = [*named.get(place.ground_id or 0, ()), *named.get(place.township_id or 0, ())]
    held = [(topic, stands_on(topic.code, articles)) for topic in wanted]
    context = {
        "village": place, "versions": versions, "compact": chosen, "topics": held,
        "articles": [(row, [t for t, found in held if found is not None and found.pk == row.pk]) for row in articles],
        "may_write": request.scope.holds(STAFF, place.path), "may_file": request.scope.holds(OFFICES, place.path),
        "has_draft": any(row.state == State.DRAFT for row in versions), "waiting": _waiting(versions, chosen),
        "vote": VoteForm(), "filing": FileForm(initial={"on": timezone.localdate()}),
    }  # fmt: skip
    return render(request, "agreements/compact.html", context)


def village_of(request: Request, code: str, *, to_write: bool = False) -> Place:
    """The village, for who reads its compact: unseen 404; seen but not writable 403."""
    place = find(Place.objects.select_related("township", "ground"), request.scope, code=code)
    if place.level != Level.VILLAGE or not request.scope.meets(SEE, place.path):
        raise Http404
    if to_write and not request.scope.holds(STAFF, place.path):
        raise PermissionDenied
    return place


def _chosen(versions: list[CompactVersion], number: int | None) -> CompactVersion | None:
    """The version asked for, else what is in force, else the newest."""
    if number is not None:
        found = next((row for row in versions if row.version == number), None)
        if found is None:
            raise Http404
        return found
    return next((row for row in versions if row.state == State.IN_FORCE), None) or next(iter(versions), None)


def _waiting(versions: list[CompactVersion], shown: CompactVersion | None) -> CompactVersion | None:
    """The version that waits for its vote or its filing, where another one is shown."""
    found = next((row for row in versions if row.state in (State.VOTED, State.DRAFT)), None)
    return None if found is None or found == shown else found


@login_required
def write(request: Request, village: str) -> HttpResponse:
    """Write the draft, article by article; without a draft it begins with the text in force."""
    place = village_of(request, village, to_write=True)
    if request.method == "POST":
        articles = _typed(request)
        try:
            draft = write_draft(request.user, place, articles, now=timezone.now())
        except Problem as problem:
            messages.error(request, f"{problem.words}{problem.mend}")
            return _form(request, place, articles, status=422)
        messages.success(request, _("草稿已保存。"))
        for words in forbidden(articles):
            messages.warning(request, words + _("，不能写。请在开会表决以前删改，不然登记不了表决。"))
        if "more" in request.POST:
            return redirect("compacts:write", village=village)
        return redirect("compacts:version", village=village, version=draft.version)
    held = place.compacts.filter(state=State.DRAFT).first() or place.compacts.filter(state=State.IN_FORCE).first()
    return _form(request, place, list(held.articles.values_list("text", "topic")) if held else [])


def _typed(request: Request) -> list[tuple[str, str]]:
    numbers = sorted(int(found[1]) for name in request.POST if (found := ROWS.fullmatch(name)))
    return [(request.POST[f"text-{n}"], request.POST.get(f"topic-{n}", "")[:40]) for n in numbers[:200]]


def _form(request: Request, place: Place, articles: list[tuple[str, str]], status: int = 200) -> HttpResponse:
    named = _topics({place.ground_id, place.township_id})
    wanted = [*named.get(place.ground_id or 0, ()), *named.get(place.township_id or 0, ())]
    rows = [*articles, *[("", "")] * SPARE]
    context = {"village": place, "rows": list(enumerate(rows, 1)), "topics": wanted}
    return render(request, "agreements/compact_write.html", context, status=status)


@require_POST
@login_required
def voted(request: Request, village: str) -> HttpResponse:
    """Record the villagers' vote on the draft."""
    place = village_of(request, village, to_write=True)
    form = VoteForm(request.POST)
    draft = place.compacts.filter(state=State.DRAFT).first()
    if draft is None:
        raise Http404
    if not form.is_valid():
        messages.error(request, _("表决没有登记：%s") % _errors(form))
        return redirect("compacts:version", village=village, version=draft.version)
    try:
        record_vote(request.user, draft, Vote(**form.cleaned_data), today=timezone.localdate())
    except Problem as problem:
        messages.error(request, f"{problem.words}{problem.mend}")
    else:
        messages.success(request, _("表决已登记，请报乡镇备案。"))
    return redirect("compacts:version", village=village, version=draft.version)


@require_POST
@login_required
def filed(request: Request, village: str) -> HttpResponse:
    """File the voted version with the township: it is in force."""
    place = village_of(request, village)
    if not request.scope.holds(OFFICES, place.path):
        raise PermissionDenied
    waiting = place.compacts.filter(state=State.VOTED).order_by("-version").first()
    if waiting is None:
        raise Http404
    form = FileForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("没有备案：%s") % _errors(form))
    else:
        try:
            file_compact(
                request.user, waiting, form.cleaned_data["number"], form.cleaned_data["on"], today=timezone.localdate()
            )
        except Problem as problem:
            messages.error(request, f"{problem.words}{problem.mend}")
        else:
            messages.success(request, _("已备案，村规民约生效。"))
    return redirect("compacts:version", village=village, version=waiting.version)


@require_POST
@login_required
def reopen(request: Request, village: str) -> HttpResponse:
    """Take a voted version back to a draft."""
    place = village_of(request, village, to_write=True)
    waiting = place.compacts.filter(state=State.VOTED).order_by("-version").first()
    if waiting is None:
        raise Http404
    try:
        back_to_draft(request.user, waiting, reason=request.POST.get("reason", "").strip()[:200])
    except Problem as problem:
        messages.error(request, f"{problem.words}{problem.mend}")
    return redirect("compacts:version", village=village, version=waiting.version)


def _errors(form: forms.Form) -> str:
    told = (
        f"{form.fields[name].label}{''.join(str(one) for one in found)}".rstrip("。")
        for name, found in form.errors.items()
    )
    return "；".join(told) + "。"
