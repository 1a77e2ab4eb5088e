"""The two jobs of an import: looking at it, and writing it."""

from __future__ import annotations

import os
import shutil
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from xiangyue.base.jobs import Progress, start_job, work
from xiangyue.base.models import Job
from xiangyue.base.problems import Problem
from xiangyue.base.scope import Scope
from xiangyue.base.writes import write
from xiangyue.desk import engine, registry
from xiangyue.desk.engine import Examined
from xiangyue.desk.importer import ADD, BAD, CHANGE, SAME, Planned
from xiangyue.desk.models import Import
from xiangyue.desk.plain import logged
from xiangyue.desk.writing import bad_book

CHECK, APPLY = "desk.check", "desk.apply"


def start_check(run: Import) -> Job:
    """Queue the dry run."""
    title = _("检查：%s") % run.file_name
    return _start(run, CHECK, title)


def start_apply(run: Import) -> Job:
    """Queue the import itself."""
    title = _("导入：%s") % run.file_name
    return _start(run, APPLY, title)


def _start(run: Import, kind: str, title: str) -> Job:
    with write():
        job = start_job(run.uploaded_by_id, kind, title[:120], path=run.path, args={"import": run.pk})
        run.job = job
        run.save(update_fields=["job", "state", "mode"])
    return job


def scope_of(run: Import) -> Scope:
    """What the person who uploaded the file may do today, not on the day of the upload."""
    found: Scope = import_string(settings.SCOPE_OF)(run.uploaded_by)
    return found


def teller(progress: Progress) -> engine.Tell:
    """Passes progress on to the job."""
    return progress.say


@work(CHECK)
def check(progress: Progress, args: dict[str, Any]) -> dict[str, Any]:
    """The dry run: counts, the first rows of each outcome, and the workbook of the bad rows."""
    run = Import.objects.select_related("uploaded_by").get(pk=args["import"])
    if run.state != Import.State.CHECKING:
        return {"import": run.pk}
    try:
        found = engine.examine(run, scope_of(run), teller(progress))
    except Problem as problem:
        Import.objects.filter(pk=run.pk).update(state=Import.State.REFUSED, words=str(problem))
        return {"import": run.pk}
    _keep(run, found, Import.State.CHECKED)
    engine.hold(run, found)
    return {"import": run.pk}


@work(APPLY)
def apply(progress: Progress, args: dict[str, Any]) -> dict[str, Any]:
    """The import, all at once; done a second time it changes nothing."""
    run = Import.objects.select_related("uploaded_by").get(pk=args["import"])
    if run.state == Import.State.DONE:
        return {"import": run.pk, **run.counts}
    scope = scope_of(run)
    try:
        counts = engine.apply(run, scope, teller(progress))
    except Problem as problem:
        _look_again(run, scope, problem)
        raise
    return {"import": run.pk, **counts}


def _look_again(run: Import, scope: Scope, problem: Problem) -> None:
    """After a refused import: the new state of things, with the reason on top."""
    try:
        found = engine.examine(run, scope, lambda done, total, words: None)
    except Problem:
        Import.objects.filter(pk=run.pk).update(state=Import.State.REFUSED, words=str(problem))
    else:
        _keep(run, found, Import.State.CHECKED, str(problem))


def _keep(run: Import, found: Examined, state: str, words: str = "") -> None:
    if found.bad:
        errors = {plan.number: plan.errors for plan in found.bad}
        _store(bad_book(found.sheet, errors), run.bad_file)
    run.state, run.words, run.counts = state, words, dict(found.counts)
    told = partial(_told, run)
    adds = [plan for plan in found.good if plan.outcome == ADD]
    changes = [plan for plan in found.good if plan.outcome == CHANGE]
    run.found = {
        "sheet": found.sheet.grid.name,
        "warnings": found.sheet.warnings,
        "rows": {
            outcome: [told(plan) for plan in plans[: engine.KEPT]]
            for outcome, plans in ((ADD, adds), (CHANGE, changes), (SAME, found.same), (BAD, found.bad))
        },
    }
    run.save(update_fields=["state", "words", "counts", "found"])


def _told(run: Import, plan: Planned) -> dict[str, Any]:
    columns = registry.get(run.desk).columns
    headings = {column.name: str(column.heading) for column in columns}
    before, after = logged(columns, plan.before or {}), logged(columns, plan.after or {})
    changes = [[headings.get(name, name), _words(before.get(name)), _words(value)] for name, value in after.items()]
    return {"number": plan.number, "label": plan.label, "changes": changes, "errors": plan.errors}


def _words(value: Any) -> str:
    return "" if value is None else str(value)


def _store(file: Any, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    partly = target.with_suffix(".part")
    with file, os.fdopen(os.open(partly, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        shutil.copyfileobj(file, out)
    partly.replace(target)


def clear_old() -> int:
    """Erase the files of imports older than a week, and the rows kept for their pages; gives how many files."""
    old_runs = Import.objects.filter(uploaded_at__lt=timezone.now() - timedelta(days=engine.DAYS_KEPT))
    old_runs.exclude(found={}).update(found={})
    folder = Path(settings.MEDIA_ROOT) / "imports"
    if not folder.is_dir():
        return 0
    oldest = (timezone.now() - timedelta(days=engine.DAYS_KEPT)).timestamp()
    old = [file for file in folder.iterdir() if file.stat().st_mtime < oldest]
    for file in old:
        file.unlink(missing_ok=True)
    return len(old)
