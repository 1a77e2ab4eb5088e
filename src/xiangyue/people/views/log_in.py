"""Logging in and out, and the first log-in by a one-time code."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth import login as begin_session
from django.contrib.auth import logout as end_session
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from xiangyue.base.pages import Request
from xiangyue.base.problems import Problem
from xiangyue.base.roles import Role
from xiangyue.people.actions.codes import check_code, use_code
from xiangyue.people.actions.log_in import check_log_in
from xiangyue.people.addresses import client_address
from xiangyue.people.forms import CodeForm, LogInForm, NewPasswordForm
from xiangyue.people.grants import scope_of
from xiangyue.people.models import User

BACKEND = "django.contrib.auth.backends.ModelBackend"
CHECKED = "checked_code"
TIME_TO_SET = timedelta(minutes=15)


@never_cache
@sensitive_post_parameters("password")
def login(request: Request) -> HttpResponse:
    """Log in by phone number and password."""
    if request.user.is_authenticated:
        return redirect(after_log_in(request, request.user))
    form = LogInForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            told = form.cleaned_data
            user = check_log_in(told["phone"], told["password"], now=timezone.now(), address=client_address(request))
        except Problem as problem:
            form.add_error(None, str(problem))
            status = problem.kind.status
        else:
            begin_session(request, user, backend=BACKEND)
            return redirect(after_log_in(request, user))
    context = {"form": form, "next": request.GET.get("next", request.POST.get("next", ""))}
    return render(request, "people/login.html", context, status=status)


@require_POST
def logout(request: Request) -> HttpResponse:
    """End the session."""
    end_session(request)
    return redirect("login")


@never_cache
@sensitive_post_parameters("code")
def first_login(request: Request) -> HttpResponse:
    """The first step of a first log-in: phone number and the code on the slip."""
    form = CodeForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            told = form.cleaned_data
            row = check_code(told["phone"], told["code"], now=timezone.now(), address=client_address(request))
        except Problem as problem:
            form.add_error(None, str(problem))
            status = problem.kind.status
        else:
            end_session(request)
            request.session[CHECKED] = {"code": row.pk, "at": timezone.now().timestamp()}
            return redirect("set_password")
    return render(request, "people/first_login.html", {"form": form}, status=status)


@never_cache
@sensitive_post_parameters()
def set_password(request: Request) -> HttpResponse:
    """The second step: a password of one's own, and in."""
    checked = request.session.get(CHECKED)
    now = timezone.now()
    if not checked or now.timestamp() - checked["at"] > TIME_TO_SET.total_seconds():
        return redirect("first_login")
    form = NewPasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        del request.session[CHECKED]
        user = use_code(checked["code"], form.cleaned_data["password"], now=now)
        begin_session(request, user, backend=BACKEND)
        return redirect(after_log_in(request, user))
    return render(request, "people/set_password.html", {"form": form})


def after_log_in(request: Request, user: User) -> str:
    """Where the person wanted to go, else the day's work: a bearer's households, or the office's home."""
    wanted = request.POST.get("next", request.GET.get("next", ""))
    if url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return str(wanted)
    if scope_of(user).roles == {Role.BEARER.value}:
        try:
            return reverse("field:today")
        except NoReverseMatch:
            pass
    return reverse("home")
