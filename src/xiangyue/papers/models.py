"""Printed sheets: a number each, who printed it, for whom, for which days; and whether it came back."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Case, Count, Exists, OuterRef, Q, Subquery, When
from django.utils.translation import gettext_lazy as _

from xiangyue.base.roles import READERS, STAFF, Role
from xiangyue.base.scope import Policy
from xiangyue.papers.numbers import number_of, shown
from xiangyue.people.models import Person
from xiangyue.places.models import Place

GRACE = timedelta(days=7)
"""How long after its last day a sheet may be on its way before it is called missing."""


class SheetQuerySet(models.QuerySet["Sheet"]):
    """Sheets by what became of them."""

    def in_state(self, state: str, today: date) -> SheetQuerySet:
        """Those out, missing, typed in or cancelled on a day."""
        out = self.filter(typed_at=None, cancelled_at=None)
        if state == "typed":
            return self.exclude(typed_at=None)
        if state == "cancelled":
            return self.exclude(cancelled_at=None)
        return out.filter(to_on__lt=today - GRACE) if state == "missing" else out.filter(to_on__gte=today - GRACE)

    def by_print(self) -> SheetQuerySet:
        """Of the opinion sheets among these, one for those that were printed together; `n` says how many they are."""
        together = {name: OuterRef(name) for name in ("printed_at", "printed_by", "place", "ground", "scheme", "code")}
        others = self.order_by().filter(form=Sheet.Form.OPINION, **together)
        counted = others.values("code").annotate(n=Count("pk")).values("n")
        first = self.exclude(Q(form=Sheet.Form.OPINION) & Exists(others.filter(pk__lt=OuterRef("pk"))))
        return first.annotate(n=Case(When(form=Sheet.Form.OPINION, then=Subquery(counted)), default=1))


class Sheet(models.Model):
    """One printed sheet; `rows` are the codes of its lines in the order of the paper.

    `place` is where it belongs (the bearer's place, the inspected one, of a review the reviewer's: who is reviewed does not
    see what comes); its first envelope bears `uuid`.
    """

    policy = Policy(path="place__path", see=READERS, write=STAFF | {Role.SUPERVISOR}, own="person")

    class Form(models.TextChoices):
        """What is asked on it."""

        ROUND = "round", _("检查单")
        VISIT = "visit", _("走访单")
        CHECK = "check", _("检查表")
        OPINION = "opinion", _("评议表")

    id: models.BigAutoField[int, int] = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(unique=True)
    form = models.CharField(_("种类"), max_length=8, choices=Form.choices)
    ground = models.ForeignKey(Place, models.PROTECT, related_name="+", db_index=False)
    scheme = models.CharField(_("方案"), max_length=40)
    code = models.CharField(_("编码"), max_length=40)
    """The kind of check, or the layer of the visits."""
    title = models.CharField(_("表名"), max_length=80)
    place = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name=_("所在"))
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("包保人"))
    from_on = models.DateField(_("起始日"))
    to_on = models.DateField(_("截止日"))
    rows: models.JSONField[Any, Any] = models.JSONField(default=list)
    printed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False, verbose_name=_("打印人")
    )
    printed_at = models.DateTimeField(_("打印时间"))
    typed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False, verbose_name=_("录入人")
    )
    typed_at = models.DateTimeField(_("录入时间"), null=True)
    turn = models.PositiveSmallIntegerField(default=0)
    """How many times it was corrected: an envelope's id is made of the sheet's, the day's and this."""
    cancelled_at = models.DateTimeField(_("作废时间"), null=True)

    objects = SheetQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("纸质表")
        constraints = [
            models.CheckConstraint(condition=Q(to_on__gte=models.F("from_on")), name="paper_days_in_order"),
            models.CheckConstraint(condition=Q(typed_at=None) | Q(cancelled_at=None), name="paper_typed_or_cancelled"),
        ]
        indexes = [models.Index(fields=["to_on"], condition=Q(typed_at=None), name="paper_out")]

    def __str__(self) -> str:
        return f"{self.title} {self.shown}"

    @property
    def number(self) -> str:
        """The printed number with its check digit."""
        return number_of(self.pk)

    @property
    def is_of_place(self) -> bool:
        """Whether it is about one place, not a list of a bearer's."""
        return self.form in (Sheet.Form.CHECK, Sheet.Form.OPINION)

    @property
    def shown(self) -> str:
        """The number as it stands on the paper."""
        return shown(self.number)

    @property
    def days(self) -> list[date]:
        """The days that it is for."""
        return [self.from_on + timedelta(days=n) for n in range((self.to_on - self.from_on).days + 1)]

    def state_on(self, today: date) -> str:
        """Printed, missing, typed or cancelled."""
        if self.cancelled_at:
            return "cancelled"
        if self.typed_at:
            return "typed"
        return "missing" if self.to_on < today - GRACE else "printed"
