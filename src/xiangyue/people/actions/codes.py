"""The code of a first log-in: handed over by the office, kept as a hash, good once, for seven days and five tries."""

from __future__ import annotations

import secrets
import unicodedata
from datetime import datetime, timedelta

from django.contrib.auth.hashers import check_password, make_password
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from xiangyue.base import changes
from xiangyue.base.problems import Problem, problem_kind
from xiangyue.base.scope import Scope
from xiangyue.base.writes import write
from xiangyue.people.actions.log_in import begin_try, count_failure, forget_tries, hold_address, log_failure
from xiangyue.people.giving import hold_against_user
from xiangyue.people.models import OneTimeCode, User

LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""No I, L, O, 0 or 1: what is read from a slip is typed right."""
LENGTH = 8
VALID = timedelta(days=7)
TRIES = 5

CODE_WRONG = problem_kind(
    "code_wrong",
    _("手机号或一次性码不对，或者码已用过、已过期、试满了5次。"),
    _("请对照条子再输一遍；还不行，请发码的办公室另发一个。"),
    403,
)


def issue_code(actor: User | None, user: User, *, scope: Scope | None, now: datetime) -> str:
    """A fresh code, shown this once; the user's earlier codes are void. `scope` None is the command line."""
    hold_against_user(scope, user, today=timezone.localdate(now))
    code = "".join(secrets.choice(LETTERS) for _n in range(LENGTH))
    hashed = make_password(code)
    with write():
        OneTimeCode.objects.filter(user=user, used_at=None).delete()
        OneTimeCode.objects.create(user=user, code_hash=hashed, expires_at=now + VALID, issued_by=actor, issued_at=now)
        forget_tries(user.phone)
        changes.log(actor.pk if actor else None, "user.code_issued", user, path=path_of(user))
    return code


def check_code(phone: str, text: str, *, now: datetime, address: str = "") -> OneTimeCode:
    """The code row that fits phone and code; Problem `code_wrong` for whatever does not fit, told alike."""
    hold_address(address, now=now)
    begin_try(phone, now=now)
    code = plain_code(text)
    rows = OneTimeCode.objects.select_related("user__person__place")
    row = rows.filter(user__phone=phone, user__is_active=True, used_at=None, expires_at__gt=now).last()
    counted = row is not None and OneTimeCode.objects.filter(pk=row.pk, tries__lt=TRIES).update(tries=F("tries") + 1)
    if row is None or not counted:
        make_password(code)
        log_failure(row.user if row else None, phone, "log_in.code_failed")
        count_failure(address, now=now)
        raise Problem(CODE_WRONG)
    if not check_password(code, row.code_hash):
        log_failure(row.user, phone, "log_in.code_failed")
        count_failure(address, now=now)
        raise Problem(CODE_WRONG)
    return row


def use_code(code_id: int, password: str, *, now: datetime) -> User:
    """The user with the new password; the code is used up, once and for all."""
    hashed = make_password(password)
    with write():
        unused = OneTimeCode.objects.filter(pk=code_id, used_at=None, expires_at__gt=now)
        if not unused.update(used_at=now):
            raise Problem(CODE_WRONG)
        user = User.objects.select_related("person__place").get(codes=code_id)
        user.password = hashed
        user.save(update_fields=["password"])
        forget_tries(user.phone)
        changes.log(user.pk, "user.password_set", user, path=path_of(user))
    return user


def plain_code(text: str) -> str:
    """The code as issued, whatever way it was typed."""
    return "".join(unicodedata.normalize("NFKC", text).upper().split()).replace("-", "")


def path_of(user: User) -> str:
    """Where the user's person works; scopes the log's lines."""
    return user.person.place.path if user.person else ""
