"""What a restructuring is going to do, worked out before anything is touched: the dry run."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as words

from xiangyue.base.consequences import follow
from xiangyue.base.problems import Problem, problem_kind
from xiangyue.places.actions.tree import NO_NAME, New, hold_live, hold_no_later_span
from xiangyue.places.codes import BELOW, checked_code
from xiangyue.places.models import Level, Place, Restructuring
from xiangyue.places.picking import place_label

Kind = Restructuring.Kind
NOTHING = problem_kind("restructure_nothing", words("没有选要调整的区划。"), words("请至少选一个。"))
TOO_FEW = problem_kind("restructure_few", words("合并至少要两个。"), words("请再选一个，或改用划转、更名。"))
MIXED = problem_kind(
    "restructure_mixed",
    words("选的区划不是同一层级，或不在同一个县。"),
    words("请只选同一个县里同一层级的；县和乡镇不在这里调整。"),
)
NOT_THERE = problem_kind(
    "restructure_target", words("“{place}”不能放到“{target}”下面。"), words("请选它的上一级区划，且不是它自己。")
)
ALL_OF_IT = problem_kind(
    "restructure_all",
    words("把“{place}”下面的全部划走，就不是拆分了。"),
    words("请至少留一个，或改用更名。"),
)
SAME = problem_kind("restructure_same", words("这样调整什么也不会变。"), words("请改一处再看。"))
FUTURE = problem_kind("restructure_future", words("生效日{day}还没到。"), words("请在生效当天或以后来办。"))
BORN_THEN = problem_kind(
    "restructure_born",
    words("“{place}”在{day}才设立，不能同一天关闭。"),
    words("请选更晚的生效日，或先撤回设立它的调整。"),
)
LEVELS = (Level.VILLAGE, Level.HAMLET, Level.HOUSEHOLD, Level.PUBLIC_PLACE)


@dataclass(frozen=True, slots=True)
class Move:
    """Places that get another parent: a place on file, or (None) the one that is made."""

    roots: tuple[Place, ...]
    to: Place | None


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that would happen, in words, with how many it concerns."""

    room: str
    words: str
    count: int | None = None


@dataclass
class Touched:
    """What followers in upper rooms are handed: what closes, what moves, and a place for their own notes.

    `closed` maps a place to its successor (0: the one that is made; the real key once it is made).
    """

    kind: str
    ground_id: int
    on: date
    actor_id: int | None = None
    closed: dict[int, int | None] = field(default_factory=dict)
    moved: frozenset[int] = frozenset()
    made: frozenset[int] = frozenset()
    villages: frozenset[int] = frozenset()
    lines: list[Line] = field(default_factory=list)
    undo: dict[str, Any] = field(default_factory=dict)

    def say(self, room: str, words: str, count: int) -> None:
        """Add a line to the dry run, unless it concerns nothing."""
        if count:
            self.lines.append(Line(room, words, count))


@dataclass(frozen=True, slots=True)
class Plan:
    """One operation, worked out: `carry_out` does exactly this."""

    kind: str
    ground: Place
    """The county, or the township in which all of it lies."""
    on: date
    reason: str
    closed: tuple[Place, ...] = ()
    into: Place | None = None
    """The successor of what closes; None: the one that is made."""
    made: New | None = None
    made_parent: Place | None = None
    made_level: str = ""
    moves: tuple[Move, ...] = ()
    renamed: Place | None = None
    new_name: str = ""
    new_class: str = ""
    lines: tuple[Line, ...] = ()
    fingerprint: str = ""
    """Changes whenever a row changes that the plan rests on."""


def plan_merge(sources: Sequence[Place], into: Place | New, *, on: date, today: date, reason: str = "") -> Plan:
    """Several places become one: one of them, another of their level, or a new one."""
    places = _one_level(sources, on, today)
    closed = tuple(place for place in places if not isinstance(into, Place) or place.pk != into.pk)
    whole = len(places) + (1 if isinstance(into, Place) and len(closed) == len(places) else 0)
    if whole < 2:
        raise Problem(TOO_FEW)
    for place in closed:
        if place.from_on >= on:
            raise Problem(BORN_THEN, place=place.name, day=on)
    moved = tuple(_children(closed, on))
    if isinstance(into, Place):
        _one_level([*places, into], on, today)
        plan = Plan(Kind.MERGE, _common([*places, into]), on, reason, closed, into)
        return _told(plan, (Move(moved, into),) if moved else ())
    _hold_new(into, places[0].level)
    plan = Plan(Kind.MERGE, _common(places), on, reason, closed, None, into, places[0].parent, places[0].level)
    return _told(plan, (Move(moved, None),) if moved else ())


def plan_split(source: Place, chosen: Sequence[Place], new: New, *, on: date, today: date, reason: str = "") -> Plan:
    """A new place beside `source` takes over the chosen ones of its children."""
    _one_level([source], on, today)
    roots = tuple(chosen)
    if any(root.parent_id != source.pk for root in roots):
        raise Problem(NOT_THERE, place=next(r.name for r in roots if r.parent_id != source.pk), target=new.name)
    if source.level in (Level.VILLAGE, Level.HAMLET):
        if not roots:
            raise Problem(NOTHING)
        if not any(child.pk not in {root.pk for root in roots} for child in _children([source], on)):
            raise Problem(ALL_OF_IT, place=source.name)
    _hold_new(new, source.level)
    plan = Plan(Kind.SPLIT, _common([source]), on, reason, (), None, new, source.parent, source.level)
    return _told(plan, (Move(roots, None),) if roots else ())


def plan_move(places: Sequence[Place], to: Place, *, on: date, today: date, reason: str = "") -> Plan:
    """Places get another parent and keep their codes."""
    roots = tuple(place for place in _one_level(places, on, today) if place.parent_id != to.pk)
    if not roots:
        raise Problem(SAME)
    hold_live(to, on)
    for root in roots:
        if root.level not in BELOW.get(to.level, ()) or to.path.startswith(root.path) or to.ground_id != root.ground_id:
            raise Problem(NOT_THERE, place=root.name, target=to.name)
    return _told(Plan(Kind.MOVE, _common([*roots, to]), on, reason), (Move(roots, to),))


def plan_rename(place: Place, name: str, place_class: str = "", *, on: date, today: date, reason: str = "") -> Plan:
    """A place gets another name, or another class, from a day."""
    _one_level([place], on, today)
    if not name.strip():
        raise Problem(NO_NAME)
    new_class = place_class or place.place_class
    if (name.strip(), new_class) == (place.name, place.place_class):
        raise Problem(SAME)
    plan = Plan(Kind.RENAME, _common([place]), on, reason, renamed=place, new_name=name.strip(), new_class=new_class)
    return _told(plan, ())


def _one_level(places: Sequence[Place], on: date, today: date) -> tuple[Place, ...]:
    rows = tuple({place.pk: place for place in places}.values())
    if not rows:
        raise Problem(NOTHING)
    if on > today:
        raise Problem(FUTURE, day=on)
    if len({(row.level, row.ground_id) for row in rows}) > 1 or rows[0].level not in LEVELS:
        raise Problem(MIXED)
    for row in rows:
        hold_live(row, on)
    return rows


def _hold_new(new: New, level: str) -> None:
    if not new.name.strip():
        raise Problem(NO_NAME)
    if new.code or level == Level.VILLAGE:
        checked_code(new.code, level)


def _children(places: Sequence[Place], on: date) -> list[Place]:
    keys = [place.pk for place in places]
    return list(Place.objects.filter(parent_id__in=keys).live(on).order_by("path"))


def _common(places: Sequence[Place]) -> Place:
    """The lowest county or township that holds all of them, its own ground."""
    townships = {place.township_id for place in places}
    first = places[0]
    common = first.township if len(townships) == 1 and first.township else first.ground
    assert common is not None
    return common


def subtree(roots: Sequence[Place]) -> list[tuple[int, str, str]]:
    """(key, level, path) of the roots and everything below them, closed ones too, in a query a parent."""
    found: list[tuple[int, str, str]] = []
    for parent in {root.parent_id for root in roots}:
        mine = {root.path for root in roots if root.parent_id == parent}
        path = next(root.path for root in roots if root.parent_id == parent)
        above = path[: path.rstrip("/").rfind("/") + 1]
        depth = above.count("/") + 1
        rows = Place.objects.below(above).values_list("pk", "level", "path")
        found += [row for row in rows if "/".join(row[2].split("/")[:depth]) + "/" in mine]
    return found


def _told(plan: Plan, moves: tuple[Move, ...]) -> Plan:
    """The plan with its moves, what it says, and its fingerprint."""
    roots = [root for move in moves for root in move.roots]
    rows = subtree(roots)
    keys = [row[0] for row in rows] + [place.pk for place in (*plan.closed, *filter(None, [plan.renamed]))]
    hold_no_later_span(keys, plan.on)
    touched = touched_by(plan, rows)
    follow("places_planning", touched)
    lines = [*_closing(plan, moves), *_moving(rows), *_same_names(plan, moves), *touched.lines, *_staying(plan, moves)]
    values = Place.objects.filter(pk__in=keys).order_by("pk").values_list("pk", "path", "name", "to_on")
    known = f"{plan.kind}{plan.on}{plan.new_name}{plan.new_class}{plan.made}{[(m.to and m.to.path) for m in moves]}"
    mark = hashlib.sha256((known + repr(list(values))).encode()).hexdigest()[:16]
    return replace(plan, moves=moves, lines=tuple(lines), fingerprint=mark)


def touched_by(plan: Plan, rows: Sequence[tuple[int, str, str]]) -> Touched:
    """What followers are handed; a place that is to be made stands as 0."""
    successor = plan.into.pk if plan.into else 0
    return Touched(
        plan.kind,
        plan.ground.pk,
        plan.on,
        closed={place.pk: successor for place in plan.closed},
        moved=frozenset(row[0] for row in rows),
    )


def _closing(plan: Plan, moves: Sequence[Move]) -> list[Line]:
    lines = [Line("places", _("关闭：%s") % place_label(place)) for place in plan.closed]
    if plan.into:
        lines.append(Line("places", _("并入：%s") % place_label(plan.into)))
    lines += [
        Line("places", _("划到：%s") % place_label(move.to)) for move in moves if move.to and move.to != plan.into
    ]
    if plan.made:
        lines.append(Line("places", _("新设：%s（%s）") % (plan.made.name, plan.made.code or _("自动编码"))))
    if plan.renamed:
        told = _("更名：%(old)s → %(new)s") % {"old": place_label(plan.renamed), "new": plan.new_name}
        lines.append(Line("places", told))
    return lines


def _moving(rows: Sequence[tuple[int, str, str]]) -> list[Line]:
    counts = {level: sum(row[1] == level for row in rows) for level in Level.values}
    return [
        Line("places", _("随之换到新的上级：%s") % Level(level).label, count)
        for level, count in counts.items()
        if count
    ]


def _same_names(plan: Plan, moves: Sequence[Move]) -> list[Line]:
    """Names that stand twice afterwards: nothing forbids it, but the clerk should know."""
    lines = []
    for move in moves:
        names = [root.name for root in move.roots if root.level in (Level.VILLAGE, Level.HAMLET)]
        if move.to:
            names += (
                Place.objects.filter(parent=move.to, level__in=(Level.VILLAGE, Level.HAMLET))
                .live(plan.on)
                .values_list("name", flat=True)
            )
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            lines.append(Line("warning", _("调整后同名：%s，请接着更名。") % "、".join(twice)))
    return lines


def _staying(plan: Plan, moves: Sequence[Move]) -> list[Line]:
    lines = [Line("stays", _("农户、屯组的编码不变，联系卡和二维码照用。"))] if moves else []
    if plan.closed:
        lines.append(Line("stays", _("关闭的区划以前的检查、考核结果和红黑榜留在原编码下，照旧可查。")))
    return lines
