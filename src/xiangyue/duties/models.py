"""Duty: a bearer, or a group together, answers for a target on one layer of a scheme, from a date to a date."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xiangyue.base.dated import DatedQuerySet
from xiangyue.base.roles import READERS, STAFF, Role
from xiangyue.base.scope import Policy
from xiangyue.people.models import Organisation, Person
from xiangyue.places.models import Place


class DutyQuerySet(DatedQuerySet["Duty"]):
    """Look-ups by day and ground."""

    def below(self, path: str) -> DutyQuerySet:
        """Duties for targets at or below `path`."""
        return self.filter(target__path__gte=path, target__path__lt=path[:-1] + "0")


class Assignment(models.Model):
    """One assignment by rule as one operation: where, which layers, how many, and what it takes to put all back."""

    policy = Policy(path="place__path", see=READERS, write=STAFF)

    id: models.BigAutoField[int, int] = models.BigAutoField(primary_key=True)
    place = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name=_("辖区"))
    scheme = models.CharField(_("方案"), max_length=40)
    layers = models.CharField(_("包保层"), max_length=200)
    """Codes, comma between."""
    from_on = models.DateField(_("起始日"))
    n_begun = models.PositiveIntegerField(_("新定"), default=0)
    n_moved = models.PositiveIntegerField(_("换人"), default=0)
    n_kept = models.PositiveIntegerField(_("沿用"), default=0)
    n_left = models.PositiveIntegerField(_("没有分出去"), default=0)
    undo: models.JSONField[Any, Any] = models.JSONField(default=dict)
    """What was ended (key, former last day) and what was taken away whole."""
    done_at = models.DateTimeField()
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)
    ended_on = models.DateField(null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("按规则分配")
        ordering = ["-id"]


class Duty(models.Model):
    """One bearer's answer for one target; a group that bears together shares `team`.

    `exclusion` names the layers among which a target has one duty at a time (empty: no such bound): the database holds
    it (migration 0002), as it holds that nobody bears the same target twice on one layer at a time.
    """

    policy = Policy(path="target__path", see=READERS | {Role.DEPARTMENT}, write=STAFF, own="person")

    class Source(models.TextChoices):
        """How the duty was given."""

        HAND = "hand", _("逐条指定")
        RULE = "rule", _("按规则分配")
        EXCEL = "excel", _("表格导入")

    id: models.BigAutoField[int, int] = models.BigAutoField(primary_key=True)
    ground = models.ForeignKey(Place, models.PROTECT, related_name="+", db_index=False)
    """Where its scheme is in force: the county, or a township with a scheme of its own."""
    scheme = models.CharField(_("方案"), max_length=40)
    layer = models.CharField(_("包保层"), max_length=40)
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="duties", verbose_name=_("包保人")
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="duties", verbose_name=_("包保单位")
    )
    target = models.ForeignKey(Place, models.PROTECT, related_name="duties", verbose_name=_("包保对象"))
    team = models.CharField(_("编组"), max_length=40, blank=True, default="")
    exclusion = models.CharField(max_length=40, blank=True, default="")
    stand_in = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("代班人"), db_index=False
    )
    stand_in_from = models.DateField(_("代班起"), null=True, blank=True)
    stand_in_to = models.DateField(_("代班止"), null=True, blank=True)
    from_on = models.DateField(_("起始日"))
    to_on = models.DateField(_("截止日"), null=True, blank=True)
    source = models.CharField(_("来源"), max_length=8, choices=Source.choices, default=Source.HAND)
    assignment = models.ForeignKey(Assignment, models.PROTECT, null=True, related_name="duties")
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = DutyQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("包保")
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, organisation=None) | Q(person=None, organisation__isnull=False),
                name="duty_has_one_bearer",
            ),
            models.CheckConstraint(
                condition=Q(to_on=None) | Q(to_on__gte=models.F("from_on")), name="duty_dates_in_order"
            ),
            models.UniqueConstraint(
                fields=["target", "layer", "person"],
                condition=Q(to_on=None, person__isnull=False),
                name="duty_person_open_once",
            ),
            models.UniqueConstraint(
                fields=["target", "layer", "organisation"],
                condition=Q(to_on=None, organisation__isnull=False),
                name="duty_organisation_open_once",
            ),
        ]
        indexes = [
            models.Index(fields=["ground", "layer", "from_on"], name="duty_ground_layer"),
            # few stand in, and each opening of "my households" asks for them
            models.Index(fields=["stand_in"], condition=Q(stand_in__isnull=False), name="duty_stand_in"),
        ]
