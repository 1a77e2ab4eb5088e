"""The village compact: drafted, judged, voted on, filed, shown, followed by a newer version; and what refers to it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from tests.budgets import assert_budget
from tests.cast import COUNTY, NOW, PEACH, TODAY, TOWN, WILLOW, Cast
from tests.standings.facts import refused
from xiangyue.agreements.actions.compacts import back_to_draft, file_compact, record_vote, write_draft
from xiangyue.agreements.compact_models import CompactArticle, CompactVersion
from xiangyue.agreements.compact_texts import number_in, stands_on, topics, unlawful
from xiangyue.base.models import Change
from xiangyue.base.problems import Problem
from xiangyue.places import folding
from xiangyue.rules.compact import Vote
from xiangyue.schemes import load, pack_text

ARTICLES = [("爱护公共卫生，垃圾分类入桶。", ""), ("柴草、粪污不占道。", "sanbao"), ("邻里互帮，红白事从简自愿。", "")]
CARRIED = Vote("villagers", TODAY, "柳会〔2026〕3号", 100, 60, 45)


def client_of(cast: Cast, role: str) -> Client:
    client = Client()
    client.force_login(cast.users[role])
    return client


def drafted(cast: Cast, *articles: tuple[str, str]) -> CompactVersion:
    return write_draft(None, cast.places[WILLOW], articles or ARTICLES[:2], now=NOW)


@pytest.mark.parametrize(
    ("said", "number"),
    [("第一条", 1), ("第十条", 10), ("第十二条", 12), ("第二十条", 20), ("第三十五条", 35), ("第7条", 7), ("sanbao", None), ("第条", None)],
)  # fmt: skip
def test_an_article_is_named_by_its_number(said: str, number: int | None) -> None:
    assert number_in(said) == number


@given(st.integers(1, 99))
def test_every_number_is_read(n: int) -> None:
    digits = "零一二三四五六七八九"
    tens = (digits[n // 10] if n >= 20 else "") + ("十" if n >= 10 else "")
    said = tens + (digits[n % 10] if n % 10 else "")
    assert number_in(f"第{said}条") == n


@pytest.mark.parametrize("text", ["乱倒垃圾的罚款200元", "上了黑榜的取消低保", "超生户不得参加评选", "越级上访的扣分"])
def test_what_a_compact_may_not_say(text: str) -> None:
    assert unlawful(text)


def test_the_lawful_articles_stand() -> None:
    assert not [found for text, _ in ARTICLES for found in unlawful(text)]


def test_topics_are_what_the_scheme_stands_on() -> None:
    scheme = load(pack_text("linjiang"))
    scheme = replace(scheme, boards=tuple(replace(board, article="第六条") for board in scheme.boards[:1]))
    found = {topic.code: topic.rules for topic in topics([scheme])}
    assert scheme.boards[0].name in found["第六条"]
    assert list(found) == sorted(found, key=lambda code: number_in(code) or 0)
    held = [CompactArticle(number=6, text="六", topic=""), CompactArticle(number=1, text="一", topic="第三条")]
    assert stands_on("第六条", held) is held[0]
    assert stands_on("第三条", held) is held[1]
    assert stands_on("第九条", held) is None


@pytest.mark.django_db
def test_from_a_draft_to_in_force_and_a_newer_version(cast: Cast) -> None:
    draft = drafted(cast)
    voted = record_vote(None, draft, CARRIED, today=TODAY)
    assert voted.state == "voted"
    first = file_compact(None, voted, "东河备〔2026〕1号", TODAY, today=TODAY)
    again = write_draft(None, cast.places[WILLOW], ARTICLES, now=NOW)
    assert (again.version, first.state) == (2, "in_force")
    second = file_compact(None, record_vote(None, again, CARRIED, today=TODAY), "东河备〔2026〕2号", TODAY, today=TODAY)
    states = dict(CompactVersion.objects.values_list("version", "state"))
    assert states == {1: "superseded", 2: "in_force"}
    assert [row.number for row in second.articles.all()] == [1, 2, 3]
    acts = list(Change.objects.filter(act__startswith="compact.").order_by("pk").values_list("act", flat=True))
    assert acts == ["compact.written", "compact.voted", "compact.filed"] * 2


@pytest.mark.django_db
def test_a_voted_version_is_never_edited_only_taken_back(cast: Cast) -> None:
    voted = record_vote(None, drafted(cast), CARRIED, today=TODAY)
    with refused("compact_state"):
        record_vote(None, voted, CARRIED, today=TODAY)
    back = back_to_draft(None, voted, reason="条文写漏了")
    assert (back.state, back.minutes, back.came) == ("draft", "", 0)
    with refused("compact_state"):
        file_compact(None, back, "1号", TODAY, today=TODAY)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("code", "change"),
    [("compact_vote", {"in_favour": 30}), ("compact_vote", {"came": 50}), ("compact_vote", {"minutes": " "})],
)
def test_a_vote_that_does_not_carry_is_refused(cast: Cast, code: str, change: dict[str, Any]) -> None:
    draft = drafted(cast)
    with refused(code):
        record_vote(None, draft, replace(CARRIED, **change), today=TODAY)
    draft.refresh_from_db()
    assert draft.state == "draft"


@pytest.mark.django_db
def test_what_is_missing_or_unlawful_is_told(cast: Cast) -> None:
    with refused("compact_place"):
        write_draft(None, cast.places[TOWN], ARTICLES, now=NOW)
    with refused("compact_long"):
        write_draft(None, cast.places[WILLOW], [("长" * 1001, "")], now=NOW)
    empty = write_draft(None, cast.places[WILLOW], [("  ", "")], now=NOW)
    with refused("compact_empty"):
        record_vote(None, empty, CARRIED, today=TODAY)
    bad = drafted(cast, ("乱倒垃圾罚款50元", ""))
    with refused("compact_unlawful"):
        record_vote(None, bad, CARRIED, today=TODAY)
    worse = drafted(cast, ("乱倒垃圾罚款50元，扣发低保", ""))
    with pytest.raises(Problem) as told:
        record_vote(None, worse, CARRIED, today=TODAY)
    assert "有“罚款”；第1条" in told.value.words
    assert told.value.words.endswith("。")
    voted = record_vote(None, drafted(cast), CARRIED, today=TODAY)
    with refused("compact_number"):
        file_compact(None, voted, " ", TODAY, today=TODAY)
    for day in (TODAY - timedelta(days=1), TODAY + timedelta(days=1)):
        with refused("compact_early"):
            file_compact(None, voted, "1号", day, today=TODAY)


@pytest.mark.django_db
def test_a_village_writes_votes_and_the_township_files(cast: Cast) -> None:
    village, township, public = client_of(cast, "village_office"), client_of(cast, "township_office"), Client()
    here = reverse("compacts:compact", args=[WILLOW])
    assert "还没有村规民约" in village.get(here).content.decode()
    village.post(
        reverse("compacts:write", args=[WILLOW]), {"text-1": ARTICLES[0][0], "text-2": "", "text-3": ARTICLES[1][0]}
    )
    told = {
        "kind": "villagers",
        "held_on": timezone.localdate().isoformat(),
        "minutes": "3号",
        "entitled": 100,
        "came": 60,
    }
    page = village.post(
        reverse("compacts:voted", args=[WILLOW]), {**told, "in_favour": 20}, follow=True
    ).content.decode()
    assert "没有过半" in page
    village.post(reverse("compacts:voted", args=[WILLOW]), {**told, "in_favour": 50})
    shown = reverse("public:compact", args=[COUNTY, WILLOW])
    assert ARTICLES[0][0] not in public.get(shown).content.decode()
    filing = {"number": "东河备1号", "on": timezone.localdate().isoformat()}
    assert village.post(reverse("compacts:filed", args=[WILLOW]), filing).status_code == 403
    township.post(reverse("compacts:filed", args=[WILLOW]), filing)
    assert CompactVersion.objects.get(village=cast.places[WILLOW]).state == "in_force"
    cache.clear()
    with CaptureQueriesContext(connection) as held:
        assert ARTICLES[0][0] in public.get(shown).content.decode()
    assert_budget("public:compact", len(held))
    with CaptureQueriesContext(connection) as held:
        listed = township.get(reverse("compacts:compacts")).content.decode()
    assert_budget("compacts:compacts", len(held))
    assert cast.places[PEACH].name in listed
    assert "东河备1号" in listed
    with CaptureQueriesContext(connection) as held:
        assert ARTICLES[1][0] in township.get(here).content.decode()
    assert_budget("compacts:compact", len(held))


@pytest.mark.django_db
def test_many_villages_are_folded_by_township(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    url, county = reverse("compacts:compacts"), client_of(cast, "county_office")
    assert '<details class="y-part" open>' in county.get(url).content.decode()
    monkeypatch.setattr(folding, "OPENED", 1)
    page = county.get(url).content.decode()
    assert '<details class="y-part">' in page
    assert '<details class="y-part" open>' not in page
    assert page.count(reverse("compacts:compact", args=[WILLOW])) == 2, "the row and its name lead to the compact"


@pytest.mark.django_db
def test_a_draft_is_told_at_once_what_it_may_not_say(cast: Cast) -> None:
    url = reverse("compacts:write", args=[WILLOW])
    typed = {"text-1": "爱护公共卫生。", "text-2": "乱倒垃圾的罚款200元。"}
    told = client_of(cast, "village_office").post(url, typed, follow=True).content.decode()
    assert "草稿已保存" in told
    assert "第2条" in told
    assert "里有“罚款”，不能写。请在开会表决以前删改" in told


@pytest.mark.django_db
def test_what_is_missing_in_a_vote_is_one_sentence(cast: Cast) -> None:
    drafted(cast)
    address = reverse("compacts:voted", args=[WILLOW])
    shown = client_of(cast, "village_office").post(address, {"held_on": "2026-11-20"}, follow=True).content.decode()
    assert "会议记录编号没有填，请补上；" in shown
    assert "。；" not in shown


def test_the_township_is_told_what_waits_to_be_filed(cast: Cast) -> None:
    row = drafted(cast)
    home = reverse("home")
    assert "待备案的村规民约" not in client_of(cast, "township_office").get(home).content.decode()
    row = record_vote(cast.users["village_office"], row, CARRIED, today=TODAY)
    shown = client_of(cast, "township_office").get(home).content.decode()
    assert "待备案的村规民约" in shown
    assert cast.places[WILLOW].name in shown
    assert "待备案的村规民约" not in client_of(cast, "other_township_office").get(home).content.decode()
    file_compact(cast.users["township_office"], row, "示备〔2026〕3号", TODAY, today=TODAY)
    assert "待备案的村规民约" not in client_of(cast, "township_office").get(home).content.decode()


def test_a_newer_version_is_led_to_its_vote_and_its_filing(cast: Cast) -> None:
    first = record_vote(None, drafted(cast), CARRIED, today=TODAY)
    file_compact(None, first, "示备〔2026〕3号", TODAY, today=TODAY)
    village, township = client_of(cast, "village_office"), client_of(cast, "township_office")
    told = {"text-1": "爱护公共卫生，垃圾分类入桶。", "text-2": "逢五逢十一起打扫。"}
    shown = village.post(reverse("compacts:write", args=[WILLOW]), told, follow=True).content.decode()
    assert "下一步：登记表决" in shown
    second = reverse("compacts:version", args=[WILLOW, 2])
    ahead = village.get(reverse("compacts:compact", args=[WILLOW])).content.decode()
    assert "待表决" in ahead
    assert f'href="{second}"' in ahead
    record_vote(None, CompactVersion.objects.get(version=2), CARRIED, today=TODAY)
    assert f'href="{second}"' in township.get(reverse("compacts:compacts")).content.decode()
    assert "备案，生效" in township.get(second).content.decode()
    early = {"number": "示备〔2026〕5号", "on": (TODAY - timedelta(days=9)).isoformat()}
    shown = township.post(reverse("compacts:filed", args=[WILLOW]), early, follow=True).content.decode()
    assert "备案，生效" in shown
