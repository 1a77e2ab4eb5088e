"""A county not among the five makes its scheme in the pages alone, publishes it, and closes a month with it."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.agreements.forms import add_line, add_page, fill
from tests.cast import OTHER_COUNTY, OTHER_TOWN, OTHER_VILLAGE, TODAY, Cast, place
from xiangyue.agreements.models import SchemeVersion
from xiangyue.places.models import HouseholdState, Level, PlaceClass
from xiangyue.schemes import dump, load
from xiangyue.standings.actions.closing import close_period
from xiangyue.standings.models import BoardList, Result

pytestmark = pytest.mark.django_db
FROM = date(2026, 11, 1)


@pytest.fixture
def clerk(cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch) -> Client:
    """The clerk of 西岭县, which has no scheme yet; it is the cast's day."""
    monkeypatch.setattr(timezone, "localdate", lambda *args, **kwargs: TODAY)
    SchemeVersion.objects.filter(ground__code=OTHER_COUNTY).delete()
    client.force_login(cast.users["other_county_office"])
    return client


@pytest.fixture
def draft(clerk: Client) -> SchemeVersion:
    """A scheme that says nothing yet, begun on the page."""
    address, told = reverse("agreements:begin"), {"ground": OTHER_COUNTY, "pack": "", "code": "xiling"}
    assert "空白方案要有名称" in clerk.post(address, told).content.decode()
    assert clerk.post(address, {**told, "name": "西岭县村庄清洁"}).status_code == 302
    return SchemeVersion.objects.get(ground__code=OTHER_COUNTY, state="draft")


def test_an_empty_scheme_says_what_it_lacks_before_it_is_published(clerk: Client, draft: SchemeVersion) -> None:
    page = clerk.get(reverse("agreements:publish", args=[draft.pk])).content.decode()
    assert "还没有写：</b>谁包谁、查什么、谁来查、怎么算分。照这样发布" in page.replace("</strong>", "</b>").replace(
        " ", ""
    )
    duties_and_standards(clerk, draft)
    assert "还没有写：" in (page := clerk.get(reverse("agreements:publish", args=[draft.pk])).content.decode())
    assert "在“减负上限”里写上限" in page
    assert "谁包谁" not in page.partition("还没有写：")[2].partition("照这样发布")[0]


def duties_and_standards(clerk: Client, draft: SchemeVersion) -> None:
    """Who answers for whom, what is looked at, and who looks."""
    layer = add_page(clerk, draft, "layers", "layers", {
        "name": "党员包户", "code": "members", "bearer": "person", "target": "household", "posts": ["member"],
        "cadence": "1", "cadence.every": "week", "cadence.per": "bearer",
    })  # fmt: skip
    add_line(clerk, draft, layer, f"{layer}.tasks", {"name": "看门前三包"})
    for code, level in (("yard", "household"), ("look", "village")):
        standard = add_page(
            clerk, draft, "standards", "standards", {"name": f"{code}标准", "code": code, "subject": level}
        )
        add_line(clerk, draft, standard, f"{standard}.areas", {"name": "卫生"})
        item = add_page(clerk, draft, standard, f"{standard}.areas[0].items", {
            "name": "无乱堆乱放", "kind": "deduct", "points": "10",
        })  # fmt: skip
        add_line(clerk, draft, item, f"{item}.steps", {"name": "乱堆乱放", "amount": "2.5"})
        grade = add_page(
            clerk, draft, standard, f"{standard}.areas[0].items", {"name": "整体面貌", "kind": "grade", "points": "5"}
        )
        add_line(clerk, draft, grade, f"{grade}.grades", {"name": "好", "points": "5"})
        add_line(clerk, draft, grade, f"{grade}.grades", {"name": "差", "points": "1"})
    add_page(clerk, draft, "check_kinds", "check_kinds", {
        "name": "每周查户", "code": "weekly", "subject": "household", "standard": "yard", "layers": ["members"],
        "self_check": ["0", "1"],
    })  # fmt: skip
    add_page(clerk, draft, "check_kinds", "check_kinds", {
        "name": "县里抽查", "code": "spot", "subject": "village", "standard": "look",
    })  # fmt: skip


def figures_and_lists(clerk: Client, draft: SchemeVersion) -> None:
    """How subjects get figures, and what follows from them."""
    add_line(clerk, draft, "categories", "categories", {"name": "村", "code": "villages", "level": "village"})
    add_line(clerk, draft, "categories", "categories", {"name": "农户", "code": "homes", "level": "household"})
    for code, level, parts in (
        ("home_month", "household", (("weekly", "每周查户", "100"),)),
        ("village_month", "village", (("spot", "县里抽查", "60"), ("homes", "农户平均", "40"))),
    ):
        composite = add_page(clerk, draft, "composites", "composites", {
            "name": f"{code}得分", "code": code, "level": level, "period": "month",
        })  # fmt: skip
        for part, name, weight in parts:
            source = (
                {"source.kind": "children", "source.level": "household", "source.share": "50"}
                if part == "homes"
                else {"source.kind": "sheets", "source.check_kind": part}
            )
            said = {"name": name, "code": part, "weight": weight, **source}
            add_page(clerk, draft, composite, f"{composite}.components", said)
    add_page(clerk, draft, "boards", "boards", {
        "name": "村红黑榜", "code": "villages", "composite": "village_month", "group": "county", "public": "named",
        "red.limit": "90", "red.n": "1", "black.limit": "70", "black.n": "1",
    })  # fmt: skip
    add_line(clerk, draft, "rankings", "rankings", {
        "name": "村排名", "code": "villages", "composite": "village_month", "group": "county",
    })  # fmt: skip
    rating = add_page(clerk, draft, "ratings", "ratings", {
        "name": "村星级", "code": "stars", "mode": "bands", "composite": "village_month", "period": "month",
    })  # fmt: skip
    for stars, floor in (("1", "60"), ("2", "80"), ("3", "90")):
        add_line(clerk, draft, rating, f"{rating}.bands", {"stars": stars, "floor": floor})
    add_line(clerk, draft, "stages", "stages", {"name": "干净", "code": "clean"})
    fill(clerk, draft, "", {"notice.days": "7", "standing": "示例,非官方"})


def register(cast: Cast) -> None:
    """Five villages in all, three homes each: enough for a board."""
    for number in range(2, 6):
        code = f"{OTHER_TOWN}20{number}"
        place(cast, code, f"第{number}村", Level.VILLAGE, OTHER_TOWN, PlaceClass.VILLAGE)
        for home in range(1, 4):
            row = place(cast, f"{code}-H{home:05d}", f"{home}号", Level.HOUSEHOLD, code)
            HouseholdState.objects.create(place=row, state="living", from_on=date(2026, 1, 1))


def sheets(cast: Cast, version: SchemeVersion) -> None:
    """The county's own sheets of the month, a worse one for each further village."""
    from xiangyue.captures.models import Capture
    from xiangyue.checks.models import Check, Kind

    kind = Kind.objects.create(ground=version.ground, scheme="xiling", code="spot", name="县里抽查", level="village")
    villages = sorted(
        code for code, row in cast.places.items() if row.level == "village" and code.startswith(OTHER_TOWN)
    )
    for number, code in enumerate(villages):
        at = datetime(2026, 11, 10, 2, number, tzinfo=UTC)
        capture = Capture.objects.create(
            uuid=f"00000000-0000-7000-8000-{number:012d}", kind="checks", place=cast.places[code], made_at=at,
            received_at=at, body={}, channel="office", digest=f"{number:064d}",
        )  # fmt: skip
        Check.objects.create(
            ground=version.ground, kind=kind, subject=cast.places[code], inspector=cast.people["P01"],
            scheme_version=version, capture=capture, day=at.date(), month=202611, made_at=at, score=9500 - 800 * number,
        )  # fmt: skip


def test_a_sixth_countys_scheme_is_made_published_and_closed_with(
    cast: Cast, clerk: Client, draft: SchemeVersion
) -> None:
    duties_and_standards(clerk, draft)
    figures_and_lists(clerk, draft)
    scheme = load(draft.text)
    assert load(dump(scheme)) == scheme
    assert clerk.get(reverse("agreements:read", args=[draft.pk])).status_code == 200
    told = {"from_on": FROM.isoformat(), "read": "on"}
    published = clerk.post(reverse("agreements:publish", args=[draft.pk]), told)
    assert published.status_code == 302, published.context["form"].errors
    version = SchemeVersion.objects.get(pk=draft.pk)
    assert (version.state, version.code, version.from_on) == ("published", "xiling", FROM)
    register(cast)
    sheets(cast, version)
    closing = close_period(None, version.ground, "2026-11", now=datetime(2026, 12, 2, tzinfo=UTC))
    rows = Result.objects.filter(standing__closing=closing, standing__composite="village_month").order_by("rank")
    assert [(row.result, row.rank) for row in rows] == [(9500, 1), (8700, 2), (7900, 3), (7100, 4), (6300, 5)]
    board = BoardList.objects.get(standing__closing=closing)
    listed = {entry.side: entry.subject.code for entry in board.entries.select_related("subject")}
    assert listed == {"red": OTHER_VILLAGE, "black": f"{OTHER_TOWN}205"}


def test_a_pack_is_taken_over_under_the_countys_own_name_and_code(clerk: Client) -> None:
    told = {"ground": OTHER_COUNTY, "pack": "tumen", "name": "西岭县“333”", "code": "xiling333"}
    assert clerk.post(reverse("agreements:begin"), told).status_code == 302
    scheme = load(SchemeVersion.objects.get(ground__code=OTHER_COUNTY, state="draft").text)
    assert (scheme.code, scheme.name, scheme.ground) == ("xiling333", "西岭县“333”", OTHER_COUNTY)
