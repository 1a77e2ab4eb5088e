"""The live standing of an open period, kept as running sums while checks come in.

Each household has a row with its own figure and result; each village a row that sums those of its households. What
stands above (villages, townships) is worked out when it is asked for, from a row a village (`live_ranking`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from xiangyue.agreements.in_force import scheme_on
from xiangyue.base.bulk import insert_rows, stored
from xiangyue.base.roundtrip import Command, among, ask, tell
from xiangyue.checks.totals import TotalChange
from xiangyue.checks.world import known_scheme
from xiangyue.rules.closing import close, order_of
from xiangyue.rules.component import indicator_value, sheets_value
from xiangyue.rules.days import Span, parse_period
from xiangyue.rules.numbers import clamp, half_up
from xiangyue.rules.result import joined
from xiangyue.rules.settings import Composite, Level, Scheme
from xiangyue.standings.facts import Ground, gather, states_on
from xiangyue.standings.late import month_numbers
from xiangyue.standings.models import LiveFigure, Period
from xiangyue.standings.totals import fetch

LEAVES: frozenset[Level] = frozenset({"household", "public_place", "hamlet"})
"""Levels with a row for each subject; those above are few and worked out when asked for."""
FIELDS = (
    "subject", "period", "composite", "own", "result", "n_checks", "due", "added", "partner", "n_due", "n_children",
    "children_sum",
)  # fmt: skip
_COLUMNS = (
    "subject_id, period_id, composite, own, result, n_checks, due, added, partner_id, n_due, n_children, children_sum"
)
SET = f"""INSERT INTO standings_livefigure ({_COLUMNS}) VALUES {{}}
ON CONFLICT (subject_id, period_id, composite) DO UPDATE SET own = excluded.own, result = excluded.result,
n_checks = excluded.n_checks, due = excluded.due, added = excluded.added, partner_id = excluded.partner_id"""
ADD = f"""INSERT INTO standings_livefigure ({_COLUMNS}) VALUES {{}}
ON CONFLICT (subject_id, period_id, composite) DO UPDATE SET
n_due = standings_livefigure.n_due + excluded.n_due,
n_children = standings_livefigure.n_children + excluded.n_children,
children_sum = standings_livefigure.children_sum + excluded.children_sum"""


@dataclass(slots=True)
class Figure:
    """A subject's live row; `known` when it is stored already."""

    subject: int
    village: int | None
    own: int | None = None
    result: int | None = None
    n_checks: int = 0
    due: bool = True
    added: int = 0
    partner: int | None = None
    known: bool = False


@dataclass(frozen=True, slots=True)
class Open:
    """An open period with its scheme."""

    id: int
    span: Span
    ground: Ground
    scheme: Scheme
    version: int

    def leaves(self, kind: str = "") -> list[Composite]:
        """The composites of leaf levels in this period (those that take sheets of `kind`)."""
        return [
            composite
            for composite in order_of(self.scheme, self.span)
            if composite.level in LEAVES
            and composite.mode == "records"
            and (not kind or any(c.source.check_kind == kind for c in composite.components))
        ]


def totals_changed(changes: Sequence[TotalChange]) -> None:
    """Follow a change of sheet totals, in the transaction that changed them."""
    touched: dict[tuple[int, int], set[int]] = {}
    for change in changes:
        touched.setdefault((change.kind_id, change.month), set()).add(change.subject_id)
    found: dict[tuple[int, str], tuple[Open, Composite, set[int]]] = {}
    for kind_id, code, period in _open_of({kind for kind, _ in touched}, {month for _, month in touched}):
        months = set(month_numbers(period.span))
        for composite in period.leaves(code):
            subjects = found.setdefault((period.id, composite.code), (period, composite, set()))[2]
            for (kind, month), ids in touched.items():
                if kind == kind_id and month in months:
                    subjects |= ids
    for period, composite, subjects in found.values():
        if subjects:
            _recompute(period, composite, subjects, entered_anew=False)


def entered(period: Period, composite: str, subject_ids: Collection[int]) -> None:
    """Follow an adjustment, a pair or a state: what was entered for these subjects is read again."""
    opened = open_of(period)
    if opened is None or not subject_ids:
        return
    for held in opened.leaves():
        if held.code == composite or not composite:
            _recompute(opened, held, set(subject_ids), entered_anew=True)


def states_changed(place_ids: Collection[int]) -> None:
    """Follow a change of household states."""
    rows = fetch(
        "SELECT DISTINCT p.id FROM standings_period p JOIN places_place h ON h.ground_id = p.ground_id"
        f" OR h.township_id = p.ground_id WHERE h.id IN ({_listed(place_ids)})"
        " AND NOT EXISTS (SELECT 1 FROM standings_closing c WHERE c.period_id = p.id)",
        [],
    )
    for period in Period.objects.filter(pk__in=[row[0] for row in rows]).select_related("ground"):
        entered(period, "", place_ids)


def forget(*_: Any) -> None:
    """Follow a change of the tree: the live rows of open periods are made anew when next asked for."""
    LiveFigure.objects.filter(period__closings=None).delete()


def tidy() -> None:
    """Drop the live rows of periods that are closed."""
    LiveFigure.objects.exclude(period__closings=None).delete()


def open_of(period: Period) -> Open | None:
    """The period with its scheme, if it is open."""
    if period.closings.exists():
        return None
    version, scheme = scheme_on(period.ground_id, period.scheme, period.ends_on)
    place = period.ground
    return Open(period.pk, parse_period(period.key), Ground(place.pk, place.code, place.path), scheme, version.version)


def ensure(period: Open) -> None:
    """The live rows of a period, made when there are none."""
    if period.leaves() and not LiveFigure.objects.filter(period=period.id).exists():
        rebuild(period)


def rebuild(period: Open) -> int:
    """All live rows of a period made anew from the sheet totals, set by set; gives how many subjects."""
    from django.db import transaction

    with transaction.atomic():
        LiveFigure.objects.filter(period=period.id).delete()
        return sum(_rebuild_one(period, composite) for composite in period.leaves())


def _rebuild_one(period: Open, composite: Composite) -> int:
    gathered = gather(period.ground, period.scheme, period.version, period.span, period.id, running=True)
    closed = close(gathered.facts, period.scheme, period.span, (composite.code,)).composite(composite.code)
    ids, code = gathered.ids, composite.code
    other = {c: ids.get(o) for pair in gathered.roll.pairs.get(code, ()) for c, o in (pair, pair[::-1])}
    villages = dict(
        fetch(
            "SELECT id, village_id FROM places_place WHERE ground_id = %s OR township_id = %s", [period.ground.id] * 2
        )
    )
    sums: dict[int, list[int]] = {}
    due = {s[0]: s[4] not in period.scheme.households.not_due for s in gathered.facts.subjects}
    added = {c: sum(a.amount for a in rows) for c, rows in gathered.facts.adjustments.get(code, {}).items()}
    rows = []
    for subject, _, _, own, _, _, _, result, _, _, checks in closed.rows:
        place = ids[subject]
        village = villages.get(place)
        if village is not None:
            held = sums.setdefault(village, [0, 0, 0])
            held[0] += due[subject]
            if result is not None:
                held[1] += 1
                held[2] += result
        rows.append(
            (
                place,
                period.id,
                code,
                own,
                result,
                checks,
                due[subject],
                added.get(subject, 0),
                other.get(subject),
                0,
                0,
                0,
            )
        )
    insert_rows(LiveFigure, FIELDS, rows)
    villages_rows = ((v, period.id, code, None, None, 0, True, 0, None, *held) for v, held in sorted(sums.items()))
    insert_rows(LiveFigure, FIELDS, villages_rows)
    return len(rows)


def _open_of(kinds: Collection[int], months: Collection[int]) -> list[tuple[int, str, Open]]:
    """(Kind's id, kind's code, open period) for the kinds and months."""
    first, last = min(months), max(months)
    low = stored(parse_period(f"{first // 100}-{first % 100:02d}").starts_on)
    high = stored(parse_period(f"{last // 100}-{last % 100:02d}").ends_on)
    these, listed = among("k.id", kinds)
    question = (
        "SELECT k.id, k.code, p.id, p.key, v.id, v.digest, v.version, g.id, g.code, g.path FROM checks_kind k"
        " JOIN standings_period p ON p.ground_id = k.ground_id AND p.scheme = k.scheme"
        " JOIN places_place g ON g.id = p.ground_id"
        # the version in force on the period's last day, as `scheme_on` has it: every capture asks, so in the same trip
        " JOIN agreements_schemeversion v ON v.id = (SELECT w.id FROM agreements_schemeversion w"
        " WHERE w.ground_id = p.ground_id AND w.code = p.scheme AND w.state = 'published' AND w.from_on <= p.ends_on"
        " ORDER BY w.from_on DESC, w.version DESC LIMIT 1)"
        f" WHERE {these} AND p.starts_on <= %s AND p.ends_on >= %s"
        " AND NOT EXISTS (SELECT 1 FROM standings_closing c WHERE c.period_id = p.id)",
        [*listed, high, low],
    )
    return [
        (kind, code, Open(period, parse_period(key), Ground(*ground), known_scheme(version_id, digest), version))
        for kind, code, period, key, version_id, digest, version, *ground in ask(question)[0]
    ]


def _recompute(period: Open, composite: Composite, subjects: set[int], *, entered_anew: bool) -> None:
    figures, sheets = _read(period, composite, subjects)
    if not any(figure.known for figure in figures.values()):
        ensure(period)
        figures, sheets = _read(period, composite, subjects)
    strangers = {place for place, figure in figures.items() if not figure.known}
    before = {place: (figure.due and figure.known, figure.result) for place, figure in figures.items()}
    if entered_anew or strangers:
        _read_entered(period, composite, figures if entered_anew else {p: figures[p] for p in strangers})
    partners = {figure.partner for figure in figures.values() if figure.partner} - figures.keys()
    if partners:
        others, more = _read(period, composite, partners)
        figures |= others
        sheets = [*sheets, *more]
        before |= {place: (figure.due and figure.known, figure.result) for place, figure in others.items()}
    _own(composite, figures, sheets, numbers_of_leaf(period, composite, figures))
    _results(composite, figures)
    rows = [
        (f.subject, period.id, composite.code, f.own, f.result, f.n_checks, f.due, f.added, f.partner, 0, 0, 0)
        for f in sorted(figures.values(), key=lambda f: f.subject)
    ]
    tell(Command(SET, rows), _added_to_villages(period, composite, figures.values(), before))


def _read(
    period: Open, composite: Composite, subjects: Iterable[int]
) -> tuple[dict[int, Figure], list[tuple[Any, ...]]]:
    """The subjects' rows, held until the transaction ends, and then their sheet totals; in one trip."""
    lock = " FOR NO KEY UPDATE OF p" if connection.vendor == "postgresql" else ""
    months = month_numbers(period.span)
    listed = sorted(subjects)
    of_places, places = among("p.id", listed)
    of_subjects, keys = among("t.subject_id", listed)
    stored_rows = (
        "SELECT p.id, p.village_id, f.own, f.result, f.n_checks, f.due, f.added, f.partner_id, f.id IS NOT NULL"
        " FROM places_place p LEFT JOIN standings_livefigure f ON f.subject_id = p.id AND f.period_id = %s"
        f" AND f.composite = %s WHERE {of_places} AND p.level = %s ORDER BY p.id{lock}",
        [period.id, composite.code, *places, composite.level],
    )
    sheet_rows = (
        "SELECT t.subject_id, k.code, t.n, t.total, t.lowest, t.highest, t.last"
        " FROM checks_sheettotal t JOIN checks_kind k ON k.id = t.kind_id AND k.ground_id = %s AND k.scheme = %s"
        f" WHERE {of_subjects} AND t.month BETWEEN %s AND %s ORDER BY t.month",
        [period.ground.id, period.scheme.code, *keys, months[0], months[-1]],
    )
    rows, sheets = ask(stored_rows, sheet_rows)
    found: dict[int, Figure] = {}
    for place, village, own, result, n_checks, due, added, partner, known in rows:
        found[place] = Figure(place, village)
        if known:
            found[place] = Figure(place, village, own, result, n_checks, bool(due), added, partner, known=True)
    return found, sheets


def _read_entered(period: Open, composite: Composite, figures: dict[int, Figure]) -> None:
    """States on the last day, adjustments and partners, as they are on file."""
    listed = _listed(figures)
    states = states_on(period.span.ends_on, figures)
    added = dict(
        fetch(
            "SELECT subject_id, SUM(amount) FROM standings_adjustment WHERE period_id = %s AND composite = %s"
            f" AND withdrawn_at IS NULL AND subject_id IN ({listed}) GROUP BY subject_id",
            [period.id, composite.code],
        )
    )
    pairs = fetch(
        "SELECT red_id, black_id FROM standings_pair WHERE period_id = %s AND composite = %s AND ended_at IS NULL"
        f" AND (red_id IN ({listed}) OR black_id IN ({listed}))",
        [period.id, composite.code],
    )
    partners = {one: other for pair in pairs for one, other in (pair, pair[::-1])}
    for place, figure in figures.items():
        figure.due = states.get(place, "due") not in period.scheme.households.not_due
        figure.added = int(added.get(place, 0))
        figure.partner = partners.get(place)


def numbers_of_leaf(period: Open, composite: Composite, places: Collection[int]) -> dict[tuple[int, str], int]:
    """(Place's id, indicator) → number, where the composite takes any; most take none, and then nothing is read."""
    if not any(component.source.kind == "indicator" for component in composite.components):
        return {}
    from xiangyue.standings.ratings.indicators import numbers_by_place

    return numbers_by_place(period.ground, period.scheme, period.span, composite, places)


def _own(
    composite: Composite,
    figures: dict[int, Figure],
    sheets: Iterable[tuple[Any, ...]],
    numbers: dict[tuple[int, str], int],
) -> None:
    """The own figures from the running sheet totals and the numbers entered."""
    totals: dict[tuple[int, str], tuple[int, int, int, int, int]] = {}
    for subject, kind, n, total, lowest, highest, last in sheets:
        held = totals.get((subject, kind))
        if held is not None:
            n, total, lowest, highest = n + held[0], total + held[1], min(lowest, held[2]), max(highest, held[3])
        totals[subject, kind] = (n, total, lowest, highest, last)
    kinds = {c.source.check_kind for c in composite.components if c.source.kind == "sheets"}
    for place, figure in figures.items():
        figure.n_checks = sum(totals[place, kind][0] for kind in kinds if (place, kind) in totals)
        figure.own = _weighed(composite, place, totals, numbers) if figure.due else None


def _weighed(
    composite: Composite,
    place: int,
    totals: dict[tuple[int, str], tuple[int, int, int, int, int]],
    numbers: dict[tuple[int, str], int],
) -> int | None:
    total = weights = 0
    for component in composite.components:
        source = component.source
        held = totals.get((place, source.check_kind))
        if source.kind == "indicator":
            value = indicator_value(source.bands, numbers.get((place, source.indicator)))
        else:
            value = sheets_value(source.take, held) if held else None
        if value is not None:
            total += component.weight * value
            weights += component.weight
        elif component.required:
            return None
    return half_up(total, weights) if weights > 0 else None


def _results(composite: Composite, figures: dict[int, Figure]) -> None:
    for figure in figures.values():
        partner = figures.get(figure.partner) if figure.partner else None
        _, paired = joined(figure.own, partner.own if partner else None, composite.pair_weight)
        figure.result = None if paired is None else clamp(paired + figure.added)


def _added_to_villages(
    period: Open, composite: Composite, figures: Iterable[Figure], before: dict[int, tuple[bool, int | None]]
) -> Command:
    """The command that brings the villages' sums forward."""
    sums: dict[int, list[int]] = {}
    for figure in figures:
        if figure.village is None:
            continue
        due, result = before[figure.subject]
        held = sums.setdefault(figure.village, [0, 0, 0])
        held[0] += int(figure.due) - int(due)
        held[1] += (figure.result is not None) - (result is not None)
        held[2] += (figure.result or 0) - (result or 0)
    rows = [
        (village, period.id, composite.code, None, None, 0, True, 0, None, *held)
        for village, held in sorted(sums.items())
        if any(held)
    ]
    return Command(ADD, rows)


def _listed(ids: Iterable[int]) -> str:
    return ", ".join(str(int(number)) for number in sorted(ids)) or "NULL"
