"""Notices: all that run and were, and one publication as a timeline with its objections and what is left to do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from xiangyue.base.pages import Request, said_day
from xiangyue.base.problems import Problem
from xiangyue.base.roles import OFFICES, READERS, STAFF, Role
from xiangyue.base.scope import Scope, below, find
from xiangyue.desk.shapes import Cell, Empty, Head, Line, Table
from xiangyue.people.models import Organisation, Person, User
from xiangyue.places.meant import named
from xiangyue.places.models import Place
from xiangyue.rules.quotes import nested
from xiangyue.standings import access
from xiangyue.standings.actions import publication as acts
from xiangyue.standings.actions.publication_objections import answer as answer_objection
from xiangyue.standings.actions.publication_objections import object_to
from xiangyue.standings.notices.course import course_of, versions_of
from xiangyue.standings.notices.kinds import KINDS, kind_of
from xiangyue.standings.notices.models import Objection, Publication, PublicationPaper
from xiangyue.standings.views.shown import at

READS = STAFF | {Role.AUDITOR}
"""Who reads objections, over the place that they concern."""
PAST = 60
"""How many notices that are over the list shows."""


class ObjectionForm(forms.Form):
    """An objection taken down at the counter."""

    subject = forms.CharField(
        label=gettext_lazy("对象"),
        max_length=60,
        help_text=gettext_lazy("村写村名，农户写村名和门牌，如“桃花村 3号”；也可以写编码。人员、单位写编码"),
    )
    by_name = forms.CharField(label=gettext_lazy("提出人"), max_length=40)
    text = forms.CharField(label=gettext_lazy("异议内容"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class PaperForm(forms.Form):
    """A document by its title, number and day."""

    title = forms.CharField(label=gettext_lazy("文件名称"), max_length=120)
    number = forms.CharField(label=gettext_lazy("文号"), max_length=60, required=False)
    on = forms.DateField(label=gettext_lazy("日期"), widget=forms.DateInput(attrs={"type": "date"}))


@login_required
def publications(request: Request) -> HttpResponse:
    """What is on notice with its days left, and what was."""
    if not request.scope.holds(access.SEE):
        raise PermissionDenied
    today = timezone.localdate()
    waits = Count("objections", filter=Q(objections__upheld=None))
    rows = _seen(request.scope).select_related("ground").annotate(n_open=waits)
    running = rows.filter(state=Publication.State.PROPOSED).order_by("notice_ends_on", "pk")
    past = rows.exclude(state=Publication.State.PROPOSED).order_by("-pk")[:PAST]
    shown = list(running)
    context = {
        "running": Table(
            _("正在公示"),
            [Head(_("公示事项")), Head(_("辖区")), Head(_("公示到")), Head(_("还剩")), Head(_("待答复异议"), "number"),
             Head(_("下一步"))],
            [_running(row, today) for row in shown],
            Empty(_("没有正在公示的事项"), _("考核结果、评星、奖补名单等开始公示后列在这里，写明还剩几天。"), icon="speakerphone"),
        ),
        "past": Table(
            _("已结束的公示"),
            [Head(_("公示事项")), Head(_("辖区")), Head(_("状态")), Head(_("公示到"))],
            [_past(row) for row in past],
            Empty(_("还没有公示过"), "", icon="archive"),
        ),
        "n_due": sum(today > row.notice_ends_on for row in shown),
        "crumbs": [(_("公示"), "")],
    }  # fmt: skip
    return render(request, "standings/publications.html", context)


def _title(row: Publication) -> Cell:
    version = _(" · 第%s版") % row.version if row.version > 1 else ""
    kind = KINDS.get(row.kind)
    return Cell(row.title, at("publication", row.pk), note=f"{kind.name if kind else row.kind}{version}")


def _running(row: Publication, today: date) -> Line:
    left = (row.notice_ends_on - today).days + 1
    n_open: int = row.n_open  # type: ignore[attr-defined]
    if n_open:
        step = Cell(_("答复异议"), state="due")
    elif left <= 0:
        step = Cell(_("可以办生效"), state="due")
    else:
        step = Cell(_("等公示期满"), state="running")
    days = _("%s天") % left if left > 0 else _("已期满")
    return Line(
        [_title(row), Cell(row.ground.name), Cell(said_day(row.notice_ends_on)), Cell(days), Cell(n_open), step]
    )


def _past(row: Publication) -> Line:
    return Line([_title(row), Cell(row.ground.name), Cell(state=row.state), Cell(said_day(row.notice_ends_on))])


def _seen(scope: Scope) -> QuerySet[Publication]:
    """What the actor reads: of kinds that are tied, the public ones, and those that name the actor."""
    rows = Publication.objects.read_by(scope).filter(kind__in=KINDS)
    return rows.shown_to(scope, frozenset(code for code, kind in KINDS.items() if kind.public))


def publication_of(request: Request, pk: int) -> Publication:
    """One publication that the actor reads: unseen 404."""
    row = _seen(request.scope).select_related("ground").filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def office_of(request: Request, pk: int) -> Publication:
    """One publication that the actor's office governs; seen but not theirs 403."""
    row = publication_of(request, pk)
    if not request.scope.holds(OFFICES, row.ground.path):
        raise PermissionDenied
    return row


@login_required
def publication(request: Request, pk: int) -> HttpResponse:
    """One publication with all its versions as a timeline, its objections, and what is left to do."""
    return render(request, "standings/publication.html", _shown(request, publication_of(request, pk), ObjectionForm()))


def _shown(request: Request, row: Publication, form: ObjectionForm) -> dict[str, Any]:
    scope, today = request.scope, timezone.localdate()
    kind, versions = kind_of(row.kind), versions_of(row)
    mine = below("subject__path", scope.paths(READS))
    objections = list(
        Objection.objects.filter(mine, publication__in=[one.pk for one in versions]).select_related(
            "subject__village", "person", "organisation", "publication", "answered_by__person", "recorded_by__person"
        )
    )
    papers = list(PublicationPaper.objects.filter(publication__in=versions).select_related("added_by__person"))
    office = scope.holds(OFFICES, row.ground.path)
    reads_names = scope.holds(READERS)

    def name(user: User | None) -> str:
        return (str(user) if user else _("命令行")) if reads_names else row.ground.name

    told = kind.told(row)
    return {
        "row": row,
        "kind": kind,
        "page": kind.page(row) if scope.holds(access.SEE) else "",
        "events": course_of(versions, objections, papers, name, lambda one: at("publication", one.pk)),
        "versions": versions,
        "objections": objections,
        "papers": papers,
        "reads_objections": scope.holds(READS),
        "told": told,
        "n_left": max(0, (row.notice_ends_on - today).days + 1) if row.is_proposed else 0,
        "waiting": _waiting(row, today, told.n - told.n_told) if row.is_proposed else [],
        "open": row.is_proposed and today <= row.notice_ends_on,
        "office": office,
        "may_record": scope.holds(STAFF),
        "may_tell": row.is_proposed and scope.holds(STAFF) and row.subjects.filter(told_on=None).exists(),
        "form": form,
        "paper_form": PaperForm() if office else None,
        "ground_name": row.ground.name,
        "crumbs": [(_("公示"), at("publications")), (row.title, "")],
    }


def _waiting(row: Publication, today: date, n_untold: int) -> list[str]:
    """What is left before it can be in force, in words."""
    kind = kind_of(row.kind)
    found = []
    if today <= row.notice_ends_on:
        found.append(_("公示到%s，期满前不能生效") % said_day(row.notice_ends_on))
    if n := acts.unanswered(row):
        found.append(_("还有%s条异议没有答复") % n)
    if kind.told_first and n_untold:
        found.append(_("还有%s个对象没有告知") % n_untold)
    return [*found, *kind.waiting(row, today)]


@login_required
@require_POST
def record(request: Request, pk: int) -> HttpResponse:
    """An objection is taken down."""
    row = publication_of(request, pk)
    if not request.scope.holds(STAFF):
        raise PermissionDenied
    form = ObjectionForm(request.POST)
    if form.is_valid() and _record(request, row, form):
        return redirect(at("publication", pk))
    return render(request, "standings/publication.html", _shown(request, row, form))


def _record(request: Request, row: Publication, form: ObjectionForm) -> bool:
    told = form.cleaned_data
    subject = _subject(row, told["subject"].strip())
    if subject is None:
        form.add_error("subject", _("本辖区没有找到它。请写村名，农户写村名加门牌（如“桃花村 3号”），或写编码。"))
        return False
    if not request.scope.holds(STAFF, subject.path if isinstance(subject, Place) else subject.place.path):
        raise PermissionDenied
    try:
        object_to(request.user, row, subject, text=told["text"], by_name=told["by_name"], now=timezone.now())
    except Problem as problem:
        form.add_error(None, f"{problem.words}{problem.mend}")
        return False
    messages.success(request, _("异议已登记，答复前不会生效。"))
    return True


def _subject(row: Publication, code: str) -> acts.Subject | None:
    place = named(code, (row.ground.path,))
    if place is not None:
        return place
    here = {"code": code, "place__path__startswith": row.ground.path}
    person = Person.objects.select_related("place").filter(**here).first()
    return person or Organisation.objects.select_related("place").filter(**here).first()


def _act(request: Request, pk: int, act: Callable[[], str]) -> HttpResponseRedirect:
    """Does one act and goes back to the timeline, with what was done or why not."""
    try:
        messages.success(request, act())
    except Problem as problem:
        messages.error(request, f"{problem.words}{problem.mend}")
    return redirect(at("publication", pk))


@login_required
@require_POST
def told(request: Request, pk: int) -> HttpResponse:
    """All subjects on the actor's own ground are told."""
    row = publication_of(request, pk)
    if not request.scope.holds(STAFF):
        raise PermissionDenied
    mine = row.subjects.filter(told_on=None).at(request.scope.paths(STAFF))
    subjects = [one.place or one.person or one.organisation for one in mine.select_related(*acts.FIELDS.values())]

    def act() -> str:
        n = acts.tell(request.user, row, [one for one in subjects if one is not None], now=timezone.now())
        return _("已登记告知%s个对象。") % n

    return _act(request, pk, act)


@login_required
@require_POST
def enforce(request: Request, pk: int) -> HttpResponse:
    """What is on notice is put in force."""
    row = office_of(request, pk)
    made: list[Publication] = []

    def act() -> str:
        made.append(acts.put_in_force(request.user, row, now=timezone.now()))
        return nested(_("“%s”已生效。") % row.title)

    done = _act(request, pk, act)
    return redirect(at("publication", made[0].pk)) if made else done


@login_required
@require_POST
def withdraw(request: Request, pk: int) -> HttpResponse:
    """The notice is taken back."""
    row = office_of(request, pk)

    def act() -> str:
        acts.withdraw(request.user, row, reason=request.POST.get("reason", ""), now=timezone.now())
        return _("公示已撤回。")

    return _act(request, pk, act)


@login_required
@require_POST
def paper(request: Request, pk: int) -> HttpResponse:
    """A document is entered beside it."""
    row = office_of(request, pk)
    form = PaperForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("文件没有存入：请填文件名称和日期。"))
        return redirect(at("publication", pk))

    def act() -> str:
        told = form.cleaned_data
        acts.add_paper(request.user, row, title=told["title"], number=told["number"], on=told["on"], now=timezone.now())
        return str(_("文件《%s》已存入。") % told["title"])

    return _act(request, pk, act)


@login_required
@require_POST
def answer(request: Request, pk: int) -> HttpResponse:
    """An objection is answered."""
    objection = find(Objection.objects.select_related("publication__ground"), request.scope, pk=pk)
    row = objection.publication
    if not request.scope.holds(OFFICES, row.ground.path):
        raise PermissionDenied

    def act() -> str:
        upheld = request.POST.get("upheld") == "1"
        done = answer_objection(request.user, objection, upheld, request.POST.get("answer", ""), now=timezone.now())
        return _("已答复。%s") % done.outcome

    return _act(request, row.pk, act)


@login_required
def notice(request: Request, pk: int) -> HttpResponse:
    """The way from a period to its notice."""
    period = access.period_of(request.scope, pk)
    closing = period.closings.exclude(publication=None).order_by("-version").first()
    if closing is None or closing.publication_id is None:
        raise Http404
    return redirect(at("publication", closing.publication_id))
