"""Database values as text and back, the same text whichever database holds them."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection, models

NOTHING = "\\N"
Convert = Callable[[Any], Any]


def to_text(field: models.Field[Any, Any]) -> Convert:
    """From a raw database value of the field to its text (`\\N` for nothing)."""
    plain = _plain_of(field)

    def convert(value: Any) -> str:
        return NOTHING if value is None else plain(value)

    return convert


def from_text(field: models.Field[Any, Any]) -> Convert:
    """From the text to the value that `insert_rows` takes on this database."""
    read = _reader_of(field)

    def convert(text: str) -> Any:
        return None if text == NOTHING else read(text)

    return convert


def kind_of(field: models.Field[Any, Any]) -> str:
    """The stored kind of a field, through foreign keys."""
    target = field
    while isinstance(target, models.ForeignKey):
        target = target.target_field
    return target.get_internal_type()


def _plain_of(field: models.Field[Any, Any]) -> Callable[[Any], str]:
    kind = kind_of(field)
    if kind == "BooleanField":
        return lambda value: "1" if value else "0"
    if kind == "DateTimeField":
        return _instant_text
    if kind == "UUIDField":
        return lambda value: UUID(str(value)).hex
    if kind == "JSONField":
        return _json_text
    if kind == "BinaryField":
        return lambda value: base64.b64encode(bytes(value)).decode("ascii")
    return _text


def _text(value: Any) -> str:
    """Text with backslashes doubled, so that nothing reads as `\\N`."""
    return str(value).replace("\\", "\\\\") if isinstance(value, str) else str(value)


def _instant_text(value: Any) -> str:
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _json_text(value: Any) -> str:
    found = json.loads(value) if isinstance(value, str) else value
    return json.dumps(found, ensure_ascii=False, sort_keys=True).replace("\\", "\\\\")


def _reader_of(field: models.Field[Any, Any]) -> Callable[[str], Any]:
    kind = kind_of(field)
    postgres = connection.vendor == "postgresql"
    if kind == "BooleanField":
        return (lambda text: text == "1") if postgres else int
    if kind in {"DateTimeField"}:
        return _instant_reader(postgres)
    if kind == "DateField":
        return date.fromisoformat if postgres else str
    if kind == "UUIDField":
        return UUID if postgres else str
    if kind == "BinaryField":
        return base64.b64decode
    if kind == "DecimalField":
        return Decimal if postgres else str
    if "Integer" in kind or "AutoField" in kind:
        return int
    return lambda text: text.replace("\\\\", "\\")


def _instant_reader(postgres: bool) -> Callable[[str], Any]:
    def read(text: str) -> Any:
        if postgres:
            return datetime.fromisoformat(text.replace("Z", "+00:00"))
        return text[:-1].replace("T", " ")

    return read
