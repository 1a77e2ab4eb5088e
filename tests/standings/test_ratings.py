"""Stars from numbers to in force: entered, drawn, closed on, rated, capped, on notice, objected to, verified."""

from __future__ import annotations

from datetime import timedelta

import pytest
from click.testing import CliRunner

from tests.cast import COUNTY, PEACH, STREET_VILLAGE, TOWN, WILLOW, Cast
from tests.standings.facts import refused
from tests.standings.stars import CODE, NEW_YEAR, NUMBERS, TEXT, day, enter, ground_of, publish, rated, scheme, stars_of
from xiangyue.base.models import Change
from xiangyue.places.models import HouseholdState
from xiangyue.rules.days import parse_period
from xiangyue.schemes import load
from xiangyue.site.commands.verify import command as verify_command
from xiangyue.standings.actions.closing import close_period, open_new_version, worked_again
from xiangyue.standings.actions.indicators import Entry, enter_numbers
from xiangyue.standings.actions.periods import open_periods
from xiangyue.standings.actions.publication import put_in_force
from xiangyue.standings.actions.publication_objections import answer, object_to
from xiangyue.standings.actions.violations import enter_violation, lift_violation
from xiangyue.standings.live import ensure, open_of
from xiangyue.standings.models import Closing, LiveFigure, Period, Result
from xiangyue.standings.ratings.indicators import Numbers
from xiangyue.standings.ratings.models import IndicatorNumber, StarLine, StarRating, StarRow
from xiangyue.standings.ratings.notice import RATING, propose_rating
from xiangyue.standings.ratings.verify import verify_rating
from xiangyue.standings.roster import unpack
from xiangyue.standings.verify import verify

HOUSEHOLDS = """
[[indicators]]
code = "yard"
name = "庭院分"
level = "household"
unit = "分"
period = "month"

[[composites]]
code = "home_month"
name = "农户月度"
level = "household"
period = "month"
components = [
  { code = "yard", name = "庭院", weight = 1, source = { kind = "indicator", indicator = "yard", bands = [[0, 60], [93, 93], [96, 96], [98, 98]] } },
]

[[ratings]]
code = "star_household"
name = "星级户"
mode = "bands"
composite = "home_month"
level = "household"
period = "month"
group = "village"
bands = [{ stars = 5, floor = 95 }, { stars = 3, floor = 60 }]
quotas = [{ stars = 5, n = 2, hard = true }]
"""


@pytest.fixture
def year(cast: Cast) -> Cast:
    """The year's numbers, nothing closed."""
    publish(cast)
    enter(cast, NUMBERS)
    return cast


def close(cast: Cast) -> Closing:
    return close_period(cast.users["county_office"], cast.places[COUNTY], "2026", now=NEW_YEAR, scheme=CODE)


def violate(cast: Cast, document: str = "示纪〔2026〕3号", **more: object):  # type: ignore[no-untyped-def]
    told = {"kind": "discipline", "department": cast.organisations["D01"], "document": document, "clause": "第七条",
            "on": day("2026-06-01"), "now": NEW_YEAR, **more}  # fmt: skip
    return enter_violation(cast.users["county_office"], cast.places[COUNTY], CODE, cast.places[WILLOW], **told)  # type: ignore[arg-type]


def test_a_new_number_supersedes_and_nothing_is_edited(year: Cast) -> None:
    assert enter(year, NUMBERS) == 0
    assert enter(year, {WILLOW: {"team": 25}}, document="示应急〔2026〕5号") == 1
    rows = IndicatorNumber.objects.filter(place__code=WILLOW, indicator="team").order_by("version")
    assert [(row.version, row.number, row.document, row.is_current) for row in rows] == [
        (1, 22, "", False), (2, 25, "示应急〔2026〕5号", True)
    ]  # fmt: skip
    line = Change.objects.get(act="number.superseded")
    assert line.before is not None
    assert line.after is not None
    assert (line.before["number"], line.after["number"], line.after["document"]) == (
        "22 人",
        "25 人",
        "示应急〔2026〕5号",
    )


def test_numbers_stand_and_are_drawn(year: Cast) -> None:
    HouseholdState.objects.filter(place=year.household(1)).update(state="away")
    numbers = Numbers(ground_of(year), scheme(), parse_period("2026"))
    assert numbers.of("trained_all")[COUNTY].number == 23
    assert numbers.of("paid") == {TOWN: (6667, None), "990100001": (0, None)}
    assert numbers.of("homes")[WILLOW].number == 7
    assert numbers.of("lived")[WILLOW].number == 8750
    held = numbers.for_subjects(["cleaners", "team"], [s for s in numbers.subjects("village") if s.code == WILLOW])
    assert {name: figure.number for name, figure in held[WILLOW].items()} == {"cleaners": 210, "team": 22}
    later = Numbers(ground_of(year), scheme(), parse_period("2027"))
    assert (later.of("team")[WILLOW].number, later.of("income")) == (22, {})


def test_indicators_enter_composites_and_the_closing_holds_with_them(year: Cast) -> None:
    closing = close(year)
    result = Result.objects.get(standing__closing=closing, subject__code=WILLOW)
    assert (result.own, result.parts) == (9667, [[9500, 1, 215], [10000, 1, 22]])
    assert verify(closing) == []
    assert unpack(bytes(closing.roster.data)).indicators["income"][PEACH] == 120
    enter(year, {WILLOW: {"income": 90}})
    assert verify(closing) == []
    assert worked_again(closing).closed.composite("village_year").row(WILLOW).result == 9667  # type: ignore[union-attr]
    newer = open_new_version(
        year.users["county_office"], year.places[COUNTY], "2026", now=NEW_YEAR, reason="更正收入", scheme=CODE
    )
    assert Result.objects.get(standing__closing=newer, subject__code=WILLOW).own == 6000


def test_stars_by_domains_with_quota_cap_and_what_is_missing(year: Cast) -> None:
    with refused("rating_not_closed"):
        rated(year)
    close(year)
    rating = rated(year)
    # 街道 has given no figure for its cleaners: not met
    assert stars_of(rating) == {WILLOW: 3, PEACH: 2, STREET_VILLAGE: 1}
    peach = StarRow.objects.get(rating=rating, subject__code=PEACH)
    assert peach.missing == ["平安法治（补齐任何一个方面即可）：义务打更队应为 有，现为 无，未达标"]
    street = StarRow.objects.get(rating=rating, subject__code=STREET_VILLAGE)
    assert any("没有填数" in words for words in street.missing)
    assert "差 7.0 万元" in street.missing[0]
    top = StarLine.objects.get(rating=rating, stars=3)
    assert (top.places, top.n, top.lowest) == (1, 1, [3, 4, 9667])
    assert verify_rating(rating) == []


def test_a_violation_caps_and_lifted_it_caps_no_more(year: Cast) -> None:
    close(year)
    row = violate(year)
    first = rated(year)
    assert stars_of(first)[WILLOW] == 1
    assert StarRow.objects.get(rating=first, subject__code=WILLOW).caps == [row.pk]
    lift_violation(year.users["county_office"], row, now=NEW_YEAR, reason="示纪〔2027〕1号撤销原决定")
    second = rated(year, reason="撤销处分")
    assert (stars_of(second)[WILLOW], second.version) == (3, 2)
    first.refresh_from_db()
    assert first.state == StarRating.State.SUPERSEDED
    assert verify_rating(first) == verify_rating(second) == []


@pytest.mark.parametrize(
    "changed", [{"document": " "}, {"clause": ""}, {"kind": "other"}, {"basis": "petition"}, {"basis": "complaint"}]
)
def test_a_violation_without_basis_is_refused(year: Cast, changed: dict[str, str]) -> None:
    with refused("violation_refused"):
        violate(year, **changed)


def test_a_violation_is_entered_by_the_department_in_charge_and_never_about_households(year: Cast) -> None:
    with refused("violation_refused"):
        violate(year, department=year.organisations["E01"])
    violate(year)
    with refused("violation_known"):
        violate(year)
    with refused("violation_refused"):
        enter_violation(
            None, year.places[COUNTY], CODE, year.household(1), kind="discipline", document="示〔2026〕1号",
            department=year.organisations["D01"], clause="第一条", on=day("2026-06-01"), now=NEW_YEAR,
        )  # fmt: skip


def test_rating_without_composite_and_its_own_period(year: Cast) -> None:
    with refused("rating_period"):
        rated(year, "quarter")
    rating = rated(year, "quarter", "2026-Q4")
    assert {code: stars for code, stars in stars_of(rating).items() if stars} == {
        WILLOW: 1, PEACH: 1, STREET_VILLAGE: 1
    }  # fmt: skip
    with refused("rating_running"):
        rated(year, "quarter", "2027-Q1")
    with refused("needs_reason"):
        rated(year, "quarter", "2026-Q4")


def test_twice_the_same_digest(year: Cast) -> None:
    close(year)
    assert rated(year).digest == rated(year, reason="再评一次").digest


def test_tampering_is_found(year: Cast) -> None:
    close(year)
    rating = rated(year)
    StarRow.objects.filter(rating=rating, subject__code=PEACH).update(stars=3)
    IndicatorNumber.objects.filter(place__code=WILLOW, indicator="team").update(number=5)
    told = [row.words for row in verify_rating(rating)]
    assert any("被改动过" in words and "星级" in words for words in told)
    assert any(words.startswith(f"{WILLOW} 的指标 team 与填报记录不符") for words in told)


def test_the_verify_command_recomputes_ratings_too(year: Cast) -> None:
    close(year)
    rating = rated(year)
    told = CliRunner().invoke(verify_command, [COUNTY, "2026"])
    assert (told.exit_code, "三星支部 第1版:相符" in told.output) == (0, True)
    StarRow.objects.filter(rating=rating, subject__code=PEACH).update(stars=3)
    assert CliRunner().invoke(verify_command, [COUNTY, "2026"]).exit_code == 1


def test_households_are_rated_by_village_and_stay_inside(cast: Cast) -> None:
    text = TEXT + HOUSEHOLDS
    publish(cast, text)
    HouseholdState.objects.filter(place=cast.household(8)).update(state="away")
    entries = [
        Entry(cast.household(n).pk, cast.household(n).path, f"{n}号", load(text).indicators[-1], 100 - n)
        for n in range(1, 9)
    ]
    enter_numbers(None, ground_of(cast), load(text), parse_period("2026-10"), entries, now=NEW_YEAR)
    close_period(None, cast.places[COUNTY], "2026-10", now=NEW_YEAR, scheme=CODE)
    rating = rated(cast, "star_household", "2026-10")
    assert [stars_of(rating)[f"{WILLOW}-H0000{n}"] for n in range(1, 9)] == [5, 5, 3, 3, 3, 3, 3, None]
    shown = propose_rating(None, rating, now=NEW_YEAR)
    assert shown.publication is not None
    assert shown.publication.subjects.count() == 0
    told = str(RATING.rows(shown.publication))
    assert "1号" not in told
    # eight households are fewer than the floor of twenty: no counts either
    assert "柳树村', '—', '—'" in told


def test_a_household_number_moves_the_live_standing(cast: Cast) -> None:
    text = TEXT + HOUSEHOLDS
    publish(cast, text)
    open_periods(day("2026-10-05"))
    month = Period.objects.get(ground=cast.places[COUNTY], scheme=CODE, key="2026-10")
    ensure(open_of(month))  # type: ignore[arg-type]
    indicator, home = load(text).indicators[-1], cast.household(1)
    entry = Entry(home.pk, home.path, "1号", indicator, 96)
    enter_numbers(None, ground_of(cast), load(text), parse_period(month.key), [entry], now=NEW_YEAR)
    assert LiveFigure.objects.get(subject=home, period=month).result == 9600
    closing = close_period(None, cast.places[COUNTY], month.key, now=NEW_YEAR, scheme=CODE)
    assert Result.objects.get(standing__closing=closing, subject=home).result == 9600


def test_from_given_to_in_force(year: Cast) -> None:
    close(year)
    actor = year.users["county_office"]
    shown = propose_rating(actor, rated(year), now=NEW_YEAR)
    assert shown.publication is not None
    with refused("notice_runs"):
        put_in_force(actor, shown.publication, now=NEW_YEAR)
    with refused("rating_on_notice"):
        rated(year, reason="重评")
    done = put_in_force(actor, shown.publication, now=NEW_YEAR + timedelta(days=10))
    shown.refresh_from_db()
    assert (done.state, shown.state) == ("in_force", "in_force")


def test_an_upheld_objection_reopens_only_its_subject(year: Cast) -> None:
    close(year)
    actor = year.users["county_office"]
    shown = propose_rating(actor, rated(year), now=NEW_YEAR)
    assert shown.publication is not None
    objection = object_to(
        actor, shown.publication, year.places[PEACH], text="打更队已组建", by_name="示例村委", now=NEW_YEAR
    )
    with refused("rating_not_mended"):
        answer(actor, objection, True, "属实", now=NEW_YEAR)
    # somebody else's number changes meanwhile: it is not this objection's matter
    enter(year, {PEACH: {"watch": 1}, STREET_VILLAGE: {"income": 300}})
    answer(actor, objection, True, "核实属实，已更正", now=NEW_YEAR)
    newer = StarRating.objects.latest("pk")
    # 桃花村 has all three domains now and fewer points than 柳树村, which has the one place
    assert (newer.version, newer.state, stars_of(newer)[STREET_VILLAGE]) == (2, "proposed", 1)
    assert StarRow.objects.get(rating=newer, subject__code=PEACH).earned == 3
    assert verify_rating(newer) == []
    objection.refresh_from_db()
    assert "第2版" in objection.outcome
