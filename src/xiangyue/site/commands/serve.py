"""`xiangyue serve`: the server with its background worker."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

import click

from xiangyue.site.cli import start_django
from xiangyue.site.commands.migrate import bring_up_to_date


def threads() -> int:
    """Blocking threads of the one worker process: enough to group what arrives together on any machine."""
    return int(os.environ.get("XIANGYUE_THREADS", "16"))


def workers() -> int:
    """Worker processes: one on SQLite, which has one writer; on PostgreSQL as set."""
    from django.db import connection

    if connection.vendor == "sqlite":
        return 1
    return int(os.environ.get("XIANGYUE_WORKERS", "1"))


def collect_static() -> None:
    """Copy and compress the static files when any of them is newer than the last time."""
    from django.conf import settings
    from django.contrib.staticfiles.finders import get_finders
    from django.core.management import call_command

    from xiangyue.site.staticfiles import FILES, listed

    if missing := sorted(set(FILES) - set(listed())):
        raise click.ClickException(
            "缺少页面用的前端文件 {}。请先运行 make setup（或 npm ci）。".format("、".join(missing))
        )
    newest = 0.0
    for finder in get_finders():
        for name, storage in finder.list([]):
            newest = max(newest, Path(storage.path(name)).stat().st_mtime)
    stamp = Path(settings.STATIC_ROOT) / ".collected"
    if stamp.exists() and stamp.read_text(encoding="ascii") == str(newest):
        return
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    stamp.write_text(str(newest), encoding="ascii")


def free_port(host: str, port: int) -> int:
    """`port`, or the next one that nobody listens on."""
    for candidate in range(port, port + 20):
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, candidate))
            except OSError:
                continue
            return candidate
    raise click.ClickException(f"端口 {port} 到 {port + 19} 都被占用。请用 --port 另选一个。")


def run_server(host: str, port: int) -> None:
    """Serve until stopped."""
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    os.environ["XIANGYUE_WORKER"] = "1"
    server = Server(
        "xiangyue.site.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers(),
        blocking_threads=threads(),
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        workers_kill_timeout=10,
        websockets=False,
    )
    server.serve()


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="Port; the next free one is taken if it is in use.")
def command(host: str, port: int) -> None:
    """Start the server and its background worker. 启动服务。"""
    start_django()
    bring_up_to_date()
    collect_static()
    port = free_port(host, port)
    click.echo(f"乡约已启动：http://{host}:{port}/  （按 Ctrl+C 停止）")
    sys.stdout.flush()
    run_server(host, port)
