"""Who may give which role: never above one's own role, never beyond one's own ground."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from xiangyue.base.dated import not_over
from xiangyue.base.problems import Problem, problem_kind
from xiangyue.base.roles import Role
from xiangyue.base.scope import Scope
from xiangyue.people.models import RoleGrant, User

GIVES: dict[Role, frozenset[Role]] = {
    Role.COUNTY_OFFICE: frozenset(Role) - {Role.KEEPER},
    Role.TOWNSHIP_OFFICE: frozenset({Role.TOWNSHIP_OFFICE, Role.VILLAGE_OFFICE, Role.BEARER, Role.DEPARTMENT}),
}
"""The roles that each role gives on its own ground; a keeper is made from the command line only."""

NOT_YOURS = problem_kind(
    "grant_above",
    _("您不能在{place}给出或收回“{role}”：它超出了您自己的角色或辖区。"),
    _("请上一级办公室来办。"),
    403,
)
USER_ABOVE = problem_kind(
    "user_above", _("{user}持有您给不了的角色，您不能替他发码、停用或改号。"), _("请上一级办公室来办。"), 403
)
OWN_GRANT = problem_kind(
    "grant_own", _("您不能收回自己的角色，也不能停用自己。"), _("请同级的另一位同事或上一级办公室来办。"), 403
)


def may_give(scope: Scope, role: str, path: str) -> bool:
    """Whether the actor may give `role` over the place at `path`."""
    return any(
        role in GIVES.get(Role(grant.role), frozenset()) and path.startswith(grant.path) for grant in scope.grants
    )


def roles_given(scope: Scope) -> tuple[Role, ...]:
    """The roles that the actor may give somewhere, in the order of the catalogue."""
    given = {role for grant in scope.grants for role in GIVES.get(Role(grant.role), frozenset())}
    return tuple(role for role in Role if role in given)


def hold_against_giver(scope: Scope | None, role: str, path: str, place: str) -> None:
    """Pass only who may give the role there; no scope is the command line, which may all."""
    if scope is not None and not may_give(scope, role, path):
        raise Problem(NOT_YOURS, place=place, role=Role(role).label)


def hold_against_user(scope: Scope | None, user: User, *, today: date) -> None:
    """Pass only who may give every role that the user holds, so that nobody takes over an account above theirs."""
    if scope is None or scope.user_id == user.pk:
        return
    rows = live_grants(user, today).select_related("place")
    if not all(may_give(scope, row.role, row.place.path) for row in rows):
        raise Problem(USER_ABOVE, user=str(user))


def live_on(rows: QuerySet[RoleGrant], today: date) -> QuerySet[RoleGrant]:
    """The grants that hold on `today` or later."""
    return rows.filter(not_over(today))


def live_grants(user: User, today: date) -> QuerySet[RoleGrant]:
    """The user's grants that hold on `today` or later."""
    return live_on(RoleGrant.objects.filter(user=user), today)
