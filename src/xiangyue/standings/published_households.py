"""What the public may read of households: counts over the scheme's floors, and red-board names by consent only.

A group of under 20 households has no counts and a count under 3 is not told; where one part of a whole is not told, a
second one is kept back too, so that the first can't be worked out. Black entries are never told by name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Count, Q

from xiangyue.agreements.models import Consent
from xiangyue.rules.settings import Board, HouseholdRules, Scheme
from xiangyue.standings.models import BoardEntry, Result
from xiangyue.standings.published import Edition, scheme_of_edition

DUE = Q(rank__isnull=False)


@dataclass(frozen=True, slots=True)
class Counts:
    """Households of a group on the red and black side; None where the number is not told."""

    id: int
    code: str
    name: str
    rated: int | None
    red: int | None
    black: int | None


@dataclass(frozen=True, slots=True)
class NamedHousehold:
    """A household that agreed to stand on the red board by name."""

    name: str
    door: str
    hamlet: str
    result: int


@dataclass(frozen=True, slots=True)
class VillageHouseholds:
    """A village's household board as the public reads it."""

    board: str
    whole: Counts
    hamlets: tuple[Counts, ...]
    named: tuple[NamedHousehold, ...]
    others: bool
    """Whether further households stand on the red board that did not agree to be named."""


def county_households(edition: Edition, day: date) -> Counts | None:
    """The household board's counts of the whole ground; None where households stay private."""
    found = _by_village(edition, day)
    return found[0] if found else None


def village_households(edition: Edition, village_id: int, village_code: str, day: date) -> VillageHouseholds | None:
    """A village's household board: counts of it and its hamlets over the floors, red names by consent on `day`."""
    scheme = scheme_of_edition(edition)
    board = _household_board(scheme)
    found = _by_village(edition, day)
    if board is None or found is None:
        return None
    shown = next((one for one in found[1] if one.id == village_id), None)
    if shown is None:
        return None
    raw = _raw(edition, board, day, "parent", village_code)
    named = _named(edition, board, village_id, day)
    left = sum(one.red or 0 for one in raw) - len(named)
    if 0 < left < scheme.households.public_min_count:
        # the total beside the names would tell how few did not agree
        shown = replace(shown, red=None)
    _, hamlets = told(shown, [one for one in raw if one.id != village_id], scheme.households)
    for field in ("red", "black"):
        if getattr(shown, field) is None:
            # the parts added up would tell the whole that is kept back
            hamlets = tuple(_without(one, field) for one in hamlets)
    return VillageHouseholds(board.name, shown, hamlets, named, left > 0)


def _by_village(edition: Edition, day: date) -> tuple[Counts, tuple[Counts, ...]] | None:
    """The counts that may be told of the ground and of each village: kept back together, so that none gives another."""
    scheme = scheme_of_edition(edition)
    board = _household_board(scheme)
    raw = _raw(edition, board, day, "village") if board else []
    if not raw:
        return None
    fields = ("rated", "red", "black")
    whole = Counts(0, "", "", *(sum(getattr(one, field) or 0 for one in raw) for field in fields))
    return told(whole, raw, scheme.households)


def told(whole: Counts, parts: Sequence[Counts], rules: HouseholdRules) -> tuple[Counts, tuple[Counts, ...]]:
    """The counts that may be told of a whole and its parts: floors first, then what could be worked out from them."""
    shown = [_floored(one, rules) for one in parts]
    for field in ("red", "black"):
        hidden = [n for n, one in enumerate(shown) if getattr(one, field) is None]
        left = sum(getattr(parts[n], field) or 0 for n in hidden)
        open_ones = sorted(
            (n for n in range(len(shown)) if n not in hidden), key=lambda n: (getattr(parts[n], field), parts[n].code)
        )
        while open_ones and len(hidden) > 0 and (len(hidden) < 2 or left < rules.public_min_count):
            nearest = open_ones.pop(0)
            hidden.append(nearest)
            left += getattr(parts[nearest], field) or 0
            shown[nearest] = _without(shown[nearest], field)
    return _floored(whole, rules), tuple(shown)


def _without(one: Counts, side: str) -> Counts:
    return replace(one, red=None) if side == "red" else replace(one, black=None)


def _floored(one: Counts, rules: HouseholdRules) -> Counts:
    if (one.rated or 0) < rules.public_min_group:
        return replace(one, rated=None, red=None, black=None)
    least = rules.public_min_count
    return replace(
        one,
        red=one.red if one.red is not None and one.red >= least else None,
        black=one.black if one.black is not None and one.black >= least else None,
    )


def _household_board(scheme: Scheme) -> Board | None:
    """The board of households that may be told at all."""
    levels = {composite.code: composite.level for composite in scheme.composites}
    for board in scheme.boards:
        if levels.get(board.composite) == "household" and board.public == "consent":
            return board
    return None


def _standing_now(day: date) -> Q:
    """Entries that stand on their board on `day`."""
    return Q(taken_off="") & (Q(expires_on=None) | Q(expires_on__gte=day))


def _raw(edition: Edition, board: Board, day: date, group: str, village_code: str = "") -> list[Counts]:
    """The true counts by township or by the households' parent; never to be shown as they are."""
    results = Result.objects.filter(standing__closing_id=edition.id, standing__composite=board.composite)
    entries = BoardEntry.objects.filter(
        _standing_now(day), board__standing__closing_id=edition.id, board__board=board.code
    )
    if village_code:
        results = results.filter(group_code=village_code)
        entries = entries.filter(board__group__code=village_code)
    key = f"subject__{group}"
    rated = results.filter(DUE).values_list(key, f"{key}__code", f"{key}__name").annotate(n=Count("pk"))
    sides = {
        (pk, side): n for pk, side, n in entries.values_list(key, "side").annotate(n=Count("pk")).order_by(key, "side")
    }
    return [
        Counts(pk, code, name, n, sides.get((pk, "red"), 0), sides.get((pk, "black"), 0))
        for pk, code, name, n in rated.order_by(f"{key}__path")
    ]


def _named(edition: Edition, board: Board, village_id: int, day: date) -> tuple[NamedHousehold, ...]:
    agreed = Consent.objects.filter(
        Q(revoked_on=None) | Q(revoked_on__gt=day),
        purpose=Consent.Purpose.RED_PUBLIC,
        given_on__lte=day,
        household__village_id=village_id,
    )
    rows = (
        BoardEntry.objects.filter(
            _standing_now(day),
            board__standing__closing_id=edition.id,
            board__board=board.code,
            side=BoardEntry.Side.RED,
            subject__village_id=village_id,
            subject_id__in=agreed.values("household_id"),
        )
        .select_related("subject__parent", "subject__household")
        .order_by("position")
    )
    return tuple(
        NamedHousehold(
            row.subject.household.head_name if hasattr(row.subject, "household") else "",
            row.subject.name,
            row.subject.parent.name if row.subject.parent and row.subject.parent.level == "hamlet" else "",
            row.result,
        )
        for row in rows
    )
