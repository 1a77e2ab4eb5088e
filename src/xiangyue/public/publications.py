"""Notices of every kind but closed periods, as the public reads them: what, until when, its course, how to object."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from xiangyue.public.reading import Ground
from xiangyue.standings.notices.course import Event, steps_of, versions_of
from xiangyue.standings.notices.kinds import CLOSING, KINDS, PublicTable, kind_of
from xiangyue.standings.notices.models import Objection, Publication
from xiangyue.standings.published import Objections

State = Publication.State
LISTED = 40
"""How many are listed, those that run first."""


type Row = tuple[tuple[str, str], ...]
LONG = 60
"""A table with more rows than these is folded, where its kind says by what."""


@dataclass(frozen=True, slots=True)
class TableShown:
    """A table with each cell beside its column's head, which a phone shows before it; a long one in folded parts."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    note: str
    parts: tuple[tuple[str, tuple[Row, ...]], ...] = ()
    """(Name, rows) by township; empty: one whole table."""

    @property
    def n(self) -> int:
        """How many rows there are."""
        return len(self.rows) or sum(len(rows) for _name, rows in self.parts)


@dataclass(frozen=True, slots=True)
class PublicNotice:
    """What stands on one notice."""

    row: Publication
    kind: str
    told: str
    running: bool
    tables: tuple[TableShown, ...]
    course: tuple[Event, ...]
    objections: Objections


def public_rows(ground: Ground) -> list[Publication]:
    """What is on notice or in force on the ground and below it, of every public kind but closed periods."""
    open_kinds = [kind.code for kind in KINDS.values() if kind.public and kind.code != CLOSING]
    rows = _on(ground).filter(kind__in=open_kinds, state__in=(State.PROPOSED, State.IN_FORCE))
    return list(rows.order_by("-state", "-pk")[:LISTED])


def public_notice(ground: Ground, pk: int) -> PublicNotice:
    """One notice; 404 where the public does not read it, nor ever did."""
    row = _on(ground).filter(pk=pk).first()
    kind = KINDS.get(row.kind) if row else None
    if row is None or kind is None or not kind.public or kind.code == CLOSING:
        raise Http404
    versions = versions_of(row)
    office = _("%s办公室") % row.ground.name
    return PublicNotice(
        row=row,
        kind=str(kind.name),
        told=state_of(row),
        running=days_left(ground, row) is not None,
        tables=() if row.state == State.WITHDRAWN else tuple(_shown(table) for table in kind_of(row.kind).rows(row)),
        course=tuple(steps_of(versions, lambda user: office, lambda one: address(ground, one))),
        objections=_met(versions),
    )


def _shown(table: PublicTable) -> TableShown:
    if len(table.rows) <= LONG or table.by not in table.columns:
        rows = tuple(tuple(zip(table.columns, row, strict=True)) for row in table.rows)
        return TableShown(table.title, table.columns, rows, table.note)
    at, parts = table.columns.index(table.by), dict[str, list[Row]]()
    for row in table.rows:
        cells = list(zip(table.columns, row, strict=True))
        parts.setdefault(cells.pop(at)[1], []).append(tuple(cells))
    columns = tuple(name for name in table.columns if name != table.by)
    held = sorted(((name, tuple(rows)) for name, rows in parts.items()), key=lambda part: part[0])
    return TableShown(table.title, columns, (), table.note, tuple(held))


def address(ground: Ground, row: Publication) -> str:
    """The public page of a notice."""
    return reverse("public:publication", args=(ground.code, row.pk))


def days_left(ground: Ground, row: Publication) -> int | None:
    """Days until the notice ends, the last one included; None where none runs."""
    if row.state != State.PROPOSED or row.notice_ends_on < ground.day:
        return None
    return (row.notice_ends_on - ground.day).days + 1


def state_of(row: Publication) -> str:
    """Where it stands, in words."""
    day = {"m": row.notice_ends_on.month, "d": row.notice_ends_on.day}
    if row.state == State.PROPOSED:
        return _("公示到%(m)s月%(d)s日") % day
    if row.state == State.WITHDRAWN:
        return _("公示已撤回")
    return _("已由新版替代") if row.state == State.SUPERSEDED else _("公示期满，已生效")


def _on(ground: Ground) -> QuerySet[Publication]:
    path = ground.place.path
    return Publication.objects.filter(ground__path__gte=path, ground__path__lt=path[:-1] + "0").select_related("ground")


def _met(versions: list[Publication]) -> Objections:
    rows = Objection.objects.filter(publication__in=[row.pk for row in versions])
    held = rows.aggregate(
        n=Count("pk"), answered=Count("pk", filter=~Q(answered_at=None)), upheld=Count("pk", filter=Q(upheld=True))
    )
    return Objections(held["n"], held["answered"], held["upheld"])
