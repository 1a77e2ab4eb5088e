"""The public pages: what is on notice and in force, by name for places; light, without cookie, kept."""

from __future__ import annotations

import gzip
import re
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.staticfiles import finders
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.budgets import assert_budget
from tests.cast import COUNTY, NOW, OTHER_VILLAGE, PEACH, STREET, STREET_VILLAGE, TODAY, TOWN, WILLOW
from tests.public.notices import board, on_notice, standing
from xiangyue.agreements.models import SchemeVersion
from xiangyue.places.models import Place
from xiangyue.standings.models import BoardEntry, Closing, Objection, Publication, Result

if TYPE_CHECKING:
    from tests.cast import Cast


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "localdate", lambda *args, **kwargs: TODAY)


@pytest.fixture
def october(cast: Cast) -> Closing:
    """October on notice: 柳树村 94.50 on the red board, 桃花村 71.00 on the black one."""
    closing = on_notice(cast, cast.places[COUNTY])
    willow, peach = cast.places[WILLOW], cast.places[PEACH]
    table = standing(closing, "village_month", "village", [(willow, "villages", 9450), (peach, "villages", 7100)])
    board(table, "village_board", cast.places[COUNTY], "villages", [willow], [peach])
    return closing


def page(name: str, *args: Any, **get: str) -> str:
    """The text of a public page, asked for without log-in."""
    response = Client().get(reverse(f"public:{name}", args=args), get)
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def pages(closing: Closing) -> dict[str, str]:
    """Every public page of the county."""
    return {
        "county": page("county", COUNTY),
        "village": page("village", COUNTY, WILLOW),
        "ranking": page("ranking", COUNTY),
        "notices": page("notices", COUNTY),
        "notice": page("notice", COUNTY, closing.pk),
        "periods": page("periods", COUNTY),
        "scheme": page("scheme", COUNTY),
        "screen": page("screen", COUNTY),
    }


def test_the_only_county_is_gone_straight_to(cast: Cast) -> None:
    assert Client().get("/").headers["Location"] == reverse("public:county", args=(COUNTY,))


def test_a_township_that_governs_itself_is_found_from_the_first_page(cast: Cast) -> None:
    assert SchemeVersion.objects.filter(ground__code=COUNTY).update(ground=cast.places[TOWN])
    assert Client().get("/").headers["Location"] == reverse("public:county", args=(TOWN,))


def test_the_big_screen_is_linked(october: Closing) -> None:
    assert f'href="{reverse("public:screen", args=(COUNTY,))}"' in page("county", COUNTY)


def test_a_county_without_results_says_what_will_be_here(cast: Cast) -> None:
    assert "还没有公示的结果" in page("county", COUNTY)
    assert "还没有公示" in page("notices", COUNTY)
    assert "本月" not in page("ranking", COUNTY)


def test_the_county_home_shows_the_notice_and_the_boards(october: Closing) -> None:
    text = page("county", COUNTY)
    assert "公示到11月23日" in text
    assert "还有 3 天" in text
    assert "怎么提异议" in text
    red, black = text.index("行政村红榜"), text.index("行政村黑榜")
    assert red < text.index("柳树村") < black
    assert " · 行政村红榜" not in text
    assert "可在公示期内提出异议或整改" in text
    Closing.objects.filter(pk=october.pk).update(state=Closing.State.IN_FORCE)
    cache.clear()
    later = page("county", COUNTY)
    assert "取末位且不高于黑榜线的" in later
    assert "可在公示期内" not in later
    assert "桃花村" in text[black : black + 900]
    assert "94.50" in text


def test_equals_on_a_board_share_their_rank(cast: Cast) -> None:
    closing = on_notice(cast, cast.places[COUNTY])
    three = [cast.places[code] for code in (WILLOW, PEACH, OTHER_VILLAGE)]
    results: tuple[int | None, ...] = (9450, 9450, 9100)
    rows = [(place, "villages", result) for place, result in zip(three, results, strict=True)]
    table = standing(closing, "village_month", "village", rows)
    board(table, "village_board", cast.places[COUNTY], "villages", three, [])
    for result, row in zip((9450, 9450, 9100), BoardEntry.objects.order_by("position"), strict=True):
        BoardEntry.objects.filter(pk=row.pk).update(result=result)
    shared = ["1", "1", "3"]
    assert re.findall(r'class="rank">(\d+)<', page("county", COUNTY))[:3] == shared
    office = Client()
    office.force_login(cast.users["county_office"])
    shown = office.get(reverse("standings:boards")).content.decode()
    assert re.findall(r'class="rank">(\d+)<', shown) == shared
    assert "本期没有上榜的" in shown


def test_what_is_only_closed_is_not_public(cast: Cast) -> None:
    closing = on_notice(cast, cast.places[COUNTY], state=Closing.State.CLOSED)
    standing(closing, "village_month", "village", [(cast.places[WILLOW], "villages", 9450)])
    assert "94.50" not in page("ranking", COUNTY)
    assert Client().get(reverse("public:notice", args=(COUNTY, closing.pk))).status_code == 404


@pytest.mark.parametrize("change", [{"taken_off": "cured"}, {"expires_on": TODAY - timedelta(days=1)}])
def test_what_is_taken_off_or_expired_is_gone_from_the_board(cast: Cast, change: dict[str, Any]) -> None:
    closing = on_notice(cast, cast.places[COUNTY])
    peach = cast.places[PEACH]
    table = standing(closing, "village_month", "village", [(peach, "villages", 7100)])
    entry = board(table, "village_board", cast.places[COUNTY], "villages", [], [peach])[PEACH]
    for name, value in change.items():
        setattr(entry, name, value)
    entry.save()
    assert "本期没有上黑榜的" in page("notice", COUNTY, closing.pk)


def test_a_village_shows_its_sum(october: Closing) -> None:
    text = re.sub(r"<[^>]+>|\s", "", page("village", COUNTY, WILLOW))
    assert "30×94.50÷30=94.50" in text.replace("(", "").replace(")", "")
    assert "2次检查，合计189.00÷2" in text
    assert "本期没有检查，不计" in text


def test_an_adjustment_stands_in_the_sum(cast: Cast, october: Closing) -> None:
    row = october.standings.get().results.get(subject=cast.places[WILLOW])
    row.result, row.adjustments = 9500, 50
    row.save()
    text = re.sub(r"<[^>]+>|\s", "", page("village", COUNTY, WILLOW))
    assert "=94.50+0.50=95.00" in text


def test_a_village_shows_its_trend_and_the_change(cast: Cast, october: Closing) -> None:
    september = on_notice(cast, cast.places[COUNTY], "2026-09", Closing.State.IN_FORCE)
    standing(september, "village_month", "village", [(cast.places[WILLOW], "villages", 9000)])
    text = page("village", COUNTY, WILLOW)
    assert "比上期升 4.50" in text
    assert "9月 90.00，10月 94.50" in text
    assert reverse("public:village_then", args=(COUNTY, WILLOW, september.pk)) in text


def test_ranks_tell_how_they_moved(cast: Cast, october: Closing) -> None:
    september = on_notice(cast, cast.places[COUNTY], "2026-09", Closing.State.IN_FORCE)
    rows = [(cast.places[WILLOW], "villages", 7000), (cast.places[PEACH], "villages", 9000)]
    standing(september, "village_month", "village", rows)  # type: ignore[arg-type]
    text = re.sub(r"<[^>]+>|\s", "", page("ranking", COUNTY))
    assert "柳树村红94.50升1位" in text
    assert "桃花村黑71.00降1位" in text


def test_a_ranking_within_townships_shows_a_table_a_township(cast: Cast, october: Closing) -> None:
    street = cast.places[STREET_VILLAGE]
    table = october.standings.get()
    Result.objects.create(
        standing=table, subject=street, category="villages", own=8800, paired=8800, result=8800, adjustments=0, rank=1
    )
    for code, group in ((WILLOW, TOWN), (PEACH, TOWN), (STREET_VILLAGE, STREET)):
        Result.objects.filter(subject__code=code).update(group_code=group)
    heads = re.findall(r"<h2[^>]*>(.*?)</h2>", page("ranking", COUNTY))
    assert [re.sub(r"<[^>]+>|\s", "", head) for head in heads] == ["南街街道行政村", "东河镇行政村"]
    assert "南街街道行政村排名" in page("screen", COUNTY)


def test_a_superseded_notice_stays_readable(cast: Cast, october: Closing) -> None:
    Closing.objects.filter(pk=october.pk).update(state=Closing.State.SUPERSEDED)
    Publication.objects.filter(closing=october).update(state=Publication.State.SUPERSEDED)
    newer = on_notice(cast, cast.places[COUNTY], version=2)
    text = page("notice", COUNTY, october.pk)
    assert "已被替换" in text
    assert reverse("public:notice", args=(COUNTY, newer.pk)) in text


@pytest.mark.parametrize(("days_later", "told"), [(0, "收到异议1条，已答复1条，成立1条"), (9, "公示期内没有收到异议")])
def test_objections_stand_by_every_version_of_their_notice(
    cast: Cast, october: Closing, days_later: int, told: str
) -> None:
    assert october.publication is not None
    Objection.objects.create(
        publication=october.publication, subject=cast.places[PEACH], text="不在家", by_name="示例", received_on=TODAY,
        upheld=True, answered_at=NOW, answer="属实",
    )  # fmt: skip
    Closing.objects.filter(pk=october.pk).update(state=Closing.State.SUPERSEDED)
    newer = on_notice(cast, cast.places[COUNTY], state=Closing.State.IN_FORCE, version=2)
    Closing.objects.filter(pk=newer.pk).update(proposed_at=NOW + timedelta(days=days_later))
    assert told in page("notice", COUNTY, newer.pk)


def test_the_old_name_stands_in_the_old_ranking(cast: Cast, october: Closing) -> None:
    willow = Place.objects.get(code=WILLOW)
    span = willow.spans.get()
    span.to_on = TODAY - timedelta(days=2)
    span.save()
    willow.spans.create(
        name="新柳村", place_class="village", parent=willow.parent, path=willow.path,
        from_on=TODAY - timedelta(days=1),
    )  # fmt: skip
    Place.objects.filter(pk=willow.pk).update(name="新柳村")
    text = page("ranking_then", COUNTY, october.pk)
    assert "柳树村" in text
    assert "新柳村" not in text


def test_how_it_is_scored_comes_from_the_scheme(cast: Cast) -> None:
    text = page("scheme", COUNTY)
    for words in (
        "示例,非官方",
        "干净",
        "日检查平均",
        "明察",
        "红榜：前10%（至少1名）",
        "公示5天",
        "垃圾乱丢每处扣0.50",
    ):
        assert words in text, words


def test_no_cookie_no_session_one_page_for_all(cast: Cast, october: Closing) -> None:
    client = Client()
    client.force_login(cast.users["county_office"])
    for name, text in pages(october).items():
        assert "sessionid" not in text, name
    for who in (Client(), client):
        response = who.get(reverse("public:county", args=(COUNTY,)))
        assert not response.cookies
        assert response.headers.get("Vary") == "Accept-Encoding"
        assert response.headers["Cache-Control"] == "public, max-age=60"


def test_the_same_page_is_not_sent_twice(october: Closing) -> None:
    address = reverse("public:county", args=(COUNTY,))
    first = Client().get(address)
    again = Client().get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    packed = Client().get(address, headers={"Accept-Encoding": "gzip"})
    assert gzip.decompress(packed.content) == first.content


def test_what_is_published_shows_at_once(cast: Cast) -> None:
    assert "2026年10月" not in page("notices", COUNTY)
    on_notice(cast, cast.places[COUNTY])
    assert "2026年10月考核结果" in page("notices", COUNTY)


def test_a_kept_page_takes_one_query(october: Closing, django_assert_num_queries: Any) -> None:
    address = reverse("public:county", args=(COUNTY,))
    Client().get(address)
    with django_assert_num_queries(1):
        Client().get(address)


@pytest.mark.parametrize(
    "name", ["public:county", "public:village", "public:ranking", "public:notice", "public:screen"]
)
def test_queries_stay_within_budget(name: str, october: Closing, django_assert_max_num_queries: Any) -> None:
    args = {"public:village": (COUNTY, WILLOW), "public:notice": (COUNTY, october.pk)}.get(name, (COUNTY,))
    with django_assert_max_num_queries(60) as taken:
        page(name.removeprefix("public:"), *args)
    assert_budget(name, len(taken))


class Loaded(HTMLParser):
    """What a page loads before it shows."""

    def __init__(self) -> None:
        super().__init__()
        self.files: list[str] = []
        self.labels: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = dict(attrs)
        if tag == "link" and held.get("rel") == "stylesheet":
            self.files.append(str(held["href"]))
        if tag == "script" and held.get("src"):
            self.files.append(str(held["src"]))
        if tag == "use":
            self.files.append(str(held["href"]).partition("#")[0])


def test_the_first_load_is_light(october: Closing) -> None:
    for name, text in pages(october).items():
        loaded = Loaded()
        loaded.feed(text)
        weight = len(gzip.compress(text.encode()))
        for file in {address.removeprefix("/static/") for address in loaded.files}:
            found = finders.find(file)
            assert isinstance(found, str), file
            weight += len(gzip.compress(Path(found).read_bytes()))
        assert weight <= 60_000, f"{name}: {weight} bytes"


def test_pages_stand_without_script(october: Closing) -> None:
    for name, text in pages(october).items():
        assert not re.search(r"<script(?![^>]*src=)|\son\w+=", text), name
    assert 'http-equiv="refresh"' in page("screen", COUNTY)
