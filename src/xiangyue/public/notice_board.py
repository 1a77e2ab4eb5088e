"""The notice board of a ground: its home page, notices with their course, the archive of periods."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from django.urls import reverse
from django.utils.translation import gettext as _

from xiangyue.places.folding import Part, by_township
from xiangyue.places.models import Level, Place
from xiangyue.public import publications
from xiangyue.public.reading import BoardView, Ground, RankView, board_views, rank_view, ranked, state_words
from xiangyue.standings import published
from xiangyue.standings.models import Closing, Publication
from xiangyue.standings.published import Edition, Objections
from xiangyue.standings.published_households import Counts, county_households

TOP = 5
"""Rows of a ranking on the home page."""


@dataclass(frozen=True, slots=True)
class Note:
    """A notice in a list."""

    title: str
    state: str
    told: str
    url: str
    days_left: int | None
    """Days until the notice ends, the last one included; None where none runs."""


@dataclass(frozen=True, slots=True)
class CountyPage:
    """What stands on a county's home."""

    running: tuple[Note, ...]
    edition: Edition | None
    told: str
    boards: list[tuple[str, tuple[BoardView, ...]]]
    ranking: Edition | None
    ranks: tuple[RankView, ...]
    ranking_url: str
    households: Counts | None
    townships: list[Part[tuple[str, str, str]]]
    notices: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Event:
    """A point in a notice's course, as `site/parts/history.html` takes it."""

    at: datetime | str
    what: str
    who: str
    detail: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class NoticePage:
    """What stands on a notice."""

    edition: Edition
    told: str
    running: bool
    course: tuple[Event, ...]
    boards: list[tuple[str, tuple[BoardView, ...]]]
    objections: Objections
    digests: tuple[tuple[str, str, int, int], ...]
    ranking_url: str


@dataclass(frozen=True, slots=True)
class PeriodLine:
    """A period in the archive."""

    name: str
    state: str
    told: str
    notice_url: str
    ranking_url: str
    figures: tuple[tuple[str, int, int | None], ...]
    """(what, rated, mean in hundredths) of each public table."""


def county_page(ground: Ground) -> CountyPage:
    """The home page of a county."""
    latest = ground.newest("month") or ground.newest("")
    ranking = ground.newest("quarter") or latest
    notes = notices(ground)
    boards = board_views(ground, latest, reverse("public:notice", args=(ground.code, latest.id))) if latest else []
    tables = ranked(ground, ranking) if ranking else ()
    return CountyPage(
        running=tuple(note for note in notes if note.days_left is not None),
        edition=latest,
        told=state_words(latest) if latest else "",
        boards=boards,
        ranking=ranking,
        ranks=tuple(rank_view(ground, ranking, table, TOP) for table in tables) if ranking else (),
        ranking_url=reverse("public:ranking", args=(ground.code,)),
        households=county_households(latest, ground.day) if latest else None,
        townships=villages_of(ground),
        notices=notes[:6],
    )


def villages_of(ground: Ground) -> list[Part[tuple[str, str, str]]]:
    """Township by township, its villages as (township, name, page); many are folded under their townships."""
    rows = (
        Place.objects.below(ground.place.path)
        .of(Level.VILLAGE)
        .live(ground.day)
        .select_related("township")
        .order_by("township__order", "township__code", "order", "code")
    )
    named = [
        (row.township.name if row.township else "", row.name, reverse("public:village", args=(ground.code, row.code)))
        for row in rows
    ]
    return by_township(named, lambda row: row[0])


def notices(ground: Ground) -> tuple[Note, ...]:
    """Every edition and every other publication as a notice: those that still run first, then the newest."""
    notes = [_note(ground, edition) for edition in ground.editions]
    others = [_other(ground, row) for row in publications.public_rows(ground)]
    notes = [
        *(note for note in others if note.days_left is not None),
        *notes,
        *(n for n in others if n.days_left is None),
    ]
    return tuple(sorted(notes, key=lambda note: note.days_left is None))


def _note(ground: Ground, edition: Edition) -> Note:
    left = None
    if edition.state == Closing.State.PROPOSED and edition.notice_ends_on and edition.notice_ends_on >= ground.day:
        left = (edition.notice_ends_on - ground.day).days + 1
    version = _("（第%s版）") % edition.version if edition.version > 1 else ""
    return Note(
        _("%(name)s考核结果%(version)s") % {"name": edition.span.name, "version": version},
        edition.state,
        state_words(edition),
        reverse("public:notice", args=(ground.code, edition.id)),
        left,
    )


def _other(ground: Ground, row: Publication) -> Note:
    version = _("（第%s版）") % row.version if row.version > 1 else ""
    left = publications.days_left(ground, row)
    return Note(row.title + version, row.state, publications.state_of(row), publications.address(ground, row), left)


def notice_page(ground: Ground, edition: Edition) -> NoticePage:
    """One notice with its course."""
    met = published.objections(edition)
    return NoticePage(
        edition=edition,
        told=state_words(edition),
        running=bool(_note(ground, edition).days_left),
        course=_course(ground, edition, met),
        boards=board_views(ground, edition),
        objections=met,
        digests=tuple((row.name, row.digest, row.n_subjects, row.n_rated) for row in published.digests(edition)),
        ranking_url=reverse("public:ranking_then", args=(ground.code, edition.id)),
    )


def _course(ground: Ground, edition: Edition, met: Objections) -> tuple[Event, ...]:
    """What happened with the period's versions, newest first."""
    events: list[tuple[datetime, Event]] = []
    begun: set[datetime] = set()
    for row in published.versions(edition):
        who = _("第%s版") % row.version
        url = "" if row.pk == edition.id else reverse("public:notice", args=(ground.code, row.pk))
        reason = _("更正原因：%s") % row.reason if row.reason and row.version > 1 else ""
        events.append((row.closed_at, Event(row.closed_at, _("关账，结果定稿"), who, reason, url)))
        if row.proposed_at and row.proposed_at not in begun:  # a version that takes over a notice does not begin one
            begun.add(row.proposed_at)
            until = _until(row.notice_ends_on)
            events.append((row.proposed_at, Event(row.proposed_at, _("开始公示"), who, until, url)))
        if row.in_force_at:
            told = _objection_words(met) if row.pk == edition.id else ""
            events.append((row.in_force_at, Event(row.in_force_at, _("公示期满，生效"), who, told, url)))
    # of what happened at one instant, the later step stands above
    ordered = sorted(enumerate(events), key=lambda pair: (pair[1][0], pair[0]), reverse=True)
    return tuple(event for _n, (_at, event) in ordered)


def _until(day: date | None) -> str:
    return _("公示到%(m)s月%(d)s日") % {"m": day.month, "d": day.day} if day else ""


def _objection_words(met: Objections) -> str:
    if not met.n:
        return _("公示期内没有收到异议")
    return _("收到异议%(n)s条，已答复%(a)s条，成立%(u)s条") % {"n": met.n, "a": met.answered, "u": met.upheld}


def archive(ground: Ground) -> list[tuple[str, list[PeriodLine]]]:
    """Year by year, the periods and what they came to."""
    lines = [(str(edition.span.starts_on.year), _line(ground, edition)) for edition in ground.editions]
    return [(year, [line for _y, line in held]) for year, held in groupby(lines, key=lambda pair: pair[0])]


def _line(ground: Ground, edition: Edition) -> PeriodLine:
    figures = []
    for table in published.rankings(edition):
        results = [row.result for row in table.rows if row.result is not None]
        mean = (2 * sum(results) + len(results)) // (2 * len(results)) if results else None
        figures.append((table.title, len(results), mean))
    return PeriodLine(
        edition.span.name,
        edition.state,
        state_words(edition),
        reverse("public:notice", args=(ground.code, edition.id)),
        reverse("public:ranking_then", args=(ground.code, edition.id)),
        tuple(figures),
    )
