"""Pairs as those who may see them read them: who helps whom, with what scores, and how many left the black board."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from xiangyue.base.scope import Scope, below
from xiangyue.duties.reading import targets_of
from xiangyue.rules.days import parse_period
from xiangyue.standings import access
from xiangyue.standings.models import BoardEntry, Pair, Result

PLACES = ("village", "township")


@dataclass(frozen=True, slots=True)
class PairShown:
    """A pair with both sides' scores on their board, and the black side's figures in the period it lived in."""

    pair: Pair
    period: str
    red_score: int | None
    black_score: int | None
    own: int | None
    result: int | None


@dataclass(frozen=True, slots=True)
class Left:
    """How the pairs of a period and level came out: how many there were, left, stayed, without verdict, ended early."""

    period: str
    level: str
    n: int
    left: int
    stayed: int
    none: int
    ended: int


def visible_pairs(scope: Scope) -> QuerySet[Pair]:
    """Pairs of places on grounds that the actor sees; pairs of households inside, or of those it answers for."""
    inside = scope.paths(access.INSIDE)
    households = below("black__path", inside) | below("red__path", inside)
    if scope.person_id:
        mine = [target.target_id for target in targets_of(scope.person_id, timezone.localdate())]
        households |= Q(black__in=mine) | Q(red__in=mine)
    places = Q(board__standing__level__in=PLACES, period__in=access.periods(scope).values("pk"))
    return Pair.objects.filter(places | (Q(board__standing__level="household") & households))


def shown(pairs: Sequence[Pair]) -> list[PairShown]:
    """The pairs with their figures, in three queries whatever their number."""
    subjects = {pk for pair in pairs for pk in (pair.red_id, pair.black_id)}
    scores = _board_scores({pair.board.standing_id for pair in pairs}, subjects)
    figures = _figures({pair.period_id for pair in pairs}, {pair.black_id for pair in pairs})
    return [
        PairShown(
            pair,
            parse_period(pair.period.key).name,
            scores.get((pair.board.standing_id, pair.board.board, pair.red_id)),
            scores.get((pair.board.standing_id, pair.board.board, pair.black_id)),
            *figures.get((pair.period_id, pair.composite, pair.black_id), (None, None)),
        )
        for pair in pairs
    ]


def left_by_period(pairs: QuerySet[Pair]) -> list[Left]:
    """Per period and level, newest first, how many of the pairs left the black board."""
    ended, by = Q(ended_at__isnull=False, verdict=""), Q(ended_at=None)
    rows = (
        pairs.values("period__key", "period__starts_on", "board__standing__level")
        .annotate(
            n=Count("pk"),
            n_left=Count("pk", filter=Q(verdict="left") & by),
            n_stayed=Count("pk", filter=Q(verdict="stayed") & by),
            n_none=Count("pk", filter=Q(verdict="none") & by),
            n_ended=Count("pk", filter=ended),
        )
        .order_by("-period__starts_on", "period__key", "-board__standing__level")
    )
    return [
        Left(
            parse_period(row["period__key"]).name, row["board__standing__level"], row["n"], row["n_left"],
            row["n_stayed"], row["n_none"], row["n_ended"],
        )
        for row in rows
    ]  # fmt: skip


def _board_scores(standings: Collection[int], subjects: Collection[int]) -> dict[tuple[int, str, int], int]:
    rows = BoardEntry.objects.filter(board__standing__in=standings, subject__in=subjects)
    return {
        (standing, board, subject): result
        for standing, board, subject, result in rows.values_list(
            "board__standing_id", "board__board", "subject_id", "result"
        )
    }


def _figures(
    periods: Collection[int], subjects: Collection[int]
) -> dict[tuple[int, str, int], tuple[int | None, int | None]]:
    """Own and result of the newest version; older versions are read first and replaced."""
    rows = Result.objects.filter(standing__closing__period__in=periods, subject__in=subjects)
    values = rows.order_by("standing__closing__version").values_list(
        "standing__closing__period_id", "standing__composite", "subject_id", "own", "result"
    )
    return {(period, composite, subject): (own, result) for period, composite, subject, own, result in values}
