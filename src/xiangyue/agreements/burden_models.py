"""How long forms took, as the forms measured themselves: a sum a person, week and form, never a row a form."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from xiangyue.people.models import Person


class EntryTime(models.Model):
    """How many forms of a kind a person sent in a week, and the seconds they took; each sees only their own."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="+", db_index=False)
    week = models.DateField()
    """The Monday."""
    form = models.CharField(max_length=40)
    """Code of the check kind, or of another form."""
    n = models.IntegerField(default=0)
    seconds = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = verbose_name_plural = _("录入用时")
        constraints = [models.UniqueConstraint(fields=["person", "week", "form"], name="entry_time_once")]
        indexes = [models.Index(fields=["week"], name="entry_time_week")]
