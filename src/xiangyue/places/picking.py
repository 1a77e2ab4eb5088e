"""Picking a place: names repeat, so every choice shows township, name and the code's tail."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from xiangyue.base.scope import below
from xiangyue.places.models import Level, Place, PlaceQuerySet

GROUNDS = (Level.COUNTY, Level.TOWNSHIP, Level.VILLAGE)


def tail(code: str) -> str:
    """What tells places of one name apart: the last six digits of a village's code, the part after its dash."""
    return code.partition("-")[2] or code[-6:]


def place_label(place: Place) -> str:
    """东河镇 柳树村（100201）: township, village where it lies in one, name, tail of the code."""
    above = [
        str(one.name)
        for one, pk in ((place.township, place.township_id), (place.village, place.village_id))
        if one is not None and pk != place.pk
    ]
    return f"{' '.join([*above, place.name])}（{tail(place.code)}）"


def offered(paths: tuple[str, ...], levels: tuple[str, ...] = GROUNDS) -> PlaceQuerySet:
    """The live places of these levels at or below the paths, in the tree's order, ready for labels."""
    rows = Place.objects.live(timezone.localdate()).filter(below("path", paths), level__in=levels)
    return rows.select_related("township", "village").order_by("path")


def grouped_choices(rows: list[Place]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Choices under their township's name; the county itself and its townships stand first."""
    top = [(row.code, place_label(row)) for row in rows if row.level in (Level.COUNTY, Level.TOWNSHIP)]
    lower = [row for row in rows if row.level not in (Level.COUNTY, Level.TOWNSHIP)]
    groups = [
        (name, [(row.code, place_label(row)) for row in members])
        for name, members in groupby(lower, key=lambda row: row.township.name if row.township else "")
    ]
    return ([(str(_("县和乡镇")), top)] if top else []) + groups


class PlaceField(forms.ChoiceField):
    """Chooses one place of those offered; cleaned to the place itself."""

    def offer(self, paths: tuple[str, ...], levels: tuple[str, ...] = GROUNDS) -> None:
        """Set what can be chosen: live places of these levels below the paths."""
        rows = list(offered(paths, levels))
        self._rows = {row.code: row for row in rows}
        self.choices = [("", _("请选择")), *grouped_choices(rows)]

    @property
    def first(self) -> str:
        """The code of the first place offered: the whole of an office's own ground, or nothing."""
        return next(iter(self._rows), "")

    def clean(self, value: Any) -> Any:
        """The place of the chosen code; None where nothing had to be chosen."""
        code = super().clean(value)
        if not code:
            return None
        if code not in self._rows:
            raise ValidationError(_("请从列表里选一个区划。"))
        return self._rows[code]


def day_input() -> forms.DateInput:
    """A date as browsers' own pickers take it."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
