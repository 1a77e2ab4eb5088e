"""The office home: what needs me today, by the roles that I hold and the ground that I hold them over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from xiangyue.base.roles import READERS, Role
from xiangyue.base.scope import Scope
from xiangyue.places.models import Level, Place
from xiangyue.site.context import address
from xiangyue.site.office import needs as finding
from xiangyue.site.office import needs_bulletins as bulletins
from xiangyue.site.office import needs_first as first
from xiangyue.site.office import needs_notices as notices
from xiangyue.site.office import needs_own as own
from xiangyue.site.office import needs_papers as papers
from xiangyue.site.office import needs_problems as problems
from xiangyue.site.office import needs_rewards as rewards
from xiangyue.site.office import needs_rhythm as rhythm
from xiangyue.site.office.needs import Finder, Need, Paths
from xiangyue.standings.today import Day, by_township, total, townships_below, villages_today

FINDERS: tuple[tuple[Role, tuple[Finder, ...]], ...] = (
    (
        Role.COUNTY_OFFICE,
        first.COUNTY + finding.COUNTY + rewards.OFFICE + problems.COUNTY + rhythm.OFFICE + bulletins.COUNTY,
    ),
    (
        Role.TOWNSHIP_OFFICE,
        finding.TOWNSHIP + rewards.OFFICE + problems.TOWNSHIP + rhythm.OFFICE + papers.OFFICE + bulletins.TOWNSHIP,
    ),
    (
        Role.VILLAGE_OFFICE,
        finding.VILLAGE + problems.VILLAGE + rhythm.OFFICE + papers.OFFICE + bulletins.VILLAGE + notices.VILLAGE,
    ),
    (Role.SUPERVISOR, finding.SUPERVISOR + problems.SUPERVISOR),
)
PROGRESS = frozenset({Role.COUNTY_OFFICE, Role.TOWNSHIP_OFFICE, Role.VILLAGE_OFFICE})
MOST_BARS = 15


@dataclass(frozen=True, slots=True)
class Bar:
    """How far a place's checks have come today, and how far they came yesterday."""

    name: str
    done: int
    before: int
    due: int
    url: str


@dataclass(frozen=True, slots=True)
class Progress:
    """Checks done today on one's ground."""

    whole: Day
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the page that is fetched after it, so that the page itself is quick."""

    name: str
    title: str | Promise
    words: str | Promise


@dataclass(frozen=True, slots=True)
class HomePage:
    """What stands on the home page."""

    day: date
    grounds: tuple[str, ...]
    needs: tuple[Need, ...]
    progress: Progress | None
    parts: tuple[Part, ...]
    field_url: str
    brief_url: str


def home_page(scope: Scope) -> HomePage:
    """The home page of the actor, today."""
    day = timezone.localdate()
    roles = scope.roles
    places = list(Place.objects.filter(path__in={grant.path for grant in scope.grants}).order_by("path"))
    reading = scope.paths(READERS)
    first = next((place for place in places if place.path in reading and place.level in BRIEFED), None)
    return HomePage(
        day,
        tuple(place.name for place in places),
        tuple(_needs(scope, day)),
        _progress(scope.paths(PROGRESS), day),
        tuple(part for part, who in PARTS if roles & who),
        address("field:today") if roles & {Role.BEARER} else "",
        address("brief", (first.code,)) if first else "",
    )


BRIEFED = (Level.COUNTY, Level.TOWNSHIP, Level.VILLAGE)
PARTS: tuple[tuple[Part, frozenset[Role]], ...] = (
    (
        Part("coverage", _("包保覆盖"), _("每一层包保有多少对象、缺多少")),
        frozenset({Role.COUNTY_OFFICE, Role.TOWNSHIP_OFFICE}),
    ),
    (
        Part("goals", _("目标进度"), _("今年定的目标，各完成了多少")),
        frozenset({Role.COUNTY_OFFICE, Role.TOWNSHIP_OFFICE}),
    ),
    (Part("village", _("本村"), _("要办的、没查的户，本月最多的问题")), frozenset({Role.VILLAGE_OFFICE})),
    (
        Part("live", _("实时排名"), _("本月到现在的名次，还会变，不对外")),
        frozenset({Role.COUNTY_OFFICE, Role.TOWNSHIP_OFFICE, Role.VILLAGE_OFFICE}),
    ),
    (Part("unseen", _("该查哪些村"), _("本月还没有查过的村，最久没查的在前")), frozenset({Role.SUPERVISOR})),
    (Part("villages", _("联系的村"), _("本单位包的村和它们的成绩")), frozenset({Role.DEPARTMENT})),
    (Part("closed", _("已关账的考核期"), _("每一版结果和它的核对码")), frozenset({Role.AUDITOR})),
    (Part("running", _("系统运行"), _("后台任务、存储和版本；不显示个人信息")), frozenset({Role.KEEPER})),
)


def _needs(scope: Scope, day: date) -> list[Need]:
    found: dict[str, Need] = {}
    for role, finders in FINDERS:
        paths: Paths = scope.paths(frozenset({role}))
        if paths:
            for need in finding.needs(finders, paths, day):
                found.setdefault(need.title, need)
    for ask in own.OWN if scope.person_id else ():
        need = ask(scope.person_id or 0, day)
        if need.n:
            found[need.title] = need
    return sorted(found.values(), key=lambda need: need.tone == "plain")


def _progress(paths: Paths, day: date) -> Progress | None:
    """Today's checks by township; by village where the ground is one township."""
    if not paths:
        return None
    villages = villages_today(paths, day)
    townships = by_township(villages, townships_below(paths, day))
    rows = townships if len(townships) > 1 else villages
    bars = tuple(
        Bar(row.name, row.checked, row.before, row.due, address("brief", (row.code,))) for row in rows if row.due
    )
    whole = total(villages)
    return Progress(whole, bars[:MOST_BARS]) if whole.due else None
