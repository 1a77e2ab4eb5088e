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

type Columns = tuple[int, list[int], list[int], list[int]]
"""A kind; its subjects, how many sheets each has, and their totals."""


def counted(listed: str, ground: str, mark: str) -> str:
    """The statement for a month's counted checks: ground, kind, and the subjects, numbers and totals each in a list.

    `listed` is the database's function that gathers values in a list, `ground` what stands for the ground's key, `mark`
    the database's mark of a parameter. A list a column is taken apart in a tenth of the time of a list a row.
    """
    return (
        f"SELECT ground_id, kind_id, {listed}(subject_id), {listed}(n), {listed}(total) FROM"
        " (SELECT ground_id, kind_id, subject_id, COUNT(*) AS n, SUM(score) AS total FROM checks_check"
        f" WHERE state = 1 AND ground_id = {ground} AND month = {mark} GROUP BY ground_id, kind_id, subject_id) AS c"
        " GROUP BY ground_id, kind_id"
    )


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


class Asked:
    """What one statement found, on a connection of its own that tells whether anybody has committed since."""

    def __init__(self, file: Path) -> None:
        self._base = sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True, check_same_thread=False)
        self._base.execute("PRAGMA mmap_size = 1073741824")
        self._version = self._seen()

    def rows(self, statement: str, params: tuple[Any, ...]) -> list[Any]:
        """All rows of a statement."""
        return self._base.execute(statement, params).fetchall()

    def is_fresh(self) -> bool:
        """Whether what was found still holds; inside a write it does so to the end."""
        return self._seen() == self._version

    def _seen(self) -> int:
        return int(self._base.execute("PRAGMA data_version").fetchone()[0])


class Ahead:
    """A count under way; the ground's places are asked for first, since they are wanted first."""

    def __init__(self, file: Path, ground: str, month: int) -> None:
        self.month = month
        self._file, self._ground = file, ground
        self._bounds: tuple[str, str, str] | None = None
        self._places: tuple[Asked, list[Any]] | None = None
        self._found: tuple[Asked, list[tuple[int, int, str, str, str]]] | None = None
        self._have_places = threading.Event()
        self._thread = threading.Thread(target=self._ask, daemon=True)
        self._thread.start()

    def columns(self, ground_id: int, month: int) -> list[Columns] | None:
        """The rows of `counted` without the ground; None when it is not what is asked, or not up to date.

        To be asked inside the write that uses it: nobody else can commit until its end.
        """
        self._thread.join()
        if self._found is None or month != self.month or not self._found[0].is_fresh():
            return None
        rows = self._found[1]
        if not rows or any(row[0] != ground_id for row in rows):
            return None
        return [(kind, *map(json.loads, lists)) for _, kind, *lists in rows]

    def places(self, begin: str, end: str, day: str) -> list[Any] | None:
        """The rows of `siblings` in that range of paths on that day, of all levels; None as of `columns`."""
        self._have_places.wait()
        if self._places is None or self._bounds != (begin, end, day) or not self._places[0].is_fresh():
            return None
        return self._places[1]

    def _ask(self) -> None:
        try:
            self._ask_places(Asked(self._file))
            self._have_places.set()
            counting = Asked(self._file)
            ground = "(SELECT id FROM places_place WHERE code = ?)"
            statement = counted("json_group_array", ground, "?")
            self._found = (counting, counting.rows(statement, (self._ground, self.month)))
        except (sqlite3.Error, ValueError):
            # whatever is the matter, the close itself will meet it and say so
            self._found = None
        finally:
            self._have_places.set()

    def _ask_places(self, asking: Asked) -> None:
        for (path,) in asking.rows("SELECT path FROM places_place WHERE code = ?", (self._ground,)):
            year, month = divmod(self.month, 100)
            day = f"{year}-{month:02d}-{monthrange(year, month)[1]:02d}"
            self._bounds = (path, path[:-1] + "0", day)
            found = asking.rows(siblings("json_group_array", "?", 0), (*self._bounds, day))
            self._places = (asking, found)


def ahead_of(ground: str, key: str) -> Ahead | None:
    """The count of a month begun; None for longer periods, other databases, or where there is nothing on file yet."""
    file = Path(os.environ.get("XIANGYUE_DATA", "data")) / "xiangyue.sqlite3"
    year, _, month = key.partition("-")
    if os.environ.get("DATABASE_URL") or not file.exists() or not (year.isdigit() and month.isdigit()):
        return None
    return Ahead(file, ground, int(year) * 100 + int(month))
