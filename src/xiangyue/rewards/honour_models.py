"""Titles of the scheme: who was nominated, voted on and chosen; who holds a title; the plaques and where they are."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xiangyue.base.fields import BytesOrderedField
from xiangyue.base.roles import OFFICES, READERS, STAFF, Role
from xiangyue.base.scope import Policy
from xiangyue.places.models import Place
from xiangyue.rewards.edition import ACTOR, Edition

SEE = STAFF | {Role.AUDITOR}


class OfTitle(models.Model):
    """A row about one title of one ground's scheme."""

    id: models.BigAutoField[int, int] = models.BigAutoField(primary_key=True)
    ground = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name=_("辖区"))
    scheme = models.CharField(_("方案"), max_length=40)
    honour = models.CharField(_("称号代码"), max_length=40)

    class Meta:
        abstract = True


class Nomination(OfTitle):
    """A subject put forward for a title in one period, by a village or an office, with a reason."""

    policy = Policy(path="place__path", see=SEE, write=STAFF)

    key = models.CharField(_("考核期"), max_length=8)
    place = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name=_("对象"))
    reason = models.CharField(_("推荐理由"), max_length=300)
    nominated_at = models.DateTimeField(_("推荐时间"))
    nominated_by = models.ForeignKey(ACTOR, models.PROTECT, null=True, related_name="+", db_index=False)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_why = models.CharField(max_length=200, default="", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("称号推荐")
        constraints = [
            models.UniqueConstraint(
                fields=["ground", "scheme", "honour", "key", "place"],
                condition=Q(withdrawn_at=None),
                name="nominated_once",
            )
        ]
        ordering = ["id"]


class HonourBallot(OfTitle):
    """A ballot of a named jury or an assembly as its minutes have it; those who tie are voted on in the next round."""

    policy = Policy(path="ground__path", see=SEE, write=OFFICES)

    key = models.CharField(_("考核期"), max_length=8)
    round = models.PositiveSmallIntegerField(_("轮次"), default=1)
    kind = models.CharField(_("表决方式"), max_length=8)
    held_on = models.DateField(_("表决日期"))
    minutes = models.CharField(_("会议记录编号"), max_length=80)
    called = models.IntegerField(_("应到"))
    came = models.IntegerField(_("到会"))
    jurors: models.JSONField[Any, Any] = models.JSONField(default=list)
    """The jury by name, as the minutes have it."""
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(ACTOR, models.PROTECT, null=True, related_name="+", db_index=False)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_why = models.CharField(max_length=200, default="", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("称号表决")
        constraints = [
            models.UniqueConstraint(
                fields=["ground", "scheme", "honour", "key", "round"],
                condition=Q(withdrawn_at=None),
                name="honour_ballot_round_once",
            )
        ]
        ordering = ["round", "id"]


class HonourVote(models.Model):
    """How many votes one subject had in a ballot."""

    id: models.BigAutoField[int, int] = models.BigAutoField(primary_key=True)
    ballot = models.ForeignKey(HonourBallot, models.CASCADE, related_name="votes")
    place = models.ForeignKey(Place, models.PROTECT, related_name="+", db_index=False)
    votes = models.IntegerField(_("得票"))

    class Meta:
        verbose_name = verbose_name_plural = _("称号得票")
        constraints = [models.UniqueConstraint(fields=["ballot", "place"], name="honour_vote_once")]


class HonourList(Edition):
    """One version of who is given a title in one period: by the rule on closed results, or by ballots with minutes."""

    policy = Policy(path="ground__path", see=READERS | {Role.DEPARTMENT, Role.BEARER}, write=OFFICES)

    given_by = models.CharField(_("产生方式"), max_length=8)
    approval = models.CharField(_("批准文号"), max_length=80, default="", blank=True)
    places = models.IntegerField(_("名额"), default=0)
    why = models.CharField(max_length=400, default="", blank=True)
    n_chosen = models.IntegerField(default=0)
    n_open = models.IntegerField(default=0)

    class Meta(Edition.Meta):
        verbose_name = verbose_name_plural = _("称号名单")
        constraints = [
            models.UniqueConstraint(
                fields=["ground", "scheme", "code", "key", "version"], name="honour_list_version_once"
            )
        ]


class HonourLine(models.Model):
    """One subject of a list: chosen, open after a tie, not chosen, or struck off."""

    policy = Policy(path="place__path", see=SEE, write=frozenset())

    class Outcome(models.TextChoices):
        """What came of it."""

        CHOSEN = "chosen", _("当选")
        OPEN = "open", _("同票待定")
        NOT = "not", _("未当选")
        STRUCK = "struck", _("已除名")

    id: models.BigAutoField[int, int] = models.BigAutoField(primary_key=True)
    list = models.ForeignKey(HonourList, models.CASCADE, related_name="lines")
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    outcome = models.CharField(_("结果"), max_length=8, choices=Outcome.choices)
    figure = models.IntegerField(_("成绩"), null=True)
    votes = models.IntegerField(_("得票"), null=True)
    position = models.IntegerField(default=0)
    why = models.CharField(max_length=300, default="", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("称号对象")
        constraints = [models.UniqueConstraint(fields=["list", "place"], name="honour_line_once")]
        ordering = ["position", "id"]


class Plaque(OfTitle):
    """A plaque by its number: in stock, with its holder, or damaged and written off."""

    policy = Policy(path="ground__path", see=OFFICES | {Role.AUDITOR}, write=OFFICES)

    class State(models.TextChoices):
        """Where it is."""

        STOCK = "stock", _("在库")
        OUT = "out", _("已发出")
        DAMAGED = "damaged", _("已损坏")

    number = BytesOrderedField(_("编号"), max_length=32)
    state = models.CharField(_("状态"), max_length=8, choices=State.choices, default=State.STOCK)

    class Meta:
        verbose_name = verbose_name_plural = _("牌匾")
        constraints = [
            models.UniqueConstraint(fields=["ground", "scheme", "honour", "number"], name="plaque_number_once")
        ]
        ordering = ["number"]


class PlaqueMove(models.Model):
    """What happened to a plaque: bought, handed out, returned, damaged."""

    class Kind(models.TextChoices):
        """The four moves."""

        BOUGHT = "bought", _("购入")
        HANDED = "handed", _("发出")
        RETURNED = "returned", _("收回")
        DAMAGED = "damaged", _("损坏")

    id: models.BigAutoField[int, int] = models.BigAutoField(primary_key=True)
    plaque = models.ForeignKey(Plaque, models.CASCADE, related_name="moves")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    on = models.DateField(_("日期"))
    place = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+", db_index=False)
    """Who got it, or gave it back."""
    note = models.CharField(max_length=120, default="", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("牌匾收发")
        ordering = ["id"]


class HeldQuerySet(models.QuerySet["Held"]):
    """Look-ups by whether the title is still held."""

    def live(self) -> HeldQuerySet:
        """Titles that are held now."""
        return self.exclude(state=Held.State.DOWN)

    def on(self, day: date) -> HeldQuerySet:
        """Titles held on the day."""
        return self.filter(Q(down_on=None) | Q(down_on__gt=day), given_on__lte=day)


class Held(OfTitle):
    """A title that a place holds, from the list that gave it to the day it is taken down, with its plaque."""

    policy = Policy(path="place__path", see=SEE, write=OFFICES)

    class State(models.TextChoices):
        """Where it stands."""

        GIVEN = "given", _("待挂牌")
        HANDED = "handed", _("已领牌")
        HANGING = "hanging", _("挂牌中")
        DOWN = "down", _("已摘牌")

    name = models.CharField(_("称号"), max_length=60)
    place = models.ForeignKey(Place, models.PROTECT, related_name="honours", verbose_name=_("对象"))
    list = models.ForeignKey(HonourList, models.PROTECT, related_name="held")
    given_on = models.DateField(_("授予日期"))
    state = models.CharField(_("状态"), max_length=8, choices=State.choices, default=State.GIVEN)
    plaque = models.ForeignKey(Plaque, models.PROTECT, null=True, related_name="held")
    handed_on = models.DateField(_("领牌日期"), null=True)
    hung_on = models.DateField(_("挂牌日期"), null=True)
    spot = models.CharField(_("挂在哪里"), max_length=60, default="", blank=True)
    warned_on = models.DateField(_("预警日期"), null=True)
    warned_why = models.CharField(max_length=300, default="", blank=True)
    down_on = models.DateField(_("摘牌日期"), null=True)
    down_why = models.CharField(max_length=300, default="", blank=True)
    cause = models.CharField(_("摘牌情形"), max_length=60, default="", blank=True)
    """A cause of the scheme other than results, with the day and number of its record."""
    cause_on = models.DateField(null=True)
    cause_record = models.CharField(max_length=120, default="", blank=True)

    objects = HeldQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("持有的称号")
        constraints = [
            models.UniqueConstraint(
                fields=["ground", "scheme", "honour", "place"], condition=~Q(state="down"), name="title_held_once"
            ),
            models.UniqueConstraint(fields=["plaque"], condition=~Q(state="down"), name="plaque_with_one_holder"),
            models.CheckConstraint(
                condition=~Q(state="down") | Q(down_on__isnull=False), name="title_down_has_its_day"
            ),
        ]
        ordering = ["id"]
