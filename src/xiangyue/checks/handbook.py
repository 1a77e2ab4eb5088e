"""What checks tell a handbook: how often the bearer checked the target each month, and how often something was wrong."""

from __future__ import annotations

from django.db.models import Count, Max, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from xiangyue.checks.models import Check
from xiangyue.duties.visits.handbooks import Asked, Line


def handbook_told(asked: Asked) -> None:
    """A line for each month and kind of check that the bearer made of the target."""
    rows = Check.objects.filter(
        subject=asked.target, day__gte=asked.first, day__lte=asked.last, state=Check.State.COUNTED,
        inspector_id__in=asked.people,
    )  # fmt: skip
    values = rows.order_by().values_list("month", "kind__name").annotate(
        n=Count("pk"), bad=Count("pk", filter=Q(n_faults__gt=0)), last=Max("day"), latest=Max("pk")
    )  # fmt: skip
    for month, kind, n, bad, last, latest in values:
        words = _("%(m)s月 %(n)s 次，%(bad)s 次有问题") % {"m": month % 100, "n": n, "bad": bad}
        asked.lines.append(Line(last, kind, words, reverse("checks:check", args=(latest,))))
