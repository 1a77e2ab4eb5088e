"""What the pages ask of the scheme language: the fields of every class, their kind, bounds and choices.

All of it is read from the settings and `schemes.keys`, so that a field added to the language stands on its form by itself.
"""

from __future__ import annotations

import types
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin

from xiangyue.agreements.hints import HINTS_SAID
from xiangyue.people.models import Post
from xiangyue.places.models import HouseholdState, PlaceClass
from xiangyue.rules import settings as s
from xiangyue.schemes.key import Key
from xiangyue.schemes.keys import CHOICES, KEYS, TITLES
from xiangyue.schemes.reading import HINTS, is_required

type Choices = tuple[tuple[str, str], ...]

REFERS: dict[tuple[type[Any], str], tuple[str, ...]] = {
    (s.Layer, "exclusive_with"): ("layers",),
    (s.Composite, "of"): ("composites",),
    (s.Grading, "of"): ("performances", "composites"),
    (s.Pick, "of"): ("awards", "rankings", "boards", "ratings", "gradings"),
    (s.Goal, "of"): ("indicators", "ratings", "composites", "stages", "boards"),
    (s.IncentiveRule, "source"): ("budgets",),
    (s.Counted, "of"): ("composites", "indicators", "ratings", "layers"),
}
"""Lists whose codes a field names, where its own name does not say so."""

LOOSE = {(s.Grading, "of"), (s.Counted, "of")}
"""Fields that name a row or say something else, in words: written, with the rows offered."""

WHEN: dict[tuple[type[Any], str], tuple[str, ...]] = {
    (s.Item, "steps"): ("deduct", "bonus"),
    (s.Item, "grades"): ("grade",),
    (s.Source, "check_kind"): ("sheets",),
    (s.Source, "take"): ("sheets",),
    (s.Source, "level"): ("children",),
    (s.Source, "share"): ("children",),
    (s.Source, "by_households"): ("children",),
    (s.Source, "indicator"): ("indicator",),
    (s.Source, "bands"): ("indicator",),
    (s.Composite, "components"): ("records",),
    (s.Composite, "of"): ("months",),
    (s.Composite, "rated_months"): ("months",),
    (s.Rating, "domains"): ("domains",),
    (s.Rating, "bands"): ("bands",),
    (s.Honour, "give_floor"): ("rule",),
    (s.Grading, "category"): ("composite",),
    (s.Threshold, "value"): ("at_least", "at_most"),
    (s.Threshold, "values"): ("one_of",),
}
"""Choices of the same form under which a field is asked for; it is hidden under the others, never dropped."""

STANDINGS: Choices = (("", "正式文本"), ("示例,非官方", "示例,非官方"))


@dataclass(frozen=True, slots=True)
class Slot:
    """A field of a settings class as a form asks for it.

    `kind`: text, code, whole, points, yes, choice, picks (some of a few), words (a list of texts), numbers, pairs,
    part (a row inside the row), rows (a list of rows).
    """

    owner: type[Any]
    name: str
    title: str
    kind: str
    key: Key
    required: bool
    default: Any
    optional: bool = False
    """A part that may be left out whole."""
    cls: type[Any] | None = None
    """The class of a part or of rows."""
    choices: Choices = ()
    refers: tuple[str, ...] = ()

    @property
    def hint(self) -> str:
        """What a clerk should know who fills it in."""
        return HINTS_SAID.get((self.owner.__name__, self.name)) or HINTS_SAID.get(("", self.name), "")

    @property
    def when(self) -> str:
        """Choices of the same form under which it is asked for, parted by spaces; empty: always."""
        return " ".join(WHEN.get((self.owner, self.name), ()))

    @property
    def is_plain(self) -> bool:
        """Whether one control holds it."""
        return self.kind not in ("part", "rows")


_SLOTS: dict[type[Any], tuple[Slot, ...]] = {}


def slots(cls: type[Any]) -> tuple[Slot, ...]:
    """The fields of a class in the language's order."""
    found = _SLOTS.get(cls)
    if found is None:
        found = tuple(_slot(cls, one.name, is_required(one), _default(one)) for one in fields(cls))
        _SLOTS[cls] = found
    return found


def slot_of(cls: type[Any], name: str) -> Slot | None:
    """The field of that name, if the class has one."""
    return next((slot for slot in slots(cls) if slot.name == name), None)


def code_slot(cls: type[Any]) -> Slot | None:
    """The field by which other rows name a row of the class."""
    return next((slot for slot in slots(cls) if slot.kind == "code"), None)


@cache
def collections() -> dict[str, type[Any]]:
    """The scheme's lists by name, with the class of their rows."""
    return {slot.name: slot.cls for slot in slots(s.Scheme) if slot.kind == "rows" and slot.cls}


@cache
def class_of_list(name: str) -> type[Any]:
    """The class of the rows of the list of that name: the scheme's own, else the first that has one."""
    own = collections().get(name)
    return own or next(
        slot.cls for cls in KEYS for slot in slots(cls) if slot.kind == "rows" and slot.name == name and slot.cls
    )


def title_of(cls: type[Any]) -> str:
    """What a row of the class is called."""
    return TITLES[cls]


def choice_words(value: str) -> str:
    """A choice in Chinese."""
    return CHOICES.get(value, value)


def _default(one: Any) -> Any:
    return one.default_factory() if callable(one.default_factory) else one.default


def _slot(cls: type[Any], name: str, required: bool, default: Any) -> Slot:
    hint, key = HINTS[cls][name], KEYS[cls][name]
    optional = get_origin(hint) in (Union, types.UnionType)
    if optional:
        hint = next(arg for arg in get_args(hint) if arg is not type(None))
    made = {"owner": cls, "name": name, "title": key.title, "key": key, "required": required, "default": default}
    if get_origin(hint) is tuple:
        return _listed(get_args(hint), made)
    if is_dataclass(hint):
        assert isinstance(hint, type)
        return Slot(**made, kind="part", optional=optional, cls=hint)
    if get_origin(hint) is Literal:
        return Slot(**made, kind="choice", choices=_offered(get_args(hint), blank=optional or required))
    if hint is bool:
        return Slot(**made, kind="yes")
    if hint is int:
        return Slot(**made, kind="points" if key.hundredths else "whole")
    if key.form == "code":
        return Slot(**made, kind="code")
    refers = _refers(cls, name, one=True)
    if refers:
        return Slot(**made, kind="text" if (cls, name) in LOOSE else "choice", refers=refers)
    told: Choices = {"post": (("", "不选"), *_posts()), "standing": STANDINGS}.get(name, ())
    return Slot(**made, kind="choice" if told else "text", choices=told)


def _listed(args: tuple[Any, ...], made: dict[str, Any]) -> Slot:
    cls, name, key = made["owner"], made["name"], made["key"]
    if args[-1] is not Ellipsis or get_origin(args[0]) is tuple:
        return Slot(**made, kind="pairs")
    if is_dataclass(args[0]):
        assert isinstance(args[0], type)
        return Slot(**made, kind="rows", cls=args[0])
    if args[0] is int:
        if key.low is not None and key.high is not None and key.high - key.low < 24:
            return Slot(**made, kind="picks", choices=tuple((str(n), str(n)) for n in range(key.low, key.high + 1)))
        return Slot(**made, kind="numbers")
    refers = _refers(cls, name, one=False)
    if refers:
        return Slot(**made, kind="picks", refers=refers)
    if get_origin(args[0]) is Literal:
        return Slot(**made, kind="picks", choices=_offered(get_args(args[0]), blank=False))
    known = _known(cls, name)
    return Slot(**made, kind="picks" if known else "words", choices=known)


def _offered(values: tuple[str, ...], *, blank: bool) -> Choices:
    head: Choices = (("", "请选择"),) if blank else ()
    return head + tuple((value, choice_words(value)) for value in values)


def _known(cls: type[Any], name: str) -> Choices:
    """Words that other rooms know: place classes, posts, states of households."""
    if name == "classes":
        return tuple((value, str(label)) for value, label in PlaceClass.choices if value)
    if name in ("posts", "heads"):
        return _posts()
    if cls is s.HouseholdRules:
        return tuple((value, str(label)) for value, label in HouseholdState.State.choices if value != "living")
    return ()


def _posts() -> Choices:
    return tuple((value, str(label)) for value, label in Post.Kind.choices)


def _refers(cls: type[Any], name: str, *, one: bool) -> tuple[str, ...]:
    """The lists whose codes the field names: told above, or by its own name (`composite` names one of `composites`)."""
    told = REFERS.get((cls, name))
    if told or cls is s.Scheme:
        return told or ()
    named = [slot for slot in (_plural(name) if one else (name,)) if slot in _lists()]
    return tuple(named)


def _plural(name: str) -> tuple[str, ...]:
    return (f"{name}s", f"{name[:-1]}ies") if name.endswith("y") else (f"{name}s",)


@cache
def _lists() -> frozenset[str]:
    """Names of the scheme's lists, without asking for their slots."""
    return frozenset(
        one.name
        for one in fields(s.Scheme)
        if get_origin(HINTS[s.Scheme][one.name]) is tuple and is_dataclass(get_args(HINTS[s.Scheme][one.name])[0])
    )
