"""Visits as pages show them: who, where, what was done and given, each read in a few queries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from xiangyue.agreements.in_force import schemes_on
from xiangyue.base.scope import Scope
from xiangyue.duties.layers import LayerOn
from xiangyue.duties.visit_models import Contribution, Visit
from xiangyue.duties.visits.amounts import in_words
from xiangyue.places.picking import place_label
from xiangyue.rules.settings import Layer

STATES = {
    Visit.State.COUNTED: "done",
    Visit.State.HELD: "held",
    Visit.State.DENIED: "fault",
    Visit.State.WITHDRAWN: "undone",
}


@dataclass(frozen=True, slots=True)
class GivenShown:
    """A contribution in words."""

    label: str
    shown: str
    unit: str
    what: str


@dataclass(frozen=True, slots=True)
class VisitShown:
    """A visit in words."""

    pk: int
    day: date
    target: str
    target_url: str
    url: str
    who: tuple[str, ...]
    unit: str
    layer: str
    tasks: tuple[str, ...]
    note: str
    given: tuple[GivenShown, ...]
    state: str
    state_words: str

    @property
    def when(self) -> str:
        """The day, with its year where it is another than this one."""
        year = f"{self.day.year}年" if self.day.year != timezone.localdate().year else ""
        return f"{year}{self.day.month}月{self.day.day}日"

    @property
    def title(self) -> str:
        """What its page is called."""
        return _("%(day)s 走访%(place)s") % {"day": f"{self.day.month}月{self.day.day}日", "place": self.target}


def full(rows: QuerySet[Visit]) -> QuerySet[Visit]:
    """The rows with everything that is shown of them, in three queries whatever their number."""
    rows = rows.select_related("target__village", "target__township", "organisation", "note", "person", "capture")
    return rows.prefetch_related("party__person", "party__organisation", "contributions__text")


def shown(scope: Scope, rows: QuerySet[Visit], layers: Iterable[LayerOn] = ()) -> list[VisitShown]:
    """The visits in words; notes and what was given in words only for those who may read them."""
    found = list(full(rows))
    names = {(one.scheme, one.code): one.layer for one in layers} or _layers_of(found)
    texts = scope.paths(Visit.TEXTS)
    return [_shown(scope, row, names, texts) for row in found]


def _layers_of(rows: list[Visit]) -> dict[tuple[str, str], Layer]:
    """The layers of the schemes in force where the visits were made, in one query."""
    grounds = {row.ground_id for row in rows} | {row.target.township_id for row in rows}
    schemes = schemes_on(tuple(grounds), timezone.localdate()) if rows else []
    return {(scheme.code, layer.code): layer for _version, scheme in schemes for layer in scheme.layers}


def shown_one(scope: Scope, row: Visit, layers: Iterable[LayerOn]) -> VisitShown:
    """One visit in words."""
    return shown(scope, Visit.objects.filter(pk=row.pk), layers)[0]


def _shown(scope: Scope, row: Visit, names: dict[tuple[str, str], Layer], texts: tuple[str, ...]) -> VisitShown:
    one = names.get((row.scheme, row.layer))
    party = sorted(row.party.all(), key=lambda held: held.person_id != row.person_id)
    there = any(held.person_id == scope.person_id for held in party if held.person_id)
    reads = there or (bool(texts) and row.target.path.startswith(texts))
    who = tuple(held.person.name for held in party if held.person is not None)
    others = {held.organisation.name for held in party if held.organisation is not None and held.person is None}
    tasks = {task.code: task.name for task in one.tasks} if one else {}
    return VisitShown(
        pk=row.pk,
        day=row.day,
        target=place_label(row.target),
        target_url=reverse("duties:target", args=(row.target.code,)),
        url=reverse("visits:visit", args=(row.pk,)),
        who=who or tuple(sorted(others)),
        unit=row.organisation.name if row.organisation else "",
        layer=one.name if one else row.layer,
        tasks=tuple(tasks.get(code, code) for code in row.done),
        note=_note(row) if reads else "",
        given=tuple(_given(gift, reads) for gift in row.contributions.all()),
        state=STATES[Visit.State(row.state)],
        state_words=str(row.get_state_display()),
    )


def _note(row: Visit) -> str:
    note: Any = getattr(row, "note", None)
    return str(note.text) if note is not None else ""


def _given(gift: Contribution, reads: bool) -> GivenShown:
    figure, unit = in_words(gift.kind, gift.amount)
    text: Any = getattr(gift, "text", None)
    what = str(text.what) if text is not None and reads else ""
    return GivenShown(str(gift.get_kind_display()), figure, unit, what)
