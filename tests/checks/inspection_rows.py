"""One inspection on a county's ground, its targets open and a sheet objected to: what addresses name in tests."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.cast import COUNTY, NOW, OTHER_COUNTY, OTHER_TOWN, OTHER_VILLAGE, TOWN, WILLOW, Cast
from xiangyue.agreements.in_force import digest_of
from xiangyue.agreements.models import SchemeVersion
from xiangyue.captures.ids import new_id
from xiangyue.captures.models import Capture
from xiangyue.checks.inspections.models import (
    Inspection,
    InspectionMember,
    InspectionPlan,
    InspectionTeam,
    InspectionTurn,
    PlannedInspection,
    SheetObjection,
)
from xiangyue.checks.models import Check, Kind

ON = date(2026, 11, 9)


def scheme_of(cast: Cast, is_own: bool) -> SchemeVersion:
    """The scheme in force on the ground."""
    assert cast.scheme
    if is_own:
        return cast.scheme
    ground = cast.places[OTHER_COUNTY]
    text = cast.scheme.text.replace(COUNTY, OTHER_COUNTY)
    return SchemeVersion.objects.filter(ground=ground, state="published").first() or SchemeVersion.objects.create(
        ground=ground, code="linjiang", version=8, name="方案", text=text, digest=digest_of(text), state="published",
        from_on=date(2026, 1, 1), created_at=NOW, published_at=NOW,
    )  # fmt: skip


def line_of(cast: Cast, is_own: bool) -> PlannedInspection:
    """A line of this year's plan (and on own ground one more)."""
    ground = cast.places[COUNTY if is_own else OTHER_COUNTY]
    plan, _made = InspectionPlan.objects.get_or_create(
        ground=ground, scheme="linjiang", year=2026,
        defaults={"document": "示督〔2026〕1号" if is_own else "西督〔2026〕1号", "filed_on": date(2026, 1, 5)},
    )  # fmt: skip
    if is_own:
        values = {"name": "明察", "times": 1}
        PlannedInspection.objects.get_or_create(plan=plan, kind="open", month=10, defaults=values)
    values = {"name": "暗访", "times": 2}
    return PlannedInspection.objects.get_or_create(plan=plan, kind="secret", month=11, defaults=values)[0]


def inspection_of(cast: Cast, is_own: bool) -> Inspection:
    """An inspection of a day that is over, with one turn, by the supervisor (or the other county's office)."""
    ground = cast.places[COUNTY if is_own else OTHER_COUNTY]
    found = Inspection.objects.filter(ground=ground, kind="secret").first()
    if found is not None:
        return found
    village, town = cast.places[WILLOW if is_own else OTHER_VILLAGE], TOWN if is_own else OTHER_TOWN
    facts: dict[str, Any] = {"code": "x", "n": 1, "cap": 0, "month_cap": 0, "subjects": [[village.code, "", 1, town]]}
    row = _make(cast, is_own, ground, facts)
    team = InspectionTeam.objects.create(inspection=row, number=1)
    InspectionMember.objects.create(team=team, person=cast.people["P09" if is_own else "P21"], leads=True)
    InspectionTurn.objects.create(inspection=row, team=team, subject=village, order=1)
    if is_own:
        line = PlannedInspection.objects.get(plan__ground=ground, kind="open")
        Inspection.objects.create(
            line=line, ground=ground, scheme_version=row.scheme_version, scheme="linjiang", kind="open", name="明察",
            nth=1, from_on=ON, to_on=ON, facts=facts, facts_digest="0", arranged_at=NOW, is_drawn=False, state="ready",
        )  # fmt: skip
    return row


def _make(cast: Cast, is_own: bool, ground: Any, facts: dict[str, Any]) -> Inspection:
    held = {"seen": {}, "month": {}, "barred": {}, "teams": [[1, ""]], "ties": []}
    return Inspection.objects.create(
        line=line_of(cast, is_own), ground=ground, scheme_version=scheme_of(cast, is_own), scheme="linjiang",
        kind="secret", name="暗访", nth=1, from_on=ON, to_on=ON, facts=facts, facts_digest="0", held=held,
        secret="0", commitment="0", number_name="示例", number_on=ON, number="1", seed="0", state="opened",
        arranged_at=NOW, opened_at=NOW,
    )  # fmt: skip


def turn_of(cast: Cast, is_own: bool) -> InspectionTurn:
    """Its turn, with a sheet that the village sees."""
    turn = InspectionTurn.objects.select_related("subject__ground").get(inspection=inspection_of(cast, is_own))
    if not Check.objects.filter(subject=turn.subject, day=ON).exists():
        _sheet(cast, is_own, turn)
    return turn


def _sheet(cast: Cast, is_own: bool, turn: InspectionTurn) -> Check:
    ground = cast.places[COUNTY if is_own else OTHER_COUNTY]
    kind, _new = Kind.objects.get_or_create(
        ground=ground, scheme="linjiang", code="village_secret", defaults={"name": "暗访", "level": "village"}
    )
    capture = Capture.objects.create(
        uuid=new_id(), digest="0" * 64, kind="sheet", place=turn.subject, channel="office", made_at=NOW,
        received_at=NOW, body={},
    )  # fmt: skip
    return Check.objects.create(
        ground=ground, kind=kind, subject=turn.subject, inspector=cast.people["P09" if is_own else "P21"],
        scheme_version=scheme_of(cast, is_own), capture=capture, day=ON, month=202611, made_at=NOW, score=9_000,
    )  # fmt: skip


def objection_of(cast: Cast, is_own: bool) -> SheetObjection:
    """An objection to it that waits (and on own ground one that was answered)."""
    turn = turn_of(cast, is_own)
    check = Check.objects.get(subject=turn.subject, day=ON)
    values: dict[str, Any] = {
        "check_row": check,
        "subject": turn.subject,
        "made_at": NOW,
        "erase_on": date(2027, 11, 9),
    }
    if is_own:
        SheetObjection.objects.get_or_create(turn=turn, outcome="rejected", defaults=values | {"text": "示例说明"})
    text = "那堆是隔壁村的" if is_own else "不是本村的"
    return SheetObjection.objects.get_or_create(turn=turn, outcome="open", defaults=values | {"text": text})[0]


NAMES = ("inspection", "act", "day", "day_act", "sheets", "draw", "draw_file")
ADDRESSES: dict[tuple[str, str], Any] = {
    **{(f"inspections:{name}", "pk"): lambda cast, is_own: inspection_of(cast, is_own).pk for name in NAMES},
    **{(f"inspections:{name}", "pk"): lambda cast, is_own: turn_of(cast, is_own).pk for name in ("turn", "object")},
    ("inspections:answer", "pk"): lambda cast, is_own: objection_of(cast, is_own).pk,
    ("inspections:plan", "year"): lambda cast, is_own: scheme_of(cast, is_own) and 2026,
    ("inspections:arrange", "scheme"): lambda cast, is_own: scheme_of(cast, is_own).code,
    ("inspections:report", "scheme"): lambda cast, is_own: scheme_of(cast, is_own).code,
    **{
        (f"desk:{page} {desk}", "key"): finder
        for page in ("detail", "edit")
        for desk, finder in (
            ("inspection_plan", lambda cast, is_own: line_of(cast, is_own).pk),
            ("inspection", lambda cast, is_own: inspection_of(cast, is_own).pk),
            ("sheet_objection", lambda cast, is_own: objection_of(cast, is_own).pk),
        )
    },
}
"""(Address, parameter) → the row it names."""
