"""The ways of inspecting that schemes name, on the grounds that an actor works on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from xiangyue.agreements.in_force import governed, scheme_of, scheme_on
from xiangyue.agreements.models import SchemeVersion
from xiangyue.base.problems import Problem
from xiangyue.base.scope import Scope
from xiangyue.checks.inspections import problems
from xiangyue.checks.inspections.models import Inspection
from xiangyue.places.models import Place
from xiangyue.rules.settings import CheckKind, DrawPlan, InspectionKind, Scheme


@dataclass(frozen=True, slots=True)
class Ground:
    """A ground with a scheme in force that says how it inspects."""

    place: Place
    version: SchemeVersion
    scheme: Scheme


def grounds(scope: Scope, roles: frozenset[Any], day: date) -> list[Ground]:
    """The grounds at, above or below a place of the actor's whose schemes say how they inspect."""
    return [Ground(*found) for found in governed(scope, roles, day) if found[2].inspections]


def way_in(scheme: Scheme, code: str) -> InspectionKind:
    """The way of that code; Problem when there is none."""
    found = next((way for way in scheme.inspections if way.code == code), None)
    if found is None:
        raise Problem(problems.UNKNOWN_WAY, scheme=scheme.name, way=code)
    return found


def way_on(ground: Place, scheme: str, code: str, day: date) -> tuple[SchemeVersion, Scheme, InspectionKind]:
    """The version in force, its scheme and the way of that code."""
    version, found = scheme_on(ground, scheme, day)
    return version, found, way_in(found, code)


def way_of(inspection: Inspection) -> tuple[Scheme, InspectionKind]:
    """The scheme and way that an inspection was arranged by."""
    scheme = scheme_of(inspection.scheme_version)
    return scheme, way_in(scheme, inspection.kind)


def kinds_of(scheme: Scheme, way: InspectionKind) -> list[CheckKind]:
    """The kinds of check that are the way's sheets, in the order of the scheme."""
    return [kind for kind in scheme.check_kinds if kind.code in way.checks]


def level_of(scheme: Scheme, way: InspectionKind) -> str:
    """The level of the way's subjects."""
    return scheme.check_kind(way.checks[0]).subject


def draw_of(scheme: Scheme, way: InspectionKind) -> DrawPlan | None:
    """The way's draw; None where its targets are known ahead."""
    return next((plan for plan in scheme.draws if plan.code == way.draw), None)


def takes(scheme: Scheme, kind: str) -> InspectionKind | None:
    """The way whose sheets are of this kind of check."""
    return next((way for way in scheme.inspections if kind in way.checks), None)
