"""Every row of a scheme in sentences: those written for its class, then what no sentence speaks of yet, field by field."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _

from xiangyue.agreements import words, words_inspecting, words_problems, words_rewards, words_stars
from xiangyue.agreements.language import code_slot, slots
from xiangyue.rules import settings as s
from xiangyue.rules.quotes import nested
from xiangyue.schemes.differ import shown

type Says = Callable[[Any, s.Scheme], Iterable[str]]

SAYS: dict[type[Any], Says] = {
    s.Layer: words.layer_words,
    s.Standard: words.standard_words,
    s.Item: words.item_sentences,
    s.CheckKind: words.kind_sentences,
    s.Category: words.category_words,
    s.Composite: words.composite_words,
    s.Board: words.board_words,
    s.Ranking: words.ranking_words,
    s.Stage: words.stage_words,
    s.HouseholdRules: words.household_words,
    s.Notice: words.notice_words,
    s.Indicator: words_stars.indicator_words,
    s.Rating: words_stars.rating_words,
    s.Review: words_stars.review_words,
    s.WatchList: words_stars.watch_words,
    s.Performance: words_stars.performance_words,
    s.Grading: words_stars.grading_words,
    s.Honour: words_rewards.honour_words,
    s.Award: words_rewards.award_words,
    s.PointsScheme: words_rewards.points_words,
    s.Incentives: words_rewards.incentive_words,
    s.Commendation: words_rewards.commendation_words,
    s.Goal: words_stars.goal_words,
    s.DrawPlan: words_stars.draw_words,
    s.Burden: words_stars.burden_words,
    s.Dispatching: words_stars.dispatch_words,
    s.Bulletin: words_stars.bulletin_words,
    s.ProblemKind: words_problems.problem_words,
    s.InspectionKind: words_inspecting.inspection_words,
}
"""The sentences of each class that stands in a list of its own."""

SPOKEN: dict[type[Any], str] = {
    s.Scheme: "ground language standing narrows late_limit_days",
    s.Layer: "bearer target classes posts exclusive exclusive_with per_bearer bearers_min cadence standard standing partial",
    s.Cadence: "every per times",
    s.Task: "",
    s.Standard: "subject standing months",
    s.Area: "",
    s.Item: "kind points not_applicable fault pictogram photo",
    s.Step: "amount all unit pictogram",
    s.Grade: "points",
    s.CheckKind: "subject standard layers self_check per_day opinion",
    s.Category: "level classes",
    s.Composite: "level period mode of rated_months pair_weight",
    s.Component: "weight required",
    s.Source: "kind check_kind take level share by_households indicator bands",
    s.Board: "composite group categories pool_min min_checks public cure_days expire_days pairs",
    s.Side: "limit n per_mille",
    s.Ranking: "composite group",
    s.HouseholdRules: "not_due helped public_min_group public_min_count",
    s.Notice: "days",
    s.Indicator: "level unit decimals source owner period stands",
    s.Counted: "what of take level least",
    s.Threshold: "indicator reaches value values item unit decimals",
    s.StarBand: "stars floor",
    s.Quota: "stars n per_mille hard",
    s.ViolationKind: "most_stars department",
    s.Rating: "mode composite level period group categories",
    s.ReviewStage: "weight notice_days kind ballot ballot_weight",
    s.Review: "rating mode times",
    s.WatchList: "level basis months",
    s.FactorBand: "floor factor",
    s.PartWeight: "weight required",
    s.Performance: "layer unrated_factor period composite",
    s.GradeBand: "floor places",
    s.Grading: "basis of category approval post",
    s.Honour: "level composite given_by give_floor places floor periods causes approval",
    s.AwardClass: "places floor",
    s.Award: "composite category approval",
    s.PointsRule: "points most every article cure_days",
    s.Good: "price unit",
    s.PointsScheme: "year_end",
    s.Pick: "kind of values low high",
    s.IncentiveRule: "amount source group per_head approval",
    s.Budget: "source amount",
    s.Incentives: "heads",
    s.Commendation: "layers least opening approval",
    s.Goal: "level measure of least unit decimals stage",
    s.DrawPlan: "n cap",
    s.Burden: "minutes_week inspections_month visits_month forms_month",
    s.Dispatching: "every_days",
    s.Bulletin: "by_day",
    s.ProblemKind: "days levels verifiers closes look_weeks look_share check_kinds faults wishes pictogram",
    s.Escalation: "after to",
    s.InspectionKind: "manner checks draw strata shown_hour object_days",
}
"""Fields that the sentences speak of; any other is told after them by its title."""
ALWAYS = frozenset({"name"})


SHORT: dict[type[Any], Says] = {
    s.Item: lambda row, scheme: words.step_words(row),
    s.Component: lambda row, scheme: (words.part_words(row.source, scheme),),
    s.Threshold: lambda row, scheme: (words_stars.threshold_words(row, scheme),),
    s.ReviewStage: words_stars.stage_words,
    s.IncentiveRule: lambda row, scheme: (words_rewards.pick_words(row.pick, scheme),),
}
"""What stands beside a row in its list, where that is not its sentences."""


def in_short(row: Any, scheme: s.Scheme) -> str:
    """A row in a line."""
    says = SHORT.get(type(row))
    return "；".join(says(row, scheme) if says else said(row, scheme))


def said(row: Any, scheme: s.Scheme) -> tuple[str, ...]:
    """All that is to be said of a row, a sentence each."""
    says = SAYS.get(type(row))
    return tuple(nested(words) for words in (*(says(row, scheme) if says else ()), *rest(row)))


def rest(row: Any, called: str = "") -> Iterator[str]:
    """What no sentence speaks of, of the row and all in it: `title：value` for each field that is not as it would be."""
    spoken, own = frozenset(SPOKEN.get(type(row), "").split()) | ALWAYS, code_slot(type(row))
    for slot in slots(type(row)):
        value = getattr(row, slot.name)
        if slot.kind == "rows":
            for one in value:
                # an item of a standard stands in a line of its own
                if type(one) not in SAYS:
                    yield from rest(one, f"{getattr(one, 'name', '')} ")
        elif slot.kind == "part":
            yield from rest(value, called) if value is not None else ()
        elif slot.name not in spoken and slot != own and (slot.required or value != slot.default):
            yield _("%(what)s：%(value)s") % {
                "what": f"{called}{slot.title}",
                "value": shown(value, type(row), slot.name),
            }
