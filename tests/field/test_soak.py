"""Recorders come back over a bad line to a server that is killed: told means on file once, not told means still held."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bench.soak import soak

pytestmark = pytest.mark.slow


def kept(folder: Path, url: str) -> None:
    """A few recorders, a few kills: every promise holds, and the line really was bad."""
    # in a thread of its own: where a walk came before, this one holds the browser's event loop
    with ThreadPoolExecutor(1) as beside:
        report = beside.submit(soak, folder, url, recorders=8, minutes=0.1, kills=2, days=2, seed=7).result()
    assert report.wrong == []
    assert report.figures["captures, each once"] == "41"
    assert report.figures["killed with SIGKILL"] == "2"
    assert int(report.figures["answers lost"]) > 0
    assert report.figures["photos whole"] == "1 of 1 (1 files)"


def test_a_killed_server_keeps_what_it_promised_on_a_file(tmp_path: Path) -> None:
    kept(tmp_path, "")


@pytest.mark.postgres
def test_a_killed_server_keeps_what_it_promised_on_postgresql(tmp_path: Path, postgres_url: str) -> None:
    kept(tmp_path, postgres_url)
