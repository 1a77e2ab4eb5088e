"""Organisations, persons, their posts, the users who log in and the grants that say what they may do where."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xiangyue.base.fields import BytesOrderedField
from xiangyue.base.roles import EVERYBODY, OFFICES, READERS, STAFF, Role
from xiangyue.base.scope import Policy
from xiangyue.places.models import Place


class Organisation(models.Model):
    """A department, enterprise or committee that bears duty."""

    policy = Policy(path="place__path", see=EVERYBODY, write=OFFICES)

    class Kind(models.TextChoices):
        """Kinds of organisations."""

        DEPARTMENT = "department", _("部门")
        ENTERPRISE = "enterprise", _("企业")
        COMMITTEE = "committee", _("组织")

    code = BytesOrderedField(_("编码"), max_length=24, unique=True)
    name = models.CharField(_("名称"), max_length=80)
    kind = models.CharField(_("类型"), max_length=12, choices=Kind.choices)
    place = models.ForeignKey(Place, models.PROTECT, related_name="organisations", verbose_name=_("所在区划"))
    from_on = models.DateField(_("起始日"))
    to_on = models.DateField(_("截止日"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("单位")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class Person(models.Model):
    """An official, party member or volunteer who bears duty; villagers stand in `Household` only."""

    policy = Policy(path="place__path", see=READERS, write=STAFF, own="pk")

    id: models.BigAutoField[int, int] = models.BigAutoField(primary_key=True)
    code = BytesOrderedField(_("编码"), max_length=24, unique=True)
    name = models.CharField(_("姓名"), max_length=40)
    phone = models.CharField(_("手机号"), max_length=20, blank=True, default="")
    place = models.ForeignKey(Place, models.PROTECT, related_name="people", verbose_name=_("所在区划"))
    """Where the person works: the county for county leaders, the village for members."""
    organisation = models.ForeignKey(
        Organisation, models.SET_NULL, null=True, blank=True, related_name="people", verbose_name=_("单位")
    )
    home = models.ForeignKey(
        Place, models.SET_NULL, null=True, blank=True, related_name="residents", verbose_name=_("本人农户")
    )
    """The household the person lives in: its own yard comes first."""
    party_member = models.BooleanField(_("党员"), default=False)
    from_on = models.DateField(_("起始日"))
    to_on = models.DateField(_("截止日"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("人员")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """A post that a person holds at a place; one person can hold several."""

    policy = Policy(path="place__path", see=READERS, write=STAFF)

    class Kind(models.TextChoices):
        """Posts that schemes refer to (`layers.posts`)."""

        COUNTY_LEADER = "county_leader", _("县级领导")
        TOWNSHIP_LEADER = "township_leader", _("乡镇领导")
        VILLAGE_SECRETARY = "village_secretary", _("村党组织书记")
        COMMITTEE_MEMBER = "committee_member", _("村“三委”成员")
        MEMBER = "member", _("党员")
        OFFICIAL = "official", _("干部")
        VOLUNTEER = "volunteer", _("志愿者")

    person = models.ForeignKey(Person, models.CASCADE, related_name="posts")
    kind = models.CharField(_("职务"), max_length=20, choices=Kind.choices)
    place = models.ForeignKey(Place, models.PROTECT, related_name="posts", verbose_name=_("所在区划"))
    from_on = models.DateField(_("起始日"))
    to_on = models.DateField(_("截止日"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("职务")
        constraints = [
            models.UniqueConstraint(fields=["person", "kind", "place", "from_on"], name="post_begins_once"),
        ]


class UserManager(BaseUserManager["User"]):
    """Makes users from a phone number."""

    def create_user(self, phone: str, password: str | None = None, **extra: Any) -> User:
        """A user who logs in with `phone`; without a password only a one-time code lets them in."""
        user = self.model(phone=phone, **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """Someone who can log in, by phone number and password."""

    policy = Policy(path="person__place__path", see=STAFF | {Role.AUDITOR}, write=OFFICES)

    id: models.BigAutoField[int, int] = models.BigAutoField(primary_key=True)
    phone = models.CharField(_("手机号"), max_length=20, unique=True)
    person = models.OneToOneField(
        Person, models.PROTECT, null=True, blank=True, related_name="user", verbose_name=_("人员")
    )
    is_active = models.BooleanField(_("启用"), default=True)
    large_type = models.BooleanField(_("大字版"), default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "phone"
    objects = UserManager()

    class Meta:
        verbose_name = verbose_name_plural = _("用户")

    def __str__(self) -> str:
        return self.person.name if self.person else self.phone


class RoleGrant(models.Model):
    """A role over a place and all below it, from a date to a date."""

    policy = Policy(path="place__path", see=STAFF | {Role.AUDITOR}, write=OFFICES)

    user = models.ForeignKey(User, models.CASCADE, related_name="grants", verbose_name=_("用户"))
    role = models.CharField(_("角色"), max_length=20, choices=Role.choices)
    place = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name=_("辖区"))
    from_on = models.DateField(_("起始日"))
    to_on = models.DateField(_("截止日"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("授权")
        constraints = [
            models.UniqueConstraint(fields=["user", "role", "place"], condition=Q(to_on=None), name="grant_open_once"),
        ]


class OneTimeCode(models.Model):
    """The code for a first log-in that the office hands over; kept as a hash, valid seven days, used once."""

    user = models.ForeignKey(User, models.CASCADE, related_name="codes")
    code_hash = models.CharField(max_length=128)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    issued_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    issued_at = models.DateTimeField()


class LogInTries(models.Model):
    """Failed tries to log in with a phone number, kept alike for numbers that nobody here has."""

    phone = models.CharField(max_length=20, unique=True)
    failures = models.PositiveIntegerField(default=0)
    locked_until = models.DateTimeField(null=True)
    last_at = models.DateTimeField()

    class Meta:
        verbose_name = verbose_name_plural = _("登录失败")
        indexes = [models.Index(fields=["last_at"], name="log_in_tries_age")]
