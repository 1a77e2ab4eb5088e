"""Watch lists as they are read and published: who stands on them on a day, what the public may know."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from xiangyue.base.problems import Problem
from xiangyue.places.models import Place
from xiangyue.rules.days import local_day
from xiangyue.rules.settings import WatchList
from xiangyue.standings.actions import publication as notices
from xiangyue.standings.notices.kinds import PublicationKind, PublicTable
from xiangyue.standings.notices.models import Publication
from xiangyue.standings.ratings import problems as refused
from xiangyue.standings.ratings.models import WatchEntry

if TYPE_CHECKING:
    from xiangyue.people.models import User

KIND = "watch_list"


def standing(ground_id: int, scheme: str, code: str, day: date) -> list[WatchEntry]:
    """The entries that stand on a list on that day, by place."""
    rows = WatchEntry.objects.filter(ground=ground_id, scheme=scheme, watch_list=code).standing(day)
    return list(rows.select_related("place__township").order_by("place__path"))


def state_of(entry: WatchEntry, day: date) -> str:
    """The badge of an entry on a day: still to come, standing, soon over, turned round, run out."""
    if entry.turned_on is not None and entry.turned_on <= day:
        return "turned"
    if day > entry.to_on:
        return "ended"
    return "due" if (entry.to_on - day).days <= 30 else "watched"


def propose_list(
    actor: User | None, ground: Place, scheme: str, watch_list: WatchList, *, days: int, now: datetime
) -> Publication:
    """The list as it stands today on notice; names are public only once it is in force. Problem while it is empty."""
    entries = standing(ground.pk, scheme, watch_list.code, local_day(now))
    if not entries:
        raise Problem(refused.EMPTY_LIST, name=watch_list.name)
    return notices.propose(
        actor, KIND, ground, f"{scheme}/{watch_list.code}", watch_list.name, [row.place for row in entries],
        max(1, days), now=now, summary={"entries": [row.pk for row in entries]},
    )  # fmt: skip


def _entries(publication: Publication) -> Iterable[WatchEntry]:
    rows = WatchEntry.objects.filter(pk__in=publication.summary.get("entries", ()))
    return rows.select_related("place__township").order_by("place__path")


def _page(publication: Publication) -> str:
    return reverse("standings:watch")


def _tables(publication: Publication) -> tuple[PublicTable, ...]:
    entries = list(_entries(publication))
    if publication.state != Publication.State.IN_FORCE:
        note = _("共 %s 个村列入，公示期间不公开名称；本人已告知。") % len(entries)
        return (PublicTable(publication.title, (), (), note),)
    lines = tuple(
        (
            row.place.name,
            row.place.township.name if row.place.township else "",
            _("%(from)s 至 %(to)s") % {"from": row.from_on, "to": row.to_on},
            _("已整顿达标") if row.turned_on else _("整顿中"),
        )
        for row in entries
    )
    return (PublicTable(publication.title, (_("村"), _("乡镇"), _("期限"), _("现状")), lines, by=_("乡镇")),)


WATCH_LIST = PublicationKind(
    code=KIND, name=_lazy("整顿名单"), told_first=True, page=_page, rows=_tables,
)  # fmt: skip
