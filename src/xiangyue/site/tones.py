"""The states that carry a badge: each with its word, its tone and its shape, so that colour never speaks alone."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from xiangyue.site.navigation import Words


@dataclass(frozen=True, slots=True)
class State:
    """How a state is told: `tone` is one of plain, running, done, due, wrong, red, black."""

    words: Words
    tone: str
    icon: str


STATES: dict[str, State] = {
    # periods and what is published
    "open": State(_("进行中"), "running", "circle-half"),
    "closed": State(_("已关账"), "running", "lock"),
    "proposed": State(_("公示中"), "due", "hourglass"),
    "in_force": State(_("已生效"), "done", "circle-check"),
    "superseded": State(_("已被替换"), "plain", "archive"),
    "draft": State(_("草稿"), "plain", "circle-dashed"),
    "out_of_date": State(_("已过时"), "due", "refresh"),
    # work
    "todo": State(_("未开始"), "plain", "circle"),
    "waiting": State(_("排队中"), "plain", "hourglass"),
    "running": State(_("正在办理"), "running", "circle-half"),
    "done": State(_("已完成"), "done", "circle-check"),
    "due": State(_("待办"), "due", "clock"),
    "late": State(_("逾期"), "wrong", "alert-triangle"),
    "failed": State(_("没有办成"), "wrong", "circle-x"),
    "stopped": State(_("已停下"), "plain", "player-pause"),
    # checks
    "clean": State(_("干净"), "done", "check"),
    "fault": State(_("有问题"), "wrong", "alert-triangle"),
    "unseen": State(_("未查"), "plain", "circle-dashed"),
    "void": State(_("作废"), "plain", "ban"),
    "held": State(_("待人工核对"), "due", "hand-stop"),
    "replaced": State(_("已被新记录替换"), "plain", "archive"),
    "undone": State(_("已撤回"), "plain", "arrow-back-up"),
    # households
    "living": State(_("在住"), "done", "home-check"),
    "away": State(_("外出"), "plain", "walk"),
    "empty": State(_("空置"), "plain", "home-off"),
    "help": State(_("需帮扶"), "due", "heart-handshake"),
    # duties
    "over": State(_("超过上限"), "wrong", "alert-triangle"),
    "covered": State(_("已包保"), "done", "user-check"),
    "gap": State(_("无人包保"), "wrong", "alert-triangle"),
    "ended": State(_("已结束"), "plain", "archive"),
    # thresholds and watch lists
    "met": State(_("达标"), "done", "circle-check"),
    "unmet": State(_("未达标"), "wrong", "circle-x"),
    "watched": State(_("整顿中"), "due", "clock"),
    "turned": State(_("已达标销号"), "done", "circle-check"),
    # boards and ranks
    "red": State(_("红榜"), "red", "star"),
    "black": State(_("黑榜"), "black", "alert-triangle"),
    "unrated": State(_("未评"), "plain", "minus"),
    "too_few": State(_("记录太少"), "plain", "question-mark"),
}
