"""A new database made in one piece: the tables as the last migration leaves them, instead of every step on the way."""

from __future__ import annotations

from django.db import connection, transaction
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import Migration, RunPython, RunSQL
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ProjectState

SCHEMA = "schema"
"""The hint of an operation that makes by hand what no model has, such as triggers: it runs on a new database too."""


def make_new() -> bool:
    """Whether the database was empty and has been made; one that holds anything is left to its migrations.

    Operations that move rows have nothing to move here, and are not run.
    """
    executor = MigrationExecutor(connection)
    if executor.loader.applied_migrations or connection.introspection.table_names():
        return False
    targets = executor.loader.graph.leaf_nodes()
    plan = [migration for migration, _backwards in executor.migration_plan(targets)]
    state = executor.loader.project_state(targets)
    executor.recorder.ensure_schema()
    # SQLite makes tables only while it doesn't look at foreign keys
    with connection.schema_editor(atomic=True) as editor:
        for model in state.apps.get_models():
            if model._meta.can_migrate(connection):
                editor.create_model(model)
        for migration in plan:
            _by_hand(migration, editor, state)
    with transaction.atomic():
        for migration in plan:
            executor.recorder.record_applied(migration.app_label, migration.name)
    return True


def _by_hand(migration: Migration, editor: BaseDatabaseSchemaEditor, state: ProjectState) -> None:
    for operation in migration.operations:
        if isinstance(operation, RunPython | RunSQL) and operation.hints.get(SCHEMA):
            operation.database_forwards(migration.app_label, editor, state, state)
