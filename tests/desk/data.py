"""One line of test data for every desk: which rows of the cast it shows, and what a new row looks like."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.cast import COUNTY, NOW, OTHER_COUNTY, OTHER_TOWN, OTHER_VILLAGE, PEACH, STREET_VILLAGE, TODAY, TOWN, WILLOW
from tests.checks import inspection_rows as inspections
from tests.duties import rows as duties
from tests.papers import rows as papers
from tests.problems import rows as problems
from tests.standings import bulletins
from tests.standings import rating_rows as ratings
from tests.standings import rows as standings
from xiangyue.agreements.models import Consent
from xiangyue.captures.ids import new_id
from xiangyue.captures.intake import Actor
from xiangyue.captures.models import Capture
from xiangyue.checks.actions import Fault, record_round
from xiangyue.checks.models import Check, Kind
from xiangyue.duties.models import Duty
from xiangyue.people.models import Organisation
from xiangyue.rules.sheet import Entry

if TYPE_CHECKING:
    from tests.cast import Cast

HOME, THEIR_HOME = f"{WILLOW}-H00001", f"{OTHER_VILLAGE}-H00001"


@dataclass(frozen=True, slots=True)
class Sample:
    """What the contract needs to know of a desk."""

    own: Callable[[Cast], Any]
    """The key of a row on 示例县's ground …"""
    other: Callable[[Cast], Any]
    """… and of one on 西岭县's; made here where the cast has none."""
    search: str
    """A text that finds the own row, and not all."""
    add: dict[str, str] = field(default_factory=dict)
    """Column name → cell of a new row on own ground; empty for a desk that takes nothing in."""
    foreign: dict[str, str] = field(default_factory=dict)
    """The same on other ground."""
    text: str = ""
    """A column of free text, to be filled with a formula."""
    before: Callable[[Cast], Any] = lambda cast: None
    """Puts on the stage what a new row needs, such as a scheme of its own."""


def consent(cast: Cast, household: str) -> Any:
    """The key of a consent of that household (and, on own ground, one more of another)."""
    given: dict[str, Any] = {"purpose": "red_public", "given_on": TODAY}
    if household == HOME:
        Consent.objects.get_or_create(household=cast.household(2), **given)
    return Consent.objects.get_or_create(household=cast.places[household], **given)[0].pk


def other_duty(cast: Cast) -> Any:
    """The key of a duty on the other county's ground."""
    made = Duty.objects.get_or_create(
        ground=cast.places[OTHER_COUNTY], scheme="linjiang", layer="members", person=cast.people["P24"],
        target=cast.places[THEIR_HOME], from_on=TODAY, created_at=NOW,
    )  # fmt: skip
    return made[0].pk


def other_organisation(cast: Cast) -> Any:
    """The key of an organisation of the other county."""
    place = cast.places[OTHER_COUNTY]
    return Organisation.objects.create(
        code="D99", name="西岭县示例局", kind="department", place=place, from_on=TODAY
    ).pk


def own_duty(cast: Cast) -> Any:
    """The key of a duty for the first household."""
    return Duty.objects.get(target=cast.household(1)).pk


def own_check(cast: Cast) -> Any:
    """The key of a check of the first household, with a fault; and one more of another household, clean."""
    found = Check.objects.filter(subject=cast.household(1)).first()
    if found is None:
        fault = Fault(HOME, (Entry("S01-1", "rubbish", 2),))
        actor = Actor(cast.users["bearer"].pk)
        record_round(actor, "daily", fine=[cast.household(2).code], faults=[fault], now=NOW)
        found = Check.objects.get(subject=cast.household(1))
    return found.pk


def other_check(cast: Cast) -> Any:
    """The key of a check on the other county's ground."""
    county, place = cast.places[OTHER_COUNTY], cast.places[THEIR_HOME]
    kind, _new = Kind.objects.get_or_create(
        ground=county, scheme="linjiang", code="daily", name="日检查", level="household"
    )
    found = Check.objects.filter(subject=place).first()
    if found is None:
        capture = Capture.objects.create(
            uuid=new_id(), digest="0" * 64, kind="round", place=place, channel="phone", made_at=NOW, received_at=NOW,
            body={},
        )  # fmt: skip
        assert cast.scheme
        found = Check.objects.create(
            ground=county, kind=kind, subject=place, inspector=cast.people["P24"], scheme_version=cast.scheme,
            capture=capture, day=TODAY, month=202611, made_at=NOW, score=10_000,
        )  # fmt: skip
    return found.pk


def adjustment(cast: Cast, is_own: bool) -> Any:
    """The key of an adjustment of a village (and, on own ground, one more of another village)."""
    from xiangyue.standings.models import Adjustment

    if is_own:
        values = {"amount": -150, "name": "示例扣分", "reason": "示例", "on": TODAY, "created_at": NOW}
        Adjustment.objects.get_or_create(
            period=standings.period_of(cast, True), composite="village_month", subject=cast.places[PEACH], code="A2",
            defaults=values,
        )  # fmt: skip
    return standings.adjustment_of(cast, is_own).pk


SAMPLES: dict[str, Sample] = {
    "place": Sample(
        lambda cast: cast.places[WILLOW].pk, lambda cast: cast.places[OTHER_VILLAGE].pk, "柳树村",
        {"name": "新桥村", "level": "村（社区）", "parent": TOWN, "code": f"{TOWN}299"},
        {"name": "新桥村", "level": "村（社区）", "parent": OTHER_TOWN, "code": f"{OTHER_TOWN}299"}, "name",
    ),
    "household": Sample(
        lambda cast: cast.household(1).pk, lambda cast: cast.places[THEIR_HOME].pk, HOME,
        {"village": WILLOW, "door": "91号"}, {"village": OTHER_VILLAGE, "door": "91号"}, "note",
    ),
    "organisation": Sample(
        lambda cast: cast.organisations["D01"].pk, other_organisation, "D01",
        {"code": "D77", "name": "示例局", "kind": "部门", "place": COUNTY, "from_on": "2026-01-01"},
        {"code": "D78", "name": "示例局", "kind": "部门", "place": OTHER_COUNTY, "from_on": "2026-01-01"}, "name",
    ),
    "person": Sample(
        lambda cast: cast.people["P06"].pk, lambda cast: cast.people["P24"].pk, "P06",
        {"code": "P77", "name": "卯党员", "place": WILLOW, "from_on": "2026-01-01"},
        {"code": "P78", "name": "卯党员", "place": OTHER_VILLAGE, "from_on": "2026-01-01"}, "name",
    ),
    "post": Sample(
        lambda cast: cast.people["P06"].posts.get().pk, lambda cast: cast.people["P24"].posts.get().pk, "P06",
        {"person": "P06", "kind": "志愿者", "place": PEACH, "from_on": "2026-01-01"},
        {"person": "P06", "kind": "志愿者", "place": OTHER_VILLAGE, "from_on": "2026-01-01"},
    ),
    "user": Sample(lambda cast: cast.users["bearer"].pk, lambda cast: cast.users["other_bearer"].pk, "P06"),
    "grant": Sample(
        lambda cast: cast.users["bearer"].grants.get().pk, lambda cast: cast.users["other_bearer"].grants.get().pk,
        "己党员",
    ),
    "consent": Sample(
        lambda cast: consent(cast, HOME), lambda cast: consent(cast, THEIR_HOME), HOME,
        {"household": f"{WILLOW}-H00003", "purpose": "红榜公开户名", "given_on": "2026-01-01"},
        {"household": THEIR_HOME, "purpose": "结对共评", "given_on": "2026-01-01"}, "given_by",
    ),
    "duty": Sample(
        own_duty, other_duty, HOME,
        {"layer": "members", "person": "P13", "target": f"{PEACH}-H00001", "from_on": "2026-11-01"},
        {"layer": "members", "person": "P13", "target": THEIR_HOME, "from_on": "2026-11-01"}, "team",
    ),
    "check": Sample(
        own_check, other_check, HOME,
        {"day": "2026-11-03", "kind": "明察", "subject": PEACH, "inspector": "P03"},
        {"day": "2026-11-03", "kind": "明察", "subject": OTHER_VILLAGE, "inspector": "P22"},
    ),
    "visit": Sample(
        lambda cast: duties.visit_of(cast, True), lambda cast: duties.visit_of(cast, False), HOME,
        {"day": "2026-11-03", "person": "P06", "target": HOME, "layer": "党员包户", "given": "物资=3(树苗)"},
        {"day": "2026-11-03", "person": "P24", "target": THEIR_HOME},
    ),
    "wish": Sample(
        lambda cast: duties.wish_of(cast, True), lambda cast: duties.wish_of(cast, False), HOME,
        {"day": "2026-11-03", "household": HOME, "text": "白菜卖不出去", "person": "P06"},
        {"day": "2026-11-03", "household": THEIR_HOME, "text": "白菜卖不出去"}, "text",
    ),
    "team": Sample(
        lambda cast: duties.team_of(cast, True), lambda cast: duties.team_of(cast, False), "柳树村",
        {"ground": WILLOW, "name": "柳树村二队", "layer": "vanguard", "from_on": "2026-11-01"},
        {"ground": OTHER_VILLAGE, "name": "隔壁村二队", "layer": "vanguard", "from_on": "2026-11-01"}, "name",
        duties.vanguards,
    ),
    "team_member": Sample(
        lambda cast: duties.team_member_of(cast, True), lambda cast: duties.team_member_of(cast, False), "P08",
        {"ground": WILLOW, "team": "柳树村先锋队", "person": "P06", "kind": "党员小组长", "from_on": "2026-11-21"},
        {"ground": OTHER_VILLAGE, "team": "隔壁村先锋队", "person": "P24", "kind": "志愿者"},
        before=duties.team_staged,
    ),
    "team_spot": Sample(
        lambda cast: duties.team_spot_of(cast, True), lambda cast: duties.team_spot_of(cast, False), f"{WILLOW}-G001",
        {"ground": WILLOW, "team": "柳树村先锋队", "place": f"{WILLOW}-G001", "from_on": "2026-11-21"},
        {"ground": OTHER_VILLAGE, "team": "隔壁村先锋队", "place": f"{OTHER_VILLAGE}-G001"},
        before=duties.team_staged,
    ),
    "paper": Sample(
        lambda cast: papers.sheet_of(cast, True).pk, lambda cast: papers.sheet_of(cast, False).pk, "己党员",
    ),
    "inspection_plan": Sample(
        lambda cast: inspections.line_of(cast, True).pk, lambda cast: inspections.line_of(cast, False).pk, "暗访",
        {"ground": COUNTY, "year": "2026", "way": "暗访", "month": "12", "times": "1", "document": "示督〔2026〕2号", "filed_on": "2026-01-06"},
        {"ground": OTHER_COUNTY, "year": "2026", "way": "暗访", "month": "12", "times": "1", "document": "示督〔2026〕2号", "filed_on": "2026-01-06"},
        "document",
    ),
    "inspection": Sample(
        lambda cast: inspections.inspection_of(cast, True).pk, lambda cast: inspections.inspection_of(cast, False).pk, "暗访",
    ),
    "sheet_objection": Sample(
        lambda cast: inspections.objection_of(cast, True).pk, lambda cast: inspections.objection_of(cast, False).pk, "隔壁村",
    ),
    "number": Sample(
        lambda cast: ratings.number_of(cast, True), lambda cast: ratings.number_of(cast, False), "柳树村",
        {"period": "2026", "indicator": "培训农民", "place": PEACH, "number": "14"},
        {"period": "2026", "indicator": "培训农民", "place": OTHER_VILLAGE, "number": "14"}, "document",
        lambda cast: ratings.version_of(cast, True),
    ),
    "violation": Sample(
        lambda cast: ratings.violation_of(cast, True), lambda cast: ratings.violation_of(cast, False), "柳树村",
        {"place": PEACH, "kind": "干部违纪", "department": "D01", "document": "示纪〔2026〕9号", "clause": "第七条"},
        {"place": OTHER_VILLAGE, "kind": "干部违纪", "department": "D01", "document": "示纪〔2026〕9号", "clause": "第七条"}, "words",
        lambda cast: ratings.version_of(cast, True),
    ),
    "watch": Sample(
        lambda cast: ratings.watch_of(cast, True), lambda cast: ratings.watch_of(cast, False), "柳树村",
        {"watch_list": "软弱涣散村党组织", "place": STREET_VILLAGE, "basis": "示组〔2026〕3号"},
        {"watch_list": "软弱涣散村党组织", "place": OTHER_VILLAGE, "basis": "示组〔2026〕3号"}, "basis",
        lambda cast: ratings.version_of(cast, True),
    ),
    "problem": Sample(
        problems.own_problem, lambda cast: problems.problem_of(cast, False), HOME,
        {"day": "2026-11-03", "kind": "柴草乱垛", "place": PEACH, "source": "督查"},
        {"day": "2026-11-03", "kind": "柴草乱垛", "place": OTHER_VILLAGE, "source": "督查"},
    ),
    "supply": Sample(
        lambda cast: problems.supply_of(cast, True), lambda cast: problems.supply_of(cast, False), "垃圾桶",
        {"ground": COUNTY, "organisation": "E01", "what": "路灯", "from_on": "2026-11-01", "amount": "20"},
        {"ground": OTHER_COUNTY, "organisation": "E01", "what": "路灯", "from_on": "2026-11-01", "amount": "20"}, "what",
    ),
    "bulletin": Sample(
        lambda cast: bulletins.bulletin_of(cast, True), lambda cast: bulletins.bulletin_of(cast, False), "东河镇",
    ),
    "adjustment": Sample(
        lambda cast: adjustment(cast, True), lambda cast: adjustment(cast, False), "柳树村",
        {"period": "2026-10", "composite": "村月度得分", "subject": PEACH, "points": "-1.5", "name": "示例", "reason": "示例"},
        {"period": "2026-10", "composite": "村月度得分", "subject": OTHER_VILLAGE, "points": "2", "name": "示例", "reason": "示例"},
        "reason",
    ),
}  # fmt: skip
