"""What can go wrong with numbers, violations, watch lists and stars, in words with what to do."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from xiangyue.base.problems import problem_kind

NO_RATING = problem_kind(
    "no_rating", _("方案“{scheme}”里没有“{code}”这项评定。"), _("请核对方案，或在方案里加上评星定级。"), 404
)
WRONG_PERIOD = problem_kind(
    "rating_period", _("“{rating}”不按{key}这种考核期评定。"), _("请选它自己的考核期：按月、按季或按年。"), 400
)
RATING_RUNNING = problem_kind(
    "rating_running",
    _("{name}还没有过完（到{last}为止），现在评定的不是全期。"),
    _("请等到{last}以后再评；确需提前，请确认“提前评定”。"),
    409,
)
RATING_NOT_CLOSED = problem_kind(
    "rating_not_closed", _("“{rating}”要看{name}的考核结果，这一期还没有关账。"), _("请先把{name}关账，再来评定。"), 409
)
RATING_ON_NOTICE = problem_kind(
    "rating_on_notice",
    _("“{rating}”第{version}版正在公示，公示期间不能另评一版。"),
    _("有异议请在公示里答复；确需重评，请先撤回公示并写明原因。"),
    409,
)
RATING_STATE = problem_kind(
    "rating_state", _("“{rating}”第{version}版的状态是“{state}”，不能{act}。"), _("请刷新页面，看现在该做哪一步。"), 409
)
NOT_MENDED = problem_kind(
    "rating_not_mended",
    _("“{subject}”的数据没有变化，按现有记录重评，星级和成绩都与原来一样。"),
    _("异议成立的，请先更正指标数、检查或违规认定，再答复“成立”。"),
    409,
)
NO_INDICATOR = problem_kind(
    "no_indicator", _("方案里没有“{code}”这个指标。"), _("请核对指标的名称或代码，或在方案里加上它。"), 400
)
DRAWN = problem_kind(
    "indicator_drawn", _("“{indicator}”由系统从记录里取数，不用填报。"), _("数不对时，请更正它所依据的记录。"), 400
)
WRONG_LEVEL = problem_kind(
    "indicator_level", _("“{indicator}”是{level}的指标，“{place}”不是{level}。"), _("请核对对象。"), 400
)
BAD_NUMBER = problem_kind("bad_number", "{words}", _("请只填数字；单位、小数位按表头写的来。"), 400)
NOT_OWNER = problem_kind(
    "not_owner", _("“{indicator}”由{owner}负责填报。"), _("请交给{owner}，或由县、乡镇办公室代填。"), 403
)
VIOLATION_REFUSED = problem_kind("violation_refused", "{words}", "{mend}", 400)
ALREADY_VIOLATED = problem_kind(
    "violation_known",
    _("“{subject}”已经按{document}登记过这类违规。"),
    _("同一份文书只登记一次；要更正请先撤销。"),
    409,
)
ALREADY_LIFTED = problem_kind("violation_lifted", _("这条违规认定已经撤销。"), _("请刷新页面再看。"), 409)
NO_WATCH_LIST = problem_kind(
    "no_watch_list", _("方案“{scheme}”里没有“{code}”这份名单。"), _("请核对名单，或在方案里加上它。"), 404
)
EMPTY_LIST = problem_kind("watch_list_empty", _("“{name}”现在没有列入的对象。"), _("有列入的再公示。"), 409)
ALREADY_WATCHED = problem_kind(
    "already_watched",
    _("“{place}”已在“{name}”里（期限至{last}）。"),
    _("整顿达标后请先销号；到期后仍须整顿的再列入。"),
    409,
)
ALREADY_TURNED = problem_kind("already_turned", _("“{place}”已经销号。"), _("请刷新页面再看。"), 409)
TURNED_TOO_EARLY = problem_kind("turned_too_early", _("达标日期{day}早于列入日期{first}。"), _("请核对日期。"), 400)
