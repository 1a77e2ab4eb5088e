"""The progress of a background job, where complaints go, how one works with it, and the page of components."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render

from xiangyue.base.models import Job
from xiangyue.base.pages import Request


@login_required
def job(request: Request, pk: int) -> HttpResponse:
    """A background job's progress, for the person who started it."""
    row = get_object_or_404(Job, pk=pk, created_by_id=request.user.pk)
    partial = request.headers.get("HX-Request") == "true"
    return render(request, "site/job_progress.html" if partial else "site/job.html", {"job": row})


def complaints(request: Request) -> HttpResponse:
    """Where complaints and suggestions go, for everyone, without log-in."""
    return render(request, "site/complaints.html", {"complaints_to": settings.COMPLAINTS_TO})


def instructions(request: Request) -> HttpResponse:
    """What each kind of user does, step by step, for everyone, without log-in."""
    return render(request, "site/help.html")


def look(request: Request) -> HttpResponse:
    """Every component with sample data, on demo and debug instances only."""
    if not (settings.DEBUG or settings.DEMO):
        raise Http404
    from xiangyue.site.look import FACES, samples

    face = request.GET.get("face", FACES[0])
    if face not in FACES:
        raise Http404
    return render(request, "site/look.html" if face == FACES[0] else f"site/look_{face}.html", samples())
