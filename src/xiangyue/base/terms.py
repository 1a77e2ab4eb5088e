"""What lies with a term: each room names its texts here, and a job of every day erases those whose day is past."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.apps import apps
from django.db.models import Model, Q, QuerySet
from django.utils import timezone

from xiangyue.base.changes import log
from xiangyue.base.daily import every_day
from xiangyue.base.jobs import Progress, work
from xiangyue.base.models import Job
from xiangyue.base.scope import below
from xiangyue.base.writes import write
from xiangyue.rules.days import local_day

KIND = "base.terms"
AT_ONCE = 300
HELD: dict[str, Term] = {}
"""Name of a model → its term."""


@dataclass(frozen=True, slots=True)
class Term:
    """A table whose rows say in `erase_on` what their last day is."""

    model: str
    path: str
    """Look-up from a row to the path of its place: the ground whose change log tells of it."""
    blank: Mapping[str, Any] = field(default_factory=dict)
    """Column → what it becomes, where the row itself stays; without any the row goes."""
    first: Callable[[Sequence[Any]], object] | None = None
    """What goes outside the database, by the rows' keys, before they do; safe to be done again."""

    @property
    def table(self) -> type[Model]:
        """The model's class."""
        return apps.get_model(self.model)

    @property
    def room(self) -> str:
        """The app that holds it."""
        return self.model.split(".", maxsplit=1)[0]


def hold(*terms: Term) -> None:
    """Let what these tables hold be erased at its term."""
    HELD.update({term.model: term for term in terms})


def register() -> None:
    """Let it be done every day."""
    every_day(KIND, "清除到期文字和照片")


def over(term: Term, today: date) -> QuerySet[Any]:
    """The rows that are past their term and hold something still."""
    rows = term.table._base_manager.filter(erase_on__lt=today)
    return rows.exclude(Q(**term.blank)) if term.blank else rows


def n_over(path: str, today: date) -> int:
    """How many rows at or below `path` wait to be erased."""
    return sum(over(term, today).filter(below(term.path, (path,))).count() for term in HELD.values())


def last_run() -> Job | None:
    """The last time the day's work came to its end."""
    return Job.objects.filter(kind=KIND, state=Job.State.DONE).order_by("-pk").first()


@work(KIND)
def do_daily(progress: Progress, args: dict[str, Any]) -> dict[str, Any]:
    """Erase what is past its term; gives how many rows of each table."""
    return erase_over(local_day(timezone.now()), progress.job)


def erase_over(today: date, job: Job | None = None) -> dict[str, int]:
    """Erase all that is past its term on `today`, a few hundred rows a transaction; gives how many rows of each table.

    A job's row keeps the count in the same transactions: killed and taken up again, it tells the whole of its day.
    """
    tally = _Tally(job)
    for room in sorted({term.room for term in HELD.values()}):
        try:
            for term in (one for one in HELD.values() if one.room == room):
                _erase(term, today, tally)
        finally:
            tally.tell(room, today)
    return tally.total()


class _Tally:
    """What was erased, by table and ground, and which of it the change log does not tell yet."""

    def __init__(self, job: Job | None) -> None:
        self.job = job
        kept = (job.result if job else None) or {}
        self.done: Counter[str] = Counter(kept.get("done", {}))
        self.untold: dict[str, dict[str, int]] = kept.get("untold", {})

    def add(self, model: str, grounds: Counter[str]) -> None:
        """Count what a transaction erases, inside it."""
        self.done[model] += grounds.total()
        for ground, n in grounds.items():
            found = self.untold.setdefault(ground, {})
            found[model] = found.get(model, 0) + n
        self._keep()

    def tell(self, room: str, today: date) -> None:
        """One line of the change log for each ground of which the room erased something: counts, never a text."""
        with write():
            for ground, found in self.untold.items():
                counts = {model: found.pop(model) for model in list(found) if HELD[model].room == room}
                if counts:
                    words = "、".join(f"{HELD[model].table._meta.verbose_name} {n}" for model, n in counts.items())
                    after = {**counts, "n": sum(counts.values())}
                    log(None, "text.erased", (room, today.isoformat()), path=ground, after=after, reason=words)
            self._keep()

    def total(self) -> dict[str, int]:
        """How many rows of each table went."""
        return dict(self.done)

    def _keep(self) -> None:
        if self.job:
            Job.objects.filter(pk=self.job.pk).update(result={"done": self.done, "untold": self.untold})


def _erase(term: Term, today: date, tally: _Tally) -> None:
    """All rows of a table that are past their term, in the order of their keys."""
    rows = over(term, today).order_by("pk")
    found = list(rows.values_list("pk", term.path)[:AT_ONCE])
    while found:
        keys = [pk for pk, _path in found]
        if term.first:
            term.first(keys)
        with write():
            mine = over(term, today).filter(pk__in=keys)
            if term.blank:
                mine.update(**term.blank)
            else:
                mine.delete()
            tally.add(term.model, Counter(_ground(path) for _pk, path in found))
        found = list(rows.filter(pk__gt=keys[-1]).values_list("pk", term.path)[:AT_ONCE])


def _ground(path: str | None) -> str:
    """The county at the head of a path."""
    return f"{path.split('/', maxsplit=1)[0]}/" if path else ""
