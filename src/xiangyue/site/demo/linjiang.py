"""Linjiang's register at its reported size, as the tables that a load takes.

13 townships and streets, 70 villages and 22 communities are real (national statistical codes); 37,778 households,
2,099 members, 455 committee members, 86 and 26 leaders, 62 departments and 20 enterprises are made up to the numbers
of the report (seed 002). `small` is three of its townships with a sixtieth of the households.
"""

from __future__ import annotations

import csv
import math
import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from importlib.resources import files
from typing import Any

from xiangyue.site.demo.names import DEPARTMENTS, ENTERPRISES, HAMLETS, person_name, phone

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


@dataclass
class Village:
    """A village of the demo with its households and people, in table form later."""

    code: str
    name: str
    township: str
    is_community: bool
    hamlets: list[str] = field(default_factory=list)
    households: list[tuple[str, str, int]] = field(default_factory=list)
    """(code, hamlet code, order)."""
    members: list[str] = field(default_factory=list)
    committee: list[str] = field(default_factory=list)


@dataclass
class County:
    """The register: tables for the load, and what the captures are drawn over."""

    size: Size
    tables: dict[str, list[list[Any]]]
    townships: dict[str, str]
    villages: list[Village]
    states: dict[str, str]
    officials: dict[str, list[str]]
    """Township code → codes of its officials (leaders first), and the county's inspectors under the county's code."""


def spread(total: int, weights: Sequence[float], low: int = 0) -> list[int]:
    """`total` cut into whole parts near the weights, each at least `low`, summing exactly."""
    rest = total - low * len(weights)
    scale = rest / sum(weights)
    parts = [low + math.floor(weight * scale) for weight in weights]
    order = sorted(range(len(weights)), key=lambda n: (math.floor(weights[n] * scale) - weights[n] * scale, n))
    for n in order[: total - sum(parts)]:
        parts[n] += 1
    return parts


def register(size_name: str, begin: date) -> County:
    """The whole register, the same each time for a size."""
    size = SIZES[size_name]
    rng = random.Random(SEED)
    townships, villages = _real_places(size)
    county = County(size, {}, townships, villages, {}, {})
    _places_table(county, begin)
    _households(county, rng, begin)
    _people(county, rng, begin)
    return county


def _real_places(size: Size) -> tuple[dict[str, str], list[Village]]:
    text = (files("xiangyue.site.demo") / "data" / "villages_220681.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    every = {row["town_code"] for row in rows}
    kept = every if size.townships == len(every) else SMALL_TOWNSHIPS
    townships = {row["town_code"]: row["town"] for row in rows if row["town_code"] in kept}
    villages = [
        Village(row["village_code"], row["short_name"], row["town_code"], row["kind"] == "居委会")
        for row in rows
        if row["town_code"] in kept
    ]
    return townships, villages


def _places_table(county: County, begin: date) -> None:
    rows: list[list[Any]] = [["code", "name", "level", "class", "parent", "order", "from"]]
    rows.append([COUNTY, "临江市", "county", "", "", 0, begin])
    for number, (code, name) in enumerate(sorted(county.townships.items())):
        kind = "street" if name.endswith("街道") else "rural" if name.endswith("乡") else "town"
        rows.append([code, name, "township", kind, COUNTY, number, begin])
    for number, village in enumerate(county.villages):
        kind = "community" if village.is_community else "village"
        rows.append([village.code, village.name, "village", kind, village.township, number, begin])
    county.tables["places"] = rows


def _households(county: County, rng: random.Random, begin: date) -> None:
    rural = [village for village in county.villages if not village.is_community]
    weights = [min(max(rng.lognormvariate(0, 0.5), 0.25), 3.0) for _ in rural]
    counts = spread(county.size.households, weights, low=min(30, county.size.households // len(rural) // 2))
    places = county.tables["places"]
    rows: list[list[Any]] = [["code", "place", "door", "order", "head_name", "phone", "members", "state", "from"]]
    number = 0
    for village, count in zip(rural, counts, strict=True):
        n_hamlets = max(1, min(9, round(count / 154)))
        for h in range(n_hamlets):
            code = f"{village.code}-Z{h + 1:02d}"
            village.hamlets.append(code)
            places.append(
                [code, HAMLETS[(h * 7 + len(village.hamlets)) % 40], "hamlet", "", village.code, h + 1, begin]
            )
        places.append([f"{village.code}-G001", "村文化广场", "public_place", "", village.code, 0, begin])
        for k in range(count):
            hamlet = village.hamlets[k * n_hamlets // count]
            code = f"{village.code}-H{k + 1:05d}"
            village.households.append((code, hamlet, k + 1))
            state = _state(rng)
            county.states[code] = state
            rows.append(
                [code, hamlet, f"{k + 1}号", k + 1, person_name(number), phone(number), rng.choice((1, 2, 2, 3, 3, 4, 5)),
                 state, begin]
            )  # fmt: skip
            number += 1
    county.tables["households"] = rows


def _state(rng: random.Random) -> str:
    draw = rng.random()
    return "away" if draw < 0.018 else "empty" if draw < 0.027 else "help" if draw < 0.055 else "living"


HEADING = ["code", "name", "phone", "place", "organisation", "home", "party_member", "posts", "roles", "from"]


def _people(county: County, rng: random.Random, begin: date) -> None:
    rows: list[list[Any]] = [HEADING]
    counter = iter(range(50_000, 90_000))

    def add(code: str, place: str, posts: str, roles: str, home: str = "", organisation: str = "") -> None:
        n = next(counter)
        member = "是" if "member@" in posts else ""
        rows.append([code, person_name(n * 7), phone(n), place, organisation, home, member, posts, roles, begin])

    _organisations(county, begin)
    for n in range(county.size.county_leaders):
        add(f"X{n + 1:03d}", COUNTY, f"county_leader@{COUNTY}", f"bearer@{COUNTY}")
    _township_people(county, add)
    _village_people(county, rng, add)
    add("B001", COUNTY, f"official@{COUNTY}", f"county_office@{COUNTY}")
    add("B002", COUNTY, f"official@{COUNTY}", f"auditor@{COUNTY}")
    add("B003", COUNTY, f"official@{COUNTY}", f"keeper@{COUNTY}")
    county.officials[COUNTY] = [f"S{n + 1:03d}" for n in range(6)]
    for code in county.officials[COUNTY]:
        add(code, COUNTY, f"official@{COUNTY}", f"supervisor@{COUNTY}")
    for org in county.tables["organisations"][1:]:
        add(f"{org[0]}-1", COUNTY, f"official@{COUNTY}", f"department@{COUNTY}", organisation=str(org[0]))
    county.tables["persons"] = rows


def _organisations(county: County, begin: date) -> None:
    rows: list[list[Any]] = [["code", "name", "kind", "place", "from"]]
    for n in range(county.size.departments):
        rows.append([f"D{n + 1:02d}", f"临江市{DEPARTMENTS[n]}（示例）", "department", COUNTY, begin])
    for n in range(county.size.enterprises):
        rows.append([f"E{n + 1:02d}", f"{ENTERPRISES[n]}公司（虚构）", "enterprise", COUNTY, begin])
    county.tables["organisations"] = rows


def _township_people(county: County, add: Any) -> None:
    """Leaders in proportion to villages, and two officials a township who inspect and bear nothing."""
    codes = sorted(county.townships)
    per_town: defaultdict[str, int] = defaultdict(int)
    for village in county.villages:
        per_town[village.township] += 1
    leaders = spread(county.size.township_leaders, [per_town[code] for code in codes], low=2)
    for code, n_leaders in zip(codes, leaders, strict=True):
        mine = county.officials[code] = []
        for n in range(n_leaders):
            mine.append(f"T{code}-{n + 1:02d}")
            add(mine[-1], code, f"township_leader@{code}", f"bearer@{code}")
        for n in range(2):
            mine.append(f"T{code}-9{n + 1}")
            add(mine[-1], code, f"official@{code}", f"township_office@{code}")


def _village_people(county: County, rng: random.Random, add: Any) -> None:
    rural = [village for village in county.villages if village.households]
    sizes = [len(village.households) for village in rural]
    members = spread(county.size.members, sizes, low=2)
    committee = spread(county.size.committee, [1.0 + size / 2000 for size in sizes], low=3)
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
            add(code, village.code, posts, roles, homes[n][0])
        for n in range(n_members):
            code = f"M{village.code}-{n + 1:03d}"
            village.members.append(code)
            add(code, village.code, f"member@{village.code}", f"bearer@{village.code}", homes[n_committee + n][0])
