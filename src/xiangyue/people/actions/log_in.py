"""Logging in by phone number and password: the same time and words whoever asks, locked after five failures."""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256

from django.contrib.auth.hashers import check_password, make_password
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from xiangyue.base import changes
from xiangyue.base.masking import mask_phone
from xiangyue.base.problems import Problem, problem_kind
from xiangyue.base.writes import write
from xiangyue.people.models import LogInTries, User

FAILURES = 5
FIRST_LOCK = timedelta(minutes=15)
LONGEST_LOCK = timedelta(hours=24)
FORGET_AFTER = timedelta(days=2)
ADDRESS_FAILURES = 50
"""Failures from one address before it waits: an office or a village shares one, so it is many."""
ADDRESS_REST = timedelta(hours=1)
"""So long without a failure, and an address begins anew."""

WRONG = problem_kind(
    "log_in_wrong",
    _("手机号或密码不对。"),
    _("请核对后再试；连续输错5次会暂时锁定。忘了密码，或第一次登录，请向所在办公室要一次性码。"),
    403,
)
LOCKED = problem_kind(
    "log_in_locked",
    _("这个手机号连续输错次数太多，已暂时锁定。"),
    _("请在{minutes}分钟后再试；等不及可请所在办公室解锁，或要一个新的一次性码。"),
    429,
)
ADDRESS_LOCKED = problem_kind(
    "log_in_address",
    _("从您这里登录失败的次数太多，已暂时不接受登录。"),
    _("请在{minutes}分钟后再试，或换一个网络；急用请联系所在办公室。"),
    429,
)


def check_log_in(phone: str, password: str, *, now: datetime, address: str = "") -> User:
    """The user who may log in; Problem `log_in_wrong`, `log_in_locked` or `log_in_address`, told alike for numbers
    nobody has."""
    hold_address(address, now=now)
    begin_try(phone, now=now)
    user = User.objects.select_related("person__place").filter(phone=phone).first()
    if user is None:
        make_password(password)
    elif check_password(password, user.password) and user.is_active:
        forget_tries(phone)
        return user
    log_failure(user, phone, "log_in.failed")
    count_failure(address, now=now)
    raise Problem(WRONG)


def hold_address(address: str, *, now: datetime) -> None:
    """Pass only an address that has not failed too often; Problem `log_in_address`."""
    until = locked_until(address_key(address), now=now) if address else None
    if until is not None:
        raise Problem(ADDRESS_LOCKED, minutes=_minutes(until - now))


def count_failure(address: str, *, now: datetime) -> None:
    """One more failure from that address; after many it waits a quarter of an hour."""
    if not address:
        return
    with write():
        row = _row_of(address_key(address), now)
        failures = 1 if now - row.last_at > ADDRESS_REST else row.failures + 1
        locked = now + FIRST_LOCK if failures % ADDRESS_FAILURES == 0 else None
        LogInTries.objects.filter(pk=row.pk).update(failures=failures, last_at=now, locked_until=locked)


def address_key(address: str) -> str:
    """What an address is kept under: no number can be the same, and the address itself is not kept."""
    return "@" + sha256(address.encode()).hexdigest()[:19]


def _minutes(left: timedelta) -> int:
    return max(1, -(-int(left.total_seconds()) // 60))


def begin_try(phone: str, *, now: datetime) -> None:
    """Count a try before it is looked at, so that tries made at once can't outrun the lock."""
    with write():
        row = _row_of(phone, now)
        if row.locked_until and row.locked_until > now:
            raise Problem(LOCKED, minutes=_minutes(row.locked_until - now))
        LogInTries.objects.filter(pk=row.pk).update(failures=F("failures") + 1, last_at=now)
        row.refresh_from_db(fields=["failures"])
        if row.failures % FAILURES == 0:
            LogInTries.objects.filter(pk=row.pk).update(locked_until=now + lock_after(row.failures))


def lock_after(failures: int) -> timedelta:
    """How long a number is locked: 15 minutes after five failures, twice as long after each five more."""
    doublings = min(failures // FAILURES - 1, 10)
    return min(FIRST_LOCK * (1 << doublings), LONGEST_LOCK)


def forget_tries(phone: str) -> None:
    """Free the number: after a log-in, or by the office."""
    LogInTries.objects.filter(phone=phone).delete()


def locked_until(phone: str, *, now: datetime) -> datetime | None:
    """Until when the number is locked, if it is."""
    rows = LogInTries.objects.filter(phone=phone, locked_until__gt=now)
    return rows.values_list("locked_until", flat=True).first()


def log_failure(user: User | None, phone: str, act: str) -> None:
    """Leave a line in the change log; of a number nobody has only the masked form."""
    if user is None:
        changes.log(None, act, ("people.user", mask_phone(phone)), path="")
        return
    changes.log(None, act, user, path=user.person.place.path if user.person else "")


def _row_of(phone: str, now: datetime) -> LogInTries:
    row = LogInTries.objects.select_for_update().filter(phone=phone).first()
    if row is not None:
        return row
    LogInTries.objects.filter(last_at__lt=now - FORGET_AFTER).delete()
    try:
        with transaction.atomic():
            return LogInTries.objects.create(phone=phone, last_at=now)
    except IntegrityError:
        return LogInTries.objects.select_for_update().get(phone=phone)
