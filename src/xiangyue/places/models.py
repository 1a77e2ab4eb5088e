"""Places in time: one tree from the county down to households and public places."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from xiangyue.base.dated import DatedQuerySet, not_over
from xiangyue.base.fields import BytesOrderedField
from xiangyue.base.roles import EVERYBODY, OFFICES, READERS, STAFF, Role
from xiangyue.base.scope import Policy


class Level(models.TextChoices):
    """The levels of the tree."""

    COUNTY = "county", _("县（市、区）")
    TOWNSHIP = "township", _("乡镇（街道）")
    VILLAGE = "village", _("村（社区）")
    HAMLET = "hamlet", _("屯（组）")
    HOUSEHOLD = "household", _("农户")
    PUBLIC_PLACE = "public_place", _("公共场所")


class PlaceClass(models.TextChoices):
    """Classes of townships and villages."""

    TOWN = "town", _("镇")
    RURAL = "rural", _("乡")
    STREET = "street", _("街道")
    VILLAGE = "village", _("行政村")
    COMMUNITY = "community", _("社区")
    NONE = "", _("不分类")


class PlaceQuerySet(DatedQuerySet["Place"]):
    """Look-ups in the tree as it is now."""

    def of(self, level: str) -> PlaceQuerySet:
        """The places of one level."""
        return self.filter(level=level)

    def below(self, path: str) -> PlaceQuerySet:
        """The place at `path` and everything below it."""
        return self.filter(path__gte=path, path__lt=path[:-1] + "0")

    def above(self, path: str) -> PlaceQuerySet:
        """The places over the one at `path`, from the county down, itself last."""
        codes = path.split("/")[:-1]
        return self.filter(path__in=["/".join(codes[:n]) + "/" for n in range(1, len(codes) + 1)]).order_by("path")

    def as_of(self, day: date) -> PlaceQuerySet:
        """The places as they stood on `day`, with `then_name`, `then_class`, `then_parent` (a key), `then_path`."""
        open_or_later = not_over(day, "spans__")
        return self.filter(open_or_later, spans__from_on__lte=day).annotate(
            then_name=F("spans__name"),
            then_class=F("spans__place_class"),
            then_parent=F("spans__parent_id"),
            then_path=F("spans__path"),
        )


class Place(models.Model):
    """A node of the tree; its row shows it as it is now, `PlaceSpan` as it was.

    `code` is the key everywhere: 6 digits for a county, 9 a township, 12 a village, then village code + "-" + number
    for hamlets, households ("H…") and public places ("G…"). `path` is the codes from the county down, each closed
    by "/".
    A household's name is its door label, never a person's name.
    """

    policy = Policy(path="path", see=EVERYBODY, write=STAFF, create=STAFF)

    id: models.BigAutoField[int, int] = models.BigAutoField(primary_key=True)
    code = BytesOrderedField(_("编码"), max_length=24, unique=True)
    name = models.CharField(_("名称"), max_length=60)
    level = models.CharField(_("层级"), max_length=12, choices=Level.choices)
    place_class = models.CharField(
        _("类别"), max_length=12, choices=PlaceClass.choices, default=PlaceClass.NONE, blank=True
    )
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("上级区划")
    )
    path = BytesOrderedField(max_length=120, unique=True)
    ground = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", db_index=False)
    """The county the place lies in; a county's own is itself."""
    township = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", db_index=False)
    village = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    """The township and village at or above the place."""
    order = models.PositiveIntegerField(_("排序"), default=0)
    """Position along the row of doors, or in lists of siblings."""
    from_on = models.DateField(_("起始日"))
    to_on = models.DateField(_("截止日"), null=True, blank=True)

    objects = PlaceQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("区划")
        indexes = [models.Index(fields=["level", "path"], name="place_level_path")]
        constraints = [
            models.CheckConstraint(condition=Q(to_on=None) | Q(to_on__gte=F("from_on")), name="place_dates_in_order"),
            models.CheckConstraint(
                condition=Q(level=Level.COUNTY, parent=None) | (~Q(level=Level.COUNTY) & ~Q(parent=None)),
                name="place_has_parent",
            ),
        ]
        ordering = ["path"]

    def __str__(self) -> str:
        return self.name


class PlaceSpanQuerySet(DatedQuerySet["PlaceSpan"]):
    """Look-ups by day."""

    def on(self, day: date) -> PlaceSpanQuerySet:
        """The spans that hold `day`, one for each place that existed then."""
        return self.live(day)


class PlaceSpan(models.Model):
    """A place as it stood from a day to a day; the last span of a live place is open."""

    policy = Policy(path="path", see=EVERYBODY, write=frozenset())

    place = models.ForeignKey(Place, models.CASCADE, related_name="spans", db_index=False)
    name = models.CharField(max_length=60)
    place_class = models.CharField(max_length=12, default="", blank=True)
    parent = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+", db_index=False)
    path = BytesOrderedField(max_length=120)
    from_on = models.DateField()
    to_on = models.DateField(null=True)

    objects = PlaceSpanQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("区划沿革")
        constraints = [
            models.UniqueConstraint(fields=["place", "from_on"], name="place_span_begins_once"),
            models.UniqueConstraint(fields=["place"], condition=Q(to_on=None), name="place_span_open_once"),
        ]
        indexes = [models.Index(fields=["path", "from_on"], name="place_span_path")]


HOUSEHOLD_DAYS = 365
"""How long names and phones of a household that is no more are kept: a year's results can still be objected to."""


class Household(models.Model):
    """A household's personal data, apart from its figures; erased at its term while the place's figures stand."""

    policy = Policy(path="place__path", see=STAFF | {Role.AUDITOR}, write=STAFF)

    place = models.OneToOneField(Place, models.CASCADE, primary_key=True, related_name="household")
    head_name = models.CharField(_("户主姓名"), max_length=40, blank=True, default="")
    phone = models.CharField(_("联系电话"), max_length=20, blank=True, default="")
    n_members = models.PositiveSmallIntegerField(_("人口数"), null=True, blank=True)
    note = models.CharField(_("备注"), max_length=120, blank=True, default="")
    erase_on = models.DateField(null=True, blank=True)
    """A year after the household is no more, or the day of a justified request; None while it lives here."""

    class Meta:
        verbose_name = verbose_name_plural = _("农户")


class HouseholdState(models.Model):
    """How a household stands from a day to a day: living here, away, empty, or living here and in need of help."""

    policy = Policy(path="place__path", see=READERS | {Role.BEARER}, write=STAFF)

    class State(models.TextChoices):
        """Away and empty households owe nothing and are not rated; those in need of help are kept off black boards."""

        LIVING = "living", _("在住")
        AWAY = "away", _("外出")
        EMPTY = "empty", _("空置")
        HELP = "help", _("需帮助")

    place = models.ForeignKey(Place, models.CASCADE, related_name="states", db_index=False)
    state = models.CharField(_("状态"), max_length=8, choices=State.choices)
    from_on = models.DateField(_("起始日"))
    to_on = models.DateField(_("截止日"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("农户状态")
        constraints = [
            models.UniqueConstraint(fields=["place", "from_on"], name="household_state_begins_once"),
            models.UniqueConstraint(fields=["place"], condition=Q(to_on=None), name="household_state_open_once"),
        ]


class Restructuring(models.Model):
    """One merge, split, move or rename as one operation: its plan, what it changed, and whether it was undone."""

    policy = Policy(path="ground__path", see=OFFICES | {Role.AUDITOR}, write=OFFICES)

    class Kind(models.TextChoices):
        """What is done to the tree."""

        MERGE = "merge", _("合并")
        SPLIT = "split", _("拆分")
        MOVE = "move", _("划转")
        RENAME = "rename", _("更名")

    ground = models.ForeignKey(Place, models.PROTECT, related_name="+")
    kind = models.CharField(_("操作"), max_length=8, choices=Kind.choices)
    plan: models.JSONField[Any, Any] = models.JSONField(default=dict)
    undo: models.JSONField[Any, Any] = models.JSONField(default=dict)
    """Every row as it was before, enough to put all back."""
    on = models.DateField(_("生效日"))
    done_at = models.DateTimeField()
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)
    reason = models.CharField(_("依据"), max_length=200, default="")

    class Meta:
        verbose_name = verbose_name_plural = _("区划调整")
        ordering = ["-id"]
