"""`xiangyue draw`: draw an inspection again from its file, without log-in and without database."""

from __future__ import annotations

from pathlib import Path

import click


@click.group()
def command() -> None:
    """Draw again what was drawn under seal. 重算督查抽签。"""


@command.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def verify(file: Path) -> None:
    """Draw an inspection again from FILE, as downloaded from its draw's page; needs no database. 核验督查抽签。

    Checks that the secret is the one whose hash was shown, that the list of subjects was not changed since, and that secret
    and number give these very targets. Exit code 1 when they don't.
    """
    from xiangyue.site.cli import start_django

    start_django(lean=True)
    from xiangyue.base.problems import Problem
    from xiangyue.checks.inspections.drawing import differences, read_told

    try:
        told = read_told(file.read_text(encoding="utf-8"))
        found = differences(told)
    except UnicodeDecodeError:
        raise click.ClickException("这不是督查抽签的核验文件：不是文字。请用督查页面下载的文件，不要改动。") from None
    except Problem as problem:
        raise click.ClickException(str(problem)) from None
    click.echo(f"公开数：{told['number_name']} {told['number']}")
    if found:
        for words in found:
            click.echo(f"  {words}")
        raise SystemExit(1)
    click.echo(f"相符：抽中的 {len(told['turns'])} 个对象都能由密钥、公开数和名单算出来。")
