"""A scheme in words, for reading it like a document."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as words

from xiangyue.people.models import Post
from xiangyue.places.models import HouseholdState, Level, PlaceClass
from xiangyue.rules.numbers import show
from xiangyue.rules.settings import (
    Board,
    Cadence,
    Category,
    CheckKind,
    Composite,
    HouseholdRules,
    Item,
    Layer,
    Notice,
    Ranking,
    Scheme,
    Side,
    Source,
    Stage,
    Standard,
)
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


BY_PERIOD = {"month": words("每月"), "quarter": words("每季度"), "year": words("每年")}


class Named(Protocol):
    """A row with a code and a name."""

    @property
    def code(self) -> str:
        """Its code."""

    @property
    def name(self) -> str:
        """Its name."""


def name_of(rows: Iterable[Named], code: str) -> str:
    """The name of the row of that code; a code that is not there is told so, since a draft may not be whole yet."""
    if not code:
        return ""
    return next((row.name for row in rows if row.code == code), _("%s（没有这一条）") % code)


def figure(value: int, decimals: int) -> str:
    """A number whose last digits stand behind the point: 8500 with two as 85.00."""
    if not decimals:
        return f"{value:,}"
    sign, digits = "-" if value < 0 else "", f"{abs(value):0{decimals + 1}d}"
    return f"{sign}{int(digits[:-decimals]):,}.{digits[-decimals:]}"


def money(fen: int) -> str:
    """20000000 as 200,000元."""
    whole, part = divmod(fen, 100)
    return f"{whole:,}{f'.{part:02d}' if part else ''}{_('元')}"


def number_words(number: int) -> str:
    """31490 as 31,490."""
    return f"{number:,}"


def level_words(level: str | None) -> str:
    """村（社区） for village."""
    return str(Level(level).label) if level else ""


def cadence_words(cadence: Cadence | None, bearer: str = "person") -> str:
    """每天每个对象1次; that it is not counted where it is not."""
    if cadence is None:
        return _("不计次数")
    going = _("每个单位下去") if bearer == "organisation" else _("每人下去")
    per = _("每个对象") if cadence.per == "target" else going
    return _("%(every)s%(per)s%(times)s次") % {"every": EVERY[cadence.every], "per": per, "times": cadence.times}


def place_words(place_class: str) -> str:
    """行政村 for village."""
    return str(dict(PlaceClass.choices).get(place_class, place_class))


def _targets(layer: Layer) -> str:
    return "、".join(place_words(found) for found in layer.classes) or level_words(layer.target)


def layer_words(layer: Layer, scheme: Scheme) -> list[str]:
    """What holds for a layer, a sentence each."""
    bearer = "、".join(post_words(post) for post in layer.posts) or str(BEARERS[layer.bearer])
    said = [_("由%(bearer)s包%(target)s") % {"bearer": bearer, "target": _targets(layer)}]
    if layer.partial:
        said.append(_("只包定下来的，其余不算空缺"))
    if layer.bearers_min > 1:
        said.append(_("每个对象至少%s人") % layer.bearers_min)
    if layer.per_bearer:
        said.append(_("每人至多包%s个") % layer.per_bearer)
    if layer.exclusive:
        said.append(_("一个对象同时只归一个人"))
    if layer.exclusive_with:
        names = "、".join(name_of(scheme.layers, code) for code in layer.exclusive_with)
        said.append(_("与“%s”不重复包") % names)
    said.append(_("走访：%s") % cadence_words(layer.cadence, layer.bearer))
    if layer.standard:
        said.append(_("自己的工作照《%s》考") % name_of(scheme.standards, layer.standard))
    if layer.tasks:
        said.append(_("任务：%s") % "、".join(task.name for task in layer.tasks))
    return said


def post_words(post: str) -> str:
    """县级领导 for county_leader; a post that the software does not know by its own word."""
    return str(dict(Post.Kind.choices).get(post, post))


def standard_words(standard: Standard, _scheme: Scheme) -> list[str]:
    """What a standard is for, how much it comes to, and when it holds."""
    total = sum(item.points for item in standard.items if item.kind not in ("bonus", "zero"))
    said = [
        _("考核%(level)s，%(n)s项，满分%(total)s分，折合成百分制") % {
            "level": level_words(standard.subject), "n": len(standard.items), "total": decimal(total),
        }
    ]  # fmt: skip
    return said + ([_("适用月份：%s") % "、".join(str(month) for month in standard.months)] if standard.months else [])


def item_sentences(item: Item, _scheme: Scheme) -> list[str]:
    """What an item is worth and how it is noted."""
    said = [item_words(item)]
    if item.fault and item.fault != item.name:
        said.append(_("问题叫“%s”") % item.fault)
    if item.not_applicable:
        said.append(_("可以标不适用"))
    return said + ([_("要拍照：%s") % item.photo] if item.photo else [])


def step_words(item: Item) -> tuple[str, ...]:
    """How points are taken, given or graded, one by one."""
    steps = tuple(
        _("%s：扣完") % step.name
        if step.all
        else _("%(name)s：%(n)s分/%(unit)s") % {"name": step.name, "n": decimal(step.amount), "unit": step.unit}
        for step in item.steps
    )
    grades = tuple(_("%(name)s：%(n)s分") % {"name": one.name, "n": decimal(one.points)} for one in item.grades)
    return steps + grades


def item_words(item: Item) -> str:
    """满分10分，扣分项."""
    return _("%(points)s分，%(kind)s") % {"points": decimal(item.points), "kind": KINDS[item.kind]}


def kind_words(kind: CheckKind, scheme: Scheme) -> str:
    """Who checks what by which standard."""
    who = "、".join(name_of(scheme.layers, code) for code in kind.layers) or _("办公室或检查组")
    said = _("查%(level)s，用《%(standard)s》，由%(who)s检查，一天至多%(n)s次") % {
        "level": level_words(kind.subject), "standard": name_of(scheme.standards, kind.standard), "who": who,
        "n": kind.per_day,
    }  # fmt: skip
    return said + (_("；包保人自查") if kind.self_check else "") + (_("；群众评议") if kind.opinion else "")


def kind_sentences(kind: CheckKind, scheme: Scheme) -> list[str]:
    """The same as a list."""
    return [kind_words(kind, scheme)]


def part_words(source: Source, scheme: Scheme) -> str:
    """Where a component's figure comes from."""
    if source.kind == "sheets":
        return _("“%(kind)s”各次得分取%(take)s") % {
            "kind": name_of(scheme.check_kinds, source.check_kind), "take": TAKES[source.take],
        }  # fmt: skip
    if source.kind == "children":
        how = _("按户数加权") if source.by_households else _("每个算一份")
        return _("下属%(level)s得分的平均（%(how)s，有分的不足%(share)s%%则缺）") % {
            "level": level_words(source.level), "how": how, "share": source.share,
        }  # fmt: skip
    bands = "、".join(_("%(start)s起%(gets)s分") % {"start": a, "gets": decimal(b)} for a, b in source.bands)
    return _("指标“%(name)s”按档：%(bands)s") % {"name": name_of(scheme.indicators, source.indicator), "bands": bands}


def composite_sum(composite: Composite, scheme: Scheme) -> str:
    """The sum written out with its weights: (30×农户 + 30×明察) ÷ 60."""
    if composite.mode == "months":
        base = name_of(scheme.composites, composite.of)
        return _("“%(base)s”各有分月份的平均，至少%(n)s个月有分") % {"base": base, "n": composite.rated_months}
    total = sum(part.weight for part in composite.components)
    terms = " + ".join(f"{part.weight}×{part.name}" for part in composite.components)
    return f"（{terms}）÷ {total}"


def composite_words(composite: Composite, scheme: Scheme) -> list[str]:
    """Whom a composite rates, by which sum, from what."""
    said = [
        _("%(period)s给%(level)s算一次") % {"period": PERIODS[composite.period], "level": level_words(composite.level)},
        _("得分 = %s") % composite_sum(composite, scheme)
        if composite.mode == "records"
        else _("取%s") % composite_sum(composite, scheme),
    ]
    for part in composite.components:
        needed = _("；缺了就不评") if part.required else ""
        said.append(f"{part.name}：{part_words(part.source, scheme)}{needed}")
    if composite.mode == "records":
        said.append(_("没有数的部分不算，其余按权重重新折算；四舍五入到小数点后两位"))
    if composite.pair_weight:
        said.append(_("结对的，共评占%(w)s%%，自己占%(own)s%%") % {
            "w": composite.pair_weight, "own": 100 - composite.pair_weight,
        })  # fmt: skip
    return said


def side_words(side: Side, *, red: bool) -> str:
    """前5%，且不低于95.00分."""
    n = _("%s个") % side.n if side.n else _("%s‰，至少1个") % side.per_mille
    if red:
        return _("前%(n)s，且结果不低于%(limit)s分") % {"n": n, "limit": show(side.limit)}
    return _("后%(n)s，且结果不高于%(limit)s分") % {"n": n, "limit": show(side.limit)}


def board_words(board: Board, scheme: Scheme) -> list[str]:
    """What holds for a board, a sentence each."""
    said = [
        _("依据“%(composite)s”，在同一%(group)s里排") % {
            "composite": name_of(scheme.composites, board.composite), "group": level_words(board.group),
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


def ranking_words(ranking: Ranking, scheme: Scheme) -> list[str]:
    """What is ranked within what."""
    return [
        _("依据“%(by)s”，在同一%(group)s里分类别排，同分同名次") % {
            "by": name_of(scheme.composites, ranking.composite), "group": level_words(ranking.group),
        }
    ]  # fmt: skip


def category_words(category: Category, _scheme: Scheme) -> list[str]:
    """Who is compared in a category."""
    return [f"{level_words(category.level)}：{class_words(category)}"]


def stage_words(stage: Stage, scheme: Scheme) -> list[str]:
    """Which step of the way it is."""
    at = next((n for n, one in enumerate(scheme.stages, 1) if one.code == stage.code), 0)
    return [_("第%(n)s步，共%(total)s步") % {"n": at, "total": len(scheme.stages)}]


def household_words(rules: HouseholdRules, _scheme: Scheme) -> list[str]:
    """Which households are spared, and the floors of what is told in public."""
    return [
        _("不检查不评分：%s") % state_words(rules.not_due),
        _("不上黑榜，改为帮扶：%s") % state_words(rules.helped),
        _("公开页上，不足%s户的范围连数也不写") % rules.public_min_group,
        _("公开页上，小于%s的数不写") % rules.public_min_count,
    ]


def notice_words(notice: Notice, _scheme: Scheme) -> list[str]:
    """How long a notice runs."""
    return [_("公示%s天，期间可以提异议，逐条答复后才生效") % notice.days]


def class_words(category: Category) -> str:
    """The place classes of a category."""
    return "、".join(place_words(one) for one in category.classes) or _("全部")


def state_words(states: tuple[str, ...]) -> str:
    """外出、空置."""
    return "、".join(str(dict(HouseholdState.State.choices).get(one, one)) for one in states) or _("无")
