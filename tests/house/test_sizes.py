"""Files and functions stay small enough to be read at one go."""

from __future__ import annotations

import ast

import pytest

from tests.house.source import Module, code_lines, modules

FILE_LINES = 400
FUNCTION_LINES = 50
RULE_LINES = 30
ALL = modules("src", "tests", "tools", "bench")


def too_long(module: Module) -> list[str]:
    """The functions of a module over their size, with where they stand."""
    most = RULE_LINES if module.room == "rules" else FUNCTION_LINES
    return [
        f"{module.place}:{function.lineno} {function.name}: {code_lines(function)} lines, at most {most}"
        for function in module.functions()
        if code_lines(function) > most
    ]


@pytest.mark.parametrize("module", ALL, ids=lambda module: module.place)
def test_files_and_functions_are_small(module: Module) -> None:
    lines = module.text.count("\n")
    assert lines <= FILE_LINES, f"{module.place}: {lines} lines, at most {FILE_LINES}: split it by its nouns or verbs"
    assert not too_long(module), "\n".join(too_long(module))


def test_the_docstring_of_a_function_is_not_counted() -> None:
    tree = ast.parse('def f() -> int:\n    """One.\n\n    Two.\n    """\n    return 1\n')
    function = tree.body[0]
    assert isinstance(function, ast.FunctionDef)
    assert code_lines(function) == 2
