"""What can go wrong with periods, boards, pairs and objections, in words with what to do."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from xiangyue.base.problems import problem_kind

BAD_PERIOD = problem_kind("bad_period", "{words}", _("请照这样改。"), 400)
NO_SUCH_GROUND = problem_kind(
    "no_such_ground", _("没有编码为“{code}”的辖区。"), _("辖区用 6 位县编码或 9 位乡镇编码，可在“区划”页查到。"), 404
)
WHICH_SCHEME = problem_kind(
    "which_scheme", _("“{ground}”有几个方案（{codes}）。"), _("请写明是哪一个方案的考核期。"), 400
)
NO_COMPOSITE = problem_kind(
    "no_composite",
    _("方案“{scheme}”里没有按这种考核期（{key}）评的考核。"),
    _("请核对考核期的写法，或在方案里加上考核。"),
    400,
)
STILL_RUNNING = problem_kind(
    "period_running",
    _("{name}还没有过完（到{last}为止）。现在关账，之后的检查都算迟到，不计入。"),
    _("请等到{last}以后再关账；确需提前，请确认“提前关账”。"),
    409,
)
NOTHING_RECORDED = problem_kind(
    "nothing_recorded",
    _("{name}没有任何计入的检查，关账后全部列为未评。"),
    _("请核对检查是否都已录入；确实没有检查，请再确认一次。"),
    409,
)
ALREADY_CLOSED = problem_kind(
    "already_closed",
    _("{name}已由{who}在{when}关账（第{version}版），您这次没有重复关账。"),
    _("请刷新页面看结果；要更正请“开新版本”并写明原因。"),
    409,
)
NOT_CLOSED = problem_kind("not_closed", _("{name}还没有关账。"), _("请先关账，再做这一步。"), 409)
MONTHS_OPEN = problem_kind(
    "months_open", _("{name}里还有没关账的月份：{months}。"), _("请先把这些月份关账，再关{name}。"), 409
)
NEEDS_REASON = problem_kind("needs_reason", _("开新版本没有写原因。"), _("请写明为什么更正，例如“补录迟到检查”。"), 400)
OTHER_VERSION = problem_kind(
    "other_version", _("您看到的是第{seen}版，现在已经是第{version}版（{who}，{when}）。"), _("请刷新页面再操作。"), 409
)
WRONG_STATE = problem_kind(
    "wrong_state", _("第{version}版的状态是“{state}”，不能{act}。"), _("请刷新页面，看现在该做哪一步。"), 409
)
NOTICE_RUNS = problem_kind("notice_runs", _("公示到{last}为止，还没有期满。"), _("请在{last}之后再让它生效。"), 409)
UNANSWERED = problem_kind(
    "objections_unanswered", _("还有{n}条异议没有答复。"), _("请逐条答复，全部答复后再让它生效。"), 409
)
UPHELD_WITHOUT_MEND = problem_kind(
    "upheld_without_mend",
    _("“{subject}”的异议成立，但它不在榜上，除名解决不了。"),
    _("请按答复加减分或补录检查，再“开新版本”重新公示。"),
    409,
)
NOT_BLACK = problem_kind("not_black", _("“{subject}”不在这张黑榜上。"), _("请刷新页面再看。"), 409)
NOT_IN_NOTICE = problem_kind(
    "not_in_notice", _("这一版不在公示中，不能登记异议。"), _("公示期内才收异议；之后有问题请开新版本更正。"), 409
)
ALREADY_ANSWERED = problem_kind("already_answered", _("这条异议已由{who}答复。"), _("请刷新页面看答复。"), 409)
EMPTY_TEXT = problem_kind("empty_text", _("{what}没有填。"), _("请填写{what}。"), 400)
PERIOD_CLOSED = problem_kind(
    "adjust_closed", _("{name}已经关账，加减分要到开新版本时才起作用。"), _("请写明原因，再“开新版本”。"), 409
)
NOT_ITS_SUBJECT = problem_kind(
    "not_its_subject", _("“{subject}”不是“{composite}”的考核对象。"), _("请核对对象和考核。"), 400
)
HELP_DAY = problem_kind(
    "help_day", _("帮扶日期不对：要在列入（{first}）以后，到今天为止。"), _("请写帮扶的当天。"), 400
)
ALREADY_HELPED = problem_kind("already_helped", _("这一户已在{day}登记过帮扶。"), _("请刷新页面再看。"), 409)
