"""What stars are given on and what comes of it: numbers, violations, watch lists, ratings by version."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from xiangyue.agreements.models import SchemeVersion
from xiangyue.base.fields import BytesOrderedField
from xiangyue.base.roles import OFFICES, READERS, STAFF, Role
from xiangyue.base.scope import Policy
from xiangyue.people.models import Organisation
from xiangyue.places.models import Place
from xiangyue.standings.notices.models import Publication

ACTOR = settings.AUTH_USER_MODEL
SEE = READERS | {Role.DEPARTMENT, Role.BEARER}


class IndicatorNumber(models.Model):
    """A number of an indicator for a place and period; never edited: a newer version takes its place."""

    policy = Policy(path="place__path", see=READERS | {Role.DEPARTMENT}, write=OFFICES | {Role.DEPARTMENT})

    id: models.BigAutoField[int, int] = models.BigAutoField(primary_key=True)
    ground = models.ForeignKey(Place, models.PROTECT, related_name="+", db_index=False)
    scheme = models.CharField(_("方案"), max_length=40)
    indicator = models.CharField(_("指标"), max_length=40)
    key = models.CharField(_("考核期"), max_length=8)
    ends_on = models.DateField()
    """The last day of that period."""
    place = models.ForeignKey(Place, models.PROTECT, related_name="numbers", db_index=False, verbose_name=_("对象"))
    version = models.PositiveSmallIntegerField(_("版本"), default=1)
    number = models.BigIntegerField(_("数值"), null=True)
    """Without its point (8 500 with two decimals is 85.00); nothing: the earlier number is taken back."""
    source = models.CharField(_("数据来源"), max_length=120, blank=True, default="")
    document = models.CharField(_("文号"), max_length=60, blank=True, default="")
    entered_at = models.DateTimeField(_("填报时间"))
    entered_by = models.ForeignKey(ACTOR, models.PROTECT, null=True, related_name="+", db_index=False)
    is_current = models.BooleanField(_("现行"), default=True)

    class Meta:
        verbose_name = verbose_name_plural = _("指标数")
        constraints = [
            models.UniqueConstraint(
                fields=["place", "indicator", "scheme", "key", "version"], name="number_version_once"
            ),
            models.UniqueConstraint(
                fields=["place", "indicator", "scheme", "key"], condition=Q(is_current=True), name="number_current_once"
            ),
        ]
        indexes = [models.Index(fields=["ground", "indicator", "ends_on"], name="number_of_indicator")]


class EstablishedViolation(models.Model):
    """A violation of a branch or an official, as the department in charge entered it; it caps stars while in force."""

    policy = Policy(path="subject__path", see=STAFF | {Role.AUDITOR, Role.DEPARTMENT},
                    write=frozenset({Role.COUNTY_OFFICE, Role.DEPARTMENT}))  # fmt: skip

    class About(models.TextChoices):
        """Whose violation; never a household's."""

        BRANCH = "branch", _("党组织")
        OFFICIAL = "official", _("干部")

    class Basis(models.TextChoices):
        """By what it is established; a petition or complaint establishes nothing."""

        DISCIPLINE = "discipline", _("纪律")
        LAW = "law", _("法律")

    id: models.BigAutoField[int, int] = models.BigAutoField(primary_key=True)
    ground = models.ForeignKey(Place, models.PROTECT, related_name="+", db_index=False)
    scheme = models.CharField(_("方案"), max_length=40)
    kind = models.CharField(_("违规类别"), max_length=40)
    subject = models.ForeignKey(Place, models.PROTECT, related_name="violations", verbose_name=_("对象"))
    about = models.CharField(_("涉及"), max_length=8, choices=About.choices, default=About.BRANCH)
    basis = models.CharField(_("依据"), max_length=10, choices=Basis.choices, default=Basis.DISCIPLINE)
    department = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("认定单位"))
    document = models.CharField(_("文号"), max_length=60)
    clause = models.CharField(_("条款"), max_length=120)
    words = models.CharField(_("说明"), max_length=200, blank=True, default="")
    from_on = models.DateField(_("认定日期"))
    to_on = models.DateField(_("影响期止"))
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(ACTOR, models.PROTECT, null=True, related_name="+", db_index=False)
    lifted_at = models.DateTimeField(_("撤销时间"), null=True)
    lifted_by = models.ForeignKey(ACTOR, models.PROTECT, null=True, related_name="+", db_index=False)
    lift_reason = models.CharField(_("撤销依据"), max_length=200, blank=True, default="")

    class Meta:
        verbose_name = verbose_name_plural = _("违规认定")
        constraints = [
            models.CheckConstraint(condition=~Q(document="") & ~Q(clause=""), name="violation_has_basis"),
            models.CheckConstraint(condition=Q(to_on__gte=F("from_on")), name="violation_dates_in_order"),
            models.UniqueConstraint(
                fields=["subject", "kind", "scheme", "document"],
                condition=Q(lifted_at=None),
                name="violation_once",
            ),
        ]


class WatchQuerySet(models.QuerySet["WatchEntry"]):
    """Look-ups by day."""

    def standing(self, day: date) -> WatchQuerySet:
        """Entries that stand on that day: begun, not turned round, not over."""
        turned = Q(turned_on=None) | Q(turned_on__gt=day)
        return self.filter(turned, from_on__lte=day, to_on__gte=day)


class WatchEntry(models.Model):
    """A place on a watch list (软弱涣散), with its basis and its end; no star, and no name in public before a notice."""

    policy = Policy(path="place__path", see=STAFF | {Role.AUDITOR}, write=OFFICES)

    id: models.BigAutoField[int, int] = models.BigAutoField(primary_key=True)
    ground = models.ForeignKey(Place, models.PROTECT, related_name="+", db_index=False)
    scheme = models.CharField(_("方案"), max_length=40)
    watch_list = models.CharField(_("名单"), max_length=40)
    place = models.ForeignKey(Place, models.PROTECT, related_name="watched", verbose_name=_("对象"))
    basis = models.CharField(_("列入依据"), max_length=200)
    from_on = models.DateField(_("列入日期"))
    to_on = models.DateField(_("期限至"))
    turned_on = models.DateField(_("整顿达标日期"), null=True, blank=True)
    turned_reason = models.CharField(_("整顿成效"), max_length=200, blank=True, default="")
    turned_record = models.CharField(_("验收记录"), max_length=80, blank=True, default="")
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(ACTOR, models.PROTECT, null=True, related_name="+", db_index=False)

    objects = WatchQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("整顿名单")
        constraints = [
            models.UniqueConstraint(fields=["place", "watch_list", "scheme", "from_on"], name="watch_begins_once"),
            models.CheckConstraint(condition=Q(to_on__gte=F("from_on")), name="watch_dates_in_order"),
        ]


class StarRating(models.Model):
    """One version of a rating of a period: given, proposed, in force, superseded; never edited."""

    policy = Policy(path="ground__path", see=SEE, write=frozenset({Role.COUNTY_OFFICE}))

    class State(models.TextChoices):
        """Where the version stands."""

        CLOSED = "closed", _("已评定")
        PROPOSED = "proposed", _("公示中")
        IN_FORCE = "in_force", _("已生效")
        SUPERSEDED = "superseded", _("已被新版替代")

    id: models.BigAutoField[int, int] = models.BigAutoField(primary_key=True)
    ground = models.ForeignKey(Place, models.PROTECT, related_name="ratings", verbose_name=_("辖区"))
    scheme = models.CharField(_("方案"), max_length=40)
    code = models.CharField(_("评定"), max_length=40)
    name = models.CharField(_("名称"), max_length=60)
    level = models.CharField(_("层级"), max_length=12)
    key = models.CharField(_("考核期"), max_length=8)
    version = models.PositiveSmallIntegerField(_("版本"), default=1)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.CLOSED)
    scheme_version = models.ForeignKey(SchemeVersion, models.PROTECT, related_name="+")
    closing = models.ForeignKey(
        "standings.Closing", models.PROTECT, null=True, related_name="ratings", verbose_name=_("依据的关账版本")
    )
    """The results that it was given on; none where the rating has no composite, or a review gave the scores."""
    basis = models.CharField(_("依据"), max_length=60, blank=True, default="")
    """What else gave the scores: a staged review, by its key."""
    digest = models.CharField(max_length=64)
    n_subjects = models.IntegerField(default=0)
    n_rated = models.IntegerField(default=0)
    rated_at = models.DateTimeField(_("评定时间"))
    rated_by = models.ForeignKey(ACTOR, models.PROTECT, null=True, related_name="+", db_index=False)
    reason = models.CharField(_("说明"), max_length=200, blank=True, default="")
    publication = models.OneToOneField(Publication, models.SET_NULL, null=True, related_name="rating")
    """Its notice, the last one begun."""

    class Meta:
        verbose_name = verbose_name_plural = _("星级评定")
        constraints = [
            models.UniqueConstraint(fields=["ground", "scheme", "code", "key", "version"], name="rating_version_once")
        ]
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.name} {self.key} v{self.version}"


class StarRoster(models.Model):
    """All that a rating was worked out from, packed: what `verify` recomputes it from."""

    rating = models.OneToOneField(StarRating, models.CASCADE, primary_key=True, related_name="roster")
    data = models.BinaryField()


class StarLine(models.Model):
    """One star number of one group and category: its places, who has it, the lowest that kept it."""

    rating = models.ForeignKey(StarRating, models.CASCADE, related_name="lines")
    group_code = BytesOrderedField(max_length=24)
    category = models.CharField(max_length=40, default="")
    stars = models.SmallIntegerField()
    places = models.IntegerField(null=True)
    n = models.IntegerField()
    excess = models.IntegerField(default=0)
    lowest: models.JSONField[Any, Any] = models.JSONField(null=True)
    n_fell = models.IntegerField(default=0)
    why = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rating", "group_code", "category", "stars"], name="star_line_once")
        ]
        ordering = ["group_code", "category", "-stars"]


class StarRow(models.Model):
    """A subject's stars in a rating, and what they came from; never edited."""

    policy = Policy(path="subject__path", see=READERS | {Role.DEPARTMENT}, write=frozenset())

    id: models.BigAutoField[int, int] = models.BigAutoField(primary_key=True)
    rating = models.ForeignKey(StarRating, models.CASCADE, related_name="rows", db_index=False)
    subject = models.ForeignKey(Place, models.PROTECT, related_name="stars")
    group_code = BytesOrderedField(max_length=24, default="")
    category = models.CharField(_("类别"), max_length=40, default="")
    stars = models.SmallIntegerField(_("星级"), null=True)
    earned = models.SmallIntegerField(null=True)
    capped = models.SmallIntegerField(null=True)
    rank = models.IntegerField(_("名次"), null=True)
    result = models.IntegerField(_("成绩"), null=True)
    domains_met = models.SmallIntegerField(_("达标方面"), default=0)
    items_met = models.SmallIntegerField(_("达标项"), default=0)
    why = models.CharField(max_length=400, default="", blank=True)
    figures: models.JSONField[Any, Any] = models.JSONField(default=dict)
    """Indicator → [number, key of its `IndicatorNumber` or nothing where it was drawn from records]."""
    caps: models.JSONField[Any, Any] = models.JSONField(default=list)
    """Keys of the violations in force."""
    missing: models.JSONField[Any, Any] = models.JSONField(default=list)

    class Meta:
        verbose_name = verbose_name_plural = _("星级")
        constraints = [models.UniqueConstraint(fields=["rating", "subject"], name="star_row_once")]
