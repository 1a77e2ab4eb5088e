"""Lüyuan's register at its reported size: 22 real villages, 17,079 households, 1,455 cadres of four levels, 43 departments.

Households, people and departments' staff are made up. A village's doors in a row are cut into runs: some are borne by one
cadre alone, some by a group for a row of houses (联排分组), some by cadres of two departments together (部门联包).
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from xiangyue.site.demo.county import (
    County,
    People,
    Table,
    Village,
    household_counts,
    households_table,
    places_table,
    real_places,
    spread,
)
from xiangyue.site.demo.names import DEPARTMENTS

COUNTY = "220106"
SEED = 2020_09_11
HOMES_OF_ONE = 115
"""Households of a hamlet, about."""
INSPECTORS = 6
ROUTE = {"裴家村": 3, "哈达村": 3, "于家村": 2, "永跃村": 2}
"""The model route's villages, and how many hamlets of each lie on it."""
NODES = ("村口景墙", "屯心小广场", "水系景观")
"""The landscape nodes of each village of the route."""
NO_VILLAGES = "社区"
"""Ends the name of what is on the list of villages but is none (开发区虚拟社区)."""
PATTERN: tuple[tuple[str, int], ...] = (("", 1), ("部门联包", 2), ("", 1), ("联排", 3))
"""How a department's cadres go out, in turn: alone, one of each of two departments, alone, three for a row."""
GROUP_WEIGHT = 2.0
"""Doors of a group beside those of one alone."""


@dataclass(frozen=True, slots=True)
class Size:
    """How much of everything; the four kinds of cadres add up to those reported."""

    towns: frozenset[str]
    households: int
    leaders: int
    departments: int
    officials: int
    township: int
    doors: tuple[int, int, int]
    """Households of a village secretary, of a township's cadre, of a district leader."""


SIZES = {
    "full": Size(frozenset(), 17_079, 20, 43, 1_380, 33, (12, 12, 8)),
    "small": Size(frozenset({"220106101"}), 240, 3, 5, 20, 3, (5, 4, 3)),
}
"""1,455 = 20 district leaders + 1,380 officials of departments + 33 of the towns + 22 secretaries; small: 西新镇 alone."""


def register(size_name: str, begin: date) -> County:
    """The whole register, the same each time for a size."""
    size, rng = SIZES[size_name], random.Random(SEED)
    county = real_places(COUNTY, "绿园区", size.towns)
    county.villages = [
        row for row in county.villages if not row.is_community and not row.name.endswith(NO_VILLAGES)
    ]  # fmt: skip
    held = {row.township for row in county.villages}
    county.townships = {code: name for code, name in county.townships.items() if code in held}
    places_table(county, begin)
    counts = household_counts(size.households, len(county.villages), rng)
    households_table(county, county.villages, counts, rng, begin, hamlet=HOMES_OF_ONE)
    _nodes(county, begin)
    rows: Table = [["code", "name", "kind", "place", "from"]]
    rows += [[code, name, "department", COUNTY, begin] for code, name in _departments(size)]
    county.tables["organisations"] = rows
    people = People(begin)
    _offices(county, people)
    duties: Table = [["layer", "person", "organisation", "target", "team", "from"]]
    duties += [[*row, begin] for row in _duties(county, size, people)]
    county.tables["persons"], county.tables["duties"] = people.rows, duties
    return county


def _departments(size: Size) -> list[tuple[str, str]]:
    names = [name.replace("团市委", "团区委") for name in DEPARTMENTS[: size.departments]]
    return [(f"D{n + 1:02d}", f"绿园区{name}（示例）") for n, name in enumerate(names)]


def _nodes(county: County, begin: date) -> None:
    """The twelve landscape nodes of the route, as public places of its villages."""
    for village in on_route(county):
        for n, name in enumerate(NODES, 2):
            county.tables["places"].append(
                [f"{village.code}-G{n:03d}", f"{village.name}{name}", "public_place", "", village.code, n, begin]
            )


def on_route(county: County) -> list[Village]:
    """The villages of the model route, in the county's order."""
    return [village for village in county.villages if village.name in ROUTE]


def _offices(county: County, people: People) -> None:
    """Who runs it and who supervises: they bear nothing."""
    office = f"county_office@{COUNTY}"
    for code, role in (("B001", office), ("B002", f"auditor@{COUNTY}"), ("B003", f"keeper@{COUNTY}"), ("B004", office)):
        people.add(code, COUNTY, "", role)
    county.officials[COUNTY] = [f"S{n + 1:03d}" for n in range(INSPECTORS)]
    for code in county.officials[COUNTY]:
        people.add(code, COUNTY, "", f"supervisor@{COUNTY}")
    for town in sorted(county.townships):
        people.add(f"T{town}-90", town, "", f"township_office@{town}")


type Row = tuple[str, str, str, str, str]
"""Layer, person, organisation, target, team."""


def _duties(county: County, size: Size, people: People) -> Iterator[Row]:
    """Every duty of the district, its bearers added to the people as they come."""
    leaders = [f"X{n + 1:03d}" for n in range(size.leaders)]
    for code in leaders:
        people.add(code, COUNTY, f"county_leader@{COUNTY}", f"bearer@{COUNTY}")
    officials = _officials(size, people)
    sent = iter(officials)
    shares = spread(size.officials, [len(village.households) for village in county.villages], low=2)
    towns = _town_people(county, size, people)
    for n, (village, share) in enumerate(zip(county.villages, shares, strict=True)):
        mine = [next(sent) for _ in range(share)]
        yield "leaders", leaders[n % len(leaders)], "", village.code, ""
        for department in _leading(mine):
            yield "departments", "", department, village.code, ""
        own = towns[village.township][n % 2 :: 2] or towns[village.township]
        yield "locals", own[0], "", village.code, ""
        yield from _village(village, people, _alone(county, size, village, leaders, towns), mine)
    yield from _route(county, leaders, [code for _, code in officials], size)


def _officials(size: Size, people: People) -> list[tuple[str, str]]:
    """(Department, official), department by department; the first of each also keeps its record."""
    found = []
    for department, n in zip(_departments(size), spread(size.officials, [1.0] * size.departments), strict=True):
        for k in range(n):
            code = f"{department[0]}-{k + 1:02d}"
            role = f"bearer@{COUNTY}" + (f";department@{COUNTY}" if k == 0 else "")
            people.add(code, COUNTY, f"official@{COUNTY}", role, organisation=department[0])
            found.append((department[0], code))
    return found


def _town_people(county: County, size: Size, people: People) -> dict[str, list[str]]:
    """The towns' cadres who bear, by town, as many as its villages ask for."""
    towns = sorted(county.townships)
    counts = Counter(village.township for village in county.villages)
    found: dict[str, list[str]] = {}
    for town, n in zip(towns, spread(size.township, [counts[town] for town in towns], low=1), strict=True):
        found[town] = [f"T{town}-{k + 1:02d}" for k in range(n)]
        for code in found[town]:
            people.add(code, town, f"township_leader@{town}", f"bearer@{town}")
    return found


def _leading(mine: Sequence[tuple[str, str]]) -> list[str]:
    """The departments that answer for a village: those that send a fifth of its officials or more."""
    counts = Counter(department for department, _ in mine)
    return [department for department, n in counts.items() if n * 5 >= len(mine)]


def _alone(
    county: County, size: Size, village: Village, leaders: Sequence[str], towns: dict[str, list[str]]
) -> list[tuple[str, int]]:
    """(Cadre, doors): the secretary, and the town's cadres and district leaders whose turn this village is."""
    at = county.villages.index(village)
    beside = [row for row in county.villages if row.township == village.township]
    secretary, town, leader = size.doors
    mine = towns[village.township][beside.index(village) :: len(beside)]
    led = leaders[at :: len(county.villages)]
    return [
        (f"C{village.code}-1", secretary), *((code, town) for code in mine), *((code, leader) for code in led),
    ]  # fmt: skip


def _village(
    village: Village, people: People, alone: Sequence[tuple[str, int]], mine: Sequence[tuple[str, str]]
) -> Iterator[Row]:
    """The secretary's duty for the village, and every door of it in runs along the row."""
    secretary = alone[0][0]
    village.committee.append(secretary)
    people.add(
        secretary, village.code, f"village_secretary@{village.code}",
        f"bearer@{village.code};village_office@{village.code}",
    )  # fmt: skip
    yield "secretaries", secretary, "", village.code, ""
    doors = [code for code, _hamlet, _order in village.households]
    start = 0
    for code, n in alone:
        yield from (("cadres", code, "", door, "") for door in doors[start : start + n])
        start += n
    units = list(_units(village, mine))
    runs = spread(len(doors) - start, [1.0 if not team else GROUP_WEIGHT for team, _ in units])
    for (team, members), n in zip(units, runs, strict=True):
        for door in doors[start : start + n]:
            yield from (("cadres", member, "", door, team) for member in members)
        start += n


def _units(village: Village, mine: Sequence[tuple[str, str]]) -> Iterator[tuple[str, list[str]]]:
    """The officials of a village, alone or in groups: (group's name, its members), no name for one alone."""
    first = mine[0][0]
    own = [code for department, code in mine if department == first]
    others = [code for department, code in mine if department != first]
    number = 0
    while own or others:
        number += 1
        kind, n = PATTERN[(number - 1) % len(PATTERN)]
        if kind == "部门联包" and own and others:
            yield f"{village.name}{kind}{number:02d}组", [own.pop(0), others.pop(0)]
            continue
        queue = own if len(own) >= len(others) else others
        some = [queue.pop(0) for _ in range(min(n, len(queue)))]
        yield (f"{village.name}联排{number:02d}组" if len(some) > 1 else ""), some


def _route(county: County, leaders: Sequence[str], officials: Sequence[str], size: Size) -> Iterator[Row]:
    """The second, denser duty: departments for the route's villages and nodes, 1,400 cadres for the homes of 10 hamlets."""
    villages = on_route(county)
    departments = [code for code, _ in _departments(size)]
    for n, department in enumerate(departments):
        yield "route_departments", "", department, villages[n % len(villages)].code, ""
    nodes = [f"{village.code}-G{n:03d}" for village in villages for n, _ in enumerate(NODES, 2)]
    for n, node in enumerate(nodes):
        yield "route_nodes", "", departments[n % len(departments)], node, ""
    homes = [
        code for village in villages for code, hamlet, _ in village.households
        if hamlet in village.hamlets[: ROUTE[village.name]]
    ]  # fmt: skip
    for n, cadre in enumerate([*officials, *leaders]):
        yield "route_cadres", cadre, "", homes[n % len(homes)], ""
