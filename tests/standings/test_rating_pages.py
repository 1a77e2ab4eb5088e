"""The pages of stars, numbers, watch lists and ledgers: who sees what, what they say, how many queries they take."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.budgets import assert_budget
from tests.cast import COUNTY, NOW, PEACH, TOWN, WILLOW, Cast
from tests.standings.facts import refused
from tests.standings.stars import CODE, NEW_YEAR, NUMBERS, day, enter, publish, rated
from xiangyue.agreements.goal_models import Target
from xiangyue.places import folding
from xiangyue.rules.settings import WatchList
from xiangyue.standings.actions.closing import close_period
from xiangyue.standings.actions.publication import put_in_force, tell
from xiangyue.standings.actions.watching import turn_round, watch
from xiangyue.standings.ratings.models import IndicatorNumber, StarRating, WatchEntry
from xiangyue.standings.ratings.watching import WATCH_LIST, propose_list, state_of

GRID = (COUNTY, CODE, "2026", TOWN)


@pytest.fixture
def year(cast: Cast) -> Cast:
    """The year's numbers, closed."""
    publish(cast)
    enter(cast, NUMBERS)
    close_period(cast.users["county_office"], cast.places[COUNTY], "2026", now=NEW_YEAR, scheme=CODE)
    return cast


def client_of(cast: Cast, role: str = "county_office") -> Client:
    client = Client()
    client.force_login(cast.users[role])
    return client


def text_of(client: Client, name: str, *args: Any, **query: Any) -> str:
    response = client.get(reverse(f"standings:{name}", args=args), query)
    assert response.status_code == 200, (name, response.status_code)
    return response.content.decode()


def listed(cast: Cast, code: str = WILLOW, on: str = "2026-10-01") -> WatchEntry:
    return watch(
        cast.users["county_office"], cast.places[COUNTY], CODE, "weak", cast.places[code],
        basis="示组〔2026〕2号认定", on=day(on), now=NOW,
    )  # fmt: skip


def test_from_the_list_through_a_trial_to_a_notice(year: Cast) -> None:
    client = client_of(year)
    assert "三星支部" in text_of(client, "ratings")
    shown = text_of(client, "rate", COUNTY, CODE, "branch", "2026")
    assert "还没有填数的指标" in shown
    assert "名额 1 个（不得突破）" in shown
    url = reverse("standings:rate", args=(COUNTY, CODE, "branch", "2026"))
    response = client.post(url, {"expect": "0", "early": "1"})
    rating = StarRating.objects.get()
    assert response.headers["Location"] == reverse("standings:rating", args=(rating.pk,))
    table = text_of(client, "rating", rating.pk)
    assert "柳树村" in table
    assert "3 个方面、4 项、成绩 96.67" in table
    page = text_of(client, "rating_subject", rating.pk, PEACH)
    assert "义务打更队应为 有，现为 无，未达标" in page
    assert "12.0 万元" in page
    assert "示例县农业农村局" in page
    client.post(reverse("standings:propose_rating", args=(rating.pk,)))
    rating.refresh_from_db()
    assert rating.state == "proposed"
    client.post(reverse("standings:verify_rating", args=(rating.pk,)))
    assert "全部相符" in text_of(client, "rating", rating.pk)


def test_targets_stand_beside_the_outcome(year: Cast) -> None:
    county = year.places[COUNTY]
    Target.objects.create(
        ground=county,
        scheme=CODE,
        goal="three",
        place=county,
        year=2026,
        value=2,
        document="示委〔2026〕1号",
        set_at=NOW,
    )
    page = text_of(client_of(year), "rating", rated(year).pk)
    assert "目标和结果" in page
    assert "差 1" in page


def test_the_grid_enters_supersedes_and_tells_what_is_wrong(year: Cast) -> None:
    client, url = client_of(year, "township_office"), reverse("standings:indicator_grid", args=GRID)
    page = text_of(client, "indicator_grid", *GRID, group="branch.industry")
    assert "12.0" in page
    cell, trained = f"{year.places[PEACH].pk}-0", f"{year.places[PEACH].pk}-1"
    typed = {
        f"n-{cell}": "13.5",
        f"s-{cell}": "1",
        f"n-{trained}": "9",
        f"s-{trained}": "1",
        "document": "示〔2026〕9号",
    }
    assert client.post(f"{url}?group=branch.industry", typed).status_code == 302
    row = IndicatorNumber.objects.get(place__code=PEACH, indicator="income", is_current=True)
    assert (row.number, row.version, row.document, row.entered_by) == (
        135,
        2,
        "示〔2026〕9号",
        year.users["township_office"],
    )
    again = client.post(f"{url}?group=branch.industry", {**typed, f"n-{cell}": "14.0"}, follow=True).content.decode()
    assert "刚被别人改过" in again
    wrong = client.post(f"{url}?group=branch.industry", {f"n-{cell}": "12.345"}).content.decode()
    assert "最多 1 位小数" in wrong
    assert 'value="12.345"' in wrong


def test_a_grid_of_many_villages_is_folded_by_township(year: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    county, whole = client_of(year), (*GRID[:3], COUNTY)
    assert '<details class="y-part" open>' in text_of(county, "indicator_grid", *whole, group="branch.industry")
    monkeypatch.setattr(folding, "OPENED", 1)
    page = text_of(county, "indicator_grid", *whole, group="branch.industry")
    assert '<details class="y-part">' in page
    assert page.count(f'name="n-{year.places[PEACH].pk}-0"') == 1, "what is folded is sent all the same"
    wrong = {f"n-{year.places[PEACH].pk}-0": "12.345"}
    told = county.post(reverse("standings:indicator_grid", args=whole) + "?group=branch.industry", wrong)
    assert '<details class="y-part" open>' in told.content.decode(), "nothing wrong hides in a fold"


def test_a_department_enters_what_it_answers_for_and_nothing_else(year: Cast) -> None:
    person = year.people["P11"]
    person.organisation = year.organisations["D01"]
    person.save()
    client, url = client_of(year, "department"), reverse("standings:indicator_grid", args=GRID)
    peach = year.places[PEACH].pk
    client.post(f"{url}?group=branch.industry", {f"n-{peach}-0": "20", f"n-{peach}-1": "99"})
    rows = IndicatorNumber.objects.filter(place=peach, is_current=True)
    assert dict(rows.filter(indicator__in=("income", "trained")).values_list("indicator", "number")) == {
        "income": 200, "trained": 9
    }  # fmt: skip
    assert client_of(year, "village_office").get(url).status_code == 403


def test_the_ledger_writes_itself(year: Cast) -> None:
    rated(year)
    listed(year)
    page = text_of(client_of(year, "village_office"), "ledger", WILLOW)
    assert "示组〔2026〕2号认定" in page
    assert "短板" in text_of(client_of(year), "ledger", PEACH)
    assert "义务打更队应为 有，现为 无，未达标" in text_of(client_of(year), "ledger", PEACH)
    below = text_of(client_of(year, "township_office"), "ledger", TOWN)
    assert "整顿中" in below
    assert "义务打更队" in below
    assert "示组" not in text_of(client_of(year, "department"), "ledger", WILLOW)
    assert client_of(year, "other_county_office").get(reverse("standings:ledger", args=(WILLOW,))).status_code == 404


def test_a_watch_list_has_its_end_and_is_turned_round_by_a_record(year: Cast) -> None:
    row = listed(year)
    assert row.to_on == day("2027-03-31")
    with refused("already_watched"):
        listed(year, on="2026-11-01")
    states = [state_of(row, day(on)) for on in ("2026-10-02", "2027-03-15", "2027-04-01")]
    assert states == ["watched", "due", "ended"]
    with refused("empty_text"):
        turn_round(year.users["county_office"], row, on=day("2026-12-01"), reason="已配齐班子", record=" ", now=NOW)
    client = client_of(year, "township_office")
    assert "整顿中" in text_of(client, "watch")
    client.post(
        reverse("standings:turn", args=(row.pk,)),
        {"on": "2026-12-01", "reason": "班子配齐", "record": "示组〔2026〕30号"},
    )
    row.refresh_from_db()
    assert (row.turned_on, state_of(row, day("2026-12-02"))) == (day("2026-12-01"), "turned")


def test_queries_stay_within_budget(year: Cast) -> None:
    listed(year)
    rating = rated(year)
    asked: tuple[tuple[str, tuple[Any, ...]], ...] = (
        ("standings:ratings", ()), ("standings:rate", (COUNTY, CODE, "branch", "2026")),
        ("standings:rating", (rating.pk,)), ("standings:rating_subject", (rating.pk, PEACH)),
        ("standings:indicators", ()), ("standings:indicator_grid", GRID), ("standings:watch", ()),
        ("standings:ledger", (WILLOW,)),
    )  # fmt: skip
    client = client_of(year)
    for name, args in asked:
        address = reverse(name, args=args)
        client.get(address)
        with CaptureQueriesContext(connection) as held:
            client.get(address)
        assert_budget(name, len(held))
    with CaptureQueriesContext(connection) as held:
        client.get(reverse("standings:ledger", args=(TOWN,)))
    assert_budget("standings:ledger below", len(held))


def test_names_on_a_watch_list_are_public_only_in_force(year: Cast) -> None:
    listed(year)
    actor = year.users["county_office"]
    shown = propose_list(actor, year.places[COUNTY], CODE, watch_list_of(), days=3, now=NOW)
    assert "柳树村" not in str(WATCH_LIST.rows(shown))
    tell(actor, shown, now=NOW)
    done = put_in_force(actor, shown, now=NEW_YEAR)
    assert "柳树村" in str(WATCH_LIST.rows(done))


def watch_list_of() -> WatchList:
    from tests.standings.stars import scheme

    return scheme().watch_lists[0]
