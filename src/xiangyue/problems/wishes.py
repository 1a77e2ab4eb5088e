"""Wishes that need someone else: handed on they are problems, and what becomes of those is told to the wish."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.urls import reverse
from django.utils import timezone

from xiangyue.base.problems import Problem as Wrong
from xiangyue.duties.actions.wishing import HandedOn, PageAsked, wish_back, wish_became_problem, wish_mended
from xiangyue.problems import words
from xiangyue.problems.kinds import KindOn, kinds_over
from xiangyue.problems.models import Problem, Source, State, StepText
from xiangyue.problems.storing import NewProblem, open_problems
from xiangyue.rules.days import local_day


def wish_handed_on(handed: HandedOn) -> None:
    """Open a problem for a wish, in the transaction of the handing-on, and name it to the wish."""
    now = timezone.now()
    wish, actor = handed.wish, handed.actor
    on = _kind_for(handed)
    uuid = wish.capture.uuid
    row = NewProblem(
        wish.household, on, local_day(now), now, Source.WISH, actor.pk if actor else None,
        actor.person_id if actor else None, handed.text, of=uuid,
    )  # fmt: skip
    made = open_problems([row])[0]
    handed.key = str(Problem.objects.values_list("uuid", flat=True).get(pk=made))


def _kind_for(handed: HandedOn) -> KindOn:
    place = handed.wish.household
    known = kinds_over(place, local_day(timezone.now()))
    fitting = [one for one in known if one.kind.code == handed.kind or (not handed.kind and one.kind.wishes)]
    if not fitting:
        listed = "、".join(one.kind.name for one in known) or "（方案里还没有）"
        raise Wrong(words.NO_KIND, code=handed.kind or "诉求", place=place.name, listed=listed)
    return fitting[0]


def came_from(rows: Iterable[tuple[UUID, UUID]]) -> None:
    """Tell the wishes that these problems (id, id of the wish's envelope) came from that they are problems now."""
    today = local_day(timezone.now())
    for problem, wish in rows:
        wish_became_problem(wish, str(problem), actor=None, today=today)


def tell_wishes(problems: Iterable[Problem]) -> None:
    """Tell the wishes what became of their problems: closed, or none after all."""
    today = local_day(timezone.now())
    for problem in problems:
        if problem.source != Source.WISH:
            continue
        if problem.state == State.CLOSED:
            done = StepText.objects.filter(step__problem=problem, step__kind="mended").order_by("-step__n").first()
            wish_mended(str(problem.uuid), done.text if done else "已办结", actor=None, today=today)
        elif problem.state == State.DISMISSED:
            wish_back(str(problem.uuid), actor=None, today=today)


def problem_page_asked(asked: PageAsked) -> None:
    """Tell a wish's page where the problem that it became is."""
    found = Problem.objects.filter(uuid=asked.key).values_list("pk", flat=True).first()
    asked.url = reverse("problems:problem", args=(found,)) if found else ""
