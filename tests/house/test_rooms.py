"""Imports point down: a room imports what stands below it, never above, and the pure rooms stay pure."""

from __future__ import annotations

import sys
import tomllib

import pytest

from tests.house.source import PACKAGE, ROOT, Module, imported, modules

CONTRACT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"][0]
ORDER = [layer.strip("()") for layer in CONTRACT["layers"]]
ROOMS = sorted(path.name for path in PACKAGE.iterdir() if (path / "__init__.py").exists())
FORBIDDEN = {
    "django.contrib.admin": "people work on the desks, behind one permission door",
    "django.db.models.signals": "what follows from what stands in site/consequences.py",
    "django.dispatch": "what follows from what stands in site/consequences.py",
}


def ours(module: Module) -> set[str]:
    """The rooms a module imports from."""
    return {name.split(".")[1] for name in imported(module) if name.startswith("xiangyue.")} & set(ORDER)


def test_the_test_sees_imports() -> None:
    seen = {name for module in modules("src") for name in imported(module)}
    assert any(name.startswith("django.") for name in seen)
    assert any(name.startswith("xiangyue.rules.") for name in seen)


@pytest.mark.parametrize("room", ROOMS)
def test_every_room_has_its_place_in_the_order(room: str) -> None:
    assert room in ORDER, f"put {room} into the layers of pyproject.toml, where design and ARCHITECTURE.md have it"


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_what_stands_below(room: str) -> None:
    allowed = set(ORDER[ORDER.index(room) :])
    upward = [
        f"{module.place} imports {above}"
        for module in modules("src", migrations=True)
        if module.room == room
        for above in sorted(ours(module) - allowed)
    ]
    assert not upward, "\n".join(upward)


def test_rules_import_the_standard_library_only() -> None:
    foreign = [
        f"{module.place} imports {name}"
        for module in modules("src")
        if module.room == "rules"
        for name in imported(module)
        if (top := name.split(".")[0]) not in sys.stdlib_module_names and top != "xiangyue"
    ]
    assert not foreign, "\n".join(foreign)


def test_schemes_know_no_django() -> None:
    foreign = [
        module.place
        for module in modules("src")
        if module.room == "schemes" and any(name.split(".")[0] == "django" for name in imported(module))
    ]
    assert not foreign


@pytest.mark.parametrize("name", FORBIDDEN)
def test_nothing_imports(name: str) -> None:
    found = [
        module.place
        for module in modules("src")
        if any(used == name or used.startswith(f"{name}.") for used in imported(module))
    ]
    assert not found, FORBIDDEN[name]
