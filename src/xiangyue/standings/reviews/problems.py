"""What can go wrong in a staged review, in words with what to do."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from xiangyue.base.problems import problem_kind

NO_REVIEW = problem_kind(
    "review_unknown",
    _("方案“{scheme}”里没有这项逐级评审（{code}）。"),
    _("请在“方案”页加上逐级评审并发布，再来开评。"),
    404,
)
WRONG_PERIOD = problem_kind(
    "review_period", _("“{review}”按{kind}评，{key}不是。"), _("请改填考核期，例如年写 2026，季度写 2026-Q4。")
)
REVIEW_OPENED = problem_kind("review_opened", _("{key}的“{review}”已由{who}开评。"), _("请在评审列表里打开它。"), 409)
BAD_STAGE = problem_kind(
    "review_stage_sources",
    _("“{stage}”的“{part}”不能用在评审里：评审只用对同级对象的检查和指标。"),
    _("请在方案里把这一项改成对{level}的检查，或改成指标，再发布新版。"),
    409,
)
NO_MUTUAL = problem_kind(
    "review_no_mutual", _("“{review}”没有互评阶段，不用安排谁评谁。"), _("请直接开始第一个阶段。"), 409
)
TEAM_EXISTS = problem_kind(
    "review_team_twice", _("{township}已经有评审组。"), _("请在原来的评审组里加人，或换组长。"), 409
)
NOT_A_TOWNSHIP = problem_kind(
    "review_team_place", _("“{place}”不是本辖区的乡镇（街道）。"), _("请选本辖区的一个乡镇或街道。")
)
NOT_ITS_PERSON = problem_kind(
    "review_member_place",
    _("{person}不在{township}工作，不能代表它评审。"),
    _("请选本乡镇的人员；刚调来的，请先在“干部党员”里改好所在区划。"),
)
IS_MEMBER = problem_kind("review_member_twice", _("{person}已经在{team}评审组里。"), _("不用再加。"), 409)
NOT_MEMBER = problem_kind("review_member_gone", _("{person}不在这个评审组里。"), _("请刷新页面再看。"), 409)
TEAM_FIXED = problem_kind(
    "review_team_fixed",
    _("互评已经安排好，不能再增减评审组。"),
    _("换人可以；要增减评审组，请先重新安排互评。"),
    409,
)
NO_LEADER = problem_kind(
    "review_no_leader", _("{teams}的评审组还没有组长。"), _("请先为每个评审组定一位组长（乡镇党委副书记）。"), 409
)
BAR_WITHOUT_REASON = problem_kind(
    "review_bar_reason", _("回避没有写事由。"), _("请写明是什么关系，例如“组长的配偶在该村任职”。")
)
TOO_FEW_TEAMS = problem_kind(
    "review_too_few_teams",
    _("{n}个对象找不到够数的外乡镇评审组，例如{example}：{words}"),
    _("请增加评审组，或核对回避，或在方案里减少互评次数。"),
    409,
)
PLAN_STATE = problem_kind(
    "review_plan_state", _("互评安排的状态是“{state}”，不能{act}。"), _("请刷新页面，看现在该做哪一步。"), 409
)
PLAN_IN_USE = problem_kind(
    "review_plan_used", _("已经按这次安排交了{n}张评审表，不能重新安排。"), _("个别回避请换一位成员去评。"), 409
)
NEEDS_REASON = problem_kind("review_reason", _("没有写原因。"), _("请写一句为什么，会随记录保存。"))
STAGE_LOCKED = problem_kind(
    "review_stage_locked",
    _("“{stage}”还不能开始：“{before}”没有办完。"),
    _("请先把前一阶段办完（有公示的，等公示期满生效）。"),
    409,
)
OTHER_OPEN = problem_kind(
    "review_other_open",
    _("“{stage}”现在不能开始：{period}{review}的这一阶段{state}，两次评审用同一种表，同时开着就分不清哪张表算哪一次。"),
    _("请先到{period}的评审里把这一阶段结束，第二天再来开始。"),
    409,
)
PLAN_MISSING = problem_kind(
    "review_plan_missing", _("互评还没有抽定，“{stage}”不能开始。"), _("请先安排互评，等公开数公布后抽定。"), 409
)
STAGE_STATE = problem_kind(
    "review_stage_state", _("“{stage}”现在是“{state}”，不能{act}。"), _("请刷新页面，看现在该做哪一步。"), 409
)
STAGE_GAPS = problem_kind(
    "review_stage_gaps",
    _("“{stage}”还缺 {n} 处，例如：{example}。"),
    _("请先补齐；确实补不齐的，在“缺的不再补”一栏写明原因，缺分的对象不评星。"),
    409,
)
NOT_IN_REVIEW = problem_kind("review_subject", _("“{subject}”不是这次评审的对象。"), _("请核对编码。"), 404)
NOT_YOUR_TURN = problem_kind(
    "review_turn",
    _("“{subject}”不在{inspector}所在评审组的互评安排里。"),
    _("请只评安排给本组的对象；本乡镇的由别的乡镇来评。"),
    403,
)
NO_OPEN_STAGE = problem_kind(
    "review_not_open", _("“{kind}”是评审用的表，{day}没有正在进行的这个阶段。"), _("请等县里开始这一阶段再填。"), 409
)
IN_CONFLICT = problem_kind(
    "review_conflict",
    _("{inspector}和“{subject}”有包保关系或家在那里，不能评它。"),
    _("请由本组另一位没有关系的成员来评。"),
    403,
)
NOT_REOPENED = problem_kind(
    "review_only_reopened", _("“{stage}”只为异议成立的对象重评，“{subject}”不在其中。"), _("请核对对象。"), 409
)
BALLOT_REFUSED = problem_kind("review_ballot", _("这次表决不能计入：{words}"), _("改好以后再录入。"))
NO_BALLOT_HERE = problem_kind("review_ballot_none", _("“{stage}”不用表决。"), _("请核对阶段。"), 409)
JUROR_TWICE = problem_kind("review_juror_twice", _("评审团里已经有{name}（{unit}）。"), _("不用再加。"), 409)
JURY_FIXED = problem_kind(
    "review_jury_fixed", _("表决已经录入，评审团名单不能再改。"), _("名单有误的，请先作废这次表决。"), 409
)
EMPTY = problem_kind("review_empty", _("{what}没有填。"), _("请填写{what}。"))
FILE_WITHOUT_NUMBER = problem_kind(
    "review_file_number", _("“{item}”写了查到档案，但没有文号。"), _("请填档案的文号；没有查到的请选“没有”。")
)
DEVIATION_REFUSED = problem_kind("review_deviation", _("不能这样调整：{words}"), _("请核对星级和理由。"))
ZERO = problem_kind("review_adjust_zero", _("分值不能是 0。"), _("请写要加或要减的分。"))
AMOUNT = problem_kind(
    "review_adjust_amount",
    _("“{typed}”不是能加减的分。"),
    _("请写一个数，如 1.5 或 -1.5；最多两位小数，不超过 100 分。"),
)
FILE_UNREADABLE = problem_kind(
    "review_plan_file", _("这个文件不是互评安排（{what}）。"), _("请从评审页下载“核验用文件”再试。")
)
