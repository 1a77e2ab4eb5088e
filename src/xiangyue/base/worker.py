"""The worker that does background jobs, in a thread of the server's own process."""

from __future__ import annotations

import logging
import threading
import time
from typing import Any

from django.db import close_old_connections, connection

from xiangyue.base.jobs import take_up_again
from xiangyue.base.writes import write

logger = logging.getLogger(__name__)

SECONDS_BETWEEN_LOOKS = 0.5
SECONDS_AFTER_TROUBLE = 5.0


def start_worker(interval: float = SECONDS_BETWEEN_LOOKS) -> threading.Thread:
    """Take up what an earlier process left, then work the queue in a daemon thread; gives the thread.

    One process of an instance calls it once (on PostgreSQL with several server processes, only one of them).
    """
    thread = threading.Thread(target=_work_on, args=(interval,), name="xiangyue-worker", daemon=True)
    thread.start()
    return thread


def work_off() -> None:
    """Do every waiting job now, in this thread and on its own connection, and come back."""
    from django_tasks_db.models import DBTaskResult

    worker = _worker(0)
    while True:
        with write():
            task = DBTaskResult.objects.ready().get_locked()
            if task is None:
                return
            task.claim(worker.worker_id)
        worker.run_task(task)


def _worker(interval: float) -> Any:
    from django.utils.crypto import get_random_string
    from django_tasks_db.management.commands.db_worker import Worker

    return Worker(
        queue_names=["default"],
        interval=interval,
        batch=False,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=get_random_string(32),
        excluded_queue_names=[],
    )


def _work_on(interval: float) -> None:
    taken_up = False
    while True:
        try:
            if not taken_up:
                left = take_up_again()
                taken_up = True
                if left:
                    logger.warning("took up %s unfinished jobs", left)
            _worker(interval).run()
        except Exception:
            # A database that is away for a moment must not end the worker for good.
            logger.exception("the worker stumbled and goes on")
            connection.close()
            close_old_connections()
            time.sleep(SECONDS_AFTER_TROUBLE)
