"""The pages of an import: template and upload, the dry run with its result, and what was written."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from xiangyue.base.models import Job
from xiangyue.base.pages import Request
from xiangyue.base.problems import Problem
from xiangyue.base.scope import policy_of
from xiangyue.base.writes import write
from xiangyue.desk import jobs, problems, registry
from xiangyue.desk.declaration import Desk
from xiangyue.desk.files import judge
from xiangyue.desk.importer import ADD, BAD, CHANGE, SAME
from xiangyue.desk.models import Import
from xiangyue.desk.views import XLSX
from xiangyue.desk.writing import heading_of, how_to_fill, template_book

RECENT = 10
UNFINISHED = (Import.State.CHECKING, Import.State.APPLYING)


def importing_desk(request: Request, name: str) -> Desk:
    """The desk, for an actor who may take rows in; else 403."""
    found = registry.get(name)
    if not found.may_import(request.scope):
        raise PermissionDenied
    return found


def own_runs(request: Request) -> Any:
    """The imports of the person who asks."""
    return Import.objects.filter(uploaded_by_id=request.user.pk).select_related("job")


@login_required
def imports(request: Request) -> HttpResponse:
    """What can be taken in from workbooks, and one's latest imports."""
    found = [desk for desk in registry.all_desks() if desk.may_import(request.scope)]
    if not found:
        raise PermissionDenied
    context = {"desks": found, "runs": told_runs(own_runs(request)[:RECENT]), "crumbs": [(_("导入"), "")]}
    return render(request, "desk/imports.html", context)


@login_required
def take_in(request: Request, desk: str) -> HttpResponse | FileResponse:
    """The template (`?file=template`), or the page to hand a file in; a POST starts the dry run."""
    it = importing_desk(request, desk)
    if request.GET.get("file") == "template":
        name = _("%s-导入模板.xlsx") % it.title
        return FileResponse(template_book(it), as_attachment=True, filename=name, content_type=XLSX)
    problem = None
    if request.method == "POST":
        try:
            return redirect("desk:import_run", receive(request, it).pk)
        except Problem as found:
            problem = found
    context = {
        "desk": it,
        "problem": problem,
        "columns": [(heading_of(c), c, how_to_fill(c)) for c in it.taken],
        "runs": told_runs(own_runs(request).filter(desk=it.name)[:RECENT]),
        "crumbs": [(it.title, reverse("desk:list", args=(it.name,))), (_("导入"), "")],
    }
    return render(request, "desk/import.html", context, status=problem.kind.status if problem else 200)


def receive(request: Request, desk: Desk) -> Import:
    """The import of the uploaded file, its dry run queued; a problem for a file that is no table."""
    file = request.FILES.get("file")
    if not isinstance(file, UploadedFile) or not file.name:
        raise Problem(problems.FILE_MISSING)
    jobs.clear_old()
    path = next(iter(request.scope.paths(policy_of(desk.model).adders())), "")
    run = Import(
        desk=desk.name,
        file_name=Path(file.name).name[-200:],
        kind="xlsx",
        path=path,
        uploaded_by=request.user,
        uploaded_at=timezone.now(),
    )
    kept = run.folder / f"{run.token.hex}.new"
    keep(file, kept)
    try:
        run.kind = judge(kept)
    except Problem:
        kept.unlink(missing_ok=True)
        raise
    kept.replace(run.file)
    with write():
        run.save()
        jobs.start_check(run)
    return run


def keep(file: UploadedFile[Any], target: Path) -> None:
    """Write an upload to the data folder, readable by its owner only."""
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as out:
        for chunk in file.chunks():
            out.write(chunk)


@login_required
def run(request: Request, run: int) -> HttpResponse:
    """An import on its way: progress, then what would be done, then what was; a POST decides."""
    it = get_object_or_404(own_runs(request), pk=run)
    desk = importing_desk(request, it.desk)
    if request.method == "POST":
        decide(request, it)
        return redirect("desk:import_run", it.pk)
    failed = it.job is not None and it.job.state == Job.State.FAILED and it.state in UNFINISHED
    context = {
        "run": it,
        "desk": desk,
        "failed": failed,
        "live": it.state in UNFINISHED and not failed,
        "outcomes": outcomes(it),
        "crumbs": [
            (desk.title, reverse("desk:list", args=(desk.name,))),
            (_("导入"), reverse("desk:import", args=(desk.name,))),
            (it.file_name, ""),
        ],
    }
    partial = request.headers.get("HX-Request") == "true"
    if partial and not context["live"]:
        # The work is over: the whole page has changed.
        response = HttpResponse()
        response.headers["HX-Refresh"] = "true"
        return response
    return render(request, "desk/import_task.html" if partial else "desk/import_run.html", context)


def decide(request: Request, run: Import) -> None:
    """Confirm (all rows, or only the good ones), drop, or try a failed step again."""
    choice = request.POST.get("choice", "")
    failed = run.job is not None and run.job.state == Job.State.FAILED
    with write():
        held = Import.objects.select_for_update().get(pk=run.pk)
        if choice == "drop" and held.state in (Import.State.CHECKED, Import.State.REFUSED):
            held.state = Import.State.DROPPED
            held.save(update_fields=["state"])
        elif choice in Import.Mode.values and held.state == Import.State.CHECKED:
            if not held.n_good or (choice == Import.Mode.ALL and held.counts.get(BAD)):
                raise Problem(problems.NOT_READY)
            held.state, held.mode = Import.State.APPLYING, choice
            jobs.start_apply(held)
        elif choice == "again" and failed and held.state in UNFINISHED:
            starts = jobs.start_check if held.state == Import.State.CHECKING else jobs.start_apply
            starts(held)
        else:
            raise Problem(problems.NOT_READY)
    if choice == "drop":
        run.file.unlink(missing_ok=True)
        run.bad_file.unlink(missing_ok=True)
        messages.info(request, _("已放弃这次导入，什么都没有写入。"))


def outcomes(run: Import) -> list[dict[str, Any]]:
    """The dry run by outcome: count and first rows of what is bad, added, changed, left alone."""
    words = {
        BAD: (_("不能导入"), _("每一行都写明了错在哪里、怎么改。")),
        ADD: (_("新增"), _("登记里还没有的。")),
        CHANGE: (_("改动"), _("登记里已有，内容不同。")),
        SAME: (_("不变"), _("登记里已有，内容一样，不会动。")),
    }
    rows = run.found.get("rows", {})
    return [
        {
            "key": key,
            "title": title,
            "words": lead,
            "count": run.counts.get(key, 0),
            "rows": rows.get(key, []),
            "more": max(0, run.counts.get(key, 0) - len(rows.get(key, []))),
        }
        for key, (title, lead) in words.items()
    ]


def told_runs(runs: Any) -> list[dict[str, Any]]:
    """Imports for a list: what, when, how it ended."""
    tones = {"done": "done", "refused": "failed", "checked": "due", "dropped": "stopped"}
    return [
        {
            "run": one,
            "title": registry.get(one.desk).title if registry.known(one.desk) else one.desk,
            "tone": tones.get(one.state, "running"),
            "state": one.get_state_display(),
        }
        for one in runs
    ]


@login_required
def bad_rows(request: Request, run: int) -> FileResponse:
    """The bad rows of an import as a workbook, each with what to do."""
    it = get_object_or_404(own_runs(request), pk=run)
    if not it.bad_file.exists():
        raise Http404
    name = _("%s-待改正.xlsx") % Path(it.file_name).stem
    return FileResponse(it.bad_file.open("rb"), as_attachment=True, filename=name, content_type=XLSX)
