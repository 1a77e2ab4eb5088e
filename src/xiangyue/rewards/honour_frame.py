"""The title that one works on: its settings in the ground's scheme, who may hold it, and the change lines about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from xiangyue.agreements.in_force import scheme_on
from xiangyue.base import changes
from xiangyue.base.problems import Problem
from xiangyue.places.models import Level, Place
from xiangyue.rewards import honour_problems as problems
from xiangyue.rewards.honour_models import Held, HonourList, Nomination
from xiangyue.rewards.working import Work, work_on
from xiangyue.rules.settings import Honour, Scheme

if TYPE_CHECKING:
    from xiangyue.people.models import User


@dataclass(frozen=True, slots=True)
class Title:
    """A title of a ground's scheme."""

    ground: Place
    scheme: Scheme
    honour: Honour

    @property
    def same(self) -> dict[str, Any]:
        """What every row about it has in common."""
        return {"ground": self.ground, "scheme": self.scheme.code, "honour": self.honour.code}


def title_in(ground: Place, scheme: Scheme, code: str) -> Title:
    """The title of that code in a scheme; Problem otherwise."""
    found = next((row for row in scheme.honours if row.code == code), None)
    if found is None:
        raise Problem(problems.NO_TITLE, code=code)
    return Title(ground, scheme, found)


def title_on(ground: Place, scheme: str, code: str, day: date) -> Title:
    """The title as the scheme in force on the day has it."""
    return title_in(ground, scheme_on(ground, scheme, day)[1], code)


def title_for(ground: Place, code: str, key: str, scheme: str = "") -> tuple[Work, Title]:
    """The title as it was on a period's last day, with the period that is worked on."""
    work = work_on(ground, key, scheme)
    return work, title_in(ground, work.scheme, code)


def require_places(title: Title, places: Iterable[Place]) -> None:
    """Pass only places of the title's level on its ground; else Problem."""
    for place in places:
        if place.level != title.honour.level:
            raise Problem(
                problems.NOT_ITS_LEVEL, name=title.honour.name, level=Level(title.honour.level).label, place=place.name
            )
        if not place.path.startswith(title.ground.path):
            raise Problem(problems.NOT_ON_GROUND, place=place.name, ground=title.ground.name)


def nominees(title: Title, key: str) -> dict[str, int]:
    """Code → key of those who are nominated for the period."""
    rows = Nomination.objects.filter(**title.same, key=key, withdrawn_at=None)
    return dict(rows.order_by("place__code").values_list("place__code", "place_id"))


def lists_of(title: Title, key: str = "") -> Any:
    """All versions of the title's lists, newest first."""
    rows = HonourList.objects.filter(ground=title.ground, scheme=title.scheme.code, code=title.honour.code)
    return (rows.filter(key=key) if key else rows).order_by("-key", "-version")


def log_places(
    actor: User | None, act: str, table: str, rows: Iterable[tuple[int, str, Mapping[str, Any]]], reason: str = ""
) -> None:
    """A change line for each (key, path, what)."""
    lines = ((act, table, str(pk), path, None, dict(after)) for pk, path, after in rows)
    changes.log_many(lines, actor.pk if actor else None, reason=reason[:200])


def log_held(actor: User | None, act: str, rows: Iterable[Held], after: Mapping[str, Any], reason: str = "") -> None:
    """A change line for each title held; the place's path says whose log it is in."""
    table = Held._meta.label_lower
    log_places(actor, act, table, ((row.pk, row.place.path, {"title": row.name, **after}) for row in rows), reason)
