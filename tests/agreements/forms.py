"""Filling in a scheme's forms as a browser does: every control of the page is posted, changed or not."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from xiangyue.agreements.editing import Sheet, sheet_of
from xiangyue.agreements.models import SchemeVersion
from xiangyue.agreements.tree import raw_of, read_text, steps_of
from xiangyue.rules.settings import Scheme

type Said = Mapping[str, str | list[str]]


def sheet_at(scheme: Scheme, at: str, adding: str = "") -> Sheet:
    """The page for a place."""
    sheet = sheet_of(scheme, raw_of(scheme), steps_of(at), adding)
    assert sheet is not None, at
    return sheet


def posted(sheet: Sheet, said: Said) -> QueryDict:
    """What the browser posts for a page, some of its fields changed; a field that is not there can't be changed."""
    query = QueryDict(mutable=True)
    for block in sheet.blocks:
        if block.is_optional:
            query.setlist(block.at, ["0", "1"] if said.get(block.at, "1" if block.is_there else "") else ["0"])
    for one in sheet.inputs:
        if one.slot.kind == "picks":
            query.setlist(one.key, ["", *one.chosen])
        elif one.slot.kind == "yes":
            query.setlist(one.key, ["0", "1"] if one.value else ["0"])
        else:
            query[one.key] = one.value
    known = {one.key for one in sheet.inputs} | {block.at for block in sheet.blocks if block.is_optional}
    for key, value in said.items():
        assert key in known, f"{key} is not on the page: {sorted(known)}"
        if key in query and not any(block.at == key for block in sheet.blocks):
            query.setlist(key, value if isinstance(value, list) else [value])
    return query


def fill(
    client: Client, draft: SchemeVersion, at: str, said: Said | None = None, *, do: str = "", adding: str = ""
) -> str:
    """Post a page of the draft's form; gives the place that it leads to. Fails when the page refuses what was typed."""
    draft.refresh_from_db()
    sheet = sheet_at(read_text(draft.text).scheme, at, adding)
    query = posted(sheet, said or {})
    for name, value in (("base", draft.digest), ("at", at), ("add", adding), ("do", do)):
        query[name] = value
    response = client.post(
        reverse("agreements:form", args=[draft.pk]), query.urlencode(), content_type="application/x-www-form-urlencoded"
    )
    if response.status_code != 302:
        wrong = [(one.key, one.error) for one in response.context["sheet"].inputs if one.error]
        raise AssertionError((at, wrong, response.context["errors"]))
    draft.refresh_from_db()
    return str(response.headers["Location"])


def add_line(client: Client, draft: SchemeVersion, at: str, where: str, said: Mapping[str, str | list[str]]) -> None:
    """Add a row to a list that is edited in place: the empty row is asked for, then filled in."""
    fill(client, draft, at, do=f"add:{where}")
    n = where_count(draft, where)
    fill(client, draft, at, {f"{where}[{n}].{name}": value for name, value in said.items()}, adding=where)
    assert where_count(draft, where) == n + 1, where


def add_page(client: Client, draft: SchemeVersion, at: str, where: str, said: Mapping[str, str | list[str]]) -> str:
    """Add a row that has a page of its own; gives its place."""
    fill(client, draft, at, do=f"new:{where}")
    place = f"{where}[{where_count(draft, where)}]"
    fill(client, draft, place, {f"{place}.{name}": value for name, value in said.items()})
    return place


def where_count(draft: SchemeVersion, where: str) -> int:
    """How many rows a list of the draft has."""
    row: object = read_text(draft.text).scheme
    for step in steps_of(where):
        row = row[step] if isinstance(step, int) and isinstance(row, tuple) else getattr(row, str(step))
    assert isinstance(row, tuple)
    return len(row)
