"""The office home, brief, search and change log: each role its own, within budget, nothing from other ground."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.budgets import assert_budget
from tests.cast import COUNTY, NOW, OTHER_VILLAGE, PEACH, STREET_VILLAGE, TODAY, TOWN, WILLOW
from tests.public.notices import on_notice
from tests.standings.facts import check
from tests.standings.stars import publish
from xiangyue.base import changes
from xiangyue.captures.models import Capture
from xiangyue.checks.models import DayCount, Kind, SheetTotal
from xiangyue.duties.models import Duty
from xiangyue.people.models import LogInTries, RoleGrant
from xiangyue.places.models import Place
from xiangyue.standings.actions.periods import open_periods
from xiangyue.standings.models import Closing, Objection

if TYPE_CHECKING:
    from tests.cast import Cast


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "localdate", lambda *args, **kwargs: TODAY)


def ask(cast: Cast, role: str, address: str, **get: str) -> str:
    """A page's text as that role gets it."""
    client = Client()
    client.force_login(cast.users[role])
    response = client.get(address, get)
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def plain(text: str) -> str:
    """The words of a page without marks and spaces."""
    return re.sub(r"<[^>]+>|\s", "", text)


def held(place: Place) -> Capture:
    """A capture that waits for a person."""
    return Capture.objects.create(
        uuid=uuid4(), digest="0" * 64, kind="round", place=place, channel=Capture.Channel.PHONE,
        made_at=NOW, received_at=NOW, state=Capture.State.HELD, body={},
    )  # fmt: skip


def test_the_county_office_sees_what_waits(cast: Cast) -> None:
    held(cast.places[WILLOW])
    held(cast.places[OTHER_VILLAGE])
    closing = on_notice(cast, cast.places[COUNTY])
    assert closing.publication is not None
    Objection.objects.create(
        publication=closing.publication, subject=cast.places[WILLOW], text="分数不对", by_name="示例", received_on=TODAY
    )
    words = plain(ask(cast, "county_office", reverse("home")))
    assert "待人工核对1条" in words
    assert "待答复异议1条" in words
    assert "公示快期满1项2026年10月考核结果到11月23日" in words
    assert "本月未检查的村4个" in words


def test_months_that_are_over_wait_to_be_closed_the_empty_ones_last(cast: Cast) -> None:
    closing = on_notice(cast, cast.places[COUNTY], "2026-10")
    september = on_notice(cast, cast.places[COUNTY], "2026-09")
    Closing.objects.all().delete()
    assert closing.period_id != september.period_id
    daily = Kind.objects.get(ground=cast.places[COUNTY], code="daily")
    DayCount.objects.create(village=cast.places[WILLOW], kind=daily, day=TODAY - timedelta(days=30), n_checks=1)
    words = plain(ask(cast, "county_office", reverse("home")))
    assert "待关账2期2026年10月、2026年9月（没有检查）" in words


def test_a_township_with_a_scheme_of_its_own_closes_and_publishes(cast: Cast) -> None:
    for key in ("2026-10", "2026-09"):
        on_notice(cast, cast.places[TOWN], key)
    Closing.objects.filter(period__key="2026-09").delete()
    words = plain(ask(cast, "township_office", reverse("home")))
    assert "待关账1期2026年9月（没有检查）" in words
    assert "公示快期满2项" in words
    daily = Kind.objects.get(ground=cast.places[COUNTY], code="daily")
    DayCount.objects.create(village=cast.places[WILLOW], kind=daily, day=TODAY - timedelta(days=70), n_checks=1)
    assert "待关账1期2026年9月去关账" in plain(ask(cast, "township_office", reverse("home")))


def test_today_by_village(cast: Cast) -> None:
    daily = Kind.objects.get(ground=cast.places[COUNTY], code="daily")
    DayCount.objects.create(village=cast.places[WILLOW], kind=daily, day=TODAY, n_checks=6, n_faulty=2)
    words = plain(ask(cast, "township_office", reverse("home")))
    assert "已查6/14户" in words
    assert "柳树村6/8户" in words
    assert "其中2户次有问题" in words


def test_before_anybody_was_out_yesterday_stands_there(cast: Cast) -> None:
    daily = Kind.objects.get(ground=cast.places[COUNTY], code="daily")
    eve = TODAY - timedelta(days=1)
    DayCount.objects.create(village=cast.places[WILLOW], kind=daily, day=eve, n_checks=7, n_faulty=1)
    words = plain(ask(cast, "township_office", reverse("home")))
    assert "今天已查0/14户0.00%昨天7户，50.00%" in words
    assert "柳树村0/8户昨天7" in words
    assert "昨天已查7户50.00%" in plain(ask(cast, "township_office", reverse("brief", args=(TOWN,))))
    assert "昨天7户，50.00%" in plain(Client().get(reverse("public:screen", args=(COUNTY,))).content.decode())


def test_the_township_sees_its_own_ground_only(cast: Cast) -> None:
    held(cast.places[WILLOW])
    held(cast.places["990100001201"])
    assert "待人工核对1条" in plain(ask(cast, "township_office", reverse("home")))


def test_problems_in_the_data(cast: Cast) -> None:
    cast.household(1).states.all().delete()
    cast.people["P07"].phone = cast.people["P06"].phone
    cast.people["P07"].save()
    LogInTries.objects.create(
        phone=cast.users["bearer"].phone, failures=5, locked_until=timezone.now() + timedelta(hours=1),
        last_at=timezone.now(),
    )  # fmt: skip
    words = plain(ask(cast, "county_office", reverse("home")))
    assert "缺状态的农户1户" in words
    assert "重复的手机号1个" in words
    assert "被锁的账号1个" in words


def test_nothing_to_do_is_said(cast: Cast) -> None:
    assert "现在没有等您办的事" in ask(cast, "village_office", reverse("home"))


def test_each_role_has_its_parts(cast: Cast) -> None:
    found = {
        role: set(re.findall(r'hx-get="/office/part/(\w+)/"', ask(cast, role, reverse("home"))))
        for role in ("county_office", "village_office", "department", "supervisor", "auditor", "keeper", "bearer")
    }
    assert found == {
        "county_office": {"coverage", "goals", "live"},
        "village_office": {"village", "live"},
        "department": {"villages"},
        "supervisor": {"unseen"},
        "auditor": {"closed"},
        "keeper": {"running"},
        "bearer": set(),
    }


@pytest.mark.parametrize(
    ("role", "part", "words"),
    [
        ("county_office", "coverage", "党员包户"),
        ("village_office", "village", "今天还没查的户8户"),
        ("supervisor", "unseen", "本月还有4个村没有查过"),
        ("auditor", "closed", "还没有关账"),
        ("department", "villages", "本单位现在没有包村"),
        ("keeper", "running", "数据库"),
    ],
)
def test_the_parts(cast: Cast, role: str, part: str, words: str) -> None:
    assert words in plain(ask(cast, role, reverse("home_part", args=(part,))))


def test_coverage_follows_an_assignment_at_once(cast: Cast) -> None:
    before = plain(ask(cast, "county_office", reverse("home_part", args=("coverage",))))
    duty = Duty.objects.filter(to_on=None).latest("pk")
    Duty.objects.filter(pk=duty.pk).delete()
    assert plain(ask(cast, "county_office", reverse("home_part", args=("coverage",)))) != before


def test_a_village_without_households_reads_what_it_owes_and_how_it_stands(cast: Cast) -> None:
    publish(cast)
    village = cast.places[STREET_VILLAGE]
    RoleGrant.objects.filter(user=cast.users["village_office"]).update(place=village)
    check(cast, STREET_VILLAGE, 9_000, TODAY, "village_open", "P02")
    words = plain(ask(cast, "village_office", reverse("home_part", args=("village",))))
    assert "今天还没查的户" not in words
    assert "本村要办的" in words
    assert "填报：" in words
    assert "本月本村受检1次" in words
    assert "一村一账" in words


def test_the_live_ranking_shows_one_s_own_ground(cast: Cast) -> None:
    open_periods(TODAY, cast.places[COUNTY].pk)
    sheets = SheetTotal(month=202611, n=1, last_at=NOW)
    sheets.kind = Kind.objects.get(ground=cast.places[COUNTY], code="village_open")
    for code, score in ((WILLOW, 9000), (PEACH, 8000), ("990100001201", 7000)):
        sheets.pk, sheets.subject = None, cast.places[code]
        sheets.total = sheets.lowest = sheets.highest = sheets.last = score
        sheets.save()
    county = plain(ask(cast, "county_office", reverse("home_part", args=("live",))))
    assert county.index("1柳树村90.00") < county.index("2桃花村80.00") < county.index("3桃花村70.00")
    village = plain(ask(cast, "village_office", reverse("home_part", args=("live",))))
    assert "1柳树村90.00" in village
    assert "80.00" not in village
    assert "同类共3个" in village


def test_the_keeper_sees_no_person(cast: Cast) -> None:
    text = ask(cast, "keeper", reverse("home_part", args=("running",))) + ask(
        cast, "keeper", reverse("search"), q="示例户"
    )
    text += ask(cast, "keeper", reverse("search"), q="党员")
    assert "示例户1" not in text
    assert "己党员" not in text


def test_search_finds_on_own_ground_only(cast: Cast) -> None:
    text = plain(ask(cast, "township_office", reverse("search"), q="桃花"))
    assert "东河镇桃花村" in text
    assert "南街街道桃花村" not in text
    assert "没有找到" in ask(cast, "township_office", reverse("search"), q="外村党员")


@pytest.mark.parametrize("asked", ["柳树村 3号", "柳树村3", "柳树 3号", "柳树村，3号"])
def test_search_finds_a_door_by_its_village(cast: Cast, asked: str) -> None:
    text = ask(cast, "village_office", reverse("search"), q=asked)
    assert reverse("desk:detail", args=("household", cast.household(3).pk)) in text
    assert text.count("/desk/household/") == 2  # it, and the menu's
    assert "没有找到" in ask(cast, "bearer", reverse("search"), q=asked)


def test_search_by_phone_tail_shows_masked_phones(cast: Cast) -> None:
    person = cast.people["P06"]
    text = ask(cast, "county_office", reverse("search"), q=person.phone[-4:])
    assert person.name in text
    assert person.phone not in text


def test_a_bearer_finds_no_households_by_name(cast: Cast) -> None:
    assert "示例户" not in ask(cast, "bearer", reverse("search"), q="示例").replace("示例县", "")


def test_the_brief(cast: Cast) -> None:
    words = plain(ask(cast, "county_office", reverse("brief", args=(WILLOW,))))
    assert "示例县东河镇" in words
    assert "在住8户" in words
    assert "还没有公示过的成绩" in words
    words = plain(ask(cast, "county_office", reverse("brief", args=(TOWN,))))
    assert "柳树村" in words
    assert "桃花村" in words


def test_the_log_tells_who_did_what_where(cast: Cast) -> None:
    office = cast.users["county_office"]
    village = cast.places[WILLOW]
    changes.log(office.pk, "period.closed", village, path=village.path, after={"version": 1}, reason="按期")
    changes.log(office.pk, "objection.answered", cast.places[PEACH], path=cast.places[PEACH].path)
    changes.log(None, "user.added", ("people.user", "1"), path=cast.places[OTHER_VILLAGE].path)
    words = plain(ask(cast, "auditor", reverse("change_log")))
    assert "关账东河镇柳树村版本：1按期" in words
    assert "新增账号" not in words
    assert "答复异议东河镇桃花村" in plain(ask(cast, "auditor", reverse("change_log"), noun="objection"))
    narrowed = plain(ask(cast, "auditor", reverse("change_log"), place="柳树村", who="县办", since="2020-01-01"))
    assert "答复异议东河镇" not in narrowed
    assert "没有符合条件" in ask(cast, "auditor", reverse("change_log"), until="2020-01-01")


@pytest.mark.parametrize("role", ["bearer", "department", "supervisor"])
def test_those_without_ground_read_their_own_acts(cast: Cast, role: str) -> None:
    village = cast.places[PEACH]
    changes.log(cast.users[role].pk, "capture.accepted", village, path=village.path, reason="自己办的")
    changes.log(cast.users["county_office"].pk, "period.closed", village, path=village.path, reason="别人办的")
    words = plain(ask(cast, role, reverse("change_log")))
    assert "自己办的" in words
    assert "别人办的" not in words


def test_the_log_is_paged_by_line(cast: Cast) -> None:
    village = cast.places[WILLOW]
    changes.log_many(
        [("place.edited", "places.place", str(n), village.path, None, {"version": n}) for n in range(60)], None
    )
    first = ask(cast, "auditor", reverse("change_log"))
    older = re.search(r'href="([^"]*before=\d+)" rel="next"', first)
    assert older is not None
    client = Client()
    client.force_login(cast.users["auditor"])
    second = client.get(older[1].replace("&amp;", "&")).content.decode()
    assert "版本：9<" in second
    assert "版本：59<" not in second


def test_every_act_in_the_code_has_words() -> None:
    from tests.house.source import modules
    from xiangyue.site.office.acts import words_of

    act = re.compile(r'"([a-z_]+\.(?:[a-z_]+ed|given|made|seen|told|load|state|stand_in|in_force|new_version))"')
    found = {name for module in modules("src") if "log" in module.text for name in act.findall(module.text)}
    assert len(found) > 10
    assert {act for act in found if "办理" in words_of(act) or words_of(act) == "记录"} == set()


@pytest.mark.parametrize("name", ["home", "home_part coverage", "home_part live", "brief", "search", "change_log"])
def test_queries_stay_within_budget(cast: Cast, name: str, django_assert_max_num_queries: Any) -> None:
    held(cast.places[WILLOW])
    on_notice(cast, cast.places[COUNTY])
    open_periods(TODAY, cast.places[COUNTY].pk)
    url, _, part = name.partition(" ")
    args = {"home_part": (part,), "brief": (WILLOW,)}.get(url, ())
    client = Client()
    client.force_login(cast.users["county_office"])
    if name == "home_part live":
        # the month's running figures are made once, when first asked for
        client.get(reverse(url, args=args))
    with django_assert_max_num_queries(60) as taken:
        client.get(reverse(url, args=args), {"q": "村"})
    assert_budget(name, len(taken))
