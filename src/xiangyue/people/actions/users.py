"""Users and what they may do: added, named anew, closed, opened, unlocked; roles given and withdrawn."""

from __future__ import annotations

from datetime import date, timedelta

from django.contrib.auth.hashers import check_password
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from xiangyue.base import changes
from xiangyue.base.masking import mask_phone
from xiangyue.base.problems import Problem, problem_kind
from xiangyue.base.scope import Scope
from xiangyue.base.writes import write
from xiangyue.people.actions.codes import path_of
from xiangyue.people.actions.log_in import forget_tries
from xiangyue.people.giving import OWN_GRANT, hold_against_giver, hold_against_user, live_on
from xiangyue.people.models import Person, RoleGrant, User
from xiangyue.people.phones import is_mobile, plain_phone
from xiangyue.places.models import Place

BAD_PHONE = problem_kind("user_phone", _("“{phone}”不是11位手机号。"), _("请核对号码，例如 13800001234。"))
PHONE_TAKEN = problem_kind("user_phone_taken", _("这个手机号已有账号。"), _("请核对号码；一个号码只能有一个账号。"))
HAS_USER = problem_kind("user_exists", _("{person}已有账号。"), _("需要的话，请在账号页改手机号或发一次性码。"))
WRONG_PASSWORD = problem_kind("password_wrong", _("原密码不对。"), _("请重新输入；忘了请向办公室要一次性码。"), 403)
GRANT_TWICE = problem_kind("grant_twice", _("{user}在{place}已是“{role}”。"), _("不用再给。"), 409)


def add_user(actor: User | None, person: Person | None, phone: str) -> User:
    """A user who can't log in yet: only a one-time code lets them set a password."""
    number = checked_phone(phone)
    if person is not None and User.objects.filter(person=person).exists():
        raise Problem(HAS_USER, person=person.name)
    with write():
        user = User.objects.create_user(number, None, person=person)
        told = {"phone": mask_phone(number), "person": person.code if person else ""}
        changes.log(_pk(actor), "user.added", user, path=path_of(user), after=told)
    return user


def checked_phone(phone: str) -> str:
    """The plain number; Problem when it is none, or is another user's."""
    number = plain_phone(phone)
    if not is_mobile(number):
        raise Problem(BAD_PHONE, phone=phone)
    if User.objects.filter(phone=number).exists():
        raise Problem(PHONE_TAKEN)
    return number


def change_phone(actor: User | None, user: User, phone: str, *, scope: Scope | None, today: date) -> None:
    """Let the user log in by another number."""
    hold_against_user(scope, user, today=today)
    if plain_phone(phone) == user.phone:
        return
    before, user.phone = user.phone, checked_phone(phone)
    with write():
        user.save(update_fields=["phone"])
        told = {"phone": mask_phone(before)}, {"phone": mask_phone(user.phone)}
        changes.log(_pk(actor), "user.phone_changed", user, path=path_of(user), before=told[0], after=told[1])


def set_active(actor: User | None, user: User, active: bool, *, scope: Scope | None, today: date) -> None:
    """Close or open an account; a closed one is logged out at its next step."""
    if actor is not None and actor.pk == user.pk:
        raise Problem(OWN_GRANT)
    hold_against_user(scope, user, today=today)
    with write():
        User.objects.filter(pk=user.pk).update(is_active=active)
        act = "user.opened" if active else "user.closed"
        changes.log(_pk(actor), act, user, path=path_of(user), after={"is_active": active})


def unlock(actor: User | None, user: User, *, scope: Scope | None, today: date) -> None:
    """Free a number that is locked after failures."""
    hold_against_user(scope, user, today=today)
    with write():
        forget_tries(user.phone)
        changes.log(_pk(actor), "user.unlocked", user, path=path_of(user))


def change_password(user: User, old: str, new: str) -> None:
    """The user's own new password; every other session of theirs ends."""
    if not check_password(old, user.password):
        raise Problem(WRONG_PASSWORD)
    with write():
        user.set_password(new)
        user.save(update_fields=["password"])
        changes.log(user.pk, "user.password_changed", user, path=path_of(user))


def set_large_type(user: User, large: bool) -> None:
    """Keep the user's choice of type."""
    User.objects.filter(pk=user.pk).update(large_type=large)


def grant_role(
    actor: User | None,
    user: User,
    role: str,
    place: Place,
    *,
    scope: Scope | None,
    today: date,
    to_on: date | None = None,
) -> RoleGrant:
    """A role over a place from `today` on; `scope` None is the command line."""
    hold_against_giver(scope, role, place.path, place.name)
    with write():
        twice = RoleGrant.objects.filter(user=user, role=role, place=place, to_on=None)
        if twice.exists():
            raise Problem(GRANT_TWICE, user=str(user), place=place.name, role=RoleGrant(role=role).get_role_display())
        row = RoleGrant.objects.create(user=user, role=role, place=place, from_on=today, to_on=to_on)
        told = {"user": user.pk, "role": role, "place": place.code, "to_on": to_on}
        changes.log(_pk(actor), "grant.given", row, path=place.path, after=told)
    return row


def withdraw_role(actor: User | None, grant: RoleGrant, *, scope: Scope | None, today: date) -> None:
    """The grant ends yesterday: from this moment on it opens nothing."""
    if actor is not None and actor.pk == grant.user_id:
        raise Problem(OWN_GRANT)
    hold_against_giver(scope, grant.role, grant.place.path, grant.place.name)
    with write():
        last = today - timedelta(days=1)
        told = {"user": grant.user_id, "role": grant.role, "place": grant.place.code}
        changes.log(_pk(actor), "grant.withdrawn", grant, path=grant.place.path, before=told, after={"to_on": last})
        RoleGrant.objects.filter(pk=grant.pk).update(to_on=last)


def withdraw_roles(actor_id: int | None, rows: QuerySet[RoleGrant], *, today: date) -> int:
    """End many live grants at once; gives their number. Which ones the actor may end, the caller has seen to."""
    live = live_on(rows, today)
    with write():
        found = list(live.values_list("pk", "place__path", "user_id", "role"))
        RoleGrant.objects.filter(pk__in=[row[0] for row in found]).update(to_on=today - timedelta(days=1))
        table = RoleGrant._meta.label_lower
        lines = (
            ("grant.withdrawn", table, str(pk), path, {"user": user, "role": role}, None)
            for pk, path, user, role in found
        )
        changes.log_many(lines, actor_id)
    return len(found)


def _pk(actor: User | None) -> int | None:
    return actor.pk if actor else None
