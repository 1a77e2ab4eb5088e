"""Village compacts (村规民约): versions by village, their articles, the vote, the filing with the township."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xiangyue.base.roles import READERS, STAFF, Role
from xiangyue.base.scope import Policy
from xiangyue.places.models import Place

ACTOR = settings.AUTH_USER_MODEL


class CompactVersion(models.Model):
    """A version of a village's compact; what was voted on is never edited, only followed by a newer version."""

    policy = Policy(path="village__path", see=READERS | {Role.BEARER, Role.DEPARTMENT}, write=STAFF)

    class State(models.TextChoices):
        """From a draft to what is in force."""

        DRAFT = "draft", _("草稿")
        VOTED = "voted", _("已表决，待备案")
        IN_FORCE = "in_force", _("已生效")
        SUPERSEDED = "superseded", _("已被新版替代")

    class VoteKind(models.TextChoices):
        """Who came to the villagers' meeting."""

        VILLAGERS = "villagers", _("十八周岁以上村民")
        HOUSEHOLDS = "households", _("户的代表")

    village = models.ForeignKey(Place, models.PROTECT, related_name="compacts", verbose_name=_("村"))
    version = models.PositiveSmallIntegerField(_("版本"))
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.DRAFT)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(ACTOR, models.PROTECT, null=True, related_name="+")
    vote_kind = models.CharField(_("参加的人"), max_length=10, choices=VoteKind.choices, blank=True, default="")
    voted_on = models.DateField(_("会议日期"), null=True)
    minutes = models.CharField(_("会议记录编号"), max_length=60, blank=True, default="")
    entitled = models.PositiveIntegerField(_("应到"), default=0)
    came = models.PositiveIntegerField(_("到会"), default=0)
    in_favour = models.PositiveIntegerField(_("同意"), default=0)
    filed_on = models.DateField(_("备案日期"), null=True)
    file_number = models.CharField(_("备案编号"), max_length=60, blank=True, default="")
    filed_by = models.ForeignKey(ACTOR, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("村规民约")
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["village", "version"], name="compact_version_once"),
            models.UniqueConstraint(fields=["village"], condition=Q(state="in_force"), name="compact_in_force_once"),
            models.UniqueConstraint(fields=["village"], condition=Q(state="draft"), name="compact_draft_once"),
        ]


class CompactArticle(models.Model):
    """An article; `topic` is the word by which schemes, points and pairs refer to it."""

    compact = models.ForeignKey(CompactVersion, models.CASCADE, related_name="articles")
    number = models.PositiveSmallIntegerField()
    text = models.CharField(_("条文"), max_length=1000)
    topic = models.CharField(_("对应办法"), max_length=40, blank=True, default="")

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["compact", "number"], name="compact_article_once")]
