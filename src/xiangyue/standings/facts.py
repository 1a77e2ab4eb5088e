"""Gathers the facts that a ground's period is closed on, set by set: no object per row, a handful of statements."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import repeat

from django.db import connection

from xiangyue.base.bulk import stored
from xiangyue.rules.days import Span, months_of
from xiangyue.rules.ground import GroundFacts, MonthResult, Subject
from xiangyue.rules.ranking import category_of
from xiangyue.rules.result import Adjustment as Adjusted
from xiangyue.rules.settings import Level, Scheme
from xiangyue.standings import totals
from xiangyue.standings.ahead import siblings
from xiangyue.standings.totals import fetch, running_totals, sheet_totals

MANY = 900
type Siblings = tuple[list[int], list[str], Level, str, str]
"""Row ids and codes of places with one parent and class; their level, the path of one of them, their class."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What is asked about a ground: a place that a scheme governs."""

    id: int
    code: str
    path: str


@dataclass(slots=True)
class Roll:
    """Everything but the checks that a closing is worked out from."""

    subjects: list[Subject] = field(default_factory=list)
    adjustments: dict[str, dict[str, list[Adjusted]]] = field(default_factory=dict)
    """Composite → subject → adjustments."""
    pairs: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    """Composite → (red, black)."""
    months: dict[str, int] = field(default_factory=dict)
    """Month → the closing whose results a longer period takes."""
    households: dict[str, int] = field(default_factory=dict)
    cured: dict[str, set[str]] = field(default_factory=dict)
    """Board → codes."""
    upheld: dict[str, set[str]] = field(default_factory=dict)
    upheld_red: dict[str, set[str]] = field(default_factory=dict)
    indicators: dict[str, dict[str, int]] = field(default_factory=dict)
    """Indicator → subject → number, of those that composites take."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """The facts for the rules, the roll they came from, and the places' row ids by code."""

    facts: GroundFacts
    roll: Roll
    ids: Mapping[str, int]


def version_name(scheme: Scheme, version: int) -> str:
    """A scheme version as the digest names it: `linjiang@1`."""
    return f"{scheme.code}@{version}"


def levels_of(scheme: Scheme, span: Span) -> list[Level]:
    """The levels whose subjects a period of that kind is about."""
    composites = [c for c in scheme.composites if c.period == span.kind]
    levels: set[Level] = {c.level for c in composites}
    for composite in composites:
        for component in composite.components:
            if component.source.level:
                levels.add(component.source.level)
            if component.source.by_households:
                levels.add("household")
    return sorted(levels)


def gather(
    ground: Ground, scheme: Scheme, version: int, span: Span, period_id: int | None, *, running: bool = False
) -> Gathered:
    """The facts on file now: who is there on the last day, what was counted, entered and agreed.

    `running` takes the checks from the running totals instead of the rows: for what is only looked at.
    """
    subjects, ids = subjects_of(ground, scheme, span)
    codes = {row_id: code for code, row_id in ids.items()}
    roll = Roll(subjects=subjects, indicators=numbers_taken(ground, scheme, span, subjects))
    if period_id is not None:
        roll.adjustments = adjustments_of(period_id)
        roll.pairs = pairs_of(period_id)
    if span.kind != "month":
        roll.months = closings_of(ground.id, scheme.code, [month.key for month in months_of(span)])
    return Gathered(facts_of(ground, scheme, version, span, roll, codes, running=running), roll, ids)


def numbers_taken(ground: Ground, scheme: Scheme, span: Span, subjects: list[Subject]) -> dict[str, dict[str, int]]:
    """The numbers that the period's composites take; most schemes take none, and then nothing is read or loaded."""
    composites = [composite for composite in scheme.composites if composite.period == span.kind]
    if not any(c.source.kind == "indicator" for composite in composites for c in composite.components):
        return {}
    from xiangyue.standings.ratings.indicators import gathered

    return gathered(ground, scheme, span, subjects)


def facts_of(
    ground: Ground,
    scheme: Scheme,
    version: int,
    span: Span,
    roll: Roll,
    codes: Mapping[int, str],
    *,
    cut: int | None = None,
    running: bool = False,
) -> GroundFacts:
    """The rules' facts from a roll and the checks on file; with `cut` as they counted when that was the last check."""
    return GroundFacts(
        ground=ground.code,
        scheme_version=version_name(scheme, version),
        subjects=roll.subjects,
        totals=running_totals(ground.id, scheme, span, codes)
        if running
        else sheet_totals(ground.id, scheme, span, codes, cut),
        adjustments=roll.adjustments,
        pairs=roll.pairs,
        months=_months(scheme, span, roll.months, codes),
        indicators=roll.indicators,
        households=roll.households,
        cured={board: frozenset(held) for board, held in roll.cured.items()},
        upheld={board: frozenset(held) for board, held in roll.upheld.items()},
        upheld_red={board: frozenset(held) for board, held in roll.upheld_red.items()},
    )


def subjects_of(
    ground: Ground, scheme: Scheme, span: Span, levels: list[Level] | None = None
) -> tuple[list[Subject], dict[str, int]]:
    """Who is there on the period's last day, with category, chain and state; and their row ids by code."""
    day = span.ends_on
    levels = levels or levels_of(scheme, span)
    places = _places(ground, levels, day)
    moved = _as_they_stood(ground, levels, day)
    if moved:
        gone = {code for _, code, *_ in moved}
        places = [_without(row, gone) for row in places]
        places += [([row[0]], [row[1]], *row[2:]) for row in moved if ground.path <= row[3] < _end(ground.path)]
    states = states_on(day) if "household" in levels else {}
    subjects: list[Subject] = []
    ids: dict[str, int] = {}
    for row_ids, codes, level, path, place_class in places:
        chain = tuple(path.split("/")[:-2])
        category = category_of(scheme.categories, level, place_class)
        # a county has 40,000 of them: no step of the interpreter for each
        alike = (repeat(level), repeat(category), repeat(chain))
        held = map(states.get, row_ids, repeat("due"))
        subjects += map(tuple.__new__, repeat(Subject), zip(codes, *alike, held))  # noqa: B905
        ids.update(zip(codes, row_ids, strict=True))
    return subjects, ids


def ids_of(codes: Iterable[str]) -> dict[str, int]:
    """Code → row id of these places."""
    held = list(codes)
    if len(held) > MANY:
        wanted = set(held)
        # one walk over the table is quicker than as many look-ups, and has no bound on its parameters
        return {code: row_id for row_id, code in fetch("SELECT id, code FROM places_place", []) if code in wanted}
    marks = ", ".join(["%s"] * len(held)) or "NULL"
    return {code: row_id for row_id, code in fetch(f"SELECT id, code FROM places_place WHERE code IN ({marks})", held)}


def states_on(day: date, place_ids: Iterable[int] = ()) -> dict[int, str]:
    """Place id → state on that day, of those not simply living there (of `place_ids` only, when given)."""
    listed = [int(place_id) for place_id in place_ids]
    narrowed = f" AND place_id IN ({', '.join(map(str, listed))})" if listed else ""
    return {
        int(row[0]): str(row[1])
        for row in fetch(
            "SELECT place_id, state FROM places_householdstate WHERE state <> 'living' AND from_on <= %s"
            f" AND (to_on IS NULL OR to_on >= %s){narrowed}",
            [stored(day), stored(day)],
        )
    }


def closings_of(ground_id: int, scheme: str, keys: list[str]) -> dict[str, int]:
    """Period key → its newest closing."""
    marks = ", ".join(["%s"] * len(keys))
    return {
        str(key): int(closing)
        for key, closing in fetch(
            "SELECT p.key, c.id FROM standings_closing c JOIN standings_period p ON p.id = c.period_id"
            f" WHERE p.ground_id = %s AND p.scheme = %s AND p.key IN ({marks}) ORDER BY c.version",
            [ground_id, scheme, *keys],
        )
    }


def _end(path: str) -> str:
    return path[:-1] + "0"


def _places(ground: Ground, levels: list[Level], day: date) -> list[Siblings]:
    """The places of these levels, those of one parent and class in one row, with the path of one of them."""
    bounds = (ground.path, _end(ground.path), stored(day))
    begun = totals.begun()
    rows = begun.places(*bounds) if begun is not None else None
    if rows is None:
        listed = "array_agg" if connection.vendor == "postgresql" else "json_group_array"
        rows = fetch(siblings(listed, "%s", len(levels)), [*bounds[:2], *bounds[2:] * 2, *levels])
    if connection.vendor == "postgresql":
        return [(row[0], row[1], *row[2:]) for row in rows]
    return [(json.loads(row[0]), json.loads(row[1]), *row[2:]) for row in rows if row[2] in levels]


def _without(row: Siblings, gone: set[str]) -> Siblings:
    kept = [(row_id, code) for row_id, code in zip(row[0], row[1], strict=True) if code not in gone]
    return ([row_id for row_id, _ in kept], [code for _, code in kept], *row[2:])


def _as_they_stood(ground: Ground, levels: list[Level], day: date) -> list[tuple[int, str, Level, str, str]]:
    """Those moved, renamed or reclassed after the day, as they stood on it: few, for a county rarely changes."""
    marks = ", ".join(["%s"] * len(levels))
    # from the spans to the places, as the joined text makes SQLite do: the other way round it reads every place
    return fetch(
        "SELECT p.id, p.code, p.level, s.path, s.place_class FROM places_placespan s JOIN places_place p"
        f" ON p.id = s.place_id WHERE s.to_on >= %s AND s.from_on <= %s AND (p.level || '') IN ({marks})"
        " AND ((s.path >= %s AND s.path < %s) OR (p.path >= %s AND p.path < %s))",
        [stored(day), stored(day), *levels, *[ground.path, _end(ground.path)] * 2],
    )


def adjustments_of(period_id: int) -> dict[str, dict[str, list[Adjusted]]]:
    """Composite → subject's code → what was entered for this very period."""
    found: dict[str, dict[str, list[Adjusted]]] = {}
    rows = fetch(
        "SELECT a.composite, p.code, a.amount, a.name, a.reason, a.code FROM standings_adjustment a"
        " JOIN places_place p ON p.id = a.subject_id WHERE a.period_id = %s AND a.withdrawn_at IS NULL"
        " ORDER BY p.code, a.code",
        [period_id],
    )
    for composite, code, amount, name, reason, record in rows:
        found.setdefault(composite, {}).setdefault(code, []).append(Adjusted(amount, name, reason, record))
    return found


def pairs_of(period_id: int) -> dict[str, list[tuple[str, str]]]:
    """Composite → pairs that live in the period."""
    found: dict[str, list[tuple[str, str]]] = {}
    rows = fetch(
        "SELECT q.composite, r.code, b.code FROM standings_pair q JOIN places_place r ON r.id = q.red_id"
        " JOIN places_place b ON b.id = q.black_id WHERE q.period_id = %s AND q.ended_at IS NULL ORDER BY r.code",
        [period_id],
    )
    for composite, red, black in rows:
        found.setdefault(composite, []).append((red, black))
    return found


def _months(
    scheme: Scheme, span: Span, closings: Mapping[str, int], codes: Mapping[int, str]
) -> dict[str, dict[str, list[MonthResult]]]:
    """The results of the months that a `months` composite of this period takes."""
    wanted = {c.of for c in scheme.composites if c.period == span.kind and c.mode == "months"}
    found: dict[str, dict[str, list[MonthResult]]] = {composite: {} for composite in wanted}
    for month, closing in sorted(closings.items()):
        if not wanted:
            break
        marks = ", ".join(["%s"] * len(wanted))
        rows = fetch(
            "SELECT s.composite, r.subject_id, r.result, r.n_checks FROM standings_result r"
            f" JOIN standings_standing s ON s.id = r.standing_id WHERE s.closing_id = %s AND s.composite IN ({marks})",
            [closing, *sorted(wanted)],
        )
        for composite, subject, result, checks in rows:
            code = codes.get(subject)
            if code is not None:
                found[composite].setdefault(code, []).append(MonthResult(month, result, checks))
    return found
