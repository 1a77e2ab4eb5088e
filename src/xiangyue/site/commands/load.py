"""`xiangyue load`: a ground from a folder of tables."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from xiangyue.site.cli import start_django
from xiangyue.site.commands.migrate import bring_up_to_date


@click.command()
@click.argument("folder", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--begin",
    type=click.DateTime(["%Y-%m-%d"]),
    help="First day of places, people, duties and the scheme where the tables give none "
    "(default: 1 January of the year of the earliest check, else of this year).",
)
def command(folder: Path, begin: datetime | None) -> None:
    """Load FOLDER: CSV files or one workbook (places, households, …) and scheme.toml; see docs/formats.md. 载入。

    Everything is checked; when anything is wrong every fault is named and nothing is stored. Loading the same folder
    again changes nothing.
    """
    start_django()
    bring_up_to_date()
    from xiangyue.site.loading.faults import LoadError
    from xiangyue.site.loading.load import levels_of, load_tables
    from xiangyue.site.loading.tables import BY_NAME, read_folder

    scheme, tables = read_folder(folder)
    if not tables and not scheme:
        raise click.ClickException(f"{folder} 里没有可载入的表。请看 docs/formats.md 里的文件名。")
    try:
        loaded = load_tables(
            scheme, tables, begin=begin.date() if begin else None,
            say=lambda name, n: click.echo(f"  {BY_NAME[name].heading} {n:,}"),
        )  # fmt: skip
    except LoadError as error:
        for fault in error.faults:
            click.echo(str(fault), err=True)
        if error.more:
            click.echo(f"……另有 {error.more:,} 处。", err=True)
        raise click.ClickException(f"有 {len(error.faults) + error.more:,} 处问题，什么都没有载入。") from error
    ground = f" {loaded.ground}" if loaded.ground else ""
    click.echo(f"已载入{ground}：{levels_of(loaded.counts)}。")
    if not loaded.ground:
        click.echo("还没有方案：在文件夹里放上 scheme.toml 再载入一次，或到“方案”页发布，才能分配包保和检查。")
