"""Lines of values, also in nested lists of tables and inside inline tables."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator

import pytest

from xiangyue.schemes import pack_text
from xiangyue.schemes.errors import Path, show_path
from xiangyue.schemes.positions import Positions

TEXT = '''# 说明
a.b = 1
"键 名" = "值"
long = """
两行
"""

[[x]]
y = [ { a = 1 }, # 注
  { b.c = 'z', d = [1,

    2] },
]
[x.s]
q = 1
[[x.w]]
e = 2024-01-01
[[x.w]]

e = true
[[x]]
[[x.w]]
e = "}]"
[z."p.q"]
r = [[1, 2],
  [3, 4]]
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("a", "b"), 2),
        (("a",), 2),
        (("键 名",), 3),
        (("long",), 4),
        (("x",), 8),
        (("x", 0), 8),
        (("x", 0, "y"), 9),
        (("x", 0, "y", 0, "a"), 9),
        (("x", 0, "y", 1), 10),
        (("x", 0, "y", 1, "b", "c"), 10),
        (("x", 0, "y", 1, "d", 0), 10),
        (("x", 0, "y", 1, "d", 1), 12),
        (("x", 0, "s", "q"), 15),
        (("x", 0, "w", 0, "e"), 17),
        (("x", 0, "w", 1), 18),
        (("x", 0, "w", 1, "e"), 20),
        (("x", 1), 21),
        (("x", 1, "w", 0, "e"), 23),
        (("z", "p.q", "r", 1, 0), 26),
        (("x", 1, "w", 0, "missing"), 22),
        (("x", 1, "missing", 3), 21),
        (("missing",), 1),
        ((), 1),
    ],
    ids=lambda part: show_path(part) or "file" if isinstance(part, tuple) else str(part),
)
def test_lines(path: Path, line: int) -> None:
    assert tomllib.loads(TEXT)
    assert Positions(TEXT).line(path) == line


def leaves(value: object, path: Path = ()) -> Iterator[Path]:
    """The path of every value that holds no other."""
    if isinstance(value, dict):
        for key, below in value.items():
            yield from leaves(below, (*path, key))
    elif isinstance(value, list) and value:
        for at, below in enumerate(value):
            yield from leaves(below, (*path, at))
    else:
        yield path


def test_every_value_of_a_pack_has_the_line_that_names_it() -> None:
    text = pack_text("linjiang")
    lines = text.splitlines()
    positions = Positions(text)
    paths = list(leaves(tomllib.loads(text)))
    assert len(paths) > 900
    for path in paths:
        assert path in positions.lines
        key = next(part for part in reversed(path) if isinstance(part, str))
        assert f"{key} = " in lines[positions.line(path) - 1]


def test_a_broken_text_still_gives_lines() -> None:
    assert Positions("[[\na = 1\n[b]\nc = = 2\n= 3\nd = 4\n").line(("x",)) == 1
