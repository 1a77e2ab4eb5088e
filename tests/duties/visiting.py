"""Short ways to record visits and wishes of the named cast, and duties of departments and leaders."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.cast import BEGIN, NOW, TOWN, WILLOW, Cast
from xiangyue.captures.intake import Actor, Answer
from xiangyue.duties.actions.visiting import record_visit, record_wish
from xiangyue.duties.models import Duty
from xiangyue.duties.visit_models import Visit
from xiangyue.duties.visits.bodies import Given

TREES = Given("goods", 200, "树苗")
MONEY = Given("money", 50_000)


def actor(cast: Cast, name: str = "bearer", channel: str = "phone") -> Actor:
    """Who sends, by what channel."""
    return Actor(cast.users[name].pk, channel)


def went(cast: Cast, number: int = 1, who: str = "bearer", **more: Any) -> Answer:
    """Somebody of the cast was at a household of 柳树村 (member P06 today, where nothing else is said)."""
    target = more.pop("target", cast.household(number).code)
    return record_visit(actor(cast, who, more.pop("channel", "phone")), target, **{"now": NOW, **more})


def asked_for(cast: Cast, number: int = 1, text: str = "门前路灯不亮", who: str = "bearer", **more: Any) -> Answer:
    """A household told somebody of the cast what it wants."""
    return record_wish(actor(cast, who), cast.household(number).code, text, **{"now": NOW, **more})


def bears(cast: Cast, layer: str, bearer: str, target: str, from_on: date = BEGIN) -> Duty:
    """A duty of a person (P…) or an organisation for a place."""
    who: dict[str, Any] = {"person": cast.people[bearer]} if bearer in cast.people else {}
    who = who or {"organisation": cast.organisations[bearer]}
    made = Duty.objects.get_or_create(
        ground=cast.places[TOWN].ground, scheme="linjiang", layer=layer, target=cast.places[target],
        from_on=from_on, defaults={"created_at": NOW}, **who,
    )  # fmt: skip
    return made[0]


def department(cast: Cast) -> Duty:
    """示例县农业农村局 bears 柳树村; its official P11 belongs to it."""
    person = cast.people["P11"]
    person.organisation = cast.organisations["D01"]
    person.save()
    return bears(cast, "departments", "D01", WILLOW)


def only() -> Visit:
    """The one visit on file."""
    return Visit.objects.get()
