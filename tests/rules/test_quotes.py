"""Quotes within quotes: the inner pair is single, and nothing else is touched."""

from __future__ import annotations

import pytest

from xiangyue.rules.quotes import nested


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("进度数““五星”支部”评到5星", "进度数“‘五星’支部”评到5星"),
        ("“村“三委”干部包户”要求每天", "“村‘三委’干部包户”要求每天"),
        ("“甲”和“乙”", "“甲”和“乙”"),
        ("没有引号", "没有引号"),
        ("“没有收住“的", "“没有收住“的"),
        ("", ""),
    ],
)
def test_the_inner_pair_is_single(typed: str, printed: str) -> None:
    assert nested(typed) == printed
    assert nested(nested(typed)) == printed
