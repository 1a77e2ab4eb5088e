"""What every demo county is made of: real places, made-up households and people, as the tables that a load takes."""

from __future__ import annotations

import csv
import math
import random
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from importlib.resources import files
from typing import Any

from xiangyue.site.demo.names import HAMLETS, person_name, phone

type Table = list[list[Any]]


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

    code: str
    name: str
    tables: dict[str, Table]
    townships: dict[str, str]
    villages: list[Village]
    states: dict[str, str] = field(default_factory=dict)
    """Household code → state."""
    officials: dict[str, list[str]] = field(default_factory=dict)
    """Township code → codes of its officials (leaders first), and the county's inspectors under the county's code."""

    @property
    def rural(self) -> list[Village]:
        """Villages that have households."""
        return [village for village in self.villages if village.households]


def spread(total: int, weights: Sequence[float], low: int = 0) -> list[int]:
    """`total` cut into whole parts near the weights, each at least `low`, summing exactly."""
    rest = total - low * len(weights)
    scale = rest / sum(weights)
    parts = [low + math.floor(weight * scale) for weight in weights]
    order = sorted(range(len(weights)), key=lambda n: (math.floor(weights[n] * scale) - weights[n] * scale, n))
    for n in order[: total - sum(parts)]:
        parts[n] += 1
    return parts


def real_places(code: str, name: str, kept: Collection[str] = ()) -> County:
    """The real townships and villages of a county (national statistical codes); `kept`: only these townships."""
    text = (files("xiangyue.site.demo") / "data" / f"villages_{code}.csv").read_text(encoding="utf-8")
    rows = [row for row in csv.DictReader(text.splitlines()) if not kept or row["town_code"] in kept]
    villages = [
        Village(row["village_code"], row["short_name"], row["town_code"], row["kind"].endswith("居委会"))
        for row in rows
    ]
    return County(code, name, {}, {row["town_code"]: row["town"] for row in rows}, villages)


def places_table(county: County, begin: date) -> None:
    """County, townships and villages as rows."""
    rows: Table = [["code", "name", "level", "class", "parent", "order", "from"]]
    rows.append([county.code, county.name, "county", "", "", 0, begin])
    for number, (code, name) in enumerate(sorted(county.townships.items())):
        kind = "street" if name.endswith("街道") else "rural" if name.endswith("乡") else "town"
        rows.append([code, name, "township", kind, county.code, number, begin])
    for number, village in enumerate(county.villages):
        kind = "community" if village.is_community else "village"
        rows.append([village.code, village.name, "village", kind, village.township, number, begin])
    county.tables["places"] = rows


def household_counts(total: int, n: int, rng: random.Random) -> list[int]:
    """`total` households over n villages, log-normal (sigma 0.5), as data/synth_params.json has it."""
    weights = [min(max(rng.lognormvariate(0, 0.5), 0.25), 3.0) for _ in range(n)]
    return spread(total, weights, low=min(30, total // n // 2))


def households_table(
    county: County, villages: Sequence[Village], counts: Sequence[int], rng: random.Random, begin: date, hamlet: int
) -> None:
    """Hamlets of about `hamlet` households, a square, and the households with a made-up head, as rows."""
    places = county.tables["places"]
    rows: Table = [["code", "place", "door", "order", "head_name", "phone", "members", "state", "from"]]
    number = 0
    for village, count in zip(villages, counts, strict=True):
        n_hamlets = max(1, min(9, round(count / hamlet)))
        for h in range(n_hamlets):
            code = f"{village.code}-Z{h + 1:02d}"
            village.hamlets.append(code)
            name = HAMLETS[(h * 7 + 1) % 40]
            places.append([code, name, "hamlet", "", village.code, h + 1, begin])
        places.append([f"{village.code}-G001", "村文化广场", "public_place", "", village.code, 0, begin])
        for k in range(count):
            home = village.hamlets[k * n_hamlets // count]
            code = f"{village.code}-H{k + 1:05d}"
            village.households.append((code, home, k + 1))
            state = county.states[code] = _state(rng)
            size = rng.choice((1, 2, 2, 3, 3, 4, 5))
            rows.append([code, home, f"{k + 1}号", k + 1, person_name(number), phone(number), size, state, begin])
            number += 1
    county.tables["households"] = rows


def _state(rng: random.Random) -> str:
    draw = rng.random()
    return "away" if draw < 0.018 else "empty" if draw < 0.027 else "help" if draw < 0.055 else "living"


class People:
    """The persons' table while it grows: names and phone numbers are made up and look it."""

    heading = ("code", "name", "phone", "place", "organisation", "home", "party_member", "posts", "roles", "from")

    def __init__(self, begin: date) -> None:
        self.begin = begin
        self.rows: Table = [list(self.heading)]
        self._numbers: Iterator[int] = iter(range(50_000, 90_000))

    def add(self, code: str, place: str, posts: str, roles: str, home: str = "", organisation: str = "") -> None:
        """One more person; posts and roles are `kind@place`, several by semicolon."""
        n = next(self._numbers)
        member = "是" if "member@" in posts else ""
        self.rows.append(
            [code, person_name(n * 7), phone(n), place, organisation, home, member, posts, roles, self.begin]
        )


def brought_down(reported: Mapping[str, int], what: str, n: int) -> int:
    """A reported figure brought down from the reported villages to `n` of them, at least 1."""
    return max(1, round(reported[what] * n / reported["villages"]))
