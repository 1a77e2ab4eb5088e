"""The appraisal of a layer's bearers: worked out by set, stored as a version, proposed to those it concerns."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from xiangyue.base.bulk import insert_rows
from xiangyue.base.problems import Problem
from xiangyue.base.writes import alone, write
from xiangyue.people.models import Organisation, Person
from xiangyue.places.models import Place
from xiangyue.rewards import problems, subjects, working
from xiangyue.rewards.performance_facts import PROBLEMS, Bearer, Borne, Facts, read_facts
from xiangyue.rewards.performance_models import Appraisal, AppraisalLine
from xiangyue.rewards.publishing import publish
from xiangyue.rewards.subjects import Who
from xiangyue.rewards.working import LOCK, Work, work_on
from xiangyue.rules.numbers import half_up
from xiangyue.rules.performance import VISITS, Performed, Way, outcomes, performance, progress_among
from xiangyue.rules.settings import Performance

if TYPE_CHECKING:
    from xiangyue.people.models import User

LINE = (
    "appraisal", "subject", "place", "person", "organisation", "name", "where", "path", "figure", "factor", "n_targets",
    "parts", "targets", "why", "factor_why",
)  # fmt: skip
NO_RECORDS = {"problems": "本期没有到期的问题记录，缺项", "visits": "没有走访记录，缺项，不按零分算"}


class Part(NamedTuple):
    """A part of a bearer's performance: its figure, what it is made of, and why."""

    figure: int | None
    n: int
    total: int
    why: str


class Appraised(NamedTuple):
    """A bearer's line."""

    who: Who
    performed: Performed
    parts: tuple[Part, ...]
    targets: tuple[tuple[int, int | None, int | None], ...]


def appraise(
    actor: User | None, ground: Place, code: str, key: str, *, now: datetime, scheme: str = "", reason: str = ""
) -> Appraisal:
    """A new version of the performance of all who bear the layer; Problem where nothing differs from the last one."""
    work = work_on(ground, key, scheme)
    settings = settings_of(work, code)
    with write():
        alone(LOCK)
        facts = read_facts(work, settings)
        lines = appraised(facts, settings)
        if not lines:
            raise Problem(problems.NOBODY, name=settings.name)
        return _store(actor, work, settings, facts, lines, now, reason)


def settings_of(work: Work, code: str) -> Performance:
    """The performance of that code, for this kind of period; Problem otherwise."""
    found = next((row for row in work.scheme.performances if row.code == code), None)
    if found is None:
        raise Problem(problems.NO_SUCH_LIST, code=code, what="履职评价")
    if found.period != work.span.kind:
        raise Problem(problems.OTHER_PERIOD, name=work.span.name, code=found.name)
    return found


def appraised(facts: Facts, settings: Performance) -> list[Appraised]:
    """Every bearer's performance, by code."""
    people = subjects.persons(person for person, _ in facts.bearers if person)
    units = subjects.organisations(unit for _, unit in facts.bearers if unit)
    found = []
    for bearer, held in facts.bearers.items():
        person, unit = bearer
        who = people[person] if person else units[unit or 0]
        found.append(_appraise(who, bearer, held, facts, settings))
    return sorted(found, key=lambda row: row.who.subject.encode())


def _appraise(who: Who, bearer: Bearer, held: Sequence[Borne], facts: Facts, settings: Performance) -> Appraised:
    own = {borne.target: borne for borne in sorted(held, key=lambda one: one.from_on, reverse=True)}
    ways = [Way(str(target), facts.firsts.get(borne), facts.results.get(target)) for target, borne in own.items()]
    parts = {part.code: _part(part.code, bearer, ways, facts) for part in settings.parts}
    performed = performance(who.subject, {code: part.figure for code, part in parts.items()}, settings)
    targets = tuple((int(way.target), way.first, way.result) for way in sorted(ways, key=lambda way: int(way.target)))
    return Appraised(who, performed, tuple(parts.values()), targets)


def _part(code: str, bearer: Bearer, ways: Sequence[Way], facts: Facts) -> Part:
    if code == "outcomes":
        made = outcomes(way.result for way in ways)
        return Part(made.value, made.n, made.total, made.why)
    if code == "progress":
        far = progress_among(ways, facts.likes)
        return Part(far.figure, far.own, far.own_gain or 0, far.why)
    kept = {VISITS: facts.visits, PROBLEMS: facts.problems}.get(code, {}).get(bearer)
    if kept is not None:
        return Part(kept.value, kept.n, kept.total, kept.why)
    if code in NO_RECORDS:
        return Part(None, 0, 0, NO_RECORDS[code])
    sheet = facts.sheets.get(code, {}).get(bearer)
    return Part(sheet.value, sheet.n, sheet.total, sheet.why) if sheet else Part(None, 0, 0, "没有检查，缺项")


def _store(
    actor: User | None, work: Work, settings: Performance, facts: Facts, lines: Sequence[Appraised], now: datetime,
    reason: str,
) -> Appraisal:  # fmt: skip
    digest = digest_of(work, settings, lines)
    number = working.next_version(Appraisal, actor, work, {"code": settings.code}, digest)
    figures = [line.performed.figure for line in lines if line.performed.figure is not None]
    row = Appraisal.objects.create(
        ground=work.ground, scheme=work.code, scheme_version=work.version, code=settings.code, key=work.span.key,
        name=settings.name, version=number, digest=digest, basis=[list(one) for one in facts.basis], made_at=now,
        made_by=actor, reason=reason.strip()[:200], layer=settings.layer, ends_on=work.span.ends_on,
        parts=[[part.code, part.name, part.weight] for part in settings.parts], n_bearers=len(lines),
        n_rated=len(figures), mean=half_up(sum(figures), len(figures)) if figures else None,
    )  # fmt: skip
    insert_rows(AppraisalLine, LINE, (_line(row.pk, line) for line in lines))
    working.log(actor, "appraisal.made", row, {"bearers": len(lines), "rated": len(figures), "digest": digest}, reason)
    return row


def digest_of(work: Work, settings: Performance, lines: Sequence[Appraised]) -> str:
    """The digest of the lines: figure, factor and the figures of the parts."""
    rows = [
        (line.who.subject, line.performed.figure, line.performed.factor, *(part.figure for part in line.parts))
        for line in lines
    ]
    return working.digest_of(work, f"appraisal:{settings.code}", rows)


def _line(pk: int, line: Appraised) -> tuple[Any, ...]:
    who, made = line.who, line.performed
    return (
        pk, who.subject, None, who.person_id, who.organisation_id, who.name[:80], who.where[:80], who.path, made.figure,
        made.factor, len(line.targets), _json(line.parts), _json(line.targets), made.why[:400], made.factor_why[:200],
    )  # fmt: skip


def _json(rows: Sequence[Sequence[Any]]) -> str:
    return json.dumps([list(row) for row in rows], ensure_ascii=False, separators=(",", ":"))


def propose_appraisal(actor: User | None, row: Appraisal, *, now: datetime) -> Appraisal:
    """The appraisal on notice to those whom it concerns, told first: each sees its own page and can object."""
    with write():
        alone(LOCK)
        found = Appraisal.objects.select_related("ground", "scheme_version").get(pk=row.pk)
        people = Person.objects.filter(pk__in=found.lines.exclude(person=None).values("person"))
        units = Organisation.objects.filter(pk__in=found.lines.exclude(organisation=None).values("organisation"))
        publish(actor, found, "appraisal", [*people, *units], now=now)
        working.log(actor, "appraisal.proposed", found, {"bearers": found.n_bearers})
    return found
