"""One's own account: posts, roles, size of type, password, what is kept about me and who looked."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from xiangyue.base.dated import not_over
from xiangyue.base.models import Change
from xiangyue.base.pages import Request
from xiangyue.base.problems import Problem
from xiangyue.people.actions.users import change_password, set_large_type
from xiangyue.people.forms import ChangePasswordForm
from xiangyue.people.giving import live_grants
from xiangyue.people.models import Person, Post

LOOKED = "contact.seen"


@login_required
def account(request: Request) -> HttpResponse:
    """What I hold, what is kept about me, and who has looked at my number."""
    today = timezone.localdate()
    user = request.user
    person = Person.objects.select_related("place", "organisation", "home").filter(pk=user.person_id or 0).first()
    posts = Post.objects.filter(not_over(today), person=person).select_related("place__township")
    grants = live_grants(user, today).select_related("place__township", "place__village")
    keys = Q(table="people.person", key=str(user.person_id)) | Q(table="people.user", key=str(user.pk))
    context = {
        "person": person,
        "posts": posts.order_by("kind", "place__path") if person else (),
        "grants": grants.order_by("role", "place__path"),
        "looks": Change.objects.filter(keys, act=LOOKED).select_related("actor__person")[:50],
        "lines": Change.objects.filter(keys).exclude(act=LOOKED).select_related("actor__person")[:50],
    }
    return render(request, "people/account.html", context)


@never_cache
@login_required
@sensitive_post_parameters()
def password(request: Request) -> HttpResponse:
    """A new password; other devices are logged out."""
    form = ChangePasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            change_password(request.user, form.cleaned_data["old"], form.cleaned_data["password"])
        except Problem as problem:
            form.add_error("old", str(problem))
        else:
            update_session_auth_hash(request, request.user)
            messages.success(request, _("密码已改，其他设备上的登录已退出。"))
            return redirect("people:account")
    return render(request, "people/password.html", {"form": form})


@login_required
@require_POST
def large_type(request: Request) -> HttpResponse:
    """Keep my choice of type."""
    set_large_type(request.user, request.POST.get("large") == "1")
    return redirect("people:account")
