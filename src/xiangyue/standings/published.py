"""What the public may read of closed periods: versions on notice or in force, places by name, never a household.

Results of a closing are never edited, so rankings are kept in memory by closing; boards and notices are read anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.core.cache import cache
from django.db.models import Count, Prefetch, Q
from django.utils import timezone

from xiangyue.agreements.in_force import scheme_of
from xiangyue.agreements.models import SchemeVersion
from xiangyue.base.dated import not_over
from xiangyue.places.models import Place
from xiangyue.rules.days import Span, parse_period, previous
from xiangyue.rules.settings import Composite, Scheme
from xiangyue.standings.models import BoardEntry, BoardList, Closing, Objection, Publication, Result, Standing

PRIVATE_LEVELS = ("household",)
"""Levels whose subjects are families: their results are never public."""
DAY_LONG = 24 * 3600


@dataclass(frozen=True, slots=True)
class Edition:
    """A version of a period's results that the public sees."""

    id: int
    ground_id: int
    scheme: str
    span: Span
    version: int
    state: str
    closed_at: datetime
    proposed_at: datetime | None
    notice_ends_on: date | None
    in_force_at: datetime | None
    reason: str
    out_of_date: bool
    scheme_version_id: int

    @property
    def in_force(self) -> bool:
        """Whether the notice is over and the results are in force."""
        return self.state == Closing.State.IN_FORCE


@dataclass(frozen=True, slots=True)
class Placed:
    """A place in a ranking; `moved` is by how many ranks it rose since the period before (None: not comparable)."""

    id: int
    code: str
    name: str
    above: str
    rank: int | None
    result: int | None
    board: str = ""
    moved: int | None = None


@dataclass(frozen=True, slots=True)
class RankTable:
    """The subjects of one composite, category and group by rank, the unrated last."""

    composite: str
    composite_name: str
    level: str
    category: str
    category_name: str
    rows: tuple[Placed, ...]
    group: str = ""
    """The township (or village) within which they are ranked; empty where it is the whole ground."""

    @property
    def title(self) -> str:
        """What is ranked: 东河镇行政村."""
        return f"{self.group}{self.category_name or self.composite_name}"

    @property
    def n_rated(self) -> int:
        """How many have a rank."""
        return sum(row.rank is not None for row in self.rows)


@dataclass(frozen=True, slots=True)
class Listed:
    """A place on a board; equals share the first one's position."""

    id: int
    code: str
    name: str
    above: str
    result: int
    position: int


@dataclass(frozen=True, slots=True)
class PublicBoard:
    """A board of places as the public reads it; empty with `why` where none could be drawn."""

    name: str
    level: str
    category: str
    category_name: str
    group: str
    pool: int
    red: tuple[Listed, ...]
    black: tuple[Listed, ...]
    red_line: int | None
    black_line: int | None
    n_off: int
    why: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A place's figures in one edition, with the composite they were made by."""

    edition: Edition
    composite: Composite
    result: Result
    n_in_category: int
    board: str
    """red or black while it stands on a board, else empty."""


@dataclass(frozen=True, slots=True)
class Objections:
    """How many objections a notice met, and how many are answered and upheld."""

    n: int
    answered: int
    upheld: int


def grounds(day: date) -> list[Place]:
    """The counties that work by a published scheme, and townships that do where their county does not, by code."""
    published = SchemeVersion.State.PUBLISHED
    rows = Place.objects.live(day).filter(level__in=("county", "township"), schemes__state=published)
    return list(rows.exclude(level="township", ground__schemes__state=published).distinct().order_by("code"))


def editions(ground_id: int) -> tuple[Edition, ...]:
    """Every version on notice or in force, the newest period first and a newer version before the one it follows."""
    rows = (
        Closing.objects.filter(period__ground_id=ground_id, state__in=(Closing.State.PROPOSED, Closing.State.IN_FORCE))
        .select_related("period")
        .order_by("-period__ends_on", "period__kind", "-version")
    )
    return tuple(_edition(row) for row in rows)


def edition_of(ground_id: int, closing_id: int) -> Edition | None:
    """One version that was published at any time, superseded ones included: what was public stays readable."""
    rows = Closing.objects.filter(pk=closing_id, period__ground_id=ground_id).exclude(proposed_at=None)
    row = rows.exclude(state=Closing.State.CLOSED).select_related("period").first()
    return _edition(row) if row else None


def stamp(ground_code: str = "") -> str:
    """What changes when something is published or withdrawn on a ground (on any): the key of what is kept for it."""
    rows = Publication.objects.all()
    if ground_code:
        rows = rows.filter(ground__path__gte=f"{ground_code}/", ground__path__lt=f"{ground_code}0")
    return "/".join(f"{pk}{state[:2]}" for pk, state in rows.order_by("pk").values_list("pk", "state"))


def versions(edition: Edition) -> list[Closing]:
    """Every version of the edition's period that was ever published, oldest first."""
    rows = Closing.objects.filter(period__ground_id=edition.ground_id, period__scheme=edition.scheme)
    return list(rows.filter(period__key=edition.span.key).exclude(proposed_at=None).order_by("version"))


def digests(edition: Edition) -> list[Standing]:
    """The edition's results tables with their digests."""
    return list(Standing.objects.filter(closing_id=edition.id).order_by("pk"))


def scheme_of_edition(edition: Edition) -> Scheme:
    """The scheme that the edition was worked out by."""
    return scheme_of(SchemeVersion.objects.defer("text").get(pk=edition.scheme_version_id))


def newest(found: Iterable[Edition], kind: str = "") -> Edition | None:
    """The newest edition of that kind of period (of any kind)."""
    return next((edition for edition in found if kind in ("", edition.span.kind)), None)


def before(found: Iterable[Edition], edition: Edition) -> Edition | None:
    """The edition of the period just before, of the same scheme."""
    wanted = previous(edition.span).key
    return next((one for one in found if one.span.key == wanted and one.scheme == edition.scheme), None)


def rankings(edition: Edition, against: Edition | None = None) -> tuple[RankTable, ...]:
    """The edition's tables of places by composite and category, marked by the boards as they stand today.

    `against` tells how ranks moved.
    """
    was = {(t.composite, row.code): row.rank for t in _kept(against) for row in t.rows} if against else {}
    marks = marks_of(edition)
    return tuple(
        replace(
            table,
            rows=tuple(
                replace(row, moved=_moved(was.get((table.composite, row.code)), row.rank), board=marks.get(row.id, ""))
                for row in table.rows
            ),
        )
        for table in _kept(edition)
    )


def marks_of(edition: Edition, subject_id: int | None = None) -> dict[int, str]:
    """Place → red or black, of those that stand on a board of the edition today: not taken off, not expired."""
    day = timezone.localdate()
    rows = BoardEntry.objects.filter(
        Q(expires_on=None) | Q(expires_on__gte=day), taken_off="", board__standing__closing_id=edition.id
    ).exclude(board__standing__level__in=PRIVATE_LEVELS)
    if subject_id is not None:
        rows = rows.filter(subject_id=subject_id)
    return dict(rows.order_by("-board_id").values_list("subject_id", "side"))


def boards(edition: Edition, day: date) -> tuple[PublicBoard, ...]:
    """The boards of places (never of households) as they stand on `day`: without what was taken off or has expired."""
    scheme = scheme_of_edition(edition)
    named = [board.code for board in scheme.boards if board.public == "named"]
    entries = BoardEntry.objects.select_related("subject__township", "subject__parent").order_by("position")
    rows = (
        BoardList.objects.filter(standing__closing_id=edition.id, board__in=named)
        .exclude(standing__level__in=PRIVATE_LEVELS)
        .select_related("group", "standing")
        .prefetch_related(Prefetch("entries", entries))
    )
    held = [_board(row, _category_names(scheme), day) for row in rows]
    order = {category.code: n for n, category in enumerate(scheme.categories)}
    return tuple(sorted(held, key=lambda board: (order.get(board.category, 99), board.group)))


def trend(found: Sequence[Edition], subject_id: int, kind: str) -> list[tuple[Edition, int | None, int | None]]:
    """A place's result and rank in each edition of that kind, oldest first."""
    mine = [edition for edition in found if edition.span.kind == kind]
    latest: dict[str, Edition] = {}
    for edition in mine:
        if edition.in_force or edition.span.key not in latest:
            latest[edition.span.key] = edition
    rows = Result.objects.filter(subject_id=subject_id, standing__closing_id__in=[e.id for e in latest.values()])
    held = {pk: (result, rank) for pk, result, rank in rows.values_list("standing__closing_id", "result", "rank")}
    ordered = sorted(latest.values(), key=lambda edition: edition.span.starts_on)
    return [(edition, *held[edition.id]) for edition in ordered if edition.id in held]


def figure(edition: Edition, subject_id: int) -> Figure | None:
    """A place's figures in an edition; none for a household, or where it was no subject."""
    row = (
        Result.objects.filter(standing__closing_id=edition.id, subject_id=subject_id)
        .exclude(standing__level__in=PRIVATE_LEVELS)
        .select_related("standing", "partner")
        .first()
    )
    if row is None:
        return None
    rated = Result.objects.filter(standing_id=row.standing_id, category=row.category, group_code=row.group_code)
    composite = scheme_of_edition(edition).composite(row.standing.composite)
    return Figure(
        edition, composite, row, rated.exclude(rank=None).count(), marks_of(edition, subject_id).get(subject_id, "")
    )


def objections(edition: Edition) -> Objections:
    """How many objections the edition's notice met, in all versions of it; their words and makers are not public."""
    # a version that takes over a running notice answers for what was objected to before
    same = Closing.objects.filter(period__closings=edition.id, proposed_at=edition.proposed_at)
    rows = Objection.objects.filter(publication__closing__in=same)
    held: dict[str, Any] = rows.aggregate(
        n=Count("pk"), answered=Count("pk", filter=~Q(answered_at=None)), upheld=Count("pk", filter=Q(upheld=True))
    )
    return Objections(held["n"], held["answered"], held["upheld"])


def _edition(row: Closing) -> Edition:
    return Edition(
        row.pk,
        row.period.ground_id,
        row.period.scheme,
        parse_period(row.period.key),
        row.version,
        row.state,
        row.closed_at,
        row.proposed_at,
        row.notice_ends_on,
        row.in_force_at,
        row.reason,
        row.out_of_date,
        row.scheme_version_id,
    )


def _kept(edition: Edition) -> tuple[RankTable, ...]:
    key = f"published/rankings_by_group/{edition.id}/{edition.closed_at.timestamp()}"
    found: tuple[RankTable, ...] | None = cache.get(key)
    if found is None:
        found = _rank_tables(edition)
        cache.set(key, found, DAY_LONG)
    return found


def _rank_tables(edition: Edition) -> tuple[RankTable, ...]:
    scheme = scheme_of_edition(edition)
    names = _category_names(scheme)
    rows = (
        Result.objects.filter(standing__closing_id=edition.id)
        .exclude(standing__level__in=PRIVATE_LEVELS)
        .select_related("standing", "subject__parent", "subject__township")
        .defer("parts")
    )
    called = _names_then(edition)
    groups = _groups_then(edition, called)
    tables: dict[tuple[int, str, str], list[Placed]] = {}
    standings: dict[int, Standing] = {}
    for row in rows:
        standings[row.standing_id] = row.standing
        name = called.get(row.subject_id, row.subject.name)
        placed = Placed(row.subject_id, row.subject.code, name, _above(row.subject), row.rank, row.result)
        group = row.group_code if row.group_code in groups else ""
        tables.setdefault((row.standing_id, row.category, group), []).append(placed)
    order = {composite.code: n for n, composite in enumerate(scheme.composites)}
    found = [
        RankTable(
            standings[pk].composite, standings[pk].name, standings[pk].level, category, names.get(category, ""),
            tuple(sorted(held, key=lambda row: (row.rank is None, row.rank or 0, row.code))), groups.get(group, ""),
        )
        for (pk, category, group), held in sorted(tables.items(), key=lambda pair: pair[0][2])
    ]  # fmt: skip
    listed = list(names)
    return tuple(
        sorted(
            found, key=lambda t: (order.get(t.composite, 99), listed.index(t.category) if t.category in names else 99)
        )
    )


def _groups_then(edition: Edition, called: dict[int, str]) -> dict[str, str]:
    """Code → name of the places below the ground within which subjects were ranked."""
    codes = Result.objects.filter(standing__closing_id=edition.id).exclude(standing__level__in=PRIVATE_LEVELS)
    places = Place.objects.filter(code__in=codes.values("group_code")).exclude(pk=edition.ground_id)
    return {code: called.get(pk, name) for pk, code, name in places.values_list("pk", "code", "name")}


def _names_then(edition: Edition) -> dict[int, str]:
    """The names on the period's last day of those places that are called otherwise now."""
    mine = Q(ground_id=edition.ground_id) | Q(township_id=edition.ground_id)
    renamed = Place.objects.filter(mine, level__in=("township", "village"))
    rows = renamed.filter(
        not_over(edition.span.ends_on, "spans__"), spans__from_on__lte=edition.span.ends_on
    ).values_list("pk", "name", "spans__name")
    return {pk: then for pk, now, then in rows if then != now}


def _above(place: Place) -> str:
    """What tells places of one name apart: the township of a village, the village of a hamlet."""
    if place.level == "village" and place.township is not None:
        return place.township.name
    return place.parent.name if place.level == "hamlet" and place.parent is not None else ""


def _category_names(scheme: Scheme) -> dict[str, str]:
    return {category.code: category.name for category in scheme.categories}


def _moved(was: int | None, now: int | None) -> int | None:
    return None if was is None or now is None else was - now


def _board(row: BoardList, names: dict[str, str], day: date) -> PublicBoard:
    sides: dict[str, list[Listed]] = {"red": [], "black": []}
    n_off, first = 0, dict[tuple[str, int], int]()
    for entry in row.entries.all():
        rank = first.setdefault((entry.side, entry.result), entry.position)
        if entry.taken_off:
            n_off += 1
        elif entry.expires_on is None or entry.expires_on >= day:
            place = entry.subject
            sides[entry.side].append(Listed(place.pk, place.code, place.name, _above(place), entry.result, rank))
    group = "" if row.group.level == "county" else row.group.name
    red, black = (tuple(sides[side]) for side in ("red", "black"))
    why = "" if red or black else row.why
    return PublicBoard(
        row.name, row.standing.level, row.category, names.get(row.category, ""), group, row.pool, red, black,
        row.red_line, row.black_line, n_off, why,
    )  # fmt: skip
