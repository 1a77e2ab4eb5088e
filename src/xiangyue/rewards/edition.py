"""What every result of this room has in common: a version of one thing for one period, its basis, digest and state."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xiangyue.agreements.models import SchemeVersion
from xiangyue.base.fields import BytesOrderedField
from xiangyue.people.models import Organisation, Person
from xiangyue.places.models import Place
from xiangyue.rules.days import parse_period
from xiangyue.standings.notices.models import Publication

ACTOR = settings.AUTH_USER_MODEL


class State(models.TextChoices):
    """Where a version stands."""

    DRAWN = "drawn", _("已拟定")
    PROPOSED = "proposed", _("公示中")
    IN_FORCE = "in_force", _("已生效")
    SUPERSEDED = "superseded", _("已被新版替代")


SHOWN = (State.PROPOSED, State.IN_FORCE)
"""What those see who do not work on it."""


class Edition(models.Model):
    """A version of one list of a ground's scheme for a period; never edited, only superseded."""

    id: models.BigAutoField[int, int] = models.BigAutoField(primary_key=True)
    ground = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name=_("辖区"))
    scheme = models.CharField(_("方案"), max_length=40)
    scheme_version = models.ForeignKey(SchemeVersion, models.PROTECT, related_name="+")
    code = models.CharField(_("代码"), max_length=40)
    key = models.CharField(_("考核期"), max_length=8)
    name = models.CharField(_("名称"), max_length=120)
    version = models.PositiveSmallIntegerField(_("版本"))
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.DRAWN)
    digest = models.CharField(max_length=64)
    basis: models.JSONField[Any, Any] = models.JSONField(default=list)
    """What it was worked out from: [kind, key of the row, version, name] of closings, lists and ratings."""
    made_at = models.DateTimeField(_("拟定时间"))
    made_by = models.ForeignKey(ACTOR, models.PROTECT, null=True, related_name="+", db_index=False)
    reason = models.CharField(_("说明"), max_length=200, blank=True, default="")
    publication = models.ForeignKey(Publication, models.SET_NULL, null=True, related_name="+")
    """Its notice, the last one begun."""

    class Meta:
        abstract = True
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.title} v{self.version}"

    @property
    def title(self) -> str:
        """2026年 and what it is called."""
        return f"{parse_period(self.key).name}{self.name}"


class Named(models.Model):
    """A row about one subject: a place, a person or an organisation, with its code and where it stands."""

    id: models.BigAutoField[int, int] = models.BigAutoField(primary_key=True)
    subject = BytesOrderedField(max_length=32)
    """The subject's code; a person's with `person:`, an organisation's with `unit:` before it."""
    place = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+", db_index=False)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+", db_index=False)
    name = models.CharField(_("名称"), max_length=80)
    where = models.CharField(_("所在"), max_length=80, default="", blank=True)
    path = BytesOrderedField(max_length=120, default="")
    """The place that it belongs to, as a path: whose office sees it."""

    class Meta:
        abstract = True

    @property
    def whom(self) -> Place | Person | Organisation | None:
        """The subject itself."""
        return self.place or self.person or self.organisation


ONE_SUBJECT = (
    Q(place__isnull=False, person=None, organisation=None)
    | Q(place=None, person__isnull=False, organisation=None)
    | Q(place=None, person=None, organisation__isnull=False)
)
