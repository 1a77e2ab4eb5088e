"""Who may say who bears what: nobody chooses those who answer for one's own village or township."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from xiangyue.base.problems import Problem
from xiangyue.base.roles import OFFICES, STAFF, Role
from xiangyue.base.scope import Scope
from xiangyue.duties.layers import LayerOn
from xiangyue.duties.problems import NOT_YOURS
from xiangyue.places.models import Level

GIVERS: dict[str, frozenset[Any]] = {
    Level.COUNTY: frozenset({Role.COUNTY_OFFICE}),
    Level.TOWNSHIP: frozenset({Role.COUNTY_OFFICE}),
    Level.VILLAGE: OFFICES,
}
"""Who gives duties for targets of these levels; below the village all staff do."""


def may_give(scope: Scope, level: str, path: str) -> bool:
    """Whether the actor may give and end duties for targets of this level at or below `path`."""
    return scope.holds(GIVERS.get(level, STAFF), path)


def hold_against_giver(scope: Scope | None, name: str, targets: Iterable[tuple[str, str]]) -> None:
    """Pass only who may give duties for all these (level, path); no scope is the command line, which may all."""
    if scope is not None and not all(may_give(scope, level, path) for level, path in targets):
        raise Problem(NOT_YOURS, layer=name)


def layers_given(scope: Scope, layers: Iterable[LayerOn], path: str) -> tuple[LayerOn, ...]:
    """The layers that persons or organisations bear and that the actor may give out at `path`."""
    return tuple(one for one in layers if one.layer.bearer != "household" and may_give(scope, one.layer.target, path))
