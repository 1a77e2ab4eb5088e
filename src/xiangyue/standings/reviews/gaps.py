"""What a stage still lacks before it can be finished, in words: sheets, votes, comments, files."""

from __future__ import annotations

from xiangyue.places.models import Place
from xiangyue.rules import ballots
from xiangyue.rules.settings import ReviewStage, Scheme
from xiangyue.standings.reviews.models import ReviewComment, ReviewFile, ReviewPlan, ReviewStageVersion, ReviewTurn
from xiangyue.standings.reviews.scoring import Facts, ballot_of
from xiangyue.standings.reviews.settings import kinds_of, scheme_for, settings_for, stage_in, standards_of


def gaps(version: ReviewStageVersion, facts: Facts) -> list[str]:
    """Every gap of an open stage, by subject."""
    review = version.review
    scheme, stage = scheme_for(review), stage_in(settings_for(review), version.stage)
    assert stage is not None
    codes = {row[0] for row in facts["subjects"]}
    # of a stage that is open again for a few, the others stand as they were
    asked = codes & set(version.only) if version.only else codes
    names = dict(Place.objects.filter(code__in=asked).values_list("code", "name"))
    found = _sheets(version, scheme, stage, facts, names)
    if stage.ballot != "none":
        found += _votes(stage, facts, names)
    if stage.kind == "departments":
        said = ReviewComment.objects.filter(review=review, stage=stage.code).values_list("subject__code", flat=True)
        found += [f"{names[code]}没有部门点评" for code in sorted(names.keys() - set(said))]
    if stage.kind == "county":
        found += _files(version, scheme, stage, names)
    return found


def _sheets(
    version: ReviewStageVersion, scheme: Scheme, stage: ReviewStage, facts: Facts, names: dict[str, str]
) -> list[str]:
    """Turns (in the mutual stage) or subjects without a sheet of one of the kinds."""
    kinds = kinds_of(scheme, stage)
    if stage.kind != "mutual":
        there = {(subject, kind) for _check, subject, kind, *_rest in facts["sheets"]}
        return [
            f"{names[code]}没有“{kind.name}”表"
            for code in sorted(names)
            for kind in kinds
            if (code, kind.code) not in there
        ]
    made = {(by, subject, kind) for _check, subject, kind, by, *_rest in facts["sheets"]}
    turns = ReviewTurn.objects.filter(plan__review=version.review, plan__state=ReviewPlan.State.DRAWN)
    columns = ("team__township__code", "team__township__name", "subject__code")
    return [
        f"{town}评审组没有交{names[code]}的“{kind.name}”表"
        for team, town, code in turns.order_by("team__township__code", "subject__code").values_list(*columns)
        for kind in kinds
        if code in names and (team, code, kind.code) not in made
    ]


def _votes(stage: ReviewStage, facts: Facts, names: dict[str, str]) -> list[str]:
    ballot = ballot_of(facts["ballot"])
    if ballot is None:
        return ["还没有录入表决"]
    if refused := ballots.refusals(ballot):
        return [row.words for row in refused]
    return [f"表决里没有{names[code]}" for code in sorted(names) if code not in ballot.votes]


def _files(version: ReviewStageVersion, scheme: Scheme, stage: ReviewStage, names: dict[str, str]) -> list[str]:
    items = {item.code: item.name for standard in standards_of(scheme, stage) for item in standard.items}
    rows = ReviewFile.objects.filter(review=version.review, stage=stage.code).values_list("subject__code", "item")
    done: dict[str, set[str]] = {}
    for code, item in rows:
        done.setdefault(code, set()).add(item)
    return [
        f"{names[code]}有 {len(left)} 项没有核查档案"
        for code in sorted(names)
        if (left := items.keys() - done.get(code, set()))
    ]
