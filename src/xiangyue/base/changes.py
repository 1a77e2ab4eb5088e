"""Writing the change log: the act logs itself, in its own transaction."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model
from django.utils import timezone

from xiangyue.base.bulk import insert_rows, stored
from xiangyue.base.models import Change


def log(
    actor_id: int | None,
    act: str,
    row: Model | tuple[str, str],
    *,
    path: str,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    reason: str = "",
) -> None:
    """One line: `actor_id` did `act` (noun.verb) to `row`, a model row or (table, key)."""
    log_many([(act, *_named(row), path, before, after)], actor_id, reason=reason)


def log_many(
    lines: Iterable[tuple[str, str, str, str, dict[str, Any] | None, dict[str, Any] | str | None]],
    actor_id: int | None,
    *,
    reason: str = "",
) -> None:
    """Many lines at once: (act, table, key, path, before, after); `after` may be JSON text already."""
    now = stored(timezone.now())
    insert_rows(
        Change,
        ["at", "actor", "act", "table", "key", "path", "before", "after", "reason"],
        (
            (now, actor_id, act, table, key, path, _json(before), _json(after), reason)
            for act, table, key, path, before, after in lines
        ),
    )


def history(row: Model | tuple[str, str]) -> Any:
    """The lines about one row, newest first."""
    table, key = _named(row)
    return Change.objects.filter(table=table, key=key).select_related("actor")


def changed(before: dict[str, Any], after: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Only what differs, as (before, after)."""
    names = [name for name in after if before.get(name) != after[name]]
    return {name: before.get(name) for name in names}, {name: after[name] for name in names}


def _named(row: Model | tuple[str, str]) -> tuple[str, str]:
    if isinstance(row, tuple):
        return row
    return row._meta.label_lower, str(row.pk)


def _json(value: dict[str, Any] | str | None) -> Any:
    if value is None or isinstance(value, str):
        return value
    return _ENCODER.encode(value)


_ENCODER = DjangoJSONEncoder(ensure_ascii=False)
