"""Many rows at once, past the model layer: executemany on SQLite, COPY on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from itertools import batched, chain
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Model

AT_ONCE = 900
"""Values in one statement: what every SQLite takes."""


def insert_rows(model: type[Model], fields: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows given as tuples in the order of `fields` (model field names); values as the database stores them.

    Dates and instants may be given as Python values. Nothing is validated here beyond the database's constraints.
    """
    columns = [model._meta.get_field(name).column for name in fields]  # type: ignore[union-attr]
    quote = connection.ops.quote_name
    table = quote(model._meta.db_table)
    listed = ", ".join(quote(str(column)) for column in columns)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({listed}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        return
    marks = f"({', '.join(['?'] * len(columns))})"
    connection.ensure_connection()
    many = connection.connection.executemany
    statement = f"INSERT INTO {table} ({listed}) VALUES "
    # many rows a statement: what SQLite does once a statement costs as much as a narrow row itself
    each = max(1, AT_ONCE // len(columns))
    some = batched(rows, each)
    first = next(some, ())
    rest: list[Sequence[Any]] = list(first)
    if len(first) == each:
        rest.clear()
        many(statement + ", ".join([marks] * each), _flat(chain([first], some), each, rest))
    many(statement + marks, rest)


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
    if connection.vendor == "postgresql":
        return value
    if isinstance(value, datetime):
        return str(value.astimezone(UTC).replace(tzinfo=None))
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID):
        return value.hex
    return value


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
