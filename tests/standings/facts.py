"""Short ways to put checks, months and boards of the small county on file."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from itertools import count

import pytest
from django.db import transaction

from tests.cast import Cast
from xiangyue.base.consequences import follow
from xiangyue.base.problems import Problem
from xiangyue.captures.models import Capture
from xiangyue.checks import totals
from xiangyue.checks.models import Check, Kind

AFTER = datetime(2026, 11, 1, 2, 0, tzinfo=UTC)
"""The morning after October: when October is closed."""
NUMBERS = count(1)


def noon(day: date) -> datetime:
    """12:00 county time."""
    return datetime(day.year, day.month, day.day, 4, 0, tzinfo=UTC)


def kind(cast: Cast, code: str) -> Kind:
    """A check kind of the county's scheme."""
    return Kind.objects.get(ground=cast.places["990100"], code=code)


def check(
    cast: Cast,
    subject: str,
    score: int,
    day: date = date(2026, 10, 5),
    kind_code: str = "daily",
    inspector: str = "P06",
    state: int = Check.State.COUNTED,
    made_at: datetime | None = None,
) -> Check:
    """One check on file, with its capture and the running totals."""
    place = cast.places[subject]
    what = kind(cast, kind_code)
    number = next(NUMBERS)
    capture = Capture.objects.create(
        uuid=uuid.UUID(int=number),
        digest=f"{number:064d}",
        kind="round",
        place=place.village or place,
        person=cast.people[inspector],
        channel=Capture.Channel.OFFICE,
        made_at=made_at or noon(day),
        received_at=made_at or noon(day),
        state=Capture.State.LATE if state == Check.State.LATE else Capture.State.STORED,
        body={},
    )
    assert cast.scheme is not None
    row = Check.objects.create(
        ground=cast.places["990100"],
        kind=what,
        subject=place,
        inspector=cast.people[inspector],
        scheme_version=cast.scheme,
        capture=capture,
        day=day,
        month=day.year * 100 + day.month,
        made_at=made_at or noon(day),
        score=score,
        n_faults=int(score < 10_000),
        state=state,
    )
    if state == Check.State.COUNTED:
        with transaction.atomic():
            key = (place.pk, what.pk, row.month)
            totals.work_out({key})
            follow("sheets_totalled", [totals.TotalChange(*key, row.ground_id)])
    return row


def month_of_checks(cast: Cast, scores: Mapping[str, int], first: date = date(2026, 10, 1), days: int = 10) -> None:
    """`days` daily checks of each household at its score."""
    for subject, score in scores.items():
        for n in range(days):
            check(cast, subject, score, first + timedelta(days=n))


def household_scores(cast: Cast, *scores: int, village: str = "990100100201") -> dict[str, int]:
    """Code → score of the village's first households."""
    return {cast.household(n, village).code: score for n, score in enumerate(scores, 1)}


@contextmanager
def refused(code: str) -> Iterator[None]:
    """What is done here is refused with the problem of that code, in words that say what to do."""
    with pytest.raises(Problem) as told:
        yield
    assert told.value.kind.code == code
    assert told.value.words
    assert told.value.mend
