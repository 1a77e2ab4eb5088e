"""What is public is written down: settings, commands, rules, import columns; and every link leads somewhere."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from django.urls import Resolver404, resolve

from tests.house.source import ROOT, modules, tracked
from tools import make_docs
from xiangyue.site.cli import main as command_line

MEND = "run `make docs` and commit what it wrote"
PAGES = [path for path in tracked() if path.suffix == ".md"]
LINK = re.compile(r"(?<!!)\[[^\]\n]*\]\((?P<to>[^)\s]+)\)")
FENCE = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
SETTING = re.compile(r"^(XIANGYUE_[A-Z_]+|DATABASE_URL)$")
SETTINGS = ROOT / "docs" / "guide" / "settings.md"
WITHOUT_PAGE = {"__init__", "numbers", "quotes", "settings"}
"""Rules modules that are no rules: rounding, quotes, and the scheme's settings, which docs/formats/scheme.md describes."""


def read(path: Path) -> str:
    """A page's text."""
    return path.read_text(encoding="utf-8")


def anchors(page: Path) -> set[str]:
    """The headings of a page as GitHub names them in links."""
    found = re.findall(r"^#{1,6} +(.+?) *$", FENCE.sub("", read(page)), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in found}


def links(page: Path) -> Iterator[str]:
    """The targets of a page's links that stay in the repository."""
    for match in LINK.finditer(FENCE.sub("", read(page))):
        if not re.match(r"[a-z]+:", match["to"]):
            yield match["to"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    for link in links(page):
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        assert target.exists(), f"{page.relative_to(ROOT)}: {link}"
        if anchor:
            assert anchor in anchors(target), f"{page.relative_to(ROOT)}: {link}: no such heading"


NAMED = re.compile(r"`(/[^` ]*)`")
STANDS_FOR = re.compile(r"<[^>]*>|…")


@pytest.mark.parametrize("page", [page for page in PAGES if "docs" in page.parts], ids=lambda page: page.name)
def test_every_address_leads_to_a_page(page: Path) -> None:
    for path in NAMED.findall(read(page)):
        plain = STANDS_FOR.sub("1", path.partition("?")[0])
        assert leads(plain), f"{page.relative_to(ROOT)}: {path}"


def leads(path: str) -> bool:
    """Whether the software answers at that address."""
    try:
        resolve(path)
    except Resolver404:
        return False
    return True


def settings_read() -> set[str]:
    """The names in the environment that the code asks for: whole string constants that look like one."""
    return {
        node.value
        for module in modules("src")
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and SETTING.match(node.value)
    }


def test_every_setting_is_documented_and_every_documented_one_is_read() -> None:
    documented = set(re.findall(r"^\| `([A-Z_]+)` \|", read(SETTINGS), re.MULTILINE))
    assert documented == settings_read()


def test_every_command_and_option_is_documented() -> None:
    page = ROOT / "docs" / "guide" / "commands.md"
    text = read(page)
    names = [name for name, _ in make_docs.walk(command_line, "xiangyue")]
    assert len(names) > 1
    assert [name for name in names if f"### {name}\n" not in text] == [], MEND
    assert make_docs.remade(text) == text, MEND


def test_every_command_and_option_explains_itself() -> None:
    silent = [
        f"{name} {parameter.name}"
        for name, context in make_docs.walk(command_line, "xiangyue")
        for parameter in context.command.params
        if isinstance(parameter, click.Option) and not parameter.help
    ]
    silent += [name for name, context in make_docs.walk(command_line, "xiangyue") if not context.command.help]
    assert not silent


RULES = sorted(
    {m.path.stem for m in modules("src") if m.room == "rules" and m.path.parent.name == "rules"} - WITHOUT_PAGE
)


@pytest.mark.parametrize("rule", RULES, ids=str)
def test_every_rule_has_its_page(rule: str) -> None:
    named = re.compile(rf"\brules[./]{rule}\b")
    assert any(named.search(read(page)) for page in (ROOT / "docs" / "rules").glob("*.md")), (
        f"no page in docs/rules names `rules.{rule}`"
    )


def test_every_import_column_is_documented() -> None:
    text = read(ROOT / "docs" / "formats" / "import.md")
    for desk in make_docs.all_desks():
        section = re.search(rf"^### {re.escape(desk.name)}$(.*?)(?=^### |\Z)", text, re.DOTALL | re.MULTILINE)
        assert section, f"{desk.name}: {MEND}"
        headings = [make_docs.cell(column.heading) for column in desk.taken]
        assert [heading for heading in headings if f"| {heading} |" not in section[1]] == [], f"{desk.name}: {MEND}"
    assert "<!-- made: desks -->" in text
    assert make_docs.remade(text) == text, MEND


def test_a_setting_of_another_form_is_not_taken_for_one() -> None:
    assert SETTING.match("XIANGYUE_DATA")
    assert not SETTING.match("XIANGYUE_DATA (default ./data)")
