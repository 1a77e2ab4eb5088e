"""Writes the parts of the pages that are made from the code: the commands, and the import columns of every desk.

A made part stands between `<!-- made: NAME -->` and `<!-- end -->`; the rest of the page is written by hand.
`--check` writes nothing and says which pages are stale.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click

ROOT = Path(__file__).resolve().parent.parent
PART = re.compile(r"(<!-- made: (?P<name>[a-z]+) -->\n)(?P<body>.*?)(<!-- end -->)", re.DOTALL)


def cell(text: object) -> str:
    """A text as it may stand in a cell of a Markdown table."""
    return " ".join(str(text or "").split()).replace("|", "\\|")


def walk(command: click.Command, name: str, parent: click.Context | None = None) -> Iterator[tuple[str, click.Context]]:
    """Every command below one, with its full name."""
    context = click.Context(command, info_name=name.rpartition(" ")[2], parent=parent)
    yield name, context
    if isinstance(command, click.Group):
        for child in command.list_commands(context):
            found = command.get_command(context, child)
            if found and not found.hidden:
                yield from walk(found, f"{name} {child}", context)


def options(context: click.Context) -> Iterator[str]:
    """The table rows of a command's arguments and options."""
    for parameter in context.command.params:
        if isinstance(parameter, click.Option):
            if parameter.hidden:
                continue
            record = parameter.get_help_record(context)
            if record:
                yield f"| `{cell(record[0])}` | {cell(record[1])} |"
        elif isinstance(parameter, click.Argument):
            need = "required" if parameter.required else "optional"
            yield f"| `{cell(parameter.make_metavar(context))}` | {need} |"


def commands() -> str:
    """The reference of the command line, from the commands themselves."""
    root = importlib.import_module("xiangyue.site.cli").main
    lines: list[str] = []
    for name, context in walk(root, "xiangyue"):
        usage = context.command.get_usage(context).removeprefix("Usage: ")
        words = (context.command.help or "").split("\f")[0].strip()
        lines += [f"### {name}", "", words, "", "```", usage, "```", ""]
        rows = list(options(context))
        if rows:
            lines += ["| argument, option | meaning |", "|---|---|", *rows, ""]
    return "\n".join(lines)


def all_desks() -> tuple[Any, ...]:
    """Every desk declaration, in the order of the registry."""
    import django

    django.setup()
    return tuple(importlib.import_module("xiangyue.desk.registry").all_desks())


def need(column: Any) -> str:
    """Whether a column has to be filled, in a word or two."""
    if column.shown_only:
        return "export only"
    if column.key:
        return "key"
    return "required" if column.required else "optional"


def kind(column: Any) -> str:
    """What a column's cells hold."""
    if column.choices:
        return " / ".join(str(label) for _, label in column.choices)
    return f"code or name of {column.ref.what}" if column.ref else str(column.kind)


def desks() -> str:
    """The import columns of every desk, from the declarations."""
    lines: list[str] = []
    for desk in all_desks():
        columns = [column for column in desk.columns if desk.imports or column.exported]
        lines += [f"### {desk.name}", "", f"{cell(desk.title)}.", ""]
        if not columns:
            lines += ["Read-only: exports what is listed.", ""]
            continue
        lines += ["| column | need | holds | note | example |", "|---|---|---|---|---|"]
        for column in columns:
            cells = (column.heading, need(column), kind(column), column.note, column.example)
            lines.append(f"| {' | '.join(cell(text) for text in cells)} |")
        lines.append("")
    return "\n".join(lines)


def scheme() -> str:
    """Every key of the scheme language, from the settings and their titles."""
    return str(importlib.import_module("xiangyue.schemes").reference())


def load() -> str:
    """The tables of `xiangyue load`, column by column."""
    import django

    django.setup()
    tables = importlib.import_module("xiangyue.site.loading.tables")
    lines: list[str] = []
    for table in tables.TABLES:
        lines += [
            f"### {table.name}",
            "",
            f"File `{table.name}.csv`, or the sheet `{table.name}` / `{table.heading}`.",
            "",
        ]
        lines += ["| column | Chinese heading | need | holds | note |", "|---|---|---|---|---|"]
        for column in table.columns:
            need_of = "required" if column.required else ""
            cells = (f"`{column.name}`", column.heading, need_of, column.holds, column.note)
            lines.append(f"| {' | '.join(cell(text) for text in cells)} |")
        lines.append("")
    return "\n".join(lines)


MADE: dict[str, Callable[[], str]] = {"commands": commands, "desks": desks, "load": load, "scheme": scheme}


def remade(text: str) -> str:
    """A page's text with its made parts written anew."""
    return PART.sub(lambda part: f"{part[1]}\n{MADE[part['name']]().strip()}\n\n{part[4]}", text)


def pages() -> list[Path]:
    """The pages that have made parts."""
    return [page for page in sorted(ROOT.glob("docs/**/*.md")) if PART.search(page.read_text(encoding="utf-8"))]


def prepare() -> None:
    """Settings to import the code with, that touch nobody's data."""
    os.environ["COLUMNS"] = "100"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xiangyue.site.settings")
    os.environ.setdefault("XIANGYUE_DATA", str(Path(tempfile.gettempdir()) / "xiangyue-docs"))


def main(arguments: list[str]) -> int:
    """1 when --check finds a stale page."""
    prepare()
    stale = []
    for page in pages():
        text = page.read_text(encoding="utf-8")
        fresh = remade(text)
        if fresh != text:
            stale.append(page)
            if "--check" not in arguments:
                page.write_text(fresh, encoding="utf-8")
    for page in stale:
        print(f"· {page.relative_to(ROOT)}")
    return 1 if stale and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
