"""Why a subject's figures are others under a draft: parts, weights, lines of boards, or only the others' figures."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from xiangyue.rules.closing import ClosedComposite
from xiangyue.rules.component import Part
from xiangyue.rules.numbers import show
from xiangyue.rules.settings import Board, Composite, Scheme, Side

if TYPE_CHECKING:
    from xiangyue.standings.drafts import Figures

type Why = Callable[[str, "Figures", "Figures"], str]

ABSENT = "缺"


def reasons(old: Scheme, new: Scheme, was: ClosedComposite | None, now: ClosedComposite | None) -> Why:
    """A function that tells, for a subject and its figures before and after, what moved them."""
    if was is None or now is None:
        words = _("草案新设的办法") if was is None else _("草案不再算这一项")
        return lambda code, before, after: words
    composite, other = new.composite(now.code), old.composite(now.code)
    boards = "；".join(_boards(old, new, now.code))
    categories = {category.code: category.name for category in (*old.categories, *new.categories)}

    def why(code: str, before: Figures, after: Figures) -> str:
        found = list(_parts(other, composite, was.parts(code), now.parts(code)))
        if before.category != after.category:
            found.append(_("类别改为“%s”") % categories.get(after.category, _("无")))
        if before.result != after.result and not found:
            found.append(now.why(code))
        if before.result == after.result and before.rank != after.rank and not found:
            found.append(_("自己的分没有变，同组别的对象变了"))
        if before.board != after.board and boards:
            found.append(boards)
        if before.stars != after.stars:
            found.append(_("星级：%(was)s→%(now)s") % {"was": before.stars or _("无"), "now": after.stars or _("无")})
        if before.award != after.award:
            found.append(_("奖级：%(was)s→%(now)s") % {"was": before.award or _("无"), "now": after.award or _("无")})
        return "；".join(found)

    return why


def _parts(old: Composite, new: Composite, was: tuple[Part, ...], now: tuple[Part, ...]) -> Iterator[str]:
    """What differs in the parts that a figure is made of; of a composite of months, nothing."""
    before: Mapping[str, Part] = {part.code: part for part in was}
    after: Mapping[str, Part] = {part.code: part for part in now}
    for code, part in after.items():
        held = before.get(code)
        if held is None:
            yield _("新加“%(name)s”%(value)s（权重%(weight)s）") % {
                "name": part.name, "value": _shown(part), "weight": part.weight,
            }  # fmt: skip
            continue
        if held.value != part.value:
            yield f"“{part.name}”{_shown(held)}→{_shown(part)}"
        if held.weight != part.weight and (held.value is not None or part.value is not None):
            yield _("“%(name)s”权重%(was)s→%(now)s") % {"name": part.name, "was": held.weight, "now": part.weight}
    for code, part in before.items():
        if code not in after:
            yield _("去掉“%(name)s”（原%(value)s）") % {"name": part.name, "value": _shown(part)}
    if old.pair_weight != new.pair_weight:
        yield _("结对权重%(was)s→%(now)s") % {"was": old.pair_weight, "now": new.pair_weight}


def _shown(part: Part) -> str:
    return ABSENT if part.value is None else show(part.value)


def _boards(old: Scheme, new: Scheme, composite: str) -> Iterator[str]:
    """What differs in the boards of a composite."""
    before = {board.code: board for board in old.boards if board.composite == composite}
    for board in new.boards:
        if board.composite != composite:
            continue
        held = before.pop(board.code, None)
        if held is None:
            yield _("新设“%s”") % board.name
        else:
            yield from _board(held, board)
    for board in before.values():
        yield _("撤销“%s”") % board.name


def _board(old: Board, new: Board) -> Iterator[str]:
    sides = ((_("红榜"), old.red, new.red), (_("黑榜"), old.black, new.black))
    for title, was, now in sides:
        if was.limit != now.limit:
            yield _("%(side)s线%(was)s→%(now)s") % {"side": title, "was": show(was.limit), "now": show(now.limit)}
        if (was.n, was.per_mille) != (now.n, now.per_mille):
            yield _("%(side)s名额%(was)s→%(now)s") % {"side": title, "was": _size(was), "now": _size(now)}
    for name, title in (("pool_min", _("最少参评数")), ("min_checks", _("最少检查次数"))):
        if getattr(old, name) != getattr(new, name):
            words = {"title": title, "was": getattr(old, name), "now": getattr(new, name)}
            yield _("%(title)s%(was)s→%(now)s") % words
    if old.group != new.group or old.categories != new.categories:
        yield _("分组或类别改了")


def _size(side: Side) -> str:
    return _("%s个") % side.n if side.n else f"{side.per_mille}‰"
