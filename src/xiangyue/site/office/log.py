"""The change log of one's ground: who did what to what, when and why, newest first; filtered and paged by line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiangyue.base.models import Change
from xiangyue.base.pages import typed_day
from xiangyue.base.roles import OFFICES, Role
from xiangyue.base.scope import Scope, below
from xiangyue.people.models import User
from xiangyue.places.models import Level, Place
from xiangyue.site.office.acts import words_of

READ_BY = OFFICES | {Role.VILLAGE_OFFICE, Role.AUDITOR}
OWN_ACTS = frozenset({Role.BEARER, Role.DEPARTMENT, Role.SUPERVISOR})
"""Who reads what they did themselves, wherever it was."""
ROWS = 50


@dataclass(frozen=True, slots=True)
class Asked:
    """What the log is narrowed to."""

    noun: str
    who: str
    place: str
    since: date | None
    until: date | None
    before: int

    @property
    def narrowed(self) -> bool:
        """Whether anything is asked for."""
        return bool(self.noun or self.who or self.place or self.since or self.until)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the log."""

    at: datetime
    who: str
    act: str
    place: str
    details: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class LogPage:
    """A page of the log, and where the next begins."""

    lines: tuple[Line, ...]
    older_url: str
    newest_url: str


def asked_for(query: QueryDict) -> Asked:
    """What the form asks for; what can't be read is left out."""
    before = query.get("before", "")
    return Asked(
        query.get("noun", "")[:20].strip(),
        query.get("who", "")[:40].strip(),
        query.get("place", "")[:40].strip(),
        typed_day(query.get("since", "")),
        typed_day(query.get("until", "")),
        int(before) if before.isdigit() else 0,
    )


def log_page(scope: Scope, asked: Asked, path: str) -> LogPage:
    """A page of the log over the ground of those who read it; for others of their own acts."""
    rows = _narrowed(seen(scope), scope, asked)
    if asked.before:
        rows = rows.filter(pk__lt=asked.before)
    held = list(rows.select_related("actor__person").order_by("-pk")[: ROWS + 1])
    names = _names(held)
    lines = tuple(_line(row, names) for row in held[:ROWS])
    kept = {"noun": asked.noun, "who": asked.who, "place": asked.place,
            "since": asked.since or "", "until": asked.until or ""}  # fmt: skip
    older = urlencode({**kept, "before": held[ROWS - 1].pk}) if len(held) > ROWS else ""
    return LogPage(lines, f"{path}?{older}" if older else "", f"{path}?{urlencode(kept)}" if asked.before else "")


def seen(scope: Scope) -> QuerySet[Change]:
    """The lines that the actor reads."""
    ground = below("path", scope.paths(READ_BY))
    if not scope.holds(OWN_ACTS):
        return Change.objects.filter(ground)
    own = Q(actor_id=scope.user_id)
    return Change.objects.filter(ground | own if scope.holds(READ_BY) else own)


def _narrowed(rows: QuerySet[Change], scope: Scope, asked: Asked) -> QuerySet[Change]:
    if asked.noun:
        rows = rows.filter(act__startswith=f"{asked.noun}.")
    if asked.who:
        match = Q(person__name__icontains=asked.who)
        if asked.who.isdigit() and len(asked.who) >= 4:
            match |= Q(phone__endswith=asked.who)
        rows = rows.filter(actor__in=User.objects.filter(match).values("pk"))
    if asked.place:
        places = Place.objects.filter(Q(code=asked.place) | Q(name=asked.place)).exclude(level=Level.HOUSEHOLD)
        if scope.holds(READ_BY) and not scope.holds(OWN_ACTS):
            places = places.filter(below("path", scope.paths(READ_BY)))
        rows = rows.filter(below("path", tuple(places.values_list("path", flat=True)[:50])))
    if asked.since:
        rows = rows.filter(at__gte=_midnight(asked.since))
    if asked.until:
        rows = rows.filter(at__lt=_midnight(asked.until + timedelta(days=1)))
    return rows


def _line(row: Change, names: dict[str, str]) -> Line:
    return Line(
        row.at,
        str(row.actor) if row.actor_id else _("系统"),
        words_of(row.act),
        names.get(row.path, ""),
        tuple(_details(row.before, row.after)),
        row.reason,
    )


def _details(before: Any, after: Any) -> list[str]:
    """What changed, as far as it can be said in a line; names and phones are not repeated here."""
    was, now = (value if isinstance(value, dict) else {} for value in (before, after))
    found = []
    for key in sorted({*was, *now} - HIDDEN):
        words = FIELDS.get(key)
        if words and was.get(key) != now.get(key):
            old, new = (_short(value.get(key)) for value in (was, now))
            found.append(f"{words}：{old} → {new}" if key in was else f"{words}：{new}")
    return found[:4]


HIDDEN = {"head_name", "phone", "name", "text", "note"}
FIELDS: dict[str, Any] = {
    "state": gettext_lazy("状态"),
    "from_on": gettext_lazy("起始日"),
    "to_on": gettext_lazy("截止日"),
    "on": gettext_lazy("日期"),
    "amount": gettext_lazy("分值"),
    "version": gettext_lazy("版本"),
    "key": gettext_lazy("考核期"),
    "role": gettext_lazy("角色"),
    "layer": gettext_lazy("包保层"),
    "n": gettext_lazy("数量"),
    "rows": gettext_lazy("行数"),
    "notice_ends_on": gettext_lazy("公示截止"),
    "digest": gettext_lazy("核对码"),
    "n_members": gettext_lazy("人口数"),
    "code": gettext_lazy("编码"),
    "upheld": gettext_lazy("是否成立"),
}


def _short(value: Any) -> str:
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return _("是") if value else _("否")
    said = str(VALUES.get(str(value), value))
    return f"{said[:24]}…" if len(said) > 24 else said


VALUES: dict[str, Any] = {str(role.value): role.label for role in Role} | {
    "living": gettext_lazy("在住"),
    "away": gettext_lazy("外出"),
    "empty": gettext_lazy("空置"),
    "help": gettext_lazy("需帮助"),
    "closed": gettext_lazy("已关账"),
    "proposed": gettext_lazy("公示中"),
    "in_force": gettext_lazy("已生效"),
    "superseded": gettext_lazy("已被新版替代"),
    "held": gettext_lazy("待人工核对"),
    "stored": gettext_lazy("已入库"),
    "withdrawn": gettext_lazy("已撤回"),
    "late": gettext_lazy("迟到"),
    "draft": gettext_lazy("草稿"),
    "published": gettext_lazy("已发布"),
}


def _names(rows: list[Change]) -> dict[str, str]:
    """Path → the name of the place, with the township it lies in."""
    found = Place.objects.filter(path__in={row.path for row in rows}).select_related("township")
    return {
        place.path: f"{place.township.name} {place.name}" if place.township_id not in (None, place.pk) and place.township
        else place.name
        for place in found
    }  # fmt: skip


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))
