"""One review on a county's ground, its plan drawn and its stages in force: what addresses name in tests."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.cast import COUNTY, NOW, OTHER_COUNTY, OTHER_TOWN, OTHER_VILLAGE, TOWN, WILLOW, Cast
from tests.standings.reviews import scheme
from xiangyue.standings.reviews.models import Review, ReviewPlan, ReviewStageVersion, ReviewTeam

STAGES = ("mutual", "departments", "city")


def review_of(cast: Cast, is_own: bool) -> Review:
    """This year's review with the township's team."""
    ground = cast.places[COUNTY if is_own else OTHER_COUNTY]
    found = Review.objects.filter(ground=ground).first()
    if found is not None:
        return found
    row = Review.objects.create(
        ground=ground, scheme_version=scheme(cast, ground.code), scheme="tumen", code="three_stages", name="三阶逐评",
        key="2026", starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31), opened_on=date(2026, 11, 2), opened_at=NOW,
    )  # fmt: skip
    town, village = (TOWN, WILLOW) if is_own else (OTHER_TOWN, OTHER_VILLAGE)
    ReviewTeam.objects.create(review=row, township=cast.places[town])
    ReviewPlan.objects.create(
        review=row, version=1, state="drawn", secret="0", commitment="0", seed="0", digest="0", number="1",
        number_name="示例", number_on=date(2026, 11, 3), planned_at=NOW, drawn_at=NOW,
        facts={"code": "x", "times": 1, "teams": [[town, town]], "subjects": [[village, town]], "barred": []},
    )  # fmt: skip
    facts: dict[str, Any] = {
        "subjects": [[village, ground.code, "villages"]], "sheets": [], "ballot": None, "figures": {}, "violations": [],
        "adjustments": [], "deviations": [], "before": {},
    }  # fmt: skip
    for stage in STAGES:
        ReviewStageVersion.objects.create(
            review=row,
            stage=stage,
            version=1,
            state="in_force",
            opened_on=date(2026, 11, 4),
            opened_at=NOW,
            facts=facts,
        )
    return row


def town_of(cast: Cast, is_own: bool) -> str:
    """The township whose team is named."""
    return TOWN if is_own else OTHER_TOWN


NAMES = (
    "review", "review_verify", "review_village", "review_teams", "review_team", "review_team_act", "review_sheets",
    "review_plan", "review_plan_act", "review_plan_file", "review_stage", "review_stage_act", "review_jury",
    "review_jury_act", "review_files", "review_strictness", "review_adjust", "review_mutual", "review_final",
    "review_final_act", "review_book",
)  # fmt: skip
ADDRESSES: dict[tuple[str, str], Any] = {
    **{(f"standings:{name}", "pk"): lambda cast, is_own: review_of(cast, is_own).pk for name in NAMES},
    **{
        (f"standings:{name}", "stage"): lambda cast, is_own: "mutual"
        for name in ("review_stage", "review_stage_act", "review_strictness", "review_adjust")
    },
    **{
        (f"standings:{name}", "stage"): lambda cast, is_own: "departments"
        for name in ("review_jury", "review_jury_act")
    },
    ("standings:review_files", "stage"): lambda cast, is_own: "city",
    **{(f"standings:{name}", "code"): town_of for name in ("review_team", "review_team_act", "review_sheets")},
    ("standings:review_plan_file", "version"): lambda cast, is_own: 1,
    ("standings:review_book", "which"): lambda cast, is_own: "final",
}
"""(Address, parameter) → the row it names."""
