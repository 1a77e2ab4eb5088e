"""Linjiang's register at its reported size, as the tables that a load takes.

13 townships and streets, 70 villages and 22 communities are real (national statistical codes); 37,778 households,
2,099 members, 455 committee members, 86 and 26 leaders, 62 departments and 20 enterprises are made up to the numbers
of the report (seed 002). `small` is three of its townships with a sixtieth of the households.
"""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from xiangyue.site.demo.county import (
    County,
    People,
    Table,
    household_counts,
    households_table,
    places_table,
    real_places,
    spread,
)
from xiangyue.site.demo.names import DEPARTMENTS, ENTERPRISES

COUNTY = "220681"
SEED = 2019_07_15
"""The day of the report."""


@dataclass(frozen=True, slots=True)
class Size:
    """How much of everything."""

    townships: int
    households: int
    committee_households: int
    members: int
    committee: int
    township_leaders: int
    county_leaders: int
    departments: int
    enterprises: int


SIZES = {
    "full": Size(13, 37_778, 6_288, 2_099, 455, 86, 26, 62, 20),
    "small": Size(3, 600, 100, 40, 28, 8, 4, 6, 3),
}
SMALL_TOWNSHIPS = frozenset({"220681001", "220681006", "220681102"})
"""One street, one street with villages, one town: nine villages and five communities."""


def register(size_name: str, begin: date) -> County:
    """The whole register, the same each time for a size."""
    size = SIZES[size_name]
    rng = random.Random(SEED)
    county = real_places(COUNTY, "临江市", () if size_name == "full" else SMALL_TOWNSHIPS)
    places_table(county, begin)
    rural = [village for village in county.villages if not village.is_community]
    households_table(county, rural, household_counts(size.households, len(rural), rng), rng, begin, hamlet=154)
    _organisations(county, size, begin)
    people = People(begin)
    for n in range(size.county_leaders):
        people.add(f"X{n + 1:03d}", COUNTY, f"county_leader@{COUNTY}", f"bearer@{COUNTY}")
    _township_people(county, size, people)
    _village_people(county, size, rng, people)
    _county_people(county, people)
    county.tables["persons"] = people.rows
    return county


def _county_people(county: County, people: People) -> None:
    people.add("B001", COUNTY, f"official@{COUNTY}", f"county_office@{COUNTY}")
    people.add("B002", COUNTY, f"official@{COUNTY}", f"auditor@{COUNTY}")
    people.add("B003", COUNTY, f"official@{COUNTY}", f"keeper@{COUNTY}")
    people.add("B004", COUNTY, f"official@{COUNTY}", f"county_office@{COUNTY}")
    county.officials[COUNTY] = [f"S{n + 1:03d}" for n in range(6)]
    for code in county.officials[COUNTY]:
        people.add(code, COUNTY, f"official@{COUNTY}", f"supervisor@{COUNTY}")
    for org in county.tables["organisations"][1:]:
        people.add(f"{org[0]}-1", COUNTY, f"official@{COUNTY}", f"department@{COUNTY}", organisation=str(org[0]))


def _organisations(county: County, size: Size, begin: date) -> None:
    rows: Table = [["code", "name", "kind", "place", "from"]]
    for n in range(size.departments):
        rows.append([f"D{n + 1:02d}", f"临江市{DEPARTMENTS[n]}（示例）", "department", COUNTY, begin])
    for n in range(size.enterprises):
        rows.append([f"E{n + 1:02d}", f"{ENTERPRISES[n]}公司（虚构）", "enterprise", COUNTY, begin])
    county.tables["organisations"] = rows


def _township_people(county: County, size: Size, people: People) -> None:
    """Leaders in proportion to villages, and two officials a township who inspect and bear nothing."""
    codes = sorted(county.townships)
    per_town: defaultdict[str, int] = defaultdict(int)
    for village in county.villages:
        per_town[village.township] += 1
    leaders = spread(size.township_leaders, [per_town[code] for code in codes], low=2)
    for code, n_leaders in zip(codes, leaders, strict=True):
        mine = county.officials[code] = []
        for n in range(n_leaders):
            mine.append(f"T{code}-{n + 1:02d}")
            people.add(mine[-1], code, f"township_leader@{code}", f"bearer@{code}")
        for n in range(2):
            mine.append(f"T{code}-9{n + 1}")
            people.add(mine[-1], code, f"official@{code}", f"township_office@{code}")


def _village_people(county: County, size: Size, rng: random.Random, people: People) -> None:
    rural = county.rural
    sizes = [len(village.households) for village in rural]
    members = spread(size.members, sizes, low=2)
    committee = spread(size.committee, [1.0 + n / 2000 for n in sizes], low=3)
    for village, n_members, n_committee in zip(rural, members, committee, strict=True):
        homes = rng.sample(village.households, n_members + n_committee)
        for n in range(n_committee):
            code = f"C{village.code}-{n + 1:02d}"
            village.committee.append(code)
            posts = f"committee_member@{village.code}"
            roles = f"bearer@{village.code}"
            if n == 0:
                posts += f";village_secretary@{village.code}"
                roles += f";village_office@{village.code}"
            people.add(code, village.code, posts, roles, homes[n][0])
        for n in range(n_members):
            code = f"M{village.code}-{n + 1:03d}"
            village.members.append(code)
            people.add(
                code, village.code, f"member@{village.code}", f"bearer@{village.code}", homes[n_committee + n][0]
            )
