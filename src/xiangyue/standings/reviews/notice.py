"""A stage of a review as a kind of publication: what its notice shows, what an upheld objection opens again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from xiangyue.rules.numbers import show
from xiangyue.standings.notices.kinds import PublicationKind, PublicTable
from xiangyue.standings.reviews.models import ReviewComment, ReviewRow, ReviewStageVersion
from xiangyue.standings.reviews.settings import is_last, rating_for, settings_for
from xiangyue.standings.reviews.stages import KIND, bring_in_force, reopen_stage, stage_of
from xiangyue.standings.reviews.stars import put_down_stars

if TYPE_CHECKING:
    from xiangyue.people.models import User
    from xiangyue.standings.notices.models import Objection, Publication

State = ReviewStageVersion.State


def version_of(publication: Publication) -> ReviewStageVersion | None:
    """The stage version that a publication shows."""
    rows = ReviewStageVersion.objects.select_related("review__ground", "review__scheme_version")
    return rows.filter(publication=publication).first()


def page(publication: Publication) -> str:
    """The office's page of the stage."""
    told = publication.summary
    return reverse("standings:review_stage", args=[told["review"], told["stage"]]) if "review" in told else ""


def tables(publication: Publication) -> tuple[PublicTable, ...]:
    """What the public reads: scores and proposals with how they came about; at the end stars, ranks and reasons."""
    version = version_of(publication)
    if version is None:
        return ()
    stage = stage_of(version.review, version.stage)
    rows = list(version.rows.select_related("subject__township").order_by("rank", "subject__code"))
    last = is_last(settings_for(version.review), stage)
    found = [_final(rows, stage.name, _caps(version)) if last else _scores(rows, stage.name)]
    comments = ReviewComment.objects.filter(review=version.review, stage=stage.code).select_related("subject__township")
    said = tuple((_named(row.subject), row.unit, row.text) for row in comments.order_by("subject__code", "unit"))
    if said:
        found.append(PublicTable(f"{stage.name}：部门点评", ("对象", "单位", "点评"), said))
    return tuple(found)


def waiting(publication: Publication, day: date) -> tuple[str, ...]:
    """A stage that was opened again for somebody is finished first."""
    version = version_of(publication)
    again = ReviewStageVersion.objects.filter(
        review=version.review_id if version else None, stage=version.stage if version else "", state=State.OPEN
    ).first()
    if again is None:
        return ()
    whom = f"，涉及 {len(again.only)} 个对象" if again.only else ""
    return (f"这一阶段正在重评（第{again.version}版{whom}），重评结束后由新版接着公示",)


def upheld(objection: Objection, actor: User | None, now: datetime) -> str:
    """The stage opened again for the one subject that the objection is about."""
    version = version_of(objection.publication) if objection.publication is not None else None
    if version is None:
        return ""
    subject = objection.subject
    reopen_stage(actor, version, reason=f"异议成立：{subject.name}", now=now, only=[subject.code])
    return f"{stage_of(version.review, version.stage).name}为“{subject.name}”重评，其他对象不变"


def in_force(publication: Publication, actor: User | None, now: datetime) -> None:
    """The stage is done: the next one may be opened; after the last the stars stand in the rating."""
    version = version_of(publication)
    if version is not None:
        bring_in_force(version, now)
        if is_last(settings_for(version.review), stage_of(version.review, version.stage)):
            put_down_stars(actor, version, now)


def superseded(publication: Publication, actor: User | None, now: datetime) -> None:
    """The version that a newer one took the place of."""
    ReviewStageVersion.objects.filter(publication=publication).update(state=State.SUPERSEDED)


def withdrawn(publication: Publication, actor: User | None, now: datetime) -> None:
    """The notice was taken back: the stage is worked on again, for all."""
    version = version_of(publication)
    if version is not None:
        superseded(publication, actor, now)
        reopen_stage(actor, version, reason=publication.reason or "撤回公示", now=now)


REVIEW_STAGE = PublicationKind(
    KIND, _("逐级评审"), page=page, rows=tables, waiting=waiting, upheld=upheld, in_force=in_force,
    superseded=superseded, withdrawn=withdrawn,
)  # fmt: skip


def stars_words(stars: int | None) -> str:
    """五星, or 不评星."""
    return "不评星" if stars is None else f"{'〇一二三四五六七八九十'[stars]}星" if stars else "未获星"


def _named(place: object) -> str:
    township = getattr(place, "township", None)
    name = str(getattr(place, "name", ""))
    return f"{township.name} {name}" if township is not None and township != place else name


def _scores(rows: list[ReviewRow], stage: str) -> PublicTable:
    told = tuple((_named(row.subject), show(row.score), stars_words(row.proposal), row.why) for row in rows)
    return PublicTable(stage, ("对象", "得分", "建议星级", "怎么来的"), told, "建议星级由后面的阶段核定。")


def _caps(version: ReviewStageVersion) -> dict[str, str]:
    """Subject's code → what caps its stars: the kind as the scheme names it, never whom it is about nor the document."""
    kinds = {kind.code: kind for kind in rating_for(version.review).violations}
    found: dict[str, list[str]] = {}
    for told in version.facts.get("violations", ()):
        kind = kinds.get(told["kind"])
        if kind is not None:
            found.setdefault(told["subject"], []).append(f"限星：{kind.name}，最多评{stars_words(kind.most_stars)}")
    return {code: "；".join(dict.fromkeys(words)) for code, words in found.items()}


def _final(rows: list[ReviewRow], stage: str, caps: Mapping[str, str]) -> PublicTable:
    told = tuple(
        (
            str(row.rank or "—"), _named(row.subject), show(row.total), stars_words(row.stars),
            "；".join(filter(None, (row.reason, caps.get(row.subject.code, "")))) or "—",
        )
        for row in sorted(rows, key=lambda row: (row.rank or 10**6, row.subject.code))
    )  # fmt: skip
    note = "星级有调整或限星的，理由列在最后一栏。"
    return PublicTable(f"{stage}：评定结果", ("名次", "对象", "总分", "星级", "理由"), told, note)
