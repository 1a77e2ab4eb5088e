"""What law and good government say against a scheme, as far as the language shows it (domain.md 5)."""

from __future__ import annotations

from collections.abc import Mapping

from xiangyue.rules.quotes import nested
from xiangyue.rules.settings import Scheme

from .finding import EVEN, Finding, Rule, Seen
from .lint_rows import ROW_RULES
from .lint_texts import Words, texts
from .lint_warnings import WARNINGS
from .lint_words import WORD_RULES

FEWEST = 5
"""So many subjects a category needs to be compared in."""


def _nothing(scheme: Scheme) -> Seen:
    """Nothing without the sizes of a ground; `lint` looks itself."""
    yield from ()


SMALL = Rule("small-category", "warn", EVEN + "：少于五个不排榜", "并入另一个类别，或只公布、不排名", _nothing)
RULES: tuple[Rule, ...] = (*ROW_RULES, *WORD_RULES, *WARNINGS, SMALL)
"""The table, what is rejected first."""


def lint(scheme: Scheme, sizes: Mapping[str, int] | None = None) -> tuple[Finding, ...]:
    """All findings in the order of the table; the order of a scheme's rows changes nothing.

    `sizes`: how many subjects a ground has in each category, by code; without them categories are not counted.
    """
    told = tuple(texts(scheme))
    found: list[Finding] = []
    for rule in RULES:
        if rule is SMALL:
            seen = small_categories(scheme, sizes or {})
        else:
            seen = rule.look.among(told) if isinstance(rule.look, Words) else rule.look(scheme)
        for where, words in sorted(set(seen)):
            found.append(Finding(rule.id, rule.severity, where, rule.source, nested(words), rule.mend))
    return tuple(found)


def small_categories(scheme: Scheme, sizes: Mapping[str, int]) -> Seen:
    """Categories with too few subjects to be compared."""
    for category in scheme.categories:
        n = sizes.get(category.code)
        if n is not None and n < FEWEST:
            yield f"categories[{category.code}]", f"类别“{category.name}”只有 {n} 个对象"
