"""Counts a month's checks beside the program's start, so that a close from the command line waits for it less.

On SQLite only, and without Django: two statements in a thread of their own, which hold no lock of the interpreter while
they run. What they found is taken only if no commit has come in between (`data_version`); otherwise the close asks itself.
"""

from __future__ import annotations

import json
import os
import sqlite3
import threading
from calendar import monthrange
from pathlib import Path
from typing import Any

STATEMENT = """SELECT ground_id, json_group_array(json_array(kind_id, subject_id, n, total, low, high)) FROM
(SELECT ground_id, kind_id, subject_id, COUNT(*) AS n, SUM(score) AS total, 0 AS low, 0 AS high FROM checks_check
WHERE state = 1 AND ground_id = (SELECT id FROM places_place WHERE code = ?) AND month = ?
GROUP BY kind_id, subject_id)"""


def siblings(listed: str, mark: str, n_levels: int) -> str:
    """The statement for the places of a path's range on a day, those of one parent, level and class in one row.

    `listed` is the database's function that gathers values in a list, `mark` its mark of a parameter.
    """
    asked = f" AND level IN ({', '.join([mark] * n_levels)})" if n_levels else ""
    # the plus keeps SQLite from a walk along the parents' index, which jumps about in the table
    return (
        f"SELECT {listed}(id), {listed}(code), level, MIN(path), place_class FROM places_place"
        f" WHERE path >= {mark} AND path < {mark} AND from_on <= {mark} AND (to_on IS NULL OR to_on >= {mark}){asked}"
        " GROUP BY +parent_id, level, place_class"
    )


class Ahead:
    """A count under way."""

    def __init__(self, file: Path, ground: str, month: int) -> None:
        self.month = month
        self._file, self._ground = file, ground
        self._version = 0
        self._found: tuple[int | None, str] | None = None
        self._base: sqlite3.Connection | None = None
        self._bounds: tuple[str, str, str] | None = None
        self._places: list[Any] = []
        self._thread = threading.Thread(target=self._count, daemon=True)
        self._thread.start()

    def rows(self, ground_id: int, month: int) -> list[Any] | None:
        """(kind, subject, n, total, 0, 0) of each subject; None when it is not what is asked, or not up to date.

        To be asked inside the write that uses it: nobody else can commit until its end.
        """
        if not self._is_fresh() or self._found is None:
            return None
        counted_for, text = self._found
        if counted_for != ground_id or month != self.month:
            return None
        found: list[Any] = json.loads(text)
        return found

    def places(self, begin: str, end: str, day: str) -> list[Any] | None:
        """The rows of `siblings` in that range of paths on that day, of all levels; None as of `rows`."""
        return self._places if self._is_fresh() and self._bounds == (begin, end, day) else None

    def _is_fresh(self) -> bool:
        self._thread.join()
        if self._base is None:
            return False
        return bool(self._base.execute("PRAGMA data_version").fetchone()[0] == self._version)

    def _count(self) -> None:
        try:
            base = sqlite3.connect(f"{self._file.absolute().as_uri()}?mode=ro", uri=True, check_same_thread=False)
            base.execute("PRAGMA mmap_size = 1073741824")
            self._version = base.execute("PRAGMA data_version").fetchone()[0]
            self._found = base.execute(STATEMENT, (self._ground, self.month)).fetchone()
            row = base.execute("SELECT path FROM places_place WHERE code = ?", (self._ground,)).fetchone()
            if row is not None:
                year, month = divmod(self.month, 100)
                day = f"{year}-{month:02d}-{monthrange(year, month)[1]:02d}"
                bounds = (row[0], row[0][:-1] + "0", day)
                self._places = base.execute(siblings("json_group_array", "?", 0), (*bounds, day)).fetchall()
                self._bounds = bounds
            self._base = base
        except (sqlite3.Error, ValueError):
            # whatever is the matter, the close itself will meet it and say so
            self._found = None


def ahead_of(ground: str, key: str) -> Ahead | None:
    """The count of a month begun; None for longer periods, other databases, or where there is nothing on file yet."""
    file = Path(os.environ.get("XIANGYUE_DATA", "data")) / "xiangyue.sqlite3"
    year, _, month = key.partition("-")
    if os.environ.get("DATABASE_URL") or not file.exists() or not (year.isdigit() and month.isdigit()):
        return None
    return Ahead(file, ground, int(year) * 100 + int(month))
