"""The notice of a closing with its list of objections, and adjustments entered by the office."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from xiangyue.base.pages import Request
from xiangyue.base.problems import Problem
from xiangyue.base.roles import OFFICES, STAFF, Role
from xiangyue.base.scope import below, find
from xiangyue.places.models import Place
from xiangyue.standings import access
from xiangyue.standings.actions.adjusting import adjust, withdraw_adjustment
from xiangyue.standings.actions.objections import answer_objection, record_objection
from xiangyue.standings.figures import composites_of
from xiangyue.standings.models import Adjustment, Closing, Objection, Period
from xiangyue.standings.views.shown import at, crumbs, name_of, state_of

READS = STAFF | {Role.AUDITOR}


class ObjectionForm(forms.Form):
    """An objection taken down at the counter."""

    subject = forms.CharField(label=_("对象编码"), max_length=24, help_text=_("村的12位编码，或农户编码"))
    by_name = forms.CharField(label=_("提出人"), max_length=40)
    text = forms.CharField(label=_("异议内容"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class AdjustmentForm(forms.Form):
    """A named, signed change to a result."""

    composite = forms.ChoiceField(label=_("考核"))
    subject = forms.CharField(label=_("对象编码"), max_length=24)
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
def notice(request: Request, pk: int) -> HttpResponse:
    """The notice of a period's newest version: until when, what was objected, how it was answered."""
    period = access.period_of(request.scope, pk)
    if not request.scope.holds(READS):
        raise PermissionDenied
    closing = access.version_of(period)
    if closing is None:
        raise Http404
    form = ObjectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _record(request, period, closing, form):
        return redirect(at("notice", pk))
    mine = below("subject__path", request.scope.paths(READS))
    rows = Objection.objects.filter(mine, closing__period=period).select_related(
        "subject", "closing", "answered_by__person"
    )
    today = timezone.localdate()
    context = {
        "period": period,
        "closing": closing,
        "name": name_of(period),
        "state": state_of(closing),
        "objections": rows,
        "form": form,
        "open": closing.state == "proposed" and closing.notice_ends_on is not None and today <= closing.notice_ends_on,
        "may_answer": access.may_close(request.scope, period.ground),
        "may_record": request.scope.holds(STAFF),
        "crumbs": crumbs((name_of(period), at("period", pk)), (str(_("公示与异议")), "")),
        "ground_name": period.ground.name,
    }
    return render(request, "standings/notice.html", context)


def _record(request: Request, period: Period, closing: Closing, form: ObjectionForm) -> bool:
    told = form.cleaned_data
    subject = Place.objects.filter(code=told["subject"]).first()
    if subject is None or not subject.path.startswith(period.ground.path):
        form.add_error("subject", _("本辖区没有这个编码。请核对后重填。"))
        return False
    if not request.scope.holds(STAFF, subject.path):
        raise PermissionDenied
    try:
        record_objection(
            request.user, closing, subject, text=told["text"], by_name=told["by_name"], today=timezone.localdate()
        )
    except Problem as problem:
        form.add_error(None, f"{problem.words}{problem.mend}")
        return False
    messages.success(request, _("异议已登记，答复前榜单不会生效。"))
    return True


@login_required
@require_POST
def answer(request: Request, pk: int) -> HttpResponse:
    """An objection is answered."""
    objection = find(Objection.objects.select_related("closing__period__ground"), request.scope, pk=pk)
    if not access.may_close(request.scope, objection.closing.period.ground):
        raise PermissionDenied
    try:
        upheld = request.POST.get("upheld") == "1"
        answer_objection(
            request.user, objection, upheld=upheld, answer=request.POST.get("answer", ""), now=timezone.now()
        )
        messages.success(request, _("已答复。"))
    except Problem as problem:
        messages.error(request, f"{problem.words}{problem.mend}")
    return redirect(at("notice", objection.closing.period_id))


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
    subject = Place.objects.filter(code=told["subject"]).first()
    if subject is None or not subject.path.startswith(period.ground.path):
        form.add_error("subject", _("本辖区没有这个编码。请核对后重填。"))
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
