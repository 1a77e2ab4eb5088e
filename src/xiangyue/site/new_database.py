"""A new database made in one piece: the tables as the last migration leaves them, instead of every step on the way."""

from __future__ import annotations

from django.db import connection
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import Migration, RunPython, RunSQL
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ProjectState

SCHEMA, ROWS = "schema", "rows"
"""The hints of what a migration does by hand: it makes what no model has, such as triggers, and runs here too; or it moves
rows, of which a new database has none."""


def make_new() -> bool:
    """Whether the database was empty and has been made; one that holds anything is left to its migrations.

    So is a new one while an operation of ours is done by hand and does not say which of the two it is.
    """
    executor = MigrationExecutor(connection)
    if executor.loader.applied_migrations or connection.introspection.table_names():
        return False
    targets = executor.loader.graph.leaf_nodes()
    plan = [migration for migration, _backwards in executor.migration_plan(targets)]
    if any(not said(migration) for migration in plan):
        return False
    state = executor.loader.project_state(targets)
    executor.recorder.ensure_schema()
    # SQLite makes tables only while it doesn't look at foreign keys
    with connection.schema_editor(atomic=True) as editor:
        for model in state.apps.get_models():
            if model._meta.can_migrate(connection):
                editor.create_model(model)
        for migration in plan:
            _by_hand(migration, editor, state)
        # in the same transaction: killed on the way, it is still an empty database
        for migration in plan:
            executor.recorder.record_applied(migration.app_label, migration.name)
    return True


def said(migration: Migration) -> bool:
    """Whether each operation of ours that is done by hand says by a hint what it does; the packages' own move rows."""
    return not migration.__module__.startswith("xiangyue.") or all(
        operation.hints.get(SCHEMA) or operation.hints.get(ROWS)
        for operation in migration.operations
        if isinstance(operation, RunPython | RunSQL)
    )


def _by_hand(migration: Migration, editor: BaseDatabaseSchemaEditor, state: ProjectState) -> None:
    for operation in migration.operations:
        if isinstance(operation, RunPython | RunSQL) and operation.hints.get(SCHEMA):
            operation.database_forwards(migration.app_label, editor, state, state)
