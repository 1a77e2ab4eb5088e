"""The models of this room, each part in a module of its own."""

from __future__ import annotations

from xiangyue.rewards.award_models import AwardLine, AwardList, GradeEntry
from xiangyue.rewards.contest_models import Contest, ContestGoods, ContestStop, HandOut
from xiangyue.rewards.honour_models import (
    Held,
    HonourBallot,
    HonourLine,
    HonourList,
    HonourVote,
    Nomination,
    Plaque,
    PlaqueMove,
)
from xiangyue.rewards.incentive_models import HeadCount, IncentivePlan, Payment, PlanLine
from xiangyue.rewards.performance_models import Appraisal, AppraisalLine

__all__ = [
    "Appraisal",
    "AppraisalLine",
    "AwardLine",
    "AwardList",
    "Contest",
    "ContestGoods",
    "ContestStop",
    "GradeEntry",
    "HandOut",
    "HeadCount",
    "Held",
    "HonourBallot",
    "HonourLine",
    "HonourList",
    "HonourVote",
    "IncentivePlan",
    "Nomination",
    "Payment",
    "PlanLine",
    "Plaque",
    "PlaqueMove",
]
