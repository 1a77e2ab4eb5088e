"""The wall of the town hall: rankings in columns, who rose and fell, the day by township, boards, the stages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from xiangyue.agreements.in_force import schemes_on
from xiangyue.public.reading import BoardView, Ground, RankRow, board_views, rank_view, ranked, state_words
from xiangyue.standings.goals import GoalProgress, goals_of
from xiangyue.standings.published import Edition, RankTable
from xiangyue.standings.today import Day, by_township, total, townships_below, villages_today

COLUMN = 12
"""Rows that fit one under another and are read at six metres."""
COLUMNS = 2
MOVERS = 6
FEW = 9
MOST_GOALS = 10


@dataclass(frozen=True, slots=True)
class Slide:
    """A ranking's slide: up to two columns of rows."""

    title: str
    told: str
    columns: tuple[tuple[RankRow, ...], ...]
    part: str
    """1/3 where a ranking takes several slides."""

    @property
    def few(self) -> bool:
        """Whether the rows are so few that they are written larger."""
        return max((len(rows) for rows in self.columns), default=0) <= FEW


@dataclass(frozen=True, slots=True)
class Movers:
    """Who rose and who fell most against the month before, in one category."""

    title: str
    told: str
    risen: tuple[RankRow, ...]
    fallen: tuple[RankRow, ...]


@dataclass(frozen=True, slots=True)
class Wall:
    """Everything on the wall."""

    name: str
    stages: tuple[str, ...]
    as_of: datetime
    month: Edition | None
    told: str
    slides: tuple[Slide, ...]
    movers: tuple[Movers, ...]
    boards: list[tuple[str, tuple[BoardView, ...]]]
    townships: tuple[Day, ...]
    day: Day
    goals: tuple[GoalProgress, ...]
    """Those of the year that have a target and a number."""


def wall(ground: Ground) -> Wall:
    """The wall as it stands now."""
    month = ground.newest("month")
    quarter = ground.newest("quarter")
    slides = [slide for edition in (quarter, month) if edition for slide in _slides(ground, edition)]
    paths = (ground.place.path,)
    villages = villages_today(paths, ground.day)
    townships = by_township(villages, townships_below(paths, ground.day))
    schemes = [scheme for _version, scheme in schemes_on((ground.place.pk,), ground.day)]
    stages = [stage.name for scheme in schemes for stage in scheme.stages]
    year = ground.day.year
    goals = [
        row for scheme in schemes for row in goals_of(ground.place, scheme, year, in_public=True, with_target=True)
    ]
    return Wall(
        ground.place.name,
        tuple(stages),
        timezone.localtime(),
        month,
        state_words(month) if month else "",
        tuple(slides),
        _movers(ground, month) if month else (),
        board_views(ground, month) if month else [],
        tuple(townships),
        total(villages),
        tuple(row for row in goals if row.whole.now is not None)[:MOST_GOALS],
    )


def _slides(ground: Ground, edition: Edition) -> list[Slide]:
    """A ranking over as many slides as it takes; small categories of one composite share a slide."""
    slides: list[Slide] = []
    told = f"{edition.span.name} {state_words(edition)}"
    size = COLUMN * COLUMNS
    small: list[RankTable] = []
    for table in ranked(ground, edition):
        if len(table.rows) <= COLUMN and table.level == "township":
            small.append(table)
            continue
        rows = rank_view(ground, edition, table).rows
        pages = [rows[start : start + size] for start in range(0, len(rows), size)]
        for n, page in enumerate(pages, 1):
            part = f"{n}/{len(pages)}" if len(pages) > 1 else ""
            columns = tuple(page[start : start + COLUMN] for start in range(0, len(page), COLUMN))
            slides.append(Slide(_("%s排名") % table.title, told, columns, part))
    if small:
        title = "、".join(_("%s排名") % table.title for table in small)
        slides.append(Slide(title, told, tuple(rank_view(ground, edition, table).rows for table in small), ""))
    return slides


def _movers(ground: Ground, month: Edition) -> tuple[Movers, ...]:
    found = []
    for table in ranked(ground, month):
        rows = [row for row in rank_view(ground, month, table).rows if row.moved is not None]
        risen = sorted((r for r in rows if (r.moved or 0) > 0), key=lambda r: (-(r.moved or 0), r.rank or 0))[:MOVERS]
        fallen = sorted((r for r in rows if (r.moved or 0) < 0), key=lambda r: (r.moved or 0, r.rank or 0))[:MOVERS]
        if table.level == "village" and (risen or fallen):
            told = _("%s，与上月名次相比") % month.span.name
            found.append(Movers(table.title, told, tuple(risen), tuple(fallen)))
    return tuple(found)
