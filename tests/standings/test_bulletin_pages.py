"""The pages of the chain and of bulletins: from the chain to an issued one, who reads it, what is asked for on the home page."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from docx import Document

from tests.budgets import assert_budget
from tests.cast import COUNTY, NOW, OTHER_COUNTY, OTHER_TOWN, PEACH, TODAY, TOWN, WILLOW, Cast
from tests.cast import place as put_place
from tests.standings.bulletins import KEY, browser, counted, draft_of, issued, october
from xiangyue.agreements.in_force import digest_of as text_digest
from xiangyue.agreements.models import SchemeVersion
from xiangyue.base.models import Change
from xiangyue.places import folding
from xiangyue.places.models import Level
from xiangyue.site.office.needs_bulletins import bulletin_due, bulletins_to_read
from xiangyue.standings.bulletins import acts
from xiangyue.standings.bulletins.models import Bulletin, BulletinRead

pytestmark = pytest.mark.django_db
State = Bulletin.State


@pytest.fixture
def stage(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Cast:
    """October made by hand; the pages are opened on the day of the cast."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    return october(cast)


def test_an_office_goes_from_the_chain_to_an_issued_bulletin(stage: Cast) -> None:
    client = browser(stage, "township_office")
    page = client.get(reverse("bulletins:chain"), {"month": KEY})
    assert "写这个月的通报" in page.content.decode()
    answer = client.post(reverse("bulletins:begin", args=(TOWN,)), {"month": KEY}, follow=True)
    text = answer.content.decode()
    assert "柳树村" in text
    assert "草稿" in text
    (row,) = Bulletin.objects.all()
    said = {"act": "write", "opening": "现通报如下。", "closing": "完。", "section": ["daily", "problems"]}
    written = client.post(reverse("bulletins:act", args=(row.pk,)), said, follow=True)
    wrong = client.post(reverse("bulletins:act", args=(row.pk,)), said | {"closing": "问13900001234"})
    assert wrong.status_code == 422
    assert "有电话号码" in wrong.content.decode()
    assert "问13900001234" in wrong.content.decode()
    client.post(reverse("bulletins:act", args=(row.pk,)), {"act": "issue", "seen": written.context["mark"]})
    done = client.get(reverse("bulletins:bulletin", args=(row.pk,))).content.decode()
    assert "东河镇通报〔2026〕第1期" in done
    assert "现通报如下。" in done
    assert "各村看了没有" in done
    after = client.get(reverse("bulletins:chain"), {"month": KEY}).content.decode()
    assert "写这个月的通报" not in after
    assert "已印发东河镇通报〔2026〕第1期" in after


def test_drafts_are_their_offices_alone(stage: Cast) -> None:
    row = draft_of(stage)
    url = reverse("bulletins:bulletin", args=(row.pk,))
    for name, status in (("township_office", 200), ("county_office", 200), ("village_office", 404), ("auditor", 404)):
        assert browser(stage, name).get(url).status_code == status, name
    assert "草稿" not in browser(stage, "village_office").get(reverse("bulletins:chain")).content.decode()
    assert browser(stage, "village_office").get(reverse("bulletins:word", args=(row.pk,))).status_code == 404


def test_a_village_is_told_opens_it_and_that_is_noted_once(stage: Cast) -> None:
    row = issued(stage)
    willow, peach = stage.places[WILLOW], stage.places[PEACH]
    for place in (willow, peach):
        need = bulletins_to_read((place.path,), row.issued_at.date() if row.issued_at else TODAY)
        assert need is not None
        assert "东河镇通报〔2026〕第1期已发，请看" in need.words
    assert "通报请看" in browser(stage, "village_office").get(reverse("home")).content.decode()
    url = reverse("bulletins:bulletin", args=(row.pk,))
    browser(stage, "township_office").get(url)
    assert not BulletinRead.objects.exists()
    text = browser(stage, "village_office").get(url).content.decode()
    assert "日检查 29/31 天" in text
    browser(stage, "village_office").get(url)
    assert [read.place.code for read in BulletinRead.objects.select_related("place")] == [WILLOW]
    assert bulletins_to_read((willow.path,), TODAY) is None
    assert bulletins_to_read((peach.path,), TODAY) is not None
    told = browser(stage, "township_office").get(url).context["readers"]
    assert (told.n, told.read, told.unread) == (3, ("柳树村",), ("河畔社区", "桃花村"))


def test_a_withdrawn_or_old_one_is_nobodys_to_read_still(stage: Cast) -> None:
    row = issued(stage)
    assert bulletins_to_read((stage.places[WILLOW].path,), TODAY + timedelta(days=90)) is None
    acts.withdraw_bulletin(None, row, "有误", now=NOW)
    assert bulletins_to_read((stage.places[WILLOW].path,), TODAY) is None


def test_the_word_file_tells_what_the_page_tells_and_is_logged(stage: Cast) -> None:
    row = issued(stage)
    answer = browser(stage, "village_office").get(reverse("bulletins:word", args=(row.pk,)))
    file = Document(BytesIO(answer.content))
    text = "\n".join(one.text for one in file.paragraphs)
    assert "东河镇关于2026年10月工作情况的通报" in text
    assert "一、日检查" in text
    assert "五、红黑榜" in text
    cells = [[cell.text for cell in line.cells] for line in file.tables[0].rows]
    assert ["柳树村", "31", "29", "58", "1", "1/1"] in cells
    assert file.core_properties.author == "东河镇"
    assert Change.objects.filter(act="bulletin.exported").count() == 1
    paper = browser(stage, "village_office").get(reverse("bulletins:paper", args=(row.pk,))).content.decode()
    assert "东河镇关于2026年10月工作情况的通报" in paper


def test_last_months_is_asked_for_from_the_day_that_the_scheme_sets(stage: Cast) -> None:
    county = stage.places[COUNTY]
    fifth = date(2026, 11, 5)
    assert bulletin_due((county.path,), fifth) is None
    version = SchemeVersion.objects.get(ground=county)
    version.text += '\n[bulletin]\nby_day = 5\nname = "月通报"\n'
    version.digest = text_digest(version.text)
    version.save()
    assert bulletin_due((county.path,), date(2026, 11, 4)) is None
    need = bulletin_due((county.path,), fifth)
    assert need is not None
    assert "2026年10月的月通报该在本月5日前发" in need.words
    # a township under a county's scheme may send its own, and nobody asks it to
    assert bulletin_due((stage.places[TOWN].path,), fifth) is None
    acts.issue_bulletin(None, draft_of(stage, COUNTY), today=TODAY, now=NOW)
    assert bulletin_due((county.path,), fifth) is None


def test_a_scheme_that_came_after_the_month_asks_for_nothing_of_it(stage: Cast) -> None:
    version = SchemeVersion.objects.get(ground=stage.places[COUNTY])
    version.text += "\n[bulletin]\nby_day = 5\n"
    version.digest, version.from_on = text_digest(version.text), date(2026, 11, 1)
    version.save()
    assert bulletin_due((stage.places[COUNTY].path,), TODAY) is None
    assert bulletin_due((stage.places[COUNTY].path,), date(2026, 12, 6)) is not None


def test_other_grounds_are_not_there(stage: Cast) -> None:
    row = issued(stage, OTHER_TOWN)
    client = browser(stage, "township_office")
    for name in ("bulletin", "paper", "word"):
        assert client.get(reverse(f"bulletins:{name}", args=(row.pk,))).status_code == 404
    assert client.get(reverse("bulletins:chain"), {"place": OTHER_COUNTY}).status_code == 404


def test_the_pages_take_no_more_queries_for_more_villages(stage: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folding, "OPENED", 10)
    done, draft = issued(stage), draft_of(stage, key="2026-09")
    client = browser(stage, "county_office")

    def taken(name: str, *args: Any, **query: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(reverse(f"bulletins:{name}", args=args), query)
        assert answer.status_code == 200
        return len(queries)

    def measured() -> dict[str, int]:
        return {
            "bulletins:chain": taken("chain", month=KEY),
            "bulletins:bulletin": max(taken("bulletin", done.pk), taken("bulletin", draft.pk)),
            "bulletins:paper": max(taken("paper", done.pk), taken("paper", draft.pk)),
            "bulletins:word": max(taken("word", done.pk), taken("word", draft.pk)),
        }

    measured()  # what a process keeps is loaded once
    few = measured()
    for n in range(30):
        code = f"9901001003{n:02d}"
        put_place(stage, code, f"示例{n}村", Level.VILLAGE, TOWN, "village")
        counted(stage, code, date(2026, 10, 3))
    assert measured() == few
    text = client.get(reverse("bulletins:chain"), {"month": KEY}).content.decode()
    assert "示例29村" in text
    assert '<details class="y-part">' in text
    for name, count in few.items():
        assert_budget(name, count)


def test_a_month_that_is_none_or_to_come_is_the_running_one(stage: Cast) -> None:
    client = browser(stage, "village_office")
    for typed in ("", "2026-13", "garbage", "2031-01"):
        page = client.get(reverse("bulletins:chain"), {"month": typed})
        assert page.context["span"].key == "2026-11"
        assert page.context["place"].code == WILLOW
