"""Bench (c) and (e): recording, against a bare Django view with one ORM insert (or one bulk_create) on the same server.

`python -m bench.recording [--rounds N] [--seconds S] [--databases sqlite,postgres]` takes the candidates in turn, with 16
keep-alive clients, and prints requests and rows a second, the median of the ratios, and the whole server's memory.
Ours are authenticated by a signed key, judged by duty and standard, stored once, and answered after the commit.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bench.load import Took, fire, request
from tools import with_postgres

BEARERS, EACH = 2_500, 15
AIMS = {"record": "at least 0.8x", "round": "at least 0.5x"}
HALVES = {"record": 1, "round": EACH}
WARM = 6.0
"""Seconds before anything is measured: each of the connections has made its plans and filled its caches."""
ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who sends: their key, and the codes of their households."""

    id: int
    key: str
    households: tuple[str, ...]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--databases", default="sqlite,postgres")
    parser.add_argument("--threads", default="16", help="Blocking threads of our server.")
    parser.add_argument("--bare-threads", default="", help="Of the bare one; 1 on SQLite and 4 on PostgreSQL if empty.")
    told = parser.parse_args()
    for database in told.databases.split(","):
        with contextlib.ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="xiangyue-bench-")))
            urls = _databases(database, stack)
            bare_threads = told.bare_threads or {"sqlite": "1", "postgres": "4"}[database]
            _compare(database, folder, urls, told, bare_threads)


def _compare(database: str, folder: Path, urls: dict[str, str], told: Any, bare_threads: str) -> None:
    bearers = _prepare(folder, urls)
    payloads = {
        ("ours", "record"): _ours(bearers, 1),
        ("bare", "record"): _bare(bearers, 1),
        ("ours", "round"): _ours(bearers, EACH),
        ("bare", "round"): _bare(bearers, EACH),
    }
    with (
        _server("xiangyue.site.wsgi:application", folder / "ours", urls["ours"], told.threads) as ours,
        _server("bench.bare.wsgi:application", folder / "bare", urls["bare"], bare_threads) as bare,
    ):
        for work, each in HALVES.items():
            ratios: list[float] = []
            last: dict[str, Took] = {}
            spent: dict[str, float] = {}
            for turn in range(told.rounds + 1):
                for name, server in (("ours", ours), ("bare", bare)):
                    begun = server.spent()
                    last[name] = fire(server.port, payloads[name, work], told.seconds if turn else WARM)
                    _must_be_good(name, last[name])
                    spent[name] = 1000 * (server.spent() - begun) / last[name].done
                if turn:  # the first warms up
                    ratios.append(last["ours"].per_second / last["bare"].per_second)
                    _print(database, work, each, last, ratios[-1], spent)
            what = f"c {work} on {database}, ours / bare, median of {told.rounds}"
            print(f"= {what} | {statistics.median(ratios):.2f}x | {AIMS[work]}", flush=True)
        print(
            f"= e server memory on {database}, bare {bare.memory():.0f} MiB | {ours.memory():.0f} MiB | aim 200 MiB",
            flush=True,
        )


def _print(database: str, work: str, each: int, last: dict[str, Took], ratio: float, spent: dict[str, float]) -> None:
    told = [
        f"{name} {took.per_second * each:7.0f}/s p95 {took.p95_ms:5.1f} ms cpu {spent[name]:5.2f} ms"
        for name, took in last.items()
    ]
    print(f"{database:9}{work:8} {'   '.join(told)}   ratio {ratio:.2f}", flush=True)


def _must_be_good(name: str, took: Took) -> None:
    if took.failed or not took.done:
        raise SystemExit(f"{name}: {took.failed} of {took.failed + took.done} failed: {took.sample[:800]!r}")


def _databases(database: str, stack: contextlib.ExitStack) -> dict[str, str]:
    if database == "sqlite":
        return {"ours": "", "bare": ""}
    # a server that keeps its promises: what it acknowledges is on the disk
    with_postgres.SETTINGS.update({"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"})
    base = stack.enter_context(with_postgres.server())
    import dj_database_url
    import psycopg

    host = dj_database_url.parse(base)["HOST"]
    with psycopg.connect(host=host, user="postgres", dbname="postgres", autocommit=True) as admin:
        for name in ("ours", "bare"):
            admin.execute(f"CREATE DATABASE bench_{name}".encode())
    return {name: f"{base.rsplit('/', 1)[0]}/bench_{name}" for name in ("ours", "bare")}


def _environment(data: Path, url: str) -> dict[str, str]:
    data.mkdir(exist_ok=True)
    own = {"XIANGYUE_DATA": str(data), "PYTHONPATH": str(ROOT)}
    return {**os.environ, **own, **({"DATABASE_URL": url} if url else {})}


def _prepare(folder: Path, urls: dict[str, str]) -> list[Bearer]:
    made = subprocess.run(
        [sys.executable, "-m", "bench.bearers", str(BEARERS), str(EACH)],
        env=_environment(folder / "ours", urls["ours"]), check=True, capture_output=True, text=True,
    )  # fmt: skip
    subprocess.run(
        [sys.executable, "-m", "django", "migrate", "--run-syncdb", "-v0"],
        env={**_environment(folder / "bare", urls["bare"]), "DJANGO_SETTINGS_MODULE": "bench.bare.settings"},
        check=True,
    )
    return [Bearer(row[0], row[1], tuple(row[2])) for row in json.loads(made.stdout)]


@dataclass(frozen=True, slots=True)
class Server:
    """A running server."""

    port: int
    process: subprocess.Popen[bytes]

    def memory(self) -> float:
        """MiB that all its processes hold, shared pages counted once each."""
        return sum(_held(pid) for pid in self._pids()) / 1024

    def spent(self) -> float:
        """Seconds of processor time that its processes have used."""
        return sum(_spent(pid) for pid in self._pids())

    def _pids(self) -> list[int]:
        listed = subprocess.check_output(["ps", "-o", "pid=", "--ppid", str(self.process.pid)], text=True)
        return [self.process.pid, *map(int, listed.split())]


def _held(pid: int) -> int:
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    return sum(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))


def _spent(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextlib.contextmanager
def _server(application: str, data: Path, url: str, threads: str) -> Iterator[Server]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        sys.executable, "-m", "granian", application, "--interface", "wsgi", "--port", str(port), "--workers", "1",
        "--blocking-threads", threads, "--no-ws", "--log-level", "warning",
    ]  # fmt: skip
    process = subprocess.Popen(command, env=_environment(data, url), cwd=ROOT)
    try:
        _wait(port)
        yield Server(port, process)
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()


def _wait(port: int) -> None:
    for _ in range(200):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.2):
            return
        time.sleep(0.1)
    raise SystemExit("the server did not start")


def _turns(bearers: list[Bearer], each: int) -> Iterator[tuple[Bearer, tuple[str, ...], datetime]]:
    """Who, which households, when: no (bearer, household, day) twice, the days going back from today.

    Rounds begin the day before: single checks stay far below a day's 37,500, and no round is to meet one of them.
    """
    day = datetime.now(UTC) - timedelta(minutes=1, days=int(each > 1))
    while True:
        for start in range(0, EACH, each):
            for bearer in bearers:
                yield bearer, bearer.households[start : start + each], day
        day -= timedelta(days=1)


def _ours(bearers: list[Bearer], each: int) -> Iterator[bytes]:
    from xiangyue.captures.ids import new_id

    for bearer, codes, made in _turns(bearers, each):
        fault = {"subject": codes[-1], "entries": [{"item": "S01-1", "step": "rubbish", "n": 2}]}
        body = {"check": "daily", "fine": codes[:-1], "faults": [fault]} if each > 1 else {"check": "daily", **fault}
        envelope = {
            "id": str(new_id()),
            "kind": "round" if each > 1 else "sheet",
            "version": 1,
            "made_at": made.isoformat(),
            "body": body,
        }
        yield request("/field/captures", json.dumps(envelope).encode(), bearer.key)


def _bare(bearers: list[Bearer], each: int) -> Iterator[bytes]:
    from xiangyue.captures.ids import new_id

    for bearer, codes, made in _turns(bearers, each):
        row: dict[str, Any] = {"id": str(new_id()), "kind": 1, "ground": 1, "inspector": bearer.id}
        row["made_at"] = made.isoformat()
        if each > 1:
            row |= {"fine": codes[:-1], "faults": [{"subject": codes[-1]}]}
        else:
            row |= {"subject": codes[0], "score": 6_667}
        yield request("/many" if each > 1 else "/one", json.dumps(row).encode())


if __name__ == "__main__":
    main()
