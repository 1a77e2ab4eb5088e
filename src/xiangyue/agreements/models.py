"""Scheme versions of a ground, and consents to be listed."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xiangyue.base.roles import OFFICES, READERS, STAFF, Role
from xiangyue.base.scope import Policy, Scope, below
from xiangyue.places.models import Place


class SchemeVersionQuerySet(models.QuerySet["SchemeVersion"]):
    """Look-ups by state and reader."""

    def published(self) -> SchemeVersionQuerySet:
        """Published versions, in force or to come."""
        return self.filter(state=SchemeVersion.State.PUBLISHED)

    def read_by(self, scope: Scope) -> SchemeVersionQuerySet:
        """What the actor may read: published schemes that govern a place of theirs, drafts of grounds they write.

        A scheme governs downwards, so it is read from below: a bearer in a village reads the county's scheme.
        """
        readers = SchemeVersion.policy.see
        above = {prefix for grant in scope.grants if grant.role in readers for prefix in _prefixes(grant.path)}
        published = Q(state=SchemeVersion.State.PUBLISHED) & (
            Q(ground__path__in=above) | below("ground__path", scope.paths(readers))
        )
        return self.filter(published | below("ground__path", scope.paths(SchemeVersion.policy.write)))


def _prefixes(path: str) -> list[str]:
    """The paths at and above a path, the path itself last."""
    codes = path.split("/")[:-1]
    return ["/".join(codes[:depth]) + "/" for depth in range(1, len(codes) + 1)]


class SchemeVersion(models.Model):
    """A version of a ground's scheme: its text in the scheme language, in force from a day."""

    policy = Policy(path="ground__path", see=READERS | {Role.BEARER, Role.DEPARTMENT}, write=OFFICES)

    class State(models.TextChoices):
        """A draft can be edited; a published version never."""

        DRAFT = "draft", _("草稿")
        PUBLISHED = "published", _("已发布")

    ground = models.ForeignKey(Place, models.PROTECT, related_name="schemes", verbose_name=_("辖区"))
    code = models.CharField(_("方案代码"), max_length=40)
    version = models.PositiveSmallIntegerField(_("版本"))
    name = models.CharField(_("名称"), max_length=120)
    text = models.TextField(_("方案全文"))
    digest = models.CharField(max_length=64)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.DRAFT)
    from_on = models.DateField(_("生效日"), null=True, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = SchemeVersionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("方案版本")
        constraints = [
            models.UniqueConstraint(fields=["ground", "code", "version"], name="scheme_version_once"),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(from_on__isnull=False), name="published_scheme_has_a_day"
            ),
        ]
        ordering = ["ground_id", "code", "-version"]

    def __str__(self) -> str:
        return f"{self.name}第{self.version}版"


class Consent(models.Model):
    """A household's recorded consent for one purpose; dated, revocable."""

    policy = Policy(path="household__path", see=STAFF | {Role.AUDITOR}, write=STAFF)

    class Purpose(models.TextChoices):
        """What the household agrees to."""

        RED_PUBLIC = "red_public", _("红榜公开户名")
        BLACK_PUBLIC = "black_public", _("黑榜公开户名")
        PAIR = "pair", _("结对共评")
        HONOUR_PUBLIC = "honour_public", _("荣誉称号公开户名")

    household = models.ForeignKey(Place, models.PROTECT, related_name="consents", verbose_name=_("农户"))
    purpose = models.CharField(_("事项"), max_length=16, choices=Purpose.choices)
    given_on = models.DateField(_("同意日期"))
    revoked_on = models.DateField(_("撤回日期"), null=True, blank=True)
    given_by = models.CharField(_("同意人"), max_length=40, blank=True, default="")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("同意书")
        constraints = [
            models.UniqueConstraint(
                fields=["household", "purpose"], condition=Q(revoked_on=None), name="consent_live_once"
            ),
        ]
