"""Every job that a page starts is known to the server's worker from its start, whatever else was imported."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2] / "src" / "xiangyue"
DECLARED = re.compile(r"^@work\((.+)\)", re.MULTILINE)
ASKED = """
from xiangyue.site.cli import start_django
start_django()
from xiangyue.base.jobs import WORK
print("\\n".join(WORK))
"""


def declared() -> set[str]:
    """The kinds of jobs in the source: as they are written, or as the name they are written with says."""
    found = set()
    for file in SOURCE.rglob("*.py"):
        text = file.read_text(encoding="utf-8")
        found |= {kind.strip('"') if kind.startswith('"') else _said(kind, text) for kind in DECLARED.findall(text)}
    return found


def _said(name: str, text: str) -> str:
    rows: list[tuple[str, str]] = re.findall(r"^([A-Z][A-Z, ]*) = (.+)$", text, re.MULTILINE)
    left, right = next(row for row in rows if name in row[0])
    return right.split(", ")[left.split(", ").index(name)].strip('"')


def test_the_worker_knows_every_job(tmp_path: Path) -> None:
    told = subprocess.run(
        [sys.executable, "-c", ASKED],
        env=os.environ | {"XIANGYUE_DATA": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    wanted = declared()
    assert {"standings.verify", "desk.check", "desk.apply"} <= wanted
    assert wanted <= set(told.stdout.split())
