"""What the desk's pages show, put together for their templates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.http import QueryDict
from django.urls import reverse
from django.utils.http import content_disposition_header, urlencode
from django.utils.translation import gettext as _

from xiangyue.base.changes import log
from xiangyue.base.scope import Scope, policy_of, visible_to
from xiangyue.desk import filtering, registry
from xiangyue.desk.converting import converter
from xiangyue.desk.declaration import Column, Desk, Kind, Related, Table
from xiangyue.desk.forms import RowForm, initial_of
from xiangyue.desk.happened import events
from xiangyue.desk.listing import Listing, related_lines, shown_cell, told
from xiangyue.desk.personal import Eyes
from xiangyue.desk.shapes import Cell, Head, Line

RELATED_MOST = 8


@dataclass(frozen=True, slots=True)
class Way:
    """A button to a page of the room's own."""

    label: Any
    url: str
    icon: str


@dataclass(frozen=True, slots=True)
class Block:
    """Related rows as the detail page shows them."""

    title: Any
    table: dict[str, Any]
    url: str = ""
    add_url: str = ""


def table(found: Listing, scope: Scope) -> dict[str, Any]:
    """The list as the table template takes it."""
    desk = found.desk
    actions = [
        {"name": act.name, "label": act.label, "icon": act.icon, "tone": act.tone}
        for act in desk.bulk
        if scope.holds(act.roles)
    ]
    return {
        "caption": desk.title,
        "columns": found.heads(),
        "rows": found.lines(),
        "bulk": actions,
        "bulk_url": reverse("desk:bulk", args=(desk.name,)),
        "extra": {"query": found.params.urlencode()},
        "page": found.page(),
        "fold": True,
        "empty": empty(found, scope),
    }


def empty(found: Listing, scope: Scope) -> dict[str, Any]:
    """What stands where there are no rows."""
    desk = found.desk
    if filtering.is_set(desk, found.params):
        return {"title": _("没有符合条件的%s") % desk.title, "words": _("换个条件再查，或清除筛选。")}
    words = desk.empty or _("登记以后，这里会一条条列出来。")
    if desk.may_import(scope):
        url = reverse("desk:import", args=(desk.name,))
        return {"title": _("还没有%s") % desk.title, "words": words, "url": url, "label": _("从 Excel 导入")}
    return {"title": _("还没有%s") % desk.title, "words": words}


def links(desk: Desk, scope: Scope, *, with_key: bool, key: Any = None) -> list[Way]:
    """The room's own buttons that this actor gets."""
    return [
        Way(link.label, reverse(link.url_name, args=(key,) if with_key else ()), link.icon)
        for link in desk.links
        if link.with_key == with_key and scope.holds(link.roles)
    ]


def label_of(desk: Desk, scope: Scope, key: Any) -> str:
    """What the row is called, as the actor may read it."""
    label, path = desk.base().filter(pk=key).values_list(desk.label, policy_of(desk.model).path or "pk").get()
    mask = next((c.mask for c in desk.columns if c.lookup == desk.label), "")
    return str(Eyes(desk, scope).shown(mask, label, path) or _("（没有名称）"))


def crumbs(desk: Desk, row: Model | None, title: str) -> list[tuple[Any, str]]:
    """Where the page stands."""
    found: list[tuple[Any, str]] = [(desk.title, reverse("desk:list", args=(desk.name,)))]
    if row is not None:
        found.append((title, reverse("desk:detail", args=(desk.name, row.pk))))
        return [*found, (_("修改"), "")]
    return [*found, (title, "")]


def reveal(desk: Desk, scope: Scope, row: Model) -> bool:
    """Whether phone numbers may be shown to the actor; the look is logged."""
    path = path_of(desk, row.pk)
    if not Eyes(desk, scope).clear("phone", path):
        return False
    log(scope.user_id, "contact.seen", (desk.table, str(row.pk)), path=path)
    return True


def path_of(desk: Desk, key: Any) -> str:
    """Where a row stands."""
    path = policy_of(desk.model).path
    return str(desk.model._default_manager.filter(pk=key).values_list(path, flat=True).get() or "") if path else ""


def detail(desk: Desk, scope: Scope, row: Model, *, revealed: bool) -> dict[str, Any]:
    """Facts, related blocks and history of a row."""
    writes = visible_to(desk.model._default_manager.filter(pk=row.pk), scope, to_write=True).exists()
    title = label_of(desk, scope, row.pk)
    facts, hidden = facts_of(desk, scope, row.pk, revealed=revealed)
    return {
        "title": title,
        "crumbs": [(desk.title, reverse("desk:list", args=(desk.name,))), (title, "")],
        "facts": facts,
        "hidden": hidden,
        "blocks": [block for related in desk.related if (block := _block(related, scope, row))],
        "events": events(desk, row.pk),
        "may_edit": writes and bool(desk.columns) and desk.edit,
        "links": links(desk, scope, with_key=True, key=row.pk),
    }


def facts_of(desk: Desk, scope: Scope, key: Any, *, revealed: bool) -> tuple[list[tuple[Any, Cell]], bool]:
    """Heading and value of everything on file about a row, and whether a phone could be shown on request."""
    listed = {shown.lookup: shown for shown in desk.listed}
    extra = [c for c in desk.columns if c.exported and c.told and c.lookup not in listed]
    extra = [c for c in extra if str(c.heading) not in {str(s.heading) for s in desk.listed}]
    path = policy_of(desk.model).path or "pk"
    lookups = [*listed, *(column.lookup for column in extra)]
    where, *values = desk.base().filter(pk=key).values_list(path, *lookups).get()
    eyes = Eyes(desk, scope)
    found: list[tuple[Any, Cell]] = []
    hidden = False
    for lookup, value in zip(lookups, values, strict=True):
        shown = listed.get(lookup)
        mask = shown.mask if shown else next(c.mask for c in extra if c.lookup == lookup)
        hidden = hidden or (mask == "phone" and bool(value) and eyes.clear("phone", where) and not revealed)
        if mask:
            cell = Cell(eyes.shown(mask, value, where, revealed=revealed) or None)
        elif shown:
            cell = shown_cell(shown, eyes, where, value)
        else:
            cell = Cell(_fact(next(c for c in extra if c.lookup == lookup), value))
        heading = shown.heading if shown else next(c.heading for c in extra if c.lookup == lookup)
        found.append((heading, cell))
    return found, hidden


def _fact(column: Column, value: Any) -> Any:
    if column.choices:
        return dict(column.choices).get(value, value)
    if column.kind == Kind.YES:
        return _("是") if value else _("否")
    return told({Kind.DATE: "date", Kind.WHOLE: "number"}.get(column.kind, "text"), value)


def _block(related: Related, scope: Scope, row: Model) -> Block | None:
    if related.function:
        made = related.function(scope, row)
        return Block(related.title, _made_table(made), made.more)
    if not registry.known(related.desk):
        return None
    desk = registry.get(related.desk)
    if not desk.may_see(scope):
        return None
    lines, more, url = related_lines(desk, scope, related.lookup, row.pk, RELATED_MOST)
    heads = [Head(s.heading, "number" if s.kind in ("number", "score") else "") for s in desk.listed if s.first]
    table = {
        "columns": heads,
        "rows": lines,
        "fold": True,
        "empty": {"title": _("还没有%s") % related.title, "words": " "},
    }
    add_url = _adding(desk, related.lookup, row) if desk.may_add(scope) else ""
    return Block(related.title, table, url if more or lines else "", add_url)


def _adding(desk: Desk, lookup: str, row: Model) -> str:
    """The form of a new row that belongs to this one, which stands in it already."""
    column = next((c for c in desk.taken if c.ref and c.lookup.startswith(f"{lookup}__")), None)
    if column is None or column.ref is None:
        return ""
    code = column.ref.model._default_manager.filter(pk=row.pk).values_list(column.ref.code, flat=True).first()
    return f"{reverse('desk:create', args=(desk.name,))}?{urlencode({column.name: code})}" if code else ""


def _made_table(made: Table) -> dict[str, Any]:
    urls = [*made.urls, *[""] * len(made.rows)]
    rows = [
        Line([value if isinstance(value, Cell) else Cell(value) for value in row], url)
        for url, row in zip(urls, made.rows, strict=False)
    ]
    heads = [Head(heading) for heading in made.headings]
    return {"columns": heads, "rows": rows, "fold": True, "empty": {"title": made.empty or _("还没有"), "words": " "}}


def keys_of(desk: Desk, kept: dict[str, Any], scope: Scope) -> dict[str, Any]:
    """The values that say which row is edited, as an import would read them."""
    found = {}
    for column in desk.taken:
        value = kept.get(column.name) if column.key or column.once else None
        if value not in (None, ""):
            found[column.name] = converter(column, scope)(_("是") if value is True else value)
    return found


def differences(desk: Desk, form: RowForm, kept: dict[str, Any]) -> list[tuple[Any, Any, Any]]:
    """Heading, what is on file now, what was typed: of the fields in which they differ."""
    found = []
    for column in form.columns:
        typed = form.cleaned_data.get(column.name, "")
        now = initial_of(column, kept.get(column.name), in_clear=form.in_clear)
        if str(typed) != str(now):
            found.append((column.heading, now, typed))
    return found


def query_of(text: str) -> QueryDict:
    """The list's parameters that a bulk action came with."""
    return QueryDict(text[:2000])


def attachment(name: str) -> str:
    """The header that names a download."""
    return content_disposition_header(True, name) or "attachment"
