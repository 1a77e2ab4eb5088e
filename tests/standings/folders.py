"""Random small counties as folders of tables: replaced, void and tied sheets, households that come, go and need help."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

GROUND = "990400"
MONTHS = ("2025-07", "2025-08", "2025-09")
DAYS = {"2025-07": 31, "2025-08": 31, "2025-09": 30}

type Found = tuple[str, dict[str, str]]
"""An item and what else its entry says."""

SCHEME = """
code = "hard"
name = "难算的方案"
ground = "990400"
language = 1
standing = "示例,非官方"

check_kinds = [
  { code = "daily", name = "日检查", subject = "household", standard = "H" },
  { code = "again", name = "复查", subject = "household", standard = "H" },
  { code = "open", name = "明察", subject = "village", standard = "V" },
  { code = "secret", name = "暗访", subject = "village", standard = "V" },
]
categories = [
  { code = "towns", name = "乡镇", level = "township" },
  { code = "villages", name = "行政村", level = "village", classes = ["village"] },
  { code = "communities", name = "社区", level = "village", classes = ["community"] },
  { code = "households", name = "农户", level = "household" },
]

[[standards]]
code = "H"
name = "门前"
subject = "household"

[[standards.areas]]
code = "door"
name = "门前"
items = [
  { code = "h1", name = "堆放", kind = "deduct", points = 3, not_applicable = true, steps = [
    { code = "pile", name = "乱堆", amount = 0.7 },
    { code = "ruin", name = "破败", all = true },
  ] },
  { code = "h2", name = "院子", kind = "grade", points = 5, not_applicable = true, grades = [
    { code = "good", name = "好", points = 5 },
    { code = "fair", name = "中", points = 3.25 },
    { code = "poor", name = "差", points = 0 },
  ] },
  { code = "h3", name = "分类", kind = "pass", not_applicable = true },
  { code = "h4", name = "加分", kind = "bonus", points = 2.5 },
  { code = "h5", name = "焚烧", kind = "zero" },
]

[[standards]]
code = "V"
name = "村容"
subject = "village"

[[standards.areas]]
code = "street"
name = "村容"
items = [
  { code = "v1", name = "道路", kind = "deduct", points = 7, steps = [{ code = "hole", name = "坑", amount = 1.5 }] },
  { code = "v2", name = "沟渠", kind = "pass", points = 4, not_applicable = true },
  { code = "v3", name = "活动", kind = "bonus", points = 3, steps = [{ code = "day", name = "劳动日", amount = 1 }] },
]

[[composites]]
code = "home"
name = "农户月度"
level = "household"
period = "month"
components = [
  { code = "daily", name = "日检查", weight = 3, source = { kind = "sheets", check_kind = "daily" } },
  { code = "again", name = "复查", weight = 2, source = { kind = "sheets", check_kind = "again", take = "last" } },
]

[[composites]]
code = "village"
name = "村月度"
level = "village"
period = "month"
pair_weight = 40
components = [
  { code = "homes", name = "农户", weight = 5, source = { kind = "children", level = "household", share = 70 } },
  { code = "open", name = "明察", weight = 3, required = true, source = { kind = "sheets", check_kind = "open", take = "min" } },
  { code = "best", name = "最好一次", weight = 1, source = { kind = "sheets", check_kind = "open", take = "max" } },
  { code = "secret", name = "暗访", weight = 2, source = { kind = "sheets", check_kind = "secret", take = "last" } },
]

[[composites]]
code = "town"
name = "乡镇月度"
level = "township"
period = "month"
components = [
  { code = "villages", name = "各村", weight = 1, source = { kind = "children", level = "village", share = 50, by_households = true } },
]

[[composites]]
code = "village_quarter"
name = "村季度"
level = "village"
period = "quarter"
mode = "months"
of = "village"
rated_months = 2

[[composites]]
code = "home_quarter"
name = "农户季度"
level = "household"
period = "quarter"
components = [
  { code = "daily", name = "日检查", weight = 1, source = { kind = "sheets", check_kind = "daily" } },
  { code = "last", name = "最后复查", weight = 1, source = { kind = "sheets", check_kind = "again", take = "last" } },
]

[[composites]]
code = "town_quarter"
name = "乡镇季度"
level = "township"
period = "quarter"
components = [
  { code = "homes", name = "农户", weight = 1, source = { kind = "children", level = "household", share = 30 } },
]

[[boards]]
code = "home_board"
name = "农户榜"
composite = "home"
group = "village"
red = { limit = 80, n = 2 }
black = { limit = 70, n = 3 }
pool_min = 6
min_checks = 2
public = "consent"

[[boards]]
code = "village_board"
name = "村榜"
composite = "village"
group = "county"
red = { limit = 60, per_mille = 200 }
black = { limit = 99, per_mille = 300 }
categories = ["villages"]
public = "named"

[[boards]]
code = "village_quarter_board"
name = "村季度榜"
composite = "village_quarter"
group = "county"
red = { limit = 50, n = 1 }
black = { limit = 100, n = 2 }
pool_min = 4
public = "named"

[households]
not_due = ["away", "empty"]
helped = ["help"]
"""


@dataclass
class County:
    """The tables of a folder in the making."""

    chance: random.Random
    tables: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    n_checks: int = 0

    def add(self, table: str, /, **row: str) -> None:
        """A row of a table."""
        self.tables.setdefault(table, []).append({column.rstrip("_"): value for column, value in row.items()})


def make_folder(folder: Path, seed: int) -> Path:
    """A folder of one quarter; the same seed gives the same bytes."""
    county = County(random.Random(seed))
    county.add("places", code=GROUND, name="难算县", level="county", class_="", parent="", to="")
    for t, kind in enumerate(("town", "street"), 1):
        town = f"{GROUND}{t:03d}"
        county.add("places", code=town, name=f"第{t}镇", level="township", class_=kind, parent=GROUND, to="")
        for v in range(1, 7):
            # three communities stay under the smallest pool
            kind = "community" if (t, v) in ((2, 4), (2, 5), (2, 6)) else "village"
            ended = "2025-08-20" if (t, v) == (1, 6) and county.chance.random() < 0.5 else ""
            _village(county, f"{town}{v:03d}", kind, town, ended)
    for n in range(1, 4):
        county.add("persons", code=f"P{n}", name=f"样例{n}", place=GROUND)
    _adjustments(county)
    county.chance.shuffle(county.tables["checks"])
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "scheme.toml").write_text(SCHEME, encoding="utf-8")
    for name, rows in county.tables.items():
        columns = list(dict.fromkeys(column for row in rows for column in row))
        with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as out:
            writer = csv.DictWriter(out, columns, restval="")
            writer.writeheader()
            writer.writerows(rows)
    return folder


def _village(county: County, code: str, kind: str, town: str, ended: str) -> None:
    chance = county.chance
    county.add("places", code=code, name="刘庄村", level="village", class_=kind, parent=town, to=ended)
    county.add("places", code=f"{code}-Z01", name="东屯", level="hamlet", class_="", parent=code, to=ended)
    for h in range(1, chance.randint(4, 16)):
        home = f"{code}-H{h:05d}"
        place = f"{code}-Z01" if chance.random() < 0.5 else code
        state = chance.choice(["living"] * 6 + ["away", "empty", "help", "help"])
        moved = ended or chance.choice([""] * 8 + ["2025-08-15"])
        county.add("households", code=home, place=place, door=f"{h}号", state=state, to=moved)
        _states(county, home)
        for month in MONTHS:
            if chance.random() < 0.9:
                _checks(county, home, month, "daily", chance.randint(1, 4))
            if chance.random() < 0.4:
                _checks(county, home, month, "again", chance.randint(1, 3))
    for month in MONTHS:
        if chance.random() < 0.85:
            _checks(county, code, month, "open", chance.randint(1, 3))
        if chance.random() < 0.6:
            _checks(county, code, month, "secret", chance.randint(1, 2))


def _states(county: County, home: str) -> None:
    if county.chance.random() < 0.25:
        state = county.chance.choice(["away", "empty", "help", "living"])
        month = county.chance.choice(MONTHS)
        end = county.chance.choice(["", f"{month}-25", f"{month}-{DAYS[month]}"])
        county.add("states", household=home, state=state, from_=f"{month}-{county.chance.randint(2, 24):02d}", to=end)
        if not end and county.chance.random() < 0.3:
            county.add("states", household=home, state="living", from_="2025-09-28", to="")


def _checks(county: County, subject: str, month: str, kind: str, n: int) -> None:
    chance = county.chance
    for _ in range(n):
        # few days and inspectors, so that sheets are replaced; a moment may be told or not
        day = f"{month}-{chance.choice([1, 2, 15, DAYS[month]]):02d}"
        inspector = chance.choice(["P1", "P1", "P2", "P3"])
        # two at the very same moment are left out: of different inspectors neither would be the last
        county.n_checks += 1
        seconds = county.n_checks
        moment = f"{day}T{seconds // 3600 + 6:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}+08:00"
        number = f"k{county.n_checks}"
        county.add("checks", id=number, kind=kind, subject=subject, inspector=inspector, day=day, made_at=moment)
        _faults(county, number, kind)


def _faults(county: County, check: str, kind: str) -> None:
    drawn = _faults_of_village if kind in ("open", "secret") else _faults_of_home
    for item, told in drawn(county.chance):
        county.add("entries", check=check, item=item, **told)


def _faults_of_village(chance: random.Random) -> Iterator[Found]:
    roll = chance.random()
    if roll < 0.7:
        yield "v1", {"step": "hole", "n": str(chance.randint(1, 6))}
    if roll < 0.3:
        yield "v2", {"failed": "是"}
    elif roll < 0.4:
        yield "v2", {"not_applicable": "是"}
    if roll > 0.5:
        yield "v3", {"step": "day", "n": str(chance.randint(1, 5))}


def _faults_of_home(chance: random.Random) -> Iterator[Found]:
    roll = chance.random()
    if roll < 0.05:
        # nothing applies: void, or 0 where the sheet failed outright
        yield from ((item, {"not_applicable": "是"}) for item in ("h1", "h2", "h3"))
    if roll < 0.015 or 0.05 < roll < 0.1:
        yield "h5", {"failed": "是"}
        yield "h4", {"amount": "2"}
    elif 0.1 < roll < 0.4:
        yield "h1", {"step": "pile", "n": str(chance.randint(1, 5))}
        yield "h2", {"grade": chance.choice(["fair", "poor"])}
    elif 0.4 < roll < 0.5:
        yield "h1", {"step": "ruin"}
        yield "h4", {"amount": chance.choice(["0.33", "1.5", "9"])}
    elif 0.5 < roll < 0.6:
        yield "h2", {"not_applicable": "是"}
        yield "h3", {"failed": "是"}


def _adjustments(county: County) -> None:
    chance = county.chance
    villages = [row["code"] for row in county.tables["places"] if row["level"] == "village"]
    homes = [row["code"] for row in county.tables["households"]]
    for n in range(12):
        composite, period, subject = chance.choice([
            ("village", chance.choice(MONTHS), chance.choice(villages)),
            ("home", chance.choice(MONTHS), chance.choice(homes)),
            ("village_quarter", "2025-Q3", chance.choice(villages)),
        ])  # fmt: skip
        points = chance.choice(["-1.50", "0.33", "-99.99", "60", "5.5"])
        county.add(
            "adjustments", period=period, composite=composite, subject=subject, code=f"A{n}", points=points,
            name="示例", reason=f"示例第{n}号", on="2025-09-30",
        )  # fmt: skip
