"""Whom incentives can pay and what they hold: from stored lists and results, or as the rules would draw them now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from xiangyue.base.problems import Problem
from xiangyue.rewards import subjects
from xiangyue.rewards.award_actions import worked_out
from xiangyue.rewards.award_facts import Candidates, Draw, draw_award, draw_grading
from xiangyue.rewards.award_models import AwardLine, AwardList
from xiangyue.rewards.edition import State
from xiangyue.rewards.incentive_models import HeadCount
from xiangyue.rewards.subjects import Who
from xiangyue.rewards.working import Basis, Work, basis_of, closing_of, rows_of
from xiangyue.rules.incentives import Held, Payee
from xiangyue.rules.settings import Award, Grading, Incentives, Pick, Scheme
from xiangyue.standings.models import BoardEntry
from xiangyue.standings.ratings.models import StarRating, StarRow

KIND = AwardList.Kind
NO_LIST = "no-list"
NO_HEADS = "no-heads"


@dataclass
class Holdings:
    """What is held in a period, by whom, from which rows, and what is not there yet."""

    held: list[Held] = field(default_factory=list)
    who: dict[str, Who] = field(default_factory=dict)
    basis: dict[tuple[str, int], Basis] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    """Words for every rule whose result is not there."""
    drawn: dict[tuple[str, str], Candidates] = field(default_factory=dict)
    """(award or grade, code) → who stands for it, where the rules draw it anew."""

    def add(self, who: Who, pick: Pick, value: str | int) -> None:
        """One result that a subject holds."""
        self.who.setdefault(who.subject, who)
        self.held.append(Held(who.subject, pick.kind, pick.of, value))

    def rest_on(self, *rows: Basis) -> None:
        """What the results come from."""
        for row in rows:
            self.basis[row.kind, row.id] = row


def holdings(work: Work, picks: Iterable[Pick], *, anew: bool = False) -> Holdings:
    """What the picks can find in the period; `anew`: awards and grades as the rules would draw them now."""
    found = Holdings()
    done: set[tuple[str, str]] = set()
    for pick in picks:
        if (pick.kind, pick.of) not in done:
            done.add((pick.kind, pick.of))
            _read(work, pick, found, anew)
    return found


def picks_of(incentives: Incentives) -> list[Pick]:
    """What the incentives' rules pick by."""
    return [row.pick for row in incentives.rules]


def _read(work: Work, pick: Pick, found: Holdings, anew: bool) -> None:
    if pick.kind in ("award", "grade"):
        if anew:
            _drawn(work, pick, found)
        else:
            _listed(work, pick, found)
    elif pick.kind == "stars":
        _stars(work, pick, found)
    else:
        _results(work, pick, found)


def _listed(work: Work, pick: Pick, found: Holdings) -> None:
    """From the newest stored list of an award or a grading."""
    kind = KIND.AWARD if pick.kind == "award" else KIND.GRADING
    rows = AwardList.objects.filter(ground=work.ground, scheme=work.code, kind=kind, code=pick.of, key=work.span.key)
    newest = rows.exclude(state=State.SUPERSEDED).order_by("-version").first()
    if newest is None:
        found.missing.append(f"{_name_of(work.scheme, pick)}：本期还没有拟定名单")
        return
    found.rest_on(Basis("list", newest.pk, newest.version, newest.name))
    lines = AwardLine.objects.filter(list=newest).exclude(value="").order_by("position")
    held = list(lines.values_list("place_id", "person_id", "organisation_id", "value", "where", "path"))
    people = subjects.persons(row[1] for row in held if row[1])
    places = subjects.places(row[0] for row in held if row[0])
    units = subjects.organisations(row[2] for row in held if row[2])
    for place, person, unit, value, where, path in held:
        other = places[place] if place else units.get(unit or 0)
        who = people[person]._replace(where=where, path=path) if person else other
        if who is not None:
            found.add(who, pick, value)


def _drawn(work: Work, pick: Pick, found: Holdings) -> None:
    """As the rules draw it from the results on file now."""
    settings = list_settings(work.scheme, pick)
    if settings is None:
        found.missing.append(f"方案里没有“{pick.of}”")
        return
    try:
        stood, drawn = worked_out(work, settings)
    except Problem as problem:
        found.missing.append(f"{settings.name}：{problem.words}")
        return
    found.drawn[pick.kind, pick.of] = stood
    found.rest_on(*stood.basis)
    _take(found, pick, drawn)


def redrawn(found: Holdings, scheme: Scheme, incentives: Incentives) -> Holdings:
    """The same results with awards and grades drawn by another scheme's places and floors."""
    kept = [row for row in found.held if (row.kind, row.of) not in found.drawn]
    other = Holdings(kept, dict(found.who), dict(found.basis), list(found.missing), found.drawn)
    done: set[tuple[str, str]] = set()
    for pick in (rule.pick for rule in incentives.rules):
        stood = found.drawn.get((pick.kind, pick.of))
        settings = list_settings(scheme, pick)
        if stood is None or settings is None or (pick.kind, pick.of) in done:
            continue
        done.add((pick.kind, pick.of))
        drawn = draw_award(stood, settings) if isinstance(settings, Award) else draw_grading(stood, settings)
        _take(other, pick, drawn)
    return other


def _take(found: Holdings, pick: Pick, drawn: Draw) -> None:
    for line in drawn.lines:
        found.add(line.who, pick, line.value)


def list_settings(scheme: Scheme, pick: Pick) -> Award | Grading | None:
    """The award or grading that a pick names."""
    rows: Iterable[Award | Grading] = scheme.awards if pick.kind == "award" else scheme.gradings
    return next((row for row in rows if row.code == pick.of), None)


def _stars(work: Work, pick: Pick, found: Holdings) -> None:
    rows = StarRating.objects.filter(ground=work.ground, scheme=work.code, code=pick.of, key=work.span.key)
    rating = rows.exclude(state=StarRating.State.SUPERSEDED).order_by("-version").first()
    if rating is None:
        found.missing.append(f"{_name_of(work.scheme, pick)}：本期还没有评星")
        return
    found.rest_on(Basis("rating", rating.pk, rating.version, rating.name))
    stars = StarRow.objects.filter(rating=rating, stars__isnull=False).order_by("subject__code")
    held = dict(stars.values_list("subject_id", "stars"))
    who = subjects.places(held)
    for place, number in held.items():
        found.add(who[place], pick, number or 0)


def _results(work: Work, pick: Pick, found: Holdings) -> None:
    """Ranks of a ranking, or sides of a board, in the period's newest closing."""
    rows = work.scheme.rankings if pick.kind == "rank" else work.scheme.boards
    settings = next((row for row in rows if row.code == pick.of), None)
    code = settings.composite if settings else ""
    if settings is None or work.span.kind != next((c.period for c in work.scheme.composites if c.code == code), ""):
        found.missing.append(f"{settings.name if settings else pick.of}：不在这种考核期里")
        return
    try:
        closing = closing_of(work)
    except Problem as problem:
        found.missing.append(f"{settings.name}：{problem.words}")
        return
    found.rest_on(basis_of(closing))
    values: list[tuple[int, str | int]]
    if pick.kind == "rank":
        values = [(row.place_id, row.rank) for row in rows_of(closing, code) if row.rank is not None]
    else:
        entries = BoardEntry.objects.filter(
            board__standing__closing=closing, board__board=pick.of, taken_off="", cured_on=None
        )
        values = list(entries.order_by("subject__code").values_list("subject_id", "side"))
    who = subjects.places(place for place, _ in values)
    for place, value in values:
        found.add(who[place], pick, value)


def _name_of(scheme: Scheme, pick: Pick) -> str:
    if pick.kind == "stars":
        return next((row.name for row in scheme.ratings if row.code == pick.of), pick.of)
    found = list_settings(scheme, pick)
    return found.name if found else pick.of


def payees(work: Work, incentives: Incentives, found: Holdings) -> dict[str, Payee]:
    """Subject → payee with its heads: entered, else counted by posts; a person is one; a place without either has 0."""
    ids = {who.place_id: code for code, who in found.who.items() if who.place_id}
    rows = HeadCount.objects.filter(scheme=work.code, incentives=incentives.code, key=work.span.key)
    rows = rows.filter(place__path__startswith=work.ground.path)
    entered = {ids[place]: n for place, n in rows.values_list("place_id", "n") if place in ids}
    counted: dict[str, int] = {}
    for post in incentives.heads:
        for place, held in subjects.holders(post, list(ids), work.span.ends_on).items():
            counted[ids[place]] = counted.get(ids[place], 0) + len(held)
    return {
        code: Payee(code, who.name, who.under, entered.get(code, counted.get(code, 0 if who.place_id else 1)))
        for code, who in found.who.items()
    }
