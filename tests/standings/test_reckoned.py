"""Every figure, rank, board mark and digest of a closed period is what a slow reckoning of the tables gives."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.standings.folders import GROUND, MONTHS, make_folder
from tests.standings.reckoner import Line, Reckoner
from xiangyue.places.models import Place
from xiangyue.rules.numbers import show
from xiangyue.schemes import load_file
from xiangyue.site.loading.load import load_tables
from xiangyue.site.loading.tables import read_folder
from xiangyue.standings.actions.closing import close_period
from xiangyue.standings.models import BoardEntry, Closing
from xiangyue.standings.results import tables
from xiangyue.standings.verify import verify

WILLOW = Path(__file__).parent.parent / "fixtures" / "willow"
NOW = datetime(2026, 12, 31, 4, tzinfo=UTC)
Comparable = dict[str, dict[str, Any]]


def load(folder: Path, begin: date) -> None:
    """Load a folder quietly."""
    scheme, found = read_folder(folder)
    load_tables(scheme, found, begin=begin, say=lambda name, n: None)


def reckoned(lines: list[Line]) -> Comparable:
    """The reckoner's lines as the results are written."""
    told = {}
    for line in lines:
        figures = {"own": line.own, "paired": line.paired, "adjustments": line.adjustments, "result": line.result}
        told[line.code] = {
            **{name: "" if value is None else show(value) for name, value in figures.items()},
            "category": line.category,
            "rank": line.rank,
            "board": line.mark,
            "checks": line.checks,
            "parts": {code: "" if value is None else show(value) for code, value in line.parts.items()},
        }
    return told


def written(rows: list[dict[str, Any]], parts: list[str]) -> Comparable:
    """The product's rows in the same form."""
    names = ("own", "paired", "adjustments", "result", "category", "rank", "board", "checks")
    return {
        row["code"]: {**{name: row[name] for name in names}, "parts": {code: row[code] for code in parts}}
        for row in rows
    }


def compare(closing: Closing, reckoner: Reckoner, key: str) -> int:
    """Hold a closing against the reckoner; gives how many subjects are rated."""
    expected = reckoner.close(key)
    found = {table.standing.composite: table for table in tables(closing.period.ground_id, key)}
    assert found.keys() == expected.keys()
    for code, lines in expected.items():
        parts = [component.code for component in reckoner.scheme.composite(code).components]
        assert written(list(found[code].rows()), parts) == reckoned(lines), (key, code)
        assert found[code].standing.digest == reckoner.digest(1, key, lines), (key, code)
        drawn = set(
            BoardEntry.objects.filter(board__standing=found[code].standing).values_list("subject__code", "side")
        )
        assert drawn == {(line.code, line.drawn) for line in lines if line.drawn}
    assert not verify(closing)
    return sum(line.result is not None for lines in expected.values() for line in lines)


@pytest.mark.django_db
def test_the_folder_written_by_hand() -> None:
    load(WILLOW, date(2026, 1, 1))
    reckoner = Reckoner(WILLOW, load_file(WILLOW / "scheme.toml"), date(2026, 1, 1))
    closing = close_period(None, Place.objects.get(code="990300"), "2026-10", now=NOW, early=True)
    assert compare(closing, reckoner, "2026-10") == 13


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("seed", [1, 2, 3, 4, 5])
def test_a_random_quarter(tmp_path: Path, seed: int) -> None:
    folder = make_folder(tmp_path / "county", seed)
    load(folder, date(2025, 1, 1))
    reckoner = Reckoner(folder, load_file(folder / "scheme.toml"), date(2025, 1, 1))
    ground = Place.objects.get(code=GROUND)
    for key in (*MONTHS, "2025-Q3"):
        rated = compare(close_period(None, ground, key, now=NOW), reckoner, key)
        assert rated > 40, key
    months = [reckoner.close(key) for key in MONTHS]
    for code in ("home", "village"):
        assert {line.drawn for month in months for line in month[code]} == {"red", "black", ""}
    # someone in need of help was drawn and taken off
    assert any(line.drawn != line.mark for month in months for line in month["home"])


@pytest.mark.slow
def test_the_same_by_the_command_line(tmp_path: Path) -> None:
    folder = make_folder(tmp_path / "county", 6)
    environment = {**os.environ, "XIANGYUE_DATA": str(tmp_path / "data")}
    environment.pop("DATABASE_URL", None)

    def run(*words: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", "from xiangyue.site.cli import main; main()", *words],
            env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    run("load", str(folder), "--begin", "2025-01-01")
    reckoner = Reckoner(folder, load_file(folder / "scheme.toml"), date(2025, 1, 1))
    for key in (*MONTHS, "2025-Q3"):
        run("close", GROUND, key, "--yes")
        told = json.loads(run("results", GROUND, key, "--format", "json"))
        expected = reckoner.close(key)
        assert {one["code"] for one in told["composites"]} == expected.keys()
        for one in told["composites"]:
            lines = expected[one["code"]]
            parts = [component.code for component in reckoner.scheme.composite(one["code"]).components]
            assert written(one["rows"], parts) == reckoned(lines)
            assert one["digest"] == reckoner.digest(1, key, lines)
    assert "不符" not in run("verify")
