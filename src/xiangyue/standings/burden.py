"""The burden account of a ground and month: what villages received, what forms took, and the same work on paper."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.core.cache import cache
from django.utils.translation import gettext as _

from xiangyue.agreements.burden import monday_of
from xiangyue.base.bulk import stored
from xiangyue.base.scope import below
from xiangyue.desk import registry
from xiangyue.desk.models import Import
from xiangyue.duties.visits.received import received_in
from xiangyue.places.models import Place
from xiangyue.rules.burden import Form, Received, forms_asked, minutes, on_paper, received_over
from xiangyue.rules.burden import asked as asks_of
from xiangyue.rules.days import LOCAL, Span
from xiangyue.rules.numbers import half_up
from xiangyue.rules.settings import Scheme
from xiangyue.standings.totals import fetch

KEPT = 24 * 3600
DESK = "desk:"
"""What the forms of desks are called in the account."""
FEW = 5
"""Fewer people than this on a layer and ground: no figure, for it would be theirs."""


@dataclass(frozen=True, slots=True)
class Village:
    """What a village received in the month; `over`: in words, why it is over a cap."""

    code: str
    name: str
    township: str
    inspections: int
    opinions: int
    visits: int
    over: str = ""


@dataclass(frozen=True, slots=True)
class Spent:
    """Minutes of entry per person and week on a township's ground: how many people, the middle and the most."""

    township: str
    people: int
    middle: int | None
    most: int | None
    over: int
    """How many of their weeks were over the cap."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A form as it was sent: how often, seconds each as measured (None: not measured), and on paper."""

    name: str
    n: int
    lines: int
    seconds: int | None
    paper: int
    """Seconds each on paper, by the assumptions."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What was entered on one desk of the office: forms with their measured seconds each, and rows of workbooks."""

    name: str
    n: int
    seconds: int | None
    rows: int


@dataclass(frozen=True, slots=True)
class Account:
    """The account of one ground and month."""

    scheme: Scheme
    villages: tuple[Village, ...]
    spent: tuple[Spent, ...]
    sent: tuple[Sent, ...]
    forms: tuple[str, ...]
    planned: tuple[tuple[str, int], ...]
    """(Layer, minutes a week) that the scheme asks of one bearer, reckoned."""
    paper_minutes: int
    measured_minutes: int | None
    """What the same forms took as measured; None while under half of them measured themselves."""
    desks: tuple[Desk, ...] = ()

    @property
    def n_over(self) -> int:
        """Villages over a cap."""
        return sum(bool(row.over) for row in self.villages)


def account(ground: Place, scheme: Scheme, span: Span, under: Sequence[str] = ()) -> Account:
    """The account of the ground's month; `under`: only villages at or below these paths."""
    sums = _sums(ground, scheme, span)
    villages = _villages(ground, scheme, span, sums, under)
    sent = _sent(ground, scheme, span)
    forms = [Form(row.name, row.n, row.lines, row.paper_round) for row in sent]
    n = sum(row.n for row in sent)
    timed = [row for row in sent if row.timed]
    seconds = sum(half_up(row.seconds, row.timed) * row.n for row in timed)
    enough = n > 0 and sum(row.n for row in timed) * 2 >= n
    return Account(
        scheme,
        villages,
        tuple(_spent(ground, scheme, span, under)),
        tuple(row.shown() for row in sent),
        forms_asked(scheme),
        _planned(ground, scheme, span),
        half_up(on_paper(forms), 60),
        half_up(seconds, 60) if enough else None,
        tuple(_desks(ground, span)),
    )


def _sums(ground: Place, scheme: Scheme, span: Span) -> dict[str, dict[int, int]]:
    """Kind → village → sheets of the month, of the kinds whose subject is the village."""
    found: dict[str, dict[int, int]] = defaultdict(dict)
    month = span.starts_on.year * 100 + span.starts_on.month
    rows = fetch(
        "SELECT k.code, t.subject_id, t.n FROM checks_sheettotal t JOIN checks_kind k ON k.id = t.kind_id"
        " WHERE k.ground_id = %s AND k.scheme = %s AND k.level = 'village' AND t.month = %s",
        [ground.pk, scheme.code, month],
    )
    for kind, subject, n in rows:
        found[kind][subject] = n
    return found


def _villages(
    ground: Place, scheme: Scheme, span: Span, sums: Mapping[str, Mapping[int, int]], under: Sequence[str]
) -> tuple[Village, ...]:
    seen = [kind.code for kind in scheme.check_kinds if kind.subject == "village" and not kind.self_check]
    opinions = {kind.code for kind in scheme.check_kinds if kind.opinion}
    doors = _doors(ground, scheme, span)
    inside = _inside(ground, scheme, span)
    rows = Place.objects.below(ground.path).filter(level="village").select_related("township").order_by("path")
    held = [place for place in rows if not under or any(place.path.startswith(path) for path in under)]
    counted = {
        place.pk: (
            sum(sums.get(code, {}).get(place.pk, 0) for code in seen if code not in opinions) + inside.get(place.pk, 0),
            sum(sums.get(code, {}).get(place.pk, 0) for code in seen if code in opinions),
            doors.get(place.pk, 0),
        )
        for place in held
    }
    # visits by those from outside, by day and visitor: the village's own people are no burden to it
    came = received_in(ground.path, span.starts_on)
    received = [Received(place.code, counted[place.pk][0], came.get(place.pk, 0)) for place in held]
    over = {finding.subject: finding.words for finding in received_over(received, scheme)}
    return tuple(
        Village(place.code, place.name, place.township.name if place.township else "", *counted[place.pk], over.get(place.code, ""))
        for place in held
    )  # fmt: skip


def _doors(ground: Place, scheme: Scheme, span: Span) -> dict[int, int]:
    """Village → doors that bearers of the village came to in the month."""
    own = [kind.code for kind in scheme.check_kinds if kind.subject == "household" and kind.self_check]
    return _by_village(ground, scheme, span, own, "SUM(d.n_checks)")


def _inside(ground: Place, scheme: Scheme, span: Span) -> dict[int, int]:
    """Village → days on which somebody else than the bearers inspected households in it: an inspection each."""
    kinds = [kind.code for kind in scheme.check_kinds if kind.subject == "household" and not kind.self_check]
    return _by_village(ground, scheme, span, kinds, "COUNT(DISTINCT d.day)")


def _by_village(ground: Place, scheme: Scheme, span: Span, kinds: Sequence[str], what: str) -> dict[int, int]:
    """Village → what its days with checks of these kinds add up to in the month."""
    if not kinds:
        return {}
    marks = ", ".join(["%s"] * len(kinds))
    rows = fetch(
        f"SELECT d.village_id, {what} FROM checks_daycount d JOIN checks_kind k ON k.id = d.kind_id"
        f" WHERE k.ground_id = %s AND k.scheme = %s AND k.code IN ({marks}) AND d.day BETWEEN %s AND %s"
        " AND d.n_checks > 0 GROUP BY d.village_id",
        [ground.pk, scheme.code, *kinds, stored(span.starts_on), stored(span.ends_on)],
    )
    return {village: int(n) for village, n in rows}


def _spent(ground: Place, scheme: Scheme, span: Span, under: Sequence[str]) -> Iterable[Spent]:
    """Minutes a person and week, by the township that the person belongs to; nobody is named and few are not shown."""
    weeks: dict[str, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    rows = fetch(
        "SELECT COALESCE(t.name, p.name), COALESCE(t.path, p.path), e.person_id, SUM(e.seconds)"
        " FROM agreements_entrytime e JOIN people_person h ON h.id = e.person_id"
        " JOIN places_place p ON p.id = h.place_id LEFT JOIN places_place t ON t.id = p.township_id"
        " WHERE e.week BETWEEN %s AND %s AND p.path >= %s AND p.path < %s"
        " GROUP BY 1, 2, e.person_id, e.week ORDER BY 2",
        [stored(monday_of(span.starts_on)), stored(span.ends_on), ground.path, ground.path[:-1] + "0"],
    )
    for name, path, person, seconds in rows:
        if not under or any(path.startswith(one) or one.startswith(path) for one in under):
            weeks[name][person].append(half_up(int(seconds), 60))
    cap = scheme.burden.minutes_week
    for name, people in weeks.items():
        each = sorted(n for mine in people.values() for n in mine)
        if len(people) < FEW:
            yield Spent(name, len(people), None, None, 0)
        else:
            yield Spent(name, len(people), each[len(each) // 2], each[-1], sum(0 < cap < n for n in each))


@dataclass(frozen=True, slots=True)
class _Row:
    name: str
    n: int
    lines: int
    timed: int
    seconds: int
    paper_round: bool

    def shown(self) -> Sent:
        each = half_up(self.seconds, self.timed) if self.timed else None
        paper = on_paper([Form(self.name, self.n, self.lines, self.paper_round)])
        return Sent(self.name, self.n, self.lines, each, half_up(paper, self.n) if self.n else 0)


def _sent(ground: Place, scheme: Scheme, span: Span) -> list[_Row]:
    """Each form of the month: captures, their lines, and what those that measured themselves took."""
    month = span.starts_on.year * 100 + span.starts_on.month
    sheets = _sheets(ground.pk, scheme.code, month)
    timed = _timed(ground, span)
    found = []
    for kind in scheme.check_kinds:
        n, checks = sheets.get(kind.code, (0, 0))
        items = 1 if kind.subject == "household" else len(scheme.standard(kind.standard).items)
        if n:
            found.append(_Row(kind.name, n, checks * items, *timed.get(kind.code, (0, 0)), kind.subject == "household"))
    return found


def _timed(ground: Place, span: Span) -> dict[str, tuple[int, int]]:
    """Form → (how often, seconds) that people of the ground were measured at in the month's weeks."""
    rows = fetch(
        "SELECT e.form, SUM(e.n), SUM(e.seconds) FROM agreements_entrytime e JOIN people_person h"
        " ON h.id = e.person_id JOIN places_place p ON p.id = h.place_id"
        " WHERE e.week BETWEEN %s AND %s AND p.path >= %s AND p.path < %s GROUP BY e.form",
        [stored(monday_of(span.starts_on)), stored(span.ends_on), ground.path, ground.path[:-1] + "0"],
    )
    return {form: (int(n), int(seconds)) for form, n, seconds in rows}


def _desks(ground: Place, span: Span) -> Iterable[Desk]:
    """What the office entered in the month: on the desks' own forms, and by workbooks that were taken in."""
    forms = {form[len(DESK) :]: held for form, held in _timed(ground, span).items() if form.startswith(DESK)}
    rows: dict[str, int] = defaultdict(int)
    taken = Import.objects.filter(
        below("path", (ground.path,)), state=Import.State.DONE,
        done_at__gte=_midnight(span.starts_on),
        done_at__lt=_midnight(span.ends_on + timedelta(days=1)),
    )  # fmt: skip
    for name, counts in taken.values_list("desk", "counts"):
        rows[name] += counts.get("add", 0) + counts.get("change", 0)
    for name in sorted(name for name in {*forms, *rows} if registry.known(name)):
        n, seconds = forms.get(name, (0, 0))
        yield Desk(str(registry.get(name).title), n, half_up(seconds, n) if n else None, rows.get(name, 0))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(0), LOCAL)


def _sheets(ground_id: int, scheme: str, month: int) -> dict[str, tuple[int, int]]:
    """Kind → (forms sent, subjects on them); counting a million rows takes a while, so it is kept until more come in."""
    newest = fetch("SELECT MAX(id) FROM checks_check WHERE ground_id = %s AND month = %s", [ground_id, month])[0][0]
    key = f"burden:{ground_id}:{scheme}:{month}:{newest}"
    found: dict[str, tuple[int, int]] | None = cache.get(key)
    if found is None:
        rows = fetch(
            "SELECT k.code, COUNT(DISTINCT c.capture_id), COUNT(*) FROM checks_check c JOIN checks_kind k ON k.id = c.kind_id"
            " WHERE c.ground_id = %s AND c.month = %s AND k.scheme = %s AND c.state = 1 GROUP BY k.code",
            [ground_id, month, scheme],
        )
        found = {code: (int(n), int(subjects)) for code, n, subjects in rows}
        cache.set(key, found, KEPT)
    return found


def _planned(ground: Place, scheme: Scheme, span: Span) -> tuple[tuple[str, int], ...]:
    """What the scheme asks of one bearer of each layer, at the doors that a bearer has on the month's last day."""
    day = stored(span.ends_on)
    doors = {
        layer: half_up(int(targets), int(bearers))
        for layer, targets, bearers in fetch(
            "SELECT layer, COUNT(*), COUNT(DISTINCT person_id) FROM duties_duty WHERE ground_id = %s AND scheme = %s"
            " AND from_on <= %s AND (to_on IS NULL OR to_on >= %s) AND person_id IS NOT NULL GROUP BY layer",
            [ground.pk, scheme.code, day, day],
        )
        if bearers
    }
    names = {layer.code: layer.name for layer in scheme.layers}
    return tuple((names[layer], n) for layer, n in minutes(asks_of(scheme, doors)).items() if n)


def month_before(day: date) -> date:
    """The first day of the month before."""
    return (day.replace(day=1) - timedelta(days=1)).replace(day=1)


def caps_in_words(scheme: Scheme) -> list[tuple[str, str]]:
    """The scheme's caps, each with its words."""
    cap = scheme.burden
    rows = (
        (_("每人每周录入"), cap.minutes_week, _("分钟")),
        (_("每村每月检查"), cap.inspections_month, _("次")),
        (_("每村每月走访"), cap.visits_month, _("次")),
        (_("每村每月报表"), cap.forms_month, _("种")),
    )
    return [(name, f"{most} {unit}" if most else _("没有定")) for name, most, unit in rows]
