"""What happens in a demo county month by month: captures stored, periods closed, published, told, cured, in force."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from xiangyue.agreements.models import Consent
from xiangyue.checks.bulk import Round, store_rounds
from xiangyue.checks.models import Kind
from xiangyue.people.models import Person
from xiangyue.places.models import Place
from xiangyue.rules.days import Span, month_of, quarter_of, year_of
from xiangyue.site.demo.county import County
from xiangyue.site.demo.drawing import LOCAL, Ids
from xiangyue.site.demo.recipe import Built
from xiangyue.standings import live
from xiangyue.standings.actions.closing import close_period
from xiangyue.standings.actions.periods import open_periods
from xiangyue.standings.actions.publishing import bring_in_force, propose
from xiangyue.standings.actions.telling import cure, tell
from xiangyue.standings.models import BoardEntry, Closing, Period

RATED_MONTHS = 8
"""Months that make a year, as the packs have it."""
SETTLED_AFTER = 9
"""Days from the proposal until the notice and every cure time have run."""


def months_back(day: date, n: int) -> date:
    """The first day of the month n months before the day's (after it, for n < 0)."""
    index = day.year * 12 + day.month - 1 - n
    return date(index // 12, index % 12 + 1, 1)


def months_between(first: date, last: date) -> Iterator[date]:
    """The first days of the months from that of `first` to that of `last`."""
    month = first.replace(day=1)
    while month <= last:
        yield month
        month = months_back(month, -1)


def at(day: date, hour: int) -> datetime:
    """That hour of the day, county time."""
    return datetime.combine(day, time(hour), LOCAL)


def ids_of(ground: Place) -> Ids:
    """The row ids that rounds are made with."""
    version = ground.schemes.get(version=1)
    return Ids(
        dict(Place.objects.values_list("code", "id")),
        dict(Person.objects.values_list("code", "id")),
        dict(Kind.objects.filter(ground=ground).values_list("code", "id")),
        version.pk,
    )


def record(built: Built, rounds: Iterable[Round], done: int, total: int) -> int:
    """Stores rounds in one transaction and says so; how many checks there are now, with `done` before."""

    def report(n: int) -> None:
        built.say("checks", done + n, total)

    with transaction.atomic():
        stored = store_rounds(built.ground.pk, rounds, now=timezone.now(), say=report)
    return done + stored.checks


def spans_before(built: Built) -> list[Span]:
    """The months that ended before today, each quarter and year after its last month, where the scheme has them."""
    kinds = {composite.period for composite in built.scheme.composites}
    spans: list[Span] = []
    for month in months_between(built.first, months_back(built.today, 1)):
        spans += [month_of(month)] if "month" in kinds else []
        quarter, year = quarter_of(month), year_of(month)
        if "quarter" in kinds and quarter.ends_on.month == month.month:
            spans.append(quarter)
        if "year" in kinds and month.month == 12 and _months_in(year, built.first) >= RATED_MONTHS:
            spans.append(year)
    return spans


def _months_in(year: Span, first: date) -> int:
    """How many months of the year the demo has."""
    return 12 if first <= year.starts_on else 13 - first.month


def close_all(built: Built, follow: Callable[[Span], None] = lambda span: None) -> None:
    """Each past period closed on its next day, its notice run, in force; then the running ones got ready.

    `follow` is told each period as soon as it is in force, before the next one is closed.
    """
    spans = spans_before(built)
    open_periods(built.today, built.ground.pk)
    for n, span in enumerate(spans):
        built.say("closing", n, len(spans))
        closing = publish(built, span)
        if closing is not None and closing.state == Closing.State.IN_FORCE:
            follow(span)
    get_ready(built)
    built.say("closing", len(spans), len(spans))


def get_ready(built: Built) -> None:
    """The standings of the periods that run are worked out."""
    for period in Period.objects.filter(ground=built.ground, closings=None):
        if opened := live.open_of(period):
            live.ensure(opened)


def publish(built: Built, span: Span) -> Closing | None:
    """One period: closed on its next day, proposed, its black entries told, some cured; in force once it may be."""
    day = span.ends_on + timedelta(days=1)
    if day >= built.today:
        return None
    closing = close_period(built.office, built.ground, span.key, now=at(day, 9), empty=True)
    closing = propose(built.office, closing, now=at(day, 10))
    entries = list(
        BoardEntry.objects.filter(board__standing__closing=closing, side="black", taken_off="")
        .select_related("subject")
        .order_by("pk")
    )
    tell(built.office, entries, today=day)
    for entry in entries[::12]:
        # a village is paired, not looked at again within the week
        if entry.subject.level == "household" and day + timedelta(days=4) < built.today:
            cure(built.office, entry, today=day + timedelta(days=4), reason="现场复核，已整改（示例）")
    settled = day + timedelta(days=SETTLED_AFTER)
    if settled < built.today:
        closing = bring_in_force(built.office, closing, now=at(settled, 9))
    return closing


def consents(county: County, begin: date, *, public: float, pair: float, salt: str = "") -> None:
    """A share of the households agree to stand on the red board by name, another to be paired."""
    rng = random.Random(f"consents{salt}")
    by_code = dict(Place.objects.filter(level="household").values_list("code", "id"))
    rows = []
    for code in county.states:
        if rng.random() < public:
            rows.append(Consent(household_id=by_code[code], purpose=Consent.Purpose.RED_PUBLIC, given_on=begin))
        if rng.random() < pair:
            rows.append(Consent(household_id=by_code[code], purpose=Consent.Purpose.PAIR, given_on=begin))
    Consent.objects.bulk_create(rows, batch_size=2000)
