"""The text of a commendation: methods written in, the words edited, approved by a second person, taken along."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xiangyue.base.pages import Request
from xiangyue.desk.showing import attachment
from xiangyue.rewards.award_models import AwardList
from xiangyue.rewards.award_views import list_of
from xiangyue.rewards.commendation_actions import approve_text, write_text
from xiangyue.rewards.showing import at, done

FIELD = "method-"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@login_required
@require_POST
def write(request: Request, pk: int) -> HttpResponse:
    """The methods of those commended, or the text itself."""
    row = list_of(request, pk, to_write=True)
    methods = {
        int(name.removeprefix(FIELD)): value
        for name, value in request.POST.items()
        if name.startswith(FIELD) and name.removeprefix(FIELD).isdigit() and isinstance(value, str)
    }

    def act() -> tuple[str, str]:
        text = "" if methods else request.POST.get("text", "")
        write_text(request.user, row, now=timezone.now(), methods=methods or None, text=text)
        return _("文稿已保存，请由另一人审批。"), at("list", pk)

    return done(request, act, at("list", pk))


@login_required
@require_POST
def approve(request: Request, pk: int) -> HttpResponse:
    """A second person approves the text."""
    row = list_of(request, pk, to_write=True)

    def act() -> tuple[str, str]:
        approve_text(request.user, row, now=timezone.now())
        return _("文稿已审批，可以公示。"), at("list", pk)

    return done(request, act, at("list", pk))


def _commendation(request: Request, pk: int) -> AwardList:
    row = list_of(request, pk)
    if row.kind != AwardList.Kind.COMMENDATION:
        raise Http404
    return row


@login_required
def document(request: Request, pk: int) -> HttpResponse:
    """The text as a Word document, to be sent on as an official paper."""
    # the library takes a while to load: only who asks for a document waits for it
    from xiangyue.rewards.commendation_file import document as made

    row = _commendation(request, pk)
    answer = HttpResponse(made(row), content_type=DOCX)
    answer.headers["Content-Disposition"] = attachment(f"{row.title}.docx")
    return answer


@login_required
def download(request: Request, pk: int) -> HttpResponse:
    """The text as a file for the county's account."""
    row = _commendation(request, pk)
    text = "\ufeff" + row.text.replace("\n", "\r\n")
    answer = HttpResponse(text, content_type="text/plain; charset=utf-8")
    answer.headers["Content-Disposition"] = attachment(f"{row.title}.txt")
    return answer
