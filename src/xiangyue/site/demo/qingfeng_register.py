"""Qingfeng's register at its reported size: 17 townships and 503 villages that are real, the chain of those who answer.

Secretaries, cadres, leaders, departments and task groups are made up to the scheme's layers. There are no households in
it: branches are what this county rates. `small` is two of its townships.
"""

from __future__ import annotations

from datetime import date

from xiangyue.schemes import load, pack_text
from xiangyue.site.demo.county import County, People, Table, places_table, real_places

COUNTY = "410922"
SMALL_TOWNSHIPS = frozenset({"410922101", "410922208"})
STARS = ("产业兴旺", "生态宜居", "平安法治", "文明幸福", "支部过硬")
LEADERS = 5
"""Leaders of a township, each with its share of the villages."""
INSPECTORS = 10


def register(size: str, begin: date) -> County:
    """The whole register, the same each time for a size."""
    county = real_places(COUNTY, "清丰县", SMALL_TOWNSHIPS if size == "small" else ())
    county.villages = [village for village in county.villages if not village.is_community]
    places_table(county, begin)
    _organisations(county, begin)
    people = People(begin)
    duties: Table = [["layer", "person", "organisation", "target", "team", "from"]]
    _county_people(county, people)
    for number, town in enumerate(sorted(county.townships)):
        _township(county, town, number, people, duties, begin)
    for village in county.villages:
        _village(village.code, people, duties, begin)
        village.committee += [f"C{village.code}-{n}" for n in (1, 2)]
    county.tables["persons"], county.tables["duties"] = people.rows, duties
    return county


def owners() -> list[str]:
    """The departments that answer for the scheme's numbers, in the scheme's order."""
    scheme = load(pack_text("qingfeng"))
    return list(dict.fromkeys(indicator.owner for indicator in scheme.indicators))


def user_of(organisation: str) -> str:
    """Code of the person who enters numbers for an organisation."""
    return f"{organisation}-1"


def _organisations(county: County, begin: date) -> None:
    rows: Table = [["code", "name", "kind", "place", "from"]]
    for n, name in enumerate(owners()):
        rows.append([f"D{n + 1:02d}", name, "department", COUNTY, begin])
    for n, star in enumerate(STARS):
        rows.append([f"Z{n + 1:02d}", f"{star}星工作专班（示例）", "committee", COUNTY, begin])
    county.tables["organisations"] = rows


def _county_people(county: County, people: People) -> None:
    office = f"county_office@{COUNTY}"
    for code, role in (("B001", office), ("B002", f"auditor@{COUNTY}"), ("B003", f"keeper@{COUNTY}"), ("B004", office)):
        people.add(code, COUNTY, f"official@{COUNTY}", role)
    county.officials[COUNTY] = [f"S{n + 1:03d}" for n in range(INSPECTORS)]
    for code in county.officials[COUNTY]:
        people.add(code, COUNTY, f"official@{COUNTY}", f"supervisor@{COUNTY}")
    for code, *_rest in county.tables["organisations"][1:]:
        people.add(user_of(str(code)), COUNTY, f"official@{COUNTY}", f"department@{COUNTY}", organisation=str(code))


def _township(county: County, town: str, number: int, people: People, duties: Table, begin: date) -> None:
    """A county leader and a resident official for it, five task groups, its own leaders over its villages, its office."""
    leader, resident = f"X{number + 1:03d}", f"Y{number + 1:03d}"
    people.add(leader, COUNTY, f"county_leader@{COUNTY}", f"bearer@{COUNTY}")
    people.add(resident, COUNTY, f"official@{COUNTY}", f"bearer@{COUNTY}")
    duties.append(["county_leaders", leader, "", town, "", begin])
    duties.append(["residents", resident, "", town, "", begin])
    duties += [["task_groups", "", f"Z{n + 1:02d}", town, "", begin] for n in range(len(STARS))]
    mine = county.officials[town] = [f"T{town}-{n + 1:02d}" for n in range(LEADERS)]
    for code in mine:
        people.add(code, town, f"township_leader@{town}", f"bearer@{town}")
    for n, village in enumerate(row for row in county.villages if row.township == town):
        duties.append(["township_leaders", mine[n % LEADERS], "", village.code, "", begin])
    mine.append(f"T{town}-90")
    people.add(mine[-1], town, f"official@{town}", f"township_office@{town}")


def _village(village: str, people: People, duties: Table, begin: date) -> None:
    """The secretary, who answers for the village, and a cadre who shares the work."""
    secretary, cadre = f"C{village}-1", f"C{village}-2"
    people.add(
        secretary, village, f"village_secretary@{village};committee_member@{village}",
        f"bearer@{village};village_office@{village}",
    )  # fmt: skip
    people.add(cadre, village, f"committee_member@{village}", f"bearer@{village}")
    duties.append(["secretaries", secretary, "", village, "", begin])
    duties.append(["village_cadres", cadre, "", village, "", begin])
