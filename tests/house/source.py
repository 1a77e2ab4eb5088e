"""The project's own files, read once for the tests that hold its habits."""

from __future__ import annotations

import ast
import functools
import subprocess
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "xiangyue"
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Module:
    """One Python file: where it lies, its text and its tree."""

    path: Path
    text: str
    tree: ast.Module

    @property
    def place(self) -> str:
        """Its path from the root, as shown in messages."""
        return str(self.path.relative_to(ROOT))

    @property
    def room(self) -> str:
        """The room of the package it lies in; empty for what is in none."""
        parts = self.path.relative_to(PACKAGE).parts if self.path.is_relative_to(PACKAGE) else ()
        return parts[0].removesuffix(".py") if len(parts) > 1 else ""

    @property
    def name(self) -> str:
        """Its dotted name below src."""
        dotted = ".".join(self.path.relative_to(PACKAGE.parent).with_suffix("").parts)
        return dotted.removesuffix(".__init__")

    def functions(self) -> list[Function]:
        """Every function and method."""
        return [node for node in ast.walk(self.tree) if isinstance(node, Function)]


def code_lines(function: Function) -> int:
    """The lines of a function without its docstring and its decorators."""
    lines = (function.end_lineno or function.lineno) - function.lineno + 1
    first = function.body[0]
    if ast.get_docstring(function) is not None:
        lines -= (first.end_lineno or first.lineno) - first.lineno + 1
    return lines


@functools.cache
def tracked() -> tuple[Path, ...]:
    """The files that are or are about to be committed."""
    shown = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT, check=True, capture_output=True,
    ).stdout.decode()  # fmt: skip
    return tuple(path for name in shown.split("\0") if name and (path := ROOT / name).is_file())


@functools.cache
def modules(*folders: str, migrations: bool = False) -> tuple[Module, ...]:
    """The Python files under these folders; without migrations, which Django writes."""
    found = []
    for path in tracked():
        parts = path.relative_to(ROOT).parts
        if path.suffix == ".py" and parts[0] in folders and (migrations or "migrations" not in parts):
            text = path.read_text(encoding="utf-8")
            found.append(Module(path, text, ast.parse(text, filename=str(path))))
    return tuple(found)


def imported(module: Module) -> set[str]:
    """The dotted names that a module imports, relative ones resolved."""
    package = module.name if module.path.name == "__init__.py" else module.name.rpartition(".")[0]
    names: set[str] = set()
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            base = ".".join([*above, *filter(None, [node.module])])
            # `from xiangyue import places` names the room only in what is imported.
            names.update(f"{base}.{alias.name}" for alias in node.names)
    return names
