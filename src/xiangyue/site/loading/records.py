"""The records of a load: duties, checks with their entries, adjustments, consents."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from hashlib import sha256
from typing import Any, NamedTuple
from uuid import UUID

from django.utils import timezone as clock

from xiangyue.agreements.models import Consent, SchemeVersion
from xiangyue.checks.bulk import Round, Seen, Stored, store_rounds
from xiangyue.checks.models import Kind
from xiangyue.duties.bulk import DutyRow, store_duties
from xiangyue.duties.models import Duty
from xiangyue.places.models import Level, Place, PlaceClass
from xiangyue.rules import sheet
from xiangyue.rules.days import Span, parse_period
from xiangyue.rules.numbers import FULL
from xiangyue.rules.settings import CheckKind, Layer, Scheme
from xiangyue.site.loading.faults import Faults
from xiangyue.site.loading.register import Known, Rows, Spot
from xiangyue.standings.closed import closed_among
from xiangyue.standings.models import Adjustment, Period

LOCAL = timezone(timedelta(hours=8))
NOON = time(12)


@dataclass(frozen=True, slots=True)
class Ground:
    """What the records lie on."""

    place: Place
    version: SchemeVersion
    scheme: Scheme
    begin: date


def load_duties(rows: Rows, known: Known, ground: Ground, faults: Faults) -> int:
    """Store the duties; gives how many."""
    layers = {layer.code: layer for layer in ground.scheme.layers}
    found: list[DutyRow] = []
    for line, row in rows:
        layer = layers.get(row["layer"])
        target = known.spots.get(row["target"])
        person, organisation = known.people.get(row["person"]), known.organisations.get(row["organisation"])
        if layer is None:
            faults.add("duties", line, "layer", f"方案里没有“{row['layer']}”这一层。", f"可用：{'、'.join(layers)}。")
        elif target is None or not _is_target(layer, target):
            wanted = "、".join(str(PlaceClass(one).label) for one in layer.classes) or Level(layer.target).label
            faults.add("duties", line, "target", f"“{row['target']}”不是已有的{wanted}。", "请改正编码。")
        elif bool(row["person"]) == bool(row["organisation"]):
            faults.add("duties", line, "person", "包保人和包保单位要填且只填一个。", "请改正。")
        elif row["person"] and person is None:
            faults.add("duties", line, "person", f"人员“{row['person']}”不存在。", "请先在 persons 表加上。")
        elif row["organisation"] and organisation is None:
            faults.add(
                "duties", line, "organisation", f"单位“{row['organisation']}”不存在。", "请先在 organisations 表加上。"
            )
        else:
            found.append(
                DutyRow(
                    ground.place.pk,
                    ground.scheme.code,
                    layer.code,
                    person,
                    organisation,
                    target.id,
                    row["team"],
                    layer.exclusion,
                    row["from"] or ground.begin,
                    row["to"],
                )
            )
    faults.stop_if_any()
    names = ("scheme", "layer", "person_id", "organisation_id", "target_id", "team", "from_on")
    on_file = set(Duty.objects.filter(ground=ground.place).values_list(*names))
    # a row written twice is one duty
    fresh = [row for row in dict.fromkeys(found) if tuple(getattr(row, name) for name in names) not in on_file]
    store_duties(fresh)
    return len(fresh)


def _is_target(layer: Layer, spot: Spot) -> bool:
    return spot.level == layer.target and (not layer.classes or spot.place_class in layer.classes)


class _Line(NamedTuple):
    """A check of the table, read and scored."""

    line: int
    id: str
    subject: str
    seen: Seen


def entries_by_check(rows: Rows, faults: Faults) -> dict[str, list[tuple[int, sheet.Entry]]]:
    """The entries of each check, with their lines."""
    found: dict[str, list[tuple[int, sheet.Entry]]] = defaultdict(list)
    for line, row in rows:
        entry = sheet.Entry(
            row["item"],
            row["step"],
            n=row["n"] if row["n"] is not None else 1,
            grade=row["grade"],
            amount=row["amount"] or 0,
            applicable=not row["not_applicable"],
            failed=row["failed"],
        )
        found[row["check"]].append((line, entry))
    return found


def load_checks(
    rows: Rows,
    entries: dict[str, list[tuple[int, sheet.Entry]]],
    known: Known,
    ground: Ground,
    faults: Faults,
    say: Callable[[int], None],
) -> Stored:
    """Store the checks with their entries, grouped into rounds of one inspector, kind and moment."""
    rounds = _rounds(rows, entries, known, ground, faults)

    def closed(month: int) -> bool:
        return bool(closed_among(ground.place.pk, ground.scheme.code, {month}))

    stored = store_rounds(ground.place.pk, rounds, now=clock.now(), closed=closed, say=say)
    # a check that is left out for a fault of its own would only make its entries look lost
    lost = {} if faults.about("checks") else entries
    for check, lines in lost.items():
        faults.add("entries", lines[0][0], "check", f"检查“{check}”不在 checks 表里。", "请改正检查编号。")
    return stored


def _rounds(
    rows: Rows,
    entries: dict[str, list[tuple[int, sheet.Entry]]],
    known: Known,
    ground: Ground,
    faults: Faults,
) -> Iterator[Round]:
    kinds = {kind.code: kind for kind in ground.scheme.check_kinds}
    numbers = dict(Kind.objects.filter(ground=ground.place, scheme=ground.scheme.code).values_list("code", "id"))
    clean = {code: sheet.score(ground.scheme.standard(kind.standard), []).score for code, kind in kinds.items()}
    open_key: tuple[Any, ...] | None = None
    lines: list[_Line] = []
    held: set[str] = set()
    ids: set[str] = set()
    for line, row in rows:
        kind = kinds.get(row["kind"])
        if not _good(line, row, kind, known, ids, faults) or kind is None:
            entries.pop(row["id"], None)
            continue
        made = row["made_at"] or datetime.combine(row["day"], NOON, LOCAL).astimezone(UTC)
        key = (row["kind"], row["inspector"], row["day"], made)
        if key != open_key and lines and open_key is not None:
            yield _round(open_key, lines, known, ground, numbers)
            lines, held = [], set()
        open_key = key
        seen = _scored(line, row, kind, entries, known, ground, clean, faults)
        if row["subject"] in held:
            yield _round(key, lines, known, ground, numbers)
            lines, held = [], set()
        held.add(row["subject"])
        lines.append(_Line(line, row["id"], row["subject"], seen))
    if lines and open_key is not None:
        yield _round(open_key, lines, known, ground, numbers)


def _good(line: int, row: dict[str, Any], kind: CheckKind | None, known: Known, ids: set[str], faults: Faults) -> bool:
    before = len(faults.found) + faults.more
    subject = known.spots.get(row["subject"])
    if kind is None:
        faults.add("checks", line, "kind", f"方案里没有“{row['kind']}”这种检查。", "请用方案里的检查种类代码。")
    elif subject is None or subject.level != kind.subject:
        wanted = Level(kind.subject).label
        faults.add("checks", line, "subject", f"“{row['subject']}”不是已有的{wanted}。", "请改正编码。")
    if row["inspector"] not in known.people:
        faults.add("checks", line, "inspector", f"人员“{row['inspector']}”不存在。", "请先在 persons 表加上。")
    if row["day"] > clock.localdate():
        faults.add("checks", line, "day", f"{row['day']} 还没有到。", "请改正日期。")
    made = row["made_at"]
    if made is not None and made.astimezone(LOCAL).date() != row["day"]:
        faults.add("checks", line, "made_at", "检查时间不在这一天（按北京时间）。", "请改正日期或时间。")
    if row["id"]:
        if row["id"] in ids:
            faults.add("checks", line, "id", f"检查编号 {row['id']} 重复。", "每次检查用一个编号。")
        ids.add(row["id"])
    return len(faults.found) + faults.more == before


def _scored(
    line: int,
    row: dict[str, Any],
    kind: CheckKind,
    entries: dict[str, list[tuple[int, sheet.Entry]]],
    known: Known,
    ground: Ground,
    clean: dict[str, int | None],
    faults: Faults,
) -> Seen:
    spot = known.spots[row["subject"]]
    mine = entries.pop(row["id"], None) if row["id"] else None
    if not mine:
        return Seen(spot.id, spot.code, clean[kind.code])
    listed = tuple(entry for _, entry in mine)
    try:
        scored = sheet.score(ground.scheme.standard(kind.standard), listed)
    except sheet.SheetError as error:
        at = next((line for line, entry in mine if entry.item == error.item), mine[0][0])
        faults.add("entries", at, "item", f"检查 {row['id']}:{error.words}", "")
        return Seen(spot.id, spot.code, None)
    return Seen(spot.id, spot.code, scored.score, sum(1 for one in scored.lines if one.fault), listed)


def _round(key: tuple[Any, ...], lines: list[_Line], known: Known, ground: Ground, numbers: dict[str, int]) -> Round:
    kind, inspector, day, made = key
    spot = known.spots[lines[0].subject]
    body = "\n".join(f"{line.id}\t{line.subject}\t{line.seen.entries}" for line in lines)
    digest = sha256(f"{ground.place.code}\n{kind}\n{inspector}\n{day}\n{made.isoformat()}\n{body}".encode()).digest()
    return Round(
        uuid=_ordered_uuid(made, lines[-1].line, digest),
        digest=digest.hex(),
        kind_id=numbers[kind],
        kind_code=kind,
        scheme_version_id=ground.version.pk,
        place_id=spot.village or spot.township or spot.ground,
        inspector_id=known.people[inspector],
        user_id=None,
        channel="import",
        made_at=made,
        day=day,
        seen=tuple(line.seen for line in lines),
    )


def _ordered_uuid(made: datetime, line: int, digest: bytes) -> UUID:
    """A UUIDv7-shaped id that is the same for the same content and sorts, at one moment, as the lines of the file."""
    millis = int(made.timestamp() * 1000).to_bytes(6, "big")
    return UUID(bytes=millis + b"\x70\x00\x80" + line.to_bytes(3, "big") + digest[:4])


def load_adjustments(rows: Rows, known: Known, ground: Ground, faults: Faults) -> int:
    """Store the adjustments that are new; gives how many."""
    composites = {composite.code: composite for composite in ground.scheme.composites}
    fresh: list[Adjustment] = []
    told: dict[tuple[str, str, int, str], int] = {}
    for line, row in rows:
        composite, spot = composites.get(row["composite"]), known.spots.get(row["subject"])
        span = _span(row["period"])
        if span is None:
            faults.add(
                "adjustments", line, "period", f"“{row['period']}”不是考核期。", "请写成 2026-10、2026-Q3 或 2026。"
            )
        elif composite is None or composite.period != span.kind:
            faults.add(
                "adjustments",
                line,
                "composite",
                f"“{row['composite']}”不是这个考核期的考核。",
                f"可用：{'、'.join(composites)}。",
            )
        elif spot is None or spot.level != composite.level:
            faults.add("adjustments", line, "subject", f"“{row['subject']}”不是这项考核的对象。", "请改正编码。")
        elif row["points"] == 0 or abs(row["points"]) > FULL:
            faults.add("adjustments", line, "points", "加减分不能是 0,也不能超过 100 分。", "请改正，或删去这一行。")
        elif (key := (span.key, composite.code, spot.id, row["code"])) in told:
            faults.add(
                "adjustments", line, "code", f"编码 {row['code']} 与第 {told[key]} 行重复。", "一项加减分用一个编码。"
            )
        else:
            told[key] = line
            period, _ = Period.objects.get_or_create(
                ground=ground.place, scheme=ground.scheme.code, key=span.key,
                defaults={"kind": span.kind, "starts_on": span.starts_on, "ends_on": span.ends_on},
            )  # fmt: skip
            fresh.append(
                Adjustment(
                    period=period,
                    composite=composite.code,
                    subject_id=spot.id,
                    code=row["code"],
                    amount=row["points"],
                    name=row["name"],
                    reason=row["reason"],
                    on=row["on"],
                    created_at=clock.now(),
                )
            )
    faults.stop_if_any()
    before = Adjustment.objects.count()
    Adjustment.objects.bulk_create(fresh, batch_size=500, ignore_conflicts=True)
    return Adjustment.objects.count() - before


def _span(key: str) -> Span | None:
    try:
        return parse_period(key)
    except ValueError:
        return None


def load_consents(rows: Iterable[tuple[int, dict[str, Any]]], known: Known, faults: Faults) -> int:
    """Store the consents; gives how many."""
    fresh: list[Consent] = []
    # one that was given that day is on file whatever became of it: a revoked one is not given again
    have = set(Consent.objects.values_list("household_id", "purpose", "given_on"))
    for line, row in rows:
        spot = known.spots.get(row["household"])
        if spot is None or spot.level != Level.HOUSEHOLD:
            faults.add("consents", line, "household", f"农户“{row['household']}”不存在。", "请改正编码。")
        elif (spot.id, row["purpose"], row["given_on"]) not in have:
            have.add((spot.id, row["purpose"], row["given_on"]))
            fresh.append(
                Consent(
                    household_id=spot.id,
                    purpose=row["purpose"],
                    given_on=row["given_on"],
                    revoked_on=row["revoked_on"],
                    given_by=row["given_by"],
                )
            )
    faults.stop_if_any()
    before = Consent.objects.count()
    Consent.objects.bulk_create(fresh, batch_size=500, ignore_conflicts=True)
    return Consent.objects.count() - before
