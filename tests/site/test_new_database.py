"""A new database is the one that all migrations lead to: the same tables, columns, keys, indexes, checks and triggers."""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from tests.postgres import empty_database

pytestmark = pytest.mark.demo
STEP_BY_STEP = "from django.core.management import call_command; call_command('migrate', verbosity=0)"
IN_ONE_PIECE = "from xiangyue.site.commands.migrate import bring_up_to_date; bring_up_to_date()"


def made(data: Path, way: str) -> sqlite3.Connection:
    """The database that a process makes in a data folder of its own."""
    run(data, way, {})
    return sqlite3.connect(data / "xiangyue.sqlite3")


def run(data: Path, way: str, more: dict[str, str]) -> None:
    """Make a database in a process of its own."""
    kept = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "XIANGYUE_LEAN")}
    subprocess.run(
        [sys.executable, "-c", f"from xiangyue.site.cli import start_django; start_django(); {way}"],
        env=kept | {"XIANGYUE_DATA": str(data), "DJANGO_SETTINGS_MODULE": "xiangyue.site.settings"} | more,
        check=True,
        timeout=1200,
    )


def shape(base: sqlite3.Connection) -> dict[str, object]:
    """What is in the database, apart from the order in which columns came."""
    found: dict[str, object] = {}
    for kind, name, table, text in base.execute("SELECT type, name, tbl_name, sql FROM sqlite_master").fetchall():
        if kind == "table":
            columns = sorted(row[1:] for row in base.execute(f'PRAGMA table_info("{name}")'))
            keys = sorted(row[2:] for row in base.execute(f'PRAGMA foreign_key_list("{name}")'))
            found[name] = [columns, keys, checks(text or "")]
        else:
            found[f"{kind} {name}"] = [table, re.sub(r"\s+", " ", text or "")]
    return found


def checks(text: str) -> list[str]:
    """The named checks and uniques of a table's definition."""
    return sorted(
        re.sub(r'\s+|"', "", part) for part in re.findall(r"CONSTRAINT.+?(?=, CONSTRAINT|$)", text, re.DOTALL)
    )


def test_a_new_database_is_what_all_migrations_lead_to(tmp_path: Path) -> None:
    new = made(tmp_path / "new", IN_ONE_PIECE)
    migrated = made(tmp_path / "migrated", STEP_BY_STEP)
    assert shape(new) == shape(migrated)
    applied = "SELECT app, name FROM django_migrations ORDER BY app, name"
    assert new.execute(applied).fetchall() == migrated.execute(applied).fetchall()
    kinds = "SELECT app_label, model FROM django_content_type ORDER BY 1, 2"
    assert new.execute(kinds).fetchall() == migrated.execute(kinds).fetchall()


IN_PARTS = {
    "columns": "SELECT table_name, column_name, data_type, udt_name, character_maximum_length, numeric_precision, is_nullable,"
    " column_default, is_identity, collation_name FROM information_schema.columns WHERE table_schema = 'public'",
    "indexes": "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "constraints": "SELECT conrelid::regclass::text, contype::text, condeferrable, condeferred,"
    " CASE contype WHEN 'n' THEN '' ELSE conname END, pg_get_constraintdef(oid) FROM pg_constraint"
    " WHERE connamespace = 'public'::regnamespace",
    "triggers": "SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
    "functions": "SELECT proname, pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
    "sequences": "SELECT sequencename, data_type::text, start_value, increment_by FROM pg_sequences"
    " WHERE schemaname = 'public'",
    "applied": "SELECT app, name FROM django_migrations",
    "kinds": "SELECT app_label, model FROM django_content_type",
}
"""What a PostgreSQL database is made of, apart from the order in which columns came and the names of NOT NULLs."""


@pytest.mark.postgres
def test_a_new_database_on_postgresql_is_what_all_migrations_lead_to(tmp_path: Path, postgres_server: str) -> None:
    found = []
    for way in (IN_ONE_PIECE, STEP_BY_STEP):
        with empty_database(postgres_server) as url:
            run(tmp_path, way, {"DATABASE_URL": url})
            with psycopg.connect(url) as base:
                found.append({part: sorted(base.execute(asked.encode()), key=repr) for part, asked in IN_PARTS.items()})
    new, migrated = found
    for part in IN_PARTS:
        assert new[part] == migrated[part], part
    assert new["columns"]
    assert new["triggers"] or new["constraints"]


def test_each_migration_says_what_it_does_by_hand() -> None:
    """One that did not would send every new database through all steps again."""
    from django.db.migrations.loader import MigrationLoader

    from xiangyue.site.new_database import said

    migrations = MigrationLoader(None).disk_migrations.values()
    assert [str(migration) for migration in migrations if not said(migration)] == []
