"""Schemes on forms: every place has a page, nothing typed is lost, rows are added, moved, copied and taken away."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.agreements.forms import add_line, add_page, fill, posted, sheet_at
from tests.budgets import assert_budget
from tests.cast import Cast
from xiangyue.agreements.draft_models import FormerText
from xiangyue.agreements.editing import Sheet
from xiangyue.agreements.filling import filled
from xiangyue.agreements.language import slots
from xiangyue.agreements.models import SchemeVersion
from xiangyue.agreements.tree import raw_of, read_text, understand
from xiangyue.rules.settings import Scheme
from xiangyue.schemes import dump, load, pack, pack_names
from xiangyue.schemes.errors import Path, show_path
from xiangyue.schemes.keys import KEYS

pytestmark = pytest.mark.django_db
State = SchemeVersion.State


@pytest.fixture
def office(cast: Cast, client: Client) -> Client:
    """The county's clerk at the desk."""
    client.force_login(cast.users["county_office"])
    return client


@pytest.fixture
def draft(cast: Cast, office: Client) -> SchemeVersion:
    """A draft begun from the version in force."""
    assert cast.scheme
    office.post(reverse("agreements:draft", args=[cast.scheme.pk]))
    return SchemeVersion.objects.get(state=State.DRAFT)


def places(row: Any, path: Path = ()) -> Iterator[Path]:
    """Every place of a scheme: itself, its lists, their rows."""
    yield path
    for slot in slots(type(row)):
        if slot.kind == "rows":
            yield (*path, slot.name)
            for at, one in enumerate(getattr(row, slot.name)):
                yield from places(one, (*path, slot.name, at))


PACKS = {name: pack(name) for name in pack_names()}
PLACES = [(name, path) for name, scheme in PACKS.items() for path in places(scheme)]


@pytest.mark.parametrize("name", pack_names())
def test_plain_values_say_the_same_scheme(name: str) -> None:
    reading = understand(raw_of(PACKS[name]))
    assert (reading.scheme, reading.unread, reading.senseless) == (PACKS[name], (), ())


def test_every_field_of_the_language_stands_on_some_form() -> None:
    for cls in KEYS:
        assert [slot.name for slot in slots(cls)] == list(KEYS[cls])
        for slot in slots(cls):
            assert slot.kind != "rows" or slot.cls in KEYS


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(PLACES))
def test_a_page_saved_as_it_stands_changes_nothing(place: tuple[str, Path]) -> None:
    name, path = place
    sheet = sheet_at(PACKS[name], show_path(path))
    done = filled(PACKS[name], sheet, posted(sheet, {}))
    assert done.text is not None, done.errors
    assert load(done.text) == PACKS[name]


def is_number(text: str) -> bool:
    """Whether it is shown again as a number, which has many spellings."""
    try:
        return Decimal(text.strip() or "0").is_finite()
    except InvalidOperation:
        return False


TYPED = st.one_of(
    st.sampled_from(
        ["", " ", "0", "1", "7", "12.5", "-3", "99.999", "三十", "a_b", "90，80", "60 80\n70 90", "1e3", "１２"]
    ),
    st.text(alphabet=st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=12),
)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_whatever_is_typed_is_saved_right_or_told_at_its_field_and_kept(data: st.DataObject) -> None:
    name, path = data.draw(st.sampled_from(PLACES))
    sheet = sheet_at(PACKS[name], show_path(path))
    typed = [one for one in sheet.inputs if one.slot.kind not in ("yes", "picks")]
    if not typed:
        return
    one = data.draw(st.sampled_from(typed))
    text = data.draw(
        st.sampled_from([value for value, _words in one.choices] or [""]) if one.slot.kind == "choice" else TYPED
    )
    query = posted(sheet, {})
    query[one.key] = text
    done = filled(PACKS[name], sheet, query)
    if done.text is not None:
        reading = read_text(done.text)
        assert reading.unread == ()
        assert dump(reading.scheme) == done.text
        return
    told = {field.key: field for field in done.sheet.inputs}
    assert told[one.key].error
    if not is_number(text) and one.slot.kind not in ("pairs", "words", "numbers"):
        assert told[one.key].value == text.strip()
    others = {field.key: field.value for field in sheet.inputs if field.key != one.key}
    assert {key: told[key].value for key in others} == others


def test_a_form_changes_names_points_weights_and_floors(office: Client, draft: SchemeVersion) -> None:
    fill(office, draft, "standards[0]", {"standards[0].areas[0].items[0].name": "垃圾分好类"})
    fill(office, draft, "composites[1]", {"composites[1].components[0].weight": "35"})
    fill(office, draft, "layers[3]", {"layers[3].cadence.every": "week", "layers[3].cadence.times": "2"})
    fill(office, draft, "boards[0]", {"boards[0].red.limit": "96.5", "boards[0].pool_min": "8"})
    new = load(draft.text)
    assert new.standards[0].areas[0].items[0].name == "垃圾分好类"
    assert new.composites[1].components[0].weight == 35
    assert new.layers[3].cadence
    assert (new.layers[3].cadence.every, new.layers[3].cadence.times) == ("week", 2)
    assert (new.boards[0].red.limit, new.boards[0].pool_min) == (9650, 8)


def test_only_what_was_posted_changes(office: Client, draft: SchemeVersion) -> None:
    before = load(draft.text)
    told = {"at": "boards[0]", "base": draft.digest, "boards[0].pool_min": "9"}
    assert office.post(reverse("agreements:form", args=[draft.pk]), told).status_code == 302
    after = load(SchemeVersion.objects.get(pk=draft.pk).text)
    assert after.boards[0].pool_min == 9
    assert (after.layers, after.standards, after.boards[1:]) == (before.layers, before.standards, before.boards[1:])


@pytest.mark.parametrize(
    ("at", "key", "value", "words"),
    [
        ("composites[1]", "composites[1].components[0].weight", "三十", "应是整数"),
        ("composites[1]", "composites[1].components[0].weight", "1.5", "应是整数"),
        ("composites[1]", "composites[1].components[0].weight", "", "请填写“权重”"),
        ("boards[0]", "boards[0].red.limit", "96.555", "超过两位小数"),
        ("boards[0]", "boards[0].red.limit", "120", "不能是 120"),
        ("boards[0]", "boards[0].name", " ", "请填写“名称”"),
        ("boards[0]", "boards[0].code", "红 榜", "写法不对"),
        ("boards[0]", "boards[0].group", "", "请选择“分组”"),
    ],
)
def test_a_wrong_field_is_told_beside_it(
    office: Client, draft: SchemeVersion, at: str, key: str, value: str, words: str
) -> None:
    told = {"at": at, "base": draft.digest, key: value, f"{at}.name" if value.strip() else "x": "新名"}
    page = office.post(reverse("agreements:form", args=[draft.pk]), told).content.decode()
    assert f'id="{key}-error"' in page
    assert words in page
    assert "您填的都还在" in page
    assert "新名" in page or not value.strip()
    assert SchemeVersion.objects.get(pk=draft.pk).text == draft.text


def test_what_makes_no_sense_yet_is_saved_and_told_where_it_stands(office: Client, draft: SchemeVersion) -> None:
    n = len(load(draft.text).standards)
    place = add_page(office, draft, "standards", "standards", {"name": "道路标准", "subject": "village"})
    assert place == f"standards[{n}]"
    page = office.get(reverse("agreements:form", args=[draft.pk]), {"at": place}).content.decode()
    assert "没有考核项" in page
    elsewhere = office.get(reverse("agreements:form", args=[draft.pk]))
    assert any("没有考核项" in words and at == place for words, _where, at in elsewhere.context["elsewhere"])
    assert office.get(reverse("agreements:read", args=[draft.pk])).status_code == 200
    assert "草稿里还有错" in office.get(reverse("agreements:publish", args=[draft.pk])).content.decode()


def test_rows_are_added_moved_copied_and_taken_away(office: Client, draft: SchemeVersion) -> None:
    items, steps = "standards[0].areas[0].items", "standards[0].areas[0].items[3].steps"
    said = {"name": "门前无积雪", "kind": "deduct", "points": "2"}
    assert add_page(office, draft, "standards[0]", items, said) == f"{items}[3]"
    add_line(office, draft, f"{items}[3]", steps, {"name": "积雪没有清", "amount": "1", "unit": "处"})
    fill(office, draft, "standards[0]", do=f"up:{items}[3]")
    new = load(draft.text).standards[0].areas[0].items
    assert [item.name for item in new][2:] == ["门前无积雪", "包卫生秩序"]
    assert [(step.name, step.amount, step.unit) for step in new[2].steps] == [("积雪没有清", 100, "处")]
    fill(office, draft, "standards[0]", do=f"copy:{items}[2]")
    twins = load(draft.text).standards[0].areas[0].items[2:4]
    assert twins[1].name == "门前无积雪（副本）"
    assert twins[0].code != twins[1].code
    fill(office, draft, "standards[0]", do=f"drop:{items}[3]")
    fill(office, draft, "standards[0]", do=f"drop:{items}[2]")
    assert [item.name for item in load(draft.text).standards[0].areas[0].items][2:] == ["包卫生秩序"]


def test_an_empty_new_row_is_not_stored(office: Client, draft: SchemeVersion) -> None:
    before = load(draft.text)
    fill(office, draft, "stages", do="add:stages")
    fill(office, draft, "stages", adding="stages")
    assert load(draft.text) == before


def test_what_was_typed_is_saved_by_every_button(office: Client, draft: SchemeVersion) -> None:
    fill(office, draft, "standards[0]", {"standards[0].name": "门前三包标准"}, do="open:standards[0].areas[0].items[1]")
    assert load(draft.text).standards[0].name == "门前三包标准"


def test_a_renamed_code_takes_its_references_along(office: Client, draft: SchemeVersion) -> None:
    old = load(draft.text)
    code = old.composites[0].code
    fill(office, draft, "composites[0]", {"composites[0].code": "house_month"})
    new = load(draft.text)
    assert code not in {board.composite for board in new.boards}
    assert "house_month" in {board.composite for board in new.boards}


def test_an_optional_part_is_set_and_taken_away(office: Client, draft: SchemeVersion) -> None:
    fill(office, draft, "layers[0]", {"layers[0].cadence": ""})
    assert load(draft.text).layers[0].cadence is None
    fill(
        office, draft, "layers[0]",
        {"layers[0].cadence": "1", "layers[0].cadence.every": "quarter", "layers[0].cadence.per": "target"},
    )  # fmt: skip
    cadence = load(draft.text).layers[0].cadence
    assert cadence
    assert (cadence.every, cadence.per, cadence.times) == ("quarter", "target", 1)


def test_saves_are_taken_back_one_by_one(office: Client, draft: SchemeVersion) -> None:
    first = draft.text
    fill(office, draft, "boards[0]", {"boards[0].pool_min": "8"})
    second = draft.text
    fill(office, draft, "boards[0]", {"boards[0].pool_min": "9"})
    for wanted in (second, first):
        told = {"base": draft.digest, "at": "boards[0]"}
        assert office.post(reverse("agreements:undo", args=[draft.pk]), told).status_code == 302
        draft.refresh_from_db()
        assert draft.text == wanted
    assert not FormerText.objects.exists()
    page = office.post(reverse("agreements:undo", args=[draft.pk]), {"base": draft.digest}, follow=True)
    assert "没有可以撤回的保存" in page.content.decode()


def test_nothing_is_lost_when_somebody_else_saved_meanwhile(office: Client, draft: SchemeVersion) -> None:
    base = draft.digest
    fill(office, draft, "boards[0]", {"boards[0].pool_min": "8"})
    told = {"at": "boards[0]", "base": base, "boards[0].name": "我填的榜名"}
    page = office.post(reverse("agreements:form", args=[draft.pk]), told).content.decode()
    assert "别人刚改过" in page
    assert "我填的榜名" in page
    assert draft.digest in page


def test_the_page_of_a_place_stays_in_its_budget(
    office: Client, draft: SchemeVersion, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(30) as taken:
        office.get(reverse("agreements:form", args=[draft.pk]), {"at": "standards[1]"})
    assert_budget("agreements:form", len(taken))


@pytest.mark.parametrize("at", ["nowhere", "standards[99]", "standards[0].name", "layers[0].cadence[1]", "a[[0]"])
def test_a_place_that_is_not_there_is_not_found(office: Client, draft: SchemeVersion, at: str) -> None:
    assert office.get(reverse("agreements:form", args=[draft.pk]), {"at": at}).status_code == 404


def test_the_empty_scheme_has_pages_for_all_its_parts() -> None:
    scheme = Scheme("leer", "空", "990100")
    for name in [slot.name for slot in slots(Scheme) if slot.kind == "rows"]:
        sheet: Sheet = sheet_at(scheme, name)
        assert sheet.tables[0].lines == ()
        assert filled(scheme, sheet, QueryDict()).text
