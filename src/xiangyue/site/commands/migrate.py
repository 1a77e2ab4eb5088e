"""`xiangyue migrate`: bring the database to this version."""

from __future__ import annotations

import click

from xiangyue.site.cli import start_django


def bring_up_to_date() -> None:
    """Apply every migration that is missing, quietly; an empty database is made in one piece."""
    from django.core.management import call_command

    from xiangyue.site.new_database import make_new

    make_new()
    call_command("migrate", interactive=False, verbosity=0)


@click.command()
def command() -> None:
    """Create the database, or bring it to this version. 建库或升级数据库。"""
    start_django()
    bring_up_to_date()
    click.echo("数据库已是最新。")
