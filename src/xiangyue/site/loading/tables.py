"""The tables of a load: their columns, and reading them from a folder of CSV files or one workbook."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from xiangyue.agreements.models import Consent
from xiangyue.base.roles import Role
from xiangyue.people.models import Organisation, Post
from xiangyue.places.models import HouseholdState, Level, PlaceClass
from xiangyue.site.loading import cells
from xiangyue.site.loading.faults import Faults


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name in files, its Chinese heading, how a cell is read, whether it must be filled."""

    name: str
    heading: str
    read: cells.Read = cells.text
    required: bool = False
    note: str = ""
    choices: tuple[str, ...] = ()
    most: int = 0
    """The most characters a cell holds; 0: not bound here."""

    @property
    def holds(self) -> str:
        """What its cells hold, in a word or the list of choices."""
        words = {"text": "text", "day": "date", "whole": "whole number", "instant": "instant", "yes": "是 or 否",
                 "hundredths": "points, at most two decimals"}  # fmt: skip
        return ", ".join(self.choices) or words.get(self.read.__name__, "text")


@dataclass(frozen=True, slots=True)
class Table:
    """A kind of table: file `name`.csv or sheet `name` / `heading`."""

    name: str
    heading: str
    columns: tuple[Column, ...]


def _choices(enum: Any) -> dict[str, str]:
    return {str(value): str(label) for value, label in enum.choices if value}


def _listed(enum: Any) -> str:
    return ", ".join(f"{code} {label}" for code, label in _choices(enum).items())


def _choice(name: str, heading: str, enum: Any, *, required: bool = False, note: str = "") -> Column:
    """A column of one of the values of `enum`, by code or by label."""
    choices = _choices(enum)
    return Column(
        name,
        heading,
        cells.one_of(choices),
        required,
        note,
        tuple(f"{code} {label}" for code, label in choices.items()),
    )


CODE = Column("code", "编码", required=True, most=24)
FROM = Column("from", "起始日", cells.day, note="default: `--begin`")
TO = Column("to", "截止日", cells.day)

TABLES: tuple[Table, ...] = (
    Table(
        "places",
        "区划",
        (
            CODE,
            Column("name", "名称", required=True, most=60),
            _choice("level", "层级", Level, required=True),
            _choice("class", "类别", PlaceClass, note="townships and villages"),
            Column("parent", "上级编码", note="empty for the county only"),
            Column("order", "排序", cells.whole),
            FROM,
            TO,
        ),
    ),
    Table(
        "households",
        "农户",
        (
            CODE,
            Column("place", "所在屯组或村编码", required=True, note="code of the hamlet or village"),
            Column("door", "门牌", required=True, note="door label; never a person's name", most=60),
            Column("order", "排序", cells.whole, note="position along the row of doors"),
            Column("head_name", "户主姓名", most=40),
            Column("phone", "联系电话", most=20),
            Column("members", "人口数", cells.whole),
            _choice("state", "状态", HouseholdState.State, note="default: living"),
            FROM,
            TO,
        ),
    ),
    Table(
        "states",
        "农户状态",
        (
            Column("household", "农户编码", required=True),
            _choice("state", "状态", HouseholdState.State, required=True),
            Column("from", "起始日", cells.day, required=True),
            TO,
        ),
    ),
    Table(
        "organisations",
        "单位",
        (
            CODE,
            Column("name", "名称", required=True, most=80),
            _choice("kind", "类型", Organisation.Kind, required=True),
            Column("place", "所在区划编码", required=True),
            FROM,
            TO,
        ),
    ),
    Table(
        "persons",
        "人员",
        (
            CODE,
            Column("name", "姓名", required=True, most=40),
            Column("phone", "手机号", cells.phone, note="needed for a person with a role: it is the log-in", most=20),
            Column("place", "所在区划编码", required=True),
            Column("organisation", "单位编码"),
            Column("home", "本人农户编码"),
            Column("party_member", "党员", cells.yes),
            Column("posts", "职务", note="`post@place` separated by `;`: " + _listed(Post.Kind)),
            Column("roles", "角色", note="`role@place` separated by `;`: makes a user. " + _listed(Role)),
            FROM,
            TO,
        ),
    ),
    Table(
        "duties",
        "包保",
        (
            Column("layer", "包保层", required=True, note="a layer code of the scheme"),
            Column("person", "包保人编码", note="a person or an organisation, not both"),
            Column("organisation", "包保单位编码"),
            Column("target", "包保对象编码", required=True),
            Column("team", "编组", note="those who bear together share it", most=40),
            FROM,
            TO,
        ),
    ),
    Table(
        "checks",
        "检查",
        (
            Column("id", "检查编号", note="needed where entries refer to it"),
            Column("kind", "检查种类", required=True, note="a check kind's code of the scheme"),
            Column("subject", "对象编码", required=True),
            Column("inspector", "检查人编码", required=True),
            Column("day", "日期", cells.day, required=True),
            Column(
                "made_at",
                "检查时间",
                cells.instant,
                note="default: noon of the day, county time; of two at one moment the later line counts",
            ),
        ),
    ),
    Table(
        "entries",
        "记分",
        (
            Column("check", "检查编号", required=True),
            Column("item", "条目", required=True),
            Column("step", "扣分点"),
            Column("n", "处数", cells.whole, note="default 1"),
            Column("grade", "档次"),
            Column("amount", "加分", cells.hundredths, note="points of a bonus item"),
            Column("not_applicable", "不适用", cells.yes),
            Column("failed", "不合格", cells.yes, note="a pass or zero item failed"),
        ),
    ),
    Table(
        "adjustments",
        "加减分",
        (
            Column("period", "考核期", required=True, note="`2026-10`, `2026-Q3` or `2026`"),
            Column("composite", "考核", required=True),
            Column("subject", "对象编码", required=True),
            replace(CODE, most=40),
            Column("points", "分值", cells.hundredths, required=True, note="signed, in points: -1.50"),
            Column("name", "事由", required=True, most=60),
            Column("reason", "依据", required=True, most=200),
            Column("on", "日期", cells.day, required=True),
        ),
    ),
    Table(
        "consents",
        "同意书",
        (
            Column("household", "农户编码", required=True),
            _choice("purpose", "事项", Consent.Purpose, required=True),
            Column("given_on", "同意日期", cells.day, required=True),
            Column("revoked_on", "撤回日期", cells.day),
            Column("given_by", "同意人", most=40),
        ),
    ),
)
BY_NAME = {table.name: table for table in TABLES}
POSTS = _choices(Post.Kind)
ROLES = _choices(Role)

Raw = Iterable[list[Any]]
"""Rows of cells, the heading first."""


def read_folder(folder: Path) -> tuple[str, dict[str, Raw]]:
    """The scheme's text (empty when there is none) and the raw tables of a folder or of a workbook beside a scheme."""
    base = folder if folder.is_dir() else folder.parent
    file = base / "scheme.toml"
    scheme = file.read_text(encoding="utf-8") if file.exists() else ""
    books = [folder] if folder.is_file() else sorted(folder.glob("*.xlsx"))
    found: dict[str, Raw] = {}
    for book in books:
        found |= _read_book(book)
    if folder.is_dir():
        found |= {table.name: CsvRows(path) for table in TABLES if (path := folder / f"{table.name}.csv").exists()}
    return scheme, found


def _read_book(book: Path) -> dict[str, Raw]:
    from python_calamine import CalamineWorkbook

    names = {table.name: table.name for table in TABLES} | {table.heading: table.name for table in TABLES}
    workbook = CalamineWorkbook.from_path(str(book))
    return {
        names[sheet]: workbook.get_sheet_by_name(sheet).to_python() for sheet in workbook.sheet_names if sheet in names
    }


@dataclass(frozen=True, slots=True)
class CsvRows:
    """The rows of a CSV file, read anew each time they are gone through: never all at once."""

    path: Path

    def __iter__(self) -> Iterator[list[Any]]:
        with self.path.open(encoding=self._encoding(), newline="") as source:
            yield from csv.reader(source)

    def _encoding(self) -> str:
        decoder = codecs.getincrementaldecoder("utf-8")()
        with self.path.open("rb") as source:
            try:
                while piece := source.read(1 << 20):
                    decoder.decode(piece)
                decoder.decode(b"", final=True)
            except UnicodeDecodeError:
                return "gb18030"
        return "utf-8-sig"


def first_day(raw: Raw) -> date | None:
    """The earliest day of the checks, as far as it can be read."""
    rows = iter(raw)
    heading = [cells.text(cell) for cell in next(rows, [])]
    column = next((column for column in BY_NAME["checks"].columns if column.name == "day"), None)
    at = next((n for n, name in enumerate(heading) if column and name in (column.name, column.heading)), None)
    days: set[date] = set()
    for cell in {row[at] for row in rows if at is not None and at < len(row)}:
        with suppress(cells.BadCell):
            days.add(cells.day(cell) or date.max)
    return min(days, default=None)


def rows_of(table: Table, raw: Raw, faults: Faults) -> Iterator[tuple[int, dict[str, Any]]]:
    """The rows of a table as (line, values by column name); faulty rows are noted and left out."""
    lines = iter(raw)
    heading = [cells.text(cell) for cell in next(lines, [])]
    places = _places_of(table, heading, faults)
    if places is None:
        return
    for line, row in enumerate(lines, start=2):
        if not any(cell not in (None, "") for cell in row):
            continue
        values = _row(table, line, row, places, faults)
        if values is not None:
            yield line, values


def _places_of(table: Table, heading: list[str], faults: Faults) -> Mapping[str, int] | None:
    index = {name: number for number, name in enumerate(heading) if name}
    known = {column.name for column in table.columns} | {column.heading for column in table.columns}
    for name in index:
        if name not in known:
            faults.add(table.name, 1, name, "没有这一列。", f"可用的列：{'、'.join(c.name for c in table.columns)}。")
    found: dict[str, int] = {}
    missing = False
    for column in table.columns:
        place = index.get(column.name, index.get(column.heading))
        if place is not None:
            found[column.name] = place
        elif column.required:
            faults.add(table.name, 1, column.name, "缺少这一列。", f"请加上“{column.name}”（{column.heading}）列。")
            missing = True
    return None if missing else found


def _row(table: Table, line: int, row: list[Any], places: Mapping[str, int], faults: Faults) -> dict[str, Any] | None:
    values: dict[str, Any] = {}
    good = True
    for column in table.columns:
        place = places.get(column.name)
        cell = row[place] if place is not None and place < len(row) else ""
        try:
            values[column.name] = column.read(cell)
        except cells.BadCell as bad:
            faults.add(table.name, line, column.name, bad.words, bad.mend)
            good = False
            continue
        if column.most and len(values[column.name]) > column.most:
            faults.add(table.name, line, column.name, f"太长，最多 {column.most} 个字。", f"请写短{column.heading}。")
            good = False
        if column.required and values[column.name] in ("", None):
            faults.add(table.name, line, column.name, "不能为空。", f"请填写{column.heading}。")
            good = False
    if good and values.get("from") and values.get("to") and values["to"] < values["from"]:
        faults.add(table.name, line, "to", "截止日早于起始日。", "请改正日期。")
        good = False
    return values if good else None
