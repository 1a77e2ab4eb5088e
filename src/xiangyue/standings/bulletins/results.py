"""What a bulletin may say of results: versions in force alone, places as far as their boards are public, households as counts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from xiangyue.places.models import Level, Place
from xiangyue.rules.days import Span
from xiangyue.rules.numbers import show
from xiangyue.standings.published import Edition, PublicBoard, RankTable, boards, editions, rankings
from xiangyue.standings.published_households import county_households

MOST = 20
"""Places of a county's ranking that are told; a township's are told whole."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """A ranking of a category: (name, rank, result) by line."""

    title: str
    rows: tuple[tuple[str, str, str], ...]
    note: str


@dataclass(frozen=True, slots=True)
class Boarded:
    """A board of places, in words."""

    words: str


@dataclass(frozen=True, slots=True)
class Told:
    """The month's results that are in force for a place."""

    rankings: tuple[Ranked, ...]
    boards: tuple[Boarded, ...]
    households: tuple[str, ...]
    missing: tuple[str, ...]
    """Why there are none."""


def results_told(place: Place, span: Span, day: date) -> Told:
    """Rankings and boards of the month that are in force, cut to the place."""
    found = [one for pk in _grounds(place) for one in editions(pk) if one.span.key == span.key]
    if not found:
        return Told((), (), (), (_("本月考核结果还没有公示，这里不列。"),))
    in_force = [one for one in found if one.in_force]
    if not in_force:
        return Told((), (), (), (_("本月考核结果还在公示，没有生效，这里不列。"),))
    ranked: list[Ranked] = []
    boarded: list[Boarded] = []
    households: list[str] = []
    for edition in in_force:
        inside = _inside(place, edition)
        told = [_ranked(place, table, inside) for table in rankings(edition)]
        ranked += [one for one in told if one is not None]
        held = boards(edition, day)
        names = Counter(board.name for board in held)
        drawn = [_boarded(board, inside, alone=names[board.name] == 1) for board in held]
        boarded += [one for one in drawn if one is not None]
        if edition.ground_id == place.pk and (said := _households(edition, day)):
            households.append(said)
    return Told(tuple(ranked), tuple(boarded), tuple(households), ())


def _grounds(place: Place) -> list[int]:
    """The county and the township that may have closed the month: those at or above the place."""
    return [pk for pk in dict.fromkeys((place.ground_id, place.pk)) if pk]


def _inside(place: Place, edition: Edition) -> frozenset[str] | None:
    """The codes of the places that it tells of; None for all of the edition."""
    if edition.ground_id == place.pk:
        return None
    rows = Place.objects.below(place.path).filter(level__in=(Level.TOWNSHIP, Level.VILLAGE))
    return frozenset(rows.values_list("code", flat=True))


def _ranked(place: Place, table: RankTable, inside: frozenset[str] | None) -> Ranked | None:
    rated = [row for row in table.rows if row.rank is not None]
    mine = [row for row in rated if inside is None or row.code in inside]
    if not mine:
        return None
    most = MOST if place.level == Level.COUNTY else len(mine)
    # who ties with the last one told is told too
    last = mine[min(most, len(mine)) - 1].rank or 0
    shown = [row for row in mine if (row.rank or 0) <= last]
    several = len({row.name for row in shown}) < len(shown)
    full = several or (inside is None and place.level == Level.COUNTY)
    lines = tuple((f"{row.above}{row.name}" if full else row.name, f"{row.rank}", show(row.result)) for row in shown)
    title = table.title if table.title == table.composite_name else f"{table.title} · {table.composite_name}"
    note = ""
    if len(shown) < len(mine):
        note = _("%(title)s共%(n)s个，这里列前%(k)s名。") % {"title": table.title, "n": len(mine), "k": last}
    elif inside is not None and len(mine) < len(rated):
        note = _("%(title)s的名次是在全部%(n)s个中的名次。") % {"title": table.title, "n": len(rated)}
    return Ranked(title, lines, note)


def _boarded(board: PublicBoard, inside: frozenset[str] | None, *, alone: bool) -> Boarded | None:
    sides = [
        [f"{one.name}（{show(one.result)}）" for one in side if inside is None or one.code in inside]
        for side in (board.red, board.black)
    ]
    if not any(sides):
        return None
    name = board.name if alone else f"{board.group}{board.category_name}{board.name}"
    red, black = ("、".join(side) or _("没有") for side in sides)
    return Boarded(_("%(name)s：红榜——%(red)s；黑榜——%(black)s。") % {"name": name, "red": red, "black": black})


def _households(edition: Edition, day: date) -> str:
    """Counts of the households' board over the floors; nothing where a count may not be told."""
    counts = county_households(edition, day)
    if counts is None or counts.red is None or counts.black is None or counts.rated is None:
        return ""
    return _("农户参评%(n)s户，红榜%(red)s户，黑榜%(black)s户（只公布户数）。") % {
        "n": counts.rated, "red": counts.red, "black": counts.black,
    }  # fmt: skip
