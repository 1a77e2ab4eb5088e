"""A village compact from draft to in force: written, judged, voted on, filed; newer versions follow, none is edited."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from xiangyue.agreements.compact_models import CompactArticle, CompactVersion
from xiangyue.agreements.compact_texts import unlawful
from xiangyue.base import changes
from xiangyue.base.problems import Problem, problem_kind
from xiangyue.base.writes import alone, write
from xiangyue.people.models import User
from xiangyue.places.models import Level, Place
from xiangyue.rules.compact import Vote, refusals

State = CompactVersion.State
NOT_A_VILLAGE = problem_kind("compact_place", _("“{place}”不是村。"), _("村规民约由村订立，请选一个村。"))
NO_ARTICLES = problem_kind("compact_empty", _("还没有写条文。"), _("请至少写一条，再登记表决。"))
ARTICLE_LONG = problem_kind("compact_long", _("第{number}条有{n}个字，太长。"), _("每条不超过1000字，请分成几条。"))
UNLAWFUL = problem_kind("compact_unlawful", _("条文里有不能写的内容：{what}。"), _("请删改后再登记表决。"))
NOT_CARRIED = problem_kind("compact_vote", _("这次表决不能算通过：{what}"), _("请按提示改正，或重新开会表决。"))
NOT_NOW = problem_kind(
    "compact_state", _("这一版现在是“{state}”，不能这样做。"), _("请刷新页面，看看最新的状态。"), 409
)
NO_NUMBER = problem_kind("compact_number", _("没有备案编号。"), _("请填乡镇备案的编号。"))
EARLY = problem_kind("compact_early", _("备案日期{day}早于表决日期，或还没到。"), _("请填乡镇收到并备案的那一天。"))


def write_draft(
    actor: User | None, village: Place, articles: Sequence[tuple[str, str]], *, now: datetime
) -> CompactVersion:
    """The village's draft with these (text, topic), the empty ones left out; made when there is none."""
    if village.level != Level.VILLAGE:
        raise Problem(NOT_A_VILLAGE, place=village.name)
    kept = [(" ".join(text.split()), topic) for text, topic in articles if text.strip()]
    for number, (text, _topic) in enumerate(kept, 1):
        if len(text) > 1000:
            raise Problem(ARTICLE_LONG, number=number, n=len(text))
    with write():
        alone(f"compact:{village.pk}")
        draft = CompactVersion.objects.filter(village=village, state=State.DRAFT).first()
        if draft is None:
            last = CompactVersion.objects.filter(village=village).aggregate(last=Max("version"))["last"] or 0
            draft = CompactVersion.objects.create(village=village, version=last + 1, created_at=now, created_by=actor)
        before = list(draft.articles.values_list("text", "topic"))
        draft.articles.all().delete()
        CompactArticle.objects.bulk_create(
            CompactArticle(compact=draft, number=number, text=text, topic=topic)
            for number, (text, topic) in enumerate(kept, 1)
        )
        if before != kept:
            _log(
                actor,
                "compact.written",
                draft,
                {"articles": [text for text, _ in kept]},
                {"articles": [text for text, _ in before]},
            )
    return draft


def forbidden(articles: Sequence[tuple[str, str]]) -> list[str]:
    """What the articles may not say, told article by article; the first five."""
    kept = [text for text, _topic in articles if text.strip()]
    found = [f"第{n}条{finding.words}" for n, text in enumerate(kept, 1) for finding in unlawful(text)]
    return found[:5]


def record_vote(actor: User | None, draft: CompactVersion, vote: Vote, *, today: date) -> CompactVersion:
    """The draft as voted on; Problem when it may not be, or the vote does not carry it."""
    articles = list(draft.articles.values_list("number", "text"))
    if not articles:
        raise Problem(NO_ARTICLES)
    if said := forbidden([(text, "") for _number, text in articles]):
        raise Problem(UNLAWFUL, what="；".join(said))
    if refused := refusals(vote, today):
        raise Problem(NOT_CARRIED, what="".join(finding.words for finding in refused))
    with write():
        row = _held(draft, State.DRAFT)
        row.state, row.vote_kind, row.voted_on, row.minutes = State.VOTED, vote.kind, vote.held_on, vote.minutes.strip()
        row.entitled, row.came, row.in_favour = vote.entitled, vote.came, vote.in_favour
        row.save()
        told = {"minutes": row.minutes, "held_on": vote.held_on, "came": vote.came, "in_favour": vote.in_favour}
        _log(actor, "compact.voted", row, told)
    return row


def file_compact(actor: User | None, compact: CompactVersion, number: str, on: date, *, today: date) -> CompactVersion:
    """The voted version filed with the township and in force from that day; the one before is superseded."""
    if not number.strip():
        raise Problem(NO_NUMBER)
    if on > today or (compact.voted_on and on < compact.voted_on):
        raise Problem(EARLY, day=on)
    with write():
        alone(f"compact:{compact.village_id}")
        row = _held(compact, State.VOTED)
        CompactVersion.objects.filter(village_id=row.village_id, state=State.IN_FORCE).update(state=State.SUPERSEDED)
        row.state, row.filed_on, row.file_number, row.filed_by = State.IN_FORCE, on, number.strip()[:60], actor
        row.save()
        _log(actor, "compact.filed", row, {"number": row.file_number, "filed_on": on})
    return row


def back_to_draft(actor: User | None, compact: CompactVersion, *, reason: str) -> CompactVersion:
    """A voted version that is not filed becomes a draft again, to be mended and voted on anew."""
    with write():
        alone(f"compact:{compact.village_id}")
        row = _held(compact, State.VOTED)
        if CompactVersion.objects.filter(village_id=row.village_id, state=State.DRAFT).exists():
            raise Problem(NOT_NOW, state=row.get_state_display())
        before = {"minutes": row.minutes, "came": row.came, "in_favour": row.in_favour}
        row.state, row.voted_on, row.minutes, row.vote_kind = State.DRAFT, None, "", ""
        row.entitled = row.came = row.in_favour = 0
        row.save()
        _log(actor, "compact.reopened", row, {}, before, reason)
    return row


def _held(compact: CompactVersion, state: str) -> CompactVersion:
    """The version, locked and read again, still in that state."""
    row = CompactVersion.objects.select_for_update(of=("self",)).select_related("village").get(pk=compact.pk)
    if row.state != state:
        raise Problem(NOT_NOW, state=row.get_state_display())
    return row


def _log(
    actor: User | None, act: str, row: CompactVersion, after: dict[str, object],
    before: dict[str, object] | None = None, reason: str = "",
) -> None:  # fmt: skip
    changes.log(
        actor.pk if actor else None, act, row, path=row.village.path,
        before=before, after={"version": row.version, **after}, reason=reason,
    )  # fmt: skip
