"""What problems need doing on one's ground: past their deadline, waiting for somebody to verify, drawn for a second look."""

from __future__ import annotations

from datetime import date

from django.db.models import Count, Min, Q
from django.utils.translation import gettext as _

from xiangyue.base.scope import below
from xiangyue.checks.oddities.models import Oddity
from xiangyue.problems.models import IN_HAND, Problem, State
from xiangyue.site.context import address
from xiangyue.site.office.needs import Finder, Need, Paths


def problems_overdue(paths: Paths, day: date) -> Need:
    """Problems past their deadline that somebody has still to mend."""
    rows = Problem.objects.filter(below("place__path", paths), state__in=IN_HAND, deadline__lt=day)
    told = rows.aggregate(n=Count("pk"), first=Min("deadline"))
    words = _("最长的逾期 %s 天。") % (day - told["first"]).days if told["first"] else ""
    url = address("problems:mine") + "?tab=late"
    return Need(_("逾期的问题"), told["n"], _("件"), words, url, _("去办"), "list-check")


def problems_to_verify(paths: Paths, day: date) -> Need:
    """Problems that were mended, and steps in doubt: somebody else has to look."""
    waits = Q(state__in=(State.MENDED, State.VERIFIED)) | Q(n_doubts__gt=0)
    n = Problem.objects.filter(below("place__path", paths)).filter(waits).count()
    words = _("别人说整改好了，去看一眼；自己整改的由别人核实。")
    url = address("problems:mine") + "?tab=verify"
    return Need(_("待核实的问题"), n, _("件"), words, url, _("去核实"), "shield-check")


def looks_due(paths: Paths, day: date) -> Need:
    """Closed problems that were drawn for a second look and are due."""
    n = Problem.objects.filter(below("place__path", paths), look="due", look_on__lte=day).count()
    words = _("销号几周后再看一眼，有没有反弹。")
    return Need(_("到期的回头看"), n, _("件"), words, address("problems:looks"), _("去看"), "eye")


def odd_captures(paths: Paths, day: date) -> Need:
    """What looks odd about captures and waits for a person's eye."""
    states = (Oddity.State.OPEN, Oddity.State.ANSWERED)
    n = Oddity.objects.filter(below("place__path", paths), state__in=states).count()
    words = _("照片或时间不寻常，看一眼，没问题就放过；不影响任何得分。")
    return Need(_("请看一眼的记录"), n, _("条"), words, address("oddities:oddities"), _("去看"), "eye")


COUNTY: tuple[Finder, ...] = (problems_overdue, looks_due, odd_captures)
TOWNSHIP: tuple[Finder, ...] = (problems_overdue, problems_to_verify, odd_captures)
VILLAGE: tuple[Finder, ...] = (problems_overdue, problems_to_verify)
SUPERVISOR: tuple[Finder, ...] = (looks_due,)
