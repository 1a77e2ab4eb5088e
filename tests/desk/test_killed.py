"""A server killed in the middle of an import leaves nothing half-done, and the next one finishes the job."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.cast import WILLOW
from tests.desk.sheets import HOUSEHOLD, workbook

pytestmark = pytest.mark.slow

PREPARE = """
import json, sys
from pathlib import Path
from django.core.management import call_command
call_command("migrate", verbosity=0, interactive=False)
from tests.cast import make_cast
cast = make_cast()
from tests.desk.sheets import look
run = look(cast.users["county_office"], "household", Path(sys.argv[1]))
assert run.state == "checked", run.words
from xiangyue.desk import jobs
from xiangyue.desk.models import Import
run.state = Import.State.APPLYING
jobs.start_apply(run)
print(json.dumps({"run": run.pk}))
"""
SLOW = """
import time
from xiangyue.places import imports
whole = imports.insert_rows
def slow(model, fields, rows):
    whole(model, fields, rows)
    print("half done", flush=True)
    time.sleep(60)
imports.insert_rows = slow
"""
SERVE = """
import time
from xiangyue.base.models import Job
from xiangyue.base.worker import start_worker
start_worker(0.05)
for _ in range(600):
    time.sleep(0.05)
    if not Job.objects.exclude(state__in=("done", "failed")).exists():
        break
print("over", flush=True)
"""


def child(code: str, folder: Path, *arguments: str) -> subprocess.Popen[str]:
    """A process of its own on the instance in `folder`."""
    begin = "from xiangyue.site.cli import start_django; start_django()\n"
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    environment |= {"XIANGYUE_DATA": str(folder), "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    return subprocess.Popen(
        [sys.executable, "-c", begin + code, *arguments], env=environment, stdout=subprocess.PIPE, text=True
    )


def ask(folder: Path, sql: str) -> list[Any]:
    """Rows straight from the instance's database."""
    base = sqlite3.connect(folder / "xiangyue.sqlite3")
    try:
        return base.execute(sql).fetchall()
    finally:
        base.close()


def counts(folder: Path) -> dict[str, int]:
    """How many rows stand in the tables that an import writes."""
    tables = ("places_place", "places_placespan", "places_household", "places_householdstate", "base_change")
    return {table: ask(folder, f"SELECT COUNT(*) FROM {table}")[0][0] for table in tables}


def test_killed_in_the_middle_nothing_is_half_done_and_the_next_start_ends_it(tmp_path: Path) -> None:
    rows = [[WILLOW, "一组", None, f"{number}号"] for number in range(101, 401)]
    file = workbook(tmp_path / "many.xlsx", [list(HOUSEHOLD), *rows])
    folder = tmp_path / "instance"
    folder.mkdir()
    with child(PREPARE, folder, str(file)) as prepare:
        out, _err = prepare.communicate(timeout=120)
    assert prepare.returncode == 0
    run = json.loads(out.splitlines()[-1])["run"]
    before = counts(folder)

    with child(SLOW + SERVE, folder) as server:
        assert server.stdout is not None
        assert server.stdout.readline().strip() == "half done"
        server.send_signal(signal.SIGKILL)
        server.wait(timeout=30)
    assert counts(folder) == before
    assert ask(folder, f"SELECT state FROM desk_import WHERE id = {run}") == [("applying",)]
    assert ask(folder, "SELECT state, tries FROM base_job WHERE kind = 'desk.apply'") == [("running", 1)]

    begun = time.monotonic()
    with child(SERVE, folder) as server:
        server.communicate(timeout=120)
    assert time.monotonic() - begun < 60
    assert ask(folder, f"SELECT state FROM desk_import WHERE id = {run}") == [("done",)]
    assert ask(folder, "SELECT state, tries FROM base_job WHERE kind = 'desk.apply'") == [("done", 2)]
    after = counts(folder)
    assert {table: after[table] - before[table] for table in after} == dict.fromkeys(after, 300)
