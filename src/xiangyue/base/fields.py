"""Model fields that the two databases need to treat alike."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper


class BytesOrderedField(models.CharField[str, str]):
    """Text compared and sorted as bytes on every database, so that "begins with" is a range an index serves."""

    def db_parameters(self, connection: BaseDatabaseWrapper) -> Any:
        """The column's type, with the C collation on PostgreSQL."""
        found: dict[str, Any] = dict(super().db_parameters(connection))
        if connection.vendor == "postgresql":
            found["collation"] = "C"
        return found
