"""Problems and their steps: a step is never changed, and a problem's row says what its steps come to."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xiangyue.agreements.models import SchemeVersion
from xiangyue.base.roles import STAFF, Role
from xiangyue.base.scope import Policy
from xiangyue.captures.models import Capture
from xiangyue.checks.models import Check
from xiangyue.people.models import Organisation, Person
from xiangyue.places.models import Place
from xiangyue.problems.look_models import Look, LookDraw
from xiangyue.problems.supply_models import Given, Supply

__all__ = ["Given", "Look", "LookDraw", "Problem", "Step", "StepText", "Supply"]

TEXT_DAYS = 730
"""How long what was written about a problem is kept."""
SEE = STAFF | {Role.AUDITOR, Role.SUPERVISOR}
"""Who sees all problems on their ground; bearers and departments see their own."""


class State(models.TextChoices):
    """Where a problem stands; see docs/rules/problems.md."""

    OPEN = "open", _("待认领")
    WORKING = "working", _("整改中")
    MENDED = "mended", _("待核实")
    VERIFIED = "verified", _("待销号")
    CLOSED = "closed", _("已销号")
    MERGED = "merged", _("已合并")
    DISMISSED = "dismissed", _("不属实")


class Tier(models.TextChoices):
    """Which office has it in hand."""

    VILLAGE = "village", _("村")
    TOWNSHIP = "township", _("乡镇")
    COUNTY = "county", _("县")


class Source(models.TextChoices):
    """Where it came from."""

    CHECK = "check", _("检查")
    VISIT = "visit", _("走访")
    WISH = "wish", _("诉求")
    TIP = "tip", _("举报")
    INSPECTION = "inspection", _("督查")
    SURVEY = "survey", _("问卷")
    FIELD = "field", _("现场发现")
    OFFICE = "office", _("办公室登记")


LIVE = (State.OPEN, State.WORKING, State.MENDED, State.VERIFIED)
IN_HAND = (State.OPEN, State.WORKING)


class ProblemQuerySet(models.QuerySet["Problem"]):
    """Problems, asked so that the database finds them by an index."""

    def live(self) -> ProblemQuerySet:
        """Those on the way: not closed, merged or dismissed."""
        return self.filter(state__in=LIVE)

    def below(self, path: str) -> ProblemQuerySet:
        """Those at or below the place at `path`."""
        return self.filter(place__path__gte=path, place__path__lt=path[:-1] + "0")


class Problem(models.Model):
    """Something to mend at a place. All but the report itself is derived from the steps, and never written otherwise."""

    policy = Policy(path="place__path", see=SEE, write=STAFF, own="person")

    id: models.BigAutoField[int, int] = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(unique=True)
    """The id of the envelope that reported it, or one made here."""
    ground = models.ForeignKey(Place, models.PROTECT, related_name="+", db_index=False)
    scheme_version = models.ForeignKey(SchemeVersion, models.PROTECT, related_name="+", db_index=False)
    """The version whose kind it is: deadlines stay those of the day it was reported."""
    kind = models.CharField(_("种类"), max_length=40)
    kind_name = models.CharField(_("种类"), max_length=60)
    place = models.ForeignKey(Place, models.PROTECT, related_name="problems", verbose_name=_("地点"))
    source = models.CharField(_("来源"), max_length=12, choices=Source.choices, default=Source.OFFICE)
    of = models.UUIDField(null=True)
    """The envelope it came from: a visit, a wish."""
    check_row = models.ForeignKey(Check, models.SET_NULL, null=True, related_name="problems")
    reported_on = models.DateField(_("发现日期"))
    reported_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("报告人"), db_index=False
    )
    # what the steps come to
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.OPEN)
    tier = models.CharField(_("在哪级"), max_length=10, choices=Tier.choices)
    deadline = models.DateField(_("期限"))
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="problems", verbose_name=_("整改人"))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="problems", verbose_name=_("整改单位")
    )
    mended_on = models.DateField(_("整改日期"), null=True)
    mended_by = models.CharField(max_length=24, blank=True, default="")
    """p12 or u5: who may not verify it."""
    verified_on = models.DateField(_("核实日期"), null=True)
    closed_on = models.DateField(_("销号日期"), null=True)
    planned = models.BooleanField(_("一地一策"), default=False)
    plan_until = models.DateField(_("承诺日期"), null=True)
    n_found = models.PositiveSmallIntegerField(_("发现次数"), default=1)
    n_escalated = models.PositiveSmallIntegerField(_("上报次数"), default=0)
    n_reopened = models.PositiveSmallIntegerField(_("重开次数"), default=0)
    n_relapsed = models.PositiveSmallIntegerField(_("反弹次数"), default=0)
    look = models.CharField(_("回头看"), max_length=8, blank=True, default="")
    look_on = models.DateField(_("回头看日期"), null=True)
    into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged")
    n_steps = models.PositiveSmallIntegerField(default=1)
    n_doubts = models.PositiveSmallIntegerField(default=0)
    """Steps that wait for a person to say whether they count."""

    objects = ProblemQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("问题")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="closed") | Q(closed_on__isnull=False), name="problem_closed_has_day"
            ),
            models.CheckConstraint(
                condition=Q(person=None) | Q(organisation=None), name="problem_has_one_bearer_at_most"
            ),
        ]
        indexes = [
            models.Index(fields=["ground", "state", "deadline"], name="problem_ground_state"),
            models.Index(fields=["place", "kind", "state"], name="problem_place_kind"),
            models.Index(fields=["person", "state"], name="problem_person_state"),
            models.Index(fields=["state", "deadline"], name="problem_due"),
            models.Index(fields=["look_on"], condition=Q(look="due"), name="problem_look"),
        ]

    def __str__(self) -> str:
        return f"{self.kind_name} #{self.pk}"


class Step(models.Model):
    """One step of a problem, in the order in which they came in; what it says in words lies apart."""

    policy = Policy(path="problem__place__path", see=SEE, write=frozenset(), own="problem__person")

    class Kind(models.TextChoices):
        """What was done."""

        REPORTED = "reported", _("报告")
        FOUND = "found", _("又发现一次")
        CLAIMED = "claimed", _("认领")
        ASSIGNED = "assigned", _("指派")
        TRANSFERRED = "transferred", _("转办")
        ESCALATED = "escalated", _("上报")
        PLANNED = "planned", _("定“一地一策”")
        MENDED = "mended", _("整改好")
        REJECTED = "rejected", _("核实没有整改好")
        VERIFIED = "verified", _("核实整改好")
        CLOSED = "closed", _("销号")
        REOPENED = "reopened", _("重开")
        MERGED = "merged", _("合并")
        UNMERGED = "unmerged", _("取消合并")
        DISMISSED = "dismissed", _("不属实")
        DRAWN = "drawn", _("抽中回头看")
        FINE = "fine", _("回头看：没有反弹")
        RELAPSED = "relapsed", _("回头看：反弹")
        NOTE = "note", _("备注")
        UNDONE = "undone", _("撤回")
        ACCEPTED = "accepted", _("采纳存疑的一步")
        DECLINED = "declined", _("不采纳存疑的一步")

    id: models.BigAutoField[int, int] = models.BigAutoField(primary_key=True)
    problem = models.ForeignKey(Problem, models.CASCADE, related_name="steps", db_index=False)
    n = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12, choices=Kind.choices)
    day = models.DateField()
    made_at = models.DateTimeField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    to = models.CharField(max_length=24, blank=True, default="")
    """p12, o3 or a tier."""
    of = models.PositiveBigIntegerField(default=0)
    """The step (or, of a merge, the problem) that it is about."""
    until = models.DateField(null=True)
    conflict = models.BooleanField(default=False)
    told_by = models.CharField(max_length=12, blank=True, default="")
    """For a verification: in which office's or household's name."""
    capture = models.OneToOneField(Capture, models.PROTECT, null=True, related_name="problem_step")
    check_row = models.ForeignKey(Check, models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("办理步骤")
        ordering = ["problem", "n"]
        constraints = [models.UniqueConstraint(fields=["problem", "n"], name="problem_step_once")]

    @property
    def who(self) -> str:
        """The key of who took it: p12 for a person, u5 for a user without one, nothing for the clock."""
        if self.person_id:
            return f"p{self.person_id}"
        return f"u{self.user_id}" if self.user_id else ""


class StepText(models.Model):
    """What a step says in words, apart from the figures, with a term."""

    step = models.OneToOneField(Step, models.CASCADE, primary_key=True, related_name="words")
    text = models.CharField(_("说明"), max_length=500)
    erase_on = models.DateField()

    class Meta:
        verbose_name = verbose_name_plural = _("办理说明")
