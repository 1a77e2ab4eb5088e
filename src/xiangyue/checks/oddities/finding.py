"""Finds what is odd about new captures, as sets: near pictures by bands of their hashes, times by conditions in SQL."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, F, Max, Q, QuerySet
from django.db.models.functions import ExtractHour, TruncMinute
from django.utils import timezone

from xiangyue.base.daily import every_day
from xiangyue.base.jobs import Progress, work
from xiangyue.base.writes import write
from xiangyue.captures.models import Capture
from xiangyue.captures.photo_models import Photo
from xiangyue.checks.oddities.models import LookedTo, OddCapture, Oddity, PhotoBand
from xiangyue.checks.world import rows_in
from xiangyue.places.models import Place
from xiangyue.rules.days import LOCAL, local_day

JOB = "checks.oddities"
NIGHT_FROM, NIGHT_TO = 23, 5
MANY_A_MINUTE = 30
LONG_UNDERWAY = timedelta(days=7)
CLOCK_WRONG = 86_400
"""Seconds: a day."""
NEAR = 3
"""Bits in which two pictures' hashes may differ: one of four bands of 16 bits is then the same in both."""
FLAT = 8
"""A hash with fewer bits set, or unset, is of a picture without anything in it (sky, a wall): it says nothing."""
SAME_VISIT = timedelta(minutes=30)
"""One picture may show a visit and the problem found at it."""
TERM = timedelta(days=365)
OVERLAP = 2_000
"""Captures looked at once more: numbers are given before they are committed."""
BANDS = 4
NO_RECORDS = ("photo", "undo")
ALIKE = (
    "SELECT DISTINCT a.photo_id, b.photo_id FROM checks_photoband a JOIN checks_photoband b"
    " ON b.ground_id = a.ground_id AND b.band = a.band AND b.value = a.value AND b.photo_id <> a.photo_id"
    " WHERE a.photo_id IN ({})"
)


@dataclass(frozen=True, slots=True)
class Found:
    """Something odd, before it is stored: its row, and the captures in which it was seen."""

    kind: str
    key: str
    place_id: int
    person_id: int | None
    day: date
    captures: frozenset[int]


def register() -> None:
    """Let it be done every day."""
    every_day(JOB, "请人看一眼的记录")


@work(JOB)
def do_daily(progress: Progress, args: dict[str, Any]) -> dict[str, Any]:
    """The day's look: how many odd things are new."""
    return {"found": find_oddities(now=timezone.now())}


def find_oddities(*, now: datetime) -> int:
    """Look through the captures and photos that came since the last time; gives how many odd things are new."""
    last = Capture.objects.aggregate(last=Max("pk"))["last"] or 0
    since = LookedTo.objects.filter(pk=1).values_list("last_capture", flat=True).first()
    if since is None:
        # the first look begins from now: nobody is asked about what was long before
        _add_bands()
        LookedTo.objects.create(pk=1, last_capture=last)
        return 0
    new = Capture.objects.filter(pk__gt=since - OVERLAP, pk__lte=last).exclude(state=Capture.State.WITHDRAWN)
    found = [*odd_times(new.filter(channel=Capture.Channel.PHONE).exclude(kind__in=NO_RECORDS)), *used_photos()]
    with write():
        n = _keep(found, local_day(now) + TERM)
        LookedTo.objects.update_or_create(pk=1, defaults={"last_capture": last})
    return n


def odd_times(rows: QuerySet[Capture]) -> list[Found]:
    """What is odd about when these captures were made."""
    timed = rows.annotate(hour=ExtractHour("made_at", tzinfo=LOCAL), minute=TruncMinute("made_at", tzinfo=LOCAL))
    night = timed.filter(Q(hour__gte=NIGHT_FROM) | Q(hour__lt=NIGHT_TO))
    clock = rows.filter(Q(clock_error__gt=CLOCK_WRONG) | Q(clock_error__lt=-CLOCK_WRONG))
    late = rows.filter(received_at__gt=F("made_at") + LONG_UNDERWAY)
    full = timed.order_by().values("user_id", "minute").annotate(n=Count("pk")).filter(n__gte=MANY_A_MINUTE)
    minutes = list(full.values_list("user_id", "minute")[:200])
    among = Q(pk__in=())
    for user_id, minute in minutes:
        among |= Q(user_id=user_id, made_at__gte=minute, made_at__lt=minute + timedelta(minutes=1))
    asked = ((Oddity.Kind.NIGHT, night), (Oddity.Kind.CLOCK, clock), (Oddity.Kind.LATE, late))
    return [one for kind, seen in (*asked, (Oddity.Kind.BURST, rows.filter(among))) for one in _by_day(kind, seen)]


def _by_day(kind: Oddity.Kind, rows: QuerySet[Capture]) -> list[Found]:
    """One finding for each person, village and day."""
    heaps: dict[tuple[int | None, int | None, int, date], set[int]] = defaultdict(set)
    for pk, person_id, user_id, place_id, made_at in rows.values_list(
        "pk", "person_id", "user_id", "place_id", "made_at"
    ):
        heaps[person_id, None if person_id else user_id, place_id, local_day(made_at)].add(pk)
    return [
        Found(kind, f"{kind}:{person or 0}:{user or 0}:{place}:{day}", place, person, day, frozenset(keys))
        for (person, user, place, day), keys in heaps.items()
    ]


def used_photos() -> list[Found]:
    """New photos that are nearly the same as another of the same ground, by the first picture and who used it again."""
    new = _add_bands()
    pairs = rows_in(ALIKE, new)
    keys = {key for pair in pairs for key in pair}
    photos = Photo.objects.filter(pk__in=keys, state=Photo.State.WHOLE).exclude(capture__state=Capture.State.WITHDRAWN)
    by_key = {photo.pk: photo for photo in photos.select_related("capture__place")}
    near: dict[int, set[int]] = defaultdict(set)
    for one, other in pairs:
        if one in by_key and other in by_key and distance(by_key[one].dhash, by_key[other].dhash) <= NEAR:
            near[one].add(other)
            near[other].add(one)
    groups: dict[tuple[int, int | None, str], set[int]] = defaultdict(set)
    for key, others in near.items():
        again, made = by_key[key], by_key[key].capture.made_at
        before = {pk for pk in others if _age(by_key[pk]) < _age(again) and _again(by_key[pk], again)}
        if before:
            first = min(others, key=lambda pk: _age(by_key[pk]))
            groups[first, again.capture.person_id, f"{local_day(made):%Y%m}"] |= {key, *before}
    return [
        _of_photos(first, person, month, [by_key[key] for key in keys])
        for (first, person, month), keys in groups.items()
    ]


def _add_bands() -> list[int]:
    """Give photos that have none yet their bands; gives those photos."""
    have = PhotoBand.objects.values("photo")
    fresh = Photo.objects.filter(state=Photo.State.WHOLE).exclude(dhash="").exclude(pk__in=have)
    rows = [row for row in fresh.values_list("pk", "dhash", "capture__place__ground") if _says_something(row[1])]
    PhotoBand.objects.bulk_create(
        (
            PhotoBand(photo_id=pk, ground_id=ground, band=band, value=dhash[band * 4 : band * 4 + 4])
            for pk, dhash, ground in rows
            if ground
            for band in range(BANDS)
        ),
        batch_size=200,
        ignore_conflicts=True,
    )
    PhotoBand.objects.filter(photo__dhash="").delete()
    return [pk for pk, _dhash, _ground in rows]


def _says_something(dhash: str) -> bool:
    return FLAT <= int(dhash, 16).bit_count() <= 64 - FLAT


def distance(one: str, other: str) -> int:
    """In how many of 64 bits two hashes differ."""
    return (int(one, 16) ^ int(other, 16)).bit_count()


def _age(photo: Photo) -> tuple[datetime, int]:
    return photo.capture.made_at, photo.pk


def _again(one: Photo, other: Photo) -> bool:
    """Whether two near pictures belong to different captures that were not made on one visit."""
    if one.of == other.of:
        return False
    mine = one.capture.person_id == other.capture.person_id
    return not (mine and abs(one.capture.made_at - other.capture.made_at) <= SAME_VISIT)


def _of_photos(first: int, person_id: int | None, month: str, photos: Collection[Photo]) -> Found:
    day = max(local_day(photo.capture.made_at) for photo in photos)
    place = _over({photo.capture.place for photo in photos})
    keys = frozenset(photo.pk for photo in photos)
    return Found(Oddity.Kind.PHOTO, f"photo:{first}:{person_id or 0}:{month}", place, person_id, day, keys)


def _over(places: Iterable[Place]) -> int:
    """The place that all these lie in."""
    listed = list(places)
    if len(listed) == 1:
        return listed[0].pk
    towns = {place.township_id for place in listed}
    found = towns.pop() if len(towns) == 1 else None
    return found or listed[0].ground_id or listed[0].pk


def _keep(found: Collection[Found], term: date) -> int:
    before = Oddity.objects.count()
    Oddity.objects.bulk_create(
        (
            Oddity(
                kind=one.kind, key=one.key, place_id=one.place_id, person_id=one.person_id, day=one.day, erase_on=term
            )
            for one in found
        ),
        batch_size=100,
        ignore_conflicts=True,
    )
    rows = rows_in("SELECT key, id FROM checks_oddity WHERE key IN ({})", [one.key for one in found])
    by_key: dict[str, int] = dict(rows)
    links = [OddCapture(oddity_id=by_key[one.key], capture_id=pk) for one in found for pk in sorted(one.captures)]
    OddCapture.objects.bulk_create(links, batch_size=400, ignore_conflicts=True)
    return Oddity.objects.count() - before
