"""`xiangyue restore`: an instance from its backup."""

from __future__ import annotations

from pathlib import Path

import click

from xiangyue.site.cli import start_django
from xiangyue.site.commands.migrate import bring_up_to_date


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def command(file: Path) -> None:
    """Bring the backup FILE into an empty instance, whole or not at all. 恢复。"""
    start_django()
    bring_up_to_date()
    from xiangyue.base.problems import Problem
    from xiangyue.site.keeping.archive import restore
    from xiangyue.site.keeping.words import table_words

    try:
        counts = restore(file, lambda table, rows: click.echo(f"  {table_words(table)}：{rows:,} 行"))
    except Problem as problem:
        raise click.ClickException(str(problem)) from problem
    click.echo(f"已恢复 {sum(counts.values()):,} 行。可以用 xiangyue verify 复算核对。")
