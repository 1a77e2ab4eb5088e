"""`xiangyue results`: the figures of a closed period as CSV, JSON or Excel."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from xiangyue.site.cli import start_django

if TYPE_CHECKING:
    from xiangyue.standings.results import Table


@click.command()
@click.argument("ground")
@click.argument("period")
@click.option(
    "--format", "form", type=click.Choice(["csv", "json", "xlsx"]), default="csv", show_default=True, help="格式。"
)
@click.option("--composite", default="", help="Only this composite. 只要这一项考核。")
@click.option("--version", type=int, default=None, help="An older version; the newest by default. 指定版本。")
@click.option("--scheme", default="", help="Code of the scheme, where the ground has several. 方案代码。")
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="File; xlsx needs one. 输出文件。"
)
def command(
    ground: str, period: str, form: str, composite: str, version: int | None, scheme: str, output: Path | None
) -> None:
    """The results of PERIOD of GROUND: own, paired, adjustments, result, rank, board, pair, components. 导出结果。"""
    if form == "xlsx" and output is None:
        raise click.UsageError("xlsx 要写到文件里，请加 -o 文件名.xlsx。")
    start_django()
    from xiangyue.base.problems import Problem
    from xiangyue.standings.actions.periods import ground_of, span_of
    from xiangyue.standings.results import tables

    try:
        found = tables(ground_of(ground).pk, span_of(period).key, scheme=scheme, composite=composite, version=version)
    except Problem as problem:
        raise click.ClickException(f"{problem.words}{problem.mend}") from None
    if form == "xlsx":
        assert output is not None
        write_xlsx(found, output)
        return
    if output is None:
        _write(found, form, sys.stdout)
        return
    with output.open("w", encoding="utf-8-sig" if form == "csv" else "utf-8", newline="") as file:
        _write(found, form, file)


def _write(found: list[Table], form: str, file: IO[str]) -> None:
    if form == "json":
        write_json(found, file)
    else:
        write_csv(found, file)


def write_csv(found: list[Table], file: IO[str]) -> None:
    """All composites in one table; a component's columns are empty where a composite has none of that code."""
    import csv

    columns = list(dict.fromkeys(column for table in found for column in table.columns))
    writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
    writer.writeheader()
    for table in found:
        writer.writerows({name: _safe(value) for name, value in row.items()} for row in table.rows())


def write_json(found: list[Table], file: IO[str]) -> None:
    """One object: the closing, and each composite with its digest and rows."""
    import json

    closing = found[0].closing
    lead = next(iter(found[0].rows()), {})
    body: dict[str, Any] = {
        "ground": closing.period.ground.code,
        "scheme_version": lead.get("scheme_version", ""),
        "period": closing.period.key,
        "version": closing.version,
        "state": closing.state,
        "closed_at": closing.closed_at.isoformat(),
        "composites": [
            {
                "code": table.standing.composite,
                "name": table.standing.name,
                "level": table.standing.level,
                "digest": table.standing.digest,
                "rows": [_without_lead(row) for row in table.rows()],
            }
            for table in found
        ],
    }
    json.dump(body, file, ensure_ascii=False, indent=1)
    file.write("\n")


def write_xlsx(found: list[Table], output: Path) -> None:
    """One sheet a composite, Chinese headings."""
    import xlsxwriter

    with xlsxwriter.Workbook(str(output), {"constant_memory": True, "strings_to_formulas": False}) as book:
        bold = book.add_format({"bold": True})
        number = book.add_format({"num_format": "0.00"})
        for table in found:
            sheet = book.add_worksheet(table.standing.name[:31])
            sheet.freeze_panes(1, 7)
            sheet.write_row(0, 0, table.headings, bold)
            for at, row in enumerate(table.rows(), 1):
                for place, column in enumerate(table.columns):
                    value = row.get(column, "")
                    if (
                        isinstance(value, str)
                        and _is_score(value)
                        and column not in ("code", "pair", "group", "ground")
                    ):
                        sheet.write_number(at, place, float(value), number)
                    else:
                        sheet.write(at, place, "" if value is None else value)


def _is_score(value: str) -> bool:
    whole, _, part = value.removeprefix("-").partition(".")
    return whole.isdigit() and len(part) == 2 and part.isdigit()


def _without_lead(row: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value
        for name, value in row.items()
        if name not in ("ground", "scheme_version", "period", "version", "composite")
    }


def _safe(value: Any) -> Any:
    """Text that a spreadsheet would take for a formula is quoted; a negative score is left alone."""
    if isinstance(value, str) and value[:1] in "=+-@\t\r" and value and not _is_score(value):
        return f"'{value}"
    return value
