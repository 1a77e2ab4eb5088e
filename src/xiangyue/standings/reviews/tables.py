"""What a review's pages and workbooks show: the matrix, lists per team, the mutual report, the rating table."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from xiangyue.agreements.in_force import scheme_of
from xiangyue.checks.models import Check
from xiangyue.checks.models import Entry as CheckEntry
from xiangyue.places.models import Place
from xiangyue.rules.numbers import half_up, show
from xiangyue.rules.sheet import Entry, score
from xiangyue.standings.reviews.models import (
    Review,
    ReviewComment,
    ReviewFile,
    ReviewMember,
    ReviewPlan,
    ReviewStageVersion,
    ReviewTurn,
)
from xiangyue.standings.reviews.notice import stars_words
from xiangyue.standings.reviews.scoring import StageWork, Worked
from xiangyue.standings.reviews.settings import kinds_of, scheme_for, settings_for, stage_in


@dataclass(frozen=True, slots=True)
class Matrix:
    """Townships against townships: how many of a township's villages each team reviews."""

    towns: Sequence[tuple[str, str]]
    """(Code, name)."""
    rows: Sequence[tuple[str, str, Sequence[int | None], int]]
    """(Team's code, name, villages by township (None: its own), in all)."""
    totals: Sequence[int]


@dataclass(slots=True)
class TeamList:
    """A team with its members and the villages drawn to it."""

    code: str
    name: str
    leader: str = ""
    members: list[str] = field(default_factory=list)
    subjects: list[Place] = field(default_factory=list)
    n_sheets: int = 0
    n_due: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """A subject's line in a table of a stage: the place, what was worked out, what was said."""

    place: Place
    row: Worked
    comments: Sequence[str] = ()
    n_unseen: int = 0
    url: str = ""

    @property
    def proposal(self) -> str:
        """Proposed stars in words."""
        return stars_words(self.row.proposal)

    @property
    def stars(self) -> str:
        """Final stars in words."""
        return stars_words(self.row.stars)

    @property
    def by_rule(self) -> str:
        """Stars by the rule in words."""
        return stars_words(self.row.by_rule)


def matrix(plan: ReviewPlan, turns: Iterable[tuple[str, str]]) -> Matrix:
    """The matrix of a drawn plan."""
    home = dict(plan.facts["subjects"])
    teams = [code for code, _township in plan.facts["teams"]]
    towns = sorted({*home.values(), *teams})
    names = dict(Place.objects.filter(code__in=towns).values_list("code", "name"))
    counts = Counter((team, home[subject]) for team, subject in turns)
    rows = []
    for team in teams:
        cells = [None if team == town else counts[team, town] for town in towns]
        rows.append((team, names.get(team, team), cells, sum(cell or 0 for cell in cells)))
    totals = [sum(counts[team, town] for team in teams) for town in towns]
    return Matrix([(town, names.get(town, town)) for town in towns], rows, totals)


def team_lists(review: Review, version: ReviewStageVersion | None, facts: dict[str, Any] | None) -> list[TeamList]:
    """Every team with its members, its villages, and how many of its sheets are in."""
    found: dict[str, TeamList] = {}
    for code, name in review.teams.order_by("township__code").values_list("township__code", "township__name"):
        found[code] = TeamList(code, name)
    members = ReviewMember.objects.filter(team__review=review, left_on=None).select_related("person")
    for member in members.order_by("-leads", "person__code").select_related("person", "team__township"):
        team = found[member.team.township.code]
        if member.leads:
            team.leader = member.person.name
        else:
            team.members.append(member.person.name)
    turns = ReviewTurn.objects.filter(plan__review=review, plan__state=ReviewPlan.State.DRAWN)
    for turn in turns.select_related("subject__township", "team__township").order_by("subject__path"):
        found[turn.team.township.code].subjects.append(turn.subject)
    stage = stage_in(settings_for(review), version.stage) if version is not None else None
    n_kinds = len(kinds_of(scheme_for(review), stage)) if stage is not None else 0
    made = {(row[3], row[1], row[2]) for row in (facts or {}).get("sheets", ())}
    for team in found.values():
        team.n_due = len(team.subjects) * n_kinds
        team.n_sheets = sum(by == team.code for by, _subject, _kind in made)
    return list(found.values())


def lines_of(version: ReviewStageVersion, found: StageWork, rows: Iterable[Worked] | None = None) -> list[Line]:
    """A line for each subject of a stage, best first: by final rank in the last stage, else by score."""
    wanted = list(found.rows if rows is None else rows)
    places = {
        place.code: place
        for place in Place.objects.filter(code__in=[row.code for row in wanted]).select_related("township")
    }
    said: dict[str, list[str]] = defaultdict(list)
    comments = ReviewComment.objects.filter(review=version.review_id, stage=version.stage)
    for code, unit, text in comments.values_list("subject__code", "unit", "text"):
        said[code].append(f"{unit}：{text}")
    unseen = Counter(
        ReviewFile.objects.filter(review=version.review_id, stage=version.stage, seen=False).values_list(
            "subject__code", flat=True
        )
    )
    wanted.sort(key=lambda row: (row.rank or 10**6, -(row.total or -1), -(row.score or -1), row.code))
    return [
        Line(places[row.code], row, said.get(row.code, ()), unseen[row.code]) for row in wanted if row.code in places
    ]


@dataclass(frozen=True, slots=True)
class Awarded:
    """What a subject was awarded for an item, in hundredths: on each sheet of the stage in its order, and their mean."""

    mean: int
    each: tuple[int, ...]


def item_points(facts: dict[str, Any], subject: str) -> dict[str, Awarded]:
    """Item → what a subject was awarded for it on the stage's sheets, where it applied."""
    checks = [sheet[0] for sheet in facts["sheets"] if sheet[1] == subject]
    rows = {row.pk: row for row in Check.objects.filter(pk__in=checks).select_related("kind", "scheme_version")}
    columns = ("item", "step", "n", "grade", "amount", "applicable", "failed")
    entries: dict[int, list[Entry]] = defaultdict(list)
    for check, *told in CheckEntry.objects.filter(check_row__in=checks).values_list("check_row", *columns):
        entries[check].append(Entry(*told))
    found: dict[str, list[int]] = defaultdict(list)
    for row in (rows[pk] for pk in checks if pk in rows):
        scheme = scheme_of(row.scheme_version)
        sheet = score(scheme.standard(scheme.check_kind(row.kind.code).standard), entries[row.pk])
        for line in sheet.lines:
            if line.applicable:
                found[line.item].append(line.awarded)
    return {item: Awarded(half_up(sum(each), len(each)), tuple(each)) for item, each in found.items()}


MUTUAL_HEADS = ("乡镇", "村", "编码", "评审组", "各表得分", "阶段得分", "建议星级", "怎么来的")


def mutual_rows(version: ReviewStageVersion, facts: dict[str, Any], found: StageWork) -> list[list[Any]]:
    """The mutual report (互评报告): each village with its teams, their sheets, the score and the proposal."""
    kinds = {kind.code: kind.name for kind in scheme_for(version.review).check_kinds}
    codes = {row[3] for row in facts["sheets"]}
    towns = dict(Place.objects.filter(code__in=codes).values_list("code", "name"))
    sheets: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    turn = list(kinds)
    for _check, subject, kind, by, _day, points in sorted(facts["sheets"], key=lambda row: turn.index(row[2])):
        sheets[subject][towns.get(by, by)].append(f"{kinds[kind]} {show(points)}")
    rows = []
    for line in lines_of(version, found):
        given = sheets.get(line.place.code, {})
        told = "；".join(f"{team}：{'、'.join(scores)}" for team, scores in sorted(given.items()))
        rows.append(
            [
                _town(line.place), line.place.name, line.place.code, "、".join(sorted(given)), told,
                _points(line.row.score), line.proposal, line.row.why,
            ]
        )  # fmt: skip
    return rows


def rating_heads(review: Review) -> list[str]:
    """The heads of the rating table (评星定级汇总表)."""
    stages = [stage.name for stage in settings_for(review).stages]
    return ["名次", "乡镇", "村", "编码", *stages, "总分", "按规则星级", "最终星级", "调整理由", "还差什么"]


def rating_rows(version: ReviewStageVersion, facts: dict[str, Any], found: StageWork) -> list[list[Any]]:
    """The rating table: every stage's score, the score of the review, stars by rule and fixed, the reason."""
    review = version.review
    stages = [stage.code for stage in settings_for(review).stages]
    rows = []
    for line in lines_of(version, found):
        row = line.row
        before = [facts["before"].get(stage, {}).get(row.code, [None])[0] for stage in stages[:-1]]
        rows.append(
            [
                row.rank or "—", _town(line.place), line.place.name, row.code, *map(_points, before),
                _points(row.score), _points(row.total), line.by_rule, line.stars, row.reason, "；".join(row.missing),
            ]
        )  # fmt: skip
    return rows


def counted_stars(rows: Iterable[Worked]) -> list[tuple[str, int, str]]:
    """(Stars in words, how many, of all in percent), top down; those without a figure last."""
    held = Counter(row.stars for row in rows)
    n = sum(held.values())
    order = sorted(held, key=lambda stars: -1 if stars is None else stars, reverse=True)
    return [(stars_words(stars), held[stars], f"{show(half_up(10_000 * held[stars], n))}%") for stars in order]


def _town(place: Place) -> str:
    return place.township.name if place.township is not None and place.township_id != place.pk else ""


def _points(score: int | None) -> Any:
    """A score as a spreadsheet's number; nothing as a dash."""
    return "—" if score is None else score / 100
