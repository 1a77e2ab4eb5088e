"""What is done once a day: a room names its background work here, and the worker's clock queues it each morning."""

from __future__ import annotations

import logging
import threading
import time
from datetime import datetime

from django.db import close_old_connections
from django.utils import timezone

from xiangyue.base.jobs import start_job
from xiangyue.base.models import Job
from xiangyue.rules.days import LOCAL

logger = logging.getLogger(__name__)

SECONDS_BETWEEN_LOOKS = 600
FROM_HOUR = 3
"""County time: when the day's work is begun, so that it is done before anybody looks."""
EVERY_DAY: dict[str, str] = {}
"""Kind of background work → its title."""


def every_day(kind: str, title: str) -> None:
    """Let the work of that kind be queued once a day."""
    EVERY_DAY[kind] = title


def due(now: datetime) -> list[str]:
    """The kinds of work that are not queued yet today."""
    here = now.astimezone(LOCAL)
    if here.hour < FROM_HOUR:
        return []
    midnight = here.replace(hour=0, minute=0, second=0, microsecond=0)
    queued = set(Job.objects.filter(kind__in=EVERY_DAY, created_at__gte=midnight).values_list("kind", flat=True))
    return [kind for kind in EVERY_DAY if kind not in queued]


def queue_due(now: datetime | None = None) -> list[str]:
    """Queue what is due today; gives its kinds."""
    kinds = due(now or timezone.now())
    for kind in kinds:
        start_job(None, kind, EVERY_DAY[kind])
    return kinds


def start_clock(interval: float = SECONDS_BETWEEN_LOOKS) -> threading.Thread:
    """Look every some minutes whether the day's work is queued, in a daemon thread; gives the thread."""
    thread = threading.Thread(target=_look_on, args=(interval,), name="xiangyue-clock", daemon=True)
    thread.start()
    return thread


def _look_on(interval: float) -> None:
    while True:
        try:
            queue_due()
        except Exception:
            logger.exception("the day's work could not be queued")
        finally:
            close_old_connections()
        time.sleep(interval)
