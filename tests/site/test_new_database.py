"""A new database is the one that all migrations lead to: the same tables, columns, keys, indexes, checks and triggers."""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.demo
STEP_BY_STEP = "from django.core.management import call_command; call_command('migrate', verbosity=0)"
IN_ONE_PIECE = "from xiangyue.site.commands.migrate import bring_up_to_date; bring_up_to_date()"


def made(data: Path, way: str) -> sqlite3.Connection:
    """The database that a process makes in a data folder of its own."""
    kept = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "XIANGYUE_LEAN")}
    subprocess.run(
        [sys.executable, "-c", f"from xiangyue.site.cli import start_django; start_django(); {way}"],
        env=kept | {"XIANGYUE_DATA": str(data), "DJANGO_SETTINGS_MODULE": "xiangyue.site.settings"},
        check=True,
        timeout=1200,
    )
    return sqlite3.connect(data / "xiangyue.sqlite3")


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


def test_each_migration_says_what_it_does_by_hand() -> None:
    """One that did not would send every new database through all steps again."""
    from django.db.migrations.loader import MigrationLoader

    from xiangyue.site.new_database import said

    migrations = MigrationLoader(None).disk_migrations.values()
    assert [str(migration) for migration in migrations if not said(migration)] == []
