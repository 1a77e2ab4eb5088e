"""Writes visits and wishes with what hangs on them; what was written in words goes apart, with a term."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet

from xiangyue.duties.visit_models import (
    TEXT_DAYS,
    Contribution,
    ContributionText,
    Visit,
    VisitNote,
    VisitParty,
    Wish,
    WishText,
)
from xiangyue.duties.visits.bodies import Given


@dataclass(frozen=True, slots=True)
class Filing:
    """A visit to be written, by database keys; `party` are (person, organisation), those who were there."""

    capture_id: int
    ground_id: int
    scheme: str
    layer: str
    target_id: int
    person_id: int | None
    organisation_id: int | None
    party: tuple[tuple[int | None, int | None], ...]
    day: date
    made_at: datetime
    tasks: tuple[str, ...] = ()
    note: str = ""
    given: tuple[Given, ...] = ()
    is_held: bool = False


@dataclass(frozen=True, slots=True)
class WishFiling:
    """A wish to be written, by database keys."""

    capture_id: int
    ground_id: int
    household_id: int
    person_id: int | None
    text: str
    day: date
    made_at: datetime
    visit_uuid: UUID | None = None
    is_held: bool = False


def file_visits(filings: Sequence[Filing]) -> list[Visit]:
    """The visits, stored in the caller's transaction with party, notes and contributions, in a handful of statements."""
    rows = Visit.objects.bulk_create(
        Visit(
            ground_id=one.ground_id, scheme=one.scheme, layer=one.layer, target_id=one.target_id,
            person_id=one.person_id, organisation_id=one.organisation_id, capture_id=one.capture_id, day=one.day,
            made_at=one.made_at, tasks=",".join(one.tasks),
            state=Visit.State.HELD if one.is_held else Visit.State.COUNTED,
        )
        for one in filings
    )  # fmt: skip
    pairs = list(zip(rows, filings, strict=True))
    VisitParty.objects.bulk_create(
        VisitParty(visit=row, person_id=person, organisation_id=unit)
        for row, one in pairs
        for person, unit in _once(one.party)
    )
    VisitNote.objects.bulk_create(
        VisitNote(visit=row, text=one.note, erase_on=one.day + timedelta(days=TEXT_DAYS))
        for row, one in pairs
        if one.note
    )
    given = [(one, gift, row) for row, one in pairs for gift in one.given]
    gifts = Contribution.objects.bulk_create(
        Contribution(visit=row, kind=gift.kind, amount=gift.amount) for _one, gift, row in given
    )
    ContributionText.objects.bulk_create(
        ContributionText(contribution=stored, what=gift.what, erase_on=one.day + timedelta(days=TEXT_DAYS))
        for stored, (one, gift, _row) in zip(gifts, given, strict=True)
        if gift.what
    )
    return rows


def _once(party: Sequence[tuple[int | None, int | None]]) -> list[tuple[int | None, int | None]]:
    """Each person once, with the organisation they came for; an organisation alone only where nobody came for it."""
    people = {person: unit for person, unit in reversed(party) if person is not None}
    units = {unit for person, unit in party if person is None and unit is not None} - set(people.values())
    return [*people.items(), *((None, unit) for unit in sorted(units))]


def file_wishes(filings: Sequence[WishFiling]) -> list[Wish]:
    """The wishes, stored in the caller's transaction."""
    rows = Wish.objects.bulk_create(
        Wish(
            ground_id=one.ground_id, household_id=one.household_id, person_id=one.person_id, capture_id=one.capture_id,
            visit_uuid=one.visit_uuid, day=one.day, made_at=one.made_at,
            state=Wish.State.HELD if one.is_held else Wish.State.OPEN,
        )
        for one in filings
    )  # fmt: skip
    WishText.objects.bulk_create(WishText(wish=row, text=one.text) for row, one in zip(rows, filings, strict=True))
    return rows


def set_terms(wishes: QuerySet[Wish], today: date) -> None:
    """What these wishes say goes a year after today where they are over; where they are on the way it stays."""
    for over, day in ((False, None), (True, today + timedelta(days=TEXT_DAYS))):
        rows = wishes.exclude(state__in=Wish.ON_THE_WAY) if over else wishes.filter(state__in=Wish.ON_THE_WAY)
        WishText.objects.filter(wish__in=rows.values("pk")).update(erase_on=day)
