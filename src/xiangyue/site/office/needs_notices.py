"""Notices on a village's home page: what runs about the village itself, and until when it may object."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from xiangyue.base.pages import address
from xiangyue.base.saying import said_day
from xiangyue.site.office.needs import Finder, Need, Paths
from xiangyue.standings.notices.models import Publication


def notices_running(paths: Paths, day: date) -> Need | None:
    """Running notices that name the village."""
    named = Publication.objects.filter(subjects__place__path__in=paths, state=Publication.State.PROPOSED)
    running = named.filter(notice_ends_on__gte=day).order_by("notice_ends_on", "pk").distinct()
    rows = list(running.values_list("pk", "title", "notice_ends_on"))
    if not rows:
        return None
    first, title, ends_on = rows[0]
    words = _("%(title)s公示到%(day)s，有不同意见可以提。") % {"title": title, "day": said_day(ends_on)}
    url = address("standings:publication", first) if len(rows) == 1 else address("standings:publications")
    return Need(_("正在公示，涉及本村"), len(rows), _("件"), words, url, _("去看公示"), "speakerphone", tone="plain")


VILLAGE: tuple[Finder, ...] = (notices_running,)
