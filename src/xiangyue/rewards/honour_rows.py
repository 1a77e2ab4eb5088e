"""Holders of titles as rows of a table: name, where, plaque, how it stands and why."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from xiangyue.base.saying import said_day
from xiangyue.desk.shapes import Cell, Empty, Head, Line, Table
from xiangyue.places.models import Level, Place
from xiangyue.rewards.honour_models import Held
from xiangyue.rewards.honour_standing import Stand
from xiangyue.rewards.showing import at


def named(place: Place) -> str:
    """A household by its head's name, another place by its own."""
    if place.level == Level.HOUSEHOLD and hasattr(place, "household"):
        return place.household.head_name or place.name
    return place.name


def where(place: Place) -> str:
    """Township, village and door."""
    town = place.township.name if place.township and place.level != Level.TOWNSHIP else ""
    if place.level != Level.HOUSEHOLD:
        return town
    return f"{town}{place.village.name if place.village else ''} {place.name}"


def state_of(one: Stand) -> Cell:
    """How it stands, as a badge."""
    if one.todo == "take":
        return Cell(_("应摘牌"), state="late")
    if one.held.state == Held.State.DOWN:
        return Cell(_("已摘牌"), state="ended")
    if one.held.state != Held.State.HANGING:
        return Cell(one.held.get_state_display(), state="todo")
    if one.holding.state == "warned":
        return Cell(_("已预警") if one.told else _("应预警"), state="due")
    return Cell(_("挂牌中"), state="done")


def held_table(rows: Sequence[Stand], caption: str, act: str = "", *, titled: bool = True) -> Table:
    """The rows; with an act they can be chosen for it."""
    heads = [Head(_("对象")), Head(_("所在")), *([Head(_("称号"))] if titled else [])]
    heads += [Head(_("牌匾")), Head(_("状态")), Head(_("说明"))]
    lines = []
    for one in rows:
        row = one.held
        plaque = Cell(row.plaque.number if row.plaque else "—", note=said_day(row.hung_on) if row.hung_on else "")
        why = one.holding.why if row.state == Held.State.HANGING or one.todo == "take" else _given(row)
        cells = [Cell(named(row.place)), Cell(where(row.place)), *([Cell(row.name)] if titled else [])]
        cells += [plaque, state_of(one), Cell(why)]
        lines.append(Line(cells, at("holder", row.place.code), str(row.pk) if act else ""))
    return Table(caption, heads, lines, Empty(_("现在没有"), "", icon="certificate"))


def _given(row: Held) -> str:
    return _("%s授予") % said_day(row.given_on)
