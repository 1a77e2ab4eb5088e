"""The soak: a county's recorders come back from days without signal at once, over a bad line, to a server that is killed.

`python -m bench.soak [--recorders N] [--minutes M] [--kills K] [--days D] [--database sqlite|postgres] [--seed S]`, on
loopback, and it ends by itself. Every third answer is lost (the socket is closed unread), requests arrive twice, late and out of order, and
the server's processes are killed with SIGKILL at random and started again. While it is dead, after each kill, the database is
read: whatever a recorder was told is stored must be there, once, and whatever it was not told must still be in its outbox.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import random
import signal
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.outboxes import Line, Recorder, recorders_of
from bench.recording import Bearer
from tools import with_postgres

EACH = 15
GRACE = 900.0
"""Seconds after the window in which the last outboxes must empty."""
ROOT = Path(__file__).resolve().parent.parent
STATES = {"counted": 1, "replaced": 2}


@dataclass(slots=True)
class Instance:
    """An instance on loopback that can be killed and started again on the same port."""

    folder: Path
    url: str
    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def environment(self) -> dict[str, str]:
        """What its processes run with."""
        own = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        own |= {"XIANGYUE_DATA": str(self.folder), "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'src'}"}
        return own | ({"DATABASE_URL": self.url} if self.url else {})

    def start(self) -> None:
        """Start it, as a group of processes of its own."""
        command = [
            sys.executable, "-m", "granian", "xiangyue.site.wsgi:application", "--interface", "wsgi", "--port",
            str(self.port), "--workers", "1", "--blocking-threads", "16", "--no-ws", "--log-level", "error",
        ]  # fmt: skip
        with (self.folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                command, env=self.environment, cwd=ROOT, stdout=log, stderr=log, start_new_session=True
            )

    def is_up(self) -> bool:
        """Whether it takes connections."""
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 0.2):
            return True
        return False

    def kill(self) -> None:
        """SIGKILL for the whole group, and wait until it is gone."""
        process, self.process = self.process, None
        if process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        for _ in range(200):
            if not _lives(process.pid):
                return
            time.sleep(0.05)
        raise SystemExit("the killed server would not die")

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows straight from its database."""
        if self.url:
            import dj_database_url
            import psycopg

            told = dj_database_url.parse(self.url)
            with psycopg.connect(host=told["HOST"], user="postgres", dbname=told["NAME"]) as base:
                return base.execute(sql.encode()).fetchall()
        with contextlib.closing(sqlite3.connect(self.folder / "xiangyue.sqlite3", timeout=20)) as file:
            return file.execute(sql).fetchall()

    def on_file(self) -> list[str]:
        """The ids of all captures, each as often as it is there."""
        return [str(row[0]).replace("-", "") for row in self.ask("SELECT uuid FROM captures_capture")]


def _lives(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


@dataclass(slots=True)
class Report:
    """What a soak came to; `wrong` empty: every promise was kept."""

    figures: dict[str, str] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Soak:
    """One run on one instance."""

    instance: Instance
    recorders: list[Recorder]
    line: Line
    dice: random.Random
    made: set[str]
    days: int
    report: Report = field(default_factory=Report)
    kills: int = 0
    left_at_kills: list[int] = field(default_factory=list)

    async def run(self, minutes: float, kills: int) -> None:
        """Let all come back within the window while the server is killed so many times; then the outboxes empty."""
        begun = time.monotonic()
        window = minutes * 60
        until = begun + window + GRACE
        killer = asyncio.create_task(self._kill_often(window, kills))
        await asyncio.gather(*(self.line.empty(one, self.dice.uniform(0, window), until) for one in self.recorders))
        await killer
        took = time.monotonic() - begun
        self.report.figures["came back within, all in after"] = f"{window:.0f} s, {took:.0f} s"

    async def _kill_often(self, window: float, kills: int) -> None:
        for _ in range(kills):
            await asyncio.sleep(self.dice.uniform(0.2, 1.8) * window / (kills + 1))
            await asyncio.to_thread(self.instance.kill)
            self.kills += 1
            self._look()
            self.instance.start()

    def _look(self) -> None:
        """The promise, while the server is dead: told means there, once; not told means still in the outbox."""
        listed = self.instance.on_file()
        there, told = set(listed), {one.replace("-", "") for one in self.line.seen.told}
        held = {one.replace("-", "") for recorder in self.recorders for one in recorder.outbox}
        self.left_at_kills.append(len(held))
        self._must(
            len(listed) == len(there), f"after kill {self.kills}: {len(listed) - len(there)} ids are there twice"
        )
        self._must(told <= there, f"after kill {self.kills}: {len(told - there)} told as stored are not there")
        made = {one.replace("-", "") for one in self.made}
        self._must(made == told | held, f"after kill {self.kills}: {len(made - told - held)} in no outbox and not told")

    def look_at_end(self) -> None:
        """Everything is in exactly once, and what hangs on it adds up."""
        self._look()
        listed, n = self.instance.on_file(), len(self.recorders)
        left = sum(not one.is_empty for one in self.recorders)
        self._must(not left, f"{left} recorders could not empty their outbox in time")
        self._must(
            sorted(listed) == sorted(one.replace("-", "") for one in self.made), "not all are there exactly once"
        )
        twice = sum(count > 1 for count in self.line.seen.new.values())
        self._must(not twice, f"{twice} ids were answered twice as new")
        self.report.wrong += self.line.seen.wrong[:20]
        counted, replaced = (self._count(f"checks_check WHERE state = {state}") for state in STATES.values())
        total = int(self.instance.ask("SELECT COALESCE(SUM(n), 0) FROM checks_sheettotal")[0][0])
        self._must(counted == n * EACH * self.days, f"{counted} sheets count, {n * EACH * self.days} should")
        self._must(replaced == n, f"{replaced} sheets are replaced, {n} should be")
        self._must(total == counted, f"the running sums say {total} sheets, {counted} count")
        whole = self._count("captures_photo WHERE state = 'whole'")
        photos = self._count("captures_photo")
        self._must(whole == photos, f"{photos - whole} of {photos} photos are not whole")
        kept = len(list((self.instance.folder / "files" / "photos").rglob("*.jpg"))) if photos else 0
        self.report.figures |= {
            "captures, each once": f"{len(listed):,}",
            "sheets that count, replaced": f"{counted:,}, {replaced:,}",
            "photos whole": f"{whole} of {photos}" + (f" ({kept} files)" if kept else ""),
            "told as stored and not there": "0" if not self.report.wrong else "see below",
        }

    def _count(self, rows: str) -> int:
        return int(self.instance.ask(f"SELECT COUNT(*) FROM {rows}")[0][0])  # our own words

    def _must(self, holds: bool, words: str) -> None:
        if not holds:
            self.report.wrong.append(words)

    def figures_of_line(self) -> None:
        """What the line did to the recorders."""
        seen, cuts = self.line.seen, [0.0] * 19
        if len(seen.took) > 1:
            cuts = statistics.quantiles(seen.took, n=20)
        self.report.figures |= {
            "recorders, households each": f"{len(self.recorders):,}, {EACH}",
            "killed with SIGKILL": str(self.kills),
            "envelopes in outboxes at the kills": f"{max(self.left_at_kills):,} to {min(self.left_at_kills):,}",
            **{name: f"{count:,}" for name, count in sorted(seen.counts.items())},
            "an answer took, median and p95": f"{cuts[9]:.2f} s, {cuts[18]:.2f} s",
        }


def soak(folder: Path, url: str, *, recorders: int, minutes: float, kills: int, days: int, seed: int) -> Report:
    """What a soak of that size comes to on an empty database."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    instance = Instance(folder, url, port)
    made = subprocess.run(
        [sys.executable, "-m", "bench.bearers", str(recorders), str(EACH)],
        env=instance.environment, cwd=ROOT, check=True, capture_output=True, text=True,
    )  # fmt: skip
    bearers = [Bearer(row[0], row[1], tuple(row[2])) for row in json.loads(made.stdout)]
    dice = random.Random(seed)  # dice, not secrets
    phones = recorders_of(bearers, days)
    ids = {one for phone in phones for one in phone.outbox}
    run = Soak(instance, phones, Line(port, dice), dice, ids, days)
    instance.start()
    try:
        asyncio.run(run.run(minutes, kills))
    finally:
        instance.kill()
    run.look_at_end()
    run.figures_of_line()
    return run.report


@contextlib.contextmanager
def database(name: str) -> Iterator[str]:
    """The DATABASE_URL to run on; PostgreSQL keeps its promises here: what it acknowledges is on the disk."""
    if name == "sqlite":
        yield ""
        return
    with_postgres.SETTINGS.update({"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"})
    with with_postgres.server() as url:
        yield url


def main() -> int:
    """0 when every promise was kept."""
    parser = argparse.ArgumentParser(prog="python -m bench.soak", description=__doc__.splitlines()[0])
    parser.add_argument("--recorders", type=int, default=2_554)
    parser.add_argument("--minutes", type=float, default=3.0, help="How long it takes until all are back.")
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--days", type=int, default=1, help="Days without signal: a round each.")
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--seed", type=int, default=20261122)
    told = parser.parse_args()
    # a request to end takes the server down on the way out
    signal.signal(signal.SIGTERM, with_postgres.terminated)
    with database(told.database) as url, tempfile.TemporaryDirectory(prefix="xiangyue-soak-") as folder:
        report = soak(
            Path(folder), url, recorders=told.recorders, minutes=told.minutes, kills=told.kills, days=told.days,
            seed=told.seed,
        )  # fmt: skip
    print(f"| {told.database} | figure |\n|---|---|")
    for name, figure in report.figures.items():
        print(f"| {name} | {figure} |")
    for words in report.wrong:
        print(f"WRONG: {words}")
    return 1 if report.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
