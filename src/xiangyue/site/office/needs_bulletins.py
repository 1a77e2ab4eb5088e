"""Bulletins on the home page: last month's that is not out yet, and what was issued and not been opened."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from xiangyue.agreements.in_force import schemes_on
from xiangyue.agreements.models import SchemeVersion
from xiangyue.base.pages import address
from xiangyue.places.models import Place
from xiangyue.rules.days import month_of, previous
from xiangyue.site.office.needs import Finder, Need, Paths
from xiangyue.standings.bulletins.models import Bulletin
from xiangyue.standings.bulletins.reading import waiting


def bulletin_due(paths: Paths, day: date) -> Need | None:
    """Last month's bulletin of one's own ground, from the day that its scheme sets; none where no scheme sets one."""
    governing = SchemeVersion.objects.published().filter(ground__path__in=paths).values("ground")
    places = {place.pk: place for place in Place.objects.filter(pk__in=governing)}
    if not places:
        return None
    month = previous(month_of(day))
    rules = schemes_on(tuple(places), day)
    # a scheme that began after the month asks for nothing of it
    due = [
        (places[version.ground_id], scheme.bulletin)
        for version, scheme in rules
        if 0 < scheme.bulletin.by_day <= day.day and (version.from_on is None or version.from_on <= month.ends_on)
    ]
    if not due:
        return None
    sent = Bulletin.objects.standing().filter(place__in=[place.pk for place, _rule in due], key=month.key)
    left = [(place, rule) for place, rule in due if place.pk not in set(sent.values_list("place", flat=True))]
    if not left:
        return None
    place, rule = left[0]
    words = _("%(month)s的%(name)s该在本月%(day)s日前发；数字已按记录填好。") % {
        "month": month.name, "name": rule.name, "day": rule.by_day,
    }  # fmt: skip
    url = address("bulletins:chain", place=place.code, month=month.key)
    return Need(_("上月通报还没发"), len(left), _("期"), words, url, _("去写通报"), "file-text")


def bulletins_to_read(paths: Paths, day: date) -> Need | None:
    """Bulletins of the township or county that this office has not opened."""
    rows = waiting(paths, day)
    if not rows:
        return None
    words = "、".join(row.numbered for row in rows[:2]) + ("…" if len(rows) > 2 else "") + _("已发，请看。")
    url = address("bulletins:bulletin", rows[0].pk)
    return Need(_("通报请看"), len(rows), _("期"), words, url, _("打开"), "file-text")


COUNTY: tuple[Finder, ...] = (bulletin_due,)
TOWNSHIP: tuple[Finder, ...] = (bulletin_due, bulletins_to_read)
VILLAGE: tuple[Finder, ...] = (bulletins_to_read,)
