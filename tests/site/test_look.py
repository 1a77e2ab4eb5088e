"""The look: contrast of the tokens, weight of a public page, pictograms at hand, parts that say what they show."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.template import Context, Template
from django.test import Client, RequestFactory, override_settings

from xiangyue.base.scope import Grant, Scope
from xiangyue.site import context
from xiangyue.site.icons import ICONS, symbol
from xiangyue.site.look import FACES
from xiangyue.site.navigation import Entry
from xiangyue.site.plots import NARROW, plot_spread, plot_trend
from xiangyue.site.staticfiles import FILES, ICON_FOLDER, PACKAGES
from xiangyue.site.tones import STATES

SITE = Path(context.__file__).parent
TOKENS = (SITE / "static/xiangyue/tokens.css").read_text(encoding="utf-8")
MODES = {"light": TOKENS.split(":root {")[1], "dark": TOKENS.split(':root[data-theme="dark"] {')[1].split("}")[0]}
PAIRS = [
    (text, ground)
    for text in ("ink", "ink-2", "ink-3", "bamboo", "cinnabar", "slate", "amber")
    for ground in ("paper", "sheet")
] + [
    ("ink-2", "shade"), ("ink-3", "shade"), ("bamboo", "bamboo-wash"), ("cinnabar", "cinnabar-wash"),
    ("slate", "slate-wash"),
    ("amber", "amber-wash"), ("on-fill", "bamboo-fill"), ("on-fill", "cinnabar-fill"), ("on-fill", "slate-fill"),
]  # fmt: skip
packages = pytest.mark.skipif(not ICON_FOLDER.is_dir(), reason="npm packages are not installed: run make setup")


def luminance(colour: str) -> float:
    """WCAG's relative luminance."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_words_stand_out_from_their_ground(mode: str, text: str, ground: str) -> None:
    tokens = dict(re.findall(r"--([a-z0-9-]+):\s*(#[0-9A-F]{6})", MODES[mode]))
    high, low = sorted((luminance(tokens[text]), luminance(tokens[ground])), reverse=True)
    assert (high + 0.05) / (low + 0.05) >= 4.5


def test_both_dark_modes_are_the_same() -> None:
    wished = TOKENS.split(':root:not([data-theme="light"]) {')[1].split("}")[0]
    assert wished.split() == MODES["dark"].split()


def test_colours_are_named_in_the_tokens_only() -> None:
    allowed = {"#FFFEFB"}
    for sheet in (SITE / "static/xiangyue").glob("*.css"):
        if sheet.name != "tokens.css":
            assert set(re.findall(r"#[0-9A-Fa-f]{3,8}\b", sheet.read_text(encoding="utf-8"))) <= allowed, sheet.name


def used_icons() -> set[str]:
    """The pictograms that templates and states name."""
    found = {state.icon for state in STATES.values()}
    for page in SITE.parent.rglob("templates/**/*.html"):
        found |= set(re.findall(r'{%\s*icon "([a-z0-9-]+)"', page.read_text(encoding="utf-8")))
        found |= set(re.findall(r'\bicon="([a-z0-9-]+)"', page.read_text(encoding="utf-8")))
    return found


def test_every_pictogram_named_is_in_the_sprite() -> None:
    assert used_icons() <= set(ICONS)


def test_an_icon_file_becomes_a_symbol_without_its_frame() -> None:
    svg = '<svg class="icon"\n>\n <path stroke="none" d="M0 0h24v24H0z" fill="none" />\n <path d="M1 1" />\n</svg>'
    assert symbol("x", svg) == '<symbol id="x" viewBox="0 0 24 24"><path d="M1 1" /></symbol>'


@packages
def test_packages_hold_what_the_pages_take() -> None:
    assert all((PACKAGES / source).is_file() for source in FILES.values())
    sprite = finders.find("vendor/icons.svg")
    assert sprite is not None
    assert Path(sprite).read_text(encoding="utf-8").count("<symbol ") == len(ICONS)


@packages
@override_settings(DEMO=True)
def test_a_public_page_weighs_at_most_60_kilobytes(client: Client) -> None:
    page = client.get("/look/", {"face": "public"})
    html = page.content.decode()
    weight = len(gzip.compress(page.content))
    for address in set(re.findall(r'/static/([^"#]+)', html)):
        file = finders.find(address)
        assert file is not None, address
        weight += len(gzip.compress(Path(file).read_bytes()))
    assert weight <= 60 * 1024
    assert not page.cookies
    assert "Cookie" not in page.headers.get("Vary", "")


@override_settings(DEMO=True)
@pytest.mark.parametrize("face", FACES)
def test_every_face_shows_without_inline_script_or_foreign_host(client: Client, face: str) -> None:
    html = client.get("/look/", {"face": face}).content.decode()
    assert not re.findall(r"<script(?![^>]*(?:src=|application/json))", html)
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', html)
    assert not re.findall(r'\son[a-z]+="', html)
    assert "演示数据，名字均为虚构" in html


def test_the_look_is_for_demos_only(client: Client) -> None:
    assert client.get("/look/").status_code == 404


@pytest.mark.parametrize(("told", "words"), [("县整治办 0000-000000", "县整治办 0000-000000"), ("", "12345")])
def test_complaints_are_open_to_everyone_and_name_a_way(client: Client, told: str, words: str) -> None:
    with override_settings(COMPLAINTS_TO=told):
        page = client.get("/complaints/")
    assert words in page.content.decode()
    assert not page.cookies


@override_settings(DEMO=True)
@pytest.mark.parametrize("face", FACES)
def test_every_face_leads_to_complaints(client: Client, face: str) -> None:
    assert ('href="/complaints/"' in client.get("/look/", {"face": face}).content.decode()) == (face != "screen")


@override_settings(DEMO=True)
def test_large_type_needs_no_script(client: Client) -> None:
    assert 'data-type="large"' in client.get("/look/", {"face": "public", "type": "large"}).content.decode()


def shown(source: str, **values: object) -> str:
    """What a piece of template shows, as words only."""
    html = Template("{% load look %}" + source).render(Context(values))
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", html))


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("{{ 8750|score }}", "87.50"),
        ("{{ none|score }}", "—"),
        ("{{ 150|signed }}{{ -50|signed }}{{ 0|signed }}", "+1.50−0.500.00"),
        ("{{ 31490|grouped }}", "31,490"),
        ("{{ 37761|percent:37778 }}", "99.96%"),
        ("{{ 1|percent:0 }}", "—"),
        ("{{ 12000|width:10000 }}{{ none|width:10000 }}", "100%0%"),
        ('{% stat "已查" 1200 "户" delta=-30 %}', "已查1,200户比上月降30"),
        ('{% stat "平均" 8958 "分" scale="score" delta=0 since="比昨天" %}', "平均89.58分比昨天持平"),
        ('{% stat "平均" none "分" scale="score" delta=none %}', "平均—分没有上期的数可比"),
        ('{% state "red" %}{% state "gap" "缺人" %}{% state "unheard" %}', "红榜缺人unheard"),
        ('{% mark "red" %}{% mark "black" %}{% mark "" %}', "红黑"),
        ('{% progress 3 4 "已查" "户" %}', "已查3/4户75.00%"),
    ],
)
def test_parts_say_what_they_show(source: str, words: str) -> None:
    assert shown(source, none=None) == words


def test_falling_is_good_where_less_is_better() -> None:
    html = Template('{% load look %}{% stat "缺口" 17 delta=-9 good="down" %}').render(Context())
    assert "y-told-good" in html


def test_what_people_typed_is_escaped() -> None:
    html = Template("{% load look %}{% notice %}{{ name }}{% endnotice %}{% panel title=name %}{% endpanel %}").render(
        Context({"name": "<b>"})
    )
    assert "<b>" not in html


def test_a_sum_leaves_out_what_is_missing() -> None:
    parts = [{"name": "甲", "weight": 60, "value": 9012}, {"name": "乙", "weight": 40, "value": None}]
    total = {"parts": parts, "divisor": 60, "result": 9012, "final": None}
    words = shown('{% include "site/parts/sum.html" %}', sum=total)
    assert words.startswith("(60×90.12)÷60=90.12")


def test_a_sum_whose_first_part_is_missing_begins_with_the_next() -> None:
    parts = [{"name": "月评查", "weight": 70, "value": None}, {"name": "日检查", "weight": 30, "value": 9600}]
    words = shown(
        '{% include "site/parts/sum.html" %}', sum={"parts": parts, "divisor": 30, "result": 9600, "final": None}
    )
    assert words.startswith("(30×96.00)÷30=96.00")


def test_a_line_breaks_where_a_month_is_missing() -> None:
    trend = plot_trend([("1月", 8000), ("2月", 8100), ("3月", None), ("4月", 8300), ("5月", 8200)], floor=8000)
    assert len(trend.lines) == 2
    assert [dot.label for dot in trend.missing] == ["3月"]
    assert trend.words == "1月 80.00，2月 81.00，3月 无，4月 83.00，5月 82.00"
    assert trend.dots[2].y < trend.dots[1].y
    assert not plot_trend([("1月", None)]).dots


def test_a_narrow_line_names_fewer_months_but_always_the_last() -> None:
    points = [(f"{month}月", 8000 + month) for month in range(1, 13)]
    narrow = plot_trend(points, wide=NARROW)
    assert narrow.dots[-1].named
    assert narrow.dots[-1].told
    assert sum(dot.named for dot in narrow.dots) < 12
    assert all(0 <= dot.x <= NARROW for dot in narrow.dots)


def test_dots_of_a_strip_never_cover_each_other() -> None:
    strip = plot_spread([(f"村{i}", 8000 + i % 7 * 90) for i in range(92)], own="村3")
    assert len({(dot.x, dot.y) for dot in strip.dots}) == 92
    assert [dot.label for dot in strip.dots if dot.own] == ["村3"]
    assert all(dot.y >= 0 for dot in strip.dots)
    assert not plot_spread([]).dots


def test_ways_are_hidden_without_role_or_address(monkeypatch: pytest.MonkeyPatch) -> None:
    request = RequestFactory().get("/office/")
    request.scope = Scope(1, 1, (Grant("keeper", ""),))  # type: ignore[attr-defined]
    ways = [way for group in context.office_ways(request) for way in group.ways]
    assert [way.current for way in ways if way.url == "/office/"] == [True]
    request.scope = Scope()  # type: ignore[attr-defined]
    assert context.office_ways(request) == ()
    assert context.address("no-such-address") == ""
    assert context.address("desk:list", ("no-such-desk",)) == ""
    monkeypatch.setattr(context, "PUBLIC", (Entry("无", "no-such-address", "home"),))
    assert context.navigation(request)["demo"] is False


@pytest.mark.parametrize(
    "role", ["county_office", "township_office", "village_office", "bearer", "auditor", "department"]
)
@pytest.mark.parametrize("path", ["/office/", "/schemes/", "/problems/", "/inspections/"])
def test_every_heading_of_the_menu_is_in_view_and_ones_own_group_is_open(role: str, path: str) -> None:
    request = RequestFactory().get(path)
    request.scope = Scope(1, 1, (Grant(role, "990100/"),))  # type: ignore[attr-defined]
    groups = context.office_ways(request)
    rows = sum((len(group.ways) if group.is_open else 0) + bool(group.label) for group in groups)
    assert rows <= context.ROWS
    assert all(group.is_open for group in groups if any(way.current for way in group.ways))
    assert any(group.is_open for group in groups if group.label)
