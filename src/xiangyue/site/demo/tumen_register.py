"""Tumen's register at its reported size: four towns and 50 villages that are real, 28 city leaders who answer for them.

Leaders, committees, departments and households are made up to the scheme's layers. Streets and communities are left out:
what is rated here are villages and the towns that they lie in. `small` is four villages of each town.
"""

from __future__ import annotations

import random
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
)

CITY = "222402"
LEADERS, TOWN_LEADERS, COMMITTEE = 28, 6, 4
HOUSEHOLDS = 64
"""Households of a village on average: the report has no number."""
SMALL = 4
ASSESSORS = ("S001", "S002", "S003")
"""The city's assessment group: each scores every village."""
JUDGES = ("S004", "S005")
"""Who takes the departments' survey and the contest down."""
DISCIPLINE, LAW = "D01", "D02"
DEPARTMENTS = (
    "市纪委监委", "市委政法委", "市委组织部", "市农业农村局", "市乡村振兴局", "市信访局", "市工信局", "市科协",
    "市财政局", "市民政局", "市文旅局", "市自然资源局",
)  # fmt: skip
"""Departments and the jury's units; the first two enter what they established."""


def register(size: str, begin: date) -> County:
    """The whole register, the same each time for a size."""
    county = real_places(CITY, "图们市")
    county.villages = [village for village in county.villages if village.name.endswith("村")]
    towns = {village.township for village in county.villages}
    county.townships = {code: name for code, name in county.townships.items() if code in towns}
    if size == "small":
        county.villages = [row for town in sorted(towns) for row in _of(county, town)[:SMALL]]
    places_table(county, begin)
    rng = random.Random(f"{CITY}/{size}")
    n = len(county.villages)
    households_table(county, county.villages, household_counts(HOUSEHOLDS * n, n, rng), rng, begin, hamlet=40)
    people = People(begin)
    duties: Table = [["layer", "person", "organisation", "target", "team", "from"]]
    _city(county, people, begin)
    for town in sorted(county.townships):
        _town(county, town, people, duties, begin)
    _leaders(county, people, duties, begin)
    for village in county.villages:
        _village(village, people, duties, begin)
    county.tables["persons"], county.tables["duties"] = people.rows, duties
    return county


def team_of(town: str) -> tuple[str, str, str]:
    """Who reviews for a town: the deputy secretary, who leads, and two officials; none of them answers for a village."""
    return f"T{town}-91", f"T{town}-92", f"T{town}-93"


def _of(county: County, town: str) -> list[Village]:
    return [village for village in county.villages if village.township == town]


def _city(county: County, people: People, begin: date) -> None:
    rows: Table = [["code", "name", "kind", "place", "from"]]
    rows += [[f"D{n + 1:02d}", name, "department", CITY, begin] for n, name in enumerate(DEPARTMENTS)]
    county.tables["organisations"] = rows
    office = f"county_office@{CITY}"
    for code, role in (("B001", office), ("B002", f"auditor@{CITY}"), ("B003", f"keeper@{CITY}")):
        people.add(code, CITY, f"official@{CITY}", role, organisation="D03" if role == office else "")
    for code in (*ASSESSORS, *JUDGES):
        people.add(code, CITY, f"official@{CITY}", f"supervisor@{CITY}", organisation="D03")
    for code, *_rest in rows[1:]:
        people.add(f"{code}-1", CITY, f"official@{CITY}", f"department@{CITY}", organisation=str(code))


def _town(county: County, town: str, people: People, duties: Table, begin: date) -> None:
    """Leaders who follow up the villages, each a share, and the review team beside them."""
    mine = county.officials[town] = [f"T{town}-{n + 1:02d}" for n in range(TOWN_LEADERS)]
    for code in mine:
        people.add(code, town, f"township_leader@{town}", f"bearer@{town}")
    duties += [
        ["town_leaders", mine[n % TOWN_LEADERS], "", row.code, "", begin] for n, row in enumerate(_of(county, town))
    ]
    for n, code in enumerate(team_of(town)):
        post = "township_leader" if n == 0 else "official"
        people.add(code, town, f"{post}@{town}", f"township_office@{town}")
        mine.append(code)


def _leaders(county: County, people: People, duties: Table, begin: date) -> None:
    """The city's leaders over the villages in turn: each has one or two."""
    codes = [f"X{n + 1:03d}" for n in range(min(LEADERS, len(county.villages)))]
    for code in codes:
        people.add(code, CITY, f"county_leader@{CITY}", f"bearer@{CITY}")
    duties += [
        ["city_leaders", codes[n % len(codes)], "", village.code, "", begin]
        for n, village in enumerate(county.villages)
    ]


def _village(village: Village, people: People, duties: Table, begin: date) -> None:
    """The secretary and the committee, with the village's households among them."""
    for n in range(COMMITTEE):
        code = f"C{village.code}-{n + 1}"
        village.committee.append(code)
        posts, roles = f"committee_member@{village.code}", f"bearer@{village.code}"
        if n == 0:
            posts += f";village_secretary@{village.code};member@{village.code}"
            roles += f";village_office@{village.code}"
        home = village.households[n * len(village.households) // COMMITTEE][0]
        people.add(code, village.code, posts, roles, home)
    for code, _hamlet, order in village.households:
        # nobody answers for the home that they live in: each share is borne by the next of the committee
        bearer = village.committee[((order - 1) * COMMITTEE // len(village.households) + 1) % COMMITTEE]
        duties.append(["committee", bearer, "", code, "", begin])
