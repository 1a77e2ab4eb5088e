"""A problem says its days in words, as a person says them, wherever it was raised."""

from __future__ import annotations

import ast
from datetime import date

from tests.house.source import modules
from xiangyue.base.problems import Kind, Problem

KIND = Kind("said", "{name}在{day}以前就开始了。", "请填{first}以后的日期。")
MACHINES = {"BAD_TIME"}
"""A moment that a program sent is answered as it was sent."""


def test_a_day_is_said_in_words() -> None:
    """In what is wrong, in what to do, and in what programs read."""
    found = Problem(KIND, name="柳河村", day=date(2026, 12, 6), first=date(2027, 1, 1))
    assert found.words == "柳河村在2026年12月6日以前就开始了。"
    assert found.mend == "请填2027年1月1日以后的日期。"
    assert found.as_json()["words"] == found.words


def test_no_problem_is_given_a_day_as_programs_write_it() -> None:
    """A day goes into a problem as a day; the problem puts it in words."""
    raised = [
        (module, node)
        for module in modules("src")
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Problem"
    ]
    assert len(raised) > 300
    written = [
        f"{module.place}:{node.lineno}"
        for module, node in raised
        if "isoformat" in ast.dump(node) and ast.unparse(node.args[0]) not in MACHINES
    ]
    assert not written, "\n".join(written)
