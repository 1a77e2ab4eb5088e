"""What can go wrong with titles, ballots, plaques and contests, in words with what to do."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from xiangyue.base.problems import problem_kind

NO_TITLE = problem_kind("honour_none", _("方案里没有代码为“{code}”的称号。"), _("请到方案页核对称号。"), 404)
NOT_ITS_LEVEL = problem_kind(
    "honour_level", _("“{name}”授予{level}，“{place}”不是。"), _("请换一个对象，或换一个称号。"), 400
)
NOT_ON_GROUND = problem_kind("honour_ground", _("“{place}”不在{ground}。"), _("请换一个本辖区的对象。"), 400)
NOT_FOUND = problem_kind(
    "honour_not_found",
    _("您的辖区里没有“{typed}”。"),
    _("请写农户编码，或写村名和门牌，如“桃花村 3号”，隔开写理由。"),
    400,
)
NOBODY = problem_kind("honour_nobody", _("没有写推荐谁。"), _("请一行写一个，编码或村名加门牌，再写理由。"), 400)
LONG_REASON = problem_kind(
    "honour_reason_long", _("“{place}”的理由有 {n} 个字，最多 {most} 个。"), _("请写短一些。"), 400
)
NO_REASON = problem_kind("honour_reason", _("没有写理由。"), _("请写一两句理由，再保存。"), 400)
NOMINATED_TWICE = problem_kind(
    "honour_nominated_twice",
    _("“{place}”{period}已经推荐过“{name}”。"),
    _("不用再推荐；要改理由，请先撤回原来的推荐。"),
    409,
)
HOLDS_IT = problem_kind("honour_holds_it", _("“{place}”现在就有“{name}”。"), _("请推荐还没有这个称号的。"), 409)
BY_RULE = problem_kind("honour_by_rule", _("“{name}”按成绩授予，不用{what}。"), _("请直接按成绩拟定名单。"), 409)
BY_BALLOT = problem_kind("honour_by_ballot", _("“{name}”由表决产生，不按成绩授予。"), _("请先录入表决结果。"), 409)
NOT_NOMINATED = problem_kind(
    "honour_not_nominated", _("“{place}”没有被推荐，不能有得票。"), _("请先推荐，或核对选票。"), 409
)
NOT_OPEN = problem_kind(
    "honour_not_open", _("“{place}”不在上一轮同票待定的对象里。"), _("再次表决只在同票的对象里进行，请核对选票。"), 409
)
BALLOT_REFUSED = problem_kind("honour_ballot_refused", _("这次表决不算数：{words}"), _("请核对会议记录后再录。"), 409)
VOTED = problem_kind(
    "honour_voted",
    _("“{name}”{period}已经有表决结果，没有同票要再表决的。"),
    _("要改，请先写明原因作废原来的表决。"),
    409,
)
NO_BALLOT = problem_kind("honour_no_ballot", _("“{name}”{period}还没有录入表决。"), _("请先录入表决结果。"), 409)
WITHDRAW_LAST = problem_kind(
    "honour_withdraw_last", _("后面还有第{round}轮表决。"), _("请先作废最后一轮，再作废这一轮。"), 409
)
NO_APPROVAL = problem_kind(
    "honour_no_approval",
    _("“{name}”没有批准文号，不能公示。"),
    _("补上批准文号 approval；责任考核的等次不用文号。"),
    409,
)
STILL_OPEN = problem_kind(
    "honour_still_open", _("“{name}”还有 {n} 个同票待定。"), _("请先在同票的对象里再次表决，再公示。"), 409
)
NO_LINES = problem_kind("honour_no_lines", _("“{name}”的名单里没有当选的对象。"), _("请核对条件或表决结果。"), 409)
NUMBER_TAKEN = problem_kind(
    "plaque_number_taken", _("编号“{number}”的牌匾已经登记过。"), _("请核对编号，每块牌匾一个号。"), 409
)
NO_NUMBERS = problem_kind("plaque_no_numbers", _("没有填牌匾编号。"), _("请填编号，如 001-040，或用顿号隔开。"), 400)
TOO_MANY_NUMBERS = problem_kind(
    "plaque_too_many", _("一次登记 {n} 块，超过 {most} 块。"), _("请核对编号范围，分几次登记。"), 400
)
OUT_OF_STOCK = problem_kind(
    "plaque_out_of_stock", _("“{name}”的牌匾库存 {n} 块，不够 {need} 块。"), _("请先登记购入的牌匾。"), 409
)
PLAQUE_NOT_IN_STOCK = problem_kind(
    "plaque_not_in_stock", _("编号“{number}”的牌匾不在库里。"), _("请换一个在库的编号。"), 409
)
WRONG_STATE = problem_kind(
    "honour_state", _("“{place}”的“{name}”现在是“{state}”，不能{act}。"), _("请刷新页面，看现在该做哪一步。"), 409
)
BAD_DAY = problem_kind("honour_day", _("日期{day}不对：{why}。"), _("请填实际的日期。"), 400)
NOT_TO_WARN = problem_kind(
    "honour_not_to_warn", _("“{place}”的“{name}”不用预警：{why}。"), _("请刷新页面，看现在该做哪一步。"), 409
)
NOT_TO_TAKE = problem_kind(
    "honour_not_to_take",
    _("“{place}”的“{name}”不能摘牌：{why}。"),
    _("只有成绩连续偏低或有方案写明的情形才摘牌。"),
    409,
)
NO_SUCH_CAUSE = problem_kind(
    "honour_no_cause", _("方案里“{name}”没有“{cause}”这种摘牌情形。"), _("请从方案写明的情形里选。"), 400
)
NOBODY_CHOSEN = problem_kind("honour_nobody_chosen", _("没有选对象。"), _("请在表里勾选，再做这一步。"), 400)
CONTEST_TWICE = problem_kind("contest_twice", _("{period}已经有“{name}”。"), _("请换一个名称，或打开原来的竞赛。"), 409)
NO_NUMBER = problem_kind(
    "contest_no_approval", _("竞赛“{name}”没有批准文号。"), _("补上批准文号；没有批准的评比不能开。"), 400
)
MISSING = problem_kind("contest_missing", _("没有填{what}。"), _("请填写{what}，再保存。"), 400)
GOODS_SHORT = problem_kind(
    "contest_goods_short",
    _("“{name}”购入 {bought}{unit}，安排发放 {need}{unit}，少 {less}{unit}。"),
    _("请补登购入数量，或减少发放数量。"),
    409,
)
NOT_GIVEN = problem_kind(
    "contest_not_given", _("“{place}”没有这次竞赛授予的称号。"), _("请核对名单；名单生效后才能安排发放。"), 409
)
SIGNED = problem_kind("contest_signed", _("“{place}”的“{goods}”已经签收。"), _("签收以后不能改，请核对。"), 409)
AT_OTHER_STOP = problem_kind(
    "contest_other_stop", _("“{place}”已经安排在“{stop}”领取。"), _("一户只在一站领取，请核对。"), 409
)
NOTHING_WRONG = problem_kind(
    "hand_out_same", _("“{place}”的签收和填的一样，没有要更正的。"), _("请改签收人、日期或件数，再保存。"), 409
)
