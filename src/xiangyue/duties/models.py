"""Duty: a bearer, or a group together, answers for a target on one layer of a scheme, from a date to a date."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xiangyue.base.roles import READERS, STAFF, Role
from xiangyue.base.scope import Policy
from xiangyue.people.models import Organisation, Person
from xiangyue.places.models import Place


class DutyQuerySet(models.QuerySet["Duty"]):
    """Look-ups by day."""

    def live(self, day: date) -> DutyQuerySet:
        """Duties whose dates hold `day`; both dates are inside."""
        return self.filter(Q(to_on=None) | Q(to_on__gte=day), from_on__lte=day)


class Duty(models.Model):
    """One bearer's answer for one target; a group that bears together shares `team`.

    `exclusion` names the layers among which a target has one duty at a time (empty: no such bound).
    """

    policy = Policy(path="target__path", see=READERS | {Role.DEPARTMENT}, write=STAFF, own="person")

    class Source(models.TextChoices):
        """How the duty was given."""

        HAND = "hand", _("逐条指定")
        RULE = "rule", _("按规则分配")
        EXCEL = "excel", _("表格导入")

    id: models.BigAutoField[int, int] = models.BigAutoField(primary_key=True)
    ground = models.ForeignKey(Place, models.PROTECT, related_name="+", db_index=False)
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
        indexes = [models.Index(fields=["ground", "layer", "from_on"], name="duty_ground_layer")]
