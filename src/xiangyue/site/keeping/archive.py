"""Backup and restore: one .tar.gz with every table as CSV, the files, the instance's key and a manifest.

The archive says nothing of the database it came from: a county's pilot on SQLite is restored into PostgreSQL by it.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.db.migrations.recorder import MigrationRecorder

from xiangyue.base.bulk import insert_rows
from xiangyue.base.problems import Problem, problem_kind
from xiangyue.site.keeping.values import from_text, to_text
from xiangyue.site.keeping.words import table_words

FORMAT = 1
SAY = Callable[[str, int], None]
LEFT_OUT = {"sessions.session", "django_tasks_db.dbtaskresult", "auth.permission", "contenttypes.contenttype"}
csv.field_size_limit(1 << 30)

NOT_EMPTY = problem_kind(
    "restore_not_empty",
    "这里已有数据（{rows} 个区划），恢复会与它混在一起，所以没有做。",
    "请用 XIANGYUE_DATA 指到一个新的空文件夹（或换一个空的 DATABASE_URL）再恢复。",
    409,
)
NOT_ARCHIVE = problem_kind(
    "restore_not_archive", "{file} 不是乡约的备份文件：{why}。", "请选用 xiangyue backup 做出的 .tar.gz 文件。"
)
OTHER_VERSION = problem_kind(
    "restore_other_version",
    "备份里的表结构（{theirs}）与本程序（{ours}）不同。",
    "请用做备份时的程序版本恢复，再升级。",
)


def kept_models() -> list[type[models.Model]]:
    """Every model whose rows an archive holds, those referred to before those that refer."""
    every = [model for model in apps.get_models() if model._meta.managed and not model._meta.proxy]
    wanted = [model for model in every if model._meta.label_lower not in LEFT_OUT]
    placed: list[type[models.Model]] = []
    while wanted:
        ready = [model for model in wanted if not _needs(model) & (set(wanted) - {model})] or wanted[:1]
        placed += ready
        wanted = [model for model in wanted if model not in ready]
    return placed


def _needs(model: type[models.Model]) -> set[Any]:
    return {field.related_model for field in model._meta.concrete_fields if isinstance(field, models.ForeignKey)}


def schema_state() -> str:
    """The digest of the applied migrations: two instances with the same one have the same tables."""
    applied = sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations())
    return hashlib.sha256("\n".join(applied).encode()).hexdigest()[:12]


def back_up(target: Path, say: SAY) -> dict[str, int]:
    """Write the archive to `target`; the rows by table. Half an archive is never left under that name."""
    counts: dict[str, int] = {}
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(target.name + ".part")
    with tempfile.TemporaryDirectory(dir=target.parent) as folder, tarfile.open(part, "w:gz", compresslevel=3) as tar:
        digests = {}
        with Snapshot():
            for model in kept_models():
                file = Path(folder) / f"{model._meta.label_lower}.csv"
                counts[model._meta.label_lower] = _write_table(model, file)
                digests[model._meta.label_lower] = _digest(file)
                tar.add(file, f"tables/{file.name}")
                say(model._meta.label_lower, counts[model._meta.label_lower])
                file.unlink()
        _add_files(tar)
        manifest = {"format": FORMAT, "schema": schema_state(), "rows": counts, "sha256": digests}
        _add_text(tar, "manifest.json", json.dumps(manifest, indent=1))
    os.chmod(part, 0o600)
    part.replace(target)
    return counts


class Snapshot:
    """One consistent view of all tables, without keeping writers out."""

    def __enter__(self) -> None:
        connection.ensure_connection()
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            else:
                cursor.execute("BEGIN DEFERRED")

    def __exit__(self, *error: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("ROLLBACK")


def _write_table(model: type[models.Model], file: Path) -> int:
    fields = model._meta.concrete_fields
    converts = [to_text(field) for field in fields]
    quote = connection.ops.quote_name
    listed = ", ".join(quote(str(field.column)) for field in fields)
    n = 0
    with file.open("w", encoding="utf-8", newline="") as out, connection.cursor() as cursor:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow([field.name for field in fields])
        key = quote(str(model._meta.pk.column))
        cursor.execute(f"SELECT {listed} FROM {quote(model._meta.db_table)} ORDER BY {key}")
        while rows := cursor.fetchmany(5000):
            writer.writerows([c(v) for c, v in zip(converts, row, strict=True)] for row in rows)
            n += len(rows)
    return n


def _add_files(tar: tarfile.TarFile) -> None:
    key = Path(settings.DATA) / "secret_key"
    if key.exists():
        tar.add(key, "secret_key")
    if (Path(settings.DATA) / "demo").exists():
        tar.add(Path(settings.DATA) / "demo", "demo")
    if Path(settings.MEDIA_ROOT).exists():
        tar.add(settings.MEDIA_ROOT, "files")


def _add_text(tar: tarfile.TarFile, name: str, text: str) -> None:
    info = tarfile.TarInfo(name)
    data = text.encode()
    info.size = len(data)
    tar.addfile(info, io.BytesIO(data))


def _digest(file: Path) -> str:
    with file.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def restore(source: Path, say: SAY) -> dict[str, int]:
    """Bring an archive into this empty instance, whole or not at all; the rows by table."""
    _must_be_empty()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        manifest = _unpack(source, folder)
        with transaction.atomic():
            counts = {model._meta.label_lower: _read_table(model, folder, manifest, say) for model in kept_models()}
        _restart_numbering()
        _put_files(folder)
    return counts


def _must_be_empty() -> None:
    from xiangyue.places.models import Place

    if rows := Place.objects.count():
        raise Problem(NOT_EMPTY, rows=rows)


def _unpack(source: Path, folder: Path) -> dict[str, Any]:
    try:
        with tarfile.open(source, "r:gz") as tar:
            tar.extractall(folder, filter="data")
        manifest: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except (tarfile.TarError, OSError, EOFError, ValueError) as error:
        raise Problem(NOT_ARCHIVE, file=source.name, why=type(error).__name__) from error
    if manifest.get("schema") != schema_state():
        raise Problem(OTHER_VERSION, theirs=manifest.get("schema"), ours=schema_state())
    for table, digest in manifest["sha256"].items():
        file = folder / "tables" / f"{table}.csv"
        if not file.exists() or _digest(file) != digest:
            raise Problem(NOT_ARCHIVE, file=source.name, why=f"表“{table_words(table)}”与清单不符")
    return manifest


def _read_table(model: type[models.Model], folder: Path, manifest: dict[str, Any], say: SAY) -> int:
    label = model._meta.label_lower
    if label not in manifest["rows"]:
        return 0
    names = [field.name for field in model._meta.concrete_fields]
    readers = {field.name: from_text(field) for field in model._meta.concrete_fields}
    with (folder / "tables" / f"{label}.csv").open(encoding="utf-8", newline="") as source:
        rows = csv.reader(source)
        head = next(rows)
        converts = [readers[name] for name in head]
        insert_rows(model, head, _converted(rows, converts))
    assert sorted(head) == sorted(names)
    say(label, manifest["rows"][label])
    return int(manifest["rows"][label])


def _converted(rows: Iterator[list[str]], converts: list[Callable[[Any], Any]]) -> Iterator[tuple[Any, ...]]:
    for row in rows:
        yield tuple(c(text) for c, text in zip(converts, row, strict=True))


def _restart_numbering() -> None:
    """Numbers go on after the greatest that came in."""
    statements = connection.ops.sequence_reset_sql(no_style(), kept_models())
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _put_files(folder: Path) -> None:
    data = Path(settings.DATA)
    data.mkdir(parents=True, exist_ok=True)
    for name in ("secret_key", "demo"):
        if (folder / name).exists():
            (data / name).write_bytes((folder / name).read_bytes())
            os.chmod(data / name, 0o600)
    if (folder / "files").exists():
        for file in (folder / "files").rglob("*"):
            if file.is_file():
                place = Path(settings.MEDIA_ROOT) / file.relative_to(folder / "files")
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(file.read_bytes())
