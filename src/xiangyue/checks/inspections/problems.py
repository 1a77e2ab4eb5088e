"""What can go wrong with inspections, in words with what to do."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from xiangyue.base.problems import problem_kind

UNKNOWN_WAY = problem_kind(
    "inspection_way",
    _("方案“{scheme}”里没有“{way}”这种督查方式。"),
    _("请在“方案”页的督查里加上并发布，再来安排。"),
    404,
)
NO_DOCUMENT = problem_kind(
    "inspection_document", _("年度计划没有备案文号。"), _("请填上备案文号；还没有备案的督查不能安排。")
)
BAD_YEAR = problem_kind("inspection_year", _("“{year}”不是年度。"), _("请填四位数的年份，例如 2026。"))
BAD_TIMES = problem_kind("inspection_times", _("{month}月的次数“{times}”不对。"), _("请填 0 到 31 的整数。"))
TIMES_USED = problem_kind(
    "inspection_times_used",
    _("{month}月的“{way}”已经安排了 {n} 次，计划不能少于这个数。"),
    _("请先取消多出来的督查，或把次数填得不少于 {n}。"),
    409,
)
NO_ROOM = problem_kind(
    "inspection_no_room",
    _("{month}月一共要查 {planned} 村次，按每村每月最多 {cap} 次，{villages} 个村只容得下 {room} 村次。"),
    _("请减少次数、改到别的月份，或合并两种督查。"),
)
NOT_PLANNED = problem_kind(
    "inspection_not_planned",
    _("备案的年度计划里，{year}年{month}月没有“{way}”（或者已经安排满 {n} 次）。"),
    _("请改期，或先按程序调整年度计划并重新备案。"),
    409,
)
NO_PLAN = problem_kind(
    "inspection_no_plan", _("{year}年还没有备案的督查计划。"), _("请先在“督查”页填年度计划和备案文号。"), 409
)
BAD_DAYS = problem_kind(
    "inspection_days", _("从{from_on}到{to_on}不对：{why}。"), _("请改日期；一次督查最长一个月，抽签的最长 3 天。")
)
NUMBER_TOO_LATE = problem_kind(
    "inspection_number_late",
    _("公开数要到{day}才公布，督查{from_on}就开始了。"),
    _("请换一个督查前就公布的号码，或把督查往后改。"),
)
NO_SUBJECTS = problem_kind("inspection_no_subjects", _("没有可查的对象。"), _("请核对乡镇和方案里的督查方式。"))
STATE = problem_kind("inspection_state", _("这次督查的状态是“{state}”，不能{act}。"), _("请刷新页面再看。"), 409)
TEAM_UNKNOWN = problem_kind("inspection_team", _("没有这个督查组。"), _("请刷新页面再选。"), 404)
PERSON_UNKNOWN = problem_kind(
    "inspection_person", _("没有编码为“{code}”的人员。"), _("请从名单里选；新来的人请先登记到“干部党员”。")
)
MEMBER_TWICE = problem_kind("inspection_member_twice", _("{person}已经在第{team}组。"), _("一个人只编在一个组。"), 409)
NO_LEADER = problem_kind("inspection_no_leader", _("第{teams}组还没有组长。"), _("请先为每个组定一位组长。"), 409)
NO_TEAM = problem_kind("inspection_no_team", _("还没有编督查组。"), _("请先编组、定组长。"), 409)
NOT_TODAY = problem_kind(
    "inspection_not_today",
    _("去哪里要到{day}才能打开，现在谁也看不到。"),
    _("请到那天再来；号码没填的请先让办公室填好公开数。"),
    409,
)
NO_DAY = problem_kind("inspection_no_day", _("“{what}”没有填，或不是日期。"), _("请照 2026-11-24 的样子填。"))
OVER = problem_kind("inspection_over", _("督查在{day}已经结束，不能再打开。"), _("请让办公室取消这次，另行安排。"), 409)
NOT_ONES_TEAM = problem_kind(
    "inspection_not_team", _("您不在这次督查的组里。"), _("去哪里只对组员打开；要编入请找办公室。"), 403
)
NO_ONE_DRAWN = problem_kind(
    "inspection_none_drawn",
    _("没有一个对象可抽：都到了上限，或组员都要回避。"),
    _("请让办公室取消这次督查，换人或改到下个月。"),
    409,
)
NO_TEAM_FOR = problem_kind(
    "inspection_no_team_for",
    _("“{subject}”没有哪个组能去：组员都在那里包保、安家，或就是本乡镇的。"),
    _("请加一位没有关系的组员，或从名单里去掉这个乡镇。"),
    409,
)
NOT_ONES_TURN = problem_kind(
    "inspection_not_turn",
    _("{day}的“{kind}”没有安排{inspector}查“{subject}”。"),
    _("这种检查只按备案计划抽定的对象来查；请核对日期、对象和检查人。"),
    403,
)
TIED = problem_kind(
    "inspection_tied",
    _("{inspector}在“{subject}”包保或安家，不能查这里。"),
    _("请由组里没有关系的组员来查、来签。"),
    403,
)
SHEETS_IN = problem_kind(
    "inspection_sheets_in", _("已经交了 {n} 张表，不能取消。"), _("没有去的对象请在收队时写明原因。"), 409
)
NEEDS_REASON = problem_kind("inspection_reason", _("没有写原因。"), _("请写一句为什么，会随记录保存。"))
UNSEEN = problem_kind(
    "inspection_unseen",
    _("还有 {n} 个对象没有交表，例如“{example}”。"),
    _("请交齐，或在每个没有去的对象后面写明原因。"),
    409,
)
NO_SHEET = problem_kind("inspection_no_sheet", _("还没有可以提异议的表。"), _("请等表公开以后再提。"), 409)
OBJECTION_LATE = problem_kind(
    "inspection_objection_late",
    _("异议要在{day}以前提出，现在已经过了。"),
    _("月度结果公示时还可以按公示提异议。"),
    409,
)
OBJECTION_EMPTY = problem_kind("inspection_objection_empty", _("没有写异议。"), _("请写清哪一项不对、为什么。"))
OBJECTION_OPEN = problem_kind("inspection_objection_open", _("已经有一条异议在等答复。"), _("请等答复后再提。"), 409)
OBJECTION_ANSWERED = problem_kind("inspection_objection_answered", _("这条异议已经答复过。"), _("请刷新页面。"), 409)
ANSWER_EMPTY = problem_kind("inspection_answer_empty", _("没有写答复。"), _("请写清查了什么、为什么这样定。"))
OWN_SHEET = problem_kind(
    "inspection_own_sheet", _("您是这张表的督查组成员，不能由您答复。"), _("请换一位没有参加这次督查的同志答复。"), 403
)
MONTH_CLOSED = problem_kind(
    "inspection_month_closed",
    _("{month}已经关账，这里不能再作废表。"),
    _("请在结果公示期里按公示异议办，开新版本时更正。"),
    409,
)
FILE_UNREADABLE = problem_kind(
    "inspection_file", _("这不是督查抽签的核验文件：{what}。"), _("请用督查页面下载的文件，不要改动。")
)
