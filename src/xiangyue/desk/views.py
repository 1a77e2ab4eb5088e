"""The pages of every desk: list, detail, new and edit, bulk actions, export; imports stand in `import_views`."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from xiangyue.base.changes import log
from xiangyue.base.consequences import follow
from xiangyue.base.pages import Request
from xiangyue.base.problems import Problem
from xiangyue.base.scope import find, policy_of, visible_to
from xiangyue.base.shown import HandedIn, shown_at
from xiangyue.base.writes import alone, write
from xiangyue.desk import engine, exporting, problems, registry, showing
from xiangyue.desk.declaration import BulkAction, Desk
from xiangyue.desk.filtering import is_set
from xiangyue.desk.forms import RowForm, form_columns, kept_values, version_of
from xiangyue.desk.importer import BAD
from xiangyue.desk.listing import SIZES, Listing, is_key
from xiangyue.desk.writing import csv_lines, export_book

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CHOSEN_MOST = 1_000
EXPORT_MOST = 250_000
"""Rows of one export: as many as an import takes; a year's checks would keep the server busy for an hour."""


def seen_desk(request: Request, name: str) -> Desk:
    """The desk, for an actor who has it at all; else 403."""
    found = registry.get(name)
    if not found.may_see(request.scope):
        raise PermissionDenied
    return found


def seen_row(request: Request, desk: Desk, key: str, *, to_write: bool = False) -> Any:
    """The row of that key: unseen (or no key) 404, seen but not writable 403."""
    try:
        return find(desk.base(), request.scope, to_write=to_write, pk=key)
    except (ValueError, OverflowError, ValidationError) as error:
        raise Http404 from error


@login_required
def listing(request: Request, desk: str) -> HttpResponse:
    """The rows of the desk that the actor sees."""
    it = seen_desk(request, desk)
    found = Listing(it, request.scope, request.GET)
    context = {
        "desk": it,
        "listing": found,
        "table": showing.table(found, request.scope),
        "filter_form": found.filters.form,
        "keep": {name: request.GET[name] for name in ("sort", "size", "of") if request.GET.get(name)},
        "reset_url": request.path if is_set(it, request.GET) else "",
        "sizes": SIZES,
        "links": showing.links(it, request.scope, with_key=False),
        "may_add": it.may_add(request.scope),
        "may_import": it.may_import(request.scope),
        "crumbs": [(it.title, "")],
    }
    return render(request, "desk/list.html", context)


@login_required
def detail(request: Request, desk: str, key: str) -> HttpResponse:
    """A row with what belongs to it and its history; a POST shows its phone numbers and logs the look."""
    it = seen_desk(request, desk)
    row = seen_row(request, it, key)
    revealed = False
    if request.method == "POST":
        revealed = showing.reveal(it, request.scope, row)
    context = {
        "desk": it,
        "row": row,
        "scope": request.scope,
        **showing.detail(it, request.scope, row, revealed=revealed),
    }
    return render(request, "desk/detail.html", context)


@login_required
def edit(request: Request, desk: str, key: str = "") -> HttpResponse:
    """A new row, or a row that is changed; a change that somebody else made meanwhile is shown, not overwritten."""
    it = seen_desk(request, desk)
    if not key:
        if not it.may_add(request.scope):
            raise PermissionDenied
        row, kept = None, None
    else:
        row = seen_row(request, it, key, to_write=True)
        if not (it.columns and it.edit):
            raise PermissionDenied
        kept = kept_values(it, row.pk)
    columns = form_columns(it, adding=row is None)
    told = {} if row else {c.name: request.GET[c.name] for c in columns if c.name in request.GET}
    form = RowForm(it, request.scope, columns, kept, data=request.POST or None, initial=told)
    if request.method == "POST" and form.is_valid():
        done = save(request, it, row, form)
        if done is not None:
            mark = request.POST.get("shown", "")
            follow("form_handed_in", HandedIn(request.scope.person_id, f"desk:{it.name}", mark, timezone.now()))
            return redirect("desk:detail", it.name, done) if done else redirect("desk:list", it.name)
    title = _("新增%s") % it.title if row is None else showing.label_of(it, request.scope, row.pk)
    # a form that is shown again goes on counting from when it was first shown
    mark = request.POST.get("shown") or shown_at(timezone.now())
    context = {"desk": it, "row": row, "form": form, "title": title, "mark": mark}
    context["crumbs"] = showing.crumbs(it, row, title)
    conflict = form.is_bound and getattr(form, "conflict", None)
    return render(request, "desk/form.html", context | {"conflict": conflict}, status=409 if conflict else 200)


def save(request: Request, desk: Desk, row: Any, form: RowForm) -> Any:
    """The key of the saved row ("" where it is not known); None when the form has to be shown again."""
    with write():
        keys: dict[str, Any] = {}
        if row is not None:
            alone(f"desk {desk.name} {row.pk}")
            kept = kept_values(desk, row.pk)
            if form.cleaned_data["base"] != version_of(kept):
                form.conflict = showing.differences(desk, form, kept)  # type: ignore[attr-defined]
                form.data = form.data.copy()  # type: ignore[attr-defined]
                form.data["base"] = version_of(kept)  # type: ignore[index]
                return None
            keys = showing.keys_of(desk, kept, request.scope)
        plan = engine.save_one(desk, request.scope, form.row(keys))
    if plan.outcome == BAD:
        for error in plan.errors:
            form.add_error(None, error)
        return None
    messages.success(request, _("已保存。") if row is not None else _("已新增。"))
    return row.pk if row is not None else plan.pk or ""


@login_required
@require_POST
def bulk(request: Request, desk: str) -> HttpResponse:
    """Do something to the chosen rows, or to all that the filters leave; asked once before it is done."""
    it = seen_desk(request, desk)
    action = next((act for act in it.bulk if act.name == request.POST.get("action")), None)
    if action is None:
        raise Http404
    if not request.scope.holds(action.roles):
        raise PermissionDenied
    params = showing.query_of(request.POST.get("query", ""))
    found = Listing(it, request.scope, params)
    chosen = request.POST.getlist("chosen")[:CHOSEN_MOST]
    rows = visible_to(found.rows, request.scope, to_write=True)
    if request.POST.get("all") != "yes":
        rows = rows.filter(pk__in=[key for key in chosen if is_key(key)])
    if action.confirm and request.POST.get("sure") != "yes":
        context = {
            "desk": it, "action": action, "chosen": chosen, "query": request.POST.get("query", ""),
            "count": found.count, "crumbs": showing.crumbs(it, None, str(action.label)),
            "n_all": visible_to(found.rows, request.scope, to_write=True).count(),
        }  # fmt: skip
        return render(request, "desk/bulk.html", context)
    n = do_bulk(request, action, rows)
    messages.success(request, _("%(action)s：已处理 %(n)s 条。") % {"action": action.label, "n": n})
    return redirect(f"{reverse('desk:list', args=(it.name,))}?{params.urlencode()}")


def do_bulk(request: Request, action: BulkAction, rows: Any) -> int:
    """How many rows the action changed, in one transaction."""
    with write():
        keys = rows.values("pk")
        return action.function(request.scope, rows.model._default_manager.filter(pk__in=keys))


@login_required
def export(request: Request, desk: str) -> HttpResponse | StreamingHttpResponse | FileResponse:
    """The rows that the filters leave, as a workbook or CSV; each export is logged."""
    it = seen_desk(request, desk)
    if not it.exports:
        raise PermissionDenied
    found = Listing(it, request.scope, request.GET)
    n = found.rows.count()
    if n > EXPORT_MOST:
        raise Problem(problems.EXPORT_TOO_BIG, n=f"{n:,}", most=f"{EXPORT_MOST:,}")
    log(
        request.user.pk, f"{it.name}.exported", (it.table, "*"),
        path=next(iter(request.scope.paths(policy_of(it.model).see)), ""),
        after={"rows": n, "filters": exporting.told_filters(request.GET)},
    )  # fmt: skip
    heads, rows = exporting.headings(it), exporting.out_rows(it, request.scope, found.rows, found.order)
    today = timezone.localdate()
    if request.GET.get("format") == "csv":
        stream = StreamingHttpResponse(csv_lines(heads, rows), content_type="text/csv; charset=utf-8")
        stream.headers["Content-Disposition"] = showing.attachment(exporting.file_name(it, today, "csv"))
        return stream
    book = export_book(str(it.title), heads, rows, exporting.widths(it))
    return FileResponse(book, as_attachment=True, filename=exporting.file_name(it, today, "xlsx"), content_type=XLSX)
