"""The notice of a publication from proposed to in force: proposed, told, withdrawn, renewed, superseded.

Objections stand in `publication_objections`. Every act is one short transaction with its change line.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Max, Q

from xiangyue.base import changes
from xiangyue.base.problems import Problem
from xiangyue.base.writes import alone, write
from xiangyue.people.models import Organisation, Person
from xiangyue.places.models import Place
from xiangyue.rules.days import local_day
from xiangyue.standings import problems
from xiangyue.standings.notices import problems as told_off
from xiangyue.standings.notices.kinds import kind_of
from xiangyue.standings.notices.models import Objection, Publication, PublicationPaper, PublicationSubject

if TYPE_CHECKING:
    from xiangyue.people.models import User

LOCK = "publications"
State = Publication.State
Subject = Place | Person | Organisation
FIELDS: dict[type, str] = {Place: "place", Person: "person", Organisation: "organisation"}


def propose(
    actor: User | None,
    kind: str,
    ground: Place,
    key: str,
    title: str,
    subjects: Iterable[Subject] = (),
    days: int = 7,
    *,
    now: datetime,
    version: int | None = None,
    summary: dict[str, Any] | None = None,
    digest: str = "",
    reason: str = "",
) -> Publication:
    """The publication on notice for `days` days, today the first; Problem while another version runs.

    `version`: where the caller numbers its own versions; else one more than the last.
    """
    kind_of(kind)
    if days < 1:
        raise Problem(told_off.NO_DAYS, days=days)
    with write():
        alone(LOCK)
        _none_runs(kind, ground, key)
        number = version or _next(kind, ground, key)
        row = _made(actor, kind, ground, key, number, title, now, days, now, local_day(now) + timedelta(days=days - 1))
        row.summary, row.digest, row.reason = summary or {}, digest, reason[:200]
        _new(row, subjects)
        _log(actor, "publication.proposed", row, {"until": row.notice_ends_on}, reason)
    return row


def renew(
    actor: User | None,
    publication: Publication,
    *,
    now: datetime,
    reason: str,
    subjects: Iterable[Subject] | None = None,
    days: int | None = None,
    version: int | None = None,
    title: str = "",
    summary: dict[str, Any] | None = None,
    digest: str = "",
) -> Publication:
    """A newer version in the place of one on notice, or beside one in force until it is in force itself.

    `days` None: it takes over the notice that runs (an upheld objection touched a line, nothing else is new); a number:
    its notice begins anew. `subjects` None: the same ones. Who was told is told still.
    """
    if not reason.strip():
        raise Problem(problems.NEEDS_REASON)
    with write():
        alone(LOCK)
        older = locked(publication.pk)
        require_state(older, (State.PROPOSED, State.IN_FORCE), "出新版")
        if older.state == State.IN_FORCE:
            _none_runs(older.kind, older.ground, older.key)
        anew = days or (older.notice_days if older.state == State.IN_FORCE else 0)
        begun = now if anew else older.proposed_at
        ends = local_day(now) + timedelta(days=anew - 1) if anew else older.notice_ends_on
        if older.is_proposed:
            _end(actor, older, State.SUPERSEDED, now)
        number = version or _next(older.kind, older.ground, older.key)
        row = _made(
            actor, older.kind, older.ground, older.key, number, title or older.title, begun,
            anew or older.notice_days, now, ends,
        )  # fmt: skip
        row.summary = older.summary if summary is None else summary
        row.digest, row.reason = digest or older.digest, reason.strip()[:200]
        _new(row, _subjects(older) if subjects is None else subjects)
        _still_told(older, row)
        if older.state == State.SUPERSEDED:
            older.superseded_by = row
            older.save(update_fields=["superseded_by"])
            kind_of(older.kind).superseded(older, actor, now)
        _log(actor, "publication.renewed", row, {"until": row.notice_ends_on}, reason)
    return row


def tell(
    actor: User | None, publication: Publication, subjects: Iterable[Subject] | None = None, *, now: datetime
) -> int:
    """Subjects told of it today (all who were not, without `subjects`); gives how many were new."""
    with write():
        row = locked(publication.pk)
        require_state(row, (State.PROPOSED,), "登记告知")
        waiting = row.subjects.filter(told_on=None)
        if subjects is not None:
            wanted = list(subjects)
            own = {name: [one.pk for one in wanted if isinstance(one, kind)] for kind, name in FIELDS.items()}
            waiting = waiting.filter(
                Q(place__in=own["place"]) | Q(person__in=own["person"]) | Q(organisation__in=own["organisation"])
            )
        n = waiting.update(told_on=local_day(now), told_by=actor)
        if n:
            _log(actor, "publication.told", row, {"n": n, "on": local_day(now)})
    return n


def put_in_force(actor: User | None, publication: Publication, *, now: datetime) -> Publication:
    """What is in force after its notice, every objection answered: it, or the version its kind settled it into."""
    with write():
        alone(LOCK)
        row = locked(publication.pk)
        require_state(row, (State.PROPOSED,), "生效")
        require_ready(row, local_day(now))
        kind = kind_of(row.kind)
        row = locked(kind.settle(row, actor, now).pk)
        for older in Publication.objects.of(row.kind, row.ground_id, row.key).filter(state=State.IN_FORCE):
            _end(actor, older, State.SUPERSEDED, now, by=row)
            kind.superseded(older, actor, now)
        row.state, row.in_force_at, row.in_force_by = State.IN_FORCE, now, actor
        row.save(update_fields=["state", "in_force_at", "in_force_by"])
        kind.in_force(row, actor, now)
        _log(actor, "publication.in_force", row, {"at": now})
    return row


def withdraw(actor: User | None, publication: Publication, *, reason: str, now: datetime) -> Publication:
    """The notice taken back before it is in force, with a reason; it stays readable as withdrawn."""
    if not reason.strip():
        raise Problem(problems.NEEDS_REASON)
    with write():
        row = locked(publication.pk)
        require_state(row, (State.PROPOSED,), "撤回公示")
        row.reason = reason.strip()[:200]
        row.save(update_fields=["reason"])
        _end(actor, row, State.WITHDRAWN, now)
        kind_of(row.kind).withdrawn(row, actor, now)
        _log(actor, "publication.withdrawn", row, {"at": now}, reason.strip())
    return row


def supersede(actor: User | None, publication: Publication, *, now: datetime) -> Publication:
    """A publication on notice whose matter was worked out anew: the next one proposed takes its place."""
    with write():
        row = locked(publication.pk)
        require_state(row, (State.PROPOSED,), "替代")
        _end(actor, row, State.SUPERSEDED, now)
        _log(actor, "publication.superseded", row, {"at": now})
    return row


def add_paper(
    actor: User | None, publication: Publication, *, title: str, on: date, now: datetime, number: str = ""
) -> PublicationPaper:
    """A document entered beside the publication, by title, number and day."""
    if not title.strip():
        raise Problem(problems.EMPTY_TEXT, what="文件名称")
    with write():
        paper = PublicationPaper.objects.create(
            publication=publication, title=title.strip()[:120], number=number.strip()[:60], on=on, added_at=now,
            added_by=actor,
        )  # fmt: skip
        _log(actor, "publication.paper", publication, {"title": paper.title, "number": paper.number})
    return paper


def locked(pk: int) -> Publication:
    """A publication read anew inside a write, so that two who act on it act one after the other."""
    return Publication.objects.select_for_update(of=("self",)).select_related("ground").get(pk=pk)


def require_state(row: Publication, states: Iterable[str], act: str) -> None:
    """Pass only a publication in one of the states; else Problem."""
    if row.state not in states:
        label = State(row.state).label
        raise Problem(told_off.PUBLICATION_STATE, title=row.title, version=row.version, state=label, act=act)


def unanswered(row: Publication) -> int:
    """Objections to any version of it that wait for their answer."""
    same = Publication.objects.of(row.kind, row.ground_id, row.key)
    return Objection.objects.filter(publication__in=same, upheld=None).count()


def require_ready(row: Publication, day: date) -> None:
    """Pass only where the notice ran, all is answered, who is told first was told and its kind holds nothing back."""
    if day <= row.notice_ends_on:
        raise Problem(problems.NOTICE_RUNS, last=row.notice_ends_on)
    if n := unanswered(row):
        raise Problem(problems.UNANSWERED, n=n)
    kind = kind_of(row.kind)
    if kind.told_first and (n := row.subjects.filter(told_on=None).count()):
        raise Problem(told_off.NOT_TOLD, n=n)
    if words := kind.waiting(row, day):
        raise Problem(told_off.HELD_BACK, why="；".join(words))


def _none_runs(kind: str, ground: Place, key: str) -> None:
    running = Publication.objects.of(kind, ground.pk, key).filter(state=State.PROPOSED).first()
    if running is not None:
        last = running.notice_ends_on
        raise Problem(told_off.ALREADY_PROPOSED, title=running.title, version=running.version, last=last)


def _next(kind: str, ground: Place, key: str) -> int:
    held = Publication.objects.of(kind, ground.pk, key).exclude(state=State.WITHDRAWN)
    return (held.aggregate(last=Max("version"))["last"] or 0) + 1


def _made(
    actor: User | None, kind: str, ground: Place, key: str, version: int, title: str, begun: datetime, days: int,
    now: datetime, ends: date,
) -> Publication:  # fmt: skip
    held = Publication.objects.of(kind, ground.pk, key).exclude(state=State.WITHDRAWN)
    if held.filter(version=version).exists():
        raise Problem(told_off.VERSION_TAKEN, title=title, version=version)
    return Publication(
        kind=kind, ground=ground, key=key, version=version, title=title[:120], proposed_at=begun, proposed_by=actor,
        notice_days=days, notice_ends_on=ends,
    )  # fmt: skip


def _new(row: Publication, subjects: Iterable[Subject]) -> None:
    row.save(force_insert=True)
    # what was superseded before its successor was on notice is now named
    Publication.objects.of(row.kind, row.ground_id, row.key).filter(state=State.SUPERSEDED, superseded_by=None).update(
        superseded_by=row
    )
    made = [PublicationSubject(publication=row, **{FIELDS[type(one)]: one}) for one in dict.fromkeys(subjects)]
    PublicationSubject.objects.bulk_create(made, batch_size=500)


def _subjects(row: Publication) -> list[Subject]:
    held = row.subjects.select_related("place", "person", "organisation")
    return [one for subject in held if (one := subject.place or subject.person or subject.organisation) is not None]


def _still_told(older: Publication, newer: Publication) -> None:
    fields = ("place", "person", "organisation", "told_on", "told_by")
    told: dict[tuple[int | None, ...], tuple[date | None, int | None]] = {
        (place, person, unit): (on, by)
        for place, person, unit, on, by in older.subjects.exclude(told_on=None).values_list(*fields)
    }
    rows = [row for row in newer.subjects.all() if (row.place_id, row.person_id, row.organisation_id) in told]
    for row in rows:
        row.told_on, row.told_by_id = told[row.place_id, row.person_id, row.organisation_id]
    PublicationSubject.objects.bulk_update(rows, ["told_on", "told_by"], batch_size=500)


def _end(actor: User | None, row: Publication, state: str, now: datetime, by: Publication | None = None) -> None:
    row.state, row.ended_at, row.ended_by, row.superseded_by = state, now, actor, by
    row.save(update_fields=["state", "ended_at", "ended_by", "superseded_by"])


def _log(actor: User | None, act: str, row: Publication, after: dict[str, Any], reason: str = "") -> None:
    told = {"kind": row.kind, "title": row.title, "version": row.version, **after}
    changes.log(actor.pk if actor else None, act, row, path=row.ground.path, after=told, reason=reason[:200])
