"""What stands on the public pages: the ground, its editions, boards and rankings, in the form the templates take."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from xiangyue.places.models import Level, Place
from xiangyue.standings import published
from xiangyue.standings.published import Edition, Listed, Placed, PublicBoard, RankTable


@dataclass(frozen=True, slots=True)
class Way:
    """An entry of the menu."""

    label: str
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class BoardRow:
    """A row of a board."""

    rank: int
    name: str
    place: str
    score: int
    why: str
    url: str


@dataclass(frozen=True, slots=True)
class BoardView:
    """One side of a board, as `site/parts/board.html` takes it."""

    colour: str
    title: str
    period: str
    state: str
    until: str
    rows: tuple[BoardRow, ...]
    note: str
    url: str = ""
    more: str = ""


@dataclass(frozen=True, slots=True)
class RankRow:
    """A row of a ranking, as `site/parts/ranks.html` takes it."""

    rank: int | None
    name: str
    url: str
    score: int | None
    moved: int | None
    mark: str
    own: bool = False


@dataclass(frozen=True, slots=True)
class RankView:
    """A ranking of one category."""

    title: str
    rows: tuple[RankRow, ...]
    n: int
    n_rated: int


@dataclass(frozen=True, slots=True)
class Ground:
    """The county (or township with a scheme of its own) that a page is about, on a day."""

    place: Place
    day: date
    editions: tuple[Edition, ...]

    @property
    def code(self) -> str:
        """The place's code."""
        return self.place.code

    def newest(self, kind: str) -> Edition | None:
        """The newest edition of that kind of period."""
        return published.newest(self.editions, kind)

    def edition(self, closing_id: int) -> Edition:
        """A version published here; 404 when there is none."""
        found = next((one for one in self.editions if one.id == closing_id), None)
        found = found or published.edition_of(self.place.pk, closing_id)
        if found is None:
            raise Http404
        return found


def ground_of(code: str) -> Ground:
    """The county of that code with what it has published; 404 for anything that has no public pages."""
    place = Place.objects.filter(code=code, level__in=(Level.COUNTY, Level.TOWNSHIP)).first()
    if place is None:
        raise Http404
    if place.level == Level.TOWNSHIP and not place.schemes.exists():
        raise Http404
    return Ground(place, timezone.localdate(), published.editions(place.pk))


def ways_of(code: str, path: str) -> tuple[Way, ...]:
    """The menu of a ground's pages."""
    entries = (
        (_("首页"), "public:county"),
        (_("排名"), "public:ranking"),
        (_("公示"), "public:notices"),
        (_("称号"), "public:honours"),
        (_("往期"), "public:periods"),
        (_("评分办法"), "public:scheme"),
    )
    urls = [(label, reverse(name, args=(code,))) for label, name in entries]
    here = max((url for _, url in urls if path.startswith(url)), key=len, default="")
    return tuple(Way(label, url, url == here) for label, url in urls)


def state_words(edition: Edition) -> str:
    """Until when a notice runs, or since when the results are in force."""
    if edition.state == "proposed" and edition.notice_ends_on:
        return _("公示到%(month)s月%(day)s日") % {
            "month": edition.notice_ends_on.month,
            "day": edition.notice_ends_on.day,
        }
    if edition.in_force_at is not None:
        since = timezone.localdate(edition.in_force_at)
        return _("%(month)s月%(day)s日生效") % {"month": since.month, "day": since.day}
    return ""


def village_url(ground: str, level: str, code: str, edition: Edition | None = None) -> str:
    """The public page of a village; nothing for other levels."""
    if level != "village":
        return ""
    if edition is None:
        return reverse("public:village", args=(ground, code))
    return reverse("public:village_then", args=(ground, code, edition.id))


def board_views(ground: Ground, edition: Edition, more_url: str = "") -> list[tuple[str, tuple[BoardView, ...]]]:
    """Category by category, the two sides of the boards of places."""
    return [
        (board.category_name or board.name, _sides(ground, edition, board, more_url))
        for board in published.boards(edition, ground.day)
    ]


def _sides(ground: Ground, edition: Edition, board: PublicBoard, more_url: str) -> tuple[BoardView, ...]:
    # apart, since a township's name and 村 run together into 乡村
    what = " · ".join(filter(None, (board.group, board.category_name)))
    sides = (
        ("red", _("%s红榜") % what, board.red, _red_note(board)),
        ("black", _("%s黑榜") % what, board.black, _black_note(board, edition)),
    )
    return tuple(
        BoardView(
            colour,
            title,
            edition.span.name,
            edition.state,
            state_words(edition),
            tuple(_board_row(ground, edition, board.level, row, ascending=colour == "black") for row in rows),
            note,
            more_url,
        )
        for colour, title, rows, note in sides
    )


def _board_row(ground: Ground, edition: Edition, level: str, row: Listed, *, ascending: bool) -> BoardRow:
    url = village_url(ground.code, level, row.code, edition)
    return BoardRow(row.position, row.name, row.above, row.result, "", url)


def _red_note(board: PublicBoard) -> str:
    if board.why:
        return _("本期不出榜：%s") % board.why
    if not board.red:
        return _("本期没有达到红榜线的。")
    return _("共%(pool)s个参评，取前列且不低于红榜线的。") % {"pool": board.pool}


def _black_note(board: PublicBoard, edition: Edition) -> str:
    if board.why:
        return _("本期不出榜：%s") % board.why
    if not board.black:
        return _("本期没有上黑榜的。")
    words = _("共%(pool)s个参评，取末位且不高于黑榜线的") % {"pool": board.pool}
    return words + (_("；可在公示期内提出异议或整改。") if edition.state == "proposed" else _("。"))


def rank_view(ground: Ground, edition: Edition, table: RankTable, limit: int = 0) -> RankView:
    """A ranking as its part takes it, all of it or its first rows."""
    rows = table.rows[:limit] if limit else table.rows
    same = _twice(table.rows)
    return RankView(
        table.title,
        tuple(_rank_row(ground, edition, table, row, row.name in same) for row in rows),
        len(table.rows),
        table.n_rated,
    )


def _rank_row(ground: Ground, edition: Edition, table: RankTable, row: Placed, twice: bool) -> RankRow:
    name = f"{row.above} {row.name}" if twice and row.above else row.name
    url = village_url(ground.code, table.level, row.code, edition)
    return RankRow(row.rank, name, url, row.result, row.moved, row.board)


def _twice(rows: Iterable[Placed]) -> set[str]:
    seen: set[str] = set()
    found: set[str] = set()
    for row in rows:
        (found if row.name in seen else seen).add(row.name)
    return found


def ranked(ground: Ground, edition: Edition) -> tuple[RankTable, ...]:
    """The edition's tables with how ranks moved since the period before."""
    return published.rankings(edition, published.before(ground.editions, edition))


def choice(ground: Ground, url_name: str, current: Edition | None) -> list[tuple[str, list[Way]]]:
    """The editions to choose among, by kind of period."""
    kinds = (("month", _("月")), ("quarter", _("季度")), ("year", _("年")))
    groups = []
    for kind, label in kinds:
        mine: Sequence[Edition] = [one for one in ground.editions if one.span.kind == kind]
        ways = [
            Way(
                _label(one, mine), reverse(url_name, args=(ground.code, one.id)), bool(current and one.id == current.id)
            )
            for one in mine
        ]
        if ways:
            groups.append((label, ways))
    return groups


def _label(edition: Edition, among: Sequence[Edition]) -> str:
    """A period's name, with its version where two are public at once."""
    twice = sum(one.span.key == edition.span.key and one.scheme == edition.scheme for one in among) > 1
    return f"{edition.span.name}（第{edition.version}版）" if twice else edition.span.name
