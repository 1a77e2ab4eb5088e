"""Indicators, stars, reviews, watch lists, performance and grades in sentences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from xiangyue.agreements.words import (
    BY_PERIOD,
    PERIODS,
    Named,
    figure,
    level_words,
    name_of,
    number_words,
    part_words,
    post_words,
)
from xiangyue.rules import settings as s
from xiangyue.rules.domains import reached
from xiangyue.rules.numbers import legend, show
from xiangyue.schemes.keys import CHOICES
from xiangyue.schemes.writing import decimal


def indicator_words(row: s.Indicator, scheme: s.Scheme) -> Iterator[str]:
    """What an indicator counts, how often, from where."""
    yield _("%(every)s给每个%(level)s一个数%(unit)s") % {
        "every": BY_PERIOD[row.period], "level": level_words(row.level),
        "unit": _("，单位：%s") % row.unit if row.unit else "",
    }  # fmt: skip
    if row.stands:
        yield _("填过一次就一直算数，直到有新的数")
    yield _counted(row.counted, scheme) if row.counted else _("由人填报")
    if row.source:
        yield _("数据来源：%s") % row.source
    if row.owner:
        yield _("责任单位：%s") % row.owner


def _counted(counted: s.Counted, scheme: s.Scheme) -> str:
    what = {
        "result": _("成绩“%s”"), "indicator": _("指标“%s”"), "stars": _("“%s”的星级"), "covered": _("“%s”有人包的对象"),
        "state": _("状态为“%s”的农户"), "places": "%s",
    }[counted.what]  # fmt: skip
    of = name_of((*scheme.composites, *scheme.indicators, *scheme.ratings, *scheme.layers), counted.of) or counted.of
    said = what % (of or level_words(counted.level))
    if counted.take == "own":
        return _("从记录里取%s，取本级自己的数") % said
    how = {
        "number": _("数下属%(level)s里达到%(least)s的个数"), "share": _("算下属%(level)s里达到%(least)s的占比"),
        "sum": _("把下属%(level)s的数加起来"),
    }[counted.take]  # fmt: skip
    return _("从记录里取%(said)s，%(how)s") % {
        "said": said, "how": how % {"level": level_words(counted.level), "least": counted.least},
    }  # fmt: skip


def threshold_words(row: s.Threshold, scheme: s.Scheme) -> str:
    """垃圾清运率不低于95%."""
    indicator = next((one for one in scheme.indicators if one.code == row.indicator), None)
    unit, decimals = row.unit, row.decimals
    if indicator is not None:
        unit, decimals = unit or indicator.unit, decimals or indicator.decimals
    name = indicator.name if indicator else name_of((), row.indicator)
    states = legend(unit)
    if states or row.reaches == "one_of":
        values = (
            [number for number in sorted(states) if reached(row, number)] if row.reaches != "one_of" else row.values
        )
        listed = "、".join(states.get(value, figure(value, decimals)) for value in values)
        said = (_("%(name)s是“%(values)s”") if len(values) == 1 else _("%(name)s是“%(values)s”之一")) % {
            "name": name, "values": listed,
        }  # fmt: skip
    else:
        how = _("不低于") if row.reaches == "at_least" else _("不高于")
        said = f"{name}{how}{figure(row.value, decimals)}{unit}"
    return _("%(what)s（所属项：%(item)s）") % {"what": said, "item": row.item} if row.item else said


def rating_words(row: s.Rating, scheme: s.Scheme) -> Iterator[str]:
    """How stars are given, capped and bounded."""
    head = {
        "period": PERIODS[row.period], "group": level_words(row.group), "level": level_words(row.level),
        "whom": "、".join(name_of(scheme.categories, code) for code in row.categories) or _("每个类别各评各的"),
    }  # fmt: skip
    yield _("每个%(group)s里，给%(level)s评%(period)s星级，%(whom)s") % head
    basis = name_of(scheme.composites, row.composite)
    if row.mode == "bands":
        bands = "、".join(f"{show(band.floor)}{_('分起')}{band.stars}{_('星')}" for band in row.bands)
        yield _("按“%(basis)s”的结果分档：%(bands)s") % {"basis": basis, "bands": bands}
    else:
        yield _("一个方面全部达标得一星；没有数的按没有达标算")
        for domain in row.domains:
            conditions = "；".join(threshold_words(one, scheme) for one in domain.thresholds)
            yield _("%(name)s：%(conditions)s") % {"name": domain.name, "conditions": conditions or _("还没有达标线")}
        if basis:
            yield _("星数相同的，先看达标的项数，再看“%s”的结果") % basis
    yield from (_quota(quota) for quota in row.quotas)
    for kind in row.violations:
        by = _("（由%s认定）") % kind.department if kind.department else ""
        yield _("查实%(name)s的，最多%(n)s星%(by)s") % {"name": kind.name, "n": kind.most_stars, "by": by}


def _quota(quota: s.Quota) -> str:
    n = _("%s个") % quota.n if quota.n else _("有成绩的%s‰（舍去零头）") % quota.per_mille
    how = _("末位同分一起落到下一星") if quota.hard else _("末位同分一起升上，写明超出几个")
    return _("%(stars)s星最多%(n)s，%(how)s") % {"stars": quota.stars, "n": n, "how": how}


STAGE_KINDS = {"mutual": "别的乡镇互评", "departments": "部门评审团点评", "county": "县里逐项考评"}


def review_words(row: s.Review, scheme: s.Scheme) -> Iterator[str]:
    """The stages of a review in order."""
    yield _("评定“%s”，分几个阶段依次进行") % name_of(scheme.ratings, row.rating)
    for number, stage in enumerate(row.stages, 1):
        yield _("第%(n)s阶段“%(name)s”：%(said)s") % {
            "n": number, "name": stage.name, "said": "，".join(stage_words(stage, scheme)),
        }  # fmt: skip
    if row.mode == "reference":
        yield _("以最后一个阶段的分为准，前面的作参考；最后阶段改动要写明理由并公开")
    else:
        total = sum(stage.weight for stage in row.stages)
        terms = " + ".join(f"{stage.weight}×{stage.name}" for stage in row.stages)
        yield _("总分 = （%(terms)s）÷ %(total)s") % {"terms": terms, "total": total}
    yield _("互评时每个对象由%s个别的单位评，不评自己，抽签定") % row.times


def stage_words(stage: s.ReviewStage, scheme: s.Scheme) -> Iterator[str]:
    """Who rates in a stage, on what, and what follows it."""
    yield STAGE_KINDS[stage.kind]
    parts = [
        _("%(name)s（权重%(weight)s，%(source)s）") % {
            "name": part.name, "weight": part.weight, "source": part_words(part.source, scheme),
        }
        for part in stage.components
    ]  # fmt: skip
    if parts:
        yield _("看") + "、".join(parts)
    if stage.ballot != "none":
        by = _("评审团") if stage.ballot == "jury" else _("村民会议")
        yield _("%(by)s现场表决（权重%(weight)s，有记录）") % {"by": by, "weight": stage.ballot_weight}
    if stage.notice_days:
        yield _("公示%s天") % stage.notice_days


def watch_words(row: s.WatchList, _scheme: s.Scheme) -> Iterator[str]:
    """Who is put on a watch list and for how long."""
    if row.basis:
        yield _("列入条件：%s") % row.basis
    yield _("%(level)s列入后最长%(months)s个月，提前改好就销号；不算星级") % {
        "level": level_words(row.level), "months": row.months,
    }  # fmt: skip


PARTS = {"outcomes": "包保对象的成效", "progress": "包保对象的进步", "problems": "问题按时办结", "visits": "走访到位"}


def performance_words(row: s.Performance, scheme: s.Scheme) -> Iterator[str]:
    """What a bearer's performance is made of and what factor follows."""
    yield _("评“%(layer)s”的包保人，%(period)s一次") % {
        "layer": name_of(scheme.layers, row.layer), "period": PERIODS[row.period],
    }  # fmt: skip
    total = sum(part.weight for part in row.parts)
    terms = " + ".join(f"{part.weight}×{part.name}" for part in row.parts)
    if terms:
        yield _("得分 = （%(terms)s）÷ %(total)s，没有数的部分不算") % {"terms": terms, "total": total}
    for part in row.parts:
        meant = PARTS.get(part.code) or name_of(scheme.check_kinds, part.code)
        needed = _("，缺了就不评") if part.required else ""
        yield _("%(name)s：%(meant)s%(needed)s") % {"name": part.name, "meant": meant, "needed": needed}
    if row.composite:
        yield _("成效取“%s”的结果") % name_of(scheme.composites, row.composite)
    if row.factors:
        bands = "、".join(f"{show(band.floor)}{_('分起')}{decimal(band.factor)}" for band in row.factors)
        yield _("绩效系数：%(bands)s；没有成绩的按%(none)s") % {"bands": bands, "none": decimal(row.unrated_factor)}


def grading_words(row: s.Grading, scheme: s.Scheme) -> Iterator[str]:
    """What is graded, and from which figure on each grade is had."""
    if row.basis == "entered":
        yield _("由办公室凭文件逐个认定：%s") % row.of
    else:
        rows: Iterable[s.Performance | s.Composite] = (
            scheme.performances if row.basis == "performance" else scheme.composites
        )
        yield _("依据%(kind)s“%(of)s”") % {"kind": CHOICES[row.basis], "of": name_of(tuple(rows), row.of)}
    if row.category:
        yield _("只评类别“%s”") % name_of(scheme.categories, row.category)
    if row.post:
        yield _("评的是那里的%s") % post_words(row.post)
    for grade in row.grades:
        limits = [_("%s分起") % show(grade.floor)] if grade.floor else []
        limits += [_("最多%s个") % grade.places] if grade.places else []
        yield f"{grade.name}：{'，'.join(limits) or _('其余的')}"
    yield from approval_words(row.approval)


def approval_words(approval: str) -> Iterator[str]:
    """The approval number, where one is written."""
    if approval:
        yield _("批准文号：%s") % approval


def goal_words(row: s.Goal, scheme: s.Scheme) -> Iterator[str]:
    """What is to be reached and how progress is told."""
    known: list[Named] = [*scheme.indicators, *scheme.ratings, *scheme.composites, *scheme.stages, *scheme.boards]
    of = name_of(known, row.of)
    said = {
        "indicator": _("进度取指标“%s”的数") % of,
        "stars": _("进度数“%(of)s”评到%(n)s星及以上的个数") % {"of": of, "n": row.least},
        "result": _("进度数“%(of)s”不低于%(n)s分的个数") % {"of": of, "n": show(row.least)},
        "stage": _("进度数到了“%s”阶段的个数") % of,
        "left_black": _("进度数经结对脱离“%s”黑榜的个数") % of,
        "entered": _("进度由人填报"),
    }[row.measure]
    yield _("目标定到每个%(level)s%(unit)s") % {
        "level": level_words(row.level), "unit": _("，单位：%s") % row.unit if row.unit else "",
    }  # fmt: skip
    yield said
    if row.stage:
        yield _("属于“%s”阶段") % name_of(scheme.stages, row.stage)


def draw_words(row: s.DrawPlan, _scheme: s.Scheme) -> Iterator[str]:
    """How many are drawn."""
    yield _("每一组抽%s个，用事先封存的随机数和事后的公开数字抽") % row.n
    if row.cap:
        yield _("抽到过%s次的不再抽") % row.cap


def burden_words(row: s.Burden, _scheme: s.Scheme) -> Iterator[str]:
    """The caps on what the work may cost the bottom."""
    caps = (
        (row.minutes_week, _("每名干部每周录入不超过%s分钟"), _("干部录入的时间")),
        (row.inspections_month, _("每个村每月接受检查不超过%s次"), _("接受检查的次数")),
        (row.visits_month, _("每个村每月接待走访不超过%s次"), _("接待走访的次数")),
        (row.forms_month, _("每个村每月填报表不超过%s张"), _("填的报表")),
    )
    yield from (words % number_words(cap) for cap, words, _what in caps if cap)
    unset = [what for cap, _words, what in caps if not cap]
    if unset:
        yield _("%s没有设上限") % "、".join(unset)


def dispatch_words(row: s.Dispatching, _scheme: s.Scheme) -> Iterator[str]:
    """The rhythm of dispatch meetings."""
    yield _("每%s天开一次调度会") % row.every_days


def bulletin_words(row: s.Bulletin, _scheme: s.Scheme) -> Iterator[str]:
    """By which day the monthly bulletin is issued."""
    yield _("每月%s日前发上个月的通报") % row.by_day if row.by_day else _("没有规定哪天前发")
