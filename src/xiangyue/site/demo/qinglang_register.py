"""Qinglang's register (seed 001): 14 real villages, 5,000 households, one official for each, made-up people."""

from __future__ import annotations

import random
from collections.abc import Iterator
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
from xiangyue.site.demo.qinglang_teams import team_register

TOWN = "431225212"
COUNTY = "431225"
SEED = 2023_06_14
"""The day of the report."""
SIZES = {"full": (14, 5_000), "small": (5, 300)}
"""Villages and households."""
LEADERS = 7
"""Of the township; they come first among its officials."""


def register(size: str, begin: date) -> County:
    """The whole register, the same each time for a size."""
    n, total = SIZES[size]
    rng = random.Random(SEED)
    county = real_places(COUNTY, "会同县", (TOWN,))
    county.villages = county.villages[:n]
    places_table(county, begin)
    counts = household_counts(total, n, rng)
    households_table(county, county.villages, counts, rng, begin, hamlet=45)
    people = People(begin)
    county.tables["organisations"] = [["code", "name", "kind", "place", "from"]]
    _township(county, people, total)
    duties: Table = [["layer", "person", "organisation", "target", "team", "from"]]
    for number, village in enumerate(county.villages):
        _village(county, village, number, people, rng, duties, begin)
    team_register(county, people, begin)
    county.tables["persons"], county.tables["duties"] = people.rows, duties
    return county


def _township(county: County, people: People, households: int) -> None:
    leaders = [f"L{n + 1:02d}" for n in range(LEADERS)]
    for code in leaders:
        people.add(code, TOWN, f"township_leader@{TOWN}", f"bearer@{TOWN}")
    officials = [f"W{n + 1:03d}" for n in range(max(3, households // 90))]
    for code in officials:
        people.add(code, TOWN, f"official@{TOWN}", f"bearer@{TOWN}")
    people.add("B001", TOWN, f"official@{TOWN}", f"township_office@{TOWN}")
    people.add("B002", TOWN, f"official@{TOWN}", f"auditor@{COUNTY}")
    people.add("B003", TOWN, f"official@{TOWN}", f"keeper@{COUNTY}")
    people.add("B004", TOWN, f"official@{TOWN}", f"township_office@{TOWN}")
    inspectors = [f"S{n + 1:02d}" for n in range(4)]
    for code in inspectors:
        people.add(code, TOWN, f"official@{TOWN}", f"supervisor@{TOWN}")
    county.officials = {TOWN: [*leaders, *officials], COUNTY: inspectors}


def _village(
    county: County, village: Village, number: int, people: People, rng: random.Random, duties: Table, begin: date
) -> None:
    """Secretary, committee and members; every household with one official, one member and its hamlet's cadre."""
    homes = village.households
    n_members = max(2, -(-len(homes) // 20))
    own = rng.sample(homes, min(len(homes), 5 + n_members))
    for n in range(5):
        code = f"C{village.code}-{n + 1}"
        village.committee.append(code)
        posts = f"committee_member@{village.code}" + (f";village_secretary@{village.code}" if n == 0 else "")
        roles = f"bearer@{village.code}" + (f";village_office@{village.code}" if n == 0 else "")
        people.add(code, village.code, posts, roles, own[n][0])
    for n in range(n_members):
        code = f"M{village.code}-{n + 1:02d}"
        village.members.append(code)
        people.add(code, village.code, f"member@{village.code}", f"bearer@{village.code}", own[(5 + n) % len(own)][0])
    leaders = county.officials[TOWN][:LEADERS]
    outside = county.officials[TOWN][LEADERS:]
    mine = [outside[n] for n in range(number, len(outside), len(county.villages))]
    duties.append(["committee", leaders[number % LEADERS], "", village.code, "", begin])
    for n, hamlet in enumerate(village.hamlets):
        duties.append(["branches", village.committee[n % 5], "", hamlet, "", begin])
    bearers = [*village.committee, *mine]
    for bearer, some in zip(bearers, _shares(homes, len(bearers)), strict=True):
        duties += [["officials", bearer, "", code, "", begin] for code in some]
    for member, some in zip(village.members, _shares(homes, n_members), strict=True):
        duties += [["members", member, "", code, "", begin] for code in some]


def _shares(homes: list[tuple[str, str, int]], n: int) -> Iterator[list[str]]:
    """The doors in a row cut into n near-equal runs."""
    codes = [code for code, _hamlet, _order in homes]
    start = 0
    for size in spread(len(codes), [1.0] * n):
        yield codes[start : start + size]
        start += size
