"""What can go wrong with award lists, appraisals and incentives, in words with what to do."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from xiangyue.base.problems import problem_kind

NOT_CLOSED = problem_kind(
    "rewards_not_closed", _("{name}还没有关账，没有成绩可依据。"), _("请先到“考核期”关账，再回来拟定。"), 409
)
OTHER_PERIOD = problem_kind(
    "rewards_other_period", _("“{code}”不是{name}这种考核期的成绩。"), _("请换一个考核期，或在方案里改依据。"), 400
)
NO_SUCH_LIST = problem_kind(
    "rewards_no_such_list", _("方案里没有代码为“{code}”的{what}。"), _("请到方案页核对代码。"), 404
)
NOTHING_NEW = problem_kind(
    "rewards_nothing_new",
    _("{name}和第{version}版一样，没有新内容。"),
    _("成绩或方案有变化以后再重新拟定。"),
    409,
)
NEEDS_REASON = problem_kind("rewards_needs_reason", _("没有写原因。"), _("请写明原因，再做这一步。"), 400)
WRONG_STATE = problem_kind(
    "rewards_state", _("“{name}”第{version}版的状态是“{state}”，不能{act}。"), _("请刷新页面，看现在该做哪一步。"), 409
)
STALE = problem_kind(
    "rewards_stale",
    _("“{name}”依据的{basis}已有新版本。"),
    _("请先重新拟定，再做这一步。"),
    409,
)
BASIS_NOT_SHOWN = problem_kind(
    "rewards_basis_not_shown",
    _("“{name}”依据的{basis}还没有公示。"),
    _("请先公示所依据的成绩，名单随后公示。"),
    409,
)
SAME_PERSON = problem_kind(
    "rewards_same_person", _("拟定人不能审批自己拟定的“{name}”。"), _("请由办公室的另一人审批。"), 409
)
NOBODY = problem_kind(
    "rewards_nobody", _("{name}没有可列入的对象。"), _("请核对方案里的条件，或等相应结果生效后再拟定。"), 409
)
CANNOT_APPROVE = problem_kind("rewards_cannot_approve", _("现在不能审批：{why}"), _("请逐条处理后再审批。"), 409)
NO_VOUCHER = problem_kind("rewards_no_voucher", _("没有填{what}。"), _("请填写{what}，再登记支付。"), 400)
NOT_PAYABLE = problem_kind(
    "rewards_not_payable", _("选中的明细里没有可登记支付的。"), _("请选未支付的明细；方案要先审批。"), 409
)
PAID_DIFFERENTLY = problem_kind(
    "rewards_paid_differently",
    _("上一版已支付的 {n} 条明细，在这一版里没有或金额不同：{example}。"),
    _("请先在上一版里冲销这些支付，再审批这一版。"),
    409,
)
ALREADY_REVERSED = problem_kind("rewards_reversed", _("这笔支付已经冲销。"), _("请刷新页面再看。"), 409)
FUTURE_DAY = problem_kind("rewards_future_day", _("支付日期{day}还没到。"), _("请填实际支付的日期。"), 400)
NOT_A_NUMBER = problem_kind("rewards_not_a_number", _("“{what}”填的“{text}”不对。"), _("请填不小于0的数字。"), 400)
NOT_APPROVED = problem_kind(
    "rewards_not_approved", _("“{name}”的文稿还没有审批。"), _("请办公室的另一人审批文稿，再公示。"), 409
)
NO_LINE = problem_kind("rewards_no_line", _("没有选对象。"), _("请在名单里选一个，写明原因再除名。"), 400)
BAD_LINES = problem_kind("rewards_bad_lines", _("没有保存：{why}"), _("请改好这些行，再整段提交一次。"), 400)
