"""`xiangyue demo`: a demo county, built once and then reused."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from datetime import datetime

import click

from xiangyue.site.cli import start_django
from xiangyue.site.commands.migrate import bring_up_to_date

DEMOS = ("linjiang", "qinglang", "qingfeng", "tumen", "lvyuan")
"""The counties that have a demo, by name: the pack, and the module of `site.demo`, of that name."""
REGISTER = "登记区划、农户、人员和包保"


@click.command()
@click.argument("name", type=click.Choice(DEMOS))
@click.option(
    "--size",
    type=click.Choice(["small", "full"]),
    default="full",
    show_default=True,
    help="The reported size, or a small part of it.",
)
@click.option("--days", type=click.IntRange(1, 150), help="Only the records of the last N days (default: all).")
@click.option("--today", type=click.DateTime(["%Y-%m-%d"]), help="Build it as of this day instead of today.")
@click.option("--serve", "then_serve", is_flag=True, help="Start the server afterwards.")
@click.option("--host", default="127.0.0.1", show_default=True, help="With --serve: address to listen on.")
@click.option("--port", default=8000, show_default=True, help="With --serve: port, or the next free one.")
def command(
    name: str, size: str, days: int | None, today: datetime | None, then_serve: bool, host: str, port: int
) -> None:
    """Build the demo county NAME and print its accounts; one that stands already is reused. 演示县。"""
    os.environ["XIANGYUE_DEMO"] = "1"
    start_django()
    bring_up_to_date()
    from xiangyue.base.problems import Problem
    from xiangyue.site.demo.build import build, existing, recipe_of

    began = time.monotonic()
    try:
        demo = existing(name)
        if demo is None:
            from django.utils import timezone

            recipe = recipe_of(name)
            with Bars({"register": REGISTER, **recipe.stages}) as bars:
                demo = build(recipe, size, days, today.date() if today else timezone.localdate(), bars.say)
            click.echo(f"{recipe.title}的演示已建好，用时 {time.monotonic() - began:.0f} 秒。")
        else:
            click.echo("演示县已在，直接使用。")
    except Problem as problem:
        raise click.ClickException(str(problem)) from problem
    _print_table(demo)
    if then_serve:
        from xiangyue.site.commands.serve import collect_static, free_port, run_server

        collect_static()
        port = free_port(host, port)
        click.echo(f"\n乡约已启动：http://{host}:{port}/  （按 Ctrl+C 停止）\n")
        run_server(host, port)


class Bars:
    """A progress bar a stage; `stages` has the words beside each."""

    def __init__(self, stages: Mapping[str, str]) -> None:
        self.stages = stages

    def __enter__(self) -> Bars:
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        self.progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.completed:,.0f}/{task.total:,.0f}"),
            TimeElapsedColumn(),
        )
        self.plain = not self.progress.console.is_terminal
        self.tasks: dict[str, object] = {}
        self.progress.start()
        return self

    def __exit__(self, *error: object) -> None:
        if error[0] is None:
            self._finish()
        self.progress.stop()

    def _finish(self) -> None:
        """Fill the bars so far: how many checks there would be was guessed ahead."""
        for task in self.progress.tasks:
            self.progress.update(task.id, total=max(1, task.completed), completed=max(1, task.completed))

    def say(self, stage: str, done: int, total: int) -> None:
        """Show a stage's progress."""
        if stage not in self.tasks:
            self._finish()
            if self.plain:
                click.echo(f"· {self.stages[stage]}…")
            self.tasks[stage] = self.progress.add_task(self.stages[stage], total=max(1, total))
        self.progress.update(self.tasks[stage], completed=done, total=max(1, total))  # type: ignore[arg-type]


def _print_table(demo: object) -> None:
    from rich.console import Console
    from rich.table import Table

    from xiangyue.site.demo.build import Demo

    assert isinstance(demo, Demo)
    table = Table(title=f"演示账号（名字均为虚构；密码都是 {demo.password}）")
    for heading in ("身份", "姓名", "手机号（登录名）", "从这里开始"):
        table.add_column(heading)
    for account in demo.accounts:
        table.add_row(account.role, account.name, account.phone, account.start)
    Console(width=None if os.isatty(1) else 100).print(table)
