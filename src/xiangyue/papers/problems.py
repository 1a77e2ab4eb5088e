"""What can go wrong between the printer and the record, and what to do."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from xiangyue.base.problems import problem_kind

BAD_NUMBER = problem_kind(
    "paper_number", _("“{typed}”不是表号。"), _("表号印在表的右上角，{n} 位数字；也可以用扫码枪扫旁边的码。")
)
WRONG_DIGIT = problem_kind(
    "paper_digit", _("表号 {typed} 不对，有一位输错了，或者两位颠倒了。"), _("请对照表右上角再输一遍。")
)
UNKNOWN_SHEET = problem_kind(
    "paper_unknown",
    _("没有表号为 {number} 的纸质表，或它不是您辖区的。"),
    _("请对照表右上角再输一遍；外乡镇、外村的表请退给印表的单位录入。"),
    404,
)
CANCELLED = problem_kind(
    "paper_cancelled", _("表 {number} 已经作废，没有录入。"), _("请用重新打印的那张表；没有的，请重新打印。"), 409
)
HAS_RECORDS = problem_kind(
    "paper_has_records",
    _("表 {number} 已经录入，不能作废。"),
    _("录错了，请在 10 分钟内撤回，或勾选“更正”改好再存。"),
    409,
)
NOTHING_TYPED = problem_kind("paper_empty", _("这张表还没有录入任何一格。"), _("查过没问题的按回车，有问题的按字母。"))
TOMORROW = problem_kind(
    "paper_tomorrow", _("{day}还没到，第 {row} 行不能先录。"), _("请对照表看看是不是录错了列，改好再保存。")
)
OUTSIDE = problem_kind(
    "paper_outside",
    _("{day}，第 {row} 行“{name}”不由{bearer}包保。"),
    _("请清空这一格；刚交接的，请先在“包保”里改好日期。"),
)
BAD_CELL = problem_kind("paper_cell", _("第 {row} 行“{name}”{day}：{words}"), _("请改好这一格再保存。"))
WISH_ALONE = problem_kind(
    "paper_wish", _("第 {row} 行“{name}”写了诉求，没有记哪天去的。"), _("请在去的那天按回车或按任务的字母，再保存。")
)
NO_ROW = problem_kind("paper_row", _("这张表没有第 {row} 行。"), _("请从“录入”页重新打开这张表。"))
BLANKED = problem_kind(
    "paper_blanked",
    _("{day}，第 {row} 行“{name}”录入过，不能改成没查。"),
    _("请按纸上的填好；整张录错的，10 分钟内可以撤回。"),
    409,
)
NOTHING_TO_PRINT = problem_kind(
    "paper_nothing",
    _("{name}在{first}到{last}没有可填这种表的包保对象。"),
    _("请先在“包保”里指定，或换一个日期。"),
    409,
)
TOO_LONG = problem_kind("paper_span", _("一张表最多管一个月。"), _("请按月打印。"))
COPIES = problem_kind(
    "paper_copies", _("“{kind}”一次能打 1 到 {most} 份。"), _("请改好份数再打；不够的，可以再打一次。")
)
NO_FORM = problem_kind("paper_form", _("没有这种纸质表。"), _("请从“打印纸质表”页选一种。"))
BAD_FILE = problem_kind(
    "paper_file", _("这个文件不能录入：{what}。"), _("请用这张表的“下载 Excel”得到的文件，填好再交。")
)
