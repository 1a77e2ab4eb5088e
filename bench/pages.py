"""Bench (b): live ranking, boards and "my households" with 11.5 million checks on file, against an almost empty database.

`python -m bench.pages [--months N] [--rounds N] [--requests N] [--quick]` makes two counties of 37,778 households that
differ in the checks on file (one day; N months), serves both, asks the pages in turn, and prints the server's p95.
"""

from __future__ import annotations

import argparse
import http.client
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

SET_UP = """
import sys
from datetime import UTC, date, datetime, timedelta
from xiangyue.site.cli import start_django
start_django()
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.db import transaction
from bench.county import BEGIN
from xiangyue.checks.bulk import recount
from xiangyue.duties.models import Duty
from xiangyue.people.models import Person, RoleGrant, User
from xiangyue.places.models import Place
from xiangyue.rules.days import month_of, parse_period
from xiangyue.standings import live
from xiangyue.standings.actions.closing import close_period
from xiangyue.standings.actions.periods import ground_of, open_periods
from xiangyue.standings.models import Period
open_key, closed = sys.argv[1], sys.argv[2]
county = ground_of("990100")
person = Person.objects.get(pk=1)
user = User.objects.create_user("19800000001", "xiang-yue-2026", person=person)
households = list(Place.objects.filter(level="household").order_by("path")[:15])
for role, place in (("county_office", county), ("bearer", households[0].village)):
    RoleGrant.objects.create(user=user, role=role, place=place, from_on=BEGIN)
for place in households:
    Duty.objects.create(ground=county, scheme="linjiang", layer="members", person=person, target=place, from_on=BEGIN,
                        exclusion="households", created_at=datetime(2026, 1, 1, tzinfo=UTC))
span = parse_period(open_key)
with transaction.atomic():
    recount(county.pk, span.starts_on.year * 100 + span.starts_on.month)
open_periods(span.starts_on)
close_period(None, county, closed, now=datetime.combine(span.starts_on, datetime.min.time(), UTC), empty=True, early=True)
live.rebuild(live.open_of(Period.objects.select_related("ground").get(key=open_key)))
store = SessionStore()
store[SESSION_KEY], store[HASH_SESSION_KEY] = str(user.pk), user.get_session_auth_hash()
store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
store.save()
print(Period.objects.get(key=open_key).pk, store.session_key)
"""


def months(count: int) -> list[str]:
    """The last `count` months that have begun, oldest first."""
    from datetime import UTC, datetime

    today = datetime.now(UTC).date()
    found = []
    for back in range(count):
        number = today.year * 12 + today.month - 1 - back
        found.append(f"{number // 12}-{number % 12 + 1:02d}")
    return found[::-1]


def make(folder: Path, keys: list[str], households: int, *, days: int = 0) -> tuple[str, str]:
    """(Open period's key, session) of a county with checks of these months (of `days` days of the last only)."""
    env = dict(os.environ, XIANGYUE_DATA=str(folder))
    env.pop("DATABASE_URL", None)
    listed = keys if not days else [keys[-1]]
    command = ["-m", "bench.county", "--households", str(households), "--months", ",".join(listed), "--days", str(days)]
    subprocess.run([sys.executable, *command], env=env, check=True)
    told = subprocess.run(
        [sys.executable, "-c", SET_UP, keys[-1], keys[-2]], env=env, check=True, capture_output=True, text=True
    )
    period, session = told.stdout.split()
    return period, session


def collect(folder: Path) -> None:
    """The static files, gathered as the server wants them."""
    env = dict(os.environ, XIANGYUE_DATA=str(folder), DJANGO_SETTINGS_MODULE="xiangyue.site.settings")
    command = ["-m", "django", "collectstatic", "--no-input", "--verbosity", "0"]
    subprocess.run([sys.executable, *command], env=env, check=True)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def served(folder: Path) -> Iterator[int]:
    """The port of a server over the folder, as `xiangyue serve` runs it."""
    port = free_port()
    env = dict(os.environ, XIANGYUE_DATA=str(folder), DJANGO_SETTINGS_MODULE="xiangyue.site.settings")
    env.pop("DATABASE_URL", None)
    program = str(Path(sys.executable).with_name("granian"))
    options = ["--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--blocking-threads", "4"]
    with (folder / "server.log").open("w") as log:
        process = subprocess.Popen(
            [program, *options, "xiangyue.site.wsgi:application"], env=env, stdout=log, stderr=log
        )
        try:
            _ready(port)
            yield port
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()


def _ready(port: int) -> None:
    for _ in range(240):
        try:
            ask(port, "/complaints/", "")
        except OSError:
            time.sleep(0.25)
        else:
            return
    raise SystemExit("the server did not come up")


def ask(port: int, path: str, session: str) -> float:
    """Seconds that a page took, read whole."""
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    began = time.perf_counter()
    link.request("GET", path, headers={"Cookie": f"sessionid={session}"} if session else {})
    answer = link.getresponse()
    answer.read()
    took = time.perf_counter() - began
    link.close()
    if answer.status != 200:
        raise SystemExit(f"{path} answered {answer.status}")
    return took


def p95(times: list[float]) -> float:
    """The 95th percentile."""
    return sorted(times)[max(0, -(-len(times) * 95 // 100) - 1)]


def main() -> None:
    """Make both, ask in turn, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--months", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--requests", type=int, default=40)
    parser.add_argument("--quick", action="store_true", help="two months, three rounds")
    parser.add_argument("--households", type=int, default=410)
    told = parser.parse_args()
    if told.quick:
        told.months, told.rounds = 2, 3
    folder = Path(tempfile.mkdtemp(prefix="xiangyue-pages-"))
    keys = months(max(2, told.months))
    try:
        full, bare = folder / "full", folder / "bare"
        held = {"full": make(full, keys, told.households), "bare": make(bare, keys, told.households, days=1)}
        collect(bare)
        shutil.copytree(bare / "static", full / "static")
        with served(full) as one, served(bare) as other:
            compare({"full": one, "bare": other}, held, told.rounds, told.requests)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def compare(ports: dict[str, int], held: dict[str, tuple[str, str]], rounds: int, requests: int) -> None:
    """The pages of both in turn; the median over the rounds of the ratio of their p95."""
    pages: dict[str, Callable[[str], str]] = {
        "live village ranking": lambda period: f"/standings/live/?period={period}&composite=village_month",
        "board": lambda period: "/standings/boards/",
        "my households": lambda period: "/field/",
    }
    for name, path in pages.items():
        ratios, took = [], {"full": 0.0, "bare": 0.0}
        for turn in range(rounds + 1):
            for which, port in ports.items():
                period, session = held[which]
                took[which] = p95([ask(port, path(period), session) for _ in range(requests)])
            if turn:
                ratios.append(took["full"] / took["bare"])
        last = f"{took['full'] * 1000:.0f} ms against {took['bare'] * 1000:.0f} ms"
        print(f"= b p95 of {name}: {last} | {statistics.median(ratios):.2f}x | within 1.5x")


if __name__ == "__main__":
    main()
