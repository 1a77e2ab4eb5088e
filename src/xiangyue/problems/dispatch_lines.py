"""What problems tell a dispatch meeting: found, mended and closed in its days, and what is overdue on the last of them."""

from __future__ import annotations

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from xiangyue.base.pages import address
from xiangyue.duties.visits.dispatching import Told
from xiangyue.problems.models import IN_HAND, LIVE, Problem


def dispatch_told(told: Told) -> None:
    """Two lines: what came and went, and what is late; none where there was never a problem."""
    days = (told.first, told.last)
    counts = Problem.objects.below(told.place.path).aggregate(
        found=Count("pk", filter=Q(reported_on__range=days)),
        mended=Count("pk", filter=Q(mended_on__range=days)),
        closed=Count("pk", filter=Q(closed_on__range=days)),
        live=Count("pk", filter=Q(state__in=LIVE)),
        late=Count("pk", filter=Q(state__in=IN_HAND, deadline__lt=told.last)),
    )
    if not any(counts.values()):
        return
    here = told.place.code
    words = _("问题：新发现 %(found)s 个，整改 %(mended)s 个，销号 %(closed)s 个，在办 %(live)s 个") % counts
    told.lines.append((words, address("problems:overview", at=here)))
    if counts["late"]:
        words = _("逾期没有整改的问题 %s 个") % counts["late"]
        told.lines.append((words, address("problems:digest", at=here)))
