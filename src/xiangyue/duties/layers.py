"""The layers of duty in force on a ground, and what they say in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as words

from xiangyue.agreements.in_force import schemes_over
from xiangyue.agreements.models import SchemeVersion
from xiangyue.base.problems import Problem
from xiangyue.duties.problems import NO_LAYER
from xiangyue.people.models import Post
from xiangyue.places.models import Level, Place
from xiangyue.rules.settings import Cadence, Layer

EVERY = {
    "day": words("每天"),
    "week": words("每周"),
    "half_month": words("每半月"),
    "month": words("每月"),
    "quarter": words("每季度"),
}
BEARERS = {"person": words("干部党员"), "organisation": words("单位"), "household": words("农户自己")}
UNITS = {Level.HOUSEHOLD: words("户"), Level.VILLAGE: words("个村"), Level.TOWNSHIP: words("个乡镇")}


@dataclass(frozen=True, slots=True)
class LayerOn:
    """A layer as it is in force on a ground: duties are stored under its scheme's ground, `scheme` and the layer's code."""

    ground_id: int
    scheme: str
    scheme_name: str
    layer: Layer

    @property
    def code(self) -> str:
        """The layer's code."""
        return self.layer.code

    @property
    def mark(self) -> str:
        """What tells it from the other layers of the ground: targets of one mark are covered together."""
        return self.layer.exclusion or self.layer.code

    @property
    def unit(self) -> str:
        """What its targets are counted in."""
        return str(UNITS.get(Level(self.layer.target), _("个")))

    @property
    def cadence(self) -> str:
        """How often, in words."""
        return cadence_words(self.layer.cadence)


def cadence_words(cadence: Cadence | None) -> str:
    """每天到每户一次, 每月至少下去一次 …; empty where the scheme sets none."""
    if cadence is None:
        return ""
    every = EVERY[cadence.every]
    if cadence.per == "bearer":
        return _("%(every)s下去 %(n)s 次") % {"every": every, "n": cadence.times}
    return _("%(every)s到每个对象 %(n)s 次") % {"every": every, "n": cadence.times}


def layers_on(place: Place, day: date) -> tuple[LayerOn, ...]:
    """The layers that govern a place on `day`: its county's, as its township narrows them, then the township's own."""
    found: dict[tuple[str, str], LayerOn] = {}
    for version, scheme in schemes_over(place, day):
        for layer in scheme.layers:
            above = found.get((scheme.narrows, layer.code)) if scheme.narrows else None
            if above is not None:
                found[above.scheme, layer.code] = LayerOn(above.ground_id, above.scheme, above.scheme_name, layer)
            else:
                found[scheme.code, layer.code] = LayerOn(version.ground_id, scheme.code, version.name, layer)
    return tuple(found.values())


def day_for(place: Place, today: date) -> date:
    """The day that duties are looked at: today, or the first day of a coming scheme while none governs the place yet."""
    grounds = [pk for pk in (place.ground_id, place.township_id) if pk]
    days = SchemeVersion.objects.published().filter(ground_id__in=grounds).values_list("from_on", flat=True)
    return max(today, min((day for day in days if day), default=today))


def layer_on(place: Place, day: date, code: str, scheme: str = "") -> LayerOn:
    """The layer of that code; Problem when no scheme in force has it."""
    for found in layers_on(place, day):
        if found.code == code and scheme in ("", found.scheme):
            return found
    raise Problem(NO_LAYER, place=place.name, layer=code)


def group_of(all_layers: tuple[LayerOn, ...], one: LayerOn) -> tuple[LayerOn, ...]:
    """The layers whose targets are covered together with this one's, itself included."""
    return tuple(other for other in all_layers if (other.scheme, other.mark) == (one.scheme, one.mark))


def groups_of(all_layers: tuple[LayerOn, ...]) -> list[tuple[LayerOn, ...]]:
    """The layers by what is covered together, in the scheme's order."""
    found: dict[tuple[str, str], list[LayerOn]] = {}
    for one in all_layers:
        found.setdefault((one.scheme, one.mark), []).append(one)
    return [tuple(group) for group in found.values()]


def posts_words(layer: Layer) -> str:
    """The posts that may bear a layer."""
    return "、".join(str(Post.Kind(kind).label) for kind in layer.posts)
