"""The frame of every list of this room: a ground's scheme on a period's last day, its closed results, its next version."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from xiangyue.agreements.in_force import scheme_on
from xiangyue.base import changes
from xiangyue.base.problems import Problem
from xiangyue.places.models import Place
from xiangyue.rewards import problems
from xiangyue.rewards.edition import Edition, State
from xiangyue.rules.days import Span
from xiangyue.rules.settings import Composite, Scheme
from xiangyue.standings.actions.periods import asked
from xiangyue.standings.models import Closing, Result

if TYPE_CHECKING:
    from xiangyue.agreements.models import SchemeVersion
    from xiangyue.people.models import User

LOCK = "rewards"


@dataclass(frozen=True, slots=True)
class Work:
    """What is worked on: a ground's scheme as it was on the period's last day."""

    ground: Place
    span: Span
    version: SchemeVersion
    scheme: Scheme

    @property
    def code(self) -> str:
        """The scheme's code."""
        return self.scheme.code


class Row(NamedTuple):
    """A subject's result in a closing."""

    place_id: int
    code: str
    category: str
    group: str
    result: int | None
    rank: int | None


class Basis(NamedTuple):
    """A stored row that something was worked out from."""

    kind: str
    id: int
    version: int
    name: str


def work_on(ground: Place, key: str, scheme: str = "") -> Work:
    """The scheme that governs a period of a ground; Problem when the key or the scheme is not there."""
    what = asked(ground, key, scheme)
    version, found = scheme_on(ground, what.scheme, what.span.ends_on)
    return Work(ground, what.span, version, found)


def composite_of(work: Work, code: str) -> Composite:
    """The composite of that code, of the work's kind of period; Problem otherwise."""
    found = next((row for row in work.scheme.composites if row.code == code), None)
    if found is None or found.period != work.span.kind:
        raise Problem(problems.OTHER_PERIOD, name=work.span.name, code=found.name if found else code)
    return found


def closing_of(work: Work, key: str = "") -> Closing:
    """The newest closing of the period (or of another key of the same ground); Problem when it is not closed."""
    rows = Closing.objects.filter(
        period__ground=work.ground, period__scheme=work.code, period__key=key or work.span.key
    )
    found = rows.select_related("period").order_by("-version").first()
    if found is None:
        raise Problem(problems.NOT_CLOSED, name=work.span.name)
    return found


def basis_of(closing: Closing) -> Basis:
    """A closing as the basis of a list."""
    return Basis("closing", closing.pk, closing.version, closing.period.key)


def rows_of(closing: Closing | int, composite: str) -> list[Row]:
    """All subjects of a composite in a closing, by code."""
    pk = closing if isinstance(closing, int) else closing.pk
    rows = Result.objects.filter(standing__closing=pk, standing__composite=composite).order_by("subject__code")
    values = rows.values_list("subject_id", "subject__code", "category", "group_code", "result", "rank")
    return [Row(*row) for row in values]


def digest_of(work: Work, what: str, lines: Iterable[Sequence[object]]) -> str:
    """SHA-256 of one line that names the list, and its lines by code: the same facts give the same bytes."""
    head = f"{work.ground.code}\t{work.code}@{work.version.version}\t{what}\t{work.span.key}\n"
    rows = ["\t".join("" if cell is None else str(cell) for cell in line) for line in lines]
    body = "".join(f"{row}\n" for row in sorted(rows, key=lambda row: row.encode()))
    return hashlib.sha256((head + body).encode()).hexdigest()


def next_version[E: Edition](model: type[E], actor: User | None, work: Work, same: dict[str, Any], digest: str) -> int:
    """The number of the version to be stored; Problem when nothing differs from the newest one."""
    rows = model._default_manager.filter(ground=work.ground, scheme=work.code, key=work.span.key, **same)
    newest = rows.order_by("-version").first()
    if newest is None:
        return 1
    if newest.digest == digest and newest.state != State.SUPERSEDED:
        raise Problem(problems.NOTHING_NEW, name=newest.title, version=newest.version)
    rows.filter(state=State.DRAWN).update(state=State.SUPERSEDED)
    return newest.version + 1


def log(actor: User | None, act: str, row: Edition, after: dict[str, Any], reason: str = "") -> None:
    """The change line of an act on a list."""
    told = {"name": row.title, "version": row.version, **after}
    changes.log(actor.pk if actor else None, act, row, path=row.ground.path, after=told, reason=reason[:200])
