"""Staged reviews: teams, the drawn plan and its turns, versions of what each stage gave, jury, files, deviations."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xiangyue.agreements.models import SchemeVersion
from xiangyue.base.fields import BytesOrderedField
from xiangyue.base.roles import OFFICES, READERS, Role
from xiangyue.base.scope import Policy
from xiangyue.base.sealing import Sealed
from xiangyue.people.models import Person
from xiangyue.places.models import Place
from xiangyue.standings.notices.models import Publication

ACTOR = settings.AUTH_USER_MODEL


class Review(models.Model):
    """One review of a ground for a period, by the scheme version that it was opened under."""

    policy = Policy(path="ground__path", see=READERS | {Role.DEPARTMENT}, write=OFFICES)

    ground = models.ForeignKey(Place, models.PROTECT, related_name="reviews", verbose_name=_("辖区"))
    scheme_version = models.ForeignKey(SchemeVersion, models.PROTECT, related_name="+")
    scheme = models.CharField(max_length=40)
    code = models.CharField(max_length=40)
    name = models.CharField(_("名称"), max_length=60)
    key = models.CharField(_("考核期"), max_length=8)
    starts_on = models.DateField(_("起"))
    ends_on = models.DateField(_("止"))
    opened_on = models.DateField()
    opened_at = models.DateTimeField(_("开始时间"))
    opened_by = models.ForeignKey(ACTOR, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("逐级评审")
        constraints = [models.UniqueConstraint(fields=["ground", "scheme", "code", "key"], name="review_once")]
        ordering = ["-starts_on", "-id"]

    def __str__(self) -> str:
        return f"{self.name} {self.key}"


class ReviewTeam(models.Model):
    """The reviewing team of a township."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="teams")
    township = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name=_("乡镇"))

    class Meta:
        verbose_name = verbose_name_plural = _("评审组")
        constraints = [models.UniqueConstraint(fields=["review", "township"], name="review_team_once")]


class ReviewMember(models.Model):
    """A person of a team; the leader is a deputy secretary of the township. Who left keeps the sheets made before."""

    team = models.ForeignKey(ReviewTeam, models.CASCADE, related_name="members")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("人员"))
    leads = models.BooleanField(_("组长"), default=False)
    left_on = models.DateField(_("退出日期"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("评审组成员")
        constraints = [
            models.UniqueConstraint(fields=["team", "person"], name="review_member_once"),
            models.UniqueConstraint(
                fields=["team"], condition=Q(leads=True, left_on=None), name="review_team_has_one_leader"
            ),
        ]


class ReviewBar(models.Model):
    """A conflict of interest that was declared: this team does not review this subject."""

    team = models.ForeignKey(ReviewTeam, models.CASCADE, related_name="bars")
    subject = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name=_("对象"))
    reason = models.CharField(_("事由"), max_length=200)

    class Meta:
        verbose_name = verbose_name_plural = _("回避")
        constraints = [models.UniqueConstraint(fields=["team", "subject"], name="review_bar_once")]


class ReviewPlan(Sealed):
    """Who reviews whom: a secret committed first, a public number fixed later, and the turns that both gave.

    `facts` is everything else the draw takes: teams, subjects, conflicts, times, code; with the secret and the number
    anyone can recompute the turns.
    """

    class State(models.TextChoices):
        """A plan waits for its number, is drawn, or was made anew before its first sheet."""

        PLANNED = "planned", _("等公开数")
        DRAWN = "drawn", _("已抽定")
        SUPERSEDED = "superseded", _("已被替换")

    review = models.ForeignKey(Review, models.CASCADE, related_name="plans")
    version = models.PositiveSmallIntegerField(_("版本"))
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.PLANNED)
    facts: models.JSONField[Any, Any] = models.JSONField()
    digest = models.CharField(max_length=64, blank=True, default="")
    why = models.CharField(max_length=200, blank=True, default="")
    reason = models.CharField(_("原因"), max_length=200, blank=True, default="")
    planned_at = models.DateTimeField()
    planned_by = models.ForeignKey(ACTOR, models.PROTECT, null=True, related_name="+")
    drawn_at = models.DateTimeField(null=True)
    drawn_by = models.ForeignKey(ACTOR, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("互评计划")
        constraints = [
            models.UniqueConstraint(fields=["review", "version"], name="review_plan_version_once"),
            models.UniqueConstraint(
                fields=["review"], condition=~Q(state="superseded"), name="review_has_one_live_plan"
            ),
        ]
        ordering = ["-version"]


class ReviewTurn(models.Model):
    """One team reviews one subject."""

    plan = models.ForeignKey(ReviewPlan, models.CASCADE, related_name="turns")
    team = models.ForeignKey(ReviewTeam, models.PROTECT, related_name="turns")
    subject = models.ForeignKey(Place, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("互评安排")
        constraints = [models.UniqueConstraint(fields=["plan", "team", "subject"], name="review_turn_once")]


class ReviewStageVersion(models.Model):
    """One version of a stage: open while it is worked on, then what it gave, on notice and in force; never edited.

    An upheld objection leads to the next version, open for the subjects in `only` alone.
    """

    class State(models.TextChoices):
        """Where the version stands."""

        OPEN = "open", _("评审中")
        PROPOSED = "proposed", _("公示中")
        IN_FORCE = "in_force", _("已生效")
        SUPERSEDED = "superseded", _("已被新版替代")

    review = models.ForeignKey(Review, models.CASCADE, related_name="stages")
    publication = models.OneToOneField(Publication, models.SET_NULL, null=True, related_name="review_stage")
    """Its notice; none where the scheme gives the stage no days of notice."""
    stage = models.CharField(max_length=40)
    version = models.PositiveSmallIntegerField(_("版本"))
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.OPEN)
    only: models.JSONField[Any, Any] = models.JSONField(default=list)
    """Codes of the subjects that the version was opened for again; empty: all."""
    opened_on = models.DateField()
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(ACTOR, models.PROTECT, null=True, related_name="+")
    last_on = models.DateField(null=True)
    """The last day whose sheets are in it."""
    facts: models.JSONField[Any, Any] = models.JSONField(default=dict)
    """Everything it was worked out from: what `verify` recomputes."""
    digest = models.CharField(max_length=64, blank=True, default="")
    reason = models.CharField(_("说明"), max_length=200, blank=True, default="")
    finished_at = models.DateTimeField(null=True)
    finished_by = models.ForeignKey(ACTOR, models.PROTECT, null=True, related_name="+")
    in_force_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("评审阶段")
        constraints = [
            models.UniqueConstraint(fields=["review", "stage", "version"], name="review_stage_version_once"),
            models.UniqueConstraint(
                fields=["review", "stage"], condition=Q(state="open"), name="review_stage_open_once"
            ),
            models.UniqueConstraint(
                fields=["review", "stage"], condition=Q(state="proposed"), name="review_stage_proposed_once"
            ),
            models.UniqueConstraint(
                fields=["review", "stage"], condition=Q(state="in_force"), name="review_stage_in_force_once"
            ),
        ]
        ordering = ["id"]


class ReviewRow(models.Model):
    """What a stage gave a subject, in hundredths; in the last stage also the score, stars and rank of the review."""

    version = models.ForeignKey(ReviewStageVersion, models.CASCADE, related_name="rows")
    subject = models.ForeignKey(Place, models.PROTECT, related_name="review_rows")
    group_code = BytesOrderedField(max_length=24, default="")
    category = models.CharField(max_length=40, blank=True, default="")
    own = models.SmallIntegerField(_("表分"), null=True)
    adjustments = models.IntegerField(_("加减分"), null=True)
    score = models.SmallIntegerField(_("阶段得分"), null=True)
    proposal = models.SmallIntegerField(_("建议星级"), null=True)
    total = models.SmallIntegerField(_("评审总分"), null=True)
    by_rule = models.SmallIntegerField(_("按规则星级"), null=True)
    stars = models.SmallIntegerField(_("最终星级"), null=True)
    reason = models.CharField(_("调整理由"), max_length=300, blank=True, default="")
    rank = models.IntegerField(_("名次"), null=True)
    parts: models.JSONField[Any, Any] = models.JSONField(default=list)
    why = models.TextField(blank=True, default="")
    missing: models.JSONField[Any, Any] = models.JSONField(default=list)
    """What is missing for one star more."""

    class Meta:
        verbose_name = verbose_name_plural = _("评审结果")
        constraints = [models.UniqueConstraint(fields=["version", "subject"], name="review_row_once")]


class ReviewJuror(models.Model):
    """A member of a stage's jury, by name and unit."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="jurors")
    stage = models.CharField(max_length=40)
    name = models.CharField(_("姓名"), max_length=40)
    unit = models.CharField(_("单位"), max_length=80)

    class Meta:
        verbose_name = verbose_name_plural = _("评审团成员")
        constraints = [models.UniqueConstraint(fields=["review", "stage", "name", "unit"], name="review_juror_once")]
        ordering = ["unit", "name"]


class ReviewBallot(models.Model):
    """A ballot of a jury or an assembly as its minutes have it; one live for a stage."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="ballots")
    stage = models.CharField(max_length=40)
    held_on = models.DateField(_("表决日期"))
    minutes = models.CharField(_("会议记录编号"), max_length=80)
    called = models.PositiveIntegerField(_("应到"))
    came = models.PositiveIntegerField(_("实到"))
    named = models.PositiveIntegerField(default=0)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(ACTOR, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("评审表决")
        constraints = [
            models.UniqueConstraint(
                fields=["review", "stage"], condition=Q(withdrawn_at=None), name="review_ballot_one_live"
            )
        ]


class ReviewVote(models.Model):
    """The votes for one subject."""

    ballot = models.ForeignKey(ReviewBallot, models.CASCADE, related_name="votes")
    subject = models.ForeignKey(Place, models.PROTECT, related_name="+")
    votes = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ballot", "subject"], name="review_vote_once")]


class ReviewComment(models.Model):
    """What a department says of a village; shown in the village with the stage's notice."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="comments")
    stage = models.CharField(max_length=40)
    subject = models.ForeignKey(Place, models.PROTECT, related_name="+")
    unit = models.CharField(_("单位"), max_length=80)
    text = models.CharField(_("点评"), max_length=500)
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(ACTOR, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("部门点评")
        constraints = [
            models.UniqueConstraint(fields=["review", "stage", "subject", "unit"], name="review_comment_once")
        ]
        ordering = ["unit"]


class ReviewFile(models.Model):
    """Whether the file behind an item was seen in a village, and under which number."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="files")
    stage = models.CharField(max_length=40)
    subject = models.ForeignKey(Place, models.PROTECT, related_name="+")
    item = models.CharField(max_length=24)
    seen = models.BooleanField(_("查到档案"))
    document = models.CharField(_("档案文号"), max_length=80, blank=True, default="")
    checked_at = models.DateTimeField()
    checked_by = models.ForeignKey(ACTOR, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("档案核查")
        constraints = [
            models.UniqueConstraint(fields=["review", "stage", "subject", "item"], name="review_file_once"),
            models.CheckConstraint(condition=Q(seen=False) | ~Q(document=""), name="review_file_seen_has_number"),
        ]


class ReviewDeviation(models.Model):
    """The last stage gives a subject other stars than the rule does, by a reason that is published."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="deviations")
    subject = models.ForeignKey(Place, models.PROTECT, related_name="+")
    stars = models.PositiveSmallIntegerField(_("调整后星级"))
    reason = models.CharField(_("理由"), max_length=300)
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(ACTOR, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("星级调整")
        constraints = [
            models.UniqueConstraint(
                fields=["review", "subject"], condition=Q(withdrawn_at=None), name="review_deviation_one_live"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="review_deviation_has_reason"),
        ]


class ReviewAdjustment(models.Model):
    """A named, signed change to a stage's score that a county makes by hand, with the strictness it saw beside it."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="adjustments")
    stage = models.CharField(max_length=40)
    subject = models.ForeignKey(Place, models.PROTECT, related_name="+")
    amount = models.SmallIntegerField(_("分值"))
    name = models.CharField(_("事由"), max_length=60)
    reason = models.CharField(_("依据"), max_length=200)
    team = models.ForeignKey(ReviewTeam, models.PROTECT, null=True, related_name="+")
    offset = models.SmallIntegerField(null=True)
    """The team's strictness as it was shown when the adjustment was made, and over how many sheets."""
    n_sheets = models.IntegerField(default=0)
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(ACTOR, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("评审加减分")
        constraints = [models.CheckConstraint(condition=~Q(amount=0), name="review_adjustment_not_zero")]
