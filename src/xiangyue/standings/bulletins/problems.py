"""What can go wrong with bulletins, each with what to do."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from xiangyue.base.problems import problem_kind

NOT_A_GROUND = problem_kind("bulletin_place", _("“{place}”不发通报。"), _("通报由乡镇或县发，请选乡镇或县。"))
MONTH_RUNS = problem_kind("bulletin_month", _("{month}还没有过完。"), _("请等这个月过完再写这个月的通报。"), 409)
BEGUN = problem_kind("bulletin_begun", _("{month}的通报已经有草稿了。"), _("请接着写那份草稿。"), 409)
ISSUED = problem_kind(
    "bulletin_issued", _("{month}的通报已经印发：{number}。"), _("要改请在那一期上点“重发一期替代”，写明原因。"), 409
)
NOT_NOW = problem_kind(
    "bulletin_state", _("这份通报现在是“{state}”，不能这样做。"), _("请刷新页面，看看最新的状态。"), 409
)
NO_SECTION = problem_kind("bulletin_empty", _("一个部分也没有选。"), _("请至少选一个部分，再保存。"))
LONG = problem_kind("bulletin_long", _("{field}有{n}个字，太长。"), _("请写在{most}个字以内。"))
NO_REASON = problem_kind("bulletin_reason", _("没有写原因。"), _("请用一句话写明原因，看通报的人会看到。"))
FIGURES_MOVED = problem_kind(
    "bulletin_moved", _("您看过以后，数字又有了变化，没有印发。"), _("请把下面的通报再看一遍，没有问题再印发。"), 409
)
FORBIDDEN = problem_kind("bulletin_words", _("{field}里有不能写的内容：{what}"), _("请删改后再保存。"))
