"""The change log of one row, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiangyue.base.changes import history
from xiangyue.base.models import Change
from xiangyue.desk.declaration import Desk

MOST = 30
VERBS: dict[str, Any] = {
    "added": gettext_lazy("新增"),
    "add": gettext_lazy("新增"),
    "edited": gettext_lazy("修改"),
    "edit": gettext_lazy("修改"),
    "deleted": gettext_lazy("删除"),
    "state": gettext_lazy("改状态"),
    "ended": gettext_lazy("结束"),
    "seen": gettext_lazy("查看联系方式"),
    "exported": gettext_lazy("导出"),
}
"""What the second half of an act is called; rooms add their own words with `tell`."""


def tell(verb: str, words: Any) -> None:
    """Say what an act (noun.verb), or any act of that verb, is called in histories."""
    VERBS[verb] = words


@dataclass(frozen=True, slots=True)
class Event:
    """A line of a history as the template takes it."""

    at: datetime
    who: str
    what: str
    detail: str
    url: str = ""


def events(desk: Desk, key: Any) -> list[Event]:
    """What happened to a row, newest first."""
    lines = history((desk.table, str(key))).select_related("actor__person")[:MOST]
    headings = _headings(desk)
    return [_event(line, headings) for line in lines]


def _event(line: Change, headings: dict[str, str]) -> Event:
    verb = VERBS.get(line.act) or VERBS.get(line.act.rpartition(".")[2]) or _("办理")
    return Event(
        line.at,
        str(line.actor) if line.actor_id else _("系统"),
        str(verb),
        "；".join(filter(None, [line.reason, *_details(line, headings)])),
    )


def _details(line: Change, headings: dict[str, str]) -> list[str]:
    before, after = line.before or {}, line.after or {}
    found = []
    for name, value in after.items():
        if name == "import":
            found.append(_("第 %(run)s 次导入，表中第 %(row)s 行") % {"run": value, "row": after.get("row", "")})
        elif name in headings and name in before:
            found.append(f"{headings[name]}：{_words(before[name])} → {_words(value)}")
        elif name in headings and line.before is not None:
            found.append(f"{headings[name]}：{_words(value)}")
    return found


def _words(value: Any) -> str:
    if value is None or value == "":
        return _("（空）")
    if isinstance(value, bool):
        return _("是") if value else _("否")
    return str(value)


def _headings(desk: Desk) -> dict[str, str]:
    fields = {
        field.name: str(field.verbose_name) for field in desk.model._meta.get_fields() if hasattr(field, "verbose_name")
    }
    return fields | {column.name: str(column.heading) for column in desk.columns}
