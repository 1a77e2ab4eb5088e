"""Monthly bulletins: drafts, what was issued under a number with its figures as they were, and who has read it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.fields.json import KT
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from xiangyue.base.roles import OFFICES, READERS, Role
from xiangyue.base.scope import Policy
from xiangyue.places.models import Level, Place
from xiangyue.rules.days import Span, parse_period

ACTOR = settings.AUTH_USER_MODEL
SEE = READERS | {Role.DEPARTMENT}
"""Who reads what was issued, over the ground that it is about or a part of it."""
LONGEST = 1000


def is_ground(level: str) -> bool:
    """Whether an office of that level issues bulletins."""
    return level in (Level.COUNTY, Level.TOWNSHIP)


class BulletinQuerySet(models.QuerySet["Bulletin"]):
    """Look-ups by what became of them."""

    def issued(self) -> BulletinQuerySet:
        """Those that went out at some time: in force, superseded or withdrawn since."""
        return self.exclude(state=Bulletin.State.DRAFT)

    def standing(self) -> BulletinQuerySet:
        """Those that went out and still stand."""
        return self.filter(state=Bulletin.State.ISSUED)

    def light(self) -> BulletinQuerySet:
        """Without what they tell, which is long; with the name that their office bore (`office`)."""
        return self.defer("told").annotate(office=KT("told__place__name"))


class Bulletin(models.Model):
    """A township's or county's bulletin of a month; what was issued is never edited, only superseded or withdrawn."""

    policy = Policy(path="place__path", see=READERS, write=OFFICES)

    class State(models.TextChoices):
        """From a draft to what was issued."""

        DRAFT = "draft", _("草稿")
        ISSUED = "issued", _("已印发")
        SUPERSEDED = "superseded", _("已被新一期替代")
        WITHDRAWN = "withdrawn", _("已撤回")

    id: models.BigAutoField[int, int] = models.BigAutoField(primary_key=True)
    place = models.ForeignKey(Place, models.PROTECT, related_name="bulletins", verbose_name=_("辖区"))
    key = models.CharField(_("月份"), max_length=8)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.DRAFT)
    opening = models.TextField(_("开头语"), max_length=LONGEST, blank=True, default="")
    closing = models.TextField(_("结束语"), max_length=LONGEST, blank=True, default="")
    sections: models.JSONField[Any, Any] = models.JSONField(default=list)
    """Codes of the sections that it includes."""
    year = models.PositiveSmallIntegerField(_("年份"), null=True)
    number = models.PositiveSmallIntegerField(_("期号"), null=True)
    """Counted for each office and year, without gaps: a superseded or withdrawn one keeps its own."""
    told: models.JSONField[Any, Any] = models.JSONField(default=dict)
    """Title, sections and figures as they were when it was issued."""
    digest = models.CharField(_("核对码"), max_length=64, blank=True, default="")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(ACTOR, models.PROTECT, null=True, related_name="+")
    issued_at = models.DateTimeField(_("印发时间"), null=True)
    issued_by = models.ForeignKey(ACTOR, models.PROTECT, null=True, related_name="+", verbose_name=_("印发人"))
    replaces = models.ForeignKey("self", models.PROTECT, null=True, related_name="replaced_by")
    reason = models.CharField(_("说明"), max_length=200, blank=True, default="")
    """Why it replaces the one before."""
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(ACTOR, models.PROTECT, null=True, related_name="+")
    end_reason = models.CharField(_("撤回原因"), max_length=200, blank=True, default="")

    objects = BulletinQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("月通报")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["place", "year", "number"], name="bulletin_number_once"),
            models.UniqueConstraint(fields=["place", "key"], condition=Q(state="draft"), name="bulletin_draft_once"),
            models.UniqueConstraint(fields=["place", "key"], condition=Q(state="issued"), name="bulletin_issued_once"),
            models.CheckConstraint(
                condition=Q(state="draft", number=None)
                | (~Q(state="draft") & Q(number__isnull=False, year__isnull=False, issued_at__isnull=False)),
                name="bulletin_issued_has_number",
            ),
        ]
        indexes = [models.Index(fields=["issued_at"], condition=Q(state="issued"), name="bulletin_standing")]

    def __str__(self) -> str:
        return f"{self.place.name} {self.numbered or self.span.name}"

    @property
    def span(self) -> Span:
        """The month that it is about."""
        return parse_period(self.key)

    @property
    def numbered(self) -> str:
        """青朗乡通报〔2026〕第9期; nothing while it is a draft."""
        if self.number is None:
            return ""
        office = getattr(self, "office", "") or self.told.get("place", {}).get("name", self.place.name)
        return _t("%(place)s通报〔%(year)s〕第%(n)s期") % {"place": office, "year": self.year, "n": self.number}

    @property
    def title(self) -> str:
        """What stands at its head."""
        name = self.told.get("place", {}).get("name", self.place.name)
        return _t("%(place)s关于%(month)s工作情况的通报") % {"place": name, "month": self.span.name}


class BulletinRead(models.Model):
    """The office of a place opened a bulletin: that is its acknowledgement."""

    policy = Policy(path="place__path", see=READERS, write=frozenset())

    id: models.BigAutoField[int, int] = models.BigAutoField(primary_key=True)
    bulletin = models.ForeignKey(Bulletin, models.CASCADE, related_name="reads")
    place = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name=_("村"))
    at = models.DateTimeField(_("打开时间"))
    by = models.ForeignKey(ACTOR, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("通报签收")
        constraints = [models.UniqueConstraint(fields=["bulletin", "place"], name="bulletin_read_once")]
