"""Counts a month's checks beside the program's start, so that a close from the command line waits for it less.

On SQLite only, and without Django: one statement in a thread of its own, which holds no lock of the interpreter while
it runs. The count is taken only if no commit has come in between (`data_version`); otherwise the close counts itself.
"""

from __future__ import annotations

import json
import os
import sqlite3
import threading
from pathlib import Path
from typing import Any

STATEMENT = """SELECT ground_id, json_group_array(json_array(kind_id, subject_id, n, total, low, high)) FROM
(SELECT ground_id, kind_id, subject_id, COUNT(*) AS n, SUM(score) AS total, 0 AS low, 0 AS high FROM checks_check
WHERE state = 1 AND ground_id = (SELECT id FROM places_place WHERE code = ?) AND month = ?
GROUP BY kind_id, subject_id)"""


class Ahead:
    """A count under way."""

    def __init__(self, file: Path, ground: str, month: int) -> None:
        self.month = month
        self._file, self._ground = file, ground
        self._version = 0
        self._found: tuple[int | None, str] | None = None
        self._base: sqlite3.Connection | None = None
        self._thread = threading.Thread(target=self._count, daemon=True)
        self._thread.start()

    def rows(self, ground_id: int, month: int) -> list[Any] | None:
        """(kind, subject, n, total, 0, 0) of each subject; None when it is not what is asked, or not up to date.

        To be asked inside the write that uses it: nobody else can commit until its end.
        """
        self._thread.join()
        if self._base is None or self._found is None:
            return None
        now = self._base.execute("PRAGMA data_version").fetchone()[0]
        counted_for, text = self._found
        if now != self._version or counted_for != ground_id or month != self.month:
            return None
        found: list[Any] = json.loads(text)
        return found

    def _count(self) -> None:
        try:
            base = sqlite3.connect(f"{self._file.absolute().as_uri()}?mode=ro", uri=True, check_same_thread=False)
            base.execute("PRAGMA mmap_size = 1073741824")
            self._version = base.execute("PRAGMA data_version").fetchone()[0]
            self._found = base.execute(STATEMENT, (self._ground, self.month)).fetchone()
            self._base = base
        except sqlite3.Error:
            # whatever is the matter, the close itself will meet it and say so
            self._found = None


def ahead_of(ground: str, key: str) -> Ahead | None:
    """The count of a month begun; None for longer periods, other databases, or where there is nothing on file yet."""
    file = Path(os.environ.get("XIANGYUE_DATA", "data")) / "xiangyue.sqlite3"
    year, _, month = key.partition("-")
    if os.environ.get("DATABASE_URL") or not file.exists() or not (year.isdigit() and month.isdigit()):
        return None
    return Ahead(file, ground, int(year) * 100 + int(month))
