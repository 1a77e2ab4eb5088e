"""A commendation, an appraisal and a paid plan on a county's ground: what addresses name in tests."""

from __future__ import annotations

from typing import Any

from tests.cast import COUNTY, NOW, OTHER_COUNTY, OTHER_VILLAGE, TODAY, WILLOW, Cast
from xiangyue.rewards.award_models import AwardLine, AwardList
from xiangyue.rewards.incentive_models import IncentivePlan, Payment, PlanLine
from xiangyue.rewards.performance_models import Appraisal, AppraisalLine

YEAR = "2026"


def _common(cast: Cast, is_own: bool, **more: Any) -> dict[str, Any]:
    assert cast.scheme is not None
    return {
        "ground": cast.places[COUNTY if is_own else OTHER_COUNTY], "scheme": "linjiang", "scheme_version": cast.scheme,
        "key": YEAR, "version": 1, "digest": "0" * 64, "made_at": NOW, "state": "in_force", **more,
    }  # fmt: skip


def _spot(cast: Cast, is_own: bool) -> dict[str, Any]:
    place = cast.places[WILLOW if is_own else OTHER_VILLAGE]
    return {"subject": place.code, "place": place, "name": place.name, "path": place.path}


def list_of(cast: Cast, is_own: bool) -> AwardList:
    """A commendation in force."""
    row = AwardList.objects.create(
        **_common(cast, is_own, code="red", name="通报表扬"), kind="commendation", text="示例",
        cuts=[{"code": "red", "name": "通报表扬", "n": 1, "risen": 0, "lowest": None, "why": "示例"}],
    )  # fmt: skip
    AwardLine.objects.create(list=row, value="red", label="通报表扬", position=1, **_spot(cast, is_own))
    return row


def appraisal_line_of(cast: Cast, is_own: bool) -> AppraisalLine:
    """A member's line in an appraisal in force."""
    row = Appraisal.objects.create(
        **_common(cast, is_own, code="members", name="包户履职"), layer="members", ends_on=TODAY,
        parts=[["outcomes", "成绩", 1]],
    )  # fmt: skip
    person = cast.people["P06" if is_own else "P24"]
    return AppraisalLine.objects.create(
        appraisal=row, subject=f"person:{person.code}", person=person, name=person.name, path=person.place.path,
        figure=9_000, factor=100, parts=[[9_000, 1, 9_000, "示例"]], targets=[], why="示例",
    )  # fmt: skip


def payment_of(cast: Cast, is_own: bool) -> Payment:
    """A payment of a plan's line."""
    plan = IncentivePlan.objects.create(
        **_common(cast, is_own, code="year_awards", name="年度奖补"), total=100,
        totals={"rule": [["model", "标兵村", 1, 100]], "place": [], "source": []},
    )  # fmt: skip
    line = PlanLine.objects.create(
        plan=plan, rule="model", rule_name="标兵村", source="budget", amount=100, why="示例", **_spot(cast, is_own)
    )
    return Payment.objects.create(line=line, amount=100, paid_on=TODAY, voucher="示例-1", recorded_at=NOW)


def entered_of(cast: Cast, is_own: bool) -> str:
    """The code of a grading in the county's scheme whose grades are entered."""
    from tests.rewards.stage import MORE, with_rewards

    assert cast.scheme is not None
    if MORE not in cast.scheme.text:
        with_rewards(cast)
    return "centre_2"


LISTS = ("list", "propose", "strike", "text", "approve_text", "text_file", "text_document")
PLANS = ("plan", "approve", "pay", "payment_list")
ADDRESSES: dict[tuple[str, str], Any] = {
    **{(f"rewards:{name}", "pk"): lambda cast, is_own: list_of(cast, is_own).pk for name in LISTS},
    **{
        (f"rewards:{name}", "pk"): lambda cast, is_own: appraisal_line_of(cast, is_own).appraisal_id
        for name in ("appraisal", "appraisal_propose")
    },
    ("rewards:appraisal_line", "pk"): lambda cast, is_own: appraisal_line_of(cast, is_own).pk,
    **{(f"rewards:{name}", "pk"): lambda cast, is_own: payment_of(cast, is_own).line.plan_id for name in PLANS},
    ("rewards:reverse", "pk"): lambda cast, is_own: payment_of(cast, is_own).pk,
    ("rewards:heads", "incentives"): lambda cast, is_own: "year_awards",
    ("rewards:heads", "period"): lambda cast, is_own: YEAR,
    ("rewards:grades", "grading"): entered_of,
    ("rewards:simulate", "incentives"): lambda cast, is_own: "year_awards",
    ("rewards:simulate", "period"): lambda cast, is_own: YEAR,
}
"""(Address, parameter) → the row it names."""
