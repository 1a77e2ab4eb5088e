"""Set-up says plainly what is missing; the throw-away PostgreSQL is thrown away, even after a kill."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import dj_database_url
import psycopg
import pytest

from tests.house.source import ROOT

TOOL = ROOT / "tools" / "with_postgres.py"
NEEDED = ("sh", "cat", "dirname", "sort")


def folder_with(programs: tuple[str, ...], where: Path) -> Path:
    """A folder with these programs only, to be the whole PATH."""
    where.mkdir()
    for name in programs:
        found = next(path for path in (Path("/usr/bin") / name, Path("/bin") / name) if path.exists())
        (where / name).symlink_to(found)
    return where


def clone(where: Path) -> Path:
    """The start of a set-up in an empty folder: only what setup.sh reads before it has a Python."""
    (where / "tools").mkdir(parents=True)
    (where / "tools" / "setup.sh").write_bytes((ROOT / "tools" / "setup.sh").read_bytes())
    return where


def set_up(root: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs setup.sh there with this environment only."""
    return subprocess.run(
        ["sh", "tools/setup.sh"], cwd=root, env=environment, capture_output=True, text=True, check=False
    )


def test_without_a_python_set_up_says_so_in_both_languages(tmp_path: Path) -> None:
    root = clone(tmp_path / "clone")
    script = root / "tools" / "setup.sh"
    # Whatever lies in the usual places of this machine is out of sight.
    script.write_text(script.read_text(encoding="utf-8").replace("/usr/", "/nowhere/").replace("/opt/", "/nowhere/"))
    done = set_up(root, PATH=str(folder_with(NEEDED, tmp_path / "bin")), HOME=str(tmp_path))
    assert done.returncode == 1
    assert "needs Python 3.12 or newer" in done.stderr
    assert "需要 Python 3.12" in done.stderr


def test_a_python_is_taken_only_when_it_runs(tmp_path: Path) -> None:
    root = clone(tmp_path / "clone")
    (root / "tools" / "setup.py").write_text("import sys; print('set up by', sys.version_info[:2] >= (3, 12))")
    shims = folder_with(NEEDED, tmp_path / "bin")
    for name in ("python3.13", "python3.12", "python3"):
        (shims / name).write_text("#!/bin/sh\nexit 127\n")
        (shims / name).chmod(0o755)
    (shims / "python").symlink_to(sys.executable)
    done = set_up(root, PATH=str(shims), HOME=str(tmp_path))
    assert done.stdout == "set up by True\n", done.stderr


@pytest.mark.postgres
def test_the_server_serves_and_is_gone(postgres_url: str) -> None:
    parsed = dj_database_url.parse(postgres_url)
    with psycopg.connect(host=parsed["HOST"], user=parsed["USER"], dbname=parsed["NAME"]) as connection:
        row = connection.execute("SELECT current_setting('server_encoding'), '柳树村' < '桃花村'").fetchone()
    assert row == ("UTF8", True), "codes and names sort by their bytes, as on SQLite"


@pytest.mark.postgres
def test_the_exit_code_is_the_commands_and_nothing_is_left() -> None:
    run = subprocess.Popen([sys.executable, TOOL, "sh", "-c", "exit 3"])
    assert run.wait() == 3
    assert list(Path(tempfile.gettempdir()).glob(f"xiangyue-pg-{run.pid}-*")) == []


@pytest.mark.postgres
def test_what_a_killed_run_left_is_cleared_by_the_next() -> None:
    command = [sys.executable, str(TOOL), "sh", "-c", 'echo "$DATABASE_URL"; exec sleep 60']
    run = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)
    assert run.stdout is not None
    scratch = Path(dj_database_url.parse(run.stdout.readline().strip())["HOST"])
    server = int((scratch / "data" / "postmaster.pid").read_text(encoding="utf-8").split()[0])
    os.killpg(run.pid, signal.SIGKILL)
    run.wait()
    run.stdout.close()
    assert scratch.exists()
    assert subprocess.run([sys.executable, TOOL, "true"], check=False).returncode == 0
    assert not scratch.exists()
    for _ in range(100):
        if not Path(f"/proc/{server}").exists():
            return
        time.sleep(0.05)
    pytest.fail("the server of the killed run still runs")
