"""The course of a publication: proposed, told, objected to, answered, its versions and papers, one line a step."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _

from xiangyue.base.pages import said_day
from xiangyue.standings.notices.kinds import kind_of
from xiangyue.standings.notices.models import Objection, Publication, PublicationPaper

if TYPE_CHECKING:
    from xiangyue.people.models import User

Namer = Callable[["User | None"], str]


@dataclass(frozen=True, slots=True)
class Event:
    """A step, as `site/parts/history.html` takes it: an instant, or a day in words."""

    at: datetime | str
    what: str
    who: str
    detail: str = ""
    url: str = ""


def versions_of(row: Publication) -> list[Publication]:
    """Every version that was ever on notice, in the order they were."""
    same = Publication.objects.of(row.kind, row.ground_id, row.key)
    people = ("proposed_by__person", "in_force_by__person", "ended_by__person", "superseded_by")
    return list(same.select_related("ground", *people).order_by("pk"))


def course_of(
    versions: list[Publication],
    objections: list[Objection],
    papers: list[PublicationPaper],
    name: Namer,
    address: Callable[[Publication], str],
) -> list[Event]:
    """The steps of all versions, newest first; `name` says who an actor is to the reader."""
    held: list[tuple[datetime, Event]] = []
    held += _of_versions(versions, name, address)
    held += _told(versions)
    held += [step for objection in objections for step in _objected(objection, name)]
    for paper in papers:
        number = f"{paper.number} · " if paper.number else ""
        words = _("存入文件《%s》") % paper.title
        held.append(
            (paper.added_at, Event(paper.added_at, words, name(paper.added_by), f"{number}{said_day(paper.on)}"))
        )
    return _newest_first(held)


def steps_of(versions: list[Publication], name: Namer, address: Callable[[Publication], str]) -> list[Event]:
    """The steps of all versions alone, as the public reads them, newest first."""
    return _newest_first(_of_versions(versions, name, address))


def _of_versions(
    versions: list[Publication], name: Namer, address: Callable[[Publication], str]
) -> list[tuple[datetime, Event]]:
    replaced = {row.superseded_by_id: row for row in versions if row.superseded_by_id}
    return [step for row in versions for step in _steps(row, replaced.get(row.pk), name, address(row))]


def _newest_first(held: list[tuple[datetime, Event]]) -> list[Event]:
    # of what happened at one instant, the later step stands above
    ordered = sorted(enumerate(held), key=lambda pair: (pair[1][0], pair[0]), reverse=True)
    return [event for _n, (_at, event) in ordered]


def _steps(row: Publication, older: Publication | None, name: Namer, url: str) -> Iterator[tuple[datetime, Event]]:
    """The steps of one version; `older`: the one in whose place it came."""
    version = _("第%s版") % row.version
    until = _("公示到%s") % _day(row.notice_ends_on)
    why = _("原因：%s") % row.reason if row.reason and row.state != Publication.State.WITHDRAWN else ""
    begun, words = row.proposed_at, _("%s开始公示") % version
    if older and older.ended_at and older.proposed_at == begun:
        # it took over the notice that ran, so it began when the other gave way
        begun, words = older.ended_at, _("%(new)s接着第%(old)s版公示") % {"new": version, "old": older.version}
    yield begun, _event(begun, words, name(row.proposed_by), url, until, why)
    if row.in_force_at:
        yield row.in_force_at, _event(row.in_force_at, _("%s生效") % version, name(row.in_force_by), url)
    if row.ended_at is None:
        return
    if row.state == Publication.State.WITHDRAWN:
        yield row.ended_at, _event(row.ended_at, _("%s撤回公示") % version, name(row.ended_by), url, row.reason)
    else:
        by = _("由第%s版替代") % row.superseded_by.version if row.superseded_by else _("等新版公示")
        yield row.ended_at, _event(row.ended_at, _("%s不再公示") % version, name(row.ended_by), url, by)


def _told(versions: list[Publication]) -> Iterator[tuple[datetime, Event]]:
    """How many were told on which day; what a newer version took over stands once, as it is in that version."""
    days: dict[date, tuple[Publication, int, int]] = {}
    for row in versions:
        told = kind_of(row.kind).told(row)
        days |= {day: (row, n, told.n) for day, n in told.days}
    for day, (row, n, of) in days.items():
        version, whole = _("第%s版") % row.version, _("共%s个") % of
        first = min(one.proposed_at for one in versions)
        yield _on(day, first), Event(_day(day), _("告知%s个对象") % n, version, whole)


def _objected(row: Objection, name: Namer) -> Iterator[tuple[datetime, Event]]:
    whom = row.named
    at = _on(row.received_on, row.publication.proposed_at)
    yield at, Event(_day(row.received_on), _("收到异议：%s") % whom, name(row.recorded_by))
    if row.answered_at:
        words = _("异议成立：%s") % whom if row.upheld else _("异议不成立：%s") % whom
        yield row.answered_at, Event(row.answered_at, words, name(row.answered_by), row.outcome)


def _event(at: datetime, what: str, who: str, url: str, *details: str) -> Event:
    return Event(at, what, who, " · ".join(detail for detail in details if detail), url)


def _on(day: date, after: datetime) -> datetime:
    """Where a step known by its day only stands among instants: early that day, but not before its notice began."""
    return max(after, datetime.combine(day, time(0), timezone.get_current_timezone()))


def _day(day: date) -> Any:
    return _("%(m)s月%(d)s日") % {"m": day.month, "d": day.day}
