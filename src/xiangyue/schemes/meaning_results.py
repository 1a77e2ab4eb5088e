"""Whether categories, composites, boards and rankings make sense."""

from __future__ import annotations

from itertools import pairwise

from xiangyue.rules.settings import Board, Category, Component, Composite, Level, Side, Source

from .errors import Path
from .judging import LEVEL_NAMES, RANK, Judge

PLACE_CLASSES: dict[Level, tuple[str, ...]] = {
    "township": ("town", "rural", "street"),
    "village": ("village", "community"),
}
RATED: tuple[Level, ...] = ("township", "village", "hamlet", "household")
MONTHS = {"month": 1, "quarter": 3, "year": 12}
SOURCE_KEYS = {
    "sheets": ("check_kind", "take"),
    "children": ("level", "share", "by_households"),
    "indicator": ("indicator", "bands"),
}


def judge_results(judge: Judge) -> None:
    """Notes what is wrong in the categories, composites, boards and rankings."""
    scheme = judge.scheme
    for at, category in enumerate(scheme.categories):
        _category(judge, category, at)
    for at, composite in enumerate(scheme.composites):
        _composite(judge, composite, ("composites", at))
    for at, board in enumerate(scheme.boards):
        _board(judge, board, ("boards", at))
    _pairs_once(judge)
    for at, ranking in enumerate(scheme.rankings):
        path: Path = ("rankings", at)
        if judge.refers((*path, "composite"), ranking.composite, "composites", "合成办法", "no-such-composite"):
            judge_group(judge, path, ranking.group, scheme.composite(ranking.composite).level)


def judge_classes(judge: Judge, level: Level, classes: tuple[str, ...], path: Path, needs: str) -> None:
    """Adds what is no place class of the level; `needs` is the key beside that says the level."""
    known = PLACE_CLASSES.get(level, ())
    for at, name in enumerate(classes):
        if name not in known:
            words = f"{LEVEL_NAMES[level]}没有“{name}”这种区划类型"
            mend = f"只能写：{'、'.join(known)}" if known else "删去 classes，这一层级不分类型"
            judge.add((*path, at), "no-such-class", words, mend, needs=[needs])


def _category(judge: Judge, category: Category, at: int) -> None:
    path: Path = ("categories", at, "classes")
    judge_classes(judge, category.level, category.classes, path, "level")
    for other in judge.scheme.categories[:at]:
        if other.level != category.level or other.code == category.code:
            continue
        shared = [name for name in category.classes if name in other.classes]
        if shared or not category.classes or not other.classes:
            what = "、".join(shared) or "全部类型"
            words = f"类别“{category.name}”与“{other.name}”都包含{what}"
            judge.add(path, "categories-overlap", words, "同一层级的每种区划类型只放进一个类别", needs=["level"])


def _composite(judge: Judge, composite: Composite, path: Path) -> None:
    if composite.level not in RATED:
        words = f"“{composite.name}”的层级{LEVEL_NAMES[composite.level]}不评分"
        judge.add((*path, "level"), "composite-level", words, "只能写 township、village、hamlet、household")
    if composite.mode == "months":
        _months(judge, composite, path)
        return
    if composite.of:
        words = f"“{composite.name}”按记录计算，不用 of"
        judge.add((*path, "of"), "kind-fields", words, '删去 of，或写 mode = "months"', needs=["mode"])
    here = (*path, "components")
    if not composite.components:
        judge.add(
            here, "no-components", f"“{composite.name}”没有组成部分", "写上 [[composites.components]]", needs=["mode"]
        )
    elif sum(part.weight for part in composite.components) == 0:
        words = f"“{composite.name}”各部分的权重之和是 0，谁也得不到分"
        judge.add(here, "weights-zero", words, "至少给一个部分写大于 0 的 weight")
    judge.unique(here, composite.components, "组成部分")
    for at, part in enumerate(composite.components):
        here_source = (*here, at, "source")
        level = None if (*path, "level") in judge.found.unread else composite.level
        judge_source(judge, composite.name, level, part, here_source)
        if part.source.kind == "children":
            _children(judge, composite, part.source, here_source)


def _months(judge: Judge, composite: Composite, path: Path) -> None:
    if composite.components:
        words = f"“{composite.name}”取各月平均，不用组成部分"
        judge.add((*path, "components"), "kind-fields", words, '删去 components,或写 mode = "records"', needs=["mode"])
    here = (*path, "of")
    if composite.period == "month":
        words = f"“{composite.name}”是月度的，不能取各月平均"
        judge.add((*path, "period"), "period-of", words, "写 quarter 或 year,或改为 records", needs=["mode"])
    most = MONTHS[composite.period]
    if composite.rated_months > most and composite.period != "month":
        words = f"“{composite.name}”要 {composite.rated_months} 个月有分，而考核期只有 {most} 个月"
        judge.add((*path, "rated_months"), "rated-months", words, f"写 1–{most}", needs=["mode", "period"])
    if not judge.refers(here, composite.of, "composites", "合成办法", "no-such-composite"):
        return
    monthly = judge.scheme.composite(composite.of)
    if monthly.period != "month" or monthly.mode != "records":
        words = f"“{composite.name}”取“{monthly.name}”的各月平均，但后者不是按记录算的月度办法"
        judge.add(here, "period-of", words, "of 写 period 为 month、mode 为 records 的合成办法")
    if monthly.level != composite.level:
        words = f"“{composite.name}”评{LEVEL_NAMES[composite.level]}，“{monthly.name}”评{LEVEL_NAMES[monthly.level]}"
        judge.add(here, "subject-mismatch", words, "of 写同一层级的月度合成办法", needs=["level"])


def judge_source(judge: Judge, name: str, level: Level | None, part: Component, path: Path) -> None:
    """Adds what is wrong in where a part of `name`, of that level (None: not known), comes from."""
    source = part.source
    _source_keys(judge, source, path)
    if source.kind == "sheets":
        here = (*path, "check_kind")
        if judge.refers(here, source.check_kind, "check_kinds", "检查类型", "no-such-check-kind"):
            kind = judge.scheme.check_kind(source.check_kind)
            if level is not None and kind.subject != level:
                words = f"“{name}”评{LEVEL_NAMES[level]}，检查“{kind.name}”查{LEVEL_NAMES[kind.subject]}"
                judge.add(here, "subject-mismatch", words, "换成查同一层级的检查类型")
    elif source.kind == "indicator":
        _indicator(judge, name, level, part, path)


def _indicator(judge: Judge, name: str, level: Level | None, part: Component, path: Path) -> None:
    here = (*path, "indicator")
    code = part.source.indicator
    if not code:
        judge.add(here, "missing-key", f"“{part.name}”没有写是哪个指标", "补上 indicator = …", needs=["kind"])
        return
    _bands(judge, part, part.source, path)
    if judge.refers(here, code, "indicators", "指标", "no-such-indicator"):
        indicator = next(one for one in judge.scheme.indicators if one.code == code)
        if level is not None and indicator.level != level:
            words = f"“{name}”评{LEVEL_NAMES[level]}，指标“{indicator.name}”是{LEVEL_NAMES[indicator.level]}的"
            judge.add(here, "subject-mismatch", words, "换成同一层级的指标")


def _source_keys(judge: Judge, source: Source, path: Path) -> None:
    """A key of another kind of source means that something else was wanted."""
    plain = Source(kind=source.kind)
    for kind, names in SOURCE_KEYS.items():
        for name in names:
            if kind != source.kind and getattr(source, name) != getattr(plain, name):
                words = f"来源 {source.kind} 不用 {name}"
                judge.add((*path, name), "kind-fields", words, f"删去 {name}，或把 kind 改成 {kind}", needs=["kind"])


def _children(judge: Judge, composite: Composite, source: Source, path: Path) -> None:
    here = (*path, "level")
    if source.level is None:
        judge.add(
            here, "missing-key", "没有写取哪一级的结果", "补上 level = …,写下一级，例如 household", needs=["kind"]
        )
        return
    if RANK[source.level] <= RANK[composite.level]:
        words = f"{LEVEL_NAMES[source.level]}不在{LEVEL_NAMES[composite.level]}之下"
        judge.add(here, "level-order", words, f"写比{LEVEL_NAMES[composite.level]}低的层级")
        return
    below = [one for one in judge.scheme.composites if one.level == source.level and one.period == composite.period]
    if len(below) != 1:
        how = "没有" if not below else "不止一个"
        words = f"{how}{LEVEL_NAMES[source.level]}在同一考核期（{composite.period}）的合成办法"
        judge.add(here, "children-composite", words, "下级的每个考核期写且只写一个合成办法")


def _bands(judge: Judge, part: Component, source: Source, path: Path) -> None:
    here = (*path, "bands")
    if not source.bands:
        judge.add(here, "missing-key", f"指标“{part.name}”没有分档", "补上 bands = [[起点， 得分], …]", needs=["kind"])
    starts = [start for start, _ in source.bands]
    if any(later <= earlier for earlier, later in pairwise(starts)):
        judge.add(here, "bands-order", f"“{part.name}”的分档起点没有从小到大", "按起点从小到大排，不重复")


def _board(judge: Judge, board: Board, path: Path) -> None:
    for name, side in (("red", board.red), ("black", board.black)):
        _side(judge, side, (*path, name))
    for at, code in enumerate(board.categories):
        judge.refers((*path, "categories", at), code, "categories", "类别", "no-such-category")
    if not judge.refers((*path, "composite"), board.composite, "composites", "合成办法", "no-such-composite"):
        return
    level = judge.scheme.composite(board.composite).level
    judge_group(judge, path, board.group, level)
    own = {one.code: one for one in judge.scheme.categories}
    for at, code in enumerate(board.categories):
        if code in own and own[code].level != level:
            words = f"榜单评{LEVEL_NAMES[level]}，类别“{code}”是{LEVEL_NAMES[own[code].level]}的"
            judge.add((*path, "categories", at), "board-level", words, "换成同一层级的类别")
    if board.public == "consent" and level != "household":
        words = f"只有农户榜按同意公开，{LEVEL_NAMES[level]}不需要"
        judge.add((*path, "public"), "board-level", words, "写 named 或 private")


def _side(judge: Judge, side: Side, path: Path) -> None:
    if bool(side.n) == bool(side.per_mille):
        how = "既写了个数又写了千分比" if side.n else "没有写取多少"
        judge.add((*path, "n"), "side-size", f"榜单{how}", "n 和 per_mille 写且只写一个", needs=["per_mille"])


def judge_group(judge: Judge, path: Path, group: Level, level: Level, where: str = "composite") -> None:
    """A group must lie above its subjects, and subjects be of a level that has categories."""
    if RANK[group] >= RANK[level]:
        words = f"分组{LEVEL_NAMES[group]}不在{LEVEL_NAMES[level]}之上"
        judge.add((*path, "group"), "group-level", words, f"写比{LEVEL_NAMES[level]}高的层级")
    unsure = any(unread[:1] == ("categories",) for unread in judge.found.unread)
    if not unsure and not any(one.level == level for one in judge.scheme.categories):
        words = f"{LEVEL_NAMES[level]}没有类别，无法分类比较"
        judge.add((*path, where), "no-category", words, "在“类别”里给这一层级写至少一个类别")


def _pairs_once(judge: Judge) -> None:
    seen: dict[Level, str] = {}
    levels = {one.code: one.level for one in judge.scheme.composites}
    for at, board in enumerate(judge.scheme.boards):
        level = levels.get(board.composite)
        if not board.pairs or level is None:
            continue
        if level in seen:
            words = f"{LEVEL_NAMES[level]}已由“{seen[level]}”结对，“{board.name}”不能再结"
            judge.add(("boards", at, "pairs"), "pairs-twice", words, "每一层级只让一个榜结对")
        seen.setdefault(level, board.name)
