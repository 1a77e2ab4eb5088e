"""The working ledger of a village (一村一账), written from records: stars, gaps, watch list, violations, duties, what is due."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from xiangyue.agreements.goal_models import Target
from xiangyue.agreements.in_force import schemes_over
from xiangyue.agreements.models import SchemeVersion
from xiangyue.base.masking import mask_name
from xiangyue.base.roles import READERS
from xiangyue.base.scope import Scope, not_hidden
from xiangyue.checks.models import Check
from xiangyue.duties.layers import layers_on
from xiangyue.duties.models import Duty
from xiangyue.places.models import Place
from xiangyue.problems.faults import FaultsAt, faults_at
from xiangyue.rules.days import Span, period_of
from xiangyue.rules.domains import DomainMet, judge
from xiangyue.rules.numbers import told
from xiangyue.rules.ranking import category_of
from xiangyue.rules.settings import Indicator, Rating, Scheme, Threshold
from xiangyue.standings.facts import Ground
from xiangyue.standings.models import Result
from xiangyue.standings.ratings.indicators import Figure, Numbers, entered, span_of
from xiangyue.standings.ratings.models import EstablishedViolation, StarRow, WatchEntry
from xiangyue.standings.ratings.rating import with_units
from xiangyue.standings.ratings.violations import kinds_of
from xiangyue.standings.ratings.watching import state_of


@dataclass(frozen=True, slots=True)
class Item:
    """One threshold as it stands now: its number, what is lacking, and who answers for it."""

    name: str
    number: str
    is_met: bool
    why: str
    owner: str
    missing: bool


@dataclass(frozen=True, slots=True)
class DomainNow:
    """A domain as it stands now."""

    judged: DomainMet
    strong: Sequence[Item]
    gaps: Sequence[Item]


@dataclass(frozen=True, slots=True)
class RatingNow:
    """A rating of the village: the last stars, and how many domains and items are met today."""

    rating: Rating
    scheme: Scheme
    version: SchemeVersion
    span: Span
    last: StarRow | None
    domains: Sequence[DomainNow]
    code: str
    """The village's."""
    target: int | None = None
    """The stars that the village is to have this year; none: no target was set."""

    @property
    def n_met(self) -> int:
        """Domains met today."""
        return sum(domain.judged.is_met for domain in self.domains)

    @property
    def last_url(self) -> str:
        """The page of the last stars."""
        from django.urls import reverse

        return reverse("standings:rating_subject", args=[self.last.rating_id, self.code]) if self.last else ""

    @property
    def total_words(self) -> str:
        """Of how many domains."""
        return _("共 %s 个方面") % len(self.domains)

    @property
    def items_words(self) -> str:
        """Of how many items."""
        return _("共 %s 项") % self.items[1]

    @property
    def items(self) -> tuple[int, int]:
        """(Items met, items) today."""
        return sum(d.judged.items_met for d in self.domains), sum(d.judged.items for d in self.domains)


@dataclass(frozen=True, slots=True)
class Answer:
    """Who answers for the village: layer, name, unit, and for what it is answered (the village or its township)."""

    layer: str
    name: str
    unit: str
    place: str


@dataclass(frozen=True, slots=True)
class Due:
    """Something that is to be done, by when and by whom."""

    what: str
    who: str
    by: date | None
    url: str = ""


@dataclass(frozen=True, slots=True)
class Ledger:
    """A village's ledger as it stands on a day."""

    place: Place
    ratings: Sequence[RatingNow]
    watched: Sequence[tuple[WatchEntry, str]]
    violations: Sequence[tuple[str, EstablishedViolation]]
    answers: Sequence[Answer]
    results: Sequence[Result]
    faulty: int
    n_checks: int
    due: Sequence[Due]
    faults: FaultsAt


def ledger_of(place: Place, scope: Scope, today: date) -> Ledger:
    """Everything on the page of one village."""
    schemes = schemes_over(place, today)
    ratings = [now for version, scheme in schemes for now in _ratings(place, version, scheme, today)]
    inside = scope.holds(READERS, place.path)
    checks = Check.objects.filter(subject=place, state=Check.State.COUNTED, month=today.year * 100 + today.month)
    n_faults = list(not_hidden(checks, scope).values_list("n_faults", flat=True))
    watched = WatchEntry.objects.filter(place=place).order_by("-from_on")[:6] if inside else []
    return Ledger(
        place=place,
        ratings=ratings,
        watched=[(row, state_of(row, today)) for row in watched],
        violations=_violations(place, schemes, today) if inside else [],
        answers=_answers(place, today, inside),
        results=_results(place),
        faulty=sum(map(bool, n_faults)),
        n_checks=len(n_faults),
        due=[*_missing(ratings), *_watch_ends(watched, today)],
        faults=faults_at(place, scope, today),
    )


def now_of(
    scheme: Scheme, version: SchemeVersion, rating: Rating, span: Span, last: StarRow | None,
    figures: Mapping[str, Figure], code: str,
) -> RatingNow:  # fmt: skip
    """A rating by the figures of today; quotas and caps come only when the stars are given."""
    told_off = with_units(rating, scheme)
    known = {row.code: row for row in scheme.indicators}
    numbers = {code: figure.number for code, figure in figures.items()}
    domains = []
    for domain in told_off.domains:
        judged = judge(domain, numbers)
        items = [
            _item(threshold, known.get(threshold.indicator), numbers.get(threshold.indicator), met.is_met, met.why)
            for threshold, met in zip(domain.thresholds, judged.thresholds, strict=True)
        ]
        domains.append(DomainNow(judged, [i for i in items if i.is_met], [i for i in items if not i.is_met]))
    return RatingNow(told_off, scheme, version, span, last, domains, code)


def _item(threshold: Threshold, indicator: Indicator | None, number: int | None, is_met: bool, why: str) -> Item:
    owner = indicator.owner if indicator else ""
    return Item(threshold.name, told(number, threshold.decimals, threshold.unit), is_met, why, owner, number is None)


def rates(rating: Rating, scheme: Scheme, place: Place) -> bool:
    """Whether the rating is for places of this level and class."""
    category = category_of(scheme.categories, rating.level, place.place_class)
    return rating.level == place.level and (not rating.categories or category in rating.categories)


def _ratings(place: Place, version: SchemeVersion, scheme: Scheme, today: date) -> list[RatingNow]:
    """The ratings of the place's level, with their last stars and today's figures."""
    held = [rating for rating in scheme.ratings if rates(rating, scheme, place)]
    if not held:
        return []
    last = last_rows([place.pk], scheme.code, version.ground_id)
    targets = _targets(place, scheme, today.year)
    found = []
    for rating in held:
        span = period_of(rating.period, today)
        figures = _figures(place, version, scheme, rating, span)
        now = now_of(scheme, version, rating, span, last.get((place.pk, rating.code)), figures, place.code)
        found.append(replace(now, target=targets.get(rating.code)))
    return found


def _targets(place: Place, scheme: Scheme, year: int) -> dict[str, int]:
    """Rating → the stars that the place is to have in the year, by the scheme's goals of its level."""
    goals = {g.code: g for g in scheme.goals if g.measure == "stars" and g.level == place.level}
    if not goals:
        return {}
    rows = Target.objects.filter(place=place, scheme=scheme.code, year=year, value__gt=0, goal__in=list(goals))
    found: dict[str, int] = {}
    for code in rows.values_list("goal", flat=True):
        found[goals[code].of] = max(goals[code].least, found.get(goals[code].of, 0))
    return found


def last_rows(places: Sequence[int], scheme: str, ground_id: int) -> dict[tuple[int, str], StarRow]:
    """(Place, rating) → its row in the newest version given."""
    rows = StarRow.objects.filter(subject__in=places, rating__scheme=scheme, rating__ground=ground_id)
    found: dict[tuple[int, str], StarRow] = {}
    for row in rows.select_related("rating").order_by("rating__key", "rating__version"):
        found[row.subject_id, row.rating.code] = row
    return found


def _figures(place: Place, version: SchemeVersion, scheme: Scheme, rating: Rating, span: Span) -> dict[str, Figure]:
    """The place's figures: those entered in one query; those drawn only where a threshold takes one."""
    codes = dict.fromkeys(row.indicator for domain in rating.domains for row in domain.thresholds)
    known = {row.code: row for row in scheme.indicators if row.code in codes}
    plain = [row for row in known.values() if row.counted is None]
    ground = _ground(version)
    figures = {
        code: by_code[place.code]
        for code, by_code in entered(ground, scheme.code, plain, span, place.pk).items()
        if place.code in by_code
    }
    drawn = [row.code for row in known.values() if row.counted is not None]
    if drawn:
        numbers = Numbers(ground, scheme, span)
        figures |= {code: held[place.code] for code in drawn if place.code in (held := numbers.of(code))}
    return figures


def _ground(version: SchemeVersion) -> Ground:
    place = version.ground
    return Ground(place.pk, place.code, place.path)


def _violations(
    place: Place, schemes: Iterable[tuple[SchemeVersion, Scheme]], today: date
) -> list[tuple[str, EstablishedViolation]]:
    names = {kind.code: kind.name for _version, scheme in schemes for kind in kinds_of(scheme).values()}
    rows = EstablishedViolation.objects.filter(subject=place, lifted_at=None, from_on__lte=today, to_on__gte=today)
    return [(names.get(row.kind, row.kind), row) for row in rows.select_related("department").order_by("from_on")]


def _answers(place: Place, today: date, inside: bool) -> list[Answer]:
    """Who bears the village, and who bears its township, layer by layer."""
    names = {(one.scheme, one.code): one.layer.name for one in layers_on(place, today)}
    targets = [place.pk, *([place.township_id] if place.township_id else [])]
    rows = Duty.objects.live(today).filter(target__in=targets, scheme__in={scheme for scheme, _code in names})
    order = list(names)
    found = []
    for row in rows.select_related("person__organisation", "organisation", "target"):
        key = (row.scheme, row.layer)
        name = row.person.name if row.person else str(row.organisation)
        unit = row.person.organisation.name if row.person and row.person.organisation else ""
        shown = name if inside or row.person is None else mask_name(name)
        at = order.index(key) if key in order else len(order)
        found.append((at, row.pk, Answer(names.get(key, row.layer), shown, unit, row.target.name)))
    return [answer for _at, _pk, answer in sorted(found, key=lambda row: row[:2])]


def _results(place: Place) -> list[Result]:
    """The place's last closed results, one a composite, newest first."""
    rows = Result.objects.filter(subject=place, result__isnull=False)
    rows = rows.select_related("standing__closing__period").order_by(
        "-standing__closing__period__ends_on", "-standing__closing__version"
    )
    found: dict[str, Result] = {}
    for row in rows[:40]:
        found.setdefault(row.standing.composite, row)
    return list(found.values())


def _missing(ratings: Iterable[RatingNow]) -> list[Due]:
    """Numbers that nobody has given yet, by who answers for them."""
    found: dict[tuple[str, date], list[str]] = {}
    for now in ratings:
        known = {row.name: row for row in now.scheme.indicators}
        for domain in now.domains:
            for item in domain.gaps:
                if item.missing:
                    indicator = known.get(item.name)
                    by = span_of(indicator, now.span).ends_on if indicator else now.span.ends_on
                    found.setdefault((item.owner or _("办公室"), by), []).append(item.name)
    return [
        Due(_("填报：%s") % "、".join(dict.fromkeys(names)), owner, by)
        for (owner, by), names in sorted(found.items(), key=lambda row: (row[0][1], row[0][0]))
    ]


def _watch_ends(watched: Iterable[WatchEntry], today: date) -> list[Due]:
    return [
        Due(_("整顿转化到期验收"), _("乡镇党委、包村领导"), row.to_on)
        for row in watched
        if row.turned_on is None and row.from_on <= today <= row.to_on
    ]


def overview_rows(villages: Sequence[Place], today: date) -> list[tuple[Place, dict[str, Any]]]:
    """(Village, what its ledger comes to) for a township's villages, read by set."""
    if not villages:
        return []
    pks = [place.pk for place in villages]
    standing = set(WatchEntry.objects.filter(place__in=pks).standing(today).values_list("place_id", flat=True))
    found: dict[int, dict[str, Any]] = {
        place.pk: {"watched": place.pk in standing, "ratings": []} for place in villages
    }
    for version, scheme in schemes_over(villages[0], today):
        held = [rating for rating in scheme.ratings if any(rates(rating, scheme, place) for place in villages)]
        last = last_rows(pks, scheme.code, version.ground_id) if held else {}
        for rating in held:
            span = period_of(rating.period, today)
            numbers = Numbers(_ground(version), scheme, span)
            codes = dict.fromkeys(row.indicator for domain in rating.domains for row in domain.thresholds)
            columns = {code: numbers.of(code) for code in codes}
            for place in villages:
                if not rates(rating, scheme, place):
                    continue
                figures = {code: column[place.code] for code, column in columns.items() if place.code in column}
                row = last.get((place.pk, rating.code))
                found[place.pk]["ratings"].append(now_of(scheme, version, rating, span, row, figures, place.code))
    return [(place, found[place.pk]) for place in villages]
