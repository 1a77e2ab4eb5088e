"""`xiangyue scheme`: check and lint a scheme file, print its schema, list the packs."""

from __future__ import annotations

import json
from pathlib import Path

import click


@click.group()
def command() -> None:
    """Check scheme files. 检查方案文件。"""


@command.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def check(file: Path) -> None:
    """Check FILE: every error with its line, its field and the mend; exit code 1 when there is one."""
    from xiangyue.schemes import check_report

    ok, lines = check_report(file.read_bytes())
    for line in lines:
        click.echo(line)
    if not ok:
        raise SystemExit(1)


@command.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object, for programs. 输出 JSON。")
def lint(file: Path, as_json: bool) -> None:
    """Say what law and good government hold against FILE, each with its line, its mend and its source; exit code 1 when
    something keeps it from being put in force. 合规检查。"""
    from xiangyue.schemes.report import lint_report

    linted = lint_report(file.read_bytes())
    if as_json:
        click.echo(json.dumps(linted.data(), ensure_ascii=False, indent=2))
    else:
        for line in linted.lines():
            click.echo(line)
    if not linted.passes:
        raise SystemExit(1)


@command.command()
def schema() -> None:
    """Print the JSON Schema of the scheme language."""
    from xiangyue.schemes import schema as make

    click.echo(json.dumps(make(), ensure_ascii=False, indent=2))


@command.command()
def packs() -> None:
    """List the schemes that come with the software."""
    from xiangyue.schemes import pack, pack_names

    for name in pack_names():
        click.echo(f"{name}\t{pack(name).name}")


@command.command()
@click.argument("name")
def show(name: str) -> None:
    """Print the pack NAME as TOML, to start a county's own from."""
    from xiangyue.schemes import pack_names, pack_text

    if name not in pack_names():
        raise click.ClickException(f"没有叫“{name}”的方案。用 xiangyue scheme packs 看有哪些。")
    click.echo(pack_text(name))
