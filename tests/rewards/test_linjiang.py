"""Linjiang's awards come out of its own pack: 44 villages and 8 townships and streets, 5.75 million yuan, nothing typed in."""

from __future__ import annotations

from tests.cast import COUNTY, STREET, TOWN, Cast, place
from tests.rewards.stage import LATER, YEAR, closing, in_force, second_clerk
from xiangyue.places.models import Level, PlaceClass
from xiangyue.rewards.award_actions import draw_list, propose_list
from xiangyue.rewards.incentive_actions import approve_plan, draft_plan
from xiangyue.standings.models import Result

WAN = 10_000 * 100
VILLAGES, TOWNS, STREETS = 70, 6, 7


def townships(cast: Cast) -> tuple[list[str], list[str]]:
    """The codes of six townships and seven streets."""
    towns = [TOWN, *(f"9901001{at:02d}" for at in range(1, TOWNS))]
    streets = [STREET, *(f"9901000{at:02d}" for at in range(11, 10 + STREETS))]
    for codes, kind, word in ((towns, PlaceClass.TOWN, "镇"), (streets, PlaceClass.STREET, "街道")):
        for at, code in enumerate(codes[1:], 1):
            place(cast, code, f"示例{at}{word}", Level.TOWNSHIP, COUNTY, kind)
    return towns, streets


def test_the_packs_awards_pay_44_villages_and_8_townships_and_streets(cast: Cast) -> None:
    towns, streets = townships(cast)
    codes = [f"9901001007{at:02d}" for at in range(VILLAGES)]
    for at, code in enumerate(codes):
        place(cast, code, f"示例{at}村", Level.VILLAGE, TOWN, PlaceClass.VILLAGE)
    row = closing(cast, {
        "village_year": {code: 9_800 - 30 * at for at, code in enumerate(codes)},
        "township_year": {code: 9_500 - 50 * at for at, code in enumerate([*towns, *streets])},
    })  # fmt: skip
    figures = Result.objects.filter(standing__closing=row, standing__composite="township_year")
    figures.filter(subject__code__in=towns).update(category="towns")
    figures.filter(subject__code__in=streets).update(category="streets")
    clerk = cast.users["county_office"]
    for code in ("village_award", "town_award", "street_award"):
        drawn = draw_list(clerk, cast.places[COUNTY], "award", code, YEAR, now=LATER)
        propose_list(clerk, drawn, now=LATER)
        in_force(cast, drawn)
    plan = draft_plan(clerk, cast.places[COUNTY], "year_awards", YEAR, now=LATER)
    counts = {code: n for code, _name, n, _fen in plan.totals["rule"]}
    assert sum(counts[code] for code in ("model", "advanced", "qualified")) == 44
    assert sum(n for code, n in counts.items() if code.startswith(("town", "street"))) == 8
    amounts = {line.rule: line.amount for line in plan.lines.all()}
    assert {rule: fen // WAN for rule, fen in amounts.items()} == {
        "model": 20, "advanced": 10, "qualified": 5, "town_one": 40, "town_two": 20, "street_one": 20, "street_two": 10,
    }  # fmt: skip
    assert plan.total == sum(line.amount for line in plan.lines.all()) == 575 * WAN
    assert approve_plan(second_clerk(cast), plan, now=LATER).approved_at == LATER
