"""The accounts of the office's ground: added to a person, given roles, a code on a slip, closed and opened."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from xiangyue.base import changes
from xiangyue.base.pages import Request
from xiangyue.base.problems import Problem
from xiangyue.base.scope import find, require
from xiangyue.people.actions import users as acts
from xiangyue.people.actions.codes import VALID, issue_code
from xiangyue.people.actions.log_in import locked_until
from xiangyue.people.forms import AddUserForm, GrantForm
from xiangyue.people.giving import GIVES, live_grants, may_give, roles_given
from xiangyue.people.models import OneTimeCode, Person, RoleGrant, User


def _users() -> QuerySet[User]:
    return User.objects.select_related("person__place", "person__organisation")


@login_required
def user(request: Request, pk: int) -> HttpResponse:
    """One account: whose it is, what it may do, how it stands."""
    row = find(_users(), request.scope, pk=pk)
    return _shown(request, row, GrantForm(request.scope))


def _shown(request: Request, row: User, form: GrantForm, status: int = 200) -> HttpResponse:
    today = timezone.localdate()
    grants = live_grants(row, today).select_related("place__township", "place__village").order_by("role", "place__path")
    listed = [
        (grant, row.pk != request.user.pk and may_give(request.scope, grant.role, grant.place.path)) for grant in grants
    ]
    mine = all(may_give(request.scope, grant.role, grant.place.path) for grant, _may in listed)
    code = OneTimeCode.objects.filter(user=row, used_at=None, expires_at__gt=timezone.now()).last()
    context = {
        "row": row,
        "grants": listed,
        "form": form,
        "may_write": bool(roles_given(request.scope)) and mine,
        "may_give": bool(roles_given(request.scope)),
        "is_self": row.pk == request.user.pk,
        "locked_until": locked_until(row.phone, now=timezone.now()),
        "code": code,
        "lines": changes.history(row)[:30],
    }
    return render(request, "people/user.html", context, status=status)


@login_required
def add_user(request: Request, pk: int) -> HttpResponse:
    """An account for a person of one's own ground."""
    person = find(Person.objects.select_related("place"), request.scope, pk=pk)
    find(Person.objects.all(), request.scope, to_write=True, pk=pk)
    require(request.scope, frozenset(GIVES), person.place.path)
    known = User.objects.filter(person=person).first()
    if known is not None:
        return redirect("people:user", known.pk)
    form = AddUserForm(request.POST or None, initial={"phone": person.phone})
    if request.method == "POST" and form.is_valid():
        try:
            row = acts.add_user(request.user, person, form.cleaned_data["phone"])
        except Problem as problem:
            form.add_error("phone", str(problem))
        else:
            messages.success(request, _("账号已建好。接着给角色，再发一次性码。"))
            return redirect("people:user", row.pk)
    return render(request, "people/add_user.html", {"form": form, "person": person})


@login_required
@require_POST
def grant(request: Request, pk: int) -> HttpResponse:
    """Give a role over a place of one's own ground."""
    row = find(_users(), request.scope, to_write=True, pk=pk)
    form = GrantForm(request.scope, request.POST)
    if form.is_valid():
        data = form.cleaned_data
        try:
            acts.grant_role(
                request.user, row, data["role"], data["place"],
                scope=request.scope, today=timezone.localdate(), to_on=data["to_on"],
            )  # fmt: skip
        except Problem as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("已给出角色，马上生效。"))
            return redirect("people:user", row.pk)
    return _shown(request, row, form, status=400)


@login_required
@require_POST
def withdraw(request: Request, pk: int) -> HttpResponse:
    """Take a role back."""
    row = find(RoleGrant.objects.select_related("place", "user"), request.scope, to_write=True, pk=pk)
    acts.withdraw_role(request.user, row, scope=request.scope, today=timezone.localdate())
    messages.success(request, _("已收回角色，马上生效。"))
    return redirect("people:user", row.user_id)


@never_cache
@login_required
@require_POST
def code(request: Request, pk: int) -> HttpResponse:
    """A fresh one-time code, shown this once as a slip to print or copy."""
    row = find(_users(), request.scope, to_write=True, pk=pk)
    text = issue_code(request.user, row, scope=request.scope, now=timezone.now())
    context = {
        "row": row,
        "code": f"{text[:4]} {text[4:]}",
        "until": timezone.localtime(timezone.now() + VALID),
        "address": request.build_absolute_uri("/")[:-1],
    }
    return render(request, "people/slip.html", context)


@login_required
@require_POST
def active(request: Request, pk: int) -> HttpResponse:
    """Close or open an account."""
    row = find(_users(), request.scope, to_write=True, pk=pk)
    opening = request.POST.get("active") == "1"
    acts.set_active(request.user, row, opening, scope=request.scope, today=timezone.localdate())
    messages.success(request, _("账号已启用。") if opening else _("账号已停用，对方下一步操作就会退出。"))
    return redirect("people:user", row.pk)


@login_required
@require_POST
def unlock(request: Request, pk: int) -> HttpResponse:
    """Free a number locked after failures."""
    row = find(_users(), request.scope, to_write=True, pk=pk)
    acts.unlock(request.user, row, scope=request.scope, today=timezone.localdate())
    messages.success(request, _("已解锁，现在就可以登录。"))
    return redirect("people:user", row.pk)


@login_required
def phone(request: Request, pk: int) -> HttpResponse:
    """Another number to log in by."""
    row = find(_users(), request.scope, to_write=True, pk=pk)
    form = AddUserForm(request.POST or None, initial={"phone": row.phone})
    if request.method == "POST" and form.is_valid():
        try:
            acts.change_phone(
                request.user, row, form.cleaned_data["phone"], scope=request.scope, today=timezone.localdate()
            )
        except Problem as problem:
            form.add_error("phone", str(problem))
        else:
            messages.success(request, _("登录手机号已改。"))
            return redirect("people:user", row.pk)
    return render(request, "people/add_user.html", {"form": form, "person": row.person, "row": row})
