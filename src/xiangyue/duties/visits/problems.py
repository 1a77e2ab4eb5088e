"""What can go wrong with visits, wishes, cards and dispatch, in words with what to do."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from xiangyue.base.problems import problem_kind

BODY = problem_kind("visit_body", _("走访记录的内容不对：{what}。"), _("请更新页面后重新记录。"))
NO_PLACE = problem_kind("visit_place", _("没有编码为“{code}”的地方，或不在您的辖区。"), _("请核对编码，或重新扫码。"))
GONE = problem_kind("visit_place_day", _("“{name}”在{day}不存在。"), _("请核对日期和地方。"))
NOBODY = problem_kind("visit_nobody", _("没有写明是谁去的。"), _("请选走访人或走访单位。"))
NO_PERSON = problem_kind("visit_person", _("没有编码为“{code}”的人员。"), _("请核对人员编码。"))
NO_UNIT = problem_kind("visit_unit", _("没有编码为“{code}”的单位。"), _("请核对单位编码。"))
NO_LAYER = problem_kind("visit_layer", _("方案里没有“{layer}”这一层包保。"), _("请刷新页面，从列出的包保层里选。"))
OUTSIDE_DUTY = problem_kind(
    "visit_outside_duty",
    _("{day}{who}不包保“{place}”。"),
    _("走访记在自己包保的对象上；确实由他包保的，请先在“包保”里登记，再记走访。"),
)
NOT_YOURS = problem_kind(
    "visit_not_yours", _("您不能替{who}记在“{place}”的走访。"), _("请由本人、本单位的联络人或当地办公室来记。"), 403
)
NO_TASK = problem_kind("visit_task", _("“{layer}”没有任务“{task}”。"), _("请刷新页面，从列出的任务里选。"))
EARLY = problem_kind("visit_early", _("日期{day}还没到。"), _("请改成实际走访的日期。"))
NOT_HERE = problem_kind("wish_not_here", _("“{place}”不是农户。"), _("请选一户，或扫联系卡上的码。"))
NO_TEXT = problem_kind("wish_text", _("没有写诉求的内容。"), _("请写一句要办什么。"))
WISH_OVER = problem_kind("wish_over", _("这条诉求已经是“{state}”。"), _("请刷新页面，看现在该做哪一步。"), 409)
NEEDS_WORDS = problem_kind("visit_needs_words", _("没有写{what}。"), _("请写一句，再保存。"))
VISIT_OVER = problem_kind("visit_over", _("这次走访已经是“{state}”。"), _("不用再办。"), 409)
CARD_DAY = problem_kind("card_day", _("发卡日期{day}不对。"), _("请填今天或以前、这户登记以后的日期。"))
CARD_TWICE = problem_kind("card_twice", _("{place}在{day}已登记发过卡。"), _("不用再登记。"), 409)
DISPATCH_TWICE = problem_kind(
    "dispatch_twice", _("{place}在{day}已登记过一次调度会。"), _("请打开那一次，在里面接着记。"), 409
)
DISPATCH_DAYS = problem_kind("dispatch_days", _("召开日期{day}不对。"), _("请填今天或以前、不早于上一次调度会的日期。"))
ASK_DAY = problem_kind("dispatch_ask_day", _("期限{day}早于调度会。"), _("请填调度会当天或以后的日期。"))
ASK_DOER = problem_kind("dispatch_ask_doer", _("没有选责任人或责任单位。"), _("请选一位。"))
ASK_PLACE = problem_kind("dispatch_ask_place", _("安排走访要写明到哪个村。"), _("请选一个村，再保存。"))
ASK_OVER = problem_kind("dispatch_ask_over", _("这件事已经是“{state}”。"), _("请刷新页面看看。"), 409)
