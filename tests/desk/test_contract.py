"""What holds for every desk; a new desk is covered by its line in `tests/desk/data.py`."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.budgets import assert_budget
from tests.desk.data import SAMPLES, Sample
from tests.desk.sheets import confirm, errors, look, read, take_in, workbook
from xiangyue.base.models import Change
from xiangyue.desk import registry
from xiangyue.desk.declaration import Desk
from xiangyue.desk.models import Import
from xiangyue.people.grants import scope_of

if TYPE_CHECKING:
    from django.test import Client

    from tests.cast import Cast

pytestmark = pytest.mark.django_db
ALL = registry.all_desks()
each_desk = pytest.mark.parametrize("desk", ALL, ids=lambda desk: desk.name)
each_sheet = pytest.mark.parametrize(
    "desk", [desk for desk in ALL if desk.columns and desk.imports], ids=lambda d: d.name
)


def sample(desk: Desk) -> Sample:
    """The desk's line of test data."""
    assert desk.name in SAMPLES, f"add a line for {desk.name} to tests/desk/data.py"
    return SAMPLES[desk.name]


def staged(desk: Desk, cast: Cast) -> tuple[str, str]:
    """The keys of the rows on own and on other ground, which are there from now on."""
    return str(sample(desk).own(cast)), str(sample(desk).other(cast))


def address(desk: Desk, page: str = "list", *key: Any) -> str:
    """The address of one of the desk's pages."""
    return reverse(f"desk:{page}", args=(desk.name, *key))


def keys(client: Client, url: str) -> list[str]:
    """The keys of the rows that a list shows."""
    response = client.get(url)
    assert response.status_code == 200, url
    return [line.key for line in response.context["table"]["rows"]]


def sheet(file: Path, desk: Desk, *rows: dict[str, str]) -> Path:
    """A workbook of the desk with these rows, cells by column name."""
    headings = [str(column.heading) for column in desk.taken]
    return workbook(file, [headings, *([row.get(column.name) for column in desk.taken] for row in rows)])


def export(client: Client, desk: Desk, ending: str = "xlsx") -> bytes:
    """The file that the export gives."""
    response = client.get(address(desk, "export"), {"format": ending})
    assert response.status_code == 200
    return b"".join(response.streaming_content)  # type: ignore[attr-defined]


@each_desk
def test_the_list_holds_own_ground_and_no_other(desk: Desk, cast: Cast, client: Client) -> None:
    own, other = staged(desk, cast)
    client.force_login(cast.users["county_office"])
    found = keys(client, address(desk))
    assert own in found
    assert other not in found
    assert client.get(address(desk, "detail", own)).status_code == 200
    for page in ("detail", "edit"):
        assert client.get(address(desk, page, other)).status_code == 404
    client.force_login(cast.users["other_county_office"])
    found = keys(client, address(desk))
    assert other in found
    assert own not in found


@each_desk
def test_nobody_without_log_in(desk: Desk, cast: Cast, client: Client) -> None:
    own, _other = staged(desk, cast)
    for page in ("list", "create", "export", "import"):
        assert client.get(address(desk, page)).status_code == 302
    assert client.get(address(desk, "detail", own)).status_code == 302


@each_sheet
@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_export_then_import_changes_nothing(
    desk: Desk, ending: str, cast: Cast, client: Client, tmp_path: Path
) -> None:
    staged(desk, cast)
    client.force_login(cast.users["county_office"])
    file = tmp_path / f"export.{ending}"
    file.write_bytes(export(client, desk, ending))
    run = look(cast.users["county_office"], desk.name, file)
    assert run.state == Import.State.CHECKED, run.words
    assert run.counts["same"] == len(keys(client, f"{address(desk)}?size=200")) > 0, (run.counts, run.found)
    assert run.counts["add"] == run.counts["change"] == run.counts["bad"] == 0, run.found


@each_sheet
def test_an_import_takes_no_row_from_other_ground(desk: Desk, cast: Cast, client: Client, tmp_path: Path) -> None:
    staged(desk, cast)
    before = desk.model._default_manager.count()
    client.force_login(cast.users["other_county_office"])
    theirs = tmp_path / "theirs.xlsx"
    theirs.write_bytes(export(client, desk))
    for file in (theirs, sheet(tmp_path / "foreign.xlsx", desk, sample(desk).foreign)):
        run = look(cast.users["county_office"], desk.name, file)
        assert run.counts.get("add", 0) == run.counts.get("change", 0) == run.counts.get("same", 0) == 0, run.found
        assert run.counts["bad"] > 0
        assert all("辖区" in words for words in errors(run).values()), errors(run)
        confirm(run, "good")
    assert desk.model._default_manager.count() == before


@each_sheet
def test_a_new_row_is_added_once_and_its_history_shows(desk: Desk, cast: Cast, client: Client, tmp_path: Path) -> None:
    sample(desk).before(cast)
    before = desk.model._default_manager.count()
    file = sheet(tmp_path / "new.xlsx", desk, sample(desk).add)
    run = take_in(cast.users["county_office"], desk.name, file)
    assert run.state == Import.State.DONE, (run.words, run.found)
    assert desk.model._default_manager.count() == before + 1
    again = look(cast.users["county_office"], desk.name, file)
    assert again.counts == {"add": 0, "change": 0, "same": 1, "bad": 0}, again.found
    row = desk.model._default_manager.latest("pk")
    client.force_login(cast.users["county_office"])
    events = client.get(address(desk, "detail", row.pk)).context["events"]
    assert [event.what for event in events] == ["新增"]
    assert "第 2 行" in events[0].detail


@each_desk
def test_the_number_of_queries_does_not_grow_with_the_rows(desk: Desk, cast: Cast, client: Client) -> None:
    staged(desk, cast)
    client.force_login(cast.users["county_office"])
    client.get(address(desk))  # what a process keeps once, such as a scheme, is loaded
    counts = []
    for query in ({"q": sample(desk).search}, {}):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            response = client.get(address(desk), query)
        counts.append((len(queries), len(response.context["table"]["rows"])))
    (few_queries, few), (all_queries, many) = counts
    assert 0 < few < many
    assert few_queries == all_queries
    assert_budget("desk:list", all_queries)


@each_desk
def test_a_row_page_keeps_its_budget(desk: Desk, cast: Cast, client: Client) -> None:
    own, _other = staged(desk, cast)
    client.force_login(cast.users["county_office"])
    client.get(address(desk, "detail", own))
    with CaptureQueriesContext(connection) as queries:
        client.get(address(desk, "detail", own))
    assert_budget("desk:detail", len(queries))


@each_desk
def test_search_finds_and_misses(desk: Desk, cast: Cast, client: Client) -> None:
    own, _other = staged(desk, cast)
    client.force_login(cast.users["county_office"])
    assert own in keys(client, f"{address(desk)}?q={sample(desk).search}")
    assert keys(client, f"{address(desk)}?q=没有这样的东西") == []


@each_desk
def test_every_column_sorts_both_ways(desk: Desk, cast: Cast, client: Client) -> None:
    staged(desk, cast)
    client.force_login(cast.users["county_office"])
    whole = set(keys(client, address(desk)))
    for shown in desk.listed:
        if shown.sort != "-":
            for way in ("", "-"):
                assert set(keys(client, f"{address(desk)}?sort={way}{shown.lookup}")) == whole


@each_desk
def test_every_choice_of_every_filter_narrows(desk: Desk, cast: Cast, client: Client) -> None:
    staged(desk, cast)
    client.force_login(cast.users["county_office"])
    response = client.get(address(desk))
    form = response.context["filter_form"]
    everything = {str(pk) for pk in desk.seen(scope_of(cast.users["county_office"])).values_list("pk", flat=True)}
    for name, field in form.fields.items():
        for value, _label in getattr(field, "choices", ()):
            assert set(keys(client, f"{address(desk)}?{name}={value}&size=200")) <= everything
    assert (
        client.get(address(desk), {"sort": "password", "page": "99", "size": "7", "cols": "nothing"}).status_code == 200
    )


@each_sheet
def test_the_template_downloads_with_headings_and_notes(desk: Desk, cast: Cast, client: Client, tmp_path: Path) -> None:
    client.force_login(cast.users["county_office"])
    response = client.get(address(desk, "import"), {"file": "template"})
    file = tmp_path / "template.xlsx"
    file.write_bytes(b"".join(response.streaming_content))  # type: ignore[attr-defined]
    headings = [str(column.heading) for column in desk.taken]
    assert [str(cell).rstrip("*") for cell in read(str(file))[0]] == headings
    notes = read(str(file), 1)
    assert notes[0] == ["列", "必填", "怎么填", "例"]
    assert [line[0] for line in notes[1 : len(headings) + 1]] == headings
    run = look(cast.users["county_office"], desk.name, file)
    assert run.state == Import.State.REFUSED
    assert "没有数据" in run.words


@each_sheet
@pytest.mark.parametrize("mark", list("=+-@"))
def test_no_formula_gets_out(desk: Desk, mark: str, cast: Cast, client: Client, tmp_path: Path) -> None:
    evil = f"{mark}1+cmd|' /C calc'!A0"
    column = sample(desk).text
    if not column:
        pytest.skip("no free text on this desk")
    sample(desk).before(cast)
    take_in(cast.users["county_office"], desk.name, sheet(tmp_path / "x.xlsx", desk, sample(desk).add | {column: evil}))
    client.force_login(cast.users["county_office"])
    text = export(client, desk, "csv").decode("utf-8-sig")
    assert f"'{evil}" in text
    assert f",{evil}" not in text
    book = export(client, desk)
    assert evil in {cell for row in read(io.BytesIO(book)) for cell in row}
    with zipfile.ZipFile(io.BytesIO(book)) as parts:
        assert not any(b"<f>" in parts.read(name) for name in parts.namelist() if "worksheets" in name)
    back = tmp_path / "back.csv"
    back.write_text(text, encoding="utf-8-sig")
    assert look(cast.users["county_office"], desk.name, back).counts["change"] == 0


@each_desk
def test_every_export_is_logged(desk: Desk, cast: Cast, client: Client) -> None:
    staged(desk, cast)
    client.force_login(cast.users["county_office"])
    export(client, desk)
    line = Change.objects.filter(act=f"{desk.name}.exported").get()
    assert line.actor == cast.users["county_office"]
    assert line.after
    assert line.after["rows"] > 0


@each_sheet
def test_who_only_reads_neither_adds_nor_imports(desk: Desk, cast: Cast, client: Client) -> None:
    own, _other = staged(desk, cast)
    client.force_login(cast.users["auditor"])
    for page in ("create", "import"):
        assert client.get(address(desk, page)).status_code == 403
    assert client.get(address(desk, "edit", own)).status_code in (403, 404)
