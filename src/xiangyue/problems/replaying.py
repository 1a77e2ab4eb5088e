"""From steps to rows: what a problem's steps come to by the rules, written to the row and nowhere else."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from xiangyue.problems.kinds import kinds_of
from xiangyue.problems.models import Problem, Step
from xiangyue.rules import problems as rules
from xiangyue.rules.settings import ProblemKind

DERIVED = (
    "state", "tier", "deadline", "person_id", "organisation_id", "mended_on", "mended_by", "verified_on", "closed_on",
    "planned", "plan_until", "n_found", "n_escalated", "n_reopened", "n_relapsed", "look", "look_on", "into_id",
    "n_steps", "n_doubts",
)  # fmt: skip


def told(step: Step) -> rules.Step:
    """A step as the rules take it."""
    kind: Any = step.kind
    return rules.Step(step.n, kind, step.day, step.who, step.to, step.of, step.until, step.conflict)


def standing_of(problem: Problem, kind: ProblemKind, steps: Sequence[Step]) -> rules.Standing:
    """Where a problem stands after its steps, which begin with the report."""
    first: Any = steps[0].to
    return rules.standing(kind, first, [told(step) for step in steps])


def derived(kind: ProblemKind, now: rules.Standing, steps: Sequence[Step]) -> dict[str, Any]:
    """The values of a row's derived fields."""
    due = now.look == "due" and now.closed_on is not None
    return {
        "state": now.state,
        "tier": now.tier,
        "deadline": now.deadline,
        "person_id": key_in(now.bearer, "p"),
        "organisation_id": key_in(now.bearer, "o"),
        "mended_on": now.mended_on,
        "mended_by": now.mended_by,
        "verified_on": now.verified_on,
        "closed_on": now.closed_on,
        "planned": now.planned,
        "plan_until": now.plan_until,
        "n_found": now.found,
        "n_escalated": now.escalated,
        "n_reopened": now.reopened,
        "n_relapsed": now.relapsed,
        "look": now.look,
        "look_on": rules.look_on(kind, now.closed_on) if due and now.closed_on else None,
        "into_id": now.into or None,
        "n_steps": len(steps),
        "n_doubts": len(doubts(steps)),
    }


def doubts(steps: Sequence[Step]) -> list[Step]:
    """The steps that wait for a person to say whether they count."""
    settled = {step.of for step in steps if step.kind in ("accepted", "declined", "undone")}
    return [step for step in steps if step.conflict and step.n not in settled]


def derive(keys: Collection[int]) -> list[Problem]:
    """Work the rows of these problems out from their steps and store them; gives them."""
    problems = list(Problem.objects.filter(pk__in=keys))
    kinds = kinds_of(problems)
    steps: dict[int, list[Step]] = {}
    for step in Step.objects.filter(problem_id__in=keys).order_by("problem_id", "n"):
        steps.setdefault(step.problem_id, []).append(step)
    for problem in problems:
        mine, kind = steps[problem.pk], kinds[problem.pk]
        for name, value in derived(kind, standing_of(problem, kind, mine), mine).items():
            setattr(problem, name, value)
    Problem.objects.bulk_update(problems, [name.removesuffix("_id") for name in DERIVED], batch_size=200)
    return problems


def key_in(text: str, mark: str) -> int | None:
    """12 for p12, where the mark is p."""
    return int(text[1:]) if text.startswith(mark) and text[1:].isdigit() else None
