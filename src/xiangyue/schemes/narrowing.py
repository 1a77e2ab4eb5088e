"""Whether a township's scheme only narrows its county's: it may ask for more, never for less."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from xiangyue.rules.numbers import show
from xiangyue.rules.settings import Board, CheckKind, HouseholdRules, Layer, Scheme, Standard

from .meaning import is_township
from .narrowing_rewards import loosened


@dataclass(frozen=True, slots=True)
class Narrowing:
    """One thing that a township's scheme loosens: where, in what words, and the mend."""

    field: str
    words: str
    mend: str
    id: str = "loosens"

    def __str__(self) -> str:
        return f"{self.field}:{self.words}。{self.mend}。"


SLOT_DAYS = {"day": 1, "week": 7, "half_month": 15, "month": 30, "quarter": 90}
OPENNESS = {"private": 0, "consent": 1, "named": 2}


def narrowing_errors(county: Scheme, township: Scheme) -> tuple[Narrowing, ...]:
    """Everything in which the township's scheme loosens the county's; empty when it only narrows."""
    more = (Narrowing(*row) for row in loosened(county, township))
    return (*_named(county, township), *_rules(county, township), *_rows(county, township), *more)


def _named(county: Scheme, township: Scheme) -> Iterator[Narrowing]:
    if township.narrows != county.code:
        words = f"方案写的是收紧“{township.narrows}”，不是县的“{county.code}”"
        yield Narrowing("narrows", words, f'写 narrows = "{county.code}"')
    if not is_township(township.ground) or not township.ground.startswith(county.ground):
        words = f"辖区 {township.ground} 不是 {county.ground} 下的乡镇"
        yield Narrowing("ground", words, "写本县乡镇的 9 位代码")


def _rules(county: Scheme, township: Scheme) -> Iterator[Narrowing]:
    if township.notice.days < county.notice.days:
        words = f"公示 {township.notice.days} 天，少于县里的 {county.notice.days} 天"
        yield Narrowing("notice.days", words, f"至少写 {county.notice.days}")
    if township.late_limit_days > county.late_limit_days:
        words = f"补录期限 {township.late_limit_days} 天，长于县里的 {county.late_limit_days} 天"
        yield Narrowing("late_limit_days", words, f"至多写 {county.late_limit_days}")
    yield from _households(county.households, township.households)


def _households(county: HouseholdRules, township: HouseholdRules) -> Iterator[Narrowing]:
    for name, low, noun in (
        ("public_min_group", county.public_min_group, "公开最小户数"),
        ("public_min_count", county.public_min_count, "公开最小计数"),
    ):
        if getattr(township, name) < low:
            yield Narrowing(f"households.{name}", f"{noun}低于县里的 {low}", f"至少写 {low}")
    for name, noun in (("not_due", "不检查的状态"), ("helped", "帮扶的状态")):
        if set(getattr(township, name)) != set(getattr(county, name)):
            states = "、".join(getattr(county, name)) or "空"
            yield Narrowing(f"households.{name}", f"{noun}与县里不同", f"与县里一致：{states}")


Compare = Callable[[Any, Any, str], Iterator[Narrowing]]


def _rows(county: Scheme, township: Scheme) -> Iterator[Narrowing]:
    """What the county names must be there, by its code, and be at least as strict."""
    compares: tuple[tuple[str, str, Compare], ...] = (
        ("layers", "包保层级", _layer),
        ("standards", "考核标准", _standard),
        ("check_kinds", "检查类型", _check_kind),
        ("composites", "合成办法", _equal),
        ("categories", "类别", _equal),
        ("boards", "红黑榜", _board),
    )
    for collection, noun, compare in compares:
        own = {row.code: row for row in getattr(township, collection)}
        for row in getattr(county, collection):
            at = f"{collection}[{row.code}]"
            if row.code in own:
                yield from compare(row, own[row.code], at)
            elif reaches(county, row):
                yield Narrowing(at, f"少了县里的{noun}“{row.name}”", "照县里的补上")


def reaches(county: Scheme, row: Any) -> bool:
    """Whether a county's row concerns what lies inside a township; what assesses the townships themselves does not."""
    level = getattr(row, "target", None) or getattr(row, "subject", None) or getattr(row, "level", None)
    if isinstance(row, Board):
        level = county.composite(row.composite).level
    return level != "township"


def _layer(county: Layer, township: Layer, at: str) -> Iterator[Narrowing]:
    if (county.bearer, county.target, county.classes) != (township.bearer, township.target, township.classes):
        yield Narrowing(at, f"“{county.name}”的包保主体或对象与县里不同", "与县里一致")
    if county.exclusive and not township.exclusive:
        yield Narrowing(f"{at}.exclusive", f"“{county.name}”县里独占，这里不独占", "写 exclusive = true")
    if township.bearers_min < county.bearers_min:
        words = f"每个对象至少 {township.bearers_min} 人，少于县里的 {county.bearers_min} 人"
        yield Narrowing(f"{at}.bearers_min", words, f"至少写 {county.bearers_min}")
    if county.per_bearer and not 0 < township.per_bearer <= county.per_bearer:
        words = f"每人上限 {township.per_bearer or '不限'}，宽于县里的 {county.per_bearer}"
        yield Narrowing(f"{at}.per_bearer", words, f"写 1–{county.per_bearer}")
    if not {task.code for task in county.tasks} <= {task.code for task in township.tasks}:
        yield Narrowing(f"{at}.tasks", f"“{county.name}”少了县里的任务", "照县里的补上，可以增加")
    if county.cadence and _rarer(county, township):
        yield Narrowing(f"{at}.cadence", f"“{county.name}”的频次低于县里", "写与县里相同或更密的频次")


def _rarer(county: Layer, township: Layer) -> bool:
    """Fewer times in the same days, by whole-number cross products."""
    ours, theirs = township.cadence, county.cadence
    if theirs is None:
        return False
    if ours is None or ours.per != theirs.per:
        return True
    return ours.times * SLOT_DAYS[theirs.every] < theirs.times * SLOT_DAYS[ours.every]


def _standard(county: Standard, township: Standard, at: str) -> Iterator[Narrowing]:
    """Items may be added; the county's own stand unchanged, so that villages of all townships compare."""
    own = {item.code: item for item in township.items}
    for item in county.items:
        if item.code not in own:
            yield Narrowing(f"{at}[{item.code}]", f"少了县里的考核项“{item.name}”", "照县里的补上，可以增加")
        elif own[item.code] != item:
            yield Narrowing(f"{at}[{item.code}]", f"考核项“{item.name}”与县里不同", "与县里一致，另有要求的另加一项")
    if set(township.months or range(1, 13)) < set(county.months or range(1, 13)):
        yield Narrowing(f"{at}.months", f"“{county.name}”的适用月份少于县里", "至少写县里的月份")


def _check_kind(county: CheckKind, township: CheckKind, at: str) -> Iterator[Narrowing]:
    if (county.subject, county.standard) != (township.subject, township.standard):
        yield Narrowing(at, f"检查“{county.name}”的对象或标准与县里不同", "与县里一致")
    if township.self_check and not county.self_check:
        yield Narrowing(f"{at}.self_check", f"检查“{county.name}”县里由他人做，这里改成自查", "删去 self_check")


def _equal(county: Any, township: Any, at: str) -> Iterator[Narrowing]:
    if county != township:
        yield Narrowing(at, f"“{county.name}”与县里不同，结果无法比较", "与县里一致")


def _board(county: Board, township: Board, at: str) -> Iterator[Narrowing]:
    if (county.composite, county.group) != (township.composite, township.group):
        yield Narrowing(at, f"“{county.name}”的依据或分组与县里不同", "与县里一致")
    if township.red.limit < county.red.limit:
        words = f"红榜线 {show(township.red.limit)} 低于县里的 {show(county.red.limit)}"
        yield Narrowing(f"{at}.red.limit", words, f"至少写 {show(county.red.limit)}")
    if township.black.limit < county.black.limit:
        words = f"黑榜线 {show(township.black.limit)} 低于县里的 {show(county.black.limit)}"
        yield Narrowing(f"{at}.black.limit", words, f"至少写 {show(county.black.limit)}")
    if OPENNESS[township.public] > OPENNESS[county.public]:
        words = f"“{county.name}”公开得比县里多"
        yield Narrowing(f"{at}.public", words, f'写 public = "{county.public}"')
    yield from _sizes(county, township, at)
    for name, noun in (("cure_days", "整改期"), ("pool_min", "最少参评数"), ("min_checks", "最少检查次数")):
        low = getattr(county, name)
        if getattr(township, name) < low:
            yield Narrowing(f"{at}.{name}", f"{noun}低于县里的 {low}", f"至少写 {low}")
    if township.expire_days > county.expire_days:
        yield Narrowing(
            f"{at}.expire_days", f"有效期长于县里的 {county.expire_days} 天", f"至多写 {county.expire_days}"
        )


def _sizes(county: Board, township: Board, at: str) -> Iterator[Narrowing]:
    """Red lists may be shorter and black ones longer, counted the county's way."""
    ours, theirs = township.red, county.red
    if bool(ours.n) != bool(theirs.n) or max(ours.n, ours.per_mille) > max(theirs.n, theirs.per_mille):
        yield Narrowing(f"{at}.red", "红榜比县里的长，或取数办法与县里不同", "取数不多于县里")
    ours, theirs = township.black, county.black
    if bool(ours.n) != bool(theirs.n) or max(ours.n, ours.per_mille) < max(theirs.n, theirs.per_mille):
        yield Narrowing(f"{at}.black", "黑榜比县里的短，或取数办法与县里不同", "取数不少于县里")
