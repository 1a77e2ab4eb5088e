"""The models of this room, each part in a module of its own."""

from __future__ import annotations

from xiangyue.rewards.award_models import AwardLine, AwardList, GradeEntry
from xiangyue.rewards.incentive_models import HeadCount, IncentivePlan, Payment, PlanLine
from xiangyue.rewards.performance_models import Appraisal, AppraisalLine

__all__ = [
    "Appraisal",
    "AppraisalLine",
    "AwardLine",
    "AwardList",
    "GradeEntry",
    "HeadCount",
    "IncentivePlan",
    "Payment",
    "PlanLine",
]
