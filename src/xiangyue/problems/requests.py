"""What a problem and a step of one ask for: their bodies, read strictly before anything touches the database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from xiangyue.base.problems import Problem as Wrong
from xiangyue.captures.ids import read_id
from xiangyue.problems.models import Source
from xiangyue.problems.words import BODY

LONGEST = 500
LONGEST_CODE = 40
IN_FIELD = {
    "claim": "claimed", "mended": "mended", "verified": "verified", "rejected": "rejected", "note": "note",
}  # fmt: skip
"""Steps that can be made in the field."""
PROBLEM_KEYS = {"place", "kind", "text", "source", "of"}
STEP_KEYS = {"problem", "step", "text", "base"}


@dataclass(frozen=True, slots=True)
class Reported:
    """A problem as its envelope tells it."""

    place: str
    kind: str
    text: str
    source: str
    of: UUID | None


@dataclass(frozen=True, slots=True)
class Stepped:
    """A step as its envelope tells it; `base`: how many steps the phone had seen."""

    problem: UUID
    step: str
    text: str
    base: int


def read_problem(body: dict[str, Any]) -> Reported:
    """The body of a problem; a Problem says what is wrong with it."""
    _keys(body, PROBLEM_KEYS)
    source = body.get("source", Source.FIELD)
    if source not in Source.values:
        raise Wrong(BODY, what=_("来源不对"))
    of = body.get("of")
    found = None if of is None else read_id(of)
    if of is not None and found is None:
        raise Wrong(BODY, what=_("出处的编号不对"))
    return Reported(_code(body, "place"), _code(body, "kind"), _text(body), source, found)


def read_step(body: dict[str, Any]) -> Stepped:
    """The body of a step; a Problem says what is wrong with it."""
    _keys(body, STEP_KEYS)
    step, base = body.get("step"), body.get("base", 0)
    if not isinstance(step, str) or step not in IN_FIELD:
        raise Wrong(BODY, what=_("没有这种步骤"))
    if type(base) is not int or not 0 <= base <= 10_000:
        raise Wrong(BODY, what=_("base 应是整数"))
    try:
        problem = UUID(str(body.get("problem")))
    except ValueError:
        raise Wrong(BODY, what=_("没有说明是哪个问题")) from None
    return Stepped(problem, IN_FIELD[step], _text(body), base)


def without_text(body: dict[str, Any]) -> dict[str, Any]:
    """The body as it is kept: free text lies apart, with a term of its own."""
    return {key: value for key, value in body.items() if key != "text"}


def _keys(body: dict[str, Any], known: set[str]) -> None:
    if not body.keys() <= known:
        raise Wrong(BODY, what=_("只能有这些键：%s") % "、".join(sorted(known)))


def _text(body: dict[str, Any]) -> str:
    text = body.get("text", "")
    if not isinstance(text, str) or len(text) > LONGEST:
        raise Wrong(BODY, what=_("说明最多 %d 个字") % LONGEST)
    return text.strip()


def _code(body: dict[str, Any], name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not 1 <= len(value) <= LONGEST_CODE:
        raise Wrong(BODY, what=_("%s 应是一个编码") % name)
    return value
