"""Whether indicators, ratings, watch lists and staged reviews make sense."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from xiangyue.rules.numbers import show
from xiangyue.rules.settings import Counted, Domain, Indicator, Level, Quota, Rating, Review, ReviewStage, Threshold

from .errors import Path
from .judging import LEVEL_NAMES, RANK, Judge
from .meaning_results import RATED, judge_group, judge_source

COUNTED_FROM = {
    "result": ("composites", "合成办法", "no-such-composite"),
    "indicator": ("indicators", "指标", "no-such-indicator"),
    "stars": ("ratings", "评星定级", "no-such-rating"),
    "covered": ("layers", "包保层级", "no-such-layer"),
}
PLACES: tuple[Level, ...] = ("township", "village", "hamlet")


def judge_stars(judge: Judge) -> None:
    """Notes what is wrong in the indicators, ratings, watch lists and reviews."""
    scheme = judge.scheme
    for at, indicator in enumerate(scheme.indicators):
        if indicator.counted is not None:
            _counted(judge, indicator, indicator.counted, ("indicators", at, "counted"))
    for at, rating in enumerate(scheme.ratings):
        _rating(judge, rating, ("ratings", at))
    for at, watch in enumerate(scheme.watch_lists):
        if watch.level not in PLACES:
            words = f"“{watch.name}”列的是{LEVEL_NAMES[watch.level]}，整顿名单只列乡镇、村、屯组"
            judge.add(("watch_lists", at, "level"), "watch-level", words, "写 township、village 或 hamlet")
        if not watch.basis.strip():
            words = f"“{watch.name}”没有写明列入条件"
            judge.add(("watch_lists", at, "basis"), "missing-key", words, "补上 basis = …，写明什么情形才列入")
    for at, review in enumerate(scheme.reviews):
        _review(judge, review, ("reviews", at))


def _counted(judge: Judge, indicator: Indicator, counted: Counted, path: Path) -> None:
    if counted.what in COUNTED_FROM:
        collection, noun, id = COUNTED_FROM[counted.what]
        judge.refers((*path, "of"), counted.of, collection, noun, id)
    elif counted.what == "places" and counted.of:
        judge.add((*path, "of"), "kind-fields", "数地方个数不用写依据", "删去 of", needs=["what"])
    elif counted.what == "state" and not counted.of:
        words = f"“{indicator.name}”没有写数哪种状态的农户"
        judge.add((*path, "of"), "missing-key", words, '补上 of，例如 "away"', needs=["what"])
    if counted.take != "own" and RANK[counted.level] <= RANK[indicator.level]:
        words = f"“{indicator.name}”是{LEVEL_NAMES[indicator.level]}的数，取数的{LEVEL_NAMES[counted.level]}不在其下"
        judge.add((*path, "level"), "level-order", words, f"写比{LEVEL_NAMES[indicator.level]}低的层级")
    if counted.what == "indicator" and _comes_back(judge, indicator):
        words = f"“{indicator.name}”绕回来取自己的数"
        judge.add((*path, "of"), "counted-circle", words, "of 写填报的指标，或写别的依据", needs=["what"])


def _comes_back(judge: Judge, indicator: Indicator) -> bool:
    """Whether an indicator is drawn from itself, over however many others."""
    by_code = {one.code: one for one in judge.scheme.indicators}
    seen: set[str] = set()
    at: Indicator | None = indicator
    while at is not None and at.counted is not None and at.counted.what == "indicator":
        if at.code in seen:
            return at.code == indicator.code
        seen.add(at.code)
        at = by_code.get(at.counted.of)
    return False


def _rating(judge: Judge, rating: Rating, path: Path) -> None:
    if rating.level not in RATED:
        words = f"“{rating.name}”的层级{LEVEL_NAMES[rating.level]}不评星"
        judge.add((*path, "level"), "composite-level", words, "只能写 township、village、hamlet、household")
    _rating_composite(judge, rating, path)
    judge_group(judge, path, rating.group, rating.level, "level")
    for at, code in enumerate(rating.categories):
        judge_category(judge, code, rating.level, (*path, "categories", at))
    if rating.mode == "domains":
        _domains(judge, rating, path)
    else:
        _bands(judge, rating, path)
    _quotas(judge, rating, path)
    _violations(judge, rating, path)


def _rating_composite(judge: Judge, rating: Rating, path: Path) -> None:
    here = (*path, "composite")
    if not rating.composite:
        if rating.mode == "bands":
            words = f"“{rating.name}”按成绩分档，没有写用哪个成绩"
            judge.add(here, "missing-key", words, "补上 composite = …", needs=["mode"])
        return
    if not judge.refers(here, rating.composite, "composites", "合成办法", "no-such-composite"):
        return
    composite = judge.scheme.composite(rating.composite)
    if composite.level != rating.level:
        words = f"“{rating.name}”评{LEVEL_NAMES[rating.level]}，“{composite.name}”评{LEVEL_NAMES[composite.level]}"
        judge.add(here, "subject-mismatch", words, "换成同一层级的合成办法", needs=["level"])
    if composite.period != rating.period:
        words = f"“{rating.name}”的考核期是 {rating.period}，“{composite.name}”的是 {composite.period}"
        judge.add(here, "period-mismatch", words, "换成同一考核期的合成办法，或改 period", needs=["period"])


def judge_category(judge: Judge, code: str, level: Level, path: Path) -> None:
    """Adds a category that is none of the scheme's, or is of another level."""
    if not judge.refers(path, code, "categories", "类别", "no-such-category"):
        return
    category = next(one for one in judge.scheme.categories if one.code == code)
    if category.level != level:
        words = f"这里评{LEVEL_NAMES[level]}，类别“{category.name}”是{LEVEL_NAMES[category.level]}的"
        judge.add(path, "board-level", words, "换成同一层级的类别")


def _domains(judge: Judge, rating: Rating, path: Path) -> None:
    _not_used(judge, path, rating.bands, "bands", f"“{rating.name}”按方面达标，不用分档", 'mode = "bands"')
    if not rating.domains:
        words = f"“{rating.name}”没有写方面"
        judge.add((*path, "domains"), "no-domains", words, "写上 [[ratings.domains]]", needs=["mode"])
    judge.unique((*path, "domains"), rating.domains, "方面")
    codes: set[str] = set()
    items: dict[str, str] = {}
    for at, domain in enumerate(rating.domains):
        here = (*path, "domains", at)
        if not domain.thresholds:
            words = f"方面“{domain.name}”没有达标线，谁都得不到这颗星"
            judge.add((*here, "thresholds"), "no-domains", words, "在 thresholds 里至少写一条")
        for line_at, line in enumerate(domain.thresholds):
            line_path = (*here, "thresholds", line_at)
            if line.code and line.code in codes:
                words = f"达标线代码“{line.code}”在本评定里用了两次"
                judge.add((*line_path, "code"), "duplicate-code", words, f"给“{line.name}”换一个代码")
            codes.add(line.code)
            _one_domain(judge, line, domain, items, line_path)
            _threshold(judge, rating, line, line_path)


def _one_domain(judge: Judge, line: Threshold, domain: Domain, items: dict[str, str], path: Path) -> None:
    item = line.item or line.code
    if items.setdefault(item, domain.code) != domain.code:
        words = f"“{item}”这一项的达标线分在两个方面里"
        judge.add((*path, "item"), "item-split", words, "一项的达标线写在同一个方面里")


def _threshold(judge: Judge, rating: Rating, line: Threshold, path: Path) -> None:
    if line.reaches == "one_of":
        if not line.values:
            words = f"“{line.name}”没有写可取的值"
            judge.add((*path, "values"), "missing-key", words, "补上 values = [ … ]", needs=["reaches"])
        if line.value:
            words = f"“{line.name}”取其中之一，不用标准值"
            judge.add((*path, "value"), "kind-fields", words, "删去 value", needs=["reaches"])
    else:
        _not_used(judge, path, line.values, "values", f"“{line.name}”比大小，不用可取值", 'reaches = "one_of"')
    if not judge.refers((*path, "indicator"), line.indicator, "indicators", "指标", "no-such-indicator"):
        return
    indicator = next(one for one in judge.scheme.indicators if one.code == line.indicator)
    if indicator.level != rating.level:
        words = (
            f"“{rating.name}”评{LEVEL_NAMES[rating.level]}，指标“{indicator.name}”是{LEVEL_NAMES[indicator.level]}的"
        )
        judge.add((*path, "indicator"), "subject-mismatch", words, "换成同一层级的指标，或用 counted 从下级取数")
    if indicator.decimals != line.decimals:
        words = f"指标“{indicator.name}”有 {indicator.decimals} 位小数，达标线写的是 {line.decimals} 位"
        judge.add((*path, "decimals"), "threshold-unit", words, f"写 decimals = {indicator.decimals}，并核对标准值")
    if line.unit and line.unit != indicator.unit:
        words = f"指标“{indicator.name}”的单位是“{indicator.unit}”，达标线写的是“{line.unit}”"
        judge.add((*path, "unit"), "threshold-unit", words, "写同一个单位，并核对标准值")


def _not_used(judge: Judge, path: Path, rows: Sequence[object], name: str, words: str, other: str) -> None:
    if rows:
        judge.add((*path, name), "kind-fields", words, f"删去 {name}，或写 {other}")


def _bands(judge: Judge, rating: Rating, path: Path) -> None:
    _not_used(judge, path, rating.domains, "domains", f"“{rating.name}”按成绩分档，不用方面", 'mode = "domains"')
    here = (*path, "bands")
    if not rating.bands:
        judge.add(here, "no-domains", f"“{rating.name}”没有写分档", "在 bands 里写每一星的起评分", needs=["mode"])
    rising = sorted(rating.bands, key=lambda band: band.stars)
    for lower, higher in pairwise(rising):
        if lower.stars == higher.stars or lower.floor >= higher.floor:
            words = f"{higher.stars} 星的起评分 {show(higher.floor)} 不高于 {lower.stars} 星的 {show(lower.floor)}"
            judge.add(here, "bands-order", words, "每个星级写一档，星越多起评分越高")


def _quotas(judge: Judge, rating: Rating, path: Path) -> None:
    seen: set[int] = set()
    for at, quota in enumerate(rating.quotas):
        here = (*path, "quotas", at)
        if quota.stars not in rating.scale:
            scale = "、".join(str(stars) for stars in rating.scale if stars)
            words = f"“{rating.name}”评不出 {quota.stars} 星，不用给名额"
            judge.add((*here, "stars"), "quota-stars", words, f"只能写：{scale}", needs=["n"])
        elif quota.stars in seen:
            judge.add((*here, "stars"), "quota-stars", f"{quota.stars} 星的名额写了两次", "只留一条")
        seen.add(quota.stars)
        judge_size(judge, quota, here)


def judge_size(judge: Judge, quota: Quota, path: Path) -> None:
    """Adds a quota that has both sizes or none."""
    if bool(quota.n) == bool(quota.per_mille):
        how = "既写了个数又写了千分比" if quota.n else "没有写多少"
        judge.add((*path, "n"), "side-size", f"名额{how}", "n 和 per_mille 写且只写一个", needs=["per_mille"])


def _violations(judge: Judge, rating: Rating, path: Path) -> None:
    judge.unique((*path, "violations"), rating.violations, "违规类别")
    for at, kind in enumerate(rating.violations):
        here = (*path, "violations", at)
        if kind.most_stars >= max(rating.scale):
            words = f"“{kind.name}”最多留 {kind.most_stars} 星，等于没有限制"
            judge.add((*here, "most_stars"), "violation-stars", words, f"写小于 {max(rating.scale)} 的星级")
        if not kind.department.strip():
            words = f"“{kind.name}”没有写由谁认定，谁都不能录入"
            judge.add((*here, "department"), "missing-key", words, "补上 department = …，写有权认定的单位")


def _review(judge: Judge, review: Review, path: Path) -> None:
    earlier = judge.scheme.reviews[: int(path[1])]
    if any(one.rating == review.rating for one in earlier):
        words = f"“{review.rating}”已由另一个评审定星"
        judge.add((*path, "rating"), "review-twice", words, "一个评星定级只写一个评审")
    if not review.stages:
        judge.add((*path, "stages"), "no-stages", f"“{review.name}”没有阶段", "写上 [[reviews.stages]]")
    judge.unique((*path, "stages"), review.stages, "评审阶段")
    if review.mode == "weighted" and review.stages and sum(stage.weight for stage in review.stages) == 0:
        words = f"“{review.name}”按权重合成，各阶段权重之和是 0"
        judge.add(
            (*path, "stages"), "weights-zero", words, '至少给一个阶段写 weight，或写 mode = "reference"', needs=["mode"]
        )
    if sum(stage.kind == "mutual" for stage in review.stages) > 1:
        judge.add((*path, "stages"), "no-stages", f"“{review.name}”有两个互评阶段", "互评只写一个阶段")
    known = judge.refers((*path, "rating"), review.rating, "ratings", "评星定级", "no-such-rating")
    rating = next((one for one in judge.scheme.ratings if one.code == review.rating), None) if known else None
    for at, stage in enumerate(review.stages):
        _stage(judge, stage, rating, (*path, "stages", at))


def _stage(judge: Judge, stage: ReviewStage, rating: Rating | None, path: Path) -> None:
    judge.unique((*path, "components"), stage.components, "组成部分")
    if stage.ballot == "none" and stage.ballot_weight:
        words = f"“{stage.name}”没有表决，却写了表决权重"
        judge.add(
            (*path, "ballot_weight"),
            "ballot-weight",
            words,
            '删去 ballot_weight，或写 ballot = "jury"',
            needs=["ballot"],
        )
    if stage.ballot != "none" and not stage.ballot_weight:
        words = f"“{stage.name}”有表决，却不计权重"
        judge.add((*path, "ballot_weight"), "ballot-weight", words, "写大于 0 的 ballot_weight", needs=["ballot"])
    weight = stage.ballot_weight + sum(part.weight for part in stage.components)
    if weight == 0:
        words = f"“{stage.name}”没有计分的组成部分，也没有表决"
        judge.add((*path, "components"), "no-components", words, "写上 [[reviews.stages.components]]，weight 大于 0")
    for at, part in enumerate(stage.components):
        here = (*path, "components", at, "source")
        if part.source.kind != "sheets":
            words = f"“{stage.name}”里“{part.name}”不取检查"
            judge.add((*here, "kind"), "kind-fields", words, 'kind 写 "sheets"，check_kind 写本阶段的检查类型')
        else:
            judge_source(judge, stage.name, rating.level if rating else None, part, here)
            _by_others(judge, stage, part.source.check_kind, (*here, "check_kind"))


def _by_others(judge: Judge, stage: ReviewStage, code: str, path: Path) -> None:
    own = [kind for kind in judge.scheme.check_kinds if kind.code == code and kind.self_check]
    if own:
        words = f"“{stage.name}”取了自查“{own[0].name}”，评审不能由包保人自己评"
        judge.add(path, "self-check", words, "换成由他人检查的检查类型")
