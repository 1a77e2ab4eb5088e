"""The demo's duties on the four layers that persons and organisations bear, assigned by the product's own rule."""

from __future__ import annotations

from datetime import date

from xiangyue.rules.assignment import Bearer, Home, assign_worst
from xiangyue.site.demo.county import County, Table, Village, spread
from xiangyue.site.demo.linjiang_captures import care_of
from xiangyue.site.demo.linjiang_register import Size

HEADING = ["layer", "person", "organisation", "target", "team", "from"]


def duties_table(county: County, size: Size, begin: date) -> Table:
    """The duties as a table for the load."""
    rows: Table = [HEADING]
    towns = sorted(county.townships)
    leaders = [f"X{n + 1:03d}" for n in range(size.county_leaders)]
    for n, leader in enumerate(leaders):
        rows.append(["county_leaders", leader, "", towns[n % len(towns)], "", begin])
    _township_leaders(county, rows, begin)
    rural = county.rural
    for n, organisation in enumerate(county.tables["organisations"][1:]):
        rows.append(["departments", "", organisation[0], rural[n % len(rural)].code, "", begin])
    worst = spread(size.committee_households, [len(village.households) for village in rural], low=1)
    for village, n_worst in zip(rural, worst, strict=True):
        for layer, bearer, home in _village(county, village, n_worst):
            rows.append([layer, bearer, "", home, "", begin])
    return rows


def _township_leaders(county: County, rows: Table, begin: date) -> None:
    """Every village and community has one leader of its township; the leaders left over join the larger villages."""
    for town in sorted(county.townships):
        villages = [village for village in county.villages if village.township == town]
        villages.sort(key=lambda village: (-len(village.households), village.code))
        leaders = [code for code in county.officials[town] if "-9" not in code]
        for n in range(max(len(villages), len(leaders))):
            village, leader = villages[n % len(villages)], leaders[n % len(leaders)]
            rows.append(["township_leaders", leader, "", village.code, "", begin])


def _village(county: County, village: Village, n_worst: int) -> list[tuple[str, str, str]]:
    """(layer, bearer, household): the worst by a first survey go to the committee, the rest to the nearest member."""
    where = {code: (hamlet, order) for code, hamlet, order in village.households}
    own = {str(row[5]): str(row[0]) for row in county.tables["persons"][1:] if row[3] == village.code and row[5]}
    homes = [
        Home(code, hamlet, order, round(10_000 * (1 - care_of(code))), own.get(code, ""))
        for code, hamlet, order in village.households
    ]
    at = {bearer: where[home] for home, bearer in own.items()}
    members = [Bearer(code, *at[code]) for code in village.members]
    committee = [Bearer(code, *at[code]) for code in village.committee]
    to_committee, to_members, _ = assign_worst(homes, members, committee, n_worst)
    return [("members", one.bearer, one.target) for one in to_members.assigned] + [
        ("committee", one.bearer, one.target) for one in to_committee.assigned
    ]
