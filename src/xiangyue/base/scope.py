"""Who may: a scope is the grants of one actor; rows are had only through `find` and `visible_to`.

A grant is a role over a place and holds for everything below that place: a place's path is the codes from the county
down, each closed with "/", so "below" is "begins with". Rows say through their model's `policy` where their path
stands and which roles see or write them. Unseen is 404, seen but not writable 403.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Model, Q, QuerySet


@dataclass(frozen=True, slots=True)
class Grant:
    """A role over the place at `path` and all below it."""

    role: str
    path: str


@dataclass(frozen=True, slots=True)
class Scope:
    """The live grants of one actor; an anonymous actor has none."""

    user_id: int | None = None
    person_id: int | None = None
    grants: tuple[Grant, ...] = ()

    def paths(self, roles: frozenset[Any]) -> tuple[str, ...]:
        """The paths over which the actor holds one of the roles, none of them below another."""
        found = sorted({grant.path for grant in self.grants if grant.role in roles})
        return tuple(path for path in found if not any(path != other and path.startswith(other) for other in found))

    def holds(self, roles: frozenset[Any], path: str = "") -> bool:
        """Whether the actor holds one of the roles over `path` (anywhere, when `path` is empty)."""
        return any(grant.role in roles and path.startswith(grant.path if path else "") for grant in self.grants)

    def meets(self, roles: frozenset[Any], path: str) -> bool:
        """Whether the actor holds one of the roles at, above or below `path`."""
        return any(g.role in roles and (path.startswith(g.path) or g.path.startswith(path)) for g in self.grants)

    @property
    def roles(self) -> frozenset[str]:
        """All roles held anywhere."""
        return frozenset(grant.role for grant in self.grants)


@dataclass(frozen=True, slots=True)
class Policy:
    """Where a model's path stands and which roles see and write its rows."""

    path: str
    see: frozenset[Any]
    write: frozenset[Any]
    create: frozenset[Any] = field(default_factory=frozenset)
    """Roles that may add rows; empty: those who write."""
    own: str = ""
    """Look-up from a row to the person whose own it is: that person sees it whatever the place."""

    def adders(self) -> frozenset[Any]:
        """The roles that may add a row."""
        return self.create or self.write


def below(lookup: str, paths: tuple[str, ...]) -> Q:
    """The condition that the path at `lookup` lies at or below one of `paths`; nothing, when there are none."""
    condition = Q(pk__in=())
    for path in paths:
        condition |= Q(**{f"{lookup}__gte": path, f"{lookup}__lt": path[:-1] + "0"}) if path else Q()
    return condition


def policy_of(model: type[Model]) -> Policy:
    """The model's declared policy; a model without one can't be reached by anyone."""
    policy = getattr(model, "policy", None)
    if not isinstance(policy, Policy):
        raise PermissionDenied(f"{model.__name__} declares no policy")
    return policy


type Hides = Callable[[Scope], Q | None]
_hidden: dict[type[Model], Hides] = {}


def hide(model: type[Model], condition: Hides) -> None:
    """Let a room above say which rows of a model an actor does not see for now; set in `site.consequences`."""
    _hidden[model] = condition


def either(*conditions: Hides) -> Hides:
    """What hides the rows that any of these hides."""

    def found(scope: Scope) -> Q | None:
        held = [one for condition in conditions if (one := condition(scope)) is not None]
        return reduce(or_, held) if held else None

    return found


def not_hidden[M: Model](rows: QuerySet[M], scope: Scope) -> QuerySet[M]:
    """The rows without those that a room above keeps from the actor for now."""
    condition = _hidden[rows.model](scope) if rows.model in _hidden else None
    return rows if condition is None else rows.exclude(condition)


def visible_to[M: Model](rows: QuerySet[M], scope: Scope, *, to_write: bool = False) -> QuerySet[M]:
    """The rows that the actor sees (or may write)."""
    policy = policy_of(rows.model)
    condition = below(policy.path, scope.paths(policy.write if to_write else policy.see))
    if policy.own and scope.person_id and not to_write:
        condition |= Q(**{policy.own: scope.person_id})
    return not_hidden(rows.filter(condition), scope)


def find[M: Model](rows: QuerySet[M], scope: Scope, *, to_write: bool = False, **key: Any) -> M:
    """The one row of that key: unseen 404, seen but not writable 403."""
    row = visible_to(rows, scope).filter(**key).first()
    if row is None:
        # here, for a command without pages never comes to it
        from django.http import Http404

        raise Http404
    if to_write and not visible_to(rows, scope, to_write=True).filter(pk=row.pk).exists():
        raise PermissionDenied
    return row


def require(scope: Scope, roles: frozenset[Any], path: str = "") -> None:
    """Pass only an actor who holds one of the roles over `path`; else 403."""
    if not scope.holds(roles, path):
        raise PermissionDenied
