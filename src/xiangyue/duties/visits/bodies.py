"""What a visit and a wish say: their bodies, read strictly before anything touches the database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from xiangyue.base.problems import Problem
from xiangyue.captures.ids import read_id
from xiangyue.duties.visit_models import Contribution
from xiangyue.duties.visits.problems import BODY, NO_TEXT

LONGEST_TEXT = 300
LONGEST_WHAT = 60
LONGEST_CODE = 40
MOST_TASKS = 20
MOST_COMPANY = 30
MOST_GIVEN = 20
MOST_AMOUNT = 10**12
KINDS = frozenset(Contribution.Kind.values)


@dataclass(frozen=True, slots=True)
class Given:
    """A contribution: its kind, the whole number in the kind's unit, and what it was."""

    kind: str
    amount: int
    what: str = ""


@dataclass(frozen=True, slots=True)
class VisitAsked:
    """A visit as it was sent; `person` and `organisation` empty: the sender, and whom the layer says."""

    target: str
    layer: str = ""
    scheme: str = ""
    tasks: tuple[str, ...] = ()
    note: str = ""
    company: tuple[str, ...] = ()
    given: tuple[Given, ...] = ()
    person: str = ""
    organisation: str = ""


@dataclass(frozen=True, slots=True)
class WishAsked:
    """A wish as it was sent."""

    household: str
    text: str
    visit: UUID | None = None
    person: str = ""


def read_visit(body: dict[str, Any]) -> VisitAsked:
    """The body of a visit; a Problem says what is wrong with it."""
    return VisitAsked(
        target=_code(body.get("target"), "target"),
        layer=_maybe(body, "layer"),
        scheme=_maybe(body, "scheme"),
        tasks=_codes(body, "tasks", MOST_TASKS),
        note=_text(body.get("note", ""), _("备注"), LONGEST_TEXT),
        company=_codes(body, "with", MOST_COMPANY),
        given=tuple(_given(raw) for raw in _list(body, "contributions", MOST_GIVEN)),
        person=_maybe(body, "person"),
        organisation=_maybe(body, "organisation"),
    )


def read_wish(body: dict[str, Any]) -> WishAsked:
    """The body of a wish; a Problem says what is wrong with it."""
    text = _text(body.get("text", ""), _("诉求"), LONGEST_TEXT)
    if not text:
        raise Problem(NO_TEXT)
    visit = read_id(body["visit"]) if body.get("visit") else None
    if body.get("visit") and visit is None:
        raise Problem(BODY, what=_("visit 应是走访记录的编号"))
    return WishAsked(_code(body.get("household"), "household"), text, visit, _maybe(body, "person"))


def without_text(body: dict[str, Any]) -> dict[str, Any]:
    """The body as it is kept: what was written in words lies apart, with a term of its own."""
    kept = {key: value for key, value in body.items() if key not in ("note", "text")}
    if isinstance(kept.get("contributions"), list):
        kept["contributions"] = [
            {key: value for key, value in raw.items() if key != "what"} for raw in kept["contributions"]
        ]
    return kept


def _given(raw: Any) -> Given:
    if not isinstance(raw, dict) or raw.get("kind") not in KINDS:
        raise Problem(BODY, what=_("投入的种类只能是 %s") % "、".join(sorted(KINDS)))
    amount = raw.get("amount")
    if type(amount) is not int or not 1 <= amount <= MOST_AMOUNT:
        raise Problem(BODY, what=_("投入的数量应是大于零的整数"))
    return Given(raw["kind"], amount, _text(raw.get("what", ""), _("投入的名目"), LONGEST_WHAT))


def _list(body: dict[str, Any], name: str, most: int) -> list[Any]:
    found = body.get(name, [])
    if not isinstance(found, list) or len(found) > most:
        raise Problem(BODY, what=_("%(name)s 应是不超过 %(n)d 项的列表") % {"name": name, "n": most})
    return found


def _codes(body: dict[str, Any], name: str, most: int) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_code(one, name) for one in _list(body, name, most)))


def _maybe(body: dict[str, Any], name: str) -> str:
    return _code(body[name], name) if body.get(name) else ""


def _text(value: Any, name: str, longest: int) -> str:
    if not isinstance(value, str) or len(value) > longest:
        raise Problem(BODY, what=_("%(name)s最多 %(n)d 个字") % {"name": name, "n": longest})
    return value.strip()


def _code(value: Any, name: str) -> str:
    if not isinstance(value, str) or not 1 <= len(value) <= LONGEST_CODE or "," in value:
        raise Problem(BODY, what=_("%s 应是一个编码") % name)
    return value
