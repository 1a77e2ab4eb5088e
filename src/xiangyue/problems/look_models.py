"""Second looks: which of a month's closed problems are drawn, so that anyone can draw them again."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from xiangyue.base.roles import READERS, STAFF
from xiangyue.base.scope import Policy
from xiangyue.base.sealing import Sealed
from xiangyue.places.models import Place


class LookDraw(Sealed):
    """One month's draw on a ground: a secret committed before, a public number named then and known later (rule 17)."""

    policy = Policy(path="ground__path", see=READERS, write=STAFF)

    id: models.BigAutoField[int, int] = models.BigAutoField(primary_key=True)
    ground = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name=_("辖区"))
    month = models.CharField(_("销号月份"), max_length=7)
    """The month in which the problems were closed, as 2026-10."""
    planned_on = models.DateField(_("计划日期"))
    drawn_on = models.DateField(_("抽签日期"), null=True)
    drawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        verbose_name = verbose_name_plural = _("回头看抽签")
        ordering = ["-month"]
        constraints = [models.UniqueConstraint(fields=["ground", "month"], name="look_draw_once")]

    @property
    def plan(self) -> str:
        """The plan's code in the draw: look-990100-2026-10."""
        return f"look-{self.ground.code}-{self.month}"


class Look(models.Model):
    """One problem in a draw: its stratum (kind and township), its key and whether it was drawn."""

    draw = models.ForeignKey(LookDraw, models.CASCADE, related_name="lots")
    problem = models.ForeignKey("problems.Problem", models.PROTECT, related_name="lots")
    stratum = models.CharField(max_length=80)
    key = models.CharField(max_length=64)
    place = models.PositiveIntegerField()
    is_drawn = models.BooleanField()
    why = models.CharField(max_length=200)

    class Meta:
        verbose_name = verbose_name_plural = _("回头看签")
        constraints = [models.UniqueConstraint(fields=["draw", "problem"], name="look_once_a_draw")]
