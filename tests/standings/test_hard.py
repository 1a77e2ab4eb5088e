"""Two clerks at once, a process killed in the middle, and the same bytes on both databases."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections

from tests.cast import COUNTY, Cast, make_cast
from tests.standings.facts import AFTER, household_scores, month_of_checks
from xiangyue.base.problems import Problem
from xiangyue.standings.actions.closing import close_period
from xiangyue.standings.models import Closing

SCORES = (10_000, 9_900, 9_800, 9_500, 9_000, 8_000, 7_000, 6_000)
MAKE = """
import json, sys
from xiangyue.site.cli import start_django
start_django()
from django.core.management import call_command
call_command("migrate", verbosity=0, interactive=False)
from tests.cast import make_cast
from tests.standings.facts import check, household_scores, month_of_checks
from datetime import date
from django.db import transaction
with transaction.atomic():
    cast = make_cast()
    month_of_checks(cast, household_scores(cast, 10000, 9900, 9800, 9500, 9000, 8000, 7000, 6000), days=11)
    check(cast, "990100100201", 8800, date(2026, 10, 9), "village_open", "P04")
"""
CLOSE_AND_DIE = """
import os, signal
from xiangyue.site.cli import start_django
start_django()
from datetime import UTC, datetime
from xiangyue.standings import store
from xiangyue.standings.actions import closing
from xiangyue.standings.actions.periods import ground_of
real = store.insert_beside
def insert(model, fields, rows):
    wait = real(model, fields, rows)
    wait()
    os.kill(os.getpid(), signal.SIGKILL)
store.insert_beside = insert
closing.close_period(None, ground_of("990100"), "2026-10", now=datetime(2026, 11, 1, 2, tzinfo=UTC))
"""


@pytest.mark.django_db(transaction=True)
def test_two_clerks_at_once_one_closes_and_the_other_is_told() -> None:
    cast = make_cast()
    month_of_checks(cast, household_scores(cast, *SCORES), days=2)
    if connection.vendor == "sqlite":
        pytest.skip("threads share one connection of a database in memory; the next test runs processes on a file")
    told = run_both(cast)
    assert sorted(told) == ["already_closed", "closed"]
    assert Closing.objects.count() == 1


def run_both(cast: Cast) -> list[str]:
    """What two clerks who close at the same moment are told."""
    told: list[str] = []
    start = threading.Barrier(2)

    def clerk(role: str) -> None:
        try:
            start.wait(10)
            close_period(cast.users[role], cast.places[COUNTY], "2026-10", now=AFTER)
            told.append("closed")
        except Problem as problem:
            told.append(problem.kind.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=clerk, args=(role,)) for role in ("county_office", "township_office")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return told


def environment(folder: Path, url: str = "") -> dict[str, str]:
    env = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")}
    root = Path(__file__).resolve().parents[2]
    env |= {"XIANGYUE_DATA": str(folder), "PYTHONPATH": f"{root}{os.pathsep}{root / 'src'}"}
    return env | ({"DATABASE_URL": url} if url else {})


def python(code: str, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code], env=env, capture_output=True, text=True, timeout=180, check=False
    )


def xiangyue(env: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    code = f"import sys; sys.argv = ['xiangyue', *{list(words)!r}]; from xiangyue.site.cli import main; main()"
    return python(code, env)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an instance of its own, October on file."""
    folder = tmp_path_factory.mktemp("county")
    done = python(MAKE, environment(folder))
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def county(made: Path, tmp_path: Path) -> dict[str, str]:
    """A copy of that instance."""
    shutil.copytree(made, tmp_path / "data")
    return environment(tmp_path / "data")


def body(env: dict[str, str]) -> dict[str, Any]:
    done = xiangyue(env, "results", COUNTY, "2026-10", "--format", "json")
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.slow
def test_killed_in_the_middle_nothing_is_half_done_and_the_next_try_works(county: dict[str, str]) -> None:
    died = python(CLOSE_AND_DIE, county)
    assert died.returncode == -signal.SIGKILL, died.stderr
    assert "还没有关账" in xiangyue(county, "results", COUNTY, "2026-10").stderr
    closed = xiangyue(county, "close", COUNTY, "2026-10")
    assert closed.returncode == 0, closed.stderr
    again = xiangyue(county, "close", COUNTY, "2026-10")
    assert again.returncode == 1
    assert "没有重复关账" in again.stderr
    verified = xiangyue(county, "verify")
    assert (verified.returncode, "相符" in verified.stdout) == (0, True)


@pytest.mark.slow
def test_two_processes_at_once(county: dict[str, str]) -> None:
    code = (
        "import sys; sys.argv = ['xiangyue', 'close', '990100', '2026-10']; from xiangyue.site.cli import main; main()"
    )
    both = [
        subprocess.Popen(
            [sys.executable, "-c", code], env=county, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    told = [process.communicate(timeout=180) for process in both]
    assert sorted(process.returncode for process in both) == [0, 1], told
    assert any("没有重复关账" in words[1] for words in told)


@pytest.mark.slow
@pytest.mark.postgres
def test_the_same_facts_give_the_same_bytes_on_both_databases(
    county: dict[str, str], tmp_path: Path, postgres_url: str
) -> None:
    other = environment(tmp_path / "other", postgres_url)
    (tmp_path / "other").mkdir()
    made = python(MAKE, other)
    assert made.returncode == 0, made.stderr
    for env in (county, other):
        closed = xiangyue(env, "close", COUNTY, "2026-10")
        assert closed.returncode == 0, closed.stderr
    here, there = body(county), body(other)
    assert here["composites"] == there["composites"]
    assert xiangyue(other, "verify", COUNTY, "2026-10").returncode == 0


@pytest.mark.slow
def test_verify_fails_with_words_when_a_figure_was_changed(county: dict[str, str]) -> None:
    assert xiangyue(county, "close", COUNTY, "2026-10").returncode == 0
    change = (
        "from xiangyue.site.cli import start_django; start_django()\n"
        "from xiangyue.standings.models import Result\n"
        "Result.objects.filter(subject__code='990100100201-H00003').update(result=10000)"
    )
    assert python(change, county).returncode == 0
    told = xiangyue(county, "verify", COUNTY)
    assert told.returncode == 1
    assert "990100100201-H00003 的考核结果存的是 100.00，按记录是 98.00" in told.stdout


@pytest.mark.slow
def test_results_in_three_formats(county: dict[str, str], tmp_path: Path) -> None:
    import csv
    import io

    import openpyxl

    assert xiangyue(county, "close", COUNTY, "2026-10").returncode == 0
    rows = list(csv.DictReader(io.StringIO(xiangyue(county, "results", COUNTY, "2026-10").stdout)))
    worst = next(row for row in rows if row["code"] == "990100100201-H00008")
    assert (worst["own"], worst["paired"], worst["adjustments"], worst["result"]) == ("60.00", "60.00", "0.00", "60.00")
    assert (worst["rank"], worst["board"], worst["daily"], worst["daily_n"]) == ("8", "black", "60.00", "11")
    file = tmp_path / "out.xlsx"
    done = xiangyue(county, "results", COUNTY, "2026-10", "--format", "xlsx", "-o", str(file))
    assert done.returncode == 0, done.stderr
    sheets = openpyxl.load_workbook(file)
    assert "村月度得分" in sheets.sheetnames
    found = body(county)
    assert {part["code"] for part in found["composites"]} == {"household_month", "village_month", "township_month"}
