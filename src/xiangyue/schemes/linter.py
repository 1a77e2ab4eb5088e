"""What law and good government say against a scheme, as far as the language shows it (domain.md 5).

The readings are the product's own and need the county's legal office; every finding names its source and says so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from xiangyue.rules.numbers import FULL, half_up, show
from xiangyue.rules.settings import Component, Composite, Scheme

MARK = "示例"
DRAFTED = re.compile("草拟|样例|草案")
OWN_READING = ";本产品的理解，请县法制机构核定"
Seen = Iterator[tuple[str, str]]
"""Where it stands, and what was seen, in words."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding: `reject` keeps a scheme from being put in force, `warn` is for the office to weigh."""

    id: str
    severity: Literal["reject", "warn"]
    where: str
    source: str
    words: str
    mend: str

    def __str__(self) -> str:
        head = "不合规" if self.severity == "reject" else "提醒"
        return f"{head}[{self.id}] {self.where}:{self.words}。{self.mend}。依据：{self.source}{OWN_READING}。"


@dataclass(frozen=True, slots=True)
class Rule:
    """A row of the table: what is looked for, its source and its mend."""

    id: str
    severity: Literal["reject", "warn"]
    source: str
    mend: str
    look: Callable[[Scheme], Seen]


def lint(scheme: Scheme) -> tuple[Finding, ...]:
    """All findings, what is rejected first, then in the order of the table."""
    found = [
        Finding(rule.id, rule.severity, where, rule.source, words, rule.mend)
        for rule in RULES
        for where, words in rule.look(scheme)
    ]
    return tuple(sorted(found, key=lambda finding: finding.severity != "reject"))


def texts(scheme: Scheme) -> Seen:
    """Every text that tells someone what to do or what counts, with where it stands."""
    for layer in scheme.layers:
        yield f"layers[{layer.code}]", layer.name
        for task in layer.tasks:
            yield f"layers[{layer.code}].tasks[{task.code}]", task.name
    yield from standard_texts(scheme)
    for kind in scheme.check_kinds:
        yield f"check_kinds[{kind.code}]", kind.name
    for composite in scheme.composites:
        for part in composite.components:
            yield f"composites[{composite.code}].components[{part.code}]", part.name


def standard_texts(scheme: Scheme) -> Seen:
    """The texts of the standards, down to steps and grades."""
    for standard in scheme.standards:
        yield f"standards[{standard.code}]", standard.name
        for area in standard.areas:
            yield f"standards[{standard.code}].areas[{area.code}]", area.name
        for item in standard.items:
            at = f"standards[{standard.code}].items[{item.code}]"
            yield at, item.name
            yield f"{at}.fault", item.fault
            for step in item.steps:
                yield f"{at}.steps[{step.code}]", step.name
            for grade in item.grades:
                yield f"{at}.grades[{grade.code}]", grade.name


def says(pattern: str) -> Callable[[Scheme], Seen]:
    """A look for words in the scheme's texts."""
    wanted = re.compile(pattern)

    def look(scheme: Scheme) -> Seen:
        for where, text in texts(scheme):
            if match := wanted.search(text):
                yield where, f"“{text}”里有“{match.group()}”"

    return look


def named_households(scheme: Scheme) -> Seen:
    """Household boards that would be public by name."""
    for board in scheme.boards:
        if board.public == "named" and scheme.composite(board.composite).level == "household":
            yield f"boards[{board.code}].public", f"农户榜“{board.name}”不经同意就公开姓名"


def no_cure(scheme: Scheme) -> Seen:
    """Boards that leave no time to mend and to object."""
    for board in scheme.boards:
        if board.cure_days == 0:
            yield f"boards[{board.code}].cure_days", f"“{board.name}”上黑榜前没有整改和申辩的时间"


def unmarked(scheme: Scheme) -> Seen:
    """Drafted texts that do not say so."""
    drafted = MARK in scheme.standing
    if DRAFTED.search(scheme.name) and not drafted:
        yield "standing", f"方案“{scheme.name}”是草拟的，却没有标明"
    for name, rows in (("standards", scheme.standards), ("layers", scheme.layers)):
        for row in rows:
            if (drafted or DRAFTED.search(row.name)) and MARK not in row.standing:
                yield f"{name}[{row.code}].standing", f"“{row.name}”是草拟的，却没有标明"


def short_notice(scheme: Scheme) -> Seen:
    """A notice too short to object in."""
    if scheme.notice.days < 5:
        yield "notice.days", f"公示只有 {scheme.notice.days} 天"


def small_pool(scheme: Scheme) -> Seen:
    """Boards drawn from a handful."""
    for board in scheme.boards:
        if board.pool_min < 5:
            yield f"boards[{board.code}].pool_min", f"“{board.name}”只有 {board.pool_min} 个对象也出榜"


def limits_cross(scheme: Scheme) -> Seen:
    """Boards on which one figure may be red or black, by its place alone."""
    for board in scheme.boards:
        if board.red.limit <= board.black.limit:
            words = f"“{board.name}”红榜线 {show(board.red.limit)} 不高于黑榜线 {show(board.black.limit)}"
            yield f"boards[{board.code}].red.limit", f"{words}，同样的分数可能上红榜也可能上黑榜"


def photos(scheme: Scheme) -> Seen:
    """A photo asked for every item at a household's door."""
    for standard in scheme.standards:
        if standard.subject == "household" and standard.items and all(item.photo for item in standard.items):
            yield f"standards[{standard.code}]", f"“{standard.name}”每一项都要求拍照"


def often(scheme: Scheme) -> Seen:
    """The same subject inspected several times a day."""
    for kind in scheme.check_kinds:
        if kind.per_day > 1:
            yield f"check_kinds[{kind.code}].per_day", f"“{kind.name}”同一对象一天查 {kind.per_day} 次"


def best(scheme: Scheme, composite: Composite) -> int:
    """The highest figure that anyone can reach in a composite."""
    if composite.mode == "months":
        return best(scheme, scheme.composite(composite.of))
    weights = sum(part.weight for part in composite.components)
    return half_up(sum(part.weight * best_part(scheme, composite, part) for part in composite.components), weights)


def best_part(scheme: Scheme, composite: Composite, part: Component) -> int:
    """The highest figure that a component can have: sheets can be clean, an indicator gets what its bands give."""
    if part.source.kind == "indicator":
        return max((gets for _, gets in part.source.bands), default=0)
    if part.source.kind == "sheets":
        return FULL
    below = (one for one in scheme.composites if (one.level, one.period) == (part.source.level, composite.period))
    return max((best(scheme, one) for one in below), default=0)


def out_of_reach(scheme: Scheme) -> Seen:
    """Weights of which a part is given to nobody, and red floors above every figure."""
    for composite in scheme.composites:
        for part in composite.components:
            top = best_part(scheme, composite, part)
            if part.weight and part.source.kind == "indicator" and top < FULL:
                where = f"composites[{composite.code}].components[{part.code}]"
                yield where, f"“{part.name}”最高只能得 {show(top)} 分，权重 {part.weight} 谁也拿不满"
    for board in scheme.boards:
        top = best(scheme, scheme.composite(board.composite))
        if board.red.limit > top:
            words = f"“{board.name}”红榜线 {show(board.red.limit)} 高于能得到的最高分 {show(top)}"
            yield f"boards[{board.code}].red.limit", words


PIPL = "《个人信息保护法》第13、25、28条"
LIGHT = "《整治形式主义为基层减负若干规定》(2024)"
FAIR = "程序正当原则；《行政处罚法》第44、45条的精神"
MONEY = says("罚款|罚金|罚没|扣押金|交押金|违约金")
WELFARE = says(
    "(取消|停发|缓发|扣发|暂停|不予)[^,。;]{0,8}(低保|补贴|补助|救助|分红|养老|医保|宅基地|入学|证明|盖章|办证)"
)
PETITIONS = says("信访|上访|越级反映|投诉举报扣")
PRIVATE = says("生育|超生|结婚|离婚|婚事|丧事|信教|宗教|病史|残疾证|犯罪|前科|邻里纠纷|家庭矛盾")
VOTES = says("投票|点赞|拉票|网上评选|网络评选|言论|发言次数")
APPS = says("登录次数|在线时长|打卡|签到|活跃度|下载率|安装率|关注公众号|转发")
CHILDREN = says("小学生|中学生|未成年|儿童|孩子|子女")
KIN = says("连坐|株连|亲属连带|直系亲属")

RULES: tuple[Rule, ...] = (
    Rule("board-without-consent", "reject", PIPL, '写 public = "consent" 或 "private"', named_households),
    Rule("no-cure-time", "reject", FAIR, "cure_days 至少写 1，通常 7", no_cure),
    Rule("money", "reject", "《行政处罚法》第9、17条", "删去；不得收钱、罚款", MONEY),
    Rule("welfare", "reject", "《社会救助暂行办法》", "删去；待遇和服务不得与得分、榜单挂钩", WELFARE),
    Rule("petitions", "reject", "《信访工作条例》第17、18、26条", "删去；依法信访不得扣分", PETITIONS),
    Rule("private-life", "reject", "《民法典》第1032条；" + PIPL, "删去；只看门前和公共环境", PRIVATE),
    Rule("votes", "reject", LIGHT, "删去；投票、点赞和言论不得计分", VOTES),
    Rule("app-use", "reject", LIGHT + ";国办函〔2026〕12号", "删去；不得按使用软件的次数、时长计分", APPS),
    Rule("children", "reject", "《未成年人保护法》第4、72条", "删去；不涉及未成年人", CHILDREN),
    Rule("kin", "reject", "责任自负原则", "删去；不得因亲属的行为扣分", KIN),
    Rule("drafted-unmarked", "warn", "本产品规定：草拟文本须标明", '写 standing = "示例,非官方"', unmarked),
    Rule("short-notice", "warn", FAIR, "days 至少写 5", short_notice),
    Rule("small-pool", "warn", "公平比较：少于五个不排榜", "pool_min 至少写 5", small_pool),
    Rule("limits-cross", "warn", "公平比较：上榜要有绝对的分数线", "红榜线写得比黑榜线高", limits_cross),
    Rule("photos-everywhere", "warn", LIGHT, "只在确有必要的项上写 photo", photos),
    Rule("often-a-day", "warn", LIGHT, "per_day 写 1", often),
    Rule("out-of-reach", "warn", "公平比较：分值应当够得着", "调高分档得分或调低分数线", out_of_reach),
)
