"""The forms of a team: founding it, adding a member, adding a spot, registering a public place."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from xiangyue.duties.forms import candidates, day_field, with_loads
from xiangyue.duties.layers import LayerOn
from xiangyue.duties.team_models import Team, TeamMember
from xiangyue.people.models import Person
from xiangyue.places.models import Level, Place
from xiangyue.places.picking import place_label

SORTS = (_("墙角"), _("沟渠"), _("滩涂"), _("广场"), _("道路"), _("其他"))
"""What a public place mostly is; its name says it, since places have no kind of their own."""


class FoundForm(forms.Form):
    """Name, layer and first day of a team."""

    name = forms.CharField(label=_("队名"), max_length=40)
    layer = forms.ChoiceField(label=_("包保层"), help_text=_("方案里由人承担、以公共场所为对象的层。"))
    from_on = day_field(_("成立日期"), help_text=_("队员和点位成立以后再加。"))

    def offer(self, layers: Sequence[LayerOn]) -> None:
        """Set which layers a team can serve."""
        self.fields["layer"].choices = [  # type: ignore[attr-defined]
            (f"{one.scheme}/{one.code}", one.layer.name) for one in layers
        ]


class MemberForm(forms.Form):
    """Who comes in, as what, from when."""

    person = forms.ChoiceField(label=_("队员"), help_text=_("从干部党员名册里选，现包对象少的排在前面。"))
    kind = forms.ChoiceField(label=_("类别"), choices=TeamMember.Kind.choices)
    from_on = day_field(_("起始日"))
    leads = forms.BooleanField(label=_("任队长"), required=False)

    def offer(self, team: Team, one: LayerOn, day: date) -> None:
        """Set who can come in: those who may bear the layer and are not in the team."""
        inside: set[int | None] = set(team.members.not_over(day).values_list("person_id", flat=True))
        people = [who for who in candidates([one], [team.place.path], day) if who.person_id not in inside]
        people += _below(team, one, day, inside | {who.person_id for who in people})
        choices = with_loads(people, day)
        self.fields["person"].choices = [("", _("请选择")), *choices]  # type: ignore[attr-defined]

    def clean_person(self) -> Person:
        """The person chosen."""
        return Person.objects.get(pk=int(self.cleaned_data["person"][1:]))


def _below(team: Team, one: LayerOn, day: date, known: set[int | None]) -> list[Any]:
    """Those with a seat inside the ground: a township's team is made of its villages' people."""
    from xiangyue.duties.facts import bearers_for

    return [who for who in bearers_for(one.layer, team.place.path, day) if who.person_id not in known]


class SpotForm(forms.Form):
    """Which public place, from when."""

    place = forms.ChoiceField(label=_("公共场所"))
    from_on = day_field(_("起始日"))

    def offer(self, team: Team, day: date) -> None:
        """Set which places can be chosen: those of the ground that are not the team's."""
        held = team.spots.not_over(day).values("place")
        rows = Place.objects.live(day).below(team.place.path).of(Level.PUBLIC_PLACE).exclude(pk__in=held)
        rows = rows.select_related("township", "village").order_by("path")
        choices = [(row.code, place_label(row)) for row in rows]
        self.fields["place"].choices = [("", _("请选择")), *choices]  # type: ignore[attr-defined]

    def clean_place(self) -> Place:
        """The place chosen."""
        return Place.objects.select_related("village", "township").get(code=self.cleaned_data["place"])


class PlaceForm(forms.Form):
    """A public place to be registered."""

    sort = forms.ChoiceField(label=_("种类"), choices=[(str(sort), sort) for sort in SORTS])
    name = forms.CharField(
        label=_("名称"), max_length=50, help_text=_("写大家都知道的叫法，如“村口桥头”；种类会写在名称里。")
    )
    parent = forms.ChoiceField(label=_("在哪里"))

    def offer(self, ground: Place, day: date) -> None:
        """Set where it can lie: the village and its hamlets."""
        rows = Place.objects.live(day).below(ground.path).filter(level__in=(Level.VILLAGE, Level.HAMLET))
        rows = rows.select_related("township", "village").order_by("path")
        self.fields["parent"].choices = [(row.code, place_label(row)) for row in rows]  # type: ignore[attr-defined]

    def called(self) -> str:
        """The name with what it is: 村口桥头（沟渠); not twice where the name says it already."""
        name, sort = self.cleaned_data["name"].strip(), self.cleaned_data["sort"]
        return name if sort in name or sort == str(SORTS[-1]) else f"{name}（{sort}）"
