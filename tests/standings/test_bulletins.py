"""Bulletins fill themselves, are fixed when they are issued, numbered, superseded, withdrawn; who may write what in them."""

from __future__ import annotations

import threading
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection, connections, transaction
from django.urls import reverse
from django.utils import timezone

from tests.cast import COUNTY, NOW, PEACH, STREET, TODAY, TOWN, WILLOW, Cast, make_cast
from tests.public.notices import board, on_notice, standing
from tests.standings.bulletins import KEY, browser, chain, clerk, counted, draft_of, issued, october, words
from tests.standings.facts import refused
from xiangyue.base.models import Change
from xiangyue.base.problems import Problem
from xiangyue.checks.models import DayCount
from xiangyue.rules.days import parse_period
from xiangyue.standings.bulletins import acts
from xiangyue.standings.bulletins.filling import digest_of, fill
from xiangyue.standings.bulletins.lint import forbidden
from xiangyue.standings.bulletins.models import Bulletin
from xiangyue.standings.models import Closing

pytestmark = pytest.mark.django_db
OCTOBER = parse_period(KEY)
State = Bulletin.State


@pytest.fixture
def stage(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Cast:
    """October made by hand; the pages are opened on the day of the cast."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    return october(cast)


def test_a_bulletin_fills_itself_from_the_chain(stage: Cast) -> None:
    row = draft_of(stage)
    told = fill(row.place, OCTOBER, TODAY)
    assert [one["title"] for one in told["sections"]] == ["日检查", "调度", "问题整改", "考核排名", "红黑榜"]
    assert told["figures"]["villages"][WILLOW]["checks"] == 58
    assert "共有各类检查71次，其中4次查出问题" in words("daily")
    assert "应开2次，开了2次" in words("dispatch")
    assert "共交办2件，已办结1件" in words("dispatch")
    assert "新发现问题2件，整改1件，销号1件" in words("problems")
    assert "柳树村|2|1|1|1" in words("problems")


def test_no_household_and_no_person_is_named(stage: Cast) -> None:
    text = str(fill(stage.places[TOWN], OCTOBER, TODAY))
    assert not any(name in text for name in ("示例户", "1号", "戊支书", "P05", "把沟清了"))


def test_rankings_and_boards_only_once_they_are_in_force(stage: Cast) -> None:
    assert "还没有公示" in words("ranking")
    closing = on_notice(stage, stage.places[COUNTY], KEY)
    places = [stage.places[code] for code in (WILLOW, PEACH)]
    table = standing(
        closing, "village_month", "village", [(places[0], "village", 9_600), (places[1], "village", 7_000)]
    )
    board(table, "village_board", stage.places[COUNTY], "village", places[:1], places[1:])
    assert "没有生效" in words("ranking")
    assert "柳树村" not in words("boards")
    closing.state = Closing.State.IN_FORCE
    closing.save()
    assert "柳树村|1|96.00|桃花村|2|70.00" in words("ranking")
    assert "红榜——柳树村（96.00）；黑榜——桃花村（70.00）" in words("boards")
    # a township's bulletin tells of its own villages alone
    assert "柳树村" not in words("ranking", STREET)


def test_who_was_taken_off_a_board_is_not_named(stage: Cast) -> None:
    closing = on_notice(stage, stage.places[COUNTY], KEY, Closing.State.IN_FORCE)
    table = standing(closing, "village_month", "village", [(stage.places[PEACH], "village", 7_000)])
    entries = board(table, "village_board", stage.places[COUNTY], "village", [], [stage.places[PEACH]])
    entries[PEACH].taken_off = "cured"
    entries[PEACH].save()
    assert "桃花村" not in words("boards")


def test_what_was_issued_stays_as_it_was(stage: Cast) -> None:
    row = issued(stage)
    kept, digest = row.told, row.digest
    counted(stage, WILLOW, date(2026, 10, 31), 7, 7)
    DayCount.objects.filter(village__code=PEACH).delete()
    again = Bulletin.objects.get(pk=row.pk)
    assert again.told == kept
    assert (again.digest, digest_of(again)) == (digest, digest)
    assert chain().total.checks != kept["figures"]["total"]["checks"]


def test_the_digest_finds_what_was_changed_behind_its_back(stage: Cast) -> None:
    row = issued(stage)
    row.told["figures"]["total"]["overdue"] = 0
    row.save()
    assert digest_of(Bulletin.objects.get(pk=row.pk)) != row.digest
    page = browser(stage, "township_office").get(reverse("bulletins:bulletin", args=(row.pk,)))
    assert "核对码不符" in page.content.decode()


def test_it_is_numbered_by_office_and_year_without_gaps(stage: Cast) -> None:
    first, second = issued(stage, key="2026-09"), issued(stage)
    acts.drop_draft(clerk(stage), draft_of(stage, key="2026-08"))
    third = issued(stage, key="2026-08")
    other = issued(stage, STREET)
    assert [row.numbered for row in (first, second, third, other)] == [
        "东河镇通报〔2026〕第1期", "东河镇通报〔2026〕第2期", "东河镇通报〔2026〕第3期", "南街街道通报〔2026〕第1期",
    ]  # fmt: skip
    later = acts.begin_bulletin(clerk(stage), stage.places[TOWN], "2026-12", today=date(2027, 1, 3), now=NOW)
    assert (
        acts.issue_bulletin(clerk(stage), later, today=date(2027, 1, 3), now=NOW).numbered == "东河镇通报〔2027〕第1期"
    )


def test_a_newer_one_supersedes_with_its_reason(stage: Cast) -> None:
    row = issued(stage)
    counted(stage, WILLOW, date(2026, 10, 31), 3, 0)
    draft = acts.replace_bulletin(clerk(stage), row, "补录了10月31日的检查", now=NOW)
    assert Bulletin.objects.get(pk=row.pk).state == State.ISSUED
    new = acts.issue_bulletin(clerk(stage), draft, today=TODAY, now=NOW)
    old = Bulletin.objects.get(pk=row.pk)
    assert (old.state, old.told, old.number) == (State.SUPERSEDED, row.told, 1)
    assert (new.number, new.replaces_id, new.reason) == (2, row.pk, "补录了10月31日的检查")
    assert new.told["figures"]["villages"][WILLOW]["checks"] == 61
    text = browser(stage, "village_office").get(reverse("bulletins:bulletin", args=(row.pk,))).content.decode()
    assert "东河镇通报〔2026〕第2期替代了这一期" in text


def test_withdrawn_is_not_deleted(stage: Cast) -> None:
    row = issued(stage)
    acts.withdraw_bulletin(clerk(stage), row, "口径有误，重新核对", now=NOW)
    text = browser(stage, "village_office").get(reverse("bulletins:bulletin", args=(row.pk,))).content.decode()
    assert "口径有误，重新核对" in text
    assert "东河镇通报〔2026〕第1期" in text
    again = issued(stage)
    assert again.number == 2


def test_what_is_refused_says_what_to_do(stage: Cast) -> None:
    town = stage.places[TOWN]
    with refused("bulletin_month"):
        draft_of(stage, key="2026-11")
    with refused("bulletin_month"):
        acts.begin_bulletin(None, town, "2026-Q3", today=TODAY, now=NOW)
    with refused("bulletin_place"):
        draft_of(stage, WILLOW)
    row = draft_of(stage)
    with refused("bulletin_begun"):
        draft_of(stage)
    with refused("bulletin_empty"):
        acts.write_bulletin(None, row, opening="好", closing="", sections=["nothing"])
    with refused("bulletin_long"):
        acts.write_bulletin(None, row, opening="好" * 1001, closing="", sections=["daily"])
    with refused("bulletin_state"):
        acts.withdraw_bulletin(None, row, "写错了", now=NOW)
    done = acts.issue_bulletin(None, row, today=TODAY, now=NOW)
    with refused("bulletin_issued"):
        draft_of(stage)
    with refused("bulletin_state"):
        acts.write_bulletin(None, done, opening="改", closing="", sections=["daily"])
    with refused("bulletin_state"):
        acts.drop_draft(None, done)
    with refused("bulletin_reason"):
        acts.replace_bulletin(None, done, "  ", now=NOW)
    acts.replace_bulletin(None, done, "补录", now=NOW)
    with refused("bulletin_begun"):
        acts.replace_bulletin(None, done, "再补录", now=NOW)


@pytest.mark.parametrize(
    "text",
    [
        "请联系19900001234",
        "电话 139 0000 1234",
        "0745-1234567 值班",
        "身份证431225199001011234",
        "示例户3家门前没清",
        "对上访户扣分",
    ],
)
def test_free_words_name_nobody(stage: Cast, text: str) -> None:
    assert forbidden(stage.places[TOWN], text)
    with refused("bulletin_words"):
        acts.write_bulletin(None, draft_of(stage), opening=text, closing="", sections=["daily"])


def test_plain_words_may_stand_and_names_of_other_ground_are_none_here(stage: Cast) -> None:
    for text in ("", "请各村10月31日前整改，2026年共130000件。", "第3期：柳树村、桃花村要补上。"):
        assert forbidden(stage.places[TOWN], text) == []
    # 示例户8 lives in 柳树村 only, which is not 南街街道's
    assert forbidden(stage.places[TOWN], "示例户8家")
    assert not forbidden(stage.places[STREET], "示例户8家")


def test_words_and_sections_are_the_offices_figures_are_not(stage: Cast) -> None:
    row = draft_of(stage)
    acts.write_bulletin(
        clerk(stage), row, opening="各村：\r\n  十月情况如下。", closing="特此通报。", sections=["problems", "daily"]
    )
    done = acts.issue_bulletin(clerk(stage), Bulletin.objects.get(pk=row.pk), today=TODAY, now=NOW)
    assert [one["code"] for one in done.told["sections"]] == ["daily", "problems"]
    assert done.opening == "各村：\n十月情况如下。"
    assert done.told["figures"]["total"]["checks"] == 71
    told = set(Change.objects.filter(act__startswith="bulletin.").values_list("act", flat=True))
    assert told == {"bulletin.begun", "bulletin.written", "bulletin.issued"}


def test_figures_that_moved_since_they_were_read_are_shown_again(stage: Cast) -> None:
    row, client = draft_of(stage), browser(stage, "township_office")
    page = client.get(reverse("bulletins:bulletin", args=(row.pk,)))
    seen = page.context["mark"]
    counted(stage, WILLOW, date(2026, 10, 31), 3, 0)
    answer = client.post(reverse("bulletins:act", args=(row.pk,)), {"act": "issue", "seen": seen})
    assert answer.status_code == 422
    assert "数字又有了变化" in answer.content.decode()
    assert Bulletin.objects.get(pk=row.pk).state == State.DRAFT
    again = {"act": "issue", "seen": answer.context["mark"]}
    assert client.post(reverse("bulletins:act", args=(row.pk,)), again).status_code == 302
    assert Bulletin.objects.get(pk=row.pk).told["figures"]["villages"][WILLOW]["checks"] == 61


def test_the_database_holds_one_number_and_one_that_stands(stage: Cast) -> None:
    row = issued(stage)
    facts = {"place": row.place, "made_at": NOW, "issued_at": NOW, "state": State.ISSUED}
    for more in (
        {"key": "2026-09", "year": 2026, "number": 1},
        {"key": KEY, "year": 2026, "number": 9},
        {"key": "2026-08"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Bulletin.objects.create(**facts, **more)


@pytest.mark.django_db(transaction=True)
def test_two_who_issue_at_once_get_two_numbers_and_one_month_is_issued_once() -> None:
    cast = make_cast()
    rows = [draft_of(cast, key=key) for key in ("2026-08", "2026-09")]
    if connection.vendor == "sqlite":
        pytest.skip("threads share one connection of a database in memory")
    told = at_once([lambda row=row: acts.issue_bulletin(None, row, today=TODAY, now=NOW).number for row in rows])
    assert sorted(told) == [1, 2]
    town = cast.places[TOWN]
    twice = at_once([lambda: acts.begin_bulletin(None, town, KEY, today=TODAY, now=NOW).key] * 2)
    assert sorted(twice) == [KEY, "bulletin_begun"]
    draft = Bulletin.objects.get(place=town, key=KEY)
    again = at_once([lambda: acts.issue_bulletin(None, draft, today=TODAY, now=NOW).number] * 2)
    assert sorted(again, key=str) == [3, "bulletin_state"]


def at_once(acts_of: list[Any]) -> list[Any]:
    """What several who act at the same moment are told."""
    told: list[Any] = []
    start = threading.Barrier(len(acts_of))

    def one(do: Any) -> None:
        try:
            start.wait(10)
            told.append(do())
        except Problem as problem:
            told.append(problem.kind.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one, args=(do,)) for do in acts_of]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return told
