"""Sheets and entries: narrow rows, one per subject checked; only what differs from the clean value is stored."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xiangyue.agreements.models import SchemeVersion
from xiangyue.base.roles import READERS, STAFF, Role
from xiangyue.base.scope import Policy
from xiangyue.captures.models import Capture
from xiangyue.people.models import Person
from xiangyue.places.models import Place


class Kind(models.Model):
    """A check kind of a ground's scheme under a small number, so that a check row stays narrow."""

    ground = models.ForeignKey(Place, models.PROTECT, related_name="+")
    scheme = models.CharField(max_length=40)
    code = models.CharField(max_length=40)
    name = models.CharField(_("名称"), max_length=60)
    level = models.CharField(max_length=12)

    class Meta:
        verbose_name = verbose_name_plural = _("检查种类")
        constraints = [models.UniqueConstraint(fields=["ground", "scheme", "code"], name="kind_once")]

    def __str__(self) -> str:
        return self.name


class CheckQuerySet(models.QuerySet["Check"]):
    """Checks, asked so that the database finds them by an index."""

    def aside(self, state: int) -> CheckQuerySet:
        """Those in a state that does not count: named twice, for SQLite does not see that 4 is not 1."""
        return self.exclude(state=Check.State.COUNTED).filter(state=state)


class Check(models.Model):
    """One subject scored once against one standard by one inspector on a day.

    `score` in hundredths, empty for a void sheet. Of the sheets of one kind, inspector, subject, day and voice only the
    last made is COUNTED (rule 2; docs/decisions/0023-voices.md).
    """

    policy = Policy(path="subject__path", see=STAFF | {Role.AUDITOR}, write=STAFF | {Role.SUPERVISOR}, own="inspector")
    OPEN_TO = READERS | {Role.DEPARTMENT}
    """Who opens the sheets of villages and townships besides: a household's are its village's and its bearer's."""

    class State(models.IntegerChoices):
        """Whether the sheet counts, and if not, why."""

        COUNTED = 1, _("计入")
        REPLACED = 2, _("已被同日后一次替代")
        VOID = 3, _("作废（无适用项）")
        LATE = 4, _("迟到，未计入已关账月份")
        HELD = 5, _("待人工核对")
        WITHDRAWN = 6, _("已撤回")

    # Millions of rows refer to a few grounds, kinds, persons and versions that are never deleted: the database need not ask for
    # each row again whether they exist (docs/decisions/0006-captures.md).
    id: models.BigAutoField[int, int] = models.BigAutoField(primary_key=True)
    ground = models.ForeignKey(Place, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    kind = models.ForeignKey(
        Kind, models.PROTECT, related_name="+", db_index=False, db_constraint=False, verbose_name=_("检查种类")
    )
    subject = models.ForeignKey(Place, models.PROTECT, related_name="checks", db_index=False, verbose_name=_("对象"))
    inspector = models.ForeignKey(
        Person, models.PROTECT, related_name="checks", db_index=False, db_constraint=False, verbose_name=_("检查人")
    )
    scheme_version = models.ForeignKey(
        SchemeVersion, models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    capture = models.ForeignKey(Capture, models.PROTECT, related_name="checks", verbose_name=_("采集记录"))
    day = models.DateField(_("日期"))
    month = models.IntegerField()
    """yyyymm of the day: what a closing reads lies together."""
    made_at = models.DateTimeField(_("检查时间"))
    score = models.SmallIntegerField(_("得分"), null=True)
    n_faults = models.SmallIntegerField(_("扣分项"), default=0)
    state = models.SmallIntegerField(_("状态"), choices=State.choices, default=State.COUNTED)
    voice = models.IntegerField(_("份号"), default=0, db_default=0)
    """Which of the opinion sheets that the inspector gathered; 0: the inspector's own."""

    objects = CheckQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("检查")
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "day", "voice", "kind", "inspector"], condition=Q(state=1), name="check_counts_once"
            ),
            models.CheckConstraint(
                condition=Q(score=None) | Q(score__gte=0, score__lte=10_000), name="check_score_in_range"
            ),
            models.CheckConstraint(condition=~Q(state=1) | Q(score__isnull=False), name="check_counted_has_score"),
        ]
        indexes = [
            models.Index(
                fields=["ground", "month", "kind", "subject", "score"], condition=Q(state=1), name="check_closing"
            ),
            models.Index(fields=["inspector", "day"], name="check_inspector_day"),
            # the few that do not count: what is late, held or replaced is found without reading the rest
            models.Index(fields=["ground", "month", "state"], condition=~Q(state=1), name="check_not_counted"),
        ]


class Entry(models.Model):
    """An item of a check whose value differs from the clean one."""

    check_row = models.ForeignKey(Check, models.CASCADE, related_name="entries")
    item = models.CharField(_("条目"), max_length=24)
    step = models.CharField(_("扣分点"), max_length=24, blank=True, default="")
    n = models.PositiveSmallIntegerField(_("处数"), default=1)
    grade = models.CharField(max_length=24, blank=True, default="")
    amount = models.IntegerField(default=0)
    """Hundredths given for a bonus item."""
    applicable = models.BooleanField(default=True)
    failed = models.BooleanField(default=False)

    class Meta:
        verbose_name = verbose_name_plural = _("记分")


class CheckNote(models.Model):
    """Free text of a check, apart from its figures, with a term."""

    check_row = models.OneToOneField(Check, models.CASCADE, primary_key=True, related_name="note")
    text = models.CharField(_("备注"), max_length=300)
    erase_on = models.DateField()

    class Meta:
        verbose_name = verbose_name_plural = _("检查备注")


class SheetTotal(models.Model):
    """Running sums of the counted sheets of one kind, subject and month: what live standings are read from."""

    subject = models.ForeignKey(Place, models.PROTECT, related_name="sheet_totals", db_index=False, db_constraint=False)
    kind = models.ForeignKey(Kind, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    month = models.IntegerField()
    n = models.IntegerField(default=0)
    total = models.BigIntegerField(default=0)
    lowest = models.SmallIntegerField(default=0)
    highest = models.SmallIntegerField(default=0)
    last = models.SmallIntegerField(default=0)
    last_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject", "kind", "month"], name="sheet_total_once")]


class DayCount(models.Model):
    """How many households of a village were checked on a day, by kind: coverage and progress without counting rows."""

    village = models.ForeignKey(Place, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    kind = models.ForeignKey(Kind, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    day = models.DateField()
    n_checks = models.IntegerField(default=0)
    n_faulty = models.IntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["village", "kind", "day"], name="day_count_once")]
        indexes = [models.Index(fields=["day"], name="day_count_day")]
