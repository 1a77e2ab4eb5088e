"""Problems of the cast, and which row an address of this room names."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

from tests.cast import COUNTY, NOW, OTHER_COUNTY, OTHER_VILLAGE, TODAY, WILLOW, Cast
from xiangyue.agreements.in_force import digest_of
from xiangyue.agreements.models import SchemeVersion
from xiangyue.captures.intake import Actor
from xiangyue.people.grants import scope_of
from xiangyue.places.models import Place
from xiangyue.problems.access import Actor as Doer
from xiangyue.problems.access import actor_of
from xiangyue.problems.actions.reporting import report_problem
from xiangyue.problems.actions.stepping import Taken, take
from xiangyue.problems.kinds import kind_at
from xiangyue.problems.models import LookDraw, Problem, Supply
from xiangyue.problems.storing import NewProblem, open_problems
from xiangyue.rules.draw import commitment

HOME = f"{WILLOW}-H00001"


def doer(cast: Cast, name: str, today: date = TODAY) -> Doer:
    """One of the cast as who takes steps."""
    return actor_of(scope_of(cast.users[name], today))


def sender(cast: Cast, name: str) -> Actor:
    """One of the cast as who sends captures."""
    return Actor(cast.users[name].pk)


def reported(cast: Cast, by: str = "bearer", place: str = HOME, kind: str = "firewood", now: datetime = NOW) -> Problem:
    """A problem that one of the cast reported."""
    answer = report_problem(sender(cast, by), place, kind, text="柴草堆在门口", source="field", now=now)
    assert answer.state == "stored", answer
    return Problem.objects.get(uuid=answer.id)


def step(
    cast: Cast, problem: Problem, by: str, kind: str, text: str = "示例", now: datetime = NOW, **more: object
) -> Problem:
    """A step that one of the cast takes."""
    return take(doer(cast, by, now.date()), problem.pk, Taken(kind, text, **more), now=now)  # type: ignore[arg-type]


def closed(cast: Cast, place: str = HOME, kind: str = "firewood", now: datetime = NOW) -> Problem:
    """A problem that was reported, mended by its bearer and verified by the village."""
    problem = reported(cast, place=place, kind=kind, now=now - timedelta(days=3), by="village_office")
    step(cast, problem, "township_office", "mended", now=now - timedelta(days=1))
    return step(cast, problem, "village_office", "verified", now=now)


def other_scheme(cast: Cast) -> SchemeVersion:
    """The other county's scheme, the same as 示例县's."""
    assert cast.scheme
    text = cast.scheme.text.replace(f'ground = "{COUNTY}"', f'ground = "{OTHER_COUNTY}"')
    values = {
        "name": cast.scheme.name,
        "text": text,
        "digest": digest_of(text),
        "state": "published",
        "created_at": NOW,
    }
    return SchemeVersion.objects.get_or_create(
        ground=cast.places[OTHER_COUNTY], code="linjiang", version=1, from_on=cast.scheme.from_on, defaults=values
    )[0]


def problem_of(cast: Cast, is_own: bool) -> int:
    """The key of a problem at the first household, or at one on other ground."""
    code = HOME if is_own else f"{OTHER_VILLAGE}-H00001"
    found = Problem.objects.filter(place__code=code).order_by("pk").first()
    if found is not None:
        return found.pk
    if not is_own:
        other_scheme(cast)
    place = Place.objects.get(code=code)
    person = cast.people["P06" if is_own else "P24"].pk
    on = kind_at(place, "firewood", TODAY)
    return open_problems([NewProblem(place, on, TODAY, NOW, "field", person_id=person, text="柴草堆在门口")])[0]


def own_problem(cast: Cast) -> int:
    """The key of a problem at the first household; and one more at another."""
    place = cast.household(2)
    if not Problem.objects.filter(place=place).exists():
        open_problems([NewProblem(place, kind_at(place, "sewage", TODAY), TODAY, NOW, "field")])
    return problem_of(cast, True)


def look_of(cast: Cast, is_own: bool) -> int:
    """The key of a month's planned draw on 示例县's ground, or on 西岭县's."""
    ground = cast.places[COUNTY if is_own else OTHER_COUNTY]
    values = {
        "secret": "bamboo", "commitment": commitment("bamboo"), "number_name": "示例彩票", "number_on": TODAY, "planned_on": TODAY,
    }  # fmt: skip
    return LookDraw.objects.get_or_create(ground=ground, month="2026-10", defaults=values)[0].pk


def supply_of(cast: Cast, is_own: bool) -> int:
    """The key of what the department offers on 示例县's ground, or on 西岭县's."""
    ground = cast.places[COUNTY if is_own else OTHER_COUNTY]
    if is_own:
        unit = cast.organisations["D01"]
        Supply.objects.get_or_create(ground=ground, organisation=unit, what="清运车", from_on=TODAY)
    else:
        from tests.desk.data import other_organisation
        from xiangyue.people.models import Organisation

        unit = Organisation.objects.filter(code="D99").first() or Organisation.objects.get(pk=other_organisation(cast))
    values = {"amount": 5, "unit": "个"}
    return Supply.objects.get_or_create(
        ground=ground, organisation=unit, what="垃圾桶", from_on=TODAY, defaults=values
    )[0].pk


def doubt_of(cast: Cast, is_own: bool) -> int:
    """The number of the first step."""
    return 1


ADDRESSES: dict[tuple[str, str], Callable[[Cast, bool], str | int]] = {
    **{(f"problems:{name}", "pk"): problem_of for name in ("problem", "take", "decide", "merge", "give")},
    ("problems:decide", "n"): doubt_of,
    **{(f"problems:{name}", "pk"): look_of for name in ("look", "look_draw")},
    **{(f"desk:{page} problem", "key"): problem_of for page in ("detail", "edit")},
    **{(f"desk:{page} supply", "key"): supply_of for page in ("detail", "edit")},
}
