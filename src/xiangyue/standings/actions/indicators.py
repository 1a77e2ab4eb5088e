"""Entering numbers of indicators: each with who, when, source and file number; a newer one takes the older's place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from xiangyue.base import changes
from xiangyue.base.bulk import insert_rows, next_ids, stored
from xiangyue.base.problems import CHANGED, Problem
from xiangyue.base.writes import alone, write
from xiangyue.rules.days import Span
from xiangyue.rules.numbers import told
from xiangyue.rules.settings import Indicator, Scheme
from xiangyue.standings.facts import Ground
from xiangyue.standings.ratings.indicators import span_of
from xiangyue.standings.ratings.models import IndicatorNumber
from xiangyue.standings.totals import fetch

LOCK = "numbers"
FIELDS = (
    "id", "ground", "scheme", "indicator", "key", "ends_on", "place", "version", "number", "source", "document",
    "entered_at", "entered_by", "is_current",
)  # fmt: skip
TABLE = IndicatorNumber._meta.label_lower


@dataclass(frozen=True, slots=True)
class Entry:
    """A number as somebody gives it; `number` None takes the earlier one back, `seen` is the version that stood there."""

    place: int
    path: str
    name: str
    indicator: Indicator
    number: int | None
    source: str = ""
    document: str = ""
    seen: int | None = None
    """None: whatever stands there."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands on file for a place, indicator and period."""

    pk: int
    version: int
    number: int | None
    source: str
    document: str


type Spot = tuple[int, str, str]
"""Place, indicator and period key."""


def enter_numbers(
    actor_id: int | None,
    ground: Ground,
    scheme: Scheme,
    span: Span,
    entries: Sequence[Entry],
    *,
    now: datetime,
    more: Mapping[Spot, Mapping[str, Any]] | None = None,
) -> int:
    """The numbers that are new, each as a version of its own with a line in the log; gives how many.

    What stands there already, to the word, is left alone. Problem `changed_meanwhile` where somebody else gave another
    number since the actor looked. `more` goes into the lines of the log, by spot (the import and its row).
    """
    with write():
        alone(LOCK)
        held = on_file(ground, scheme.code, span, entries)
        fresh = [entry for entry in entries if _is_new(entry, held.get(spot_of(entry, span)))]
        for entry in fresh:
            row = held.get(spot_of(entry, span))
            if entry.seen is not None and entry.seen != (row.version if row else 0):
                raise Problem(CHANGED, what=f"{entry.name} {entry.indicator.name}")
        _put(actor_id, ground, scheme, span, fresh, held, now, more or {})
        _follow(scheme, ground, fresh)
    return len(fresh)


def spot_of(entry: Entry, span: Span) -> Spot:
    """Where an entry stands."""
    return entry.place, entry.indicator.code, span_of(entry.indicator, span).key


def on_file(ground: Ground, scheme: str, span: Span, entries: Iterable[Entry]) -> dict[Spot, Standing]:
    """What stands where the entries belong."""
    indicators = {entry.indicator.code: span_of(entry.indicator, span).key for entry in entries}
    if not indicators:
        return {}
    places = {entry.place for entry in entries}
    one = f" AND place_id = {next(iter(places))}" if len(places) == 1 else ""
    marks = ", ".join(["%s"] * len(indicators))
    rows = fetch(
        "SELECT place_id, indicator, key, id, version, number, source, document FROM standings_indicatornumber"
        f" WHERE ground_id = %s AND scheme = %s AND is_current{one} AND indicator IN ({marks})",
        [ground.id, scheme, *indicators],
    )
    return {
        (place, indicator, key): Standing(*told)
        for place, indicator, key, *told in rows
        if indicators[indicator] == key and place in places
    }


def _is_new(entry: Entry, held: Standing | None) -> bool:
    if held is None:
        return entry.number is not None
    same = (entry.number, entry.source or held.source, entry.document or held.document)
    return same != (held.number, held.source, held.document)


def _put(
    actor_id: int | None,
    ground: Ground,
    scheme: Scheme,
    span: Span,
    fresh: Sequence[Entry],
    held: Mapping[Spot, Standing],
    now: datetime,
    more: Mapping[Spot, Mapping[str, Any]],
) -> None:
    older = [row for entry in fresh if (row := held.get(spot_of(entry, span))) is not None]
    for start in range(0, len(older), 500):
        pks = [row.pk for row in older[start : start + 500]]
        IndicatorNumber.objects.filter(pk__in=pks).update(is_current=False)
    rows, lines = [], []
    for pk, entry in zip(next_ids(IndicatorNumber, len(fresh)), fresh, strict=True):
        own, before = span_of(entry.indicator, span), held.get(spot_of(entry, span))
        version = before.version + 1 if before else 1
        source = entry.source or (before.source if before else entry.indicator.source)
        rows.append((
            pk, ground.id, scheme.code, entry.indicator.code, own.key, stored(own.ends_on), entry.place, version,
            entry.number, source[:120], entry.document[:60], stored(now), actor_id, True,
        ))  # fmt: skip
        lines.append(_line(pk, entry, own, before, more.get(spot_of(entry, span), {})))
    insert_rows(IndicatorNumber, FIELDS, rows)
    changes.log_many(lines, actor_id)


def _line(
    pk: int, entry: Entry, own: Span, before: Standing | None, more: Mapping[str, Any]
) -> tuple[str, str, str, str, dict[str, Any] | None, dict[str, Any]]:
    unit = (entry.indicator.decimals, entry.indicator.unit)
    after = {"indicator": entry.indicator.name, "period": own.key, "number": told(entry.number, *unit)}
    if entry.document:
        after["document"] = entry.document
    was = {"number": told(before.number, *unit)} if before else None
    act = "number.added" if before is None else "number.superseded"
    return act, TABLE, str(pk), entry.path, was, {**after, **more}


def _follow(scheme: Scheme, ground: Ground, fresh: Sequence[Entry]) -> None:
    """The live standing of open periods whose composites take one of the indicators."""
    from xiangyue.standings import live
    from xiangyue.standings.models import Period

    taken = {
        (composite.period, component.source.indicator)
        for composite in scheme.composites
        for component in composite.components
        if composite.level in live.LEAVES and component.source.kind == "indicator"
    }
    touched = {entry.indicator.code for entry in fresh}
    kinds = {kind for kind, indicator in taken if indicator in touched}
    if not kinds:
        return
    rows = Period.objects.filter(ground=ground.id, scheme=scheme.code, kind__in=kinds, closings=None)
    for period in rows.select_related("ground"):
        live.entered(period, "", [entry.place for entry in fresh])
