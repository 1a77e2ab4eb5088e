"""Writing schemes: a draft begun, edited as text or on forms, discarded, put in force."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xiangyue.agreements.actions.drafting import discard_draft, save_draft, start_draft
from xiangyue.agreements.actions.publishing import hold_against_ground, newest, next_period, publish_draft
from xiangyue.agreements.editing import edited, every_choices, sheets
from xiangyue.agreements.forms import BeginForm, PublishForm
from xiangyue.agreements.in_force import scheme_of
from xiangyue.agreements.models import SchemeVersion
from xiangyue.agreements.views import get_version
from xiangyue.base.pages import Request
from xiangyue.base.problems import Problem
from xiangyue.base.scope import require
from xiangyue.rules.settings import Scheme
from xiangyue.schemes import SchemeErrors, differences, lint, load, pack, pack_text

DRAFT = SchemeVersion.State.DRAFT


@login_required
def begin(request: Request) -> HttpResponse:
    """A ground's first scheme, from a pack."""
    roles = SchemeVersion.policy.write
    require(request.scope, roles)
    form = BeginForm(request.scope, roles, request.POST or None)
    if request.method == "POST" and form.is_valid():
        ground, sample = form.cleaned_data["ground"], pack(form.cleaned_data["pack"])
        text = pack_text(form.cleaned_data["pack"]).replace(f'"{sample.ground}"', f'"{ground.code}"', 1)
        draft, is_new = start_draft(request.user, ground, text, code=sample.code, name=sample.name, now=timezone.now())
        if not is_new:
            messages.info(request, _("这里已有一份草稿，接着改它。"))
        return redirect("agreements:edit", draft.pk)
    return render(request, "agreements/begin.html", {"form": form})


@login_required
@require_POST
def draft(request: Request, pk: int) -> HttpResponse:
    """A new version begun from one on file."""
    row = get_version(request.scope, pk, to_write=True)
    made, is_new = start_draft(request.user, row.ground, row.text, code=row.code, name=row.name, now=timezone.now())
    if not is_new and made.pk != row.pk:
        messages.info(request, _("这里已有一份草稿，接着改它。"))
    return redirect("agreements:edit", made.pk)


def _draft(request: Request, pk: int) -> SchemeVersion:
    """The draft that the actor may write; a published version can't be edited."""
    row = get_version(request.scope, pk, to_write=True)
    if row.state != DRAFT:
        raise Http404
    return row


@login_required
def edit(request: Request, pk: int) -> HttpResponse:
    """A draft as text: saved right or wrong, and every error told with its line, field and mend."""
    row = _draft(request, pk)
    errors: SchemeErrors | None = None
    if request.method == "POST":
        text = request.POST.get("text", "")
        errors = save_draft(request.user, row, text, base=request.POST.get("base", ""))
        if errors is None:
            messages.success(request, _("已保存，写法都对。"))
            return redirect("agreements:edit", row.pk)
        messages.warning(request, _("已保存为草稿，但还有错，改好才能发布。"))
    else:
        errors = _errors_of(row.text)
    lines = row.text.split("\n")
    told = [
        (error, lines[error.line - 1].strip() if 0 < error.line <= len(lines) else "")
        for error in (errors.errors if errors else ())
    ]
    findings = () if errors else lint(load(row.text))
    return render(request, "agreements/edit.html", {"version": row, "told": told, "findings": findings})


def _errors_of(text: str) -> SchemeErrors | None:
    try:
        load(text)
    except SchemeErrors as errors:
        return errors
    return None


@login_required
def form(request: Request, pk: int) -> HttpResponse:
    """A draft on forms: one page of fields at a time."""
    row = _draft(request, pk)
    if _errors_of(row.text):
        messages.warning(request, _("草稿的文本还有错，改好以后才能用表单。"))
        return redirect("agreements:edit", row.pk)
    scheme = scheme_of(row)
    pages = sheets(scheme)
    wanted = request.POST.get("sheet", request.GET.get("sheet", pages[0].key))
    sheet = next((page for page in pages if page.key == wanted), None)
    if sheet is None:
        raise Http404
    errors: tuple[str, ...] = ()
    if request.method == "POST":
        done = edited(scheme, sheet, request.POST)
        if done.text is not None:
            save_draft(request.user, row, done.text, base=request.POST.get("base", ""))
            messages.success(request, _("已保存。"))
            return redirect(f"{request.path}?sheet={sheet.key}")
        sheet, errors = done.sheet, done.errors
    context = {"version": row, "pages": pages, "sheet": sheet, "errors": errors, "every": every_choices()}
    return render(request, "agreements/form.html", context)


@login_required
def publish(request: Request, pk: int) -> HttpResponse:
    """What is about to be in force: what changed, what law says against it, from when; then yes."""
    row = _draft(request, pk)
    broken = _errors_of(row.text)
    if broken:
        return render(request, "agreements/broken.html", {"version": row, "errors": broken.errors})
    scheme, last, today = load(row.text), newest(row.ground, row.code), timezone.localdate()
    page = PublishForm(request.POST or None, initial={"from_on": next_period(today)})
    if request.method == "POST" and page.is_valid():
        try:
            publish_draft(request.user, row, page.cleaned_data["from_on"], today=today)
        except Problem as problem:
            page.add_error(None, str(problem))
        else:
            messages.success(request, _("已发布，到期自动生效。"))
            return redirect("agreements:read", row.pk)
    context = {
        "version": row,
        "form": page,
        "last": last,
        "differences": differences(scheme_of(last), scheme) if last else (),
        "findings": lint(scheme),
        "in_the_way": _in_the_way(row, scheme, next_period(today)),
    }
    return render(request, "agreements/publish.html", context)


def _in_the_way(row: SchemeVersion, scheme: Scheme, on: date) -> str:
    """What would keep the draft from being published, in words."""
    try:
        hold_against_ground(row.ground, scheme, on)
    except Problem as problem:
        return str(problem)
    return ""


@login_required
@require_POST
def discard(request: Request, pk: int) -> HttpResponse:
    """Throw a draft away."""
    discard_draft(request.user, _draft(request, pk))
    messages.success(request, _("草稿已丢弃；全文还留在变更记录里。"))
    return redirect("agreements:schemes")
