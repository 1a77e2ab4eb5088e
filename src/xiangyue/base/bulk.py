"""Many rows at once, past the model layer: executemany on SQLite, COPY on PostgreSQL."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import cache
from itertools import batched, chain
from threading import Thread
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Model

from xiangyue.base.roundtrip import carry_out

AT_ONCE = 900
"""Values in one statement: what every SQLite takes."""
MOST_AT_ONCE = 30_000
"""Values in one statement of those that go in beside, where SQLite takes so many."""
HAND_OVER = 0.0002
"""Seconds after which a thread gives the interpreter to one that waits, while rows go in beside."""


def insert_rows(model: type[Model], fields: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows given as tuples in the order of `fields` (model field names); values as the database stores them.

    Dates and instants may be given as Python values. Nothing is validated here beyond the database's constraints.
    """
    if connection.vendor == "postgresql":
        carry_out()
        with connection.cursor() as cursor, cursor.copy(f"COPY {_into(model, fields)} FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        return
    connection.ensure_connection()
    _insert(connection.connection, _into(model, fields), len(fields), rows)


def insert_beside(model: type[Model], fields: Sequence[str], rows: Iterable[Sequence[Any]]) -> Callable[[], None]:
    """`insert_rows` begun beside the caller, who calls what is given back before the database is asked for anything else.

    SQLite writes without the interpreter, so that two processors share the work; elsewhere the rows are in at once.
    """
    if connection.vendor != "sqlite":
        insert_rows(model, fields, rows)
        return lambda: None
    connection.ensure_connection()
    base, into = connection.connection, _into(model, fields)
    # in few long statements, so that the two seldom wait for the interpreter
    at_once = min(MOST_AT_ONCE, base.getlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER))
    broken: list[BaseException] = []

    def insert() -> None:
        try:
            _insert(base, into, len(fields), rows, at_once)
        except BaseException as error:
            broken.append(error)

    before = sys.getswitchinterval()
    # each statement gives the interpreter away and wants it back: not after five thousandths of a second
    sys.setswitchinterval(HAND_OVER)
    thread = Thread(target=insert)
    thread.start()

    def wait() -> None:
        thread.join()
        sys.setswitchinterval(before)
        if broken:
            raise broken.pop()

    return wait


def _into(model: type[Model], fields: Sequence[str]) -> str:
    columns = [str(model._meta.get_field(name).column) for name in fields]  # type: ignore[union-attr]
    quote = connection.ops.quote_name
    return f"{quote(model._meta.db_table)} ({', '.join(map(quote, columns))})"


def _insert(base: Any, into: str, n_columns: int, rows: Iterable[Sequence[Any]], at_once: int = AT_ONCE) -> None:
    marks = f"({', '.join(['?'] * n_columns)})"
    # many rows a statement: what SQLite does once a statement costs as much as a narrow row itself
    for values in sorted({at_once, AT_ONCE, n_columns}, reverse=True):
        each = max(1, values // n_columns)
        rest: list[Sequence[Any]] = []
        some = _flat(batched(rows, each), each, rest)
        first = next(some, None)
        if first is not None:
            base.executemany(f"INSERT INTO {into} VALUES {', '.join([marks] * each)}", chain([first], some))
        rows = rest


def _flat(some: Iterable[tuple[Sequence[Any], ...]], each: int, rest: list[Sequence[Any]]) -> Iterator[tuple[Any, ...]]:
    """The values of `each` rows at a time in one tuple; what is left over at the end goes into `rest`."""
    for rows in some:
        if len(rows) == each:
            yield tuple(chain.from_iterable(rows))
        else:
            rest.extend(rows)


def update_rows(model: type[Model], fields: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Set `fields` of rows given as tuples: the values in that order, then the primary key; as `stored` gives them."""
    quote = connection.ops.quote_name
    sets = ", ".join(f"{quote(str(model._meta.get_field(name).column))} = %s" for name in fields)  # type: ignore[union-attr]
    key = quote(str(model._meta.pk.column))
    with connection.cursor() as cursor:
        cursor.executemany(f"UPDATE {quote(model._meta.db_table)} SET {sets} WHERE {key} = %s", rows)


def next_ids(model: type[Model], count: int) -> Sequence[int]:
    """`count` fresh primary keys, ascending: rows can be tied together before they are stored.

    To be used in the same write transaction; on SQLite that transaction is the only writer.
    """
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count]
            )
            return [int(row[0]) for row in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        row = cursor.fetchone()
    first = (int(row[0]) if row else 0) + 1
    return range(first, first + count)


def stored(value: Any) -> Any:
    """A date, instant or UUID in the form that `insert_rows` takes on this database; other values as they are."""
    if not isinstance(value, date | UUID) or _keeps_types():
        return value
    if isinstance(value, datetime):
        return str(value.astimezone(UTC).replace(tzinfo=None))
    return value.hex if isinstance(value, UUID) else value.isoformat()


@cache
def _keeps_types() -> bool:
    # asked for each value; a process has one kind of database
    return bool(connection.vendor == "postgresql")


@contextmanager
def roomy(megabytes: int = 256) -> Iterator[None]:
    """A large page cache on SQLite while very many rows come in, so that index pages are written once, not often."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA cache_size")
        before = int(cursor.fetchone()[0])
        cursor.execute(f"PRAGMA cache_size = {-1024 * megabytes}")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA cache_size = {before}")
