"""What can go wrong with teams, in words with what to do."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from xiangyue.base.problems import problem_kind

NO_TEAM_LAYER = problem_kind(
    "team_layer",
    _("“{layer}”不是由人承担、以公共场所为对象的包保层，不能由先锋队来包。"),
    _("请选方案里以公共场所为对象的包保层。"),
)
NO_NAME = problem_kind("team_name", _("队名没有填。"), _("请写上队名，如“柳树村人居环境整治先锋队”。"))
SAME_NAME = problem_kind("team_name_taken", _("{place}已有叫“{name}”的队伍。"), _("请换一个队名。"), 409)
WRONG_GROUND = problem_kind("team_ground", _("先锋队只设在乡镇或村，{place}不是。"), _("请选一个乡镇或村（社区）。"))
NOT_THEN = problem_kind(
    "team_not_then", _("“{team}”在{day}还没有成立或已经解散。"), _("请把日期改到队伍在的时候。"), 409
)
MEMBER_TWICE = problem_kind(
    "team_member_twice", _("{person}从{day}起已在“{team}”里。"), _("不用再加；要换类别，请先移出再加进来。"), 409
)
SPOT_TWICE = problem_kind("team_spot_twice", _("“{place}”从{day}起已由“{team}”包保。"), _("不用再加。"), 409)
SPOT_OUTSIDE = problem_kind(
    "team_spot_outside", _("“{place}”不在{ground}。"), _("请选本辖区内的公共场所；还没有登记的，先登记点位。")
)
BORNE_ALREADY = problem_kind(
    "team_borne_already",
    _("{person}在这一层已经另外包保“{place}”（从{day}起）。"),
    _("请先在“包保”里结束那一条，再编进队伍；先锋队不会改动不是它定的包保。"),
    409,
)
LEFT = problem_kind("team_left", _("这一条在{day}已经截止。"), _("不用再办。"), 409)
NOT_BEGUN = problem_kind("team_not_begun", _("这一条从{day}才开始。"), _("请选{day}或以后的日期。"))
FORM = problem_kind("team_form", _("没有保存：{words}"), _("请改好再提交一次。"))
