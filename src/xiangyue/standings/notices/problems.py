"""What can go wrong with a publication, in words with what to do."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from xiangyue.base.problems import problem_kind

ALREADY_PROPOSED = problem_kind(
    "publication_proposed",
    _("“{title}”正在公示（第{version}版，到{last}为止），不能再公示一份。"),
    _("请等公示结束，或先撤回公示；要更正请用新版替代。"),
    409,
)
VERSION_TAKEN = problem_kind(
    "publication_version", _("“{title}”的第{version}版已经公示过。"), _("请刷新页面，看现在是第几版。"), 409
)
PUBLICATION_STATE = problem_kind(
    "publication_state",
    _("“{title}”第{version}版的状态是“{state}”，不能{act}。"),
    _("请刷新页面，看现在该做哪一步。"),
    409,
)
NOT_TOLD = problem_kind(
    "publication_not_told", _("还有{n}个对象没有告知。"), _("请先告知本人并登记日期，再让它生效。"), 409
)
HELD_BACK = problem_kind("publication_held_back", _("现在还不能生效：{why}"), _("请先办完这些事，再让它生效。"), 409)
NO_DAYS = problem_kind("publication_days", _("公示天数写的是{days}。"), _("请写 1 天以上。"), 400)
NOT_CONCERNED = problem_kind(
    "publication_not_concerned", _("“{subject}”不在“{ground}”。"), _("请核对编码，填本辖区的对象。"), 400
)
