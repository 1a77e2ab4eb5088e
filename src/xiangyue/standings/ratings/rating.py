"""A rating of a period worked out on what is on file: who is rated, on which figures, with which violations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from xiangyue.agreements.in_force import scheme_of, scheme_on
from xiangyue.agreements.models import SchemeVersion
from xiangyue.base.problems import Problem
from xiangyue.places.models import Place
from xiangyue.rules.days import Span, parse_period
from xiangyue.rules.ground import Subject
from xiangyue.rules.ranking import group_of
from xiangyue.rules.rated import Contender, RatedGround, rate_ground
from xiangyue.rules.settings import Domain, Rating, Scheme, Threshold
from xiangyue.rules.stars import Candidate
from xiangyue.standings.actions.periods import span_of
from xiangyue.standings.facts import Ground, closings_of, subjects_of, version_name
from xiangyue.standings.models import Closing
from xiangyue.standings.ratings import problems
from xiangyue.standings.ratings.indicators import Figure, Numbers
from xiangyue.standings.ratings.models import StarRating
from xiangyue.standings.ratings.violations import Held, in_force
from xiangyue.standings.totals import fetch


@dataclass(frozen=True, slots=True)
class AskedRating:
    """A rating of a period that someone names, with the scheme in force on the period's last day."""

    ground: Place
    version: SchemeVersion
    scheme: Scheme
    rating: Rating
    span: Span

    @property
    def facts_ground(self) -> Ground:
        """The ground as the facts ask for it."""
        return Ground(self.ground.pk, self.ground.code, self.ground.path)

    @property
    def indicators(self) -> list[str]:
        """The indicators that its thresholds take, each once."""
        return list(dict.fromkeys(row.indicator for domain in self.rating.domains for row in domain.thresholds))

    @property
    def stamp(self) -> str:
        """The scheme version as the digest names it."""
        return version_name(self.scheme, self.version.version)


@dataclass(frozen=True, slots=True)
class WorkedRating:
    """A rating worked out on the facts of this moment, nothing stored."""

    asked: AskedRating
    contenders: Sequence[Contender]
    figures: Mapping[str, Mapping[str, Figure]]
    violations: Mapping[str, Sequence[Held]]
    closing: Closing | None
    ids: Mapping[str, int]
    rated: RatedGround

    @property
    def n_rated(self) -> int:
        """How many have stars, none included."""
        return sum(row.stars is not None for row in self.rated.rows)


def asked_rating(ground: Place, scheme: str, code: str, key: str) -> AskedRating:
    """What is meant by a ground, a scheme, a rating and a period; Problem where the scheme has no such rating."""
    span = span_of(key)
    version, found = scheme_on(ground, scheme, span.ends_on)
    rating = next((row for row in found.ratings if row.code == code), None)
    if rating is None:
        raise Problem(problems.NO_RATING, scheme=found.name, code=code)
    if rating.period != span.kind:
        raise Problem(problems.WRONG_PERIOD, rating=rating.name, key=span.name)
    return AskedRating(ground, version, found, with_units(rating, found), span)


def asked_of(row: StarRating) -> AskedRating:
    """A stored rating as it was asked for, by its own scheme version."""
    scheme = scheme_of(row.scheme_version)
    rating = next(held for held in scheme.ratings if held.code == row.code)
    return AskedRating(row.ground, row.scheme_version, scheme, with_units(rating, scheme), parse_period(row.key))


def with_units(rating: Rating, scheme: Scheme) -> Rating:
    """The rating with the units of its indicators where a threshold names none."""
    known = {indicator.code: indicator for indicator in scheme.indicators}

    def told(row: Threshold) -> Threshold:
        indicator = known.get(row.indicator)
        return replace(row, unit=indicator.unit) if indicator is not None and not row.unit else row

    domains = tuple(Domain(d.code, d.name, tuple(told(row) for row in d.thresholds)) for d in rating.domains)
    return replace(rating, domains=domains)


def work_out(asked: AskedRating, scores: Mapping[str, int | None] | None = None) -> WorkedRating:
    """The rating on what is on file now; `scores` takes the place of the composite's results (a staged review's).

    Problem when the composite's period is not closed.
    """
    rating, ground = asked.rating, asked.facts_ground
    subjects, ids = subjects_of(ground, asked.scheme, asked.span, [rating.level])
    closing = None
    if scores is None:
        closing, scores = _results(asked)
    held = [subject for subject in subjects if not rating.categories or subject.category in rating.categories]
    numbers = Numbers(ground, asked.scheme, asked.span)
    figures = numbers.for_subjects(asked.indicators, held)
    violations = in_force(ground, asked.scheme, asked.span) if rating.violations else {}
    contenders = [_contender(asked, subject, scores, figures, violations) for subject in held]
    rated = rate_ground(ground.code, asked.stamp, asked.span.key, rating, contenders)
    return WorkedRating(asked, contenders, figures, violations, closing, ids, rated)


def _contender(
    asked: AskedRating,
    subject: Subject,
    scores: Mapping[str, int | None],
    figures: Mapping[str, Mapping[str, Figure]],
    violations: Mapping[str, Sequence[Held]],
) -> Contender:
    candidate = Candidate(
        subject.code,
        scores.get(subject.code),
        {code: figure.number for code, figure in figures[subject.code].items()},
        tuple(held.violation for held in violations.get(subject.code, ())),
    )
    group = group_of(subject.chain, asked.rating.group) or asked.ground.code
    is_due = subject.state not in asked.scheme.households.not_due
    return Contender(candidate, group, subject.category, is_due)


def _results(asked: AskedRating) -> tuple[Closing | None, dict[str, int | None]]:
    """The newest closing of the period and the results of the rating's composite in it."""
    rating = asked.rating
    if not rating.composite:
        return None, {}
    pk = closings_of(asked.ground.pk, asked.scheme.code, [asked.span.key]).get(asked.span.key)
    if pk is None:
        raise Problem(problems.RATING_NOT_CLOSED, rating=rating.name, name=asked.span.name)
    rows = fetch(
        "SELECT p.code, r.result FROM standings_result r JOIN standings_standing s ON s.id = r.standing_id"
        " JOIN places_place p ON p.id = r.subject_id WHERE s.closing_id = %s AND s.composite = %s",
        [pk, rating.composite],
    )
    return Closing.objects.get(pk=pk), {str(code): result for code, result in rows}
