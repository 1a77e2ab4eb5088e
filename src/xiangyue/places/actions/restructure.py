"""Carrying out a planned restructuring as one operation, and undoing it as long as nothing has built on it since."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import F, ProtectedError, Value
from django.db.models.functions import Concat, Substr
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from xiangyue.base import changes
from xiangyue.base.consequences import follow
from xiangyue.base.problems import CHANGED, Problem, problem_kind
from xiangyue.base.saying import said_day
from xiangyue.base.writes import alone, write
from xiangyue.places.actions.tree import make_place
from xiangyue.places.models import Place, PlaceSpan, Restructuring
from xiangyue.places.restructuring import Move, Plan, Touched, subtree, touched_by
from xiangyue.places.spans import close_spans, keep_spans

ROW = (
    "pk", "name", "place_class", "parent_id", "path", "ground_id", "township_id", "village_id", "from_on", "to_on",
)  # fmt: skip
SPAN = ("pk", "place_id", "name", "place_class", "parent_id", "path", "from_on")
UNDONE = problem_kind("restructure_undone", _("这次调整已经撤回过了。"), _("不用再撤。"), 409)
BUILT_ON = problem_kind(
    "restructure_built_on",
    _("这次调整之后又有变动（{what}），不能原样撤回。"),
    _("请先撤回后来的调整；已有记录的，请另做一次反向的调整。"),
    409,
)


def carry_out(actor_id: int | None, plan: Plan, *, now: datetime | None = None) -> Restructuring:
    """The operation as done: all of it in one transaction, or nothing."""
    with write():
        alone(f"restructure:{plan.ground.ground_id}")
        rows = _hold_unchanged(plan)
        ids = {row[0] for row in rows} | {place.pk for place in plan.closed}
        if plan.renamed:
            ids.add(plan.renamed.pk)
        kept = {"places": _rows(ids), "spans": _spans(ids)}
        made = _make(plan)
        touched = touched_by(plan, rows)
        touched.actor_id = actor_id
        touched.villages = _villages(rows_of=ids) | ({made.pk} if made else frozenset())
        for move in plan.moves:
            _move(move, move.to or made)
        _close(plan)
        _rename(plan)
        keep_spans([row[0] for row in rows] + ([plan.renamed.pk] if plan.renamed else []), plan.on)
        touched.villages |= _villages(rows_of=ids)
        if made:
            touched.made = frozenset({made.pk})
            touched.closed = dict.fromkeys(touched.closed, made.pk)
        follow("places_moved", touched)
        undo = kept | {"made": sorted(touched.made), "mark": _mark(ids), "rooms": touched.undo}
        return _store(actor_id, plan, undo, made, now or timezone.now())


def undo(actor_id: int | None, done: Restructuring, *, now: datetime | None = None) -> None:
    """Put back every row as it was; Problem `restructure_built_on` when something has built on the operation since."""
    with write():
        alone(f"restructure:{done.ground.ground_id}")
        done = Restructuring.objects.select_related("ground").get(pk=done.pk)
        if done.undone_at is not None:
            raise Problem(UNDONE)
        kept = done.undo
        ids = [row[0] for row in kept["places"]]
        _hold_not_built_on(done, ids)
        touched = Touched(done.kind, done.ground_id, done.on, actor_id, undo=kept["rooms"])
        touched.made, touched.moved = frozenset(kept["made"]), frozenset(ids)
        touched.villages = _villages(rows_of=ids) | touched.made
        follow("places_restoring", touched)
        _put_back(kept)
        _unmake(kept["made"])
        touched.villages = (touched.villages | _villages(rows_of=ids)) - touched.made
        follow("places_restored", touched)
        Restructuring.objects.filter(pk=done.pk).update(undone_at=now or timezone.now())
        changes.log(actor_id, "places.restored", done, path=done.ground.path, before={"kind": done.kind})


def _hold_unchanged(plan: Plan) -> list[tuple[int, str, str]]:
    """The rows that move; Problem when a row that the plan rests on has changed since the dry run."""
    roots = [root for move in plan.moves for root in move.roots]
    rows = subtree(roots)
    known = {place.pk: place.path for place in (*roots, *plan.closed)}
    now = dict(Place.objects.filter(pk__in=known, to_on=None).values_list("pk", "path"))
    if now != known:
        raise Problem(CHANGED, what=plan.ground.name)
    return rows


def _make(plan: Plan) -> Place | None:
    if plan.made is None:
        return None
    return make_place(plan.made_parent, plan.made_level, plan.made, on=plan.on)


def _move(move: Move, to: Place | None) -> None:
    """Hang the roots under `to`: their paths and those below change by their beginnings, in a few statements."""
    assert to is not None
    for parent_id in {root.parent_id for root in move.roots}:
        roots = [root for root in move.roots if root.parent_id == parent_id]
        ids = [row[0] for row in subtree(roots)]
        above = roots[0].path[: roots[0].path.rstrip("/").rfind("/") + 1]
        ends = Substr("path", len(above) + 1)
        below = Place.objects.filter(pk__in=ids)
        below.update(path=Concat(Value(to.path), ends), township_id=to.township_id)
        if to.village_id is not None:
            below.update(village_id=to.village_id)
        Place.objects.filter(pk__in=[root.pk for root in roots]).update(parent_id=to.pk)


def _close(plan: Plan) -> None:
    ids = [place.pk for place in plan.closed]
    Place.objects.filter(pk__in=ids).update(to_on=plan.on - timedelta(days=1))
    close_spans(ids, plan.on - timedelta(days=1))


def _rename(plan: Plan) -> None:
    if plan.renamed:
        Place.objects.filter(pk=plan.renamed.pk).update(name=plan.new_name, place_class=plan.new_class)


def _store(actor_id: int | None, plan: Plan, kept: dict[str, Any], made: Place | None, now: datetime) -> Restructuring:
    told = {
        "lines": [dataclasses.asdict(line) for line in plan.lines],
        "closed": [place.code for place in plan.closed],
        "made": made.code if made else "",
        "into": plan.into.code if plan.into else "",
        "roots": [root.code for move in plan.moves for root in move.roots],
    }
    done = Restructuring.objects.create(
        ground=plan.ground, kind=plan.kind, plan=told, undo=kept, on=plan.on, reason=plan.reason[:200],
        done_at=now, done_by_id=actor_id,
    )  # fmt: skip
    changes.log(actor_id, "places.restructured", done, path=plan.ground.path, after=told | {"on": plan.on})
    changes.log_many(_lines(plan, made, done), actor_id, reason=plan.reason[:200])
    return done


def _lines(plan: Plan, made: Place | None, done: Restructuring) -> Iterable[tuple[str, str, str, str, Any, Any]]:
    """One line for each place that a person named, so that its own history tells of it."""
    by = {"restructuring": done.pk}
    table = Place._meta.label_lower
    for place in plan.closed:
        yield "place.closed", table, str(place.pk), place.path, None, by | {"on": plan.on}
    for move in plan.moves:
        to = move.to or made
        for root in move.roots:
            yield "place.moved", table, str(root.pk), root.path, None, by | {"to": to.code if to else ""}
    if made:
        yield "place.added", table, str(made.pk), made.path, None, by | {"name": made.name}
    if plan.renamed:
        row = plan.renamed
        yield "place.edited", table, str(row.pk), row.path, {"name": row.name}, by | {"name": plan.new_name}


def _villages(*, rows_of: Collection[int]) -> frozenset[int]:
    keys = Place.objects.filter(pk__in=rows_of, village_id__isnull=False).values_list("village_id", flat=True)
    return frozenset(keys.distinct())


def _rows(ids: Collection[int]) -> list[list[Any]]:
    return [
        [_plain(value) for value in row] for row in Place.objects.filter(pk__in=ids).order_by("pk").values_list(*ROW)
    ]


def _spans(ids: Collection[int]) -> list[list[Any]]:
    rows = PlaceSpan.objects.filter(place_id__in=ids, to_on=None).order_by("pk").values_list(*SPAN)
    return [[_plain(value) for value in row] for row in rows]


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _mark(ids: Collection[int]) -> str:
    """A digest of the rows as they stand: what an undo must find again."""
    return hashlib.sha256(repr((_rows(ids), _spans(ids))).encode()).hexdigest()


def _hold_not_built_on(done: Restructuring, ids: list[int]) -> None:
    later = Restructuring.objects.filter(ground__ground_id=done.ground.ground_id, pk__gt=done.pk, undone_at=None)
    mine = set(ids) | set(done.undo["made"])
    for other in later:
        if mine & ({row[0] for row in other.undo["places"]} | set(other.undo["made"])):
            raise Problem(BUILT_ON, what=f"{said_day(other.on)}的{other.get_kind_display()}")
    if _mark(ids) != done.undo["mark"]:
        raise Problem(BUILT_ON, what=_("有关的区划又改过"))
    added = Place.objects.filter(parent_id__in=done.undo["made"]).exclude(pk__in=ids).first()
    if added is not None:
        raise Problem(BUILT_ON, what=added.name)


def _put_back(kept: dict[str, Any]) -> None:
    """Rows and spans as they were, in a statement each, many values at a time."""
    ids = [row[0] for row in kept["places"]]
    spans = [row[0] for row in kept["spans"]]
    PlaceSpan.objects.filter(place_id__in=ids, to_on=None).exclude(pk__in=spans).delete()
    _update_many(Place, ROW, kept["places"])
    _update_many(PlaceSpan, SPAN, kept["spans"])
    PlaceSpan.objects.filter(pk__in=spans).update(to_on=None)


def _update_many(model: type[Place] | type[PlaceSpan], names: tuple[str, ...], rows: list[list[Any]]) -> None:
    quote = connection.ops.quote_name
    set_to = ", ".join(f"{quote(name)} = %s" for name in names[1:])
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {quote(model._meta.db_table)} SET {set_to} WHERE {quote('id')} = %s",
            [(*row[1:], row[0]) for row in rows],
        )


def _unmake(ids: list[int]) -> None:
    """Take away what the operation made; whatever has been recorded of it since forbids that."""
    Place.objects.filter(pk__in=ids).update(ground_id=F("parent_id"), village_id=None, township_id=None)
    try:
        Place.objects.filter(pk__in=ids).delete()
    except ProtectedError as error:
        row = next(iter(error.protected_objects))
        raise Problem(BUILT_ON, what=str(row._meta.verbose_name)) from None
