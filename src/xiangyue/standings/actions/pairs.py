"""Pairs: made from a board in force, lived in the first period still open, judged when that period closes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone

from xiangyue.agreements.in_force import scheme_of
from xiangyue.agreements.models import Consent
from xiangyue.base import changes
from xiangyue.places.models import Place
from xiangyue.rules.closing import Closed
from xiangyue.rules.days import Span, local_day, parse_period
from xiangyue.rules.pairing import Listed, left_black, lives_in, make_pairs
from xiangyue.rules.settings import Board
from xiangyue.standings.actions.helping import open_for_parted
from xiangyue.standings.models import BoardEntry, BoardList, Closing, Pair, Period

if TYPE_CHECKING:
    from xiangyue.people.models import User


def pairs_from(actor: User | None, closing: Closing, *, now: datetime, today: date) -> list[Pair]:
    """The pairs that the boards of a closing in force make; in the caller's transaction."""
    scheme = scheme_of(closing.scheme_version)
    made: list[Pair] = []
    for board in scheme.boards:
        if board.pairs and any(
            c.code == board.composite and c.period == closing.period.kind for c in scheme.composites
        ):
            level = scheme.composite(board.composite).level
            made += _make(actor, closing, board, level, now, today)
    return made


def end_pairs(actor: User | None, closing: Closing, *, now: datetime) -> int:
    """Ends pairs of older versions whose red or black no longer stands on the board; gives how many."""
    older = (
        Pair.objects.filter(board__standing__closing__period=closing.period_id, ended_at=None, period__closings=None)
        .exclude(board__standing__closing=closing)
        .select_related("board", "black")
    )
    standing = set(
        BoardEntry.objects.filter(board__standing__closing=closing, taken_off="").values_list(
            "board__board", "side", "subject_id"
        )
    )
    gone = [
        pair
        for pair in older
        if (pair.board.board, "red", pair.red_id) not in standing
        or (pair.board.board, "black", pair.black_id) not in standing
    ]
    for pair in gone:
        pair.ended_at, pair.end_reason = now, f"第{closing.version}版的榜上已没有这一对"
        changes.log(actor.pk if actor else None, "pair.ended", pair, path=pair.black.path, reason=pair.end_reason)
    Pair.objects.bulk_update(gone, ["ended_at", "end_reason"])
    _refresh(gone)
    return len(gone)


def consents_revoked(households: Collection[int]) -> None:
    """Follow consents to be paired that were taken back: pairs of these households that still live end at once."""
    mine = Q(red__in=list(households)) | Q(black__in=list(households))
    gone = list(
        Pair.objects.filter(mine, ended_at=None, period__closings=None).select_related(
            "black", "period__ground", "board__standing__closing"
        )
    )
    now = timezone.now()
    for pair in gone:
        pair.ended_at, pair.end_reason = now, "有一方撤回了结对的同意"
        changes.log(None, "pair.ended", pair, path=pair.black.path, reason=pair.end_reason)
    Pair.objects.bulk_update(gone, ["ended_at", "end_reason"])
    open_for_parted(gone, local_day(now))
    _refresh(gone)


def judge_pairs(period: Period, closed: Closed) -> None:
    """What became of the black sides of the pairs that lived in the period: left the board, stayed, or no verdict."""
    pairs = list(Pair.objects.filter(period=period, ended_at=None).select_related("black", "board"))
    for pair in pairs:
        composite = next((c for c in closed.composites if c.code == pair.composite), None)
        row = composite.row(pair.black.code) if composite else None
        if composite is None or row is None:
            pair.verdict = "none"
            continue
        draws = (d for d in composite.boards if d.board == pair.board.board and d.category == row.category)
        draw = next((d for d in draws if _holds(d.group, pair.black.path)), None)
        verdict = left_black(row.code, draw, own=row.own, result=row.result, checks=row.checks)
        pair.verdict = verdict.outcome
    Pair.objects.bulk_update(pairs, ["verdict"])


def _holds(group: str, path: str) -> bool:
    return group in path.split("/")


def _make(actor: User | None, closing: Closing, board: Board, level: str, now: datetime, today: date) -> list[Pair]:
    span = parse_period(closing.period.key)
    period = _period_of_life(closing.period, span)
    lists = {row.pk: row for row in BoardList.objects.filter(standing__closing=closing, board=board.code)}
    entries = list(BoardEntry.objects.filter(board__in=lists, taken_off="", cured_on=None).select_related("subject"))
    taken = _taken(period, board.composite)
    agreed = _agreed([entry.subject_id for entry in entries], today) if level == "household" else None
    made: list[Pair] = []
    for category in sorted({row.category for row in lists.values()}):
        held = [entry for entry in entries if lists[entry.board_id].category == category]
        rows = {entry.subject.code: entry for entry in held}
        found, _ = make_pairs(
            _listed(entry for entry in held if entry.side == "red"),
            _listed(entry for entry in held if entry.side == "black"),
            agreed=agreed,
            taken=taken,
        )
        met = _met(closing.period.ground, {pair.place for pair in found})
        made += [
            Pair(
                board=lists[rows[pair.black].board_id],
                composite=board.composite,
                period=period,
                red=rows[pair.red].subject,
                black=rows[pair.black].subject,
                met_at_id=met[pair.place],
                made_at=now,
            )
            for pair in found
        ]
    _put_down(actor, made, board, closing)
    return made


def _put_down(actor: User | None, made: Sequence[Pair], board: Board, closing: Closing) -> None:
    Pair.objects.bulk_create(made)
    changes.log_many(
        (
            (
                "pair.made",
                Pair._meta.label_lower,
                str(pair.pk),
                pair.black.path,
                None,
                {"red": pair.red.code, "black": pair.black.code, "board": board.code, "version": closing.version},
            )
            for pair in made
        ),
        actor.pk if actor else None,
    )
    _refresh(made)


def _refresh(pairs: Iterable[Pair]) -> None:
    from xiangyue.standings import live

    by_period: dict[tuple[Period, str], set[int]] = {}
    for pair in pairs:
        by_period.setdefault((pair.period, pair.composite), set()).update((pair.red_id, pair.black_id))
    for (period, composite), subjects in by_period.items():
        live.entered(period, composite, subjects)


def _period_of_life(period: Period, span: Span) -> Period:
    same = Period.objects.filter(ground=period.ground_id, scheme=period.scheme, kind=period.kind)
    closed = frozenset(same.exclude(closings=None).values_list("key", flat=True))
    from xiangyue.standings.actions.periods import make_period

    life = lives_in(span, closed)
    found = same.filter(key=life.key).first()
    if found is None:
        found = make_period(period.ground_id, period.scheme, life)
        found.save()
    return found


def _taken(period: Period, composite: str) -> set[str]:
    rows = Pair.objects.filter(period=period, composite=composite).values_list("red__code", "black__code")
    return {code for pair in rows for code in pair}


def _agreed(subjects: Iterable[int], today: date) -> set[str]:
    rows = Consent.objects.filter(
        Q(revoked_on=None) | Q(revoked_on__gt=today),
        household__in=list(subjects),
        purpose=Consent.Purpose.PAIR,
        given_on__lte=today,
    )
    return set(rows.values_list("household__code", flat=True))


def _listed(entries: Iterable[BoardEntry]) -> list[Listed]:
    return [Listed(e.subject.code, e.result, tuple(e.subject.path.split("/")[:-2])) for e in entries]


def _met(ground: Place, codes: set[str]) -> Mapping[str, int]:
    return {ground.code: ground.pk} | dict(Place.objects.filter(code__in=codes).values_list("code", "id"))
