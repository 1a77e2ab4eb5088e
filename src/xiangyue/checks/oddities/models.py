"""Odd captures waiting for a person's eye; a person calls them fine or asks back, and there is no other end."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from xiangyue.base.roles import OFFICES, Role
from xiangyue.base.scope import Policy
from xiangyue.captures.models import Capture
from xiangyue.captures.photo_models import Photo
from xiangyue.people.models import Person
from xiangyue.places.models import Place


class Oddity(models.Model):
    """Captures of one person (or one picture's) in which something is odd; the whole row goes at its term."""

    policy = Policy(path="place__path", see=OFFICES | {Role.AUDITOR}, write=OFFICES, own="person")

    class Kind(models.TextChoices):
        """What is odd."""

        PHOTO = "photo", _("照片好像用过")
        NIGHT = "night", _("夜里记的")
        BURST = "burst", _("一分钟里记了很多")
        LATE = "late", _("很久以后才收到")
        CLOCK = "clock", _("手机时间不准")

    class State(models.TextChoices):
        """How far a person is with it."""

        OPEN = "open", _("等人看")
        ASKED = "asked", _("已问本人")
        ANSWERED = "answered", _("本人已答")
        FINE = "fine", _("看过，没问题")

    kind = models.CharField(max_length=8, choices=Kind.choices)
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    """The village; for a picture used in several, what they all lie in."""
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    """Whose captures they are."""
    day = models.DateField()
    key = models.CharField(max_length=80, unique=True)
    """What makes it the same one when it is found again."""
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    question = models.CharField(max_length=300, blank=True, default="")
    answer = models.CharField(max_length=300, blank=True, default="")
    looked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    looked_at = models.DateTimeField(null=True)
    erase_on = models.DateField(db_index=True)

    class Meta:
        verbose_name = verbose_name_plural = _("请人看一眼的记录")
        ordering = ["-day", "-pk"]
        indexes = [models.Index(fields=["state", "place"], name="oddity_state")]


class OddCapture(models.Model):
    """One of an oddity's captures."""

    oddity = models.ForeignKey(Oddity, models.CASCADE, related_name="captures")
    capture = models.ForeignKey(Capture, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("请人看一眼的采集")
        constraints = [models.UniqueConstraint(fields=["oddity", "capture"], name="odd_capture_once")]


class PhotoBand(models.Model):
    """A quarter of a photo's difference hash: pictures that are alike share one, so that they are met by an index."""

    photo = models.ForeignKey(Photo, models.CASCADE, related_name="+")
    ground = models.ForeignKey(Place, models.PROTECT, related_name="+", db_index=False)
    band = models.PositiveSmallIntegerField()
    value = models.CharField(max_length=4)

    class Meta:
        verbose_name = verbose_name_plural = _("照片比对段")
        constraints = [models.UniqueConstraint(fields=["photo", "band"], name="photo_band_once")]
        indexes = [models.Index(fields=["ground", "band", "value"], name="photo_band_value")]


class LookedTo(models.Model):
    """How far captures were looked through: one row."""

    last_capture = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = verbose_name_plural = _("看到哪里")
