"""The locks are fresh, whole and tied to no host."""

from __future__ import annotations

import importlib.metadata
import json
import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import NormalizedName, canonicalize_name
from packaging.version import Version

from tests.house.source import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LINE = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^ ;\\]+)(?: ; (?P<marker>[^\\]+?))? *\\?$", re.MULTILINE)
RUNTIME = ROOT / "requirements.txt"
WHOLE = ROOT / "requirements-dev.txt"
MEND = "run `make locks` and commit what it wrote"


def locked(lock: Path) -> dict[NormalizedName, Requirement]:
    """The packages a lock holds, as requirements with their markers."""
    found = {}
    for match in LINE.finditer(lock.read_text(encoding="utf-8")):
        marker = f" ; {match['marker'].strip()}" if match["marker"] else ""
        found[canonicalize_name(match["name"])] = Requirement(f"{match['name']}=={match['version']}{marker}")
    return found


def version_of(requirement: Requirement) -> Version:
    """The one version a locked requirement allows."""
    return Version(next(iter(requirement.specifier)).version)


def direct() -> list[Requirement]:
    """What pyproject.toml asks for at run time."""
    return [Requirement(line) for line in PROJECT["project"]["dependencies"]]


def development() -> list[Requirement]:
    """What pyproject.toml asks for beyond that, to build and to test."""
    return [Requirement(line) for line in PROJECT["dependency-groups"]["dev"]]


def closure(roots: list[Requirement]) -> set[NormalizedName]:
    """All that the installed packages need, from these requirements on, on this machine."""
    seen: set[NormalizedName] = set()
    done: set[tuple[NormalizedName, str]] = set()
    queue = [(root, extra) for root in roots for extra in ("", *root.extras)]
    while queue:
        requirement, extra = queue.pop()
        name = canonicalize_name(requirement.name)
        if (name, extra) in done:
            continue
        done.add((name, extra))
        seen.add(name)
        for line in importlib.metadata.requires(name) or ():
            needed = Requirement(line)
            if needed.marker is None or needed.marker.evaluate({"extra": extra}):
                queue += [(needed, wanted) for wanted in ("", *needed.extras)]
    return seen


@pytest.mark.parametrize(
    ("lock", "asked"), [(RUNTIME, direct()), (WHOLE, direct() + development())], ids=["runtime", "dev"]
)
def test_a_lock_holds_what_is_asked_for(lock: Path, asked: list[Requirement]) -> None:
    held = locked(lock)
    for requirement in asked:
        name = canonicalize_name(requirement.name)
        assert name in held, f"{requirement.name} is not in {lock.name}: {MEND}"
        assert version_of(held[name]) in requirement.specifier, f"{requirement} against {held[name]}: {MEND}"


@pytest.mark.parametrize(
    ("lock", "asked"), [(RUNTIME, direct()), (WHOLE, direct() + development())], ids=["runtime", "dev"]
)
def test_a_lock_holds_all_of_it_and_no_more(lock: Path, asked: list[Requirement]) -> None:
    here = {name for name, line in locked(lock).items() if line.marker is None or line.marker.evaluate()}
    assert here == closure(asked), MEND


def test_what_is_tested_is_what_is_locked() -> None:
    for name, line in locked(WHOLE).items():
        if line.marker is None or line.marker.evaluate():
            assert importlib.metadata.version(name) == str(version_of(line)), f"{name}: run `make setup`"


def test_both_locks_hold_the_same_versions() -> None:
    whole = locked(WHOLE)
    assert {name: str(line) for name, line in locked(RUNTIME).items() if str(whole.get(name)) != str(line)} == {}


@pytest.mark.parametrize("lock", [RUNTIME, WHOLE], ids=lambda lock: lock.name)
def test_every_locked_package_is_hashed_and_free_of_hosts(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    blocks = re.split(r"\n(?=[A-Za-z0-9])", text.strip())
    assert all("--hash=sha256:" in block for block in blocks)
    assert "://" not in text
    assert "--index" not in text
    assert "--find-links" not in text


def test_the_lock_of_the_front_end_is_fresh_and_free_of_hosts() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    asked = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    assert lock["packages"][""].get("dependencies") == asked.get("dependencies"), MEND
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert packages
    assert not [name for name, entry in packages.items() if "resolved" in entry], "set omit-lockfile-registry-resolved"
    assert not [name for name, entry in packages.items() if not entry.get("integrity", "").startswith("sha512-")]
