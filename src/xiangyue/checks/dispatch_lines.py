"""What checks tell a dispatch meeting: how many sheets of each kind were made in its days, how many found something."""

from __future__ import annotations

from django.db.models import Sum
from django.utils.translation import gettext as _

from xiangyue.base.pages import address
from xiangyue.base.scope import below
from xiangyue.checks.models import DayCount
from xiangyue.duties.visits.dispatching import Told


def dispatch_told(told: Told) -> None:
    """A line for each kind of check, the one that found most first; read from the day's counts, never from sheets."""
    rows = DayCount.objects.filter(
        below("village__path", (told.place.path,)), day__gte=told.first, day__lte=told.last, n_checks__gt=0
    )  # fmt: skip
    sums = rows.order_by().values_list("kind_id", "kind__name").annotate(n=Sum("n_checks"), bad=Sum("n_faulty"))
    for kind, name, n, bad in sorted(sums, key=lambda row: (-row[3], row[1])):
        words = _("%(name)s：查 %(n)s 次，%(bad)s 次有问题") % {"name": name, "n": n, "bad": bad}
        told.lines.append((words, address("desk:list", "check", kind=kind)))
