"""Award lists and gradings: drawn as a version, proposed through the notice, struck off where an objection is upheld."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from xiangyue.base.bulk import insert_rows
from xiangyue.base.problems import Problem
from xiangyue.base.writes import alone, write
from xiangyue.places.models import Place
from xiangyue.rewards import problems, working
from xiangyue.rewards.award_facts import (
    Candidates,
    Draw,
    Drawn,
    award_candidates,
    draw_award,
    draw_grading,
    grading_candidates,
)
from xiangyue.rewards.award_models import AwardLine, AwardList
from xiangyue.rewards.edition import State
from xiangyue.rewards.publishing import publish
from xiangyue.rewards.working import LOCK, Work, work_on
from xiangyue.rules.settings import Award, Grading

if TYPE_CHECKING:
    from xiangyue.people.models import User

KIND = AwardList.Kind
LINE = (
    "list", "subject", "place", "person", "organisation", "name", "where", "path", "value", "label", "figure", "rank",
    "position", "why", "n_targets", "method",
)  # fmt: skip


def draw_list(
    actor: User | None, ground: Place, kind: str, code: str, key: str, *, now: datetime, scheme: str = "",
    reason: str = "",
) -> AwardList:  # fmt: skip
    """A new version of an award's or a grading's list on the newest closed results; Problem where nothing is new."""
    work = work_on(ground, key, scheme)
    settings = settings_of(work, kind, code)
    with write():
        alone(LOCK)
        found, drawn = worked_out(work, settings)
        return store_list(actor, work, kind, settings.code, settings.name, found.basis, drawn, now=now, reason=reason)


def settings_of(work: Work, kind: str, code: str) -> Award | Grading:
    """The award or grading of that code in the scheme; Problem otherwise."""
    rows: Sequence[Award | Grading] = work.scheme.awards if kind == KIND.AWARD else work.scheme.gradings
    found = next((row for row in rows if row.code == code), None)
    if found is None or kind not in (KIND.AWARD, KIND.GRADING):
        raise Problem(problems.NO_SUCH_LIST, code=code, what=str(dict(KIND.choices).get(kind, kind)))
    return found


def worked_out(work: Work, settings: Award | Grading) -> tuple[Candidates, Draw]:
    """Who stands for it and what comes of it, nothing stored."""
    if isinstance(settings, Award):
        found = award_candidates(work, settings)
        return found, draw_award(found, settings)
    found = grading_candidates(work, settings)
    return found, draw_grading(found, settings)


def store_list(
    actor: User | None, work: Work, kind: str, code: str, name: str, basis: Sequence[Any], drawn: Draw, *,
    now: datetime, reason: str = "", extra: Callable[[Drawn], tuple[int, str]] = lambda line: (0, ""), text: str = "",
) -> AwardList:  # fmt: skip
    """The list as rows, in the caller's transaction."""
    digest = digest_of(work, kind, code, drawn.lines)
    number = working.next_version(AwardList, actor, work, {"kind": kind, "code": code}, digest)
    row = AwardList.objects.create(
        ground=work.ground, scheme=work.code, scheme_version=work.version, kind=kind, code=code, key=work.span.key,
        name=name, version=number, digest=digest, basis=[list(one) for one in basis], made_at=now, made_by=actor,
        reason=reason.strip()[:200], cuts=list(drawn.cuts), n_without=drawn.n_without, text=text,
    )  # fmt: skip
    insert_rows(AwardLine, LINE, [_line(row.pk, at, line, extra(line)) for at, line in enumerate(drawn.lines, 1)])
    counts = {cut["code"]: cut["n"] for cut in drawn.cuts}
    working.log(actor, "award_list.drawn", row, {"kind": kind, "classes": counts, "digest": digest}, reason)
    return row


def digest_of(work: Work, kind: str, code: str, lines: Sequence[Drawn]) -> str:
    """The digest of a list's lines."""
    rows = [(line.who.subject, line.value, line.figure, line.rank) for line in lines]
    return working.digest_of(work, f"{kind}:{code}", rows)


def _line(pk: int, at: int, line: Drawn, more: tuple[int, str]) -> tuple[Any, ...]:
    who = line.who
    return (
        pk, who.subject, who.place_id, who.person_id, who.organisation_id, who.name[:80], who.where[:80], who.path,
        line.value, line.label, line.figure, line.rank, at, line.why[:300], *more,
    )  # fmt: skip


def propose_list(actor: User | None, row: AwardList, *, now: datetime) -> AwardList:
    """The list on notice for the scheme's days."""
    with write():
        alone(LOCK)
        found = AwardList.objects.select_related("ground", "scheme_version").get(pk=row.pk)
        lines = list(found.lines.exclude(value="").select_related("place", "person", "organisation"))
        if not lines:
            raise Problem(problems.NOBODY, name=found.title)
        if found.kind == KIND.COMMENDATION and found.approved_at is None:
            raise Problem(problems.NOT_APPROVED, name=found.title)
        publish(actor, found, found.kind, [one for line in lines if (one := line.whom)], now=now)
        working.log(actor, "award_list.proposed", found, {"lines": len(lines)})
    return found


def strike_line(actor: User | None, line: AwardLine, *, reason: str, now: datetime) -> AwardList:
    """A newer version without that subject, for an upheld objection: nobody moves into its place; the notice runs on."""
    if not reason.strip():
        raise Problem(problems.NEEDS_REASON)
    with write():
        alone(LOCK)
        older = AwardList.objects.select_related("ground", "scheme_version").get(pk=line.list_id)
        if older.state not in (State.DRAWN, State.PROPOSED) or not line.value:
            raise Problem(
                problems.WRONG_STATE, name=older.title, version=older.version, state=State(older.state).label,
                act="除名",
            )  # fmt: skip
        row = _without(actor, older, line, reason.strip(), now)
        if older.state == State.PROPOSED:
            held = row.lines.exclude(value="").select_related("place", "person", "organisation")
            subjects = [one for kept in held if (one := kept.whom)]
            publish(actor, row, row.kind, subjects, now=now, reason=reason, runs_on=True)
        AwardList.objects.filter(pk=older.pk).update(state=State.SUPERSEDED)
        working.log(actor, "award_list.struck", row, {"subject": line.subject, "value": line.value}, reason)
    return row


def _without(actor: User | None, older: AwardList, line: AwardLine, reason: str, now: datetime) -> AwardList:
    work = work_on(older.ground, older.key, older.scheme)
    held = list(AwardLine.objects.filter(list=older.pk).order_by("position"))
    cuts = [
        {**cut, "n": cut["n"] - 1, "why": f"{cut['why']}；除名 1 个，不递补"} if cut["code"] == line.value else cut
        for cut in older.cuts
    ]
    kept = [(one.subject, "" if one.pk == line.pk else one.value, one.figure, one.rank) for one in held]
    row = AwardList.objects.get(pk=older.pk)
    row.pk, row.version, row.state = None, _next_number(older), State.DRAWN
    row._state.adding = True
    row.digest = working.digest_of(work, f"{older.kind}:{older.code}", kept)
    row.cuts, row.made_at, row.made_by, row.reason, row.publication = cuts, now, actor, reason[:200], None
    row.save()
    struck = {"value": "", "label": "已除名", "why": f"原{line.label}，异议成立除名：{reason}"[:300]}
    for one in held:
        was_struck = one.pk == line.pk
        one.pk, one.list = None, row
        if was_struck:
            one.value, one.label, one.why = struck["value"], struck["label"], struck["why"]
    AwardLine.objects.bulk_create(held, batch_size=500)
    return row


def _next_number(older: AwardList) -> int:
    rows = AwardList.objects.filter(
        ground=older.ground_id, scheme=older.scheme, kind=older.kind, code=older.code, key=older.key
    )
    return max(rows.values_list("version", flat=True)) + 1
