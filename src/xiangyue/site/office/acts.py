"""The acts of the change log in words: what was done, and to what."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from xiangyue.desk.happened import VERBS

NOUNS: dict[str, Any] = {
    "place": _("区划"),
    "places": _("区划调整"),
    "household": _("农户"),
    "organisation": _("单位"),
    "person": _("人员"),
    "post": _("职务"),
    "user": _("账号"),
    "grant": _("授权"),
    "log_in": _("登录"),
    "contact": _("联系方式"),
    "consent": _("同意书"),
    "scheme": _("方案"),
    "duty": _("包保"),
    "capture": _("采集记录"),
    "check": _("检查"),
    "entry": _("黑榜告知"),
    "period": _("考核期"),
    "closing": _("关账"),
    "pair": _("结对"),
    "objection": _("异议"),
    "adjustment": _("加减分"),
    "restructuring": _("区划调整"),
    "import": _("导入"),
    "desk": _("名册"),
    "compact": _("村规民约"),
    "target": _("目标"),
    "goal": _("目标进度"),
    "stage": _("阶段"),
    "nomination": _("称号推荐"),
    "honour_ballot": _("称号表决"),
    "honour_list": _("称号名单"),
    "honour": _("荣誉称号"),
    "plaque": _("牌匾"),
    "contest": _("竞赛"),
    "hand_out": _("物品发放"),
}
ACTS: dict[str, Any] = {
    "household.state": _("改农户状态"),
    "user.code_issued": _("发一次性登录码"),
    "user.password_set": _("首次设密码"),
    "user.password_changed": _("改密码"),
    "user.phone_changed": _("改登录手机号"),
    "user.closed": _("停用账号"),
    "user.opened": _("启用账号"),
    "user.unlocked": _("解锁账号"),
    "log_in.failed": _("登录失败"),
    "log_in.code_failed": _("一次性码不对"),
    "contact.seen": _("查看联系方式"),
    "grant.given": _("授权"),
    "grant.withdrawn": _("撤回授权"),
    "consent.given": _("登记同意书"),
    "consent.revoked": _("撤回同意书"),
    "scheme.drafted": _("起草方案"),
    "scheme.saved": _("保存方案草稿"),
    "scheme.unsaved": _("撤回方案草稿的保存"),
    "scheme.discarded": _("丢弃方案草稿"),
    "scheme.published": _("发布方案"),
    "duty.assigned": _("指定包保"),
    "duty.assigned_by_rule": _("按规则分配包保"),
    "duty.assignment_ended": _("结束一批包保"),
    "duty.assignment_undone": _("撤销一批包保"),
    "duty.handed_over": _("包保交接"),
    "duty.stand_in": _("安排代班"),
    "duty.ended": _("结束包保"),
    "capture.accepted": _("核对后计入"),
    "capture.dismissed": _("核对后不计入"),
    "period.closed": _("关账"),
    "period.new_version": _("开新版本"),
    "period.proposed": _("开始公示"),
    "period.proposal_withdrawn": _("撤回公示"),
    "publication.proposed": _("开始公示"),
    "publication.told": _("告知公示对象"),
    "publication.renewed": _("公示出新版"),
    "publication.in_force": _("公示事项生效"),
    "publication.withdrawn": _("撤回公示"),
    "publication.superseded": _("公示被新版替代"),
    "publication.paper": _("存入公示文件"),
    "period.in_force": _("结果生效"),
    "pair.made": _("结成对子"),
    "pair.ended": _("结束结对"),
    "help.opened": _("列入帮扶"),
    "help.recorded": _("登记帮扶"),
    "objection.recorded": _("登记异议"),
    "objection.answered": _("答复异议"),
    "adjustment.entered": _("登记加减分"),
    "adjustment.withdrawn": _("撤回加减分"),
    "entry.told": _("告知黑榜对象"),
    "entry.cured": _("确认整改好"),
    "places.restructured": _("调整区划"),
    "places.restored": _("撤销区划调整"),
    "place.closed": _("关闭区划"),
    "place.moved": _("划转区划"),
    "ground.load": _("整体载入"),
    "compact.written": _("写村规民约草稿"),
    "compact.voted": _("登记村规民约表决"),
    "compact.filed": _("村规民约备案"),
    "compact.reopened": _("退回村规民约草稿"),
    "target.set": _("定目标"),
    "goal.told": _("登记目标进度"),
    "stage.reached": _("登记达到阶段"),
    "stage.taken_back": _("取消达到阶段"),
    "nomination.made": _("推荐称号对象"),
    "nomination.withdrawn": _("撤回称号推荐"),
    "honour_ballot.recorded": _("录入称号表决"),
    "honour_ballot.withdrawn": _("作废称号表决"),
    "honour_list.drawn": _("拟定称号名单"),
    "honour_list.proposed": _("公示称号名单"),
    "honour_list.struck": _("称号名单除名"),
    "honour.given": _("授予称号"),
    "honour.warned": _("预警摘牌"),
    "honour.cause": _("登记摘牌情形"),
    "honour.taken_down": _("摘牌"),
    "plaque.bought": _("牌匾入库"),
    "plaque.damaged": _("牌匾报损"),
    "plaque.handed": _("发放牌匾"),
    "plaque.hung": _("挂牌"),
    "contest.opened": _("开办竞赛"),
    "contest.stop": _("加竞赛站点"),
    "contest.goods": _("登记竞赛物品"),
    "contest.planned": _("安排物品发放"),
    "contest.unplanned": _("取消物品发放安排"),
    "hand_out.signed": _("物品签收"),
}


def words_of(act: str) -> str:
    """An act (noun.verb) in words."""
    if act in ACTS:
        return str(ACTS[act])
    noun, _dot, verb = act.rpartition(".")
    told = VERBS.get(act) or VERBS.get(verb)
    named = NOUNS.get(noun) or NOUNS.get(noun.partition(".")[0])
    return f"{told or _('办理')}{named or _('记录')}"


def nouns() -> list[tuple[str, str]]:
    """What the log can be narrowed to: (noun, words), each once."""
    return [(noun, str(words)) for noun, words in NOUNS.items()]
