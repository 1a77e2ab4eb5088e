"""The pack of Linjiang has what the county's five contracts and five duties ask for."""

from __future__ import annotations

import pytest

from xiangyue.rules.settings import Scheme
from xiangyue.schemes import dump, lint, load, load_file, pack, pack_names, pack_text

FIVE_FAULTS = {"垃圾乱丢", "污水乱泼", "柴草乱垛", "粪污乱堆", "庭院乱搭乱建"}
MARK = "示例,非官方"


@pytest.fixture(scope="module")
def linjiang() -> Scheme:
    """The pack."""
    return pack("linjiang")


def test_packs_are_found_by_name() -> None:
    assert "linjiang" in pack_names()
    with pytest.raises(KeyError, match="linjiang"):
        pack("nowhere")


def test_five_layers_of_duty_the_fourth_in_two_rows_that_exclude_each_other(linjiang: Scheme) -> None:
    assert [(layer.bearer, layer.target) for layer in linjiang.layers] == [
        ("person", "township"),
        ("person", "village"),
        ("organisation", "village"),
        ("person", "household"),
        ("person", "household"),
        ("household", "household"),
    ]
    members, committee = linjiang.layer("members"), linjiang.layer("committee")
    assert members.exclusive
    assert committee.exclusive
    assert (members.exclusive_with, committee.exclusive_with) == (("committee",), ("members",))
    assert all(layer.tasks for layer in linjiang.layers)
    leaders = linjiang.layer("county_leaders").cadence
    assert leaders is not None
    assert (leaders.every, leaders.per, leaders.times) == ("month", "bearer", 1)


@pytest.mark.parametrize(
    ("code", "subject", "areas", "items"),
    [
        ("D01", "village", [5, 4, 4, 5, 4, 3], 25),
        ("D01T", "township", [5, 4, 4, 5, 4, 3], 25),
        ("D02", "township", [3, 2, 2, 2], 9),
        ("S01", "household", [3], 3),
    ],
)
def test_standards_have_the_reported_counts(
    linjiang: Scheme, code: str, subject: str, areas: list[int], items: int
) -> None:
    standard = linjiang.standard(code)
    assert standard.subject == subject
    assert [len(area.items) for area in standard.areas] == areas
    assert len(standard.items) == items
    assert standard.standing == MARK


def test_the_25_items_are_out_of_100_and_the_same_for_townships(linjiang: Scheme) -> None:
    villages, townships = linjiang.standard("D01"), linjiang.standard("D01T")
    assert sum(item.points for item in villages.items) == 10_000
    assert [item.name for item in villages.items] == [item.name for item in townships.items]
    assert [item.steps for item in villages.items] == [item.steps for item in townships.items]
    assert all(item.kind == "deduct" and item.fault and item.pictogram for item in villages.items)


def test_every_fault_of_the_five_can_be_tapped_at_a_door(linjiang: Scheme) -> None:
    items = linjiang.standard(linjiang.check_kind("daily").standard).items
    steps = [step for item in items for step in item.steps]
    assert {step.name for step in steps} >= FIVE_FAULTS
    assert all(step.pictogram for step in steps)
    assert [item.name for item in items] == ["包垃圾分类", "包绿化美化", "包卫生秩序"]


def test_drafted_texts_are_marked(linjiang: Scheme) -> None:
    assert linjiang.standing == MARK
    assert {standard.standing for standard in linjiang.standards} == {MARK}
    assert {layer.standing for layer in linjiang.layers} == {MARK}
    assert not [one for one in lint(linjiang) if one.id == "drafted-unmarked"]


def test_months_boards_and_quarters(linjiang: Scheme) -> None:
    monthly = {one.level for one in linjiang.composites if one.period == "month"}
    assert monthly == {"household", "village", "township"}
    assert {one.of for one in linjiang.composites if one.period == "quarter"} == {"village_month", "township_month"}
    households, villages = linjiang.board("household_board"), linjiang.board("village_board")
    assert (households.group, households.public) == ("village", "consent")
    assert (villages.group, villages.public, villages.pairs) == ("county", "named", True)
    assert {linjiang.composite(one.composite).period for one in linjiang.rankings} == {"quarter"}
    assert [category.name for category in linjiang.categories] == ["乡镇", "街道", "行政村", "社区", "农户"]
    assert [stage.name for stage in linjiang.stages] == ["干净", "整洁", "美丽", "富饶"]


@pytest.mark.parametrize("name", pack_names())
def test_a_pack_is_written_as_dump_writes_it(name: str) -> None:
    head, _, body = pack_text(name).partition("\n\ncode = ")
    assert all(line.startswith("#") for line in head.splitlines())
    assert "code = " + body == dump(load(pack_text(name)))


def test_a_file_is_read_as_its_text(linjiang: Scheme, tmp_path: object) -> None:
    from pathlib import Path

    file = Path(str(tmp_path)) / "方案.toml"
    file.write_text(dump(linjiang), encoding="utf-8")
    assert load_file(file) == linjiang
