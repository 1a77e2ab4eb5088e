"""The month's supervision report as a page to read and to print."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from xiangyue.base.pages import Request, address
from xiangyue.checks.inspections import seeing
from xiangyue.checks.inspections.reporting import report
from xiangyue.checks.inspections.views.lists import ground_of
from xiangyue.rules.days import following, month_of, parse_period, previous


@login_required
def report_page(request: Request, ground: str, scheme: str, period: str) -> HttpResponse:
    """The report of a month, written by the records."""
    found = ground_of(request, ground, scheme)
    if not request.scope.holds(seeing.INSIDE, found.place.path):
        raise PermissionDenied
    try:
        span = parse_period(period)
    except ValueError:
        raise Http404 from None
    if span.kind != "month":
        raise Http404
    now = timezone.now()
    context = {
        "report": report(found, span, now), "found": found, "now": now, "before": previous(span).key,
        "after": following(span).key if span.ends_on < month_of(timezone.localdate()).starts_on else "",
        "year": span.starts_on.year, "number": span.starts_on.month, "ground_name": found.place.name,
        "crumbs": [(_("督查"), address("inspections:inspections")), (_("督查专报"), "")],
    }  # fmt: skip
    return render(request, "checks/inspections/report.html", context)
