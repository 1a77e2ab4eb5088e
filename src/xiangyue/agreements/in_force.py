"""Which scheme is in force on a ground on a day; parsed schemes are kept in memory, since every check asks."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from xiangyue.agreements.models import SchemeVersion
from xiangyue.base.problems import Problem, problem_kind
from xiangyue.base.scope import Scope
from xiangyue.places.models import Place
from xiangyue.rules.settings import Scheme
from xiangyue.schemes import load

NO_SCHEME = problem_kind(
    "no_scheme",
    _("“{ground}”在{day}没有生效的方案（{code}）。"),
    _("请县办公室先在“方案”页发布一个从这天或更早生效的方案。"),
    409,
)
KEPT = 64
_parsed: OrderedDict[tuple[int, str], Scheme] = OrderedDict()


def digest_of(text: str) -> str:
    """The SHA-256 of a scheme's text."""
    return hashlib.sha256(text.encode()).hexdigest()


def scheme_of(version: SchemeVersion) -> Scheme:
    """The parsed scheme of a version; the text is read only when it is not in memory."""
    key = (version.pk, version.digest)
    found = _parsed.get(key)
    if found is None:
        found = load(version.text, source=str(version), judged=version.state == SchemeVersion.State.PUBLISHED)
        _parsed[key] = found
        while len(_parsed) > KEPT:
            _parsed.popitem(last=False)
    return found


def version_on(ground_id: int, code: str, day: date) -> SchemeVersion | None:
    """The version in force on `day`, its text not loaded; None when there is none."""
    return (
        SchemeVersion.objects.published()
        .filter(ground_id=ground_id, code=code, from_on__lte=day)
        .defer("text")
        .order_by("-from_on", "-version")
        .first()
    )


def scheme_on(ground: Place | int, code: str, day: date) -> tuple[SchemeVersion, Scheme]:
    """The version and scheme of that code in force on a ground on `day`; Problem `no_scheme` when there is none."""
    ground_id = ground if isinstance(ground, int) else ground.pk
    version = version_on(ground_id, code, day)
    if version is None:
        name = Place.objects.filter(pk=ground_id).values_list("name", flat=True).first()
        raise Problem(NO_SCHEME, ground=name or ground_id, code=code, day=day)
    return version, scheme_of(version)


def schemes_on(ground_ids: tuple[int | None, ...], day: date) -> list[tuple[SchemeVersion, Scheme]]:
    """Every scheme in force on these grounds on `day`, in one query, by ground and code."""
    rows = (
        SchemeVersion.objects.published()
        .filter(ground_id__in=[pk for pk in ground_ids if pk], from_on__lte=day)
        .defer("text")
        .order_by("ground_id", "code", "-from_on", "-version")
    )
    latest: dict[tuple[int, str], SchemeVersion] = {}
    for row in rows:
        latest.setdefault((row.ground_id, row.code), row)
    return [(version, scheme_of(version)) for version in latest.values()]


def schemes_by_ground(ground_ids: Iterable[int], day: date) -> dict[tuple[int, str], Scheme]:
    """(Ground, code) → scheme in force there on `day`, in one query: what duties, checks and visits are kept under."""
    return {(version.ground_id, version.code): scheme for version, scheme in schemes_on(tuple(set(ground_ids)), day)}


def governed(scope: Scope, roles: frozenset[Any], day: date) -> list[tuple[Place, SchemeVersion, Scheme]]:
    """The grounds at, above or below which the actor holds one of the roles, each with its schemes in force on `day`."""
    grounds = Place.objects.filter(pk__in=SchemeVersion.objects.published().values("ground")).order_by("path")
    by_id = {place.pk: place for place in grounds if scope.meets(roles, place.path)}
    return [(by_id[version.ground_id], version, scheme) for version, scheme in schemes_on(tuple(by_id), day)]


def schemes_over(place: Place, day: date) -> list[tuple[SchemeVersion, Scheme]]:
    """Every scheme that governs a place on `day`: its county's, then its township's."""
    found = schemes_on((place.ground_id, place.township_id), day)
    return sorted(found, key=lambda pair: (pair[0].ground_id != place.ground_id, pair[0].code))
