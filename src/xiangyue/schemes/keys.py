"""Every key of the scheme language: its Chinese title, what it means, and what it may hold.

The dataclasses of `rules.settings` say which keys there are and of which type; this table says the rest, once, for
the reader, the JSON Schema, the differ and the page of docs/formats/scheme.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from xiangyue.rules import settings as s


@dataclass(frozen=True, slots=True)
class Key:
    """One key: `title` in Chinese, `words` in English; numbers lie in `low`…`high`, both inclusive."""

    title: str
    words: str
    hundredths: bool = False
    """Written with at most two decimals (4.5), held as whole hundredths (450)."""
    low: int | None = None
    high: int | None = None
    form: str = ""
    """`code`: a code; `text`: must not be empty."""


CODE = Key("代码", "The code by which other keys, records and addresses refer to it; unique in its list.", form="code")
NAME = Key("名称", "What people read.", form="text")
STANDING = Key("性质", "`示例,非官方` for drafted texts; shown wherever the text is.")


def points(title: str, words: str, high: int | None = None) -> Key:
    """A key held in whole hundredths, from 0."""
    return Key(title, words, hundredths=True, low=0, high=high)


def number(title: str, words: str, low: int = 0, high: int | None = None) -> Key:
    """A key that holds a whole number in `low`…`high`."""
    return Key(title, words, low=low, high=high)


TITLES: dict[type[Any], str] = {
    s.Scheme: "方案",
    s.Layer: "包保层级",
    s.Cadence: "频次",
    s.Task: "包保任务",
    s.Standard: "考核标准",
    s.Area: "方面",
    s.Item: "考核项",
    s.Step: "扣分情形",
    s.Grade: "等次",
    s.CheckKind: "检查类型",
    s.Category: "类别",
    s.Composite: "合成办法",
    s.Component: "组成部分",
    s.Source: "来源",
    s.Board: "红黑榜",
    s.Side: "榜单一侧",
    s.Ranking: "排名",
    s.Stage: "阶段",
    s.HouseholdRules: "农户规则",
    s.Notice: "公示",
}

CHOICES: dict[str, str] = {
    "county": "县", "township": "乡镇", "village": "村", "hamlet": "屯组", "household": "农户",
    "public_place": "公共场所",
    "person": "个人", "organisation": "单位", "bearer": "按包保人计", "target": "按对象计",
    "day": "每日", "week": "每周", "half_month": "每半月", "month": "每月", "quarter": "每季", "year": "每年",
    "deduct": "扣分", "grade": "分档", "pass": "达标", "bonus": "加分", "zero": "一票归零",
    "mean": "平均", "last": "最后一次", "min": "最低", "max": "最高", "records": "按记录", "months": "按月平均",
    "sheets": "检查", "children": "下级结果", "indicator": "指标",
    "named": "公开名称", "consent": "按同意公开", "private": "不公开",
}  # fmt: skip
"""The words of a choice in Chinese, where the key holds one of a few."""

KEYS: dict[type[Any], dict[str, Key]] = {
    s.Scheme: {
        "code": CODE,
        "name": NAME,
        "ground": Key("辖区", "Code of the county or township that the scheme governs.", form="ground"),
        "language": number("语言版本", "Version of the scheme language; today 1.", 1, 1),
        "standing": STANDING,
        "narrows": Key("所收紧的方案", "For a township's scheme: the code of the county scheme that it narrows."),
        "late_limit_days": number("补录期限（天）", "A record older than this goes to a person.", 1, 366),
        "layers": Key("包保层级", "Layers of duty, highest first."),
        "standards": Key("考核标准", "What subjects are scored by."),
        "check_kinds": Key("检查类型", "Kinds of check, each by one standard."),
        "categories": Key("类别", "Classes in which subjects of a level are compared."),
        "composites": Key("合成办法", "How subjects of a level get a figure for a period."),
        "boards": Key("红黑榜", "Red and black lists."),
        "rankings": Key("排名", "Published rankings."),
        "stages": Key("阶段", "Stages of the county's way, in order."),
        "households": Key("农户规则", "Which households are due, rated and spared."),
        "notice": Key("公示", "How publication runs."),
    },
    s.Layer: {
        "code": CODE,
        "name": NAME,
        "bearer": Key("包保主体", "Who bears it: a person, an organisation, or the household itself."),
        "target": Key("包保对象", "Level of what is answered for."),
        "classes": Key("对象类型", "Place classes of its targets; empty: all of the level."),
        "posts": Key("职务", "Posts that may bear it; empty: any person."),
        "exclusive": Key("独占", "At most one live duty of this layer (or of `exclusive_with`) a target."),
        "exclusive_with": Key("互斥层级", "Codes of other layers that exclude this one on the same target."),
        "per_bearer": number("每人上限", "The most targets a bearer should have; 0: no limit."),
        "bearers_min": number("每个对象最少人数", "The fewest bearers a target should have; 0: one is enough."),
        "cadence": Key("频次", "How often a bearer goes; none: not counted."),
        "tasks": Key("包保任务", "What a bearer does there."),
        "standard": Key("工作标准", "Code of the standard that the bearer's own work is held against."),
        "standing": STANDING,
    },
    s.Cadence: {
        "every": Key("时段", "The slot: day, week (Monday–Sunday), half_month, month or quarter."),
        "per": Key("计次对象", "`bearer` counts outings, `target` counts visits to each target."),
        "times": number("次数", "How many in a slot.", 1, 92),
    },
    s.Task: {"code": CODE, "name": NAME},
    s.Standard: {
        "code": CODE,
        "name": NAME,
        "subject": Key("考核对象", "Level of the subjects."),
        "areas": Key("方面", "Groups of items."),
        "standing": STANDING,
        "months": number("适用月份", "Months of validity; empty: all year.", 1, 12),
    },
    s.Area: {"code": CODE, "name": NAME, "items": Key("考核项", "The items of the area.")},
    s.Item: {
        "code": CODE,
        "name": NAME,
        "kind": Key("计分方式", "deduct, grade, pass, bonus or zero (domain rule 1)."),
        "points": points("分值", "Full points; 1 when left out."),
        "steps": Key("扣分情形", "Named steps of a `deduct` or `bonus` item."),
        "grades": Key("等次", "Listed values of a `grade` item."),
        "not_applicable": Key("可不适用", "Whether a sheet may mark the item as not applicable."),
        "fault": Key("问题名称", "What an inspector taps when it is wrong; the name when empty."),
        "pictogram": Key("图标", "Name of a Tabler icon."),
        "photo": Key("拍照理由", "Why a photo is asked for; empty: photos stay optional."),
    },
    s.Step: {
        "code": CODE,
        "name": NAME,
        "amount": points("每次分值", "Points each time."),
        "all": Key("扣完", "Takes (or gives) all of the item."),
        "unit": Key("单位", "What is counted: 处, 户, 人 …", form="text"),
        "pictogram": Key("图标", "Name of a Tabler icon; the item's when empty."),
    },
    s.Grade: {"code": CODE, "name": NAME, "points": points("分值", "Points of the grade.")},
    s.CheckKind: {
        "code": CODE,
        "name": NAME,
        "subject": Key("检查对象", "Level of what is checked."),
        "standard": Key("考核标准", "Code of the standard, of the same level."),
        "layers": Key("由谁检查", "Layers whose bearers make it for their own targets; empty: the office or a team."),
        "self_check": Key("包保人自查", "A daily kind made by those who bear the subject; no other kind may be."),
        "per_day": number("每日次数", "The most sheets of a subject a day.", 1, 24),
        "opinion": Key("群众评议", "An opinion sheet of cadres and villagers."),
    },
    s.Category: {
        "code": CODE,
        "name": NAME,
        "level": Key("层级", "Level of the subjects."),
        "classes": Key("区划类型", "Place classes in it; empty: all of the level."),
    },
    s.Composite: {
        "code": CODE,
        "name": NAME,
        "level": Key("层级", "Level of the subjects."),
        "period": Key("考核期", "month, quarter or year."),
        "mode": Key("算法", "`records`: over the period's records; `months`: mean of rated months."),
        "components": Key("组成部分", "Weighted parts of a `records` composite."),
        "of": Key("按月依据", "For `months`: code of the monthly composite of the same level."),
        "rated_months": number("最少有分月数", "For `months`: how many rated months make it rated.", 1, 12),
        "pair_weight": number("结对权重", "w of rule 4, in per cent.", 0, 100),
    },
    s.Component: {
        "code": CODE,
        "name": NAME,
        "weight": number("权重", "Whole number; parts that are missing drop out."),
        "source": Key("来源", "Where the figure comes from."),
        "required": Key("必备", "Missing: the subject is unrated."),
    },
    s.Source: {
        "kind": Key("来源种类", "sheets, children or indicator."),
        "check_kind": Key("检查类型", "For `sheets`: code of the check kind."),
        "take": Key("取值", "For `sheets`: mean, last, min or max."),
        "level": Key("下级层级", "For `children`: a level below the composite's."),
        "share": number("有分比例", "For `children`: missing when fewer per cent of them are rated.", 0, 100),
        "by_households": Key("按户数加权", "For `children`: weighted by households instead of each once."),
        "indicator": Key("指标", "For `indicator`: the code of the number entered for the subject."),
        "bands": Key("分档", "For `indicator`: pairs of a number from which, and the points (0–100) it gets; rising."),
    },
    s.Board: {
        "code": CODE,
        "name": NAME,
        "composite": Key("依据", "Code of the composite."),
        "group": Key("分组", "Level within which one board is drawn."),
        "red": Key("红榜", "The red side; `limit` is a floor."),
        "black": Key("黑榜", "The black side; `limit` is a ceiling."),
        "categories": Key("类别", "Category codes; empty: each category of the level."),
        "pool_min": number("最少参评数", "Fewer rated subjects: no board.", 1),
        "min_checks": number("最少检查次数", "Counted sheets that a subject needs to stand in the pool."),
        "public": Key("公开方式", "`named`: places by name; `consent`: households by consent, else counts; `private`."),
        "cure_days": number("整改期（天）", "Days to mend and object before a black entry takes effect.", 0, 366),
        "expire_days": number("有效期（天）", "Days after which an entry expires.", 1, 1100),
        "pairs": Key("红黑结对", "Whether it makes pairs; one board a level."),
    },
    s.Side: {
        "limit": points("分数线", "Red floor or black ceiling, inclusive.", 10_000),
        "n": number("个数", "How many; 0: by `per_mille`."),
        "per_mille": number("千分比", "Of the pool; at least one. 0: by `n`.", 0, 1000),
    },
    s.Ranking: {
        "code": CODE,
        "name": NAME,
        "composite": Key("依据", "Code of the composite."),
        "group": Key("分组", "Level within which it ranks."),
    },
    s.Stage: {"code": CODE, "name": NAME},
    s.HouseholdRules: {
        "not_due": Key("不检查的状态", "Household states that are not due and not rated."),
        "helped": Key("帮扶的状态", "Household states that no black list shows; they get help instead."),
        "public_min_group": number("公开最小户数", "No counts in public for a smaller group.", 20),
        "public_min_count": number("公开最小计数", "No smaller count in public.", 3),
    },
    s.Notice: {"days": number("公示天数", "Days of notice before anything is in force.", 1, 366)},
}
