"""What checks tell the duties below them: whoever checked a target of theirs was at its door."""

from __future__ import annotations

from itertools import batched

from xiangyue.agreements.in_force import scheme_of, version_on
from xiangyue.checks.models import Check, Kind
from xiangyue.duties.visits.keeping import DoorsAsked

CHUNK = 300


def doors_asked(asked: DoorsAsked) -> None:
    """The days on which these people made a self-check of the layer at a target: nobody writes the same twice."""
    version = version_on(asked.ground_id, asked.scheme, asked.last)
    if version is None:
        return
    codes = [kind.code for kind in scheme_of(version).check_kinds if asked.layer in kind.layers]
    kinds = list(
        Kind.objects.filter(ground_id=asked.ground_id, scheme=asked.scheme, code__in=codes).values_list("pk", flat=True)
    )
    if not kinds:
        return
    # along the index of inspector and day, some hundred at a time
    for some in batched(asked.people, CHUNK):
        rows = Check.objects.filter(
            inspector_id__in=some, day__gte=asked.first, day__lte=asked.last, kind_id__in=kinds,
            state=Check.State.COUNTED,
        )  # fmt: skip
        asked.found += rows.order_by().values_list("inspector_id", "subject_id", "day")
