"""Several statements in one trip to the server, where trips are what costs; one after the other on SQLite."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Model

PART = 500
"""Rows of one statement on PostgreSQL."""

type Question = tuple[str, Sequence[Any]]
"""A SELECT with %s marks, and its values."""
type Rows = list[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Command:
    """An INSERT whose `{}` stands for the marks of a row, and its rows, values as `base.bulk.stored` gives them."""

    sql: str
    rows: Sequence[Sequence[Any]]


def ask(*questions: Question) -> list[Rows]:
    """The rows of each question, in their order."""
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            return [_rows(cursor, question) for question in questions]
        # psycopg binds values on this side, so that several statements can go as one
        sql = ";\n".join(question[0] for question in questions)
        cursor.execute(sql, [value for question in questions for value in question[1]])
        found: list[Rows] = [cursor.fetchall()]
        while cursor.nextset():
            found.append(cursor.fetchall())
    return found


def tell(*commands: Command) -> None:
    """Carry out the commands, in their order; those without rows are left out."""
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        for command in commands:
            if command.rows:
                marks = f"({', '.join(['?'] * len(command.rows[0]))})"
                connection.connection.executemany(command.sql.format(marks), command.rows)
        return
    sql: list[str] = []
    values: list[Any] = []
    for command in commands:
        for start in range(0, len(command.rows), PART):
            part = command.rows[start : start + PART]
            marks = f"({', '.join(['%s'] * len(part[0]))})"
            sql.append(command.sql.format(", ".join([marks] * len(part))))
            values += [value for row in part for value in row]
    if sql:
        with connection.cursor() as cursor:
            cursor.execute(";\n".join(sql), values)


def insertion(model: type[Model], fields: Sequence[str], rows: Sequence[Sequence[Any]]) -> Command:
    """The command that inserts rows given in the order of `fields` (model field names)."""
    quote = connection.ops.quote_name
    columns: list[Any] = [model._meta.get_field(name) for name in fields]
    listed = ", ".join(quote(column.column) for column in columns)
    return Command(f"INSERT INTO {quote(model._meta.db_table)} ({listed}) VALUES {{}}", rows)


def ids_wanted(model: type[Model], count: int) -> Question:
    """The question for `count` fresh primary keys; `ids_given` reads the answer."""
    table = model._meta.db_table
    if connection.vendor == "postgresql":
        return f"SELECT nextval(pg_get_serial_sequence('{table}', 'id')) FROM generate_series(1, {count})", ()
    return "SELECT seq FROM sqlite_sequence WHERE name = %s", (table,)


def ids_given(rows: Rows, count: int) -> Sequence[int]:
    """The primary keys of that answer, ascending."""
    if connection.vendor == "postgresql":
        return [int(row[0]) for row in rows]
    first = (int(rows[0][0]) if rows else 0) + 1
    return range(first, first + count)


def marks(values: Sequence[Any]) -> str:
    """The marks of a list of values; of an empty list what nothing equals."""
    return ", ".join(["%s"] * len(values)) or "NULL"


def _rows(cursor: Any, question: Question) -> Rows:
    cursor.execute(*question)
    rows: Rows = cursor.fetchall()
    return rows
