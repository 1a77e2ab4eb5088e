"""The bare views: JSON in, one insert (or one bulk_create), JSON out."""

from __future__ import annotations

import json
import uuid
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils import timezone

from bench.bare.models import Row


def row_of(raw: dict[str, Any], subject: str, score: int) -> dict[str, Any]:
    """The fields of a row."""
    made_at = datetime.fromisoformat(raw["made_at"])
    return {
        "uuid": uuid.UUID(raw["id"]),
        "kind": raw["kind"],
        "ground": raw["ground"],
        "subject": subject,
        "inspector": raw["inspector"],
        "day": made_at.date(),
        "month": made_at.year * 100 + made_at.month,
        "made_at": made_at,
        "received_at": timezone.now(),
        "score": score,
        "n_faults": int(score < 10_000),
        "channel": "phone",
    }


def one(request: HttpRequest) -> HttpResponse:
    """One record, one ORM insert."""
    raw = json.loads(request.body)
    row = Row.objects.create(**row_of(raw, raw["subject"], raw["score"]))
    return HttpResponse(json.dumps({"id": row.pk, "state": "stored"}), content_type="application/json")


def many(request: HttpRequest) -> HttpResponse:
    """A round: one bulk_create."""
    raw = json.loads(request.body)
    rows = [Row(**row_of(raw, code, 10_000)) for code in raw["fine"]]
    rows += [Row(**row_of(raw, fault["subject"], 6_667)) for fault in raw["faults"]]
    Row.objects.bulk_create(rows)
    return HttpResponse(json.dumps({"state": "stored"}), content_type="application/json")


urlpatterns = [path("one", one), path("many", many)]
