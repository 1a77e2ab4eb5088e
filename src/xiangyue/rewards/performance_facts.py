"""What a layer's bearers are appraised on, read by set: live duties, results of the targets, first results, sheets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from django.db.models import Count, F, Sum

from xiangyue.base.problems import Problem
from xiangyue.checks.models import Check, Kind
from xiangyue.duties.models import Duty
from xiangyue.rewards import problems
from xiangyue.rewards.performance_problems import problem_rates
from xiangyue.rewards.performance_visits import visit_rates
from xiangyue.rewards.working import Basis, Work, basis_of, closing_of
from xiangyue.rules.days import months_of
from xiangyue.rules.numbers import half_up, show
from xiangyue.rules.performance import VISITS, Figure, Likes, Way, likes_of
from xiangyue.rules.settings import Composite, Layer, Performance
from xiangyue.standings.models import Closing, Result, Standing

FEWEST_MONTHS = {"month": 1, "quarter": 2, "year": 8}
"""Rated months that a longer period takes, where the scheme has no composite of that period (rule 5's default)."""
CHUNK = 900
PROBLEMS = "problems"
KEPT_APART = ("outcomes", "progress", PROBLEMS, "visits")

type Bearer = tuple[int | None, int | None]
"""(Person, organisation): one of them."""


class Borne(NamedTuple):
    """A target of a bearer, with the first day of the duty."""

    target: int
    from_on: date


@dataclass
class Facts:
    """Everything that the performance of a layer's bearers is worked out from."""

    bearers: dict[Bearer, list[Borne]] = field(default_factory=dict)
    results: dict[int, int | None] = field(default_factory=dict)
    firsts: dict[Borne, int] = field(default_factory=dict)
    likes: Likes = field(default_factory=lambda: Likes({}, {}))
    sheets: dict[str, dict[Bearer, Figure]] = field(default_factory=dict)
    """Part code → bearer → mean of the sheets of that check kind."""
    visits: dict[Bearer, Figure] = field(default_factory=dict)
    problems: dict[Bearer, Figure] = field(default_factory=dict)
    basis: tuple[Basis, ...] = ()


def read_facts(work: Work, settings: Performance) -> Facts:
    """The facts for one performance in a period; Problem when its results are not closed."""
    layer = next((row for row in work.scheme.layers if row.code == settings.layer), None)
    if layer is None:
        raise Problem(problems.NO_SUCH_LIST, code=settings.layer, what="包保层级")
    composite = outcomes_composite(work, settings, layer)
    facts = Facts(_bearers(work, layer))
    if composite is not None:
        facts.results, facts.basis = _results(work, composite)
        history = _history(work, composite)
        wanted = {borne for held in facts.bearers.values() for borne in held}
        facts.firsts, on_ground = _firsts(history, wanted)
        facts.likes = _likes(facts, on_ground)
    for part in settings.parts:
        if part.code not in KEPT_APART:
            facts.sheets[part.code] = _sheets(work, layer, part.code)
        elif part.code == VISITS:
            facts.visits = visit_rates(work, layer)
        elif part.code == PROBLEMS:
            facts.problems = problem_rates(work, layer)
    return facts


def outcomes_composite(work: Work, settings: Performance, layer: Layer) -> Composite | None:
    """The composite whose results are the outcomes: the one named, that of the period, or the monthly one."""
    rows = [row for row in work.scheme.composites if row.level == layer.target]
    if settings.composite:
        return next((row for row in rows if row.code == settings.composite), None)
    same = [row for row in rows if row.period == settings.period]
    return next(iter(same or [row for row in rows if row.period == "month"]), None)


def _bearers(work: Work, layer: Layer) -> dict[Bearer, list[Borne]]:
    rows = Duty.objects.live(work.span.ends_on).below(work.ground.path)
    rows = rows.filter(scheme=work.code, layer=layer.code)
    found: dict[Bearer, list[Borne]] = {}
    values = rows.order_by("target__path", "pk").values_list("person_id", "organisation_id", "target_id", "from_on")
    for person, unit, target, from_on in values:
        found.setdefault((person, unit), []).append(Borne(target, from_on))
    return found


def _results(work: Work, composite: Composite) -> tuple[dict[int, int | None], tuple[Basis, ...]]:
    """Target → its result of the period: the composite's own, or the mean of its rated months."""
    if composite.period == work.span.kind:
        closing = closing_of(work)
        rows = Result.objects.filter(standing__closing=closing, standing__composite=composite.code)
        return dict(rows.values_list("subject_id", "result")), (basis_of(closing),)
    closings = [one for month in months_of(work.span) if (one := _newest(work, month.key)) is not None]
    if not closings:
        raise Problem(problems.NOT_CLOSED, name=work.span.name)
    rows = Result.objects.filter(
        standing__closing__in=closings, standing__composite=composite.code, result__isnull=False
    )
    least = FEWEST_MONTHS[work.span.kind]
    found: dict[int, int | None] = {
        subject: half_up(total, n) if n >= least else None
        for subject, total, n in rows.values_list("subject_id").annotate(total=Sum("result"), n=Count("pk"))
    }
    return found, tuple(basis_of(one) for one in closings)


def _newest(work: Work, key: str) -> Closing | None:
    rows = Closing.objects.filter(period__ground=work.ground, period__scheme=work.code, period__key=key)
    return rows.select_related("period").order_by("-version").first()


def _history(work: Work, composite: Composite) -> list[tuple[date, int]]:
    """(Last day, standing) of the closed periods that a first result can lie in, earliest first, newest version.

    Those of the months that a longer result is made of, or of earlier periods: a period is no progress on itself.
    """
    months = next((row for row in work.scheme.composites if row.code == composite.of), None)
    base = months if composite.mode == "months" and months is not None else composite
    rows = Standing.objects.filter(
        composite=base.code,
        closing__period__ground=work.ground,
        closing__period__scheme=work.code,
        closing__period__kind=base.period,
        closing__period__ends_on__lte=work.span.ends_on,
    )
    if base.period == work.span.kind:
        rows = rows.exclude(closing__period__key=work.span.key)
    newest: dict[date, int] = dict(rows.order_by("closing__version").values_list("closing__period__ends_on", "pk"))
    return sorted(newest.items())


def _firsts(history: Iterable[tuple[date, int]], wanted: set[Borne]) -> tuple[dict[Borne, int], dict[int, int]]:
    """The first result of each target within its duty, and of every other target on the ground."""
    left: dict[int, list[Borne]] = {}
    for borne in wanted:
        left.setdefault(borne.target, []).append(borne)
    firsts: dict[Borne, int] = {}
    on_ground: dict[int, int] = {}
    for at, (ends_on, standing) in enumerate(history):
        rows = Result.objects.filter(standing=standing, result__isnull=False)
        few = at > 0 and len(left) <= CHUNK
        rows = rows.filter(subject_id__in=list(left)) if few else rows
        for subject, result in rows.values_list("subject_id", "result"):
            if result is None:
                continue
            on_ground.setdefault(subject, result)
            if subject in left:
                begun = [borne for borne in left[subject] if borne.from_on <= ends_on]
                firsts |= dict.fromkeys(begun, result)
                left[subject] = [borne for borne in left[subject] if borne.from_on > ends_on]
                if not left[subject]:
                    del left[subject]
        if not left and at > 0:
            break
    return firsts, on_ground


def _likes(facts: Facts, on_ground: Mapping[int, int]) -> Likes:
    """What the ground's targets gained since their first result in their duty, or on the ground where none bears them."""
    earliest: dict[int, Borne] = {}
    for borne in (one for held in facts.bearers.values() for one in held):
        held = earliest.get(borne.target)
        if held is None or borne.from_on < held.from_on:
            earliest[borne.target] = borne
    return likes_of(
        Way(str(target), facts.firsts.get(earliest[target]) if target in earliest else first, facts.results.get(target))
        for target, first in sorted(on_ground.items())
    )


def _sheets(work: Work, layer: Layer, code: str) -> dict[Bearer, Figure]:
    """The mean of the counted sheets of a check kind on each bearer's targets, since the duty began, in the period."""
    kind = Kind.objects.filter(ground=work.ground.ground_id, scheme=work.code, code=code).first()
    if kind is None:
        return {}
    rows = Duty.objects.live(work.span.ends_on).below(work.ground.path).filter(
        scheme=work.code, layer=layer.code, target__checks__ground=work.ground.ground_id, target__checks__kind=kind,
        target__checks__month__in=[month.starts_on.year * 100 + month.starts_on.month for month in months_of(work.span)],
        target__checks__state=Check.State.COUNTED, target__checks__day__gte=F("from_on"),
    )  # fmt: skip
    found: dict[Bearer, Figure] = {}
    values = rows.order_by().values_list("person_id", "organisation_id").annotate(
        n=Count("target__checks"), total=Sum("target__checks__score")
    )  # fmt: skip
    for person, unit, n, total in values:
        value = half_up(total, n)
        found[person, unit] = Figure(value, n, total, f"{n} 次{kind.name}合计 {show(total)}，平均 {show(value)}")
    return found
