"""What can go wrong with problems and their steps, in words with what to do."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from xiangyue.base.problems import problem_kind

BODY = problem_kind("problem_body", _("问题记录的内容不对：{what}。"), _("请更新页面后重新记录。"))
NO_PLACE = problem_kind(
    "problem_place", _("没有编码为“{code}”的地点，或不在您的范围内。"), _("请核对编码，或换一个地点。")
)
NO_KIND = problem_kind("problem_kind", _("“{place}”不能记“{code}”这种问题。"), _("可以记的有：{listed}。"))
NO_TEXT = problem_kind("problem_text", _("没有写明{what}。"), _("请写一句话，别人看得懂就行。"))
NOT_NOW = problem_kind(
    "problem_state", _("这个问题现在是“{state}”，不能再“{step}”。"), _("请刷新页面，看清现在到了哪一步。"), 409
)
NOT_YOURS = problem_kind(
    "problem_not_yours", _("这个问题不归您“{step}”。"), _("请找页面上写的整改人或经办的办公室。"), 403
)
OWN_WORK = problem_kind(
    "problem_own_work", _("谁整改的，谁就不能核实。"), _("请农户本人、村里别的干部或上级来核实。"), 403
)
NOT_VERIFIER = problem_kind(
    "problem_verifier", _("“{kind}”要由{who}核实。"), _("请他们来核实；农户说好了的，由村里代记。"), 403
)
NO_BEARER = problem_kind("problem_bearer", _("没有找到“{code}”这个人或单位。"), _("请核对编码。"))
NOT_UP = problem_kind("problem_up", _("已经在{tier}，不能再往上报。"), _("请由现在经办的办公室办理。"), 409)
SELF_MERGE = problem_kind(
    "problem_merge", _("不能合并：{why}。"), _("请选同一地点、同一种类、还没销号的另一个问题。"), 409
)
NO_STEP = problem_kind("problem_step", _("没有可以处理的这一步。"), _("请刷新页面；可能别人已经处理过。"), 409)
MOVED_ON = problem_kind(
    "problem_moved_on", _("后面已经有人接着办了，不能撤回。"), _("要更正请在问题页上写备注，或请办公室处理。"), 409
)
UNKNOWN = problem_kind("problem_unknown", _("没有这个问题，或不在您的范围内。"), _("请先同步，再记这一步。"))
HELD_STEP = problem_kind(
    "problem_held_step", _("日期不对的办理步骤不能改期计入。"), _("请不予计入，再按实际日期重新记。")
)
DRAW_EARLY = problem_kind("look_draw", _("不能抽签：{why}。"), _("请核对后再抽。"), 409)
NO_SUPPLY = problem_kind("supply_over", _("“{what}”只剩 {left} {unit}。"), _("请减少数量，或换一条供给。"), 409)
