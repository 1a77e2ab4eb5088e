"""A PostgreSQL server of their own for the tests that ask for one, whatever database the rest of the run is on."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest

from tools import with_postgres


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a throw-away server. Mark the test `postgres`, so that it is skipped where there is none."""
    with with_postgres.server() as url:
        yield url


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """The DATABASE_URL of an empty database on it."""
    with empty_database(postgres_server) as url:
        yield url


@contextmanager
def empty_database(server: str) -> Iterator[str]:
    """The DATABASE_URL of a database on the server that goes when it was used."""
    import dj_database_url

    name = f"t{uuid.uuid4().hex[:12]}"
    host = dj_database_url.parse(server)["HOST"]
    with psycopg.connect(host=host, user="postgres", dbname="postgres", autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}".encode())
        yield f"{server.rsplit('/', 1)[0]}/{name}"
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())
