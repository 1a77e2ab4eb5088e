"""Incentives on the home page: plans that wait for a second person."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from xiangyue.base.pages import address
from xiangyue.base.scope import below
from xiangyue.rewards.edition import State
from xiangyue.rewards.incentive_models import IncentivePlan
from xiangyue.rules.days import parse_period
from xiangyue.site.office.needs import NAMED, Finder, Need, Paths


def plans_to_approve(paths: Paths, day: date) -> Need:
    """Plans that nobody has approved: whoever drafted one cannot."""
    rows = IncentivePlan.objects.filter(below("ground__path", paths), state=State.DRAWN)
    found = [(pk, f"{parse_period(key).name}{name}") for pk, key, name in rows.values_list("pk", "key", "name")]
    words = _("%s。由拟定人以外的另一人审批。") % "、".join(name for _pk, name in found[:NAMED])
    url = address("rewards:plan", found[0][0]) if len(found) == 1 else address("rewards:plans")
    return Need(_("待审批奖补"), len(found), _("项"), words, url, _("去审批"), "cash")


OFFICE: tuple[Finder, ...] = (plans_to_approve,)
