"""Odd captures for tests: one row that addresses name, and captures and photos in which something is odd."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from tests.cast import NOW, OTHER_VILLAGE, TODAY, WILLOW
from xiangyue.captures.ids import new_id
from xiangyue.captures.models import Capture
from xiangyue.captures.photo_models import Photo
from xiangyue.checks.oddities.models import Oddity

if TYPE_CHECKING:
    from tests.cast import Cast


def oddity_of(cast: Cast, is_own: bool) -> int:
    """Something odd about the captures of 示例县's bearer (or of one on other ground)."""
    place = cast.places[WILLOW if is_own else OTHER_VILLAGE]
    person = cast.people["P06" if is_own else "P24"]
    row, _made = Oddity.objects.get_or_create(
        key=f"night:{person.pk}",
        defaults={
            "kind": Oddity.Kind.NIGHT, "place": place, "person": person, "day": TODAY,
            "erase_on": TODAY + timedelta(days=365),
        },
    )  # fmt: skip
    return row.pk


def captured(cast: Cast, made_at: datetime = NOW, **values: Any) -> Capture:
    """A round that the bearer made then."""
    held = {
        "uuid": new_id(), "digest": "0" * 64, "kind": "round", "place": cast.places[WILLOW], "person": cast.people["P06"],
        "user": cast.users["bearer"], "channel": "phone", "made_at": made_at, "received_at": made_at, "body": {},
    }  # fmt: skip
    return Capture.objects.create(**(held | values))


def photo(cast: Cast, dhash: str, made_at: datetime = NOW, **values: Any) -> Photo:
    """A whole photo with that hash, of a round made then."""
    shown = captured(cast, made_at, **values)
    own = captured(cast, made_at, kind="photo", **values)
    return Photo.objects.create(
        capture=own, of=shown.uuid, n=1, sha256="0" * 64, size=9, parts=1, state="whole", dhash=dhash, erase_on=TODAY
    )
