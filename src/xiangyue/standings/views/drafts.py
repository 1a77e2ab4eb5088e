"""A draft tried on a closed period: started here, worked out in the background, read subject by subject."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from xiangyue.agreements.models import SchemeVersion
from xiangyue.agreements.tree import read_text
from xiangyue.agreements.views import draft_of
from xiangyue.base.jobs import start_job
from xiangyue.base.models import Job
from xiangyue.base.pages import Request
from xiangyue.rules.quotes import nested
from xiangyue.schemes import SchemeErrors
from xiangyue.standings.drafts import KIND, Line, closings_to_try, lines_of, span_name
from xiangyue.standings.models import Closing
from xiangyue.standings.views.shown import cut, with_query

PER_PAGE = 60
SHOW: dict[str, tuple[str, Callable[[Line], bool]]] = {
    "moved": ("有变化的", lambda line: bool(line.why)),
    "board": ("红黑榜变了的", lambda line: line.was.board != line.now.board),
    "stars": ("星级、奖级变了的", lambda line: (line.was.stars, line.was.award) != (line.now.stars, line.now.award)),
    "all": ("全部", lambda line: True),
}


@login_required
def drafted(request: Request, pk: int) -> HttpResponse:
    """What a closed period's results would have been under the draft."""
    draft = draft_of(request.scope, pk)
    closings = closings_to_try(draft.ground_id, draft.code)
    wanted = request.POST.get("closing") or request.GET.get("closing") or ""
    closing = next((row for row in closings if str(row.pk) == wanted), None if wanted else next(iter(closings), None))
    if wanted and closing is None:
        raise Http404
    if request.method == "POST" and closing is not None:
        return _start(request, draft, closing)
    job = _jobs(draft, closing).first() if closing else None
    here = f"{reverse('standings:drafted', args=[draft.pk])}?closing={closing.pk}" if closing else ""
    if job is not None and request.headers.get("HX-Request") == "true":
        return render(request, "site/parts/task.html", {"task": job, "url": here, "result_url": here})
    context: dict[str, Any] = {
        "version": draft,
        "closings": [(row, span_name(row)) for row in closings],
        "closing": closing,
        "job": job,
        "senseless": not _makes_sense(draft),
        "without_stars": _without_stars(draft, closing) if closing else "",
        "stale": job is not None and job.args.get("digest") != draft.digest,
    }
    if job is not None and job.state == Job.State.DONE and job.result:
        context |= _outcome(request, job)
    elif job is not None:
        context["job_url"] = here
    return render(request, "standings/drafted.html", context)


def _start(request: Request, draft: SchemeVersion, closing: Closing) -> HttpResponse:
    args = {"draft": draft.pk, "closing": closing.pk, "digest": draft.digest}
    running = _jobs(draft, closing).filter(state__in=(Job.State.WAITING, Job.State.RUNNING), args__digest=draft.digest)
    if not running.exists():
        title = _("照草案套算%s") % span_name(closing)
        start_job(request.user.pk, KIND, title, path=draft.ground.path, args=args)
    return redirect(f"{reverse('standings:drafted', args=[draft.pk])}?closing={closing.pk}")


def _jobs(draft: SchemeVersion, closing: Closing) -> QuerySet[Job]:
    return Job.objects.filter(kind=KIND, args__draft=draft.pk, args__closing=closing.pk).order_by("-pk")


def _makes_sense(draft: SchemeVersion) -> bool:
    try:
        reading = read_text(draft.text)
    except SchemeErrors:
        return False
    return not (reading.unread or reading.senseless)


def _without_stars(draft: SchemeVersion, closing: Closing) -> str:
    """Which of the draft's stars this trial does not give, and on what they are given; empty where it gives all."""
    try:
        ratings = read_text(draft.text).scheme.ratings
    except SchemeErrors:
        return ""
    kind = closing.period.kind
    other = [row.name for row in ratings if row.composite and row.period != kind]
    bare = [row.name for row in ratings if not row.composite]
    told = []
    if other:
        told.append(_("“%s”按年度评星，要选一个已关账的年度来套算才看得到") % "”“".join(other))
    if bare:
        told.append(_("“%s”只看指标、不看考核得分，套算里没有，请到“星级评定”试评") % "”“".join(bare))
    return nested("；".join(told) + "。") if told else ""


def _outcome(request: Request, job: Job) -> dict[str, Any]:
    """The page's part of the outcome: one composite, filtered and cut."""
    outcome = job.result
    composites = outcome["composites"]
    code, show = request.GET.get("composite", ""), request.GET.get("show", "moved")
    found = next((row for row in composites if row["code"] == code), composites[0] if composites else None)
    if found is None:
        return {"notes": outcome["notes"]}
    lines = list(lines_of(found))
    words, keep = SHOW.get(show, SHOW["moved"])
    asked = request.GET.get("q", "").strip()
    kept = [line for line in lines if keep(line) and (not asked or asked in line.name or asked in line.at)]
    first, last, page = cut(len(kept), request.GET, PER_PAGE)
    return {
        "notes": outcome["notes"],
        "composites": [(row, with_query(request.GET, composite=row["code"], page="")) for row in composites],
        "found": found,
        "summary": _summary(found, lines),
        "lines": kept[first:last],
        "page": page,
        "show": show if show in SHOW else "moved",
        "shows": [(key, name) for key, (name, _keep) in SHOW.items()],
        "has_stars": any(line.was.stars or line.now.stars for line in lines),
        "has_awards": any(line.was.award or line.now.award for line in lines),
        "q": asked,
        "words": words,
    }


def _summary(found: Mapping[str, Any], lines: list[Line]) -> dict[str, Any]:
    moved = [line.moved for line in lines if line.moved]
    return {
        "mean_was": found["mean_was"],
        "mean_now": found["mean_now"],
        "delta": None if None in (found["mean_was"], found["mean_now"]) else found["mean_now"] - found["mean_was"],
        "n": len(lines),
        "up": sum(one > 0 for one in moved),
        "down": sum(one < 0 for one in moved),
        "red": sum(line.now.board == "red" != line.was.board for line in lines),
        "black": sum(line.now.board == "black" != line.was.board for line in lines),
        "off": sum(bool(line.was.board) and not line.now.board for line in lines),
    }
