"""Writing schemes: a draft begun, edited as text or on forms, discarded, put in force."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xiangyue.agreements.actions.drafting import discard_draft, empty_text, save_draft, start_draft
from xiangyue.agreements.actions.publishing import hold_against_ground, newest, next_period, publish_draft, short_code
from xiangyue.agreements.category_sizes import category_sizes
from xiangyue.agreements.comparing import side_by_side
from xiangyue.agreements.forms import EMPTY, BeginForm, PublishForm
from xiangyue.agreements.in_force import scheme_of
from xiangyue.agreements.models import SchemeVersion
from xiangyue.agreements.views import draft_of, get_version, on_draft
from xiangyue.base.pages import Request
from xiangyue.base.problems import Problem
from xiangyue.base.scope import require
from xiangyue.places.models import Place
from xiangyue.rules.settings import Scheme
from xiangyue.schemes import Finding, SchemeErrors, differences, lint, load, pack_text
from xiangyue.schemes import pack as pack_of
from xiangyue.schemes.writing import quoted


@login_required
def begin(request: Request) -> HttpResponse:
    """A ground's first scheme, from a pack."""
    roles = SchemeVersion.policy.write
    require(request.scope, roles)
    form = BeginForm(request.scope, roles, request.POST or None)
    if request.method == "POST" and form.is_valid():
        ground = form.cleaned_data["ground"]
        text, code, name = _first_text(ground, **{key: form.cleaned_data[key] for key in ("pack", "code", "name")})
        draft, is_new = start_draft(request.user, ground, text, code=code, name=name, now=timezone.now())
        if not is_new:
            messages.info(request, _("这里已有一份草稿，接着改它。"))
        return redirect("agreements:form", draft.pk)
    return render(request, "agreements/begin.html", {"form": form})


def _first_text(ground: Place, pack: str, code: str, name: str) -> tuple[str, str, str]:
    """(Text, code, name) of a new scheme: a sample's with its comments, or one that says nothing yet."""
    own = short_code(ground.code)
    if pack == EMPTY:
        code, name = code or "scheme", name.strip()
        return empty_text(own, code, name), code, name
    text, sample = pack_text(pack), pack_of(pack)
    for key, old, new in (("ground", sample.ground, own), ("code", sample.code, code), ("name", sample.name, name)):
        if new.strip():
            # the first of its kind stands in the scheme's own head
            text = text.replace(f"{key} = {quoted(old)}", f"{key} = {quoted(new.strip())}", 1)
    return text, code or sample.code, name.strip() or sample.name


@login_required
@require_POST
def draft(request: Request, pk: int) -> HttpResponse:
    """A new version begun from one on file."""
    row = get_version(request.scope, pk, to_write=True)
    made, is_new = start_draft(request.user, row.ground, row.text, code=row.code, name=row.name, now=timezone.now())
    if not is_new and made.pk != row.pk:
        messages.info(request, _("这里已有一份草稿，接着改它。"))
    return redirect("agreements:form", made.pk)


@on_draft
def edit(request: Request, row: SchemeVersion) -> HttpResponse:
    """A draft as text: saved right or wrong, and every error told with its line, field and mend."""
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
    findings = () if errors else _findings(row, load(row.text))
    return render(request, "agreements/edit.html", {"version": row, "told": told, "findings": findings})


def _findings(row: SchemeVersion, scheme: Scheme) -> tuple[Finding, ...]:
    return lint(scheme, category_sizes(row.ground, scheme, timezone.localdate()))


def _errors_of(text: str) -> SchemeErrors | None:
    try:
        load(text)
    except SchemeErrors as errors:
        return errors
    return None


@on_draft
def publish(request: Request, row: SchemeVersion) -> HttpResponse:
    """What is about to be in force: what changed, what law says against it, from when; then yes."""
    broken = _errors_of(row.text)
    if broken:
        return render(request, "agreements/broken.html", {"version": row, "errors": broken.errors})
    scheme, last, today = load(row.text), newest(row.ground, row.code), timezone.localdate()
    findings = _findings(row, scheme)
    warned = any(finding.severity == "warn" for finding in findings)
    page = PublishForm(request.POST or None, initial={"from_on": next_period(today)}, warned=warned)
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
        "n_changes": len(differences(scheme_of(last), scheme)) if last else 0,
        "sections": side_by_side(scheme_of(last), scheme) if last else (),
        "findings": findings,
        "unsaid": [words for words, said in _basics(scheme) if not said],
        "in_the_way": _in_the_way(row, scheme, next_period(today)),
    }
    return render(request, "agreements/publish.html", context)


def _basics(scheme: Scheme) -> tuple[tuple[str, Collection[Any]], ...]:
    """What a scheme does nothing without, and what it says of each."""
    return (
        (_("谁包谁"), scheme.layers), (_("查什么"), scheme.standards), (_("谁来查"), scheme.check_kinds),
        (_("怎么算分"), scheme.composites),
    )  # fmt: skip


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
    discard_draft(request.user, draft_of(request.scope, pk))
    messages.success(request, _("草稿已丢弃；全文还留在变更记录里。"))
    return redirect("agreements:schemes")
