"""Commendations: who is commended by rule, with which method, in a text that a second person approves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import batched
from typing import TYPE_CHECKING, Any

from xiangyue.agreements.in_force import scheme_of
from xiangyue.base.problems import Problem
from xiangyue.base.writes import alone, write
from xiangyue.duties.models import Duty
from xiangyue.places.models import Place
from xiangyue.rewards import problems, subjects, working
from xiangyue.rewards.award_actions import store_list
from xiangyue.rewards.award_facts import Draw, Drawn
from xiangyue.rewards.award_models import AwardLine, AwardList
from xiangyue.rewards.commendation_text import Praised, compose
from xiangyue.rewards.edition import State
from xiangyue.rewards.incentive_facts import Holdings, holdings
from xiangyue.rewards.publishing import HOUSEHOLD
from xiangyue.rewards.subjects import CHUNK, Who
from xiangyue.rewards.working import LOCK, Work, work_on
from xiangyue.rules.days import parse_period
from xiangyue.rules.incentives import is_picked
from xiangyue.rules.settings import Commendation, Pick, Scheme

if TYPE_CHECKING:
    from xiangyue.people.models import User

KIND = AwardList.Kind.COMMENDATION


def draw_commendation(
    actor: User | None, ground: Place, code: str, key: str, *, now: datetime, scheme: str = "", reason: str = ""
) -> AwardList:
    """A new version of who is commended, with a drafted text; Problem where nobody is or nothing is new."""
    work = work_on(ground, key, scheme)
    settings = settings_of(work.scheme, code)
    with write():
        alone(LOCK)
        found = holdings(work, [settings.pick])
        if found.missing:
            raise Problem(problems.NOBODY, name="；".join(found.missing))
        counts = _commended(work, settings, found)
        if not counts:
            raise Problem(problems.NOBODY, name=settings.name)
        what = words_of(work.scheme, settings.pick)
        lines = [_drawn(settings, who, n, what) for who, n in counts]
        cut = {"code": settings.code, "name": settings.name, "n": len(lines), "risen": 0, "lowest": None, "why": what}
        methods = _methods(work, settings.code)
        by_code = {who.subject: (n, methods.get(who.subject, "")) for who, n in counts}
        praised = [Praised(who.name, who.where, n, by_code[who.subject][1]) for who, n in counts]
        return store_list(
            actor, work, KIND, settings.code, settings.name, list(found.basis.values()),
            Draw(tuple(lines), (cut,), 0), now=now, reason=reason, extra=lambda line: by_code[line.who.subject],
            text=compose(settings, ground.name, work.span.name, what, praised),
        )  # fmt: skip


def settings_of(scheme: Scheme, code: str) -> Commendation:
    """The commendation of that code in the scheme; Problem otherwise."""
    found = next((row for row in scheme.commendations if row.code == code), None)
    if found is None:
        raise Problem(problems.NO_SUCH_LIST, code=code, what="通报表扬")
    return found


def words_of(scheme: Scheme, pick: Pick) -> str:
    """What the picked result is called: 获评五星级, 登上农户红黑榜红榜."""
    rows: dict[str, tuple[Any, ...]] = {
        "award": scheme.awards, "rank": scheme.rankings, "board": scheme.boards, "stars": scheme.ratings,
        "grade": scheme.gradings,
    }  # fmt: skip
    row = next((one for one in rows[pick.kind] if one.code == pick.of), None)
    name = row.name if row else pick.of
    if pick.kind == "stars":
        return f"获评“{name}”{pick.low} 星以上"
    if pick.kind == "rank":
        return f"列“{name}”第 {pick.low}–{pick.high} 名"
    if pick.kind == "board":
        return f"列入“{name}”{'红榜' if 'red' in pick.values else '黑榜'}"
    classes: tuple[Any, ...] = getattr(row, "classes", ()) or getattr(row, "grades", ())
    called = "、".join(one.name for one in classes if one.code in pick.values)
    return f"在“{name}”中评为{called}"


def _commended(work: Work, settings: Commendation, found: Holdings) -> list[tuple[Who, int]]:
    """Who is commended and for how many targets, by code; a bearer's team-mates are commended with it."""
    codes = {row.subject for row in found.held if is_picked(row, settings.pick)}
    holders = [found.who[code] for code in sorted(codes)]
    if not settings.layers:
        return [(who, 0) for who in holders if HOUSEHOLD not in who.subject]
    targets = [who.place_id for who in holders if who.place_id]
    counts: dict[tuple[int | None, int | None], int] = {}
    for some in batched(targets, CHUNK):
        rows = Duty.objects.live(work.span.ends_on).filter(
            scheme=work.code, layer__in=settings.layers, target_id__in=some
        )
        for person, unit, _target in rows.values_list("person_id", "organisation_id", "target_id").distinct():
            counts[person, unit] = counts.get((person, unit), 0) + 1
    people = subjects.persons(person for person, _ in counts if person)
    units = subjects.organisations(unit for _, unit in counts if unit)
    named = [(people[person] if person else units[unit or 0], n) for (person, unit), n in counts.items()]
    return sorted((row for row in named if row[1] >= settings.least), key=lambda row: (-row[1], row[0].subject))


def _drawn(settings: Commendation, who: Who, n: int, what: str) -> Drawn:
    why = f"所包保的 {n} 个对象{what}" if n else what
    return Drawn(who, settings.code, settings.name, None, None, why)


def _methods(work: Work, code: str) -> dict[str, str]:
    """What was written of each one's method in the version before."""
    rows = AwardLine.objects.filter(
        list__ground=work.ground, list__scheme=work.code, list__kind=KIND, list__code=code, list__key=work.span.key
    )
    return dict(rows.exclude(method="").order_by("list__version").values_list("subject", "method"))


def write_text(
    actor: User | None, row: AwardList, *, now: datetime, methods: Mapping[int, str] | None = None, text: str = ""
) -> AwardList:
    """The methods (line → words) written and the text composed anew, or the text as it was edited; approval is due again."""
    with write():
        alone(LOCK)
        found = _open(row)
        if methods is not None:
            lines = list(found.lines.filter(pk__in=list(methods)))
            for line in lines:
                line.method = methods[line.pk].strip()[:500]
            AwardLine.objects.bulk_update(lines, ["method"], batch_size=500)
        found.text = text.replace("\r\n", "\n").strip() or _composed(found)
        found.edited_by, found.approved_at, found.approved_by = actor, None, None
        found.save(update_fields=["text", "edited_by", "approved_at", "approved_by"])
        working.log(actor, "commendation.written", found, {"characters": len(found.text)})
    return found


def approve_text(actor: User | None, row: AwardList, *, now: datetime) -> AwardList:
    """The text approved by another person than who drew the list or last wrote in it."""
    with write():
        alone(LOCK)
        found = _open(row)
        if actor is None or actor.pk in (found.made_by_id, found.edited_by_id):
            raise Problem(problems.SAME_PERSON, name=found.title)
        found.approved_at, found.approved_by = now, actor
        found.save(update_fields=["approved_at", "approved_by"])
        working.log(actor, "commendation.approved", found, {"characters": len(found.text)})
    return found


def _open(row: AwardList) -> AwardList:
    found = AwardList.objects.select_for_update(of=("self",)).select_related("ground", "scheme_version").get(pk=row.pk)
    if found.kind != KIND or found.state != State.DRAWN:
        label = State(found.state).label
        raise Problem(problems.WRONG_STATE, name=found.title, version=found.version, state=label, act="改文稿")
    return found


def _composed(row: AwardList) -> str:
    scheme = scheme_of(row.scheme_version)
    settings = settings_of(scheme, row.code)
    rows: Sequence[AwardLine] = list(row.lines.exclude(value=""))
    praised = [Praised(line.name, line.where, line.n_targets, line.method) for line in rows]
    return compose(settings, row.ground.name, parse_period(row.key).name, words_of(scheme, settings.pick), praised)
