"""How this is scored, told from the scheme itself: weights, boards, rankings, standards, who answers for what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiangyue.agreements.in_force import schemes_on
from xiangyue.public.reading import Ground
from xiangyue.rules.numbers import show
from xiangyue.rules.quotes import nested
from xiangyue.rules.settings import Board, Cadence, Component, Composite, Item, Layer, Scheme, Side, Standard

LEVELS = {
    "county": gettext_lazy("县（市）"),
    "township": gettext_lazy("乡镇（街道）"),
    "village": gettext_lazy("村（社区）"),
    "hamlet": gettext_lazy("屯（组）"),
    "household": gettext_lazy("农户"),
    "public_place": gettext_lazy("公共场所"),
}
PERIODS = {
    "month": gettext_lazy("每月"),
    "quarter": gettext_lazy("每季度"),
    "year": gettext_lazy("每年"),
}
EVERY = {
    "day": gettext_lazy("每天"),
    "week": gettext_lazy("每周"),
    "half_month": gettext_lazy("每半月"),
    "month": gettext_lazy("每月"),
    "quarter": gettext_lazy("每季度"),
}
TAKEN = {
    "mean": gettext_lazy("取平均"),
    "last": gettext_lazy("取最后一次"),
    "min": gettext_lazy("取最低一次"),
    "max": gettext_lazy("取最高一次"),
}


@dataclass(frozen=True, slots=True)
class Part:
    """A weighted part of a composite."""

    name: str
    weight: int | None
    words: str


@dataclass(frozen=True, slots=True)
class Scored:
    """How the subjects of a level get their figure."""

    name: str
    words: str
    parts: tuple[Part, ...]
    pair: str


@dataclass(frozen=True, slots=True)
class BoardRule:
    """How a board is drawn, in sentences."""

    name: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """An item of a standard."""

    name: str
    points: str
    words: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A standard with its areas."""

    name: str
    subject: str
    standing: str
    n: int
    areas: tuple[tuple[str, tuple[Line, ...]], ...]


@dataclass(frozen=True, slots=True)
class Answering:
    """A layer of duty in words."""

    name: str
    words: str
    tasks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """A scheme as the public reads it."""

    name: str
    version: int
    from_on: date | None
    standing: str
    stages: tuple[str, ...]
    scored: tuple[Scored, ...]
    boards: tuple[BoardRule, ...]
    rankings: tuple[str, ...]
    sheets: tuple[Sheet, ...]
    layers: tuple[Answering, ...]
    rules: tuple[str, ...]


def summaries(ground: Ground) -> list[Summary]:
    """The schemes in force on the ground today."""
    return [
        summary(scheme, version.version, version.from_on)
        for version, scheme in schemes_on((ground.place.pk,), ground.day)
    ]


def summary(scheme: Scheme, version: int, from_on: date | None) -> Summary:
    """A scheme told in words."""
    names = {composite.code: composite.name for composite in scheme.composites}
    return Summary(
        scheme.name,
        version,
        from_on,
        scheme.standing,
        tuple(stage.name for stage in scheme.stages),
        tuple(_scored(scheme, composite) for composite in scheme.composites),
        tuple(_board(scheme, board) for board in scheme.boards),
        tuple(
            nested(
                _("%(name)s：按“%(by)s”分类别排名次，同分同名次。")
                % {"name": ranking.name, "by": names.get(ranking.composite, "")}
            )
            for ranking in scheme.rankings
        ),
        tuple(_sheet(standard) for standard in scheme.standards),
        tuple(_layer(layer) for layer in scheme.layers),
        _rules(scheme),
    )


def _scored(scheme: Scheme, composite: Composite) -> Scored:
    level, every = str(LEVELS[composite.level]), str(PERIODS[composite.period])
    if composite.mode == "months":
        of = scheme.composite(composite.of).name
        words = _("%(every)s给每个%(level)s算一次：各月“%(of)s”的平均；至少%(n)s个月有成绩才评。") % {
            "every": every, "level": level, "of": of, "n": composite.rated_months,
        }  # fmt: skip
        return Scored(composite.name, nested(words), (), "")
    words = _("%(every)s给每个%(level)s算一次：各部分得分乘权重相加，再除以权重之和；没有成绩的部分不参加。") % {
        "every": every, "level": level,
    }  # fmt: skip
    pair = ""
    if composite.pair_weight:
        pair = _("结成对子的两方，共评分占%(w)s%%，自己的得分占%(r)s%%。") % {
            "w": composite.pair_weight, "r": 100 - composite.pair_weight,
        }  # fmt: skip
    return Scored(composite.name, nested(words), tuple(_part(scheme, part) for part in composite.components), pair)


def _part(scheme: Scheme, part: Component) -> Part:
    source = part.source
    if source.kind == "children":
        weighed = _("，按户数加权") if source.by_households else ""
        words = _("下属各%(level)s得分的平均%(weighed)s；有成绩的不到%(share)s%%时不计") % {
            "level": LEVELS[source.level or "village"], "weighed": weighed, "share": source.share,
        }  # fmt: skip
    elif source.kind == "sheets":
        words = _("“%(kind)s”的检查表，%(taken)s") % {
            "kind": scheme.check_kind(source.check_kind).name, "taken": TAKEN[source.take],
        }  # fmt: skip
    else:
        words = _("按指标数值分档给分")
    required = _("；缺这一项不评") if part.required else ""
    return Part(part.name, part.weight, nested(f"{words}{required}"))


def _board(scheme: Scheme, board: Board) -> BoardRule:
    shown = {
        "named": _("上榜的村和社区公开名称。"),
        "consent": _("农户只公布户数；本人书面同意的红榜户才公开户名，黑榜从不公开户名。"),
        "private": _("不对外公开，只由本人、包保人和村里掌握，用来帮助整改。"),
    }
    lines = [
        _("在同一%(group)s、同一类别里比；参评不足%(n)s个不出榜；至少被查%(c)s次才参加。")
        % {"group": LEVELS[board.group], "n": board.pool_min, "c": board.min_checks},
        _("红榜：%(n)s，且得分不低于%(limit)s；与最后一名同分的一并上榜。")
        % {"n": _places(_("前"), board.red), "limit": show(board.red.limit)},
        _("黑榜：%(n)s，且得分不高于%(limit)s；与榜外同分的不上榜；需要帮扶的家庭不上黑榜。")
        % {"n": _places(_("末"), board.black), "limit": show(board.black.limit)},
        _("上黑榜前先告知，给%(cure)s天整改，可以提异议；改好的、异议成立的撤下；上榜%(days)s天后自动撤下。")
        % {"cure": board.cure_days, "days": board.expire_days},
        shown[board.public],
    ]
    if board.pairs:
        lines.append(_("红榜与黑榜结成对子，下一期共同评分，先进带后进。"))
    return BoardRule(board.name, tuple(lines))


def _places(which: str, side: Side) -> str:
    if side.n:
        return _("%(which)s%(n)s名") % {"which": which, "n": side.n}
    return _("%(which)s%(share)s%%（至少1名）") % {"which": which, "share": f"{side.per_mille / 10:g}"}


def _sheet(standard: Standard) -> Sheet:
    return Sheet(
        standard.name,
        str(LEVELS[standard.subject]),
        standard.standing,
        len(standard.items),
        tuple((area.name, tuple(_line(item) for item in area.items)) for area in standard.areas),
    )


def _line(item: Item) -> Line:
    if item.kind == "deduct":
        words = "；".join(
            _("%(name)s扣完") % {"name": step.name}
            if step.all
            else _("%(name)s每%(unit)s扣%(n)s") % {"name": step.name, "unit": step.unit, "n": show(step.amount)}
            for step in item.steps
        )
    elif item.kind == "grade":
        words = "；".join(f"{grade.name}{show(grade.points)}" for grade in item.grades)
    else:
        words = {
            "pass": _("达到得满分，达不到不得分"),
            "bonus": _("加分项"),
            "zero": _("违反的，整张表记0分"),
        }[item.kind]
    return Line(item.name, show(item.points), words)


def _layer(layer: Layer) -> Answering:
    who = {"person": _("由个人包"), "organisation": _("由单位包"), "household": _("由农户自己负责")}[layer.bearer]
    words = f"{LEVELS[layer.target]}，{who}{_cadence(layer.cadence)}"
    return Answering(layer.name, words, tuple(task.name for task in layer.tasks))


def _cadence(cadence: Cadence | None) -> str:
    if cadence is None:
        return ""
    what = _("下去%s次") if cadence.per == "bearer" else _("到每个对象%s次")
    return f"，{EVERY[cadence.every]}{what % cadence.times}"


def _rules(scheme: Scheme) -> tuple[str, ...]:
    rules = scheme.households
    return (
        _("所有得分精确到百分之一分，每一步四舍五入一次；公布的每个数都能由旁边的数算出来。"),
        _("外出、空置的农户不评分，单独统计；需要帮扶的家庭只进红榜、不进黑榜。"),
        _("榜单先公示%(days)s天，异议逐条答复后才生效；生效后不改，只出新版本，旧版本留着可查。")
        % {"days": scheme.notice.days},
        _("不足%(group)s户的村屯不公布户数；不足%(n)s户的数也不公布。")
        % {"group": rules.public_min_group, "n": rules.public_min_count},
        _("依法反映问题、提意见，不影响任何一户、任何一人的得分。"),
    )
