"""On which line of a TOML text each value stands, read from its syntax tree."""

from __future__ import annotations

import tomllib

import tree_sitter_toml
from tree_sitter import Language, Node, Parser

from .errors import Path

KEYS = frozenset({"bare_key", "quoted_key", "dotted_key"})
_LANGUAGE = Language(tree_sitter_toml.language())


class Positions:
    """Lines by path; a path that is not in the file answers with the line of what would hold it."""

    def __init__(self, text: str) -> None:
        self.lines: dict[Path, int] = {}
        self._lengths: dict[Path, int] = {}
        for node in Parser(_LANGUAGE).parse(text.encode()).root_node.named_children:
            if node.type == "pair":
                self._pair(node, ())
            elif node.type in ("table", "table_array_element"):
                self._table(node)

    def line(self, path: Path) -> int:
        """The line of `path`, or of the nearest table or list around it; 1 for the whole file."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.lines:
                return self.lines[path[:length]]
        return 1

    def _note(self, path: Path, node: Node) -> None:
        for length in range(1, len(path) + 1):
            self.lines.setdefault(path[:length], node.start_point.row + 1)

    def _table(self, node: Node) -> None:
        header = next((child for child in node.named_children if child.type in KEYS), None)
        if header is None:
            return
        names = key_parts(header)
        path = self._under(names[:-1]) + names[-1:]
        if node.type == "table_array_element":
            at = self._lengths.get(path, 0)
            self._lengths[path] = at + 1
            path += (at,)
        else:
            path = self._last(path)
        self._note(path, node)
        for child in node.named_children:
            if child.type == "pair":
                self._pair(child, path)

    def _under(self, names: Path) -> Path:
        path: Path = ()
        for name in names:
            path = self._last((*path, name))
        return path

    def _last(self, path: Path) -> Path:
        """A header under a list of tables means the last table so far."""
        return (*path, self._lengths[path] - 1) if path in self._lengths else path

    def _pair(self, node: Node, under: Path) -> None:
        parts = [child for child in node.named_children if child.type != "comment"]
        if len(parts) != 2 or parts[0].type not in KEYS:
            return
        key, value = parts
        path = under + key_parts(key)
        self._note(path, node)
        self._value(value, path)

    def _value(self, node: Node, path: Path) -> None:
        if node.type == "inline_table":
            for child in node.named_children:
                if child.type == "pair":
                    self._pair(child, path)
        elif node.type == "array":
            for at, child in enumerate(child for child in node.named_children if child.type != "comment"):
                self._note((*path, at), child)
                self._value(child, (*path, at))


def key_parts(node: Node) -> Path:
    """The names of a key, `a."b".c` as three; quotes and escapes are read by the standard library."""
    value: object = tomllib.loads(f"{(node.text or b'').decode()} = 0")
    names: list[str] = []
    while isinstance(value, dict):
        name, value = next(iter(value.items()))
        names.append(str(name))
    return tuple(names)
