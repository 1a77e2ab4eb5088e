"""Background jobs with progress: queued through django.tasks, run by a worker, taken up again after a restart."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.tasks import task
from django.utils import timezone
from django.utils.translation import gettext as _

from xiangyue.base.models import Job
from xiangyue.base.problems import Problem

logger = logging.getLogger(__name__)

Work = Callable[["Progress", dict[str, Any]], dict[str, Any] | None]
WORK: dict[str, Work] = {}
TRIES = 3


def work(kind: str) -> Callable[[Work], Work]:
    """Register the function that does jobs of this kind; it must be safe to run again from the start."""

    def register(function: Work) -> Work:
        WORK[kind] = function
        return function

    return register


class Progress:
    """What a running job says of itself; seen by others at once, so never call it inside the job's transaction."""

    def __init__(self, job: Job) -> None:
        self.job = job

    def say(self, done: int, total: int, message: str = "") -> None:
        """Set the progress."""
        Job.objects.filter(pk=self.job.pk).update(
            done=done, total=total, message=message or self.job.message, beat_at=timezone.now()
        )


def start_job(
    actor_id: int | None, kind: str, title: str, *, path: str = "", args: dict[str, Any] | None = None
) -> Job:
    """Queue a job; the worker takes it once the surrounding transaction is committed."""
    if kind not in WORK:
        raise KeyError(kind)
    with transaction.atomic():
        job = Job.objects.create(
            kind=kind, title=title, path=path, args=args or {}, created_by_id=actor_id, created_at=timezone.now()
        )
        run_job.enqueue(job.pk)
    return job


@task
def run_job(job_id: int) -> None:
    """Do one job: it ends as done or failed, with words for the person who started it."""
    job = Job.objects.get(pk=job_id)
    if job.state in (Job.State.DONE, Job.State.FAILED):
        return
    Job.objects.filter(pk=job_id).update(state=Job.State.RUNNING, beat_at=timezone.now(), tries=job.tries + 1)
    try:
        result = WORK[job.kind](Progress(job), job.args)
    except Problem as problem:
        _finish(job_id, Job.State.FAILED, str(problem), None)
    except Exception:
        logger.exception("job %s (%s) failed", job_id, job.kind)
        _finish(job_id, Job.State.FAILED, _("程序出错，什么都没有改动。请再试一次；仍不行请联系系统管理员。"), None)
    else:
        _finish(job_id, Job.State.DONE, "", result)


def take_up_again() -> int:
    """Queue anew what a stopped worker left running; gives the number of jobs."""
    from django_tasks_db.models import DBTaskResult

    DBTaskResult.objects.running().update(status="FAILED", finished_at=timezone.now())
    left = list(Job.objects.filter(state__in=(Job.State.RUNNING, Job.State.WAITING)))
    queued = {args["args"][0] for args in DBTaskResult.objects.ready().values_list("args_kwargs", flat=True)}
    for job in left:
        if job.tries >= TRIES:
            _finish(job.pk, Job.State.FAILED, _("试了几次都被中断。请联系系统管理员。"), None)
        elif job.pk not in queued:
            Job.objects.filter(pk=job.pk).update(state=Job.State.WAITING)
            run_job.enqueue(job.pk)
    return len(left)


def _finish(job_id: int, state: str, message: str, result: dict[str, Any] | None) -> None:
    Job.objects.filter(pk=job_id).update(
        state=state, message=message[:400], result=result, finished_at=timezone.now(), beat_at=timezone.now()
    )
