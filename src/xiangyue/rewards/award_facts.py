"""Who stands for an award or a grading, with what figure, and which classes come of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from xiangyue.base.problems import Problem
from xiangyue.rewards import problems, subjects
from xiangyue.rewards.award_models import GradeEntry
from xiangyue.rewards.performance_models import Appraisal, AppraisalLine
from xiangyue.rewards.subjects import Who
from xiangyue.rewards.working import Basis, Work, basis_of, closing_of, composite_of, rows_of
from xiangyue.rules.awards import ClassDraw, draw, draw_left
from xiangyue.rules.settings import Award, AwardClass, Grading


class Candidate(NamedTuple):
    """A rated subject with its figure and rank."""

    who: Who
    figure: int
    rank: int | None = None


@dataclass(frozen=True, slots=True)
class Candidates:
    """Those who stand for a list, in groups that are cut apart from each other, and what the figures come from."""

    groups: tuple[tuple[Candidate, ...], ...]
    basis: tuple[Basis, ...]
    entered: tuple[tuple[Who, str, str], ...] = ()
    """For grades that are entered: (who, grade, document)."""


class Drawn(NamedTuple):
    """One subject in a class."""

    who: Who
    value: str
    label: str
    figure: int | None
    rank: int | None
    why: str


@dataclass(frozen=True, slots=True)
class Draw:
    """The lines of a list, its cuts, and how many rated subjects are in none."""

    lines: tuple[Drawn, ...]
    cuts: tuple[dict[str, Any], ...]
    n_without: int


def award_candidates(work: Work, award: Award) -> Candidates:
    """The rated places of the award's category in the period's newest closing."""
    composite_of(work, award.composite)
    closing = closing_of(work)
    rows = [row for row in rows_of(closing, award.composite) if row.category == award.category]
    who = subjects.places(row.place_id for row in rows)
    rated = tuple(Candidate(who[row.place_id], row.result, row.rank) for row in rows if row.result is not None)
    return Candidates((rated,), (basis_of(closing),))


def grading_candidates(work: Work, grading: Grading) -> Candidates:
    """Those whom a grading grades: bearers by their performance, places (or who holds a post there) by their result."""
    if grading.basis == "entered":
        return _entered(work, grading)
    return _bearers(work, grading) if grading.basis == "performance" else _places(work, grading)


def draw_award(found: Candidates, award: Award) -> Draw:
    """The award's classes: cumulative cuts, ties rise."""
    held = {row.who.subject: row for row in found.groups[0]}
    drawn = draw([(code, row.figure) for code, row in held.items()], award)
    lines = [line for part in drawn.classes for line in _lines(part, held)]
    return Draw(tuple(lines), tuple(_cut(part) for part in drawn.classes), len(drawn.without))


def draw_grading(found: Candidates, grading: Grading) -> Draw:
    """The grades, top down: each takes at most its places of those left who reach its floor; a tie at the cut rises."""
    if grading.basis == "entered":
        return _draw_entered(found, grading)
    lines: list[Drawn] = []
    cuts: dict[str, dict[str, Any]] = {}
    without = 0
    for group in found.groups:
        left = {row.who.subject: row for row in group}
        for n, band in enumerate(grading.grades):
            kind = AwardClass(band.code, band.name, band.places, band.floor)
            part = draw_left([(code, row.figure) for code, row in left.items()], kind, is_first=n == 0)
            lines += _lines(part, left)
            cuts[band.code] = _cut(part) if band.code not in cuts else _added(cuts[band.code], part)
            left = {code: row for code, row in left.items() if code not in part.codes}
        without += len(left)
    return Draw(tuple(lines), tuple(cuts.values()), without)


def _lines(part: ClassDraw, held: dict[str, Candidate]) -> list[Drawn]:
    rows = [held[code] for code in part.codes]
    return [Drawn(row.who, part.code, part.name, row.figure, row.rank, part.why) for row in rows]


def _cut(part: ClassDraw) -> dict[str, Any]:
    return {
        "code": part.code, "name": part.name, "n": len(part.codes), "risen": part.risen, "lowest": part.lowest,
        "why": part.why,
    }  # fmt: skip


def _added(before: dict[str, Any], part: ClassDraw) -> dict[str, Any]:
    """The cut of a grade over several categories."""
    lowest = [row for row in (before["lowest"], part.lowest) if row is not None]
    return {
        **before, "n": before["n"] + len(part.codes), "risen": before["risen"] + part.risen,
        "lowest": min(lowest, default=None), "why": f"{before['why']}；{part.why}",
    }  # fmt: skip


def _places(work: Work, grading: Grading) -> Candidates:
    composite_of(work, grading.of)
    closing = closing_of(work)
    rows = [row for row in rows_of(closing, grading.of) if row.result is not None]
    rows = [row for row in rows if grading.category in ("", row.category)]
    groups: dict[str, list[Candidate]] = {}
    at = subjects.places(row.place_id for row in rows)
    if not grading.post:
        for row in rows:
            groups.setdefault(row.category, []).append(Candidate(at[row.place_id], row.result or 0, row.rank))
    else:
        held = subjects.holders(grading.post, at.keys(), work.span.ends_on)
        people = subjects.persons(pk for held_here in held.values() for pk in held_here)
        seen: set[int] = set()
        for row in rows:
            for person in held.get(row.place_id, ()):
                if person not in seen:
                    seen.add(person)
                    who = _at(people[person], at[row.place_id])
                    groups.setdefault(row.category, []).append(Candidate(who, row.result or 0, row.rank))
    return Candidates(tuple(tuple(group) for _, group in sorted(groups.items())), (basis_of(closing),))


def _at(person: Who, place: Who) -> Who:
    """A person who is graded for a place stands where that place is."""
    return person._replace(
        where=f"{place.where}{place.name}", path=place.path, under=place.under, under_name=place.under_name
    )


def _bearers(work: Work, grading: Grading) -> Candidates:
    rows = Appraisal.objects.filter(ground=work.ground, scheme=work.code, code=grading.of, key=work.span.key)
    appraisal = rows.order_by("-version").first()
    if appraisal is None:
        raise Problem(problems.NO_SUCH_LIST, code=grading.of, what="履职评价（本期还没有评）")
    lines = AppraisalLine.objects.filter(appraisal=appraisal, figure__isnull=False).order_by("subject")
    values = lines.values_list("person_id", "organisation_id", "figure")
    held = list(values)
    people = subjects.persons(person for person, _, _ in held if person)
    units = subjects.organisations(unit for _, unit, _ in held if unit)
    found = [
        Candidate(people[person] if person else units[unit], figure)
        for person, unit, figure in held
        if figure is not None and (person or unit)
    ]
    basis = Basis("appraisal", appraisal.pk, appraisal.version, appraisal.name)
    return Candidates((tuple(_ranked(found)),), (basis,))


def _ranked(found: Sequence[Candidate]) -> Iterable[Candidate]:
    from xiangyue.rules.ranking import rank

    ranks = rank([(row.who.subject, row.figure) for row in found])
    return (row._replace(rank=ranks[row.who.subject]) for row in found)


def _entered(work: Work, grading: Grading) -> Candidates:
    """The last grade entered for each place on a day of the period."""
    rows = GradeEntry.objects.filter(
        scheme=work.code, grading=grading.code, on__gte=work.span.starts_on, on__lte=work.span.ends_on,
        place__path__startswith=work.ground.path,
    )  # fmt: skip
    last = {
        place: (grade, document) for place, grade, document in
        rows.order_by("on", "pk").values_list("place_id", "grade", "document")
    }  # fmt: skip
    who = subjects.places(last)
    entered = [(who[place], grade, document) for place, (grade, document) in last.items()]
    return Candidates((), (), tuple(sorted(entered, key=lambda row: row[0].subject)))


def _draw_entered(found: Candidates, grading: Grading) -> Draw:
    names = {band.code: band.name for band in grading.grades}
    order = {code: at for at, code in enumerate(names)}
    lines = [
        Drawn(who, grade, names[grade], None, None, f"按登记：{document}"[:300])
        for who, grade, document in found.entered
        if grade in names
    ]
    lines.sort(key=lambda line: (order[line.value], line.who.subject))
    cuts = tuple(
        {"code": code, "name": name, "n": sum(line.value == code for line in lines), "risen": 0, "lowest": None,
         "why": f"{name}：登记 {sum(line.value == code for line in lines)} 个"}
        for code, name in names.items()
    )  # fmt: skip
    return Draw(tuple(lines), cuts, len(found.entered) - len(lines))


def with_places(award: Award, places: dict[str, int], floors: dict[str, int]) -> Award:
    """The award with other places or floors for some of its classes."""
    classes = tuple(
        replace(row, places=places.get(row.code, row.places), floor=floors.get(row.code, row.floor))
        for row in award.classes
    )
    return replace(award, classes=classes)
