"""Who enters Qingfeng's numbers, and when: each department the indicators that it answers for, by the product's own act."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from xiangyue.people.models import User
from xiangyue.places.models import Place
from xiangyue.rules.days import Span
from xiangyue.rules.settings import Indicator
from xiangyue.site.demo.acts import at
from xiangyue.site.demo.qingfeng_villages import SHAPES, Hidden
from xiangyue.site.demo.recipe import Built
from xiangyue.standings.actions.indicators import Entry, enter_numbers
from xiangyue.standings.facts import Ground

type Given = Mapping[tuple[str, str], int]
"""(Indicator, place's code) → number."""
COUNTY = {
    "certified": 5_000, "mushroom_bases": 70, "pilots": 48, "treatment_plants": 3, "best_enterprises": 20,
}  # fmt: skip
"""The county's own numbers as the report has them."""
LAND, CLEANERS, FOUR, TEAMS = 2_000, 200, 8_500, 1
SHORT = {3: {"block_land": 1_860}, 9: {"cleaners": 170}}
"""Townships, by their order, that fall short of a floor that all of them are to reach."""
MISTAKEN = ("emergency_team", 12)
"""An indicator that is entered wrongly for one village, and what was entered."""


class Owners:
    """Enters numbers in the name of the department that answers for each."""

    def __init__(self, built: Built) -> None:
        self.built = built
        self.ground = Ground(built.ground.pk, built.ground.code, built.ground.path)
        self.indicators = {row.code: row for row in built.scheme.indicators}
        self.places = {row.code: row for row in Place.objects.below(built.ground.path)}
        users = User.objects.exclude(person__organisation=None).select_related("person__organisation")
        self.users = {user.person.organisation.name: user for user in users if user.person and user.person.organisation}

    def enter(self, given: Given, span: Span, day: date, document: str = "") -> int:
        """How many numbers were new: each owner enters its own on that day."""
        by_owner: dict[str, list[Entry]] = {}
        for (code, place), number in given.items():
            indicator = self.indicators[code]
            by_owner.setdefault(indicator.owner, []).append(self._entry(indicator, place, number, document))
        return sum(
            enter_numbers(
                self.users[owner].pk, self.ground, self.built.scheme, span, entries, now=at(day, 15)
            )
            for owner, entries in sorted(by_owner.items())
        )  # fmt: skip

    def _entry(self, indicator: Indicator, code: str, number: int, document: str) -> Entry:
        place = self.places[code]
        return Entry(place.pk, place.path, place.name, indicator, number, document=document)


def spring(villages: Iterable[Hidden], owners: Owners) -> Given:
    """What stands when the year begins: teams and states; a few of them are still lacking and are mended later."""
    standing = [code for code in SHAPES if owners.indicators[code].stands]
    given: dict[tuple[str, str], int] = {}
    for row in villages:
        given["village_plan", row.code] = max(row.numbers["village_plan"], 3)
        for n, code in enumerate(standing):
            late = (row.order * 7 + n * 3) % 11 == 0
            given[code, row.code] = SHAPES[code][2] if late else row.numbers[code]
    return given


def year_end(villages: Sequence[Hidden], mistaken: Hidden) -> dict[tuple[str, str], int]:
    """The numbers at the end of the year; one of them is entered wrongly."""
    given = {(code, row.code): number for row in villages for code, number in row.numbers.items()}
    given[MISTAKEN[0], mistaken.code] = MISTAKEN[1]
    return given


def townships(towns: Iterable[str]) -> Given:
    """The townships' own numbers."""
    given: dict[tuple[str, str], int] = {}
    for n, town in enumerate(sorted(towns)):
        own = {
            "block_land": LAND + 90 + n * 137 % 900, "cleaners": CLEANERS + 5 + n * 7 % 60,
            "four_beauties": FOUR + n * 83 % 1_000, "counselling_teams": TEAMS,
        } | SHORT.get(n, {})  # fmt: skip
        given |= {(code, town): number for code, number in own.items()}
    return given


def county(code: str) -> Given:
    """The county's own numbers."""
    return {(indicator, code): number for indicator, number in COUNTY.items()}


def so_far(villages: Iterable[Hidden], owners: Owners, ground: str, quarters: int) -> Given:
    """What is counted anew each year, as far as it has come after so many quarters."""
    given: dict[tuple[str, str], int] = {}
    for row in villages:
        for code, number in row.numbers.items():
            indicator = owners.indicators[code]
            if not indicator.stands:
                flows = indicator.unit not in ("%", "1 有，0 无")
                given[code, row.code] = number * quarters // 4 if flows else number
    return given | {("certified", ground): COUNTY["certified"] * quarters // 4}
