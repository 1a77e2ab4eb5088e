"""Several statements in one trip to the server, where trips are what costs; one after the other on SQLite."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from weakref import WeakKeyDictionary

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
        return _carried([*_left_behind(), *questions])
    with connection.cursor() as cursor:
        return [_rows(cursor, question) for question in questions]


def tell(*commands: Command) -> None:
    """Carry out the commands, in their order; those without rows are left out."""
    if connection.vendor == "postgresql":
        told = [_from_json(command) for command in commands if command.rows]
        if _behind.open:
            _behind.told += told
        else:
            _carried(told)
        return
    connection.ensure_connection()
    for command in commands:
        if command.rows:
            marks = f"({', '.join(['?'] * len(command.rows[0]))})"
            connection.connection.executemany(command.sql.format(marks), command.rows)


@contextmanager
def trips_shared() -> Iterator[None]:
    """Within, commands wait for the next question and go with it in one trip; to be opened inside a transaction.

    They are carried out before any other statement and at the end, the last of them with the commit, so nobody sees a
    difference but the server.
    """
    if connection.vendor != "postgresql":
        yield
        return
    _behind.open, _behind.told = True, []
    try:
        with connection.execute_wrapper(_after_what_is_told):
            yield
        if told := _left_behind():
            # inside another transaction (a test's), or in one that is to be undone, there is nothing to commit
            ends = not connection.savepoint_ids and not connection.needs_rollback
            _carried(told, ends=ends)
    finally:
        _behind.open, _behind.told = False, []


def carry_out() -> None:
    """Carry out what waits to be told: for those who go past Django's cursors."""
    if told := _left_behind():
        _carried(told)


class _Behind(threading.local):
    """The commands of this thread that go with its next trip."""

    open = False

    def __init__(self) -> None:
        self.told: list[Question] = []


_behind = _Behind()


def _left_behind() -> list[Question]:
    told, _behind.told = _behind.told, []
    return told


def _after_what_is_told(execute: Callable[..., Any], *statement: Any) -> Any:
    carry_out()
    return execute(*statement)


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


def _carried(statements: Sequence[Question], *, ends: bool = False) -> list[Rows]:
    """Carry out all statements as one message, and give the rows of each that has any; `ends`: the transaction with them.

    A pipe of prepared statements would do the same, but the driver waits once for each statement in it, and at each wait
    another thread takes the interpreter: half of the time went into that.
    """
    if not statements:
        return []
    from psycopg import ClientCursor
    from psycopg.pq import TransactionStatus

    connection.ensure_connection()
    held = connection.connection
    plans = _PLANS.setdefault(held, _Plans())
    made, script, values = plans.script(statements)
    if not held.autocommit and held.info.transaction_status == TransactionStatus.IDLE:
        # the driver would begin the transaction by a trip of its own
        held.autocommit = True
        script = f"BEGIN;\n{script}"
    if ends:
        script = f"{script};\nCOMMIT"
    with connection.wrap_database_errors, ClientCursor(held) as cursor:
        cursor.execute(script, values)
        plans.names |= made  # now they are there: a statement of the server outlives the transaction it was made in
        found = []
        more: bool | None = True
        while more:
            # as `description` tells, which would describe every column for it
            if cursor.pgresult is not None and cursor.pgresult.nfields:
                found.append(cursor.fetchall())
            more = cursor.nextset()
    return found


@dataclass(slots=True)
class _Plans:
    """The prepared statements of one connection: text → name."""

    names: dict[str, str] = field(default_factory=dict)
    given: int = 0

    def script(self, statements: Sequence[Question]) -> tuple[dict[str, str], str, list[Any]]:
        """Names given for the first time, the statements as one text, and what to bind."""
        made: dict[str, str] = {}
        lines: list[str] = []
        for sql, values in statements:
            name = self.names.get(sql) or made.get(sql)
            if name is None and self.given < MOST_PLANS:
                self.given += 1
                name = made[sql] = f"xiangyue_{self.given}"
                lines.append(f"PREPARE {name} AS {_numbered(sql)}")
            marks = ", ".join(["%s"] * len(values))
            lines.append(sql if name is None else f"EXECUTE {name} ({marks})" if marks else f"EXECUTE {name}")
        return made, ";\n".join(lines), [_bound(value) for _sql, values in statements for value in values]


_PLANS: WeakKeyDictionary[Any, _Plans] = WeakKeyDictionary()
MOST_PLANS = 200
"""Texts that a connection keeps a plan of; those that come later are planned each time."""


def _bound(value: Any) -> Any:
    """The value; a list as the text that the server reads as a list, whatever of."""
    if not isinstance(value, list):
        return value
    return "{" + ",".join(str(one) if isinstance(one, int) else _quoted(str(one)) for one in value) + "}"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _numbered(sql: str) -> str:
    """The statement with $1, $2, … for its marks."""
    first, *rest = sql.split("%s")
    return first + "".join(f"${number}{text}" for number, text in enumerate(rest, 1))


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
        # OFFSET 0: the sequence is looked up once, not once a number
        sequence = f"(SELECT pg_get_serial_sequence('{table}', 'id')::regclass AS name OFFSET 0) AS sequence"
        return f"SELECT nextval(sequence.name) FROM {sequence}, generate_series(1, %s)", (count,)
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
