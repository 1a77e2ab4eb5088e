"""What comes round again and is due: the dispatch meeting."""

from __future__ import annotations

from datetime import date

from django.db.models import Max
from django.utils.translation import gettext as _

from xiangyue.base.pages import address
from xiangyue.duties.dispatch_models import Dispatch
from xiangyue.duties.visits.dispatching import rhythm_of
from xiangyue.places.models import Place
from xiangyue.site.office.needs import Finder, Need, Paths


def meetings_due(paths: Paths, day: date) -> Need | None:
    """The dispatch meeting of one's own ground, where meetings have begun and the next one is due."""
    held = Dispatch.objects.filter(place__path__in=paths).order_by().values_list("place_id")
    lasts: dict[int, date] = dict(held.annotate(Max("held_on")))
    for place in Place.objects.filter(pk__in=lasts).order_by("path"):
        last = lasts[place.pk]
        rhythm = rhythm_of(place, day)
        due = rhythm.due(last)
        if due <= day:
            words = _("上次%(m)s月%(d)s日开过，每 %(n)s 天一次。") % {
                "m": last.month, "d": last.day, "n": rhythm.days,
            }  # fmt: skip
            url = address("visits:dispatches", place=place.code)
            return Need(
                _("该开%s了") % rhythm.name, (day - due).days + 1, _("天"), words, url, _("去调度"), "calendar-event"
            )
    return None


OFFICE: tuple[Finder, ...] = (meetings_due,)
