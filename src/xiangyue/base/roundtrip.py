"""Several statements in one trip to the server, where trips are what costs; one after the other on SQLite."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import JSONField, Model

type Question = tuple[str, Sequence[Any]]
"""A SELECT with %s marks, and its values."""
type Rows = list[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Command:
    """`INSERT INTO table (columns) VALUES {} …` and its rows, values as `base.bulk.stored` gives them.

    `json`: the columns that hold JSON, given as text.
    """

    sql: str
    rows: Sequence[Sequence[Any]]
    json: tuple[str, ...] = ()


def ask(*questions: Question) -> list[Rows]:
    """The rows of each question, in their order."""
    if connection.vendor == "postgresql":
        return _piped(questions, fetch=True)
    with connection.cursor() as cursor:
        return [_rows(cursor, question) for question in questions]


def tell(*commands: Command) -> None:
    """Carry out the commands, in their order; those without rows are left out."""
    if connection.vendor == "postgresql":
        _piped([_from_json(command) for command in commands if command.rows], fetch=False)
        return
    connection.ensure_connection()
    for command in commands:
        if command.rows:
            marks = f"({', '.join(['?'] * len(command.rows[0]))})"
            connection.connection.executemany(command.sql.format(marks), command.rows)


def plans_kept() -> list[Question]:
    """What lets a transaction run its prepared statements by the plans it made once; first in a trip, where needed.

    PostgreSQL would plan anew for every list of values, which takes longer than the few rows that are read. A plan made
    while a table was small must not read it whole when it has grown, so it goes by the indexes from the start.
    """
    if connection.vendor != "postgresql":
        return []
    settings = (("plan_cache_mode", "force_generic_plan"), ("enable_seqscan", "off"))
    chosen = ", ".join(f"set_config('{name}', '{value}', true)" for name, value in settings)
    return [(f"SELECT {chosen}", ())]


def among(column: str, values: Collection[Any]) -> tuple[str, list[Any]]:
    """The condition that `column` is one of the values, and what to bind; one text for one, one for any number."""
    listed = list(values)
    if len(listed) == 1:
        return f"{column} = %s", listed  # the plan for one is better than the plan for any number
    if connection.vendor == "postgresql":
        return f"{column} = ANY(%s)", [listed]
    return f"{column} IN ({', '.join(['%s'] * len(listed)) or 'NULL'})", listed


def _piped(statements: Sequence[Question], *, fetch: bool) -> list[Rows]:
    """All statements on their way before the first answer is waited for; prepared once a connection."""
    if not statements:
        return []
    from psycopg import Cursor

    connection.ensure_connection()
    held = connection.connection
    # Django turns preparing off for all; here it is asked for statement by statement, and for these only
    held.prepare_threshold = held.prepare_threshold or 5
    with connection.wrap_database_errors, held.pipeline() as pipe:
        # one message for all: sent one by one, each would wake the server and this thread again
        pipe._communicate_gen = _not_yet
        cursors = []
        try:
            for sql, values in statements:
                cursor = Cursor(held)
                cursor.execute(sql, values, prepare=True)
                cursors.append(cursor)
        finally:
            del pipe._communicate_gen
    # fetched when the pipe is closed: inside it, asking for the rows and closing it would be a trip each
    return [cursor.fetchall() for cursor in cursors] if fetch else []


def _not_yet() -> Iterator[Any]:
    """Sends nothing: closing the pipe does."""
    return iter(())


def _from_json(command: Command) -> Question:
    """The command taking its rows from one JSON text: the server takes it apart faster than we bind thousands."""
    sql, columns, held_json = _taking_json(command.sql, command.json)
    rows = [dict(zip(columns, row, strict=True)) for row in command.rows]
    for column in held_json:
        for row in rows:
            row[column] = json.loads(row[column])
    return sql, [json.dumps(rows, default=str, ensure_ascii=False)]


@cache
def _taking_json(sql: str, held: tuple[str, ...]) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    found = re.match(r'INSERT INTO "?(?P<table>\w+)"? \((?P<columns>[^)]*)\) VALUES \{\}', sql)
    if found is None:
        raise ValueError(f"not an insertion of rows: {sql[:80]}")
    columns = tuple(column.strip().strip('"') for column in found["columns"].split(","))
    listed = ", ".join(f'r."{column}"' for column in columns)
    rows = f'SELECT {listed} FROM json_populate_recordset(NULL::"{found["table"]}", %s::json) AS r'
    # ON CONFLICT after a SELECT needs a WHERE before it, or the two are read as a join
    return sql[: found.end() - len("VALUES {}")] + f"{rows} WHERE true" + sql[found.end() :], columns, held


def insertion(model: type[Model], fields: tuple[str, ...], rows: Sequence[Sequence[Any]]) -> Command:
    """The command that inserts rows given in the order of `fields` (model field names)."""
    sql, held = _insert_into(model, fields)
    return Command(sql, rows, held)


@cache
def _insert_into(model: type[Model], fields: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    columns: list[Any] = [model._meta.get_field(name) for name in fields]
    listed = ", ".join(f'"{column.column}"' for column in columns)
    held = tuple(str(column.column) for column in columns if isinstance(column, JSONField))
    return f'INSERT INTO "{model._meta.db_table}" ({listed}) VALUES {{}}', held


def ids_wanted(model: type[Model], count: int) -> Question:
    """The question for `count` fresh primary keys; `ids_given` reads the answer."""
    table = model._meta.db_table
    if connection.vendor == "postgresql":
        return f"SELECT nextval(pg_get_serial_sequence('{table}', 'id')) FROM generate_series(1, %s)", (count,)
    return "SELECT seq FROM sqlite_sequence WHERE name = %s", (table,)


def ids_given(rows: Rows, count: int) -> Sequence[int]:
    """The primary keys of that answer, ascending."""
    if connection.vendor == "postgresql":
        return [int(row[0]) for row in rows]
    first = (int(rows[0][0]) if rows else 0) + 1
    return range(first, first + count)


def _rows(cursor: Any, question: Question) -> Rows:
    cursor.execute(*question)
    rows: Rows = cursor.fetchall()
    return rows
