"""The draw laid open: commitment, number, secret, every lot, and the file with which anyone draws again."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from xiangyue.base.pages import Request, address
from xiangyue.checks.inspections import seeing
from xiangyue.checks.inspections.drawing import differences, drawn_from
from xiangyue.checks.inspections.going import told_of
from xiangyue.checks.inspections.models import Inspection
from xiangyue.places.models import Place


@login_required
def draw_page(request: Request, pk: int) -> HttpResponse:
    """What was committed, and once the day is over everything it takes to draw again."""
    row = _drawn(request, pk)
    told = seeing.told(row, timezone.now())
    lots = drawn_from(row.facts, row.held, row.seed).lots if told else ()
    names = dict(Place.objects.filter(code__in=[lot.code for lot in lots]).values_list("code", "name"))
    towns = dict(Place.objects.filter(code__in={lot.stratum.split(" ")[0] for lot in lots}).values_list("code", "name"))
    context = {
        "row": row, "told": told, "lots": [(lot, names.get(lot.code, lot.code), _stratum(lot.stratum, towns)) for lot in lots],
        "wrong": differences(told_of(row)) if told else [], "n": row.facts["n"], "n_subjects": len(row.facts["subjects"]),
        "ground_name": row.ground.name,
        "crumbs": [(_("督查"), address("inspections:inspections")), (str(row), reverse("inspections:inspection", args=[pk])), (_("抽签"), "")],
    }  # fmt: skip
    return render(request, "checks/inspections/draw.html", context)


@login_required
def draw_file(request: Request, pk: int) -> HttpResponse:
    """The draw as a file, once the day is over."""
    row = _drawn(request, pk)
    if not seeing.told(row, timezone.now()):
        raise Http404
    shown = JsonResponse(told_of(row), json_dumps_params={"ensure_ascii": False, "indent": 1})
    shown.headers["Content-Disposition"] = f'attachment; filename="inspection-draw-{row.from_on}-{row.pk}.json"'
    return shown


def _drawn(request: Request, pk: int) -> Inspection:
    row = seeing.inspection_of(request.scope, pk)
    if not row.is_drawn:
        raise Http404
    return row


def _stratum(stratum: str, towns: dict[str, str]) -> str:
    """A stratum by its township's name."""
    first, *rest = stratum.split(" ")
    return " ".join([towns.get(first, first), *rest]) or _("不分组")
