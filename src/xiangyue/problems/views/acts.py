"""What is done to problems from their pages: steps, decisions in doubt, merges, supplies given."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xiangyue.agreements.burden import note_time
from xiangyue.base.pages import Request, typed_day
from xiangyue.base.problems import Problem as Wrong
from xiangyue.problems import access, words
from xiangyue.problems.access import REPORTERS
from xiangyue.problems.actions import stepping
from xiangyue.problems.actions.stepping import PERMITS, Taken, bearer_key
from xiangyue.problems.actions.supplying import give
from xiangyue.problems.kinds import kind_of
from xiangyue.problems.models import Problem, Step, Tier
from xiangyue.problems.showing import at, done

TO_TIER = ("transferred", "escalated")
TO_BEARER = ("assigned", "planned")


@login_required
@require_POST
def take(request: Request, pk: int) -> HttpResponse:
    """Take one step of a problem."""
    row = access.found(request.scope, pk)
    if not request.scope.roles & REPORTERS:
        raise PermissionDenied
    kind = request.POST.get("step", "")
    if kind not in PERMITS or kind in ("merged", "accepted", "declined"):
        kind = "note"

    def act() -> tuple[str, str]:
        taken = Taken(
            kind, request.POST.get("text", "")[:500], _to(request, row, kind), 0, typed_day(request.POST.get("until"))
        )
        made = stepping.take(access.actor_of(request.scope), row.pk, taken, now=timezone.now())
        note_time(request.scope.person_id, "problem_step", request.POST.get("shown", ""), now=timezone.now())
        said = _("已记下“%(step)s”，现在是“%(state)s”。")
        return said % {"step": Step.Kind(kind).label, "state": made.get_state_display()}, at("problem", row.pk)

    return done(request, act, at("problem", row.pk))


def _to(request: Request, row: Problem, kind: str) -> str:
    """The tier or bearer that the form names, where the step asks for one."""
    if kind in TO_TIER:
        tier = request.POST.get("tier", "")
        return tier if tier in Tier.values else stepping.next_tier(row.tier)
    if kind in TO_BEARER:
        code = (request.POST.get("code") or request.POST.get("bearer", "")).strip()
        if code or kind == "assigned":
            return bearer_key(code, row.place.path)
    return ""


@login_required
@require_POST
def decide(request: Request, pk: int, n: int) -> HttpResponse:
    """Say whether a step in doubt counts."""
    row = access.found(request.scope, pk)
    _office_only(request, row)

    def act() -> tuple[str, str]:
        accept = request.POST.get("answer") == "accept"
        stepping.decide(
            access.actor_of(request.scope),
            row.pk,
            n,
            accept,
            text=request.POST.get("text", "")[:500],
            now=timezone.now(),
        )
        return _("已采纳这一步。") if accept else _("没有采纳这一步，记录还在。"), at("problem", row.pk)

    return done(request, act, at("problem", row.pk))


@login_required
@require_POST
def merge(request: Request, pk: int) -> HttpResponse:
    """Let a problem stand under another."""
    row = access.found(request.scope, pk)
    _office_only(request, row)
    into = request.POST.get("into", "").lstrip("#")

    def act() -> tuple[str, str]:
        other = access.seen(request.scope).filter(pk=int(into) if into.isdigit() and len(into) < 18 else 0).first()
        if other is None:
            raise Wrong(words.SELF_MERGE, why=_("没有找到另一个问题"))
        made = stepping.merge(access.actor_of(request.scope), row.pk, other.pk, now=timezone.now())
        return _("已并入 #%s。") % other.pk, at("problem", made.pk)

    return done(request, act, at("problem", row.pk))


@login_required
@require_POST
def give_supply(request: Request, pk: int) -> HttpResponse:
    """Give some of a supply to a problem: the unit that offers it has it in hand."""
    row = access.found(request.scope, pk)
    _office_only(request, row)
    back = at("lists", tab="needs")

    def act() -> tuple[str, str]:
        code, amount = request.POST.get("supply", ""), request.POST.get("amount", "1")
        made = give(
            access.actor_of(request.scope), row.pk, int(code) if code.isdigit() else 0,
            int(amount) if amount.isdigit() and len(amount) < 7 else 1, now=timezone.now(),
        )  # fmt: skip
        return _("已对接“%(what)s”，由%(unit)s办理。") % {"what": made.what, "unit": made.organisation.name}, back

    return done(request, act, back)


def _office_only(request: Request, row: Problem) -> None:
    """Pass only who acts for the office that has it in hand; the others see it and may not."""
    kind = kind_of(row)
    if not PERMITS["accepted"](access.actor_of(request.scope), row, kind, timezone.localdate()):
        raise PermissionDenied
