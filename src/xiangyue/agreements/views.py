"""Reading schemes like documents: the list of the grounds' versions, one version, two compared."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from xiangyue.agreements.category_sizes import category_sizes
from xiangyue.agreements.comparing import side_by_side
from xiangyue.agreements.document import document
from xiangyue.agreements.in_force import scheme_of, schemes_on
from xiangyue.agreements.models import SchemeVersion
from xiangyue.agreements.tree import Reading, read_text
from xiangyue.base.pages import Request
from xiangyue.base.scope import Scope, require, visible_to
from xiangyue.schemes import SchemeError, SchemeErrors, differences, load

POLICY = SchemeVersion.policy


def get_version(scope: Scope, pk: int, *, to_write: bool = False) -> SchemeVersion:
    """The one version: unseen 404, seen but not writable 403."""
    rows = SchemeVersion.objects.read_by(scope).select_related("ground", "created_by__person", "published_by__person")
    row = rows.filter(pk=pk).first()
    if row is None:
        raise Http404
    if to_write and not may_write(scope, row):
        raise PermissionDenied
    return row


def draft_of(scope: Scope, pk: int) -> SchemeVersion:
    """The draft that the actor may write; a published version can't be edited."""
    row = get_version(scope, pk, to_write=True)
    if row.state != SchemeVersion.State.DRAFT:
        raise Http404
    return row


def on_draft(view: Callable[[Request, SchemeVersion], HttpResponse]) -> Callable[[Request, int], HttpResponse]:
    """A page of a draft, read once for both; when that is published, its address leads to the version as it stands."""

    @login_required
    @wraps(view)
    def shown(request: Request, pk: int) -> HttpResponse:
        row = get_version(request.scope, pk, to_write=True)
        if row.state == SchemeVersion.State.PUBLISHED:
            messages.info(request, _("这一版已经发布，不能再改；要改请点“起草新版”。"))
            return redirect("agreements:read", pk)
        return view(request, row)

    return shown


def may_write(scope: Scope, version: SchemeVersion) -> bool:
    """Whether the actor may change schemes of this ground."""
    return visible_to(SchemeVersion.objects.all(), scope, to_write=True).filter(pk=version.pk).exists()


@login_required
def schemes(request: Request) -> HttpResponse:
    """The schemes that govern the actor's places, by ground, with their versions."""
    require(request.scope, POLICY.see)
    rows = SchemeVersion.objects.read_by(request.scope).select_related("ground", "published_by__person").defer("text")
    today = timezone.localdate()
    in_force = {version.pk for version, _scheme in schemes_on(tuple({row.ground_id for row in rows}), today)}
    grouped: dict[tuple[str, str], list[SchemeVersion]] = {}
    for row in rows.order_by("ground__path", "code", "-version"):
        grouped.setdefault((row.ground.path, row.code), []).append(row)
    groups = [(versions[0].ground, versions[0].name, versions) for versions in grouped.values()]
    context = {"groups": groups, "in_force": in_force, "may_begin": request.scope.holds(POLICY.write), "today": today}
    return render(request, "agreements/schemes.html", context)


@login_required
def read(request: Request, pk: int) -> HttpResponse:
    """One version as a document; a draft is read as far as it goes."""
    version = get_version(request.scope, pk)
    reading, errors = _reading(version)
    if reading is None:
        return render(request, "agreements/broken.html", {"version": version, "errors": errors})
    rows = SchemeVersion.objects.read_by(request.scope).filter(ground=version.ground, code=version.code)
    sizes = category_sizes(version.ground, reading.scheme, timezone.localdate())
    context = {
        "page": document(reading.scheme, sizes, sensible=not reading.senseless),
        "version": version,
        "others": rows.exclude(pk=pk).defer("text").order_by("-version"),
        "may_write": may_write(request.scope, version),
        "n_wrong": len(reading.senseless),
        "whole": "all" in request.GET,
    }
    return render(request, "agreements/read.html", context)


def _reading(version: SchemeVersion) -> tuple[Reading | None, tuple[SchemeError, ...]]:
    """The version's scheme, sensible or not; or what can't be read in it."""
    if version.state == SchemeVersion.State.PUBLISHED:
        return Reading(scheme_of(version), ()), ()
    try:
        reading = read_text(version.text)
    except SchemeErrors as errors:
        return None, errors.errors
    if not reading.unread:
        return reading, ()
    try:
        load(version.text)
    except SchemeErrors as errors:
        return None, errors.errors
    return reading, ()


@login_required
def compare(request: Request, pk: int, other: int) -> HttpResponse:
    """Two versions side by side, sentence by sentence."""
    new, old = get_version(request.scope, pk), get_version(request.scope, other)
    readings = []
    for version in (old, new):
        reading, errors = _reading(version)
        if reading is None:
            return render(request, "agreements/broken.html", {"version": version, "errors": errors})
        readings.append(reading.scheme)
    sections = side_by_side(*readings)
    n = sum(len(section.rows) for section in sections)
    found = differences(*readings)
    context = {"old": old, "new": new, "sections": sections, "n": n, "differences": found}
    return render(request, "agreements/compare.html", context)
