"""Qinglang's demo (seed 001): boards and pairs of villages and households, quarterly contest, officials by their households.

The township inside 会同县 with its 14 real villages; 5,000 households, officials and members are made up to the report's
numbers. Only captures are made here: some households and villages have a weak spell, and what becomes of them (black board,
pair, out again) follows by the rules.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import chain

from xiangyue.checks.bulk import Round, Seen
from xiangyue.rules import sheet
from xiangyue.rules.settings import Standard
from xiangyue.site.demo.acts import close_all, consents, months_back, months_between, record
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
from xiangyue.site.demo.drawing import day_of, inspected, made, moment
from xiangyue.site.demo.recipe import Built, Recipe

TOWN = "431225212"
COUNTY = "431225"
SEED = 2023_06_14
"""The day of the report."""
SIZES = {"full": (14, 5_000), "small": (5, 300)}
"""Villages and households."""
SMALL = 5
HOMES_OF_ONE = 40
MONTHS = 11
"""Whole months before the running one."""
SPELLS: dict[str, tuple[int, ...]] = {
    "431225212204": (1,), "431225212213": (3,), "431225212217": (5,), "431225212201": (8,),
}  # fmt: skip
"""Village → months of the demo in which it lets things slide."""
WEAK = 90
"""Of so many thousandths of the households each has one weak month in the year."""


def first_of(today: date) -> date:
    """The first day of the eleventh whole month before."""
    return months_back(today, MONTHS)


def _register(size: str, begin: date) -> County:
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
    county.tables["persons"], county.tables["duties"] = people.rows, duties
    return county


def _township(county: County, people: People, households: int) -> None:
    leaders = [f"L{n + 1:02d}" for n in range(7)]
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
    leaders = county.officials[TOWN][:7]
    outside = county.officials[TOWN][7:]
    mine = [outside[n] for n in range(number, len(outside), len(county.villages))]
    duties.append(["committee", leaders[number % 7], "", village.code, "", begin])
    for n, hamlet in enumerate(village.hamlets):
        duties.append(["branches", village.committee[n % 5], "", hamlet, "", begin])
    bearers = [*village.committee, *mine]
    for bearer, some in zip(bearers, _shares(homes, len(bearers)), strict=True):
        duties += [["officials", bearer, "", code, "", begin] for code in some]
    for member, some in zip(village.members, _shares(homes, n_members), strict=True):
        duties += [["members", member, "", code, "", begin] for code in some]
    duties.append(["vanguard", village.members[0], "", f"{village.code}-G001", "", begin])


def _shares(homes: list[tuple[str, str, int]], n: int) -> Iterator[list[str]]:
    """The doors in a row cut into n near-equal runs."""
    codes = [code for code, _hamlet, _order in homes]
    start = 0
    for size in spread(len(codes), [1.0] * n):
        yield codes[start : start + size]
        start += size


class Captures:
    """Draws the captures of the township month by month."""

    def __init__(self, built: Built) -> None:
        self.built, self.ids = built, built.ids
        self.standard = built.scheme.standard("D04")
        self.officials: dict[str, list[str]] = {}
        for layer, person, _, target, *_rest in built.county.tables["duties"][1:]:
            if layer == "officials":
                self.officials.setdefault(person, []).append(target)
        self.weak = {code: _weak_month(code) for code in built.county.states}

    def month(self, month: date, n: int, until: date) -> Iterator[Round]:
        """All captures of the n-th month up to a day."""
        for number, village in enumerate(self.built.county.villages):
            slides = n in SPELLS.get(village.code, ())
            yield from self._rounds(village, month, n, until, slides)
            yield from self._inspections(village, number, month, n, until, slides)

    def _rounds(self, village: Village, month: date, n: int, until: date, slides: bool) -> Iterator[Round]:
        """The month's review of every home by the township's inspectors, and the officials' own rounds."""
        reviewer = self.built.county.officials[COUNTY][int(village.code[-1]) % 4]
        day = day_of(month, 18 + int(village.code[-2:]) % 8)
        if day <= until:
            yield self._round(
                "household_review", village, reviewer, [c for c, *_ in village.households], day, n, slides
            )
        for bearer in self.built.county.officials[TOWN] + village.committee:
            mine = [code for code in self.officials.get(bearer, ()) if code.startswith(village.code)]
            for number in (6, 21):
                day = day_of(month, number + len(bearer) % 3)
                if mine and day <= until:
                    yield self._round("daily", village, bearer, mine, day, n, slides)

    def _round(self, kind: str, village: Village, by: str, homes: list[str], day: date, n: int, slides: bool) -> Round:
        rng = random.Random(f"{kind}/{village.code}/{by}/{n}/{day.day}")
        states = self.built.county.states
        seen = tuple(self._seen(code, rng, n, slides) for code in homes if states[code] in ("living", "help"))
        return made(self.ids, kind, village.code, by, day, moment(day, rng.randrange(480, 1020)), seen, "office")

    def _seen(self, code: str, rng: random.Random, n: int, slides: bool) -> Seen:
        entries = tuple(_faults(self.standard, rng, _care(code), self.weak[code] == n, slides))
        return Seen(self.ids.places[code], code, sheet.score(self.standard, entries).score, len(entries), entries)

    def _inspections(
        self, village: Village, number: int, month: date, n: int, until: date, slides: bool
    ) -> Iterator[Round]:
        """The village's month: the township's check, an unannounced one, and in a quarter's last month the contest."""
        inspectors = self.built.county.officials[COUNTY]
        good = random.Random(f"village/{village.code}").uniform(0.03, 0.15)
        chance = good + 0.05
        plan = [("village_month", 12 + number % 10), ("unannounced", 4 + number)]
        if month.month % 3 == 0:
            plan += [("contest", 24), ("overall", 26)]
        for at, (kind, day) in enumerate(plan):
            on = day_of(month, day)
            if on <= until:
                by = inspectors[(number + at) % 4]
                if slides and kind in ("village_month", "unannounced"):
                    yield self._slid(kind, village.code, by, on, n)
                else:
                    yield inspected(self.built.scheme, self.ids, kind, village.code, by, on, chance, key=str(n))

    def _slid(self, kind: str, village: str, by: str, day: date, n: int) -> Round:
        """A sheet of a village that let things slide: every item at fault in several places."""
        rng = random.Random(f"slid/{kind}/{village}/{n}")
        standard = self.built.scheme.standard(self.built.scheme.check_kind(kind).standard)
        entries = tuple(
            sheet.Entry(item.code, item.steps[0].code, n=rng.randrange(3, 7))
            for item in standard.items
            if item.kind == "deduct" and item.steps
        )
        seen = Seen(self.ids.places[village], village, sheet.score(standard, entries).score, len(entries), entries)
        return made(self.ids, kind, village, by, day, moment(day, rng.randrange(480, 1020)), (seen,), "office")


def _care(code: str) -> float:
    """A household's usual chance of a fault in an item."""
    return min(0.4, 0.10 + random.Random(f"care/{code}").expovariate(1 / 0.06))


def _weak_month(code: str) -> int:
    """The month in which a household lets things slide; -1: none."""
    rng = random.Random(f"weak/{SEED}/{code}")
    return rng.randrange(1, MONTHS) if rng.randrange(1000) < WEAK else -1


def _faults(standard: Standard, rng: random.Random, care: float, weak: bool, slides: bool) -> Iterator[sheet.Entry]:
    """Entries of one home: in a weak month most items are at fault several times over."""
    chance = 0.95 if weak else care * (1.6 if slides else 1.0)
    for item in standard.items:
        if item.kind == "deduct" and item.steps and rng.random() < chance:
            yield sheet.Entry(item.code, item.steps[0].code, n=rng.randrange(3, 6) if weak else rng.choice((1, 1, 2)))


def _tell(built: Built) -> None:
    consents(built.county, built.first, public=0.5, pair=0.05, salt="16")
    captures = Captures(built)
    yesterday = built.today - timedelta(days=1)
    done, total = 0, len(built.county.states) * 3 * (MONTHS + 1)
    for n, month in enumerate(months_between(built.first, yesterday)):
        done = record(built, chain(captures.month(month, n, yesterday)), done, total)
    close_all(built)


def _accounts(county: County) -> list[tuple[str, str, str]]:
    village = max(county.villages, key=lambda found: (len(found.households), found.code))
    return [
        ("乡党政办（整治办）", "B001", "/office/"),
        ("村支书", village.committee[0], "/office/"),
        ("包户责任人", village.committee[1], "/field/"),
        ("联户党员", village.members[0], "/field/"),
        ("督导组", "S01", "/office/"),
        ("纪检/审计", "B002", "/office/"),
        ("系统管理员", "B003", "/office/"),
    ]


RECIPE = Recipe(
    name="qinglang",
    title="青朗乡",
    ground=TOWN,
    sizes=("full", "small"),
    stages={"checks": "生成并入库检查记录", "closing": "关账、公示、结对、生效"},
    first=first_of,
    register=_register,
    tell=_tell,
    office="B001",
    accounts=_accounts,
)
