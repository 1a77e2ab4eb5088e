"""What a person has to do on their own account, whatever role they hold: what they were asked, and what they have in hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.db.models import Count, Min
from django.utils.translation import gettext as _

from xiangyue.checks.oddities.grouping import n_asked
from xiangyue.problems.models import IN_HAND, Problem
from xiangyue.site.context import address
from xiangyue.site.office.needs import Need


def questions_asked(person_id: int, day: date) -> Need:
    """Questions about one's own records that wait for an answer."""
    words = _("有人问起您记的几条，回一句话就好；不影响任何得分。")
    url = address("oddities:oddities")
    return Need(_("等您回一句的记录"), n_asked(person_id), _("条"), words, url, _("去回答"), "message-2")


def problems_in_hand(person_id: int, day: date) -> Need:
    """Problems that one has claimed or was given, and has still to mend."""
    rows = Problem.objects.filter(person_id=person_id, state__in=IN_HAND)
    told = rows.aggregate(n=Count("pk"), first=Min("deadline"))
    first = told["first"]
    words = _("最早的期限：%(m)s月%(d)s日。") % {"m": first.month, "d": first.day} if first else ""
    return Need(_("您在办的问题"), told["n"], _("件"), words, address("problems:mine"), _("去办"), "list-check")


OWN: tuple[Callable[[int, date], Need], ...] = (questions_asked, problems_in_hand)
