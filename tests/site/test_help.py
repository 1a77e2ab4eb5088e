"""The instructions: open to everyone, linked from every face that works, and true to the names on the other pages."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from django.urls import reverse

from xiangyue.site import context

if TYPE_CHECKING:
    from tests.cast import Cast

SOURCE = Path(context.__file__).parents[1]
PAGE = SOURCE / "site" / "templates" / "site" / "help.html"
ANCHORS = ("county", "township", "village", "bearer", "supervisor", "department", "auditor", "villager")
SHEET = re.compile(r"{% panel [^%]*key=\"(?P<key>[\w-]+)\" %}(?P<body>.*?){% endpanel %}", re.DOTALL)
QUOTED = re.compile(r"""(?:translate |_\()(?P<quote>["'])(?P<words>.+?)(?P=quote)""")
BLOCK = re.compile(r"{% blocktranslate[^%]*%}(?P<words>.*?)(?:{% plural %}.*?)?{% endblocktranslate %}", re.DOTALL)
FULL = str.maketrans(",:;()?", "\uff0c\uff1a\uff1b\uff08\uff09\uff1f")


def plain(words: str) -> str:
    """A label with full-width marks and … in place of what the page fills in; what is counted are households."""
    return re.sub(r"{{.*?}}", "…", words.replace("{{ unit }}", "户")).translate(FULL)


def labels() -> set[str]:
    """Every label of the product that can be read on a page, but for those of the instructions themselves."""
    found: set[str] = set()
    for path in SOURCE.rglob("*"):
        if path.suffix in {".html", ".py"} and path != PAGE:
            text = path.read_text(encoding="utf-8")
            found |= {plain(match["words"]) for match in QUOTED.finditer(text)}
            found |= {plain(match["words"]) for match in BLOCK.finditer(text)}
    return found


def named() -> list[str]:
    """The names of menus, buttons and sheets in the instructions."""
    return re.findall(r"<b>(.+?)</b>", PAGE.read_text(encoding="utf-8"))


def test_every_name_in_the_instructions_stands_on_a_page() -> None:
    names = named()
    assert len(set(names)) > 50
    assert sorted(set(names) - labels()) == []


def test_a_name_that_is_nowhere_would_be_found_out() -> None:
    assert "关帐按钮" not in labels()
    assert {"预览和关账", "窗口代录", "其余 … 户全部正常"} <= labels()


def test_each_kind_of_user_has_four_to_seven_steps() -> None:
    sheets = {match["key"]: match["body"] for match in SHEET.finditer(PAGE.read_text(encoding="utf-8"))}
    assert set(ANCHORS) | {"log-in", "month"} == set(sheets)
    assert all(4 <= sheets[key].count("<li>") <= 7 for key in ANCHORS)
    assert re.findall(r"<h3>.*?\"(\w+)\"", sheets["month"]) == [
        "登记", "方案", "包保", "日检查", "检查录入", "关账", "公示", "生效",
    ]  # fmt: skip


def test_chinese_takes_full_width_marks() -> None:
    assert re.findall(r"[\u4e00-\u9fff][,;:?!]|[\u4e00-\u9fff]\(", PAGE.read_text(encoding="utf-8")) == []


@pytest.mark.django_db
def test_everyone_reads_them_without_a_cookie(client: Client) -> None:
    answer = client.get("/help/")
    text = answer.content.decode()
    assert answer.status_code == 200
    assert not answer.cookies
    assert all(f'id="{key}"' in text and f'href="#{key}"' in text for key in ANCHORS)
    assert len(answer.content) < 40_000
    assert 'data-type="large"' in client.get("/help/?type=large").content.decode()


@pytest.mark.parametrize(
    ("role", "name"), [("county_office", "home"), ("department", "home"), ("bearer", "field:me"), (None, "login")]
)
def test_every_face_leads_to_them(cast: Cast, role: str | None, name: str) -> None:
    client = Client()
    if role:
        client.force_login(cast.users[role])
    assert 'href="/help/' in client.get(reverse(name)).content.decode()


@pytest.mark.parametrize(("role", "there"), [("village_office", True), ("township_office", True), ("bearer", False)])
def test_recording_for_others_stands_in_the_menu_of_the_offices(cast: Cast, role: str, there: bool) -> None:
    client = Client()
    client.force_login(cast.users[role])
    page = client.get(reverse("home")).content.decode()
    assert (f'href="{reverse("field:counter")}"' in page) == there
