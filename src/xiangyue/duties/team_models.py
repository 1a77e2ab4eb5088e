"""Vanguard teams: who belongs to one, the public places it answers for together, and the duties that follow."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xiangyue.base.dated import DatedQuerySet
from xiangyue.base.roles import READERS, STAFF, Role
from xiangyue.base.scope import Policy
from xiangyue.duties.models import Duty
from xiangyue.people.models import Person
from xiangyue.places.models import Place

DATES = Q(to_on=None) | Q(to_on__gte=models.F("from_on"))


class Team(models.Model):
    """A group that answers together for public places of a village or township on one layer of its scheme."""

    policy = Policy(path="place__path", see=READERS | {Role.DEPARTMENT}, write=STAFF)

    id: models.BigAutoField[int, int] = models.BigAutoField(primary_key=True)
    place = models.ForeignKey(Place, models.PROTECT, related_name="teams", verbose_name=_("辖区"))
    name = models.CharField(_("队名"), max_length=40)
    scheme = models.CharField(_("方案"), max_length=40)
    layer = models.CharField(_("包保层"), max_length=40)
    from_on = models.DateField(_("成立日期"))
    to_on = models.DateField(_("解散日期"), null=True, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = DatedQuerySet["Team"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("先锋队")
        ordering = ["place__path", "pk"]
        constraints = [
            models.CheckConstraint(condition=DATES, name="team_dates_in_order"),
            models.UniqueConstraint(fields=["place", "name"], condition=Q(to_on=None), name="team_name_open_once"),
        ]

    def __str__(self) -> str:
        return self.name


class TeamMember(models.Model):
    """A person in a team, from a day to a day; at most one of those who are in it leads it."""

    policy = Policy(path="team__place__path", see=READERS | {Role.DEPARTMENT}, write=STAFF, own="person")

    class Kind(models.TextChoices):
        """The five kinds of people that a team is made of."""

        PARTY = "party", _("党员小组长")
        FRONT = "front", _("统战小组长")
        CADRE = "cadre", _("村（社区）干部")
        WELFARE = "welfare", _("公益性岗位")
        VOLUNTEER = "volunteer", _("志愿者")

    id: models.BigAutoField[int, int] = models.BigAutoField(primary_key=True)
    team = models.ForeignKey(Team, models.PROTECT, related_name="members", verbose_name=_("先锋队"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("队员"))
    kind = models.CharField(_("类别"), max_length=10, choices=Kind.choices)
    leads = models.BooleanField(_("队长"), default=False)
    from_on = models.DateField(_("起始日"))
    to_on = models.DateField(_("截止日"), null=True, blank=True)

    objects = DatedQuerySet["TeamMember"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("先锋队员")
        constraints = [
            models.CheckConstraint(condition=DATES, name="team_member_dates_in_order"),
            models.UniqueConstraint(fields=["team", "person"], condition=Q(to_on=None), name="team_member_open_once"),
            models.UniqueConstraint(
                fields=["team"], condition=Q(to_on=None, leads=True), name="team_has_one_leader_at_most"
            ),
        ]


class TeamSpot(models.Model):
    """A public place that a team answers for, from a day to a day."""

    policy = Policy(path="place__path", see=READERS | {Role.DEPARTMENT}, write=STAFF)

    id: models.BigAutoField[int, int] = models.BigAutoField(primary_key=True)
    team = models.ForeignKey(Team, models.PROTECT, related_name="spots", verbose_name=_("先锋队"))
    place = models.ForeignKey(Place, models.PROTECT, related_name="spots_held", verbose_name=_("公共场所"))
    from_on = models.DateField(_("起始日"))
    to_on = models.DateField(_("截止日"), null=True, blank=True)

    objects = DatedQuerySet["TeamSpot"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("先锋队包保点位")
        constraints = [
            models.CheckConstraint(condition=DATES, name="team_spot_dates_in_order"),
            models.UniqueConstraint(fields=["team", "place"], condition=Q(to_on=None), name="team_spot_open_once"),
        ]


class TeamDuty(models.Model):
    """Which duty follows from which member and spot: only these are ended when one of the two leaves the team."""

    member: models.ForeignKey[Any, Any] = models.ForeignKey(TeamMember, models.CASCADE, related_name="duties")
    spot: models.ForeignKey[Any, Any] = models.ForeignKey(TeamSpot, models.CASCADE, related_name="duties")
    duty = models.OneToOneField(Duty, models.CASCADE, related_name="of_team")

    class Meta:
        verbose_name = verbose_name_plural = _("先锋队的包保")
