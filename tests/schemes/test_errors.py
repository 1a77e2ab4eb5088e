"""Every kind of error: its id, its field, its line, and words and a mend for the clerk."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from xiangyue.schemes import SchemeError, SchemeErrors, check_report, load, load_bytes, pack_text

PACK = pack_text("linjiang")
DAILY = 'source = { kind = "sheets", check_kind = "daily" }'
BANDS = 'source = { kind = "indicator", indicator = "i", bands = [[60, 50], [60, 90.5]] }'
ROWS = tomllib.loads((Path(__file__).parent / "errors.toml").read_text("utf-8"))["row"]


def errors_of(text: str) -> tuple[SchemeError, ...]:
    """What `load` says against a text; nothing when it loads."""
    try:
        load(text)
    except SchemeErrors as errors:
        return errors.errors
    return ()


@pytest.mark.parametrize("row", ROWS, ids=[f"{row['id']}:{row['field']}" for row in ROWS])
def test_an_error_names_its_line_its_field_and_the_mend(row: dict[str, str]) -> None:
    whole = pack_text(row.get("pack", "linjiang"))
    assert row["old"] in whole
    text = whole.replace(row["old"], row["new"], 1)
    found = errors_of(text)
    fitting = [error for error in found if (error.id, error.field) == (row["id"], row["field"])]
    assert fitting, f"found {[(error.id, error.field) for error in found]}"
    lines = text.splitlines()
    nearby = "\n".join(lines[fitting[0].line - 1 : fitting[0].line + 1])
    assert row["on"] in nearby, f"line {fitting[0].line}: {nearby}"
    for error in found:
        assert re.search("[一-鿿]", error.words)
        assert error.mend
        assert str(error).startswith(f"第 {error.line} 行")


def test_every_kind_on_the_page_is_tried_here() -> None:
    page = (Path(__file__).parents[2] / "docs/formats/scheme.md").read_text("utf-8")
    table = page.split("## Errors")[1].split("## Findings")[0]
    cells = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    apart = {"syntax", "encoding", "no-items", "no-steps"}
    assert {id for cell in cells for id in re.findall("`([a-z-]+)`", cell)} == {row["id"] for row in ROWS} | apart


@pytest.mark.parametrize(
    ("id", "old", "new"),
    [
        ("no-steps", r"steps = \[\n(  .*\n)+\]\n", ""),
        ("no-components", r"\[\[composites.components\]\]\ncode = \"daily\"\n.*\n.*\n.*\n", ""),
        ("few-grades", r"  \{ code = \"(fair|plain|poor)\".*\n", ""),
        ("bands-order", re.escape(DAILY), BANDS),
        ("no-items", r"\[\[standards.areas.items\]\]\ncode = \"S01-1\"[\s\S]*?(?=\[\[standards\]\]\n)", "items = []\n"),
    ],
)  # fmt: skip
def test_what_cannot_be_scored_by(id: str, old: str, new: str) -> None:
    text, n = re.subn(old, new, PACK)
    assert n
    assert id in {error.id for error in errors_of(text)}


@pytest.mark.parametrize(
    ("line", "mend"),
    [
        ("a = 1\na = 2", "删去其中一个"),
        ("name 乡约", "等号"),
        ("name = 乡约", "双引号"),
        ("name = “乡约”", "双引号"),
        ('name = "乡约', "引号"),
        ("posts = [1, 2", "右方括号"),
        ("cadence = { every = 1", "右花括号"),
        ("a = 1, b = 2", "一行只写一个键"),
        ("[layers", "]"),
        ("[a]\n[a]", "双方括号"),
        ("中 = 1", "英文字母"),
    ],
)
def test_a_syntax_error_has_its_line_and_a_mend(line: str, mend: str) -> None:
    (error,) = errors_of(f"# 第一行\n# 第二行\n{line}\n")
    assert error.id == "syntax"
    assert 3 <= error.line <= 4
    assert mend in error.mend


def test_all_errors_come_at_once_and_by_line() -> None:
    text = PACK.replace("weight = 100", "weight = -1").replace('standard = "S01"', 'standard = "S1"')
    text = text.replace("amount = 0.3", "amount = 0.333", 1)
    found = errors_of(text)
    assert [error.id for error in found] == ["decimals", "no-such-standard", "range"]
    assert [error.line for error in found] == sorted(error.line for error in found)


def test_what_rests_on_an_error_is_not_judged() -> None:
    found = errors_of(PACK.replace("[[composites]]", "[[composite]]").replace("[[composites.", "[[composite."))
    assert [(error.id, error.field) for error in found] == [("unknown-key", "composite")]
    assert "composites" in found[0].mend


def test_a_scheme_in_force_is_read_and_not_judged_again() -> None:
    text = PACK.replace('standard = "S01"', 'standard = "S1"')
    assert [error.id for error in errors_of(text)] == ["no-such-standard"]
    assert load(text, judged=True).code == load(PACK).code
    with pytest.raises(SchemeErrors):
        load(text.replace("weight = 100", 'weight = "many"'), judged=True)


def test_a_near_word_is_offered() -> None:
    (error,) = errors_of(PACK.replace('standard = "S01"', 'standard = "S10"'))
    assert "“S01”" in error.mend
    (error,) = errors_of(PACK.replace("late_limit_days", '"补录期限（天）"'))
    assert "“late_limit_days”" in error.mend


def test_single_brackets_for_a_row_are_mended() -> None:
    (error,) = errors_of('code = "a"\nname = "甲"\nground = "220681"\n[layers]\ncode = "b"\n')
    assert (error.id, error.line, error.field) == ("wrong-type", 4, "layers")
    assert "[[layers]]" in error.mend


def test_brackets_without_end_are_refused() -> None:
    (error,) = errors_of("a = " + "[" * 50_000)
    assert error.id == "syntax"


def test_a_file_in_another_encoding() -> None:
    with pytest.raises(SchemeErrors) as caught:
        load_bytes('code = "x"\nname = "乡约"'.encode("gb18030"))
    (error,) = caught.value.errors
    assert (error.id, error.line) == ("encoding", 2)


def test_a_byte_order_mark_and_windows_lines_are_read() -> None:
    windows = ("\ufeff" + PACK).replace("\n", "\r\n")
    assert load(windows) == load(PACK)
    worse = windows.replace("weight = 100", "weight = -7")
    (error,) = errors_of(worse)
    assert worse.splitlines()[error.line - 1] == "weight = -7"


def test_an_empty_file_says_what_is_missing() -> None:
    assert {error.field for error in errors_of("")} == {"code", "name", "ground"}


def test_the_report_of_a_good_a_bad_and_a_lawless_scheme() -> None:
    assert check_report(PACK)[0]
    ok, lines = check_report(PACK.replace("weight = 100", "weight = -1"))
    assert not ok
    assert "1 处错误" in lines[0]
    assert lines[1].startswith("第 ")
    ok, lines = check_report(PACK.replace("cure_days = 7", "cure_days = 0").encode())
    assert not ok
    assert any("no-cure-time" in line for line in lines)
