"""The kinds of publication, tied in `site.consequences`: what each shows, what holds it back and what follows.

A room above (rewards) ties its own kind, so that nothing here imports it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from xiangyue.base.problems import Problem, problem_kind

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from xiangyue.people.models import User
    from xiangyue.standings.notices.models import Objection, Publication

NO_SUCH_KIND = problem_kind(
    "publication_kind", _("没有“{kind}”这种公示。"), _("请联系系统管理员，核对公示的种类。"), 404
)


@dataclass(frozen=True, slots=True)
class PublicTable:
    """What the public reads of a publication: a table of words, figures already written out."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""
    by: str = ""
    """The column that a long table is folded by, such as 乡镇: each reader opens their own."""


@dataclass(frozen=True, slots=True)
class Told:
    """How many are to be told of a publication, how many were, and how many on which day."""

    n: int
    n_told: int
    days: tuple[tuple[date, int], ...] = ()


def told_of(publication: Publication) -> Told:
    """Whom of its subjects a publication was told to."""
    rows = publication.subjects.order_by("told_on").values_list("told_on").annotate(n=Count("pk"))
    return told_by_days(rows)


def told_by_days(rows: Iterable[tuple[date | None, int]]) -> Told:
    """The same from (day or None, how many)."""
    held = list(rows)
    days = tuple((day, n) for day, n in held if day is not None)
    return Told(sum(n for _day, n in held), sum(n for _day, n in days), days)


def _no_page(publication: Publication) -> str:
    return ""


def _no_rows(publication: Publication) -> tuple[PublicTable, ...]:
    return ()


def _nothing_waits(publication: Publication, day: date) -> tuple[str, ...]:
    return ()


def _by_hand(objection: Objection, actor: User | None, now: datetime) -> str:
    return ""


def _as_it_is(publication: Publication, actor: User | None, now: datetime) -> Publication:
    return publication


def _nothing(publication: Publication, actor: User | None, now: datetime) -> None:
    return None


@dataclass(frozen=True, slots=True)
class PublicationKind:
    """One kind of publication; every function runs inside the act's own transaction."""

    code: str
    name: StrOrPromise
    told_first: bool = False
    """Whether each of its subjects is told before it can be in force (domain 5.3)."""
    public: bool = True
    """Whether the public reads it; else only those with a role on the ground."""
    page: Callable[[Publication], str] = _no_page
    """The office's page of what is published; empty: the timeline only."""
    told: Callable[[Publication], Told] = told_of
    """Whom it was told to; its subjects, where the kind keeps no other count."""
    rows: Callable[[Publication], tuple[PublicTable, ...]] = _no_rows
    """What the public notice shows of it."""
    waiting: Callable[[Publication, date], tuple[str, ...]] = _nothing_waits
    """What else holds it back on that day, in words; empty: nothing."""
    upheld: Callable[[Objection, User | None, datetime], str] = _by_hand
    """Reopens what an upheld objection touches and nothing else; gives what it did, in words."""
    settle: Callable[[Publication, User | None, datetime], Publication] = _as_it_is
    """Called before it goes in force: gives it, or the newer version (`renew`) that takes over its notice."""
    in_force: Callable[[Publication, User | None, datetime], None] = _nothing
    """What follows once it is in force."""
    withdrawn: Callable[[Publication, User | None, datetime], None] = _nothing
    """What follows when its notice is taken back."""
    superseded: Callable[[Publication, User | None, datetime], None] = _nothing
    """What follows when a newer version takes its place."""


CLOSING = "closing"
"""The kind of closed periods, whose public notices have pages of their own."""
KINDS: dict[str, PublicationKind] = {}


def tie_kinds(*kinds: PublicationKind) -> None:
    """Say which kinds there are; each room's are added once, in `site.consequences`."""
    for kind in kinds:
        KINDS[kind.code] = kind


def kind_of(code: str) -> PublicationKind:
    """The kind of that code; Problem where no room has tied it."""
    found = KINDS.get(code)
    if found is None:
        raise Problem(NO_SUCH_KIND, kind=code)
    return found
