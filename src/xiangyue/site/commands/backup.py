"""`xiangyue backup`: the whole instance as one file."""

from __future__ import annotations

from pathlib import Path

import click

from xiangyue.site.cli import start_django


@click.command()
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
def command(file: Path | None) -> None:
    """Write everything the instance keeps to FILE (default: backup-DATE.tar.gz). 备份。

    It can run while the server does, and can be restored on SQLite or PostgreSQL alike. The file holds personal data
    and the instance's key: keep it under lock.
    """
    start_django()
    from django.utils import timezone

    from xiangyue.site.keeping.archive import back_up
    from xiangyue.site.keeping.words import table_words

    target = file or Path(f"backup-{timezone.localtime():%Y%m%d-%H%M%S}.tar.gz")
    counts = back_up(target, lambda table, rows: click.echo(f"  {table_words(table)}：{rows:,} 行"))
    click.echo(f"已备份 {sum(counts.values()):,} 行到 {target}。文件含个人信息和密钥，请妥善保管。")
