"""Contests: opened with their approval, stops in turn, goods bought, planned per household, handed out against signature."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import Count, Max, Q, Sum
from django.db.models.functions import Coalesce

from xiangyue.base import changes
from xiangyue.base.problems import Problem
from xiangyue.base.saying import said_day
from xiangyue.base.writes import alone, write
from xiangyue.places.models import Place
from xiangyue.rewards import honour_problems as problems
from xiangyue.rewards.contest_models import Contest, ContestGoods, ContestStop, HandOut
from xiangyue.rewards.honour_actions import title_period
from xiangyue.rewards.honour_frame import log_places, title_in
from xiangyue.rewards.honour_models import Held
from xiangyue.rewards.plaque_actions import hand_out
from xiangyue.rewards.working import LOCK, work_on
from xiangyue.rules.days import local_day

if TYPE_CHECKING:
    from xiangyue.people.models import User


class Total(NamedTuple):
    """One kind of goods of a contest: bought = signed + waiting + left over."""

    goods: ContestGoods
    bought: int
    signed: int
    waiting: int

    @property
    def left(self) -> int:
        """How many are for nobody yet."""
        return self.bought - self.signed - self.waiting


def open_contest(
    actor: User | None, ground: Place, name: str, key: str, honours: Sequence[str], *, approval: str, now: datetime,
    scheme: str = "",
) -> Contest:  # fmt: skip
    """A contest of a period in which these titles are handed over; Problem without its approval number."""
    if not name.strip() or not honours:
        raise Problem(problems.MISSING, what="称号" if name.strip() else "竞赛名称")
    if not approval.strip():
        raise Problem(problems.NO_NUMBER, name=name)
    work = work_on(ground, key, scheme)
    for code in honours:
        title_in(ground, work.scheme, code)
    with write():
        alone(LOCK)
        if Contest.objects.filter(ground=ground, key=key, name=name.strip()).exists():
            raise Problem(problems.CONTEST_TWICE, name=name.strip(), period=title_period(key))
        row = Contest.objects.create(
            ground=ground, scheme=work.code, key=key, name=name.strip()[:60], approval=approval.strip()[:80],
            honours=list(dict.fromkeys(honours)), made_at=now, made_by=actor,
        )  # fmt: skip
        _log(actor, "contest.opened", row, row, {"name": row.name, "approval": row.approval})
    return row


def add_stop(actor: User | None, contest: Contest, place: Place, market: str, *, on: date) -> ContestStop:
    """The contest's next stop: a market in a place of the ground, on its market day."""
    if not market.strip():
        raise Problem(problems.MISSING, what="集市名称")
    if not place.path.startswith(contest.ground.path):
        raise Problem(problems.NOT_ON_GROUND, place=place.name, ground=contest.ground.name)
    with write():
        alone(LOCK)
        last = contest.stops.aggregate(position=Max("position"), day=Max("on"))
        if last["day"] and on < last["day"]:
            raise Problem(problems.BAD_DAY, day=on, why=f"早于前一站{said_day(last['day'])}")
        row = ContestStop.objects.create(
            contest=contest, position=(last["position"] or 0) + 1, place=place, market=market.strip()[:60], on=on
        )
        _log(actor, "contest.stop", contest, row, {"market": row.market, "on": on})
    return row


def add_goods(actor: User | None, contest: Contest, name: str, unit: str, n: int) -> ContestGoods:
    """Goods bought for a contest; bought again, the number grows."""
    if not name.strip() or not unit.strip() or n <= 0:
        raise Problem(problems.MISSING, what="物品名称" if not name.strip() else "单位" if not unit.strip() else "数量")
    with write():
        alone(LOCK)
        row, made = ContestGoods.objects.get_or_create(
            contest=contest, name=name.strip()[:40], defaults={"unit": unit.strip()[:8], "bought": n}
        )
        if not made:
            row.bought += n
            row.save(update_fields=["bought"])
        _log(actor, "contest.goods", contest, row, {"name": row.name, "bought": n})
    return row


def plan_goods(
    actor: User | None, stop: ContestStop, held: Iterable[int], goods: Mapping[int, int], *, today: date
) -> int:
    """So many of each kind of goods for each of these titles' holders at a stop; gives how many lines there are."""
    with write():
        alone(LOCK)
        contest = Contest.objects.select_related("ground").get(pk=stop.contest_id)
        rows = _holders(contest, stop, list(held))
        wanted = {pk: n for pk, n in goods.items() if n > 0}
        if not wanted:
            raise Problem(problems.MISSING, what="物品和数量")
        kinds = {row.pk: row for row in contest.goods.all()}
        planned = _planned(stop)
        made = [
            HandOut(stop=stop, goods=kinds[pk], place_id=row.place_id, held=row, n=n)
            for row in rows
            for pk, n in wanted.items()
            if pk in kinds and (row.place_id, pk) not in planned
        ]
        HandOut.objects.bulk_create(made, batch_size=500)
        _require_enough(contest)
        _log(actor, "contest.planned", contest, stop, {"households": len(rows), "lines": len(made)})
    return len(made)


def _planned(stop: ContestStop) -> set[tuple[int, int]]:
    return set(HandOut.objects.current().filter(stop=stop).values_list("place_id", "goods_id"))


def _holders(contest: Contest, stop: ContestStop, held: Sequence[int]) -> list[Held]:
    """The titles, each given in this contest and at no other stop; Problem otherwise."""
    rows = list(Held.objects.live().filter(pk__in=held).select_related("place", "list").order_by("place__path"))
    if not rows:
        raise Problem(problems.NOBODY_CHOSEN)
    for row in rows:
        if row.ground_id != contest.ground_id or row.honour not in contest.honours or row.list.key != contest.key:
            raise Problem(problems.NOT_GIVEN, place=row.place.name)
    elsewhere = HandOut.objects.current().filter(stop__contest=contest, place__in=[row.place_id for row in rows])
    other = elsewhere.exclude(stop=stop).select_related("place", "stop").first()
    if other is not None:
        raise Problem(problems.AT_OTHER_STOP, place=other.place.name, stop=other.stop.market)
    return rows


def totals(contest: Contest) -> list[Total]:
    """What was bought, signed for and waits, of each kind of goods."""
    stands = Q(hand_outs__ended_at=None)
    rows = ContestGoods.objects.filter(contest=contest).annotate(
        signed=Coalesce(Sum("hand_outs__n", filter=stands & Q(hand_outs__signed_on__isnull=False)), 0),
        waiting=Coalesce(Sum("hand_outs__n", filter=stands & Q(hand_outs__signed_on=None)), 0),
    )
    found: list[Any] = list(rows.order_by("pk"))
    return [Total(row, row.bought, row.signed, row.waiting) for row in found]


def _require_enough(contest: Contest) -> None:
    for one in totals(contest):
        if one.left < 0:
            raise Problem(
                problems.GOODS_SHORT, name=one.goods.name, unit=one.goods.unit, bought=one.bought,
                need=one.signed + one.waiting, less=-one.left,
            )  # fmt: skip


def unplan(actor: User | None, stop: ContestStop, place: Place) -> int:
    """A household taken off a stop's list before it signed; gives how many lines went."""
    with write():
        alone(LOCK)
        rows = HandOut.objects.current().filter(stop=stop, place=place)
        if done := rows.exclude(signed_on=None).select_related("goods").first():
            raise Problem(problems.SIGNED, place=place.name, goods=done.goods.name)
        n = rows.delete()[0]
        contest = Contest.objects.select_related("ground").get(pk=stop.contest_id)
        _log(actor, "contest.unplanned", contest, stop, {"place": place.code, "lines": n})
    return n


def sign(
    actor: User | None, stop: ContestStop, signatures: Mapping[int, str], *, on: date, today: date,
    with_plaques: bool = False,
) -> int:  # fmt: skip
    """Households (place → who signed) that took all their goods at a stop on the day; gives how many lines.

    `with_plaques`: their plaques are handed out with it, the lowest numbers in stock.
    """
    _require_day(stop, on, today)
    if not signatures:
        raise Problem(problems.NOBODY_CHOSEN)
    if any(not name.strip() for name in signatures.values()):
        raise Problem(problems.MISSING, what="签收人")
    with write():
        alone(LOCK)
        found = HandOut.objects.current().filter(stop=stop, place__in=signatures, signed_on=None)
        rows = list(found.select_related("place", "goods", "held"))
        for row in rows:
            row.signed_on, row.signed_by, row.recorded_by = on, signatures[row.place_id].strip()[:40], actor
        HandOut.objects.bulk_update(rows, ["signed_on", "signed_by", "recorded_by"], batch_size=300)
        told = ((row.pk, row.place.path, {"goods": row.goods.name, "n": row.n, "on": on}) for row in rows)
        log_places(actor, "hand_out.signed", HandOut._meta.label_lower, told)
        given = {row.held_id for row in rows if row.held_id and row.held and row.held.state == Held.State.GIVEN}
        if with_plaques and given:
            hand_out(actor, [pk for pk in given if pk], on=on, today=today)
    return len(rows)


def correct(
    actor: User | None, stop: ContestStop, place: Place, *, reason: str, signed_by: str, on: date | None,
    goods: Mapping[int, int], now: datetime,
) -> int:  # fmt: skip
    """What a household signed for put right: who signed, on which day, how many of each; gives how many lines changed.

    The old lines end with the reason, the right ones stand in their place; `on` None: nobody has signed yet, the
    household waits again. A number of 0 takes that kind of goods off.
    """
    if not reason.strip():
        raise Problem(problems.NO_REASON)
    if on is not None and not signed_by.strip():
        raise Problem(problems.MISSING, what="签收人")
    if on is not None:
        _require_day(stop, on, local_day(now))
    with write():
        alone(LOCK)
        told = "" if on is None else signed_by.strip()[:40]
        held = HandOut.objects.current().filter(stop=stop, place=place).exclude(signed_on=None).select_related("goods")
        wrong = [
            row for row in held if (row.signed_on, row.signed_by, row.n) != (on, told, goods.get(row.goods_id, row.n))
        ]
        if not wrong:
            raise Problem(problems.NOTHING_WRONG, place=place.name)
        for row in wrong:
            _put_right(actor, row, told, on, goods.get(row.goods_id, row.n), reason.strip()[:200], now)
        contest = Contest.objects.select_related("ground").get(pk=stop.contest_id)
        _require_enough(contest)
        after = {"lines": len(wrong), "on": on}
        log_places(actor, "hand_out.corrected", HandOut._meta.label_lower, [(wrong[0].pk, place.path, after)])
    return len(wrong)


def _put_right(
    actor: User | None, row: HandOut, signed_by: str, on: date | None, n: int, reason: str, now: datetime
) -> None:
    row.ended_at, row.ended_by, row.reason = now, actor, reason
    row.save(update_fields=["ended_at", "ended_by", "reason"])
    if n > 0:
        HandOut.objects.create(
            stop_id=row.stop_id, goods_id=row.goods_id, place_id=row.place_id, held_id=row.held_id, n=n, signed_on=on,
            signed_by=signed_by, recorded_by=actor,
        )  # fmt: skip


def _require_day(stop: ContestStop, on: date, today: date) -> None:
    if on > today or on < stop.on:
        why = "还没到" if on > today else f"早于赶集日{said_day(stop.on)}"
        raise Problem(problems.BAD_DAY, day=on, why=why)


def stop_counts(contest: Contest) -> dict[int, tuple[int, int]]:
    """Stop → (households, of them signed)."""
    rows = HandOut.objects.current().filter(stop__contest=contest).order_by().values_list("stop_id")
    counts = rows.annotate(
        n=Count("place", distinct=True), done=Count("place", distinct=True, filter=Q(signed_on__isnull=False))
    )
    return {stop: (n, done) for stop, n, done in counts}


def _log(actor: User | None, act: str, contest: Contest, row: Any, after: dict[str, Any]) -> None:
    changes.log(actor.pk if actor else None, act, row, path=contest.ground.path, after=after)
