"""A scheme in words, for reading it like a document."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as words

from xiangyue.places.models import HouseholdState, Level, PlaceClass
from xiangyue.rules.numbers import show
from xiangyue.rules.settings import Board, Cadence, Category, CheckKind, Composite, Item, Layer, Scheme, Side, Source
from xiangyue.schemes.writing import decimal

EVERY = {
    "day": words("每天"), "week": words("每周"), "half_month": words("每半月"), "month": words("每月"),
    "quarter": words("每季度"), "year": words("每年"),
}  # fmt: skip
BEARERS = {"person": words("个人"), "organisation": words("单位"), "household": words("农户自己")}
KINDS = {
    "deduct": words("扣分项"), "grade": words("分等项"), "pass": words("达标项"), "bonus": words("加分项"),
    "zero": words("一票项"),
}  # fmt: skip
TAKES = {"mean": words("平均"), "last": words("最后一次"), "min": words("最低一次"), "max": words("最高一次")}
PERIODS = {"month": words("月度"), "quarter": words("季度"), "year": words("年度")}
PUBLIC = {
    "named": words("公开，写明名称"),
    "consent": words("同意公开的写名称，其余只写户数"),
    "private": words("不公开，只给本人、包保人和村里看"),
}


def level_words(level: str | None) -> str:
    """村(社区) for village."""
    return str(Level(level).label) if level else ""


def cadence_words(cadence: Cadence | None, bearer: str = "person") -> str:
    """每天每个对象1次; that it is not counted where it is not."""
    if cadence is None:
        return _("不计次数")
    going = _("每个单位下去") if bearer == "organisation" else _("每人下去")
    per = _("每个对象") if cadence.per == "target" else going
    return _("%(every)s%(per)s%(times)s次") % {"every": EVERY[cadence.every], "per": per, "times": cadence.times}


def _targets(layer: Layer) -> str:
    return "、".join(str(PlaceClass(found).label) for found in layer.classes) or level_words(layer.target)


def layer_words(layer: Layer, scheme: Scheme) -> list[str]:
    """What holds for a layer, a sentence each."""
    said = [_("由%(bearer)s包%(target)s") % {"bearer": BEARERS[layer.bearer], "target": _targets(layer)}]
    if layer.bearers_min > 1:
        said.append(_("每个对象至少%s人") % layer.bearers_min)
    if layer.per_bearer:
        said.append(_("每人至多包%s个") % layer.per_bearer)
    if layer.exclusive:
        said.append(_("一个对象同时只归一个人"))
    if layer.exclusive_with:
        names = "、".join(scheme.layer(code).name for code in layer.exclusive_with)
        said.append(_("与“%s”不重复包") % names)
    return [*said, cadence_words(layer.cadence, layer.bearer)]


def item_words(item: Item) -> str:
    """满分10分,扣分项."""
    return _("%(points)s分,%(kind)s") % {"points": decimal(item.points), "kind": KINDS[item.kind]}


def kind_words(kind: CheckKind, scheme: Scheme) -> str:
    """Who checks what by which standard."""
    who = "、".join(scheme.layer(code).name for code in kind.layers) or _("办公室或检查组")
    said = _("查%(level)s，用《%(standard)s》，由%(who)s检查，一天至多%(n)s次") % {
        "level": level_words(kind.subject), "standard": scheme.standard(kind.standard).name, "who": who,
        "n": kind.per_day,
    }  # fmt: skip
    return said + (_(";包保人自查") if kind.self_check else "") + (_(";群众评议") if kind.opinion else "")


def source_words(source: Source, scheme: Scheme) -> str:
    """Where a component's figure comes from."""
    if source.kind == "sheets":
        return _("“%(kind)s”各次得分取%(take)s") % {
            "kind": scheme.check_kind(source.check_kind).name, "take": TAKES[source.take],
        }  # fmt: skip
    if source.kind == "children":
        how = _("按户数加权") if source.by_households else _("每个算一份")
        return _("下属%(level)s得分的平均(%(how)s，有分的不足%(share)s%%则缺)") % {
            "level": level_words(source.level), "how": how, "share": source.share,
        }  # fmt: skip
    bands = "、".join(_("%(start)s起%(gets)s分") % {"start": a, "gets": decimal(b)} for a, b in source.bands)
    return _("指标“%(name)s”按档：%(bands)s") % {"name": source.indicator, "bands": bands}


def composite_sum(composite: Composite, scheme: Scheme) -> str:
    """The sum written out with its weights: (30×农户 + 30×明察) ÷ 60."""
    if composite.mode == "months":
        base = scheme.composite(composite.of).name
        return _("“%(base)s”各有分月份的平均，至少%(n)s个月有分") % {"base": base, "n": composite.rated_months}
    total = sum(part.weight for part in composite.components)
    terms = " + ".join(f"{part.weight}×{part.name}" for part in composite.components)
    return f"({terms}) ÷ {total}"


def side_words(side: Side, *, red: bool) -> str:
    """前5%,且不低于95.00分."""
    n = _("%s个") % side.n if side.n else _("%s‰,至少1个") % side.per_mille
    if red:
        return _("前%(n)s，且结果不低于%(limit)s分") % {"n": n, "limit": show(side.limit)}
    return _("后%(n)s，且结果不高于%(limit)s分") % {"n": n, "limit": show(side.limit)}


def board_words(board: Board, scheme: Scheme) -> list[str]:
    """What holds for a board, a sentence each."""
    said = [
        _("依据“%(composite)s”，在同一%(group)s里排") % {
            "composite": scheme.composite(board.composite).name, "group": level_words(board.group),
        },
        _("红榜：%s") % side_words(board.red, red=True),
        _("黑榜：%s") % side_words(board.black, red=False),
        _("有分且至少查过%(checks)s次的不足%(pool)s个，不出榜") % {"checks": board.min_checks, "pool": board.pool_min},
        _("公开：%s") % PUBLIC[board.public],
        _("黑榜先告知，%(cure)s天内可整改或提异议；%(expire)s天后失效") % {
            "cure": board.cure_days, "expire": board.expire_days,
        },
    ]  # fmt: skip
    return said + ([_("红黑结对，下一期共评")] if board.pairs else [])


def class_words(category: Category) -> str:
    """The place classes of a category."""
    return "、".join(str(PlaceClass(one).label) for one in category.classes) or _("全部")


def state_words(states: tuple[str, ...]) -> str:
    """外出、空置."""
    return "、".join(str(HouseholdState.State(one).label) for one in states) or _("无")
