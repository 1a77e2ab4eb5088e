"""Reading schemes like documents: the list of the grounds' versions, one version, two compared."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from xiangyue.agreements.document import document
from xiangyue.agreements.in_force import scheme_of, schemes_on
from xiangyue.agreements.models import SchemeVersion
from xiangyue.base.pages import Request
from xiangyue.base.scope import Scope, require, visible_to
from xiangyue.schemes import SchemeErrors, differences

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
    """One version as a document."""
    version = get_version(request.scope, pk)
    try:
        laid_out = document(version, scheme_of(version))
    except SchemeErrors as errors:
        return render(request, "agreements/broken.html", {"version": version, "errors": errors.errors})
    rows = SchemeVersion.objects.read_by(request.scope).filter(ground=version.ground, code=version.code)
    others = rows.exclude(pk=pk).defer("text").order_by("-version")
    context = {"page": laid_out, "version": version, "others": others, "may_write": may_write(request.scope, version)}
    return render(request, "agreements/read.html", context)


@login_required
def compare(request: Request, pk: int, other: int) -> HttpResponse:
    """What changed from one version to another, item by item."""
    new, old = get_version(request.scope, pk), get_version(request.scope, other)
    try:
        found = differences(scheme_of(old), scheme_of(new))
    except SchemeErrors as errors:
        return render(request, "agreements/broken.html", {"version": new, "errors": errors.errors})
    return render(request, "agreements/compare.html", {"old": old, "new": new, "differences": found})
