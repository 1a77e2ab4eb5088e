"""Periods and their closings: versioned results, boards, pairs, adjustments, notices; and the live standing."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xiangyue.agreements.models import SchemeVersion
from xiangyue.base.fields import BytesOrderedField
from xiangyue.base.roles import OFFICES, READERS, STAFF, Role
from xiangyue.base.scope import Policy
from xiangyue.places.models import Place
from xiangyue.standings.notices.models import Objection, Publication, PublicationPaper, PublicationSubject

ACTOR = settings.AUTH_USER_MODEL
__all__ = [
    "Adjustment", "BoardEntry", "BoardList", "Closing", "LiveFigure", "Objection", "Pair", "Period",
    "Publication", "PublicationPaper", "PublicationSubject", "Result", "Roster", "Standing",
]  # fmt: skip


class Period(models.Model):
    """A month, quarter or year of a ground's scheme."""

    policy = Policy(path="ground__path", see=READERS | {Role.BEARER, Role.DEPARTMENT}, write=OFFICES)

    ground = models.ForeignKey(Place, models.PROTECT, related_name="periods", verbose_name=_("辖区"))
    scheme = models.CharField(max_length=40)
    key = models.CharField(_("考核期"), max_length=8)
    kind = models.CharField(max_length=8)
    starts_on = models.DateField(_("起"))
    ends_on = models.DateField(_("止"))

    class Meta:
        verbose_name = verbose_name_plural = _("考核期")
        constraints = [models.UniqueConstraint(fields=["ground", "scheme", "key"], name="period_once")]
        ordering = ["-starts_on"]

    def __str__(self) -> str:
        return self.key


class Closing(models.Model):
    """One version of a period's results, from closed to in force; a newer version supersedes it."""

    policy = Policy(path="period__ground__path", see=READERS, write=frozenset({Role.COUNTY_OFFICE}))

    class State(models.TextChoices):
        """Where the version stands."""

        CLOSED = "closed", _("已关账")
        PROPOSED = "proposed", _("公示中")
        IN_FORCE = "in_force", _("已生效")
        SUPERSEDED = "superseded", _("已被新版替代")

    period = models.ForeignKey(Period, models.PROTECT, related_name="closings", verbose_name=_("考核期"))
    version = models.PositiveSmallIntegerField(_("版本"))
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.CLOSED)
    scheme_version = models.ForeignKey(SchemeVersion, models.PROTECT, related_name="+")
    last_check = models.BigIntegerField(default=0)
    """The greatest check id that was on file: what `verify` recomputes from."""
    publication = models.OneToOneField(Publication, models.SET_NULL, null=True, related_name="closing")
    """Its notice, the last one begun."""
    closed_at = models.DateTimeField(_("关账时间"))
    closed_by = models.ForeignKey(ACTOR, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(_("说明"), max_length=200, blank=True, default="")
    out_of_date = models.BooleanField(default=False)
    """A newer version of a month in it has been closed since."""
    proposed_at = models.DateTimeField(null=True)
    proposed_by = models.ForeignKey(ACTOR, models.PROTECT, null=True, related_name="+")
    notice_ends_on = models.DateField(_("公示截止"), null=True)
    in_force_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("关账版本")
        constraints = [models.UniqueConstraint(fields=["period", "version"], name="closing_version_once")]
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.period.key} v{self.version}"


class Roster(models.Model):
    """Everything but the checks that a closing was worked out from, packed: what `verify` reads beside them."""

    closing = models.OneToOneField(Closing, models.CASCADE, primary_key=True, related_name="roster")
    data = models.BinaryField()


class Standing(models.Model):
    """The results of one composite in one closing, with the digest of the whole."""

    policy = Policy(path="closing__period__ground__path", see=READERS, write=frozenset())

    closing = models.ForeignKey(Closing, models.CASCADE, related_name="standings")
    composite = models.CharField(max_length=40)
    name = models.CharField(max_length=60)
    level = models.CharField(max_length=12)
    digest = models.CharField(max_length=64)
    n_subjects = models.IntegerField()
    n_rated = models.IntegerField()
    mean = models.IntegerField(null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("考核结果表")
        constraints = [models.UniqueConstraint(fields=["closing", "composite"], name="standing_once")]


class Result(models.Model):
    """A subject's figures in a closing, in hundredths; never edited. `parts` holds the components, in scheme order."""

    policy = Policy(path="subject__path", see=READERS | {Role.DEPARTMENT}, write=frozenset())

    id: models.BigAutoField[int, int] = models.BigAutoField(primary_key=True)
    standing = models.ForeignKey(Standing, models.CASCADE, related_name="results", db_index=False)
    subject = models.ForeignKey(Place, models.PROTECT, related_name="results", db_index=False, verbose_name=_("对象"))
    group_code = BytesOrderedField(max_length=24, default="")
    category = models.CharField(_("类别"), max_length=40, default="")
    own = models.SmallIntegerField(_("本级得分"), null=True)
    joint = models.SmallIntegerField(_("结对共评"), null=True)
    paired = models.SmallIntegerField(_("结对后"), null=True)
    adjustments = models.IntegerField(_("加减分"), null=True)
    result = models.SmallIntegerField(_("结果"), null=True)
    rank = models.IntegerField(_("名次"), null=True)
    board = models.CharField(_("红黑榜"), max_length=5, default="", blank=True)
    n_checks = models.IntegerField(default=0)
    partner = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+", db_index=False)
    why = models.CharField(max_length=16, default="")
    """Why there is no figure: a short code of the rules (away, empty, none, required …)."""
    parts: models.JSONField[Any, Any] = models.JSONField(default=list)

    class Meta:
        verbose_name = verbose_name_plural = _("考核结果")
        # the one index of a closing's 40,000 rows: everything is asked by standing, or by standing and subject
        constraints = [models.UniqueConstraint(fields=["standing", "subject"], name="result_once")]


class BoardList(models.Model):
    """One drawn board of one group and category: its pool and its cuts, or why there is none."""

    standing = models.ForeignKey(Standing, models.CASCADE, related_name="boards")
    board = models.CharField(max_length=40)
    name = models.CharField(max_length=60)
    group = models.ForeignKey(Place, models.PROTECT, related_name="+")
    category = models.CharField(max_length=40)
    pool = models.IntegerField()
    n_red = models.IntegerField()
    n_black = models.IntegerField()
    red_line = models.SmallIntegerField(null=True)
    """The lowest result that is red, and the highest that is black."""
    black_line = models.SmallIntegerField(null=True)
    min_checks = models.IntegerField(default=1)
    why = models.CharField(max_length=120, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["standing", "board", "group", "category"], name="board_list_once")
        ]


class BoardEntry(models.Model):
    """A subject drawn onto a board; `taken_off` says why it does not stand there (help, cured, objection)."""

    policy = Policy(path="subject__path", see=STAFF, write=frozenset())

    class Side(models.TextChoices):
        """The two sides."""

        RED = "red", _("红榜")
        BLACK = "black", _("黑榜")

    board = models.ForeignKey(BoardList, models.CASCADE, related_name="entries")
    side = models.CharField(max_length=5, choices=Side.choices)
    subject = models.ForeignKey(Place, models.PROTECT, related_name="board_entries")
    result = models.SmallIntegerField()
    position = models.IntegerField()
    taken_off = models.CharField(max_length=12, default="", blank=True)
    told_on = models.DateField(null=True)
    """The day a black entry's subject was told; its cure time runs from then."""
    cured_on = models.DateField(null=True)
    expires_on = models.DateField(null=True)
    """The last day that the entry is shown."""

    class Meta:
        verbose_name = verbose_name_plural = _("上榜记录")
        constraints = [models.UniqueConstraint(fields=["board", "subject"], name="board_entry_once")]


class Pair(models.Model):
    """A red and a black subject scored jointly in one period; one live pair per composite, period and subject."""

    policy = Policy(path="black__path", see=STAFF, write=OFFICES | {Role.VILLAGE_OFFICE})

    board = models.ForeignKey(BoardList, models.PROTECT, related_name="pairs")
    composite = models.CharField(max_length=40)
    period = models.ForeignKey(Period, models.PROTECT, related_name="pairs")
    red = models.ForeignKey(Place, models.PROTECT, related_name="+")
    black = models.ForeignKey(Place, models.PROTECT, related_name="+")
    met_at = models.ForeignKey(Place, models.PROTECT, related_name="+")
    """The place at whose level the two were zipped."""
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=120, default="", blank=True)
    verdict = models.CharField(max_length=6, default="", blank=True)
    """What became of the black side once the period closed: left, stayed, or none."""

    class Meta:
        verbose_name = verbose_name_plural = _("结对")
        constraints = [
            models.UniqueConstraint(
                fields=["composite", "period", "red"], condition=Q(ended_at=None), name="pair_red_once"
            ),
            models.UniqueConstraint(
                fields=["composite", "period", "black"], condition=Q(ended_at=None), name="pair_black_once"
            ),
        ]


class Adjustment(models.Model):
    """A named, signed change to a subject's result in a period, with its reason and record."""

    policy = Policy(path="subject__path", see=READERS, write=OFFICES)

    period = models.ForeignKey(Period, models.PROTECT, related_name="adjustments", verbose_name=_("考核期"))
    composite = models.CharField(_("考核"), max_length=40)
    subject = models.ForeignKey(Place, models.PROTECT, related_name="adjustments", verbose_name=_("对象"))
    code = models.CharField(_("编号"), max_length=40)
    amount = models.SmallIntegerField(_("分值"))
    name = models.CharField(_("事由"), max_length=60)
    reason = models.CharField(_("依据"), max_length=200)
    on = models.DateField(_("日期"))
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(ACTOR, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("加减分")
        constraints = [
            models.UniqueConstraint(fields=["period", "composite", "subject", "code"], name="adjustment_once"),
            models.CheckConstraint(condition=~Q(amount=0), name="adjustment_not_zero"),
        ]


class LiveFigure(models.Model):
    """A subject's figures in an open period, kept as checks come in; a village's row sums the households below it."""

    subject = models.ForeignKey(Place, models.PROTECT, related_name="live_figures", db_index=False)
    period = models.ForeignKey(Period, models.CASCADE, related_name="live_figures", db_index=False)
    composite = models.CharField(max_length=40)
    own = models.SmallIntegerField(null=True)
    result = models.SmallIntegerField(null=True)
    n_checks = models.IntegerField(default=0)
    due = models.BooleanField(default=True)
    """Whether it is rated at all: not away, not empty."""
    added = models.IntegerField(default=0)
    """Σ adjustments."""
    partner = models.ForeignKey(Place, models.SET_NULL, null=True, related_name="+", db_index=False)
    n_due = models.IntegerField(default=0)
    """A village's: households due, those of them rated, and the sum of their results."""
    n_children = models.IntegerField(default=0)
    children_sum = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject", "period", "composite"], name="live_figure_once")]
        indexes = [models.Index(fields=["period", "composite"], name="live_figure_period")]
