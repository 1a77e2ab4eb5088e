"""What is done to titles from their pages: nominate, vote, draw, propose, strike, hang, warn, take down, stock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xiangyue.base.pages import Request, said_day
from xiangyue.base.problems import Problem
from xiangyue.base.roles import OFFICES, STAFF
from xiangyue.rewards import access, honour_actions, plaque_actions
from xiangyue.rewards import honour_access as may
from xiangyue.rewards import honour_problems as problems
from xiangyue.rewards.honour_frame import Title, nominees
from xiangyue.rewards.honour_models import SEE, Held, HonourBallot, HonourLine
from xiangyue.rewards.nominating import MOST, read_lines
from xiangyue.rewards.showing import at, done

type Acts = Callable[[], tuple[str, str]]


def day_in(request: Request, name: str = "on") -> date:
    """The day sent in a form; today where none is."""
    text = request.POST.get(name, "").strip()
    try:
        found = parse_date(text) if text else timezone.localdate()
    except ValueError:
        found = None
    if found is None:
        raise Problem(problems.BAD_DAY, day=text, why=_("不是日期"))
    return found


def number_in(request: Request, name: str) -> int:
    """The whole number sent in a form; 0 where none is."""
    text = request.POST.get(name, "").strip()
    return int(text) if text.isdigit() and len(text) < 7 else 0


def _here(request: Request, title: Title) -> str:
    return at("honour", title.ground.code, title.scheme.code, title.honour.code, key=request.POST.get("key", ""))


def _title(request: Request, ground: str, scheme: str, code: str, *, to_write: bool = True) -> Title:
    return may.title_of(request.scope, ground, scheme, code, timezone.localdate(), to_write=to_write)


@login_required
@require_POST
def nominate(request: Request, ground: str, scheme: str, code: str) -> HttpResponse:
    """Put one subject forward, with a reason; or many, one a line: code and reason."""
    title = _title(request, ground, scheme, code, to_write=False)
    if not request.scope.holds(STAFF):
        raise PermissionDenied
    chosen = " ".join(request.POST.get(name, "") for name in ("place", "reason"))
    asked = read_lines(request.POST.get("lines", "").strip() or chosen, request.scope)

    def act() -> tuple[str, str]:
        if not asked:
            raise Problem(problems.NOBODY)
        rows = []
        for line in asked:
            if line.place is None:
                raise Problem(problems.NOT_FOUND, typed=line.typed[:40])
            if len(line.reason) > MOST:
                raise Problem(problems.LONG_REASON, place=line.typed[:40], n=len(line.reason), most=MOST)
            rows.append((line.place, line.reason))
        key = request.POST.get("key", "")
        made = honour_actions.nominate(request.user, title.ground, code, key, rows, now=timezone.now(), scheme=scheme)
        return _("已推荐 %s 个。") % len(made), _here(request, title)

    return done(request, act, _here(request, title))


@login_required
@require_POST
def withdraw(request: Request, pk: int) -> HttpResponse:
    """Take a nomination back."""
    row = may.nomination_of(request.scope, pk)
    back = at("honour", row.ground.code, row.scheme, row.honour, key=row.key)

    def act() -> tuple[str, str]:
        honour_actions.withdraw_nomination(request.user, row, reason=request.POST.get("reason", ""), now=timezone.now())
        return _("推荐已撤回。"), back

    return done(request, act, back)


@login_required
@require_POST
def vote(request: Request, ground: str, scheme: str, code: str) -> HttpResponse:
    """Record a ballot from its minutes."""
    title = _title(request, ground, scheme, code)
    key = request.POST.get("key", "")
    jurors = [one.strip() for one in request.POST.get("jurors", "").replace("、", "\n").splitlines() if one.strip()]

    def act() -> tuple[str, str]:
        names = nominees(title, key)
        votes = {
            one: number_in(request, f"votes-{one}") for one in names if request.POST.get(f"votes-{one}", "").strip()
        }
        row = honour_actions.record_ballot(
            request.user, title.ground, code, key, votes, held_on=day_in(request), minutes=request.POST.get("minutes", ""),
            came=number_in(request, "came"), jurors=jurors, called=number_in(request, "called"), now=timezone.now(),
            scheme=scheme,
        )  # fmt: skip
        return _("第%s轮表决已录入。可以拟定名单了。") % row.round, _here(request, title)

    return done(request, act, _here(request, title))


@login_required
@require_POST
def withdraw_vote(request: Request, pk: int) -> HttpResponse:
    """A ballot that counts no longer."""
    row = HonourBallot.objects.select_related("ground").filter(pk=pk).first()
    if row is None or not request.scope.meets(SEE, row.ground.path):
        raise Http404
    if not access.writes(request.scope, row.ground):
        raise PermissionDenied
    back = at("honour", row.ground.code, row.scheme, row.honour, key=row.key)

    def act() -> tuple[str, str]:
        honour_actions.withdraw_ballot(request.user, row, reason=request.POST.get("reason", ""), now=timezone.now())
        return _("第%s轮表决已作废。") % row.round, back

    return done(request, act, back)


@login_required
@require_POST
def draw(request: Request, ground: str, scheme: str, code: str) -> HttpResponse:
    """Draw the list of a period anew."""
    title = _title(request, ground, scheme, code)

    def act() -> tuple[str, str]:
        made = honour_actions.draw_honours(
            request.user, title.ground, code, request.POST.get("key", ""), now=timezone.now(), scheme=scheme,
            reason=request.POST.get("reason", ""),
        )  # fmt: skip
        return _("%(name)s第%(v)s版已拟定。核对后公示。") % {"name": made.title, "v": made.version}, at(
            "honour_list", made.pk
        )

    return done(request, act, _here(request, title))


@login_required
@require_POST
def propose(request: Request, pk: int) -> HttpResponse:
    """Put a list on notice."""
    row = may.list_of(request.scope, pk, to_write=True)
    back = at("honour_list", pk)

    def act() -> tuple[str, str]:
        made = honour_actions.propose_honours(request.user, row, now=timezone.now())
        assert made.publication is not None
        return _("已公示，到%s为止。") % said_day(made.publication.notice_ends_on), back

    return done(request, act, back)


@login_required
@require_POST
def strike(request: Request, pk: int) -> HttpResponse:
    """Strike one off, for an upheld objection."""
    row = may.list_of(request.scope, pk, to_write=True)
    line = HonourLine.objects.filter(list=row, pk=number_in(request, "line")).select_related("place").first()
    back = at("honour_list", pk)

    def act() -> tuple[str, str]:
        if line is None:
            raise Problem(problems.NOBODY_CHOSEN)
        made = honour_actions.strike_honour(
            request.user, line, reason=request.POST.get("reason", ""), now=timezone.now()
        )
        return _("已除名，不递补，成为第%s版；正在公示的接着公示。") % made.version, at("honour_list", made.pk)

    return done(request, act, back)


@login_required
@require_POST
def stock(request: Request, ground: str, scheme: str, code: str) -> HttpResponse:
    """Plaques bought under their numbers, or written off."""
    title = _title(request, ground, scheme, code)

    def act() -> tuple[str, str]:
        numbers = plaque_actions.numbers_in(request.POST.get("numbers", ""))
        told: dict[str, Any] = {"on": day_in(request), "today": timezone.localdate()}
        if request.POST.get("move") == "damaged":
            plaque_actions.write_off(request.user, title, numbers, note=request.POST.get("note", ""), **told)
            return _("已报损 %s 块。") % len(numbers), _here(request, title)
        made = plaque_actions.buy(request.user, title, numbers, **told)
        return _("已入库 %s 块。") % len(made), _here(request, title)

    return done(request, act, _here(request, title))


@login_required
@require_POST
def carry_out(request: Request) -> HttpResponse:
    """Hang, warn or take down what is chosen, on a day."""
    if not request.scope.holds(OFFICES):
        raise PermissionDenied
    chosen = may.held_to_write(request.scope, request.POST.getlist("chosen"))
    what, today = request.POST.get("what", ""), timezone.localdate()
    back = at("honours_due")

    def act() -> tuple[str, str]:
        told: dict[str, Any] = {"on": day_in(request), "today": today}
        if what == "warn":
            n = len(plaque_actions.warn(request.user, chosen, **told))
            return _("已登记预警 %s 个。") % n, back
        if what == "take":
            damaged = request.POST.get("damaged") == "1"
            n = len(plaque_actions.take_down(request.user, chosen, damaged=damaged, **told))
            return _("已摘牌 %s 个，牌匾已收回。") % n, back
        n = len(plaque_actions.hang(request.user, chosen, spot=request.POST.get("spot", ""), **told))
        return _("已挂牌 %s 个。") % n, back

    return done(request, act, back)


@login_required
@require_POST
def cause(request: Request, pk: int) -> HttpResponse:
    """A cause of the scheme for which a title is to be taken down."""
    may.held_to_write(request.scope, [str(pk)])
    row = Held.objects.select_related("place").get(pk=pk)
    back = at("holder", row.place.code)

    def act() -> tuple[str, str]:
        plaque_actions.end_for_cause(
            request.user, row, cause=request.POST.get("cause", ""), record=request.POST.get("record", ""),
            on=day_in(request), today=timezone.localdate(),
        )  # fmt: skip
        return _("已登记摘牌情形，请到“本月要办”摘牌。"), back

    return done(request, act, back)
