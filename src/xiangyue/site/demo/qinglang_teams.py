"""Qinglang's vanguard teams: one a village, five kinds of people, four public places, eight weeks of their visits.

The people and places are made up and come last in the register, so that nothing else in the demo moves.
"""

from __future__ import annotations

from datetime import date, timedelta

from xiangyue.duties.team_models import TeamMember
from xiangyue.duties.teams.acts import add_member, add_spot, found_team
from xiangyue.people.models import Person
from xiangyue.places.models import Place
from xiangyue.site.demo.acts import at
from xiangyue.site.demo.county import County, People, Village
from xiangyue.site.demo.recipe import Built
from xiangyue.site.demo.visiting import Plan, visits

SPOTS = ("村口墙角", "团寨边沟渠", "溪边滩涂")
"""Besides the village's square, which the register has already."""
WEEKS = 8
LAYER = "vanguard"


def team_register(county: County, people: People, begin: date) -> None:
    """The further public places of each village, and the people of its team who hold no post yet."""
    places = county.tables["places"]
    for village in county.villages:
        for n, name in enumerate(SPOTS):
            hamlet = village.hamlets[n % len(village.hamlets)]
            places.append([_spot(village.code, n + 1), name, "public_place", "", hamlet, n + 1, begin])
        for code in _without_post(village):
            people.add(code, village.code, f"volunteer@{village.code}", f"bearer@{village.code}")


def teams(built: Built) -> None:
    """Found the teams by the product's own acts, then store what they did in the last weeks."""
    village_codes = [village.code for village in built.county.villages]
    places = {row.code: row for row in Place.objects.filter(code__in=village_codes).select_related("township")}
    for village in built.county.villages:
        _team(built, village, places[village.code])
    first = built.today - timedelta(days=7 * WEEKS)
    visits(built, Plan({LAYER: (built.today - first).days}, seed="teams", meets=False, apart=True))


def _team(built: Built, village: Village, place: Place) -> None:
    actor, begin, now = built.office, built.first, at(built.first, 9)
    team = found_team(actor, place, LAYER, f"{village.name}人居环境整治先锋队", begin, now=now)
    for spot in Place.objects.filter(code__in=spots_of(village.code)).order_by("code"):
        add_spot(actor, team, spot, begin, now=now)
    kinds = _members(village)
    people = {row.code: row for row in Person.objects.filter(code__in=[code for code, _kind in kinds])}
    for n, (code, kind) in enumerate(kinds):
        add_member(actor, team, people[code], kind, begin, leads=n == 0, now=now)


def _members(village: Village) -> list[tuple[str, str]]:
    """Who is in the team as what; the first leads it."""
    kind = TeamMember.Kind
    welfare, *volunteers = _without_post(village)
    return [
        (village.members[0], kind.PARTY), (village.members[1], kind.FRONT), (village.committee[1], kind.CADRE),
        (welfare, kind.WELFARE), *((code, kind.VOLUNTEER) for code in volunteers),
    ]  # fmt: skip


def _without_post(village: Village) -> tuple[str, str, str]:
    return f"P{village.code}-1", f"V{village.code}-1", f"V{village.code}-2"


def spots_of(village: str) -> list[str]:
    """The codes of a village's public places, its square first."""
    return [_spot(village, n) for n in range(len(SPOTS) + 1)]


def _spot(village: str, n: int) -> str:
    return f"{village}-G{n + 1:03d}"
