"""The ways into each face: label, address name, pictogram, and the roles that see the entry."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from xiangyue.base.roles import EVERYBODY, OFFICES, READERS, STAFF, Role

type Words = str | Promise


@dataclass(frozen=True, slots=True)
class Entry:
    """One way in; it is hidden from other roles, and while its address name does not resolve."""

    label: Words
    url_name: str
    icon: str
    roles: frozenset[Role] = EVERYBODY
    args: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Entries under one heading of the office's side."""

    label: Words
    entries: tuple[Entry, ...]


DUTY_READERS = READERS | {Role.DEPARTMENT}

OFFICE: tuple[Group, ...] = (
    Group(
        "",
        (
            Entry(_("今天"), "home", "home"),
            Entry(_("查找"), "search", "search", READERS),
            Entry(_("我的户"), "field:today", "device-mobile", frozenset({Role.BEARER, Role.VILLAGE_OFFICE})),
        ),
    ),
    Group(
        _("包保与走访"),
        (
            Entry(_("包保"), "desk:list", "heart-handshake", DUTY_READERS, ("duty",)),
            Entry(_("覆盖与负荷"), "duties:coverage", "users-group", DUTY_READERS),
            Entry(_("走访"), "visits:ground", "walk", DUTY_READERS),
            Entry(_("我的走访"), "visits:mine", "walk", frozenset({Role.BEARER, Role.DEPARTMENT})),
            Entry(_("先锋队"), "teams:ground", "flag", DUTY_READERS),
            Entry(_("调度会"), "visits:dispatches", "calendar-event", DUTY_READERS),
            Entry(_("日周月通报"), "bulletins:chain", "file-text", DUTY_READERS),
            Entry(_("群众诉求"), "visits:wishes", "message-2", STAFF | {Role.AUDITOR, Role.BEARER}),
            Entry(_("帮扶投入"), "visits:contributions", "gift", DUTY_READERS),
        ),
    ),
    Group(
        _("检查与督查"),
        (
            Entry(_("检查"), "desk:list", "clipboard-check", READERS, ("check",)),
            Entry(_("督查"), "inspections:inspections", "eye", READERS),
            Entry(_("记录核看"), "oddities:oddities", "eye", OFFICES | {Role.AUDITOR, Role.BEARER}),
            Entry(_("录入检查"), "checks:entry", "writing", STAFF | {Role.SUPERVISOR}),
            Entry(_("窗口代录"), "field:counter", "user-check", STAFF),
            Entry(_("纸质表"), "papers:sheets", "printer", READERS | {Role.BEARER}),
        ),
    ),
    Group(
        _("问题"),
        (
            Entry(_("待办问题"), "problems:mine", "list-check", DUTY_READERS | {Role.BEARER}),
            Entry(_("办理情况"), "problems:overview", "chart-bar", READERS),
            Entry(_("逾期清单"), "problems:digest", "clock", READERS),
            Entry(_("三张清单"), "problems:lists", "arrows-left-right", DUTY_READERS),
            Entry(_("回头看"), "problems:looks", "eye", READERS),
            Entry(_("全部问题"), "desk:list", "table", READERS, ("problem",)),
        ),
    ),
    Group(
        _("考核"),
        (
            Entry(_("实时排名"), "standings:live", "chart-bar", DUTY_READERS),
            Entry(_("考核期"), "standings:periods", "calendar-month", READERS),
            Entry(_("红黑榜"), "standings:boards", "certificate", DUTY_READERS),
            Entry(_("公示"), "standings:publications", "speakerphone", DUTY_READERS),
            Entry(_("目标"), "standings:goals", "flag", DUTY_READERS),
            Entry(_("减负账"), "standings:burden", "clock", READERS),
            Entry(_("加减分"), "desk:list", "notes", READERS, ("adjustment",)),
        ),
    ),
    Group(
        _("评定"),
        (
            Entry(_("星级评定"), "standings:ratings", "star", DUTY_READERS),
            Entry(_("指标填报"), "standings:indicators", "table", DUTY_READERS),
            Entry(_("一村一账"), "standings:ledgers", "notebook", DUTY_READERS),
            Entry(_("整顿名单"), "standings:watch", "list-check", STAFF | {Role.AUDITOR}),
            Entry(_("违规认定"), "desk:list", "alert-triangle", STAFF | {Role.AUDITOR}, ("violation",)),
            Entry(_("逐级评审"), "standings:reviews", "stairs", DUTY_READERS),
        ),
    ),
    Group(
        _("奖惩"),
        (
            Entry(_("奖级与等次"), "rewards:lists", "trophy", DUTY_READERS),
            Entry(_("荣誉称号"), "rewards:honours", "certificate", STAFF | {Role.AUDITOR}),
            Entry(_("竞赛"), "rewards:contests", "trophy", STAFF | {Role.AUDITOR}),
            Entry(_("履职评价"), "rewards:appraisals", "user-check", STAFF | {Role.AUDITOR}),
            Entry(
                _("我的履职"), "rewards:mine", "user", frozenset({Role.BEARER, Role.DEPARTMENT, Role.VILLAGE_OFFICE})
            ),
            Entry(_("奖补"), "rewards:plans", "cash", STAFF | {Role.AUDITOR}),
        ),
    ),
    Group(
        _("名册"),
        (
            Entry(_("区划"), "desk:list", "sitemap", READERS, ("place",)),
            Entry(_("农户"), "desk:list", "building-cottage", STAFF | {Role.AUDITOR}, ("household",)),
            Entry(_("单位"), "desk:list", "building", DUTY_READERS, ("organisation",)),
            Entry(_("干部党员"), "desk:list", "users", READERS, ("person",)),
        ),
    ),
    Group(
        _("办法"),
        (
            Entry(_("方案"), "agreements:schemes", "notebook", DUTY_READERS),
            Entry(_("村规民约"), "compacts:compacts", "notebook", READERS),
            Entry(_("导入"), "desk:imports", "file-import", STAFF),
            Entry(_("手机离线记录"), "field:switches", "device-mobile", READERS),
            Entry(_("合并拆分"), "places:restructurings", "git-compare", OFFICES),
            Entry(_("变更记录"), "change_log", "history", EVERYBODY - {Role.KEEPER}),
            Entry(_("账号"), "desk:list", "key", OFFICES | {Role.KEEPER}, ("user",)),
        ),
    ),
)

PUBLIC: tuple[Entry, ...] = (
    Entry(_("首页"), "public:home", "home"),
    Entry(_("红黑榜"), "public:boards", "certificate"),
    Entry(_("排名"), "public:ranking", "chart-bar"),
    Entry(_("公示"), "public:notices", "speakerphone"),
)

FIELD: tuple[Entry, ...] = (
    Entry(_("今天"), "field:today", "sun"),
    Entry(_("我的户"), "field:households", "building-cottage"),
    Entry(_("记录"), "field:records", "notes"),
    Entry(_("我的"), "field:me", "user"),
)

USER: tuple[Entry, ...] = (Entry(_("我的账号"), "people:account", "user"),)

COMPLAINTS = Entry(_("投诉建议"), "complaints", "message-report")
HELP = Entry(_("使用说明"), "help", "help-circle")
