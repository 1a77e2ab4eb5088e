"""Linjiang's 三好一庭院: each village puts two households forward, a jury votes, plaques hang, are warned of, come down.

What people put in is made up here: nominations, votes, who lets the yard slide once the plaque hangs. Who is chosen,
warned and taken down follows by the product's own acts, from the door checks of the months.
"""

from __future__ import annotations

from datetime import date, timedelta

from xiangyue.people.models import Person, User
from xiangyue.places.models import Place
from xiangyue.rewards.honour_actions import nominate, propose_honours
from xiangyue.rewards.honour_frame import title_on
from xiangyue.rewards.honour_models import Held
from xiangyue.rewards.plaque_actions import buy, hang
from xiangyue.rules.days import Span, month_of
from xiangyue.site.demo.acts import at, months_back
from xiangyue.site.demo.county import County
from xiangyue.site.demo.linjiang_captures import care_of
from xiangyue.site.demo.linjiang_register import COUNTY
from xiangyue.site.demo.recipe import Built
from xiangyue.site.demo.rewarding import in_force
from xiangyue.site.demo.titling import agree, elect, give_back, look_after

YARD = "yard"
EACH = 2
"""Households that a village puts forward."""
CAME = 11
AGREE = 0.66
"""Share of those put forward that agree to be named in public."""
SECOND = 0.02
"""How much less a jury thinks of a village's second than of its first."""
SPARE = 10
"""Plaques more than places."""
SLID, SLID_ON = (3, 23), (7, 11)
"""Of the first put forward, every so-many-th (remainder, step) lets the yard slide for a month, for two."""


def put_forward(county: County) -> dict[str, list[str]]:
    """Village → the households that keep their yards best, as the village knows them."""
    found = {}
    for village in county.rural:
        homes = sorted(code for code, *_ in village.households if county.states[code] == "living")
        found[village.code] = sorted(homes, key=lambda one: (care_of(one), one))[:EACH]
    return found


def sliding(county: County, doors: date) -> dict[tuple[int, int], frozenset[str]]:
    """(Year, month) → households that let the yard slide once the plaque hangs: the second and third month of checks."""
    firsts = [homes[0] for homes in put_forward(county).values()]
    one = {code for n, code in enumerate(firsts) if n % SLID[1] == SLID[0]}
    two = {code for n, code in enumerate(firsts) if n % SLID_ON[1] == SLID_ON[0]}
    second, third = months_back(doors, -1), months_back(doors, -2)
    return {(second.year, second.month): frozenset(one | two), (third.year, third.month): frozenset(two)}


class Titles:
    """三好一庭院 from nomination on, told as the months close."""

    def __init__(self, built: Built, doors: date) -> None:
        self.built, self.office, self.ground = built, built.office, built.ground
        self.honour = next(row for row in built.scheme.honours if row.code == YARD)
        self.months = [month_of(months_back(doors, -n)).key for n in range(12)]

    def follow(self, span: Span) -> None:
        """What is done about the title once a period is in force."""
        if span.kind != "month" or span.key not in self.months:
            return
        day = span.ends_on + timedelta(days=11)
        n = self.months.index(span.key)
        if n == 0:
            self._give(span.key, day)
            return
        if n == 1:
            give_back(self.built, day + timedelta(days=1))
        look_after(self.built, day + timedelta(days=1))

    def _give(self, key: str, day: date) -> None:
        """Put forward, voted on, on notice, in force, hung."""
        wanted = put_forward(self.built.county)
        homes = Place.objects.filter(code__in=[one for some in wanted.values() for one in some])
        places = {place.code: place for place in homes.select_related("household")}
        for village in self.built.county.rural:
            secretary = User.objects.get(person__code=village.committee[0])
            rows = [(places[one], "门前“三包”常年到位，庭院整洁，带动邻里") for one in wanted[village.code]]
            nominate(secretary, self.ground, YARD, key, rows, now=at(day, 9))
        agree(self.built, places.values(), AGREE, day)
        quality = {code: -care_of(code) - SECOND * n for homes in wanted.values() for n, code in enumerate(homes)}
        row = elect(self.built, self.honour, key, day + timedelta(days=2), quality, self._jury(), CAME)
        row = propose_honours(self.office, row, now=at(day + timedelta(days=3), 9))
        in_force(self.built, row, day + timedelta(days=10))
        self._hang(day + timedelta(days=10))

    def _jury(self) -> list[str]:
        """Eleven by name: the county's supervisors and officials of its townships."""
        officials = self.built.county.officials
        codes = officials[COUNTY] + [
            code for n in (-1, -2) for town, some in sorted(officials.items()) if town != COUNTY for code in [some[n]]
        ]
        names = dict(Person.objects.filter(code__in=codes[:CAME]).values_list("code", "name"))
        return [names[code] for code in codes[:CAME]]

    def _hang(self, day: date) -> None:
        numbers = [f"{day.year}-{n + 1:03d}" for n in range(self.honour.places + SPARE)]
        title = title_on(self.ground, self.built.scheme.code, YARD, day)
        buy(self.office, title, numbers, on=day, today=day)
        hung = day + timedelta(days=2)
        hang(self.office, Held.objects.live().values_list("pk", flat=True), on=hung, today=hung, spot="大门旁")
