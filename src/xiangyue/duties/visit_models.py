"""Visits of bearers at their targets, with who came along, what was given, and what free text lies apart with a term."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xiangyue.base.roles import READERS, STAFF, Role
from xiangyue.base.scope import Policy
from xiangyue.captures.models import Capture
from xiangyue.people.models import Organisation, Person
from xiangyue.places.models import Place

TEXT_DAYS = 365
"""How long free text of a visit, contribution or wish is kept."""


class VisitQuerySet(models.QuerySet["Visit"]):
    """Visits that count, by day."""

    def counting(self) -> VisitQuerySet:
        """Those that keep what is due: not held, denied or taken back."""
        return self.filter(state=Visit.State.COUNTED)

    def between(self, first: date, last: date) -> VisitQuerySet:
        """Those of these days, both inside."""
        return self.filter(day__gte=first, day__lte=last)

    def below(self, path: str) -> VisitQuerySet:
        """Those at or below the place at `path`."""
        return self.filter(target__path__gte=path, target__path__lt=path[:-1] + "0")


class Visit(models.Model):
    """A bearer was at a target on a day: on which layer, with which of its tasks done.

    `person` is who went; `organisation` the one they went for. Who else came along stands in `VisitParty`, where those
    two stand as well.
    """

    policy = Policy(path="target__path", see=READERS | {Role.DEPARTMENT}, write=STAFF, own="person")
    TEXTS = STAFF | {Role.AUDITOR}
    """Who reads what was written in words, over the target's ground; whoever was there reads it too."""

    class State(models.IntegerChoices):
        """Whether the visit counts, and if not, why."""

        COUNTED = 1, _("计入")
        HELD = 2, _("待人工核对")
        DENIED = 3, _("对方否认")
        WITHDRAWN = 4, _("已撤回")

    id: models.BigAutoField[int, int] = models.BigAutoField(primary_key=True)
    ground = models.ForeignKey(Place, models.PROTECT, related_name="+", db_index=False)
    scheme = models.CharField(_("方案"), max_length=40)
    layer = models.CharField(_("包保层"), max_length=40)
    target = models.ForeignKey(Place, models.PROTECT, related_name="visits", db_index=False, verbose_name=_("走访对象"))
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("走访人"))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="+", verbose_name=_("走访单位")
    )
    capture = models.OneToOneField(Capture, models.PROTECT, related_name="visit", verbose_name=_("采集记录"))
    day = models.DateField(_("日期"))
    made_at = models.DateTimeField(_("记录时间"))
    tasks = models.CharField(_("完成任务"), max_length=400, blank=True, default="")
    """Codes, comma between."""
    state = models.SmallIntegerField(_("状态"), choices=State.choices, default=State.COUNTED)
    denied_on = models.DateField(null=True)

    objects = VisitQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("走访")
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False) | Q(organisation__isnull=False), name="visit_has_a_visitor"
            ),
        ]
        indexes = [
            models.Index(fields=["ground", "day"], name="visit_ground_day"),
            models.Index(fields=["target", "day"], name="visit_target_day"),
        ]

    @property
    def done(self) -> tuple[str, ...]:
        """The codes of the tasks done."""
        return tuple(code for code in self.tasks.split(",") if code)


class VisitParty(models.Model):
    """Someone who was there; an organisation where somebody came for it."""

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="party")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("同行人员")
        constraints = [
            models.UniqueConstraint(
                fields=["visit", "person"], condition=Q(person__isnull=False), name="visit_person_once"
            ),
            models.UniqueConstraint(
                fields=["visit", "organisation"], condition=Q(person=None), name="visit_organisation_once"
            ),
        ]


class VisitNote(models.Model):
    """Free text of a visit, apart from its figures, with a term."""

    visit = models.OneToOneField(Visit, models.CASCADE, primary_key=True, related_name="note")
    text = models.CharField(_("备注"), max_length=300)
    erase_on = models.DateField()

    class Meta:
        verbose_name = verbose_name_plural = _("走访备注")


class Contribution(models.Model):
    """What was given or done on a visit, in the whole unit of its kind."""

    policy = Policy(path="visit__target__path", see=READERS | {Role.DEPARTMENT}, write=frozenset(), own="visit__person")

    class Kind(models.TextChoices):
        """Kinds of contributions; `UNITS` says what each is counted in."""

        MONEY = "money", _("资金")
        GOODS = "goods", _("物资")
        WORK = "work", _("实事工程")
        PEOPLE = "people", _("人力")
        RUBBISH = "rubbish", _("清运垃圾")

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="contributions")
    kind = models.CharField(_("种类"), max_length=8, choices=Kind.choices)
    amount = models.BigIntegerField(_("数量"))

    class Meta:
        verbose_name = verbose_name_plural = _("投入")
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="contribution_is_something")]


UNITS: dict[str, Any] = {
    "money": _("元"),
    "goods": _("件"),
    "work": _("件"),
    "people": _("人次"),
    "rubbish": _("公斤"),
}


class ContributionText(models.Model):
    """What the goods or the work were, in words, with a term."""

    contribution = models.OneToOneField(Contribution, models.CASCADE, primary_key=True, related_name="text")
    what = models.CharField(_("名目"), max_length=60)
    erase_on = models.DateField()

    class Meta:
        verbose_name = verbose_name_plural = _("投入名目")


class Wish(models.Model):
    """A household's request: settled by its bearer, or handed on as a problem when it needs someone else."""

    policy = Policy(path="household__path", see=STAFF | {Role.AUDITOR}, write=STAFF, own="person")

    class State(models.TextChoices):
        """Where the wish stands."""

        OPEN = "open", _("待办")
        PROBLEM = "problem", _("已转问题")
        SETTLED = "settled", _("已办结")
        DECLINED = "declined", _("不能办，已说明")
        HELD = "held", _("待人工核对")
        WITHDRAWN = "withdrawn", _("已撤回")

    ON_THE_WAY = (State.OPEN, State.PROBLEM, State.HELD)

    id: models.BigAutoField[int, int] = models.BigAutoField(primary_key=True)
    ground = models.ForeignKey(Place, models.PROTECT, related_name="+", db_index=False)
    household = models.ForeignKey(Place, models.PROTECT, related_name="wishes", verbose_name=_("农户"))
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("登记人"))
    """Whom the household told it."""
    capture = models.OneToOneField(Capture, models.PROTECT, related_name="wish", verbose_name=_("采集记录"))
    visit_uuid = models.UUIDField(null=True)
    """The envelope of the visit on which it was told; the two may arrive in any order."""
    day = models.DateField(_("日期"))
    made_at = models.DateTimeField(_("登记时间"))
    state = models.CharField(_("状态"), max_length=9, choices=State.choices, default=State.OPEN)
    changed_on = models.DateField(_("办理日期"), null=True)
    problem_key = models.CharField(max_length=40, blank=True, default="")
    """What the problems' room calls what this became."""

    class Meta:
        verbose_name = verbose_name_plural = _("诉求")
        indexes = [models.Index(fields=["ground", "state"], name="wish_ground_state")]


class WishText(models.Model):
    """What was asked for and what was answered, in words, with a term."""

    wish = models.OneToOneField(Wish, models.CASCADE, primary_key=True, related_name="words")
    text = models.CharField(_("内容"), max_length=300)
    answer = models.CharField(_("办理情况"), max_length=300, blank=True, default="")
    erase_on = models.DateField(null=True)
    """None while the wish is on the way: its words go a year after it was answered, never before."""

    class Meta:
        verbose_name = verbose_name_plural = _("诉求内容")


class CardHanding(models.Model):
    """A contact card was handed to a household on a day, by its bearer or somebody for them."""

    policy = Policy(path="household__path", see=STAFF | {Role.AUDITOR}, write=STAFF, own="person")

    household = models.ForeignKey(Place, models.PROTECT, related_name="cards", verbose_name=_("农户"))
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("发卡人"))
    handed_on = models.DateField(_("发卡日期"))
    noted_at = models.DateTimeField()
    noted_by = models.ForeignKey("people.User", models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        verbose_name = verbose_name_plural = _("发卡")
        constraints = [models.UniqueConstraint(fields=["household", "handed_on"], name="card_handed_once_a_day")]
