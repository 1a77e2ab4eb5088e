"""Adjustments entered by the office, named and signed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from xiangyue.base.pages import Request
from xiangyue.base.problems import Problem
from xiangyue.base.roles import OFFICES, STAFF, Role
from xiangyue.base.scope import below, find
from xiangyue.places.meant import named
from xiangyue.standings import access
from xiangyue.standings.actions.adjusting import adjust, withdraw_adjustment
from xiangyue.standings.figures import composites_of
from xiangyue.standings.models import Adjustment, Period
from xiangyue.standings.views.shown import at, crumbs, name_of

READS = STAFF | {Role.AUDITOR}


class AdjustmentForm(forms.Form):
    """A named, signed change to a result."""

    composite = forms.ChoiceField(label=_("考核"))
    subject = forms.CharField(
        label=_("对象"), max_length=60, help_text=_("村写村名，农户写村名和门牌，如“桃花村 3号”；也可以写编码")
    )
    amount = forms.DecimalField(
        label=_("分值"),
        max_digits=5,
        decimal_places=2,
        min_value=-100,
        max_value=100,
        help_text=_("加分写正数，扣分写负数"),
    )
    name = forms.CharField(label=_("事由"), max_length=60)
    reason = forms.CharField(label=_("依据"), max_length=200, help_text=_("文件、记录或会议的名称和日期"))

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["composite"].choices = choices  # type: ignore[attr-defined]


@login_required
def adjustments(request: Request, pk: int) -> HttpResponse:
    """The adjustments of a period, and the form for one more."""
    period = access.period_of(request.scope, pk)
    if not request.scope.holds(READS):
        raise PermissionDenied
    closing = access.version_of(period)
    choices = [(c.code, c.name) for c in composites_of(period, closing)]
    form = AdjustmentForm(request.POST or None, choices=choices)
    if request.method == "POST" and form.is_valid() and _adjust(request, period, form):
        return redirect(at("adjustments", pk))
    mine = below("subject__path", request.scope.paths(READS))
    rows = Adjustment.objects.filter(mine, period=period).select_related("subject", "created_by__person")
    context = {
        "period": period,
        "name": name_of(period),
        "closing": closing,
        "rows": [(row, dict(choices).get(row.composite, row.composite)) for row in rows.order_by("-pk")[:500]],
        "form": form,
        "may_write": request.scope.holds(OFFICES),
        "crumbs": crumbs((name_of(period), at("period", pk)), (str(_("加减分")), "")),
        "ground_name": period.ground.name,
    }
    return render(request, "standings/adjustments.html", context)


def _adjust(request: Request, period: Period, form: AdjustmentForm) -> bool:
    told = form.cleaned_data
    subject = named(told["subject"], (period.ground.path,))
    if subject is None:
        form.add_error("subject", _("本辖区没有找到它。请写村名，农户写村名加门牌（如“桃花村 3号”），或写编码。"))
        return False
    if not request.scope.holds(OFFICES, subject.path):
        raise PermissionDenied
    amount = int(told["amount"] * 100)
    if amount == 0:
        form.add_error("amount", _("分值不能是0。请写要加或要减的分。"))
        return False
    try:
        adjust(
            request.user, period, told["composite"], subject, amount=amount, name=told["name"], reason=told["reason"],
            on=timezone.localdate(), now=timezone.now(),
        )  # fmt: skip
    except Problem as problem:
        form.add_error(None, f"{problem.words}{problem.mend}")
        return False
    messages.success(request, _("已登记。"))
    return True


@login_required
@require_POST
def withdraw(request: Request, pk: int) -> HttpResponse:
    """An adjustment is withdrawn; it stays on file."""
    row = find(Adjustment.objects.all(), request.scope, to_write=True, pk=pk)
    try:
        withdraw_adjustment(request.user, row, now=timezone.now(), reason=request.POST.get("reason", ""))
        messages.success(request, _("已撤销。"))
    except Problem as problem:
        messages.error(request, f"{problem.words}{problem.mend}")
    return redirect(at("adjustments", row.period_id))
