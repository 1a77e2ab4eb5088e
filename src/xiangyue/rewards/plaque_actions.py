"""Plaques: bought and numbered, handed out, hung on a day at a spot, warned of, taken down, returned or damaged."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from xiangyue.base import changes
from xiangyue.base.problems import Problem
from xiangyue.base.saying import said_day
from xiangyue.base.writes import alone, write
from xiangyue.rewards import honour_problems as problems
from xiangyue.rewards.honour_frame import Title, log_held
from xiangyue.rewards.honour_models import Held, Plaque, PlaqueMove
from xiangyue.rewards.honour_standing import Stand, honours_of, key_of, stands
from xiangyue.rewards.working import LOCK

if TYPE_CHECKING:
    from xiangyue.people.models import User

KIND = PlaqueMove.Kind
STATE = Held.State
MOST = 2_000
"""Plaques that are numbered at once."""
RANGE = re.compile(r"^(?:(\D*)(\d+)\s*-\s*(\D*)(\d+)|(.*?)(\d+)\s*[—~～至]\s*(.*?)(\d+))$")
"""`001-040`, or with years in them `2026-001至2026-040`."""


def numbers_in(text: str) -> list[str]:
    """`001-003、甲7` as 001, 002, 003, 甲7; Problem where nothing is there or too much is meant."""
    found: list[str] = []
    for part in (one.strip() for one in re.split(r"[、,，;；\s]+", text.strip())):
        match = RANGE.match(part)
        before, low, again, high = (
            (match.groups()[:4] if match[2] else match.groups()[4:]) if match else ("", "0", "-", "")
        )
        if match and again in ("", before) and int(low) <= int(high):
            if int(high) - int(low) >= MOST:
                raise Problem(problems.TOO_MANY_NUMBERS, n=int(high) - int(low) + 1, most=MOST)
            found += [f"{before}{n:0{len(low)}d}" for n in range(int(low), int(high) + 1)]
        elif part:
            found.append(part[:32])
    if not found:
        raise Problem(problems.NO_NUMBERS)
    if len(found) > MOST:
        raise Problem(problems.TOO_MANY_NUMBERS, n=len(found), most=MOST)
    return found


def numbers_told(numbers: Sequence[str]) -> str:
    """Numbers in few words: those that follow each other as first…last."""
    runs: list[list[str]] = []
    for number in numbers:
        if runs and _next(runs[-1][-1]) == number:
            runs[-1].append(number)
        else:
            runs.append([number])
    return "、".join(run[0] if len(run) == 1 else f"{run[0]}…{run[-1]}" for run in runs)


def _next(number: str) -> str:
    """The number that follows: 2025-009 → 2025-010; empty after one that does not end in digits."""
    digits = re.search(r"\d+$", number)
    return number[: digits.start()] + f"{int(digits[0]) + 1:0{len(digits[0])}d}" if digits else ""


def buy(actor: User | None, title: Title, numbers: Sequence[str], *, on: date, today: date) -> list[Plaque]:
    """Plaques of a title taken into stock under their numbers, each number once."""
    _require_past(on, today)
    with write():
        alone(LOCK)
        taken = set(Plaque.objects.filter(**title.same).values_list("number", flat=True))
        seen: set[str] = set()
        for number in numbers:
            if number in taken or number in seen:
                raise Problem(problems.NUMBER_TAKEN, number=number)
            seen.add(number)
        made = Plaque.objects.bulk_create((Plaque(**title.same, number=number) for number in numbers), batch_size=500)
        _moved(made, KIND.BOUGHT, on)
        _log_stock(actor, "plaque.bought", title, made)
    return made


def write_off(
    actor: User | None, title: Title, numbers: Sequence[str], *, on: date, note: str, today: date
) -> list[Plaque]:
    """Plaques in stock that are damaged, with a word on how; they are handed out no more."""
    _require_past(on, today)
    if not note.strip():
        raise Problem(problems.NO_REASON)
    with write():
        alone(LOCK)
        rows = {row.number: row for row in Plaque.objects.filter(**title.same, state=Plaque.State.STOCK)}
        if missing := [number for number in numbers if number not in rows]:
            raise Problem(problems.PLAQUE_NOT_IN_STOCK, number=missing[0])
        gone = [rows[number] for number in dict.fromkeys(numbers)]
        Plaque.objects.filter(pk__in=[row.pk for row in gone]).update(state=Plaque.State.DAMAGED)
        _moved(gone, KIND.DAMAGED, on, note)
        _log_stock(actor, "plaque.damaged", title, gone, note)
    return gone


def hand_out(
    actor: User | None, held: Iterable[int], *, on: date, today: date, numbers: Mapping[int, str] | None = None
) -> list[Held]:
    """Titles whose plaque is handed to the holder on the day; the lowest numbers in stock, or those named."""
    return _out(actor, held, {"handed_on": on, "state": STATE.HANDED}, (STATE.GIVEN,), on, today, numbers)


def hang(
    actor: User | None, held: Iterable[int], *, on: date, today: date, spot: str = "",
    numbers: Mapping[int, str] | None = None,
) -> list[Held]:  # fmt: skip
    """Titles whose plaque hangs from the day on; who has none yet gets the lowest number in stock, or the one named."""
    told = {"hung_on": on, "spot": spot.strip()[:60], "state": STATE.HANGING}
    return _out(actor, held, told, (STATE.GIVEN, STATE.HANDED), on, today, numbers)


def _out(
    actor: User | None, held: Iterable[int], told: dict[str, Any], states: Sequence[str], on: date, today: date,
    numbers: Mapping[int, str] | None,
) -> list[Held]:  # fmt: skip
    act = "挂牌" if told["state"] == STATE.HANGING else "发牌"
    with write():
        alone(LOCK)
        rows = _locked(held)
        for row in rows:
            _require_state(row, states, act)
            _require_past(on, today, row.handed_on or row.given_on)
        _allot([row for row in rows if row.plaque_id is None], numbers or {}, on)
        for row in rows:
            row.handed_on = row.handed_on or on
            for name, value in told.items():
                setattr(row, name, value)
        Held.objects.bulk_update(rows, ["plaque", "handed_on", *told], batch_size=300)
        log_held(actor, "plaque.hung" if act == "挂牌" else "plaque.handed", rows, {"on": on})
    return rows


def _locked(held: Iterable[int]) -> list[Held]:
    rows = list(Held.objects.filter(pk__in=list(held)).select_related("place", "plaque").order_by("place__path", "pk"))
    if not rows:
        raise Problem(problems.NOBODY_CHOSEN)
    return rows


def _allot(rows: Sequence[Held], numbers: Mapping[int, str], on: date) -> None:
    """A plaque for each: the one named, else the lowest number in stock of its title."""
    groups: dict[tuple[int, str, str], list[Held]] = {}
    for row in rows:
        groups.setdefault(key_of(row), []).append(row)
    for (ground, scheme, honour), some in groups.items():
        stock = Plaque.objects.filter(ground=ground, scheme=scheme, honour=honour, state=Plaque.State.STOCK)
        free = {plaque.number: plaque for plaque in stock.order_by("number")}
        if len(free) < len(some):
            raise Problem(problems.OUT_OF_STOCK, name=some[0].name, n=len(free), need=len(some))
        named = {row.pk: numbers[row.pk] for row in some if row.pk in numbers}
        for number in named.values():
            if list(named.values()).count(number) > 1 or number not in free:
                raise Problem(problems.PLAQUE_NOT_IN_STOCK, number=number)
        rest = iter([number for number in free if number not in set(named.values())])
        for row in some:
            row.plaque = free[named.get(row.pk) or next(rest)]
    given = [row.plaque for row in rows if row.plaque]
    Plaque.objects.filter(pk__in=[plaque.pk for plaque in given]).update(state=Plaque.State.OUT)
    _moved(given, KIND.HANDED, on, places={row.plaque_id or 0: row.place_id for row in rows})


def warn(actor: User | None, held: Iterable[int], *, on: date, today: date) -> list[Stand]:
    """Titles whose holders were told that one more low period takes the plaque down; Problem where none is due."""
    with write():
        alone(LOCK)
        found = stands(_locked(held), today)
        for one in found:
            _require_past(on, today, one.held.given_on)
            if one.todo != "warn":
                why = one.holding.why if not one.told else "已经预警过"
                raise Problem(problems.NOT_TO_WARN, place=one.held.place.name, name=one.held.name, why=why)
            one.held.warned_on, one.held.warned_why = on, one.holding.why[:300]
        rows = [one.held for one in found]
        Held.objects.bulk_update(rows, ["warned_on", "warned_why"], batch_size=300)
        log_held(actor, "honour.warned", rows, {"on": on})
    return found


def end_for_cause(actor: User | None, held: Held, *, cause: str, record: str, on: date, today: date) -> Held:
    """A cause of the scheme, with its record, for which a title is to be taken down."""
    _require_past(on, today, held.given_on)
    if not record.strip():
        raise Problem(problems.NO_REASON)
    honour = honours_of([held], today).get(key_of(held))
    if honour is None or cause not in honour.causes:
        raise Problem(problems.NO_SUCH_CAUSE, name=held.name, cause=cause)
    with write():
        alone(LOCK)
        row = Held.objects.select_related("place").get(pk=held.pk)
        _require_state(row, [state for state in STATE.values if state != STATE.DOWN], "登记摘牌情形")
        row.cause, row.cause_on, row.cause_record = cause, on, record.strip()[:120]
        row.save(update_fields=["cause", "cause_on", "cause_record"])
        log_held(actor, "honour.cause", [row], {"cause": cause, "record": row.cause_record})
    return row


def take_down(actor: User | None, held: Iterable[int], *, on: date, today: date, damaged: bool = False) -> list[Stand]:
    """Titles taken down by rule; their plaques go back into stock, or are written off where they came back damaged."""
    with write():
        alone(LOCK)
        found = stands(_locked(held), today)
        for one in found:
            row = one.held
            if row.state == STATE.DOWN or one.todo != "take":
                why = "已经摘牌" if row.state == STATE.DOWN else one.holding.why
                raise Problem(problems.NOT_TO_TAKE, place=row.place.name, name=row.name, why=why)
            _require_past(on, today, one.holding.down_on or row.given_on)
            row.state, row.down_on, row.down_why = STATE.DOWN, on, one.holding.why[:300]
        rows = [one.held for one in found]
        Held.objects.bulk_update(rows, ["state", "down_on", "down_why"], batch_size=300)
        give_back(rows, on, damaged=damaged)
        log_held(actor, "honour.taken_down", rows, {"on": on})
    return found


def give_back(rows: Sequence[Held], on: date, *, damaged: bool = False) -> None:
    """The plaques of titles that ended, back in stock or written off; in the caller's transaction."""
    back = [row.plaque for row in rows if row.plaque]
    state = Plaque.State.DAMAGED if damaged else Plaque.State.STOCK
    Plaque.objects.filter(pk__in=[plaque.pk for plaque in back]).update(state=state)
    places = {row.plaque_id or 0: row.place_id for row in rows}
    _moved(back, KIND.RETURNED, on, places=places)
    if damaged:
        _moved(back, KIND.DAMAGED, on, "收回时已损坏", places)


def _moved(
    rows: Iterable[Plaque], kind: str, on: date, note: str = "", places: Mapping[int, int] | None = None
) -> None:
    PlaqueMove.objects.bulk_create(
        (
            PlaqueMove(plaque=row, kind=kind, on=on, note=note.strip()[:120], place_id=(places or {}).get(row.pk))
            for row in rows
        ),
        batch_size=500,
    )


def _log_stock(actor: User | None, act: str, title: Title, rows: Sequence[Plaque], reason: str = "") -> None:
    told = {"title": title.honour.name, "n": len(rows), "numbers": f"{rows[0].number}…{rows[-1].number}"}
    row = (Plaque._meta.label_lower, str(rows[0].pk))
    changes.log(actor.pk if actor else None, act, row, path=title.ground.path, after=told, reason=reason[:200])


def _require_state(row: Held, states: Iterable[str], act: str) -> None:
    if row.state not in states:
        raise Problem(problems.WRONG_STATE, place=row.place.name, name=row.name, state=STATE(row.state).label, act=act)


def _require_past(on: date, today: date, since: date | None = None) -> None:
    if on > today:
        raise Problem(problems.BAD_DAY, day=on, why="还没到")
    if since and on < since:
        raise Problem(problems.BAD_DAY, day=on, why=f"早于{said_day(since)}")
