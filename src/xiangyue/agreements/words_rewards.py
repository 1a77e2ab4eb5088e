"""Honours, awards, points, incentives and commendations in sentences."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from xiangyue.agreements.words import EVERY, Named, level_words, money, name_of, post_words
from xiangyue.agreements.words_stars import approval_words
from xiangyue.rules import settings as s
from xiangyue.rules.numbers import show

SIDES = {"red": "红榜", "black": "黑榜"}


def honour_words(row: s.Honour, scheme: s.Scheme) -> Iterator[str]:
    """How a title is given and when it is taken down."""
    basis = name_of(scheme.composites, row.composite)
    n = _("，一次最多%s个") % row.places if row.places else ""
    if row.given_by == "rule":
        yield _("授给“%(basis)s”不低于%(floor)s分的%(level)s%(n)s") % {
            "basis": basis, "floor": show(row.give_floor), "level": level_words(row.level), "n": n,
        }  # fmt: skip
    else:
        by = _("评审团") if row.given_by == "jury" else _("村民会议")
        yield _("由%(by)s表决授给%(level)s%(n)s") % {"by": by, "level": level_words(row.level), "n": n}
    if row.floor:
        yield _("“%(basis)s”连续%(n)s期低于%(floor)s分就摘牌，提前一期提醒") % {
            "basis": basis, "n": row.periods, "floor": show(row.floor),
        }  # fmt: skip
    if row.causes:
        yield _("其他摘牌情形：%s") % "、".join(row.causes)
    yield from approval_words(row.approval)


def award_words(row: s.Award, scheme: s.Scheme) -> Iterator[str]:
    """The classes of an award, top down."""
    yield _("在类别“%(category)s”里，按“%(basis)s”从高到低定奖级，末位同分一起升上") % {
        "category": name_of(scheme.categories, row.category), "basis": name_of(scheme.composites, row.composite),
    }  # fmt: skip
    for one in row.classes:
        limits = [_("%s个") % one.places] if one.places else []
        limits += [_("不低于%s分") % show(one.floor)] if one.floor else []
        yield f"{one.name}：{'，'.join(limits) or _('其余的')}"
    yield from approval_words(row.approval)


def points_words(row: s.PointsScheme, _scheme: s.Scheme) -> Iterator[str]:
    """What gives points, what they buy, what becomes of them."""
    for rule in row.rules:
        yield _point_rule(rule)
    if row.goods:
        goods = "、".join(f"{good.name}{good.price}{_('分')}/{good.unit}" for good in row.goods)
        yield _("可以兑换：%s") % goods
    year_end = {
        "keep": _("年末没用完的留到下年"),
        "half": _("年末没用完的减半，零头进上"),
        "expire": _("年末没用完的清零"),
    }
    yield year_end[row.year_end]


def _point_rule(rule: s.PointsRule) -> str:
    said = _("%(name)s：%(n)s分") % {"name": rule.name, "n": f"+{rule.points}" if rule.points > 0 else rule.points}
    if rule.most:
        said += _("，%(every)s最多%(most)s分") % {"every": EVERY[rule.every], "most": rule.most}
    if rule.cure_days:
        said += _("，扣前给%s天整改、申辩") % rule.cure_days
    return said + (_("，依据村规民约%s") % rule.article if rule.article else "")


def pick_words(pick: s.Pick, scheme: s.Scheme) -> str:
    """Whom a pick picks."""
    rows: list[Named] = [*scheme.awards, *scheme.rankings, *scheme.boards, *scheme.ratings, *scheme.gradings]
    of = name_of(rows, pick.of)
    span = f"{pick.low}—{pick.high}" if pick.high and pick.high != pick.low else f"{pick.low}"
    if pick.kind == "rank":
        return _("“%(of)s”第%(span)s名") % {"of": of, "span": span}
    if pick.kind == "stars":
        return _("“%(of)s”%(span)s星") % {"of": of, "span": span}
    inner = next((getattr(row, "classes", getattr(row, "grades", ())) for row in rows if row.code == pick.of), ())
    names = "、".join(SIDES.get(value, "") or name_of(inner, value) for value in pick.values)
    return _("“%(of)s”%(names)s") % {"of": of, "names": names}


def incentive_words(row: s.Incentives, scheme: s.Scheme) -> Iterator[str]:
    """The amounts that follow from results, and the budgets they are held against."""
    budgets = tuple(row.budgets)
    for rule in row.rules:
        each = _("每人") if rule.per_head else _("每个")
        source = next((one.name for one in budgets if one.source == rule.source), rule.source)
        said = _("%(name)s：%(whom)s，%(each)s%(amount)s，从“%(source)s”出") % {
            "name": rule.name, "whom": pick_words(rule.pick, scheme), "each": each, "amount": money(rule.amount),
            "source": source,
        }  # fmt: skip
        said += _("；“%s”组里只拿最多的一笔") % rule.group if rule.group else ""
        yield said + (_("；批准文号%s") % rule.approval if rule.approval else "")
    for budget in budgets:
        yield _("预算“%(name)s”：%(amount)s，超出就不能批准") % {"name": budget.name, "amount": money(budget.amount)}
    if row.heads:
        yield _("按人算的，人数取那里的%s") % "、".join(post_words(post) for post in row.heads)


def commendation_words(row: s.Commendation, scheme: s.Scheme) -> Iterator[str]:
    """Who is commended for a result in force."""
    whom = pick_words(row.pick, scheme)
    if row.layers:
        layers = "、".join(name_of(scheme.layers, code) for code in row.layers)
        n = _("，至少包了%s个这样的对象") % row.least if row.least > 1 else ""
        yield _("表扬%(whom)s的包保人（%(layers)s%(n)s）") % {"whom": whom, "layers": layers, "n": n}
    else:
        yield _("表扬%s") % whom
    if row.opening:
        yield _("开头写：%s") % row.opening
    yield from approval_words(row.approval)
