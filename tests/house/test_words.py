"""Names, docstrings and texts keep the house's habits."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.house.source import ROOT, Module, modules, tracked

NAMES = {"core", "common", "util", "utils", "helper", "helpers", "service", "services", "manager", "managers", "misc"}
# Written apart, so that this file does not hold what it looks for.
UNFINISHED = re.compile("|".join(("TO" + "DO", "FIX" + "ME", "X" + "XX", "Not" + "ImplementedError")))
# A registry's host or a machine's path ties the files to one machine.
HOSTS = re.compile("|".join(("py" + r"pi\.org", "python" + "hosted", "npm" + r"js\.(org|com)", "npm" + "mirror")))
PATHS = re.compile("/" + r"(root|home)/\w|/" + r"work/(main|shared)|/" + "opt/wheels")
BINARY = {".png", ".ico", ".xlsx", ".xls", ".woff2", ".zip", ".docx", ".pdf"}
TEXTS = [path for path in tracked() if path.suffix not in BINARY and path.name not in {"LICENSE", "package-lock.json"}]
MODULES = modules("src", "tests", "tools", "bench")


def text_of(path: Path) -> str:
    """A file's text."""
    return path.read_text(encoding="utf-8")


def matches(pattern: re.Pattern[str], paths: list[Path]) -> list[str]:
    """Where the pattern stands in these files."""
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}"
        for path in paths
        for number, line in enumerate(text_of(path).splitlines(), 1)
        if pattern.search(line)
    ]


@pytest.mark.parametrize(
    "path", sorted({part for path in tracked() for part in path.relative_to(ROOT).parents}), ids=str
)
def test_folders_are_named_for_what_they_hold(path: Path) -> None:
    assert path.name not in NAMES


def test_modules_are_named_for_what_they_hold() -> None:
    assert not [module.place for module in MODULES if module.path.stem in NAMES]


def test_nothing_is_left_unfinished() -> None:
    assert not matches(UNFINISHED, [path for path in TEXTS if path.suffix in {".py", ".html", ".js", ".css", ".toml"}])


def test_no_registry_host_and_no_machine_path() -> None:
    assert not matches(HOSTS, TEXTS)
    assert not matches(PATHS, TEXTS)


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.place)
def test_a_module_opens_with_a_sentence(module: Module) -> None:
    if not module.tree.body:
        return
    first = (ast.get_docstring(module.tree) or "").split("\n\n")[0]
    assert first, f"{module.place} has no docstring"
    assert first.rstrip().endswith((".", ":", "?", "。")), (
        f"{module.place}: its docstring does not open with a sentence"
    )


@pytest.mark.parametrize("module", [module for module in MODULES if module.room], ids=lambda module: module.place)
def test_public_functions_say_what_they_give_back(module: Module) -> None:
    silent = [
        f"{module.place}:{node.lineno} {node.name}"
        for node in module.tree.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and ast.get_docstring(node) is None
        and not any(ast.unparse(mark).endswith("overload") for mark in node.decorator_list)
    ]
    assert not silent, "\n".join(silent)


def test_chinese_texts_have_full_width_marks() -> None:
    half = re.compile("[\u4e00-\u9fff\u2030\u201d][,;][\u4e00-\u9fff\u201c]")
    shown = [path for path in TEXTS if path.suffix in {".py", ".html"} and path.is_relative_to(ROOT / "src")]
    sample = "\u793a\u4f8b,\u975e\u5b98\u65b9"
    assert not [line for line in matches(half, shown) if half.search(line.replace(sample, ""))]


def test_pages_say_their_days_in_words() -> None:
    # a form's own value is written as the browser wants it, in single quotes within its attribute
    pages = [path for path in TEXTS if path.suffix == ".html"]
    assert pages
    assert matches(re.compile(r'date:"Y-m-d'), pages) == []
