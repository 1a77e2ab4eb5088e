"""Short immediate writes: one transaction each, taken for writing from its first statement."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def write() -> Iterator[None]:
    """One short transaction (SQLite begins it IMMEDIATE by settings); nested use joins the outer one."""
    with transaction.atomic():
        yield


def alone(name: str) -> None:
    """Inside a transaction: wait until no other transaction holds `name`; freed at its end.

    SQLite's immediate transaction is alone already; PostgreSQL takes an advisory lock.
    """
    _lock("pg_advisory_xact_lock", name)


def alongside(name: str) -> None:
    """Inside a transaction: wait while another holds `name` alone, and keep it from doing so until this one's end.

    Those alongside do not wait for each other.
    """
    _lock("pg_advisory_xact_lock_shared", name)


def alongside_question(name: str) -> list[tuple[str, tuple[int]]]:
    """The question that waits as `alongside` does, to be asked with others in one trip; none where it is not needed."""
    if connection.vendor != "postgresql":
        return []
    return [("SELECT pg_advisory_xact_lock_shared(%s)", (_key(name),))]


def _lock(function: str, name: str) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {function}(%s)", [_key(name)])


def _key(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
