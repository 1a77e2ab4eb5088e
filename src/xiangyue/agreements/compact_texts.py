"""What a village compact says: what it may not, and which of its articles the scheme's rules stand on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from xiangyue.agreements.compact_models import CompactArticle
from xiangyue.rules.settings import Layer, Scheme
from xiangyue.schemes import Finding, lint


@dataclass(frozen=True, slots=True)
class Topic:
    """A word by which a scheme refers to an article, and the rules that stand on it."""

    code: str
    rules: tuple[str, ...]


def unlawful(text: str) -> tuple[Finding, ...]:
    """What the linter rejects in an article: the same table of words as in schemes."""
    article = Layer("article", text, "household", "household")
    found = lint(Scheme(code="compact", name="村规民约", ground="000000", layers=(article,)))
    return tuple(row for row in found if row.severity == "reject" and row.where.startswith("layers"))


def topics(schemes: Iterable[Scheme]) -> tuple[Topic, ...]:
    """The topics that the schemes name, by article, with the rules that stand on each."""
    found: dict[str, list[str]] = {}
    for scheme in schemes:
        rules = [rule for points in scheme.points for rule in points.rules]
        named = [(row.article, row.name) for rows in (scheme.layers, scheme.boards, rules) for row in rows]
        for article, name in named:
            if article:
                found.setdefault(article, []).append(name)
    in_turn = sorted(found.items(), key=lambda row: number_in(row[0]) or LAST)
    return tuple(Topic(code, tuple(dict.fromkeys(names))) for code, names in in_turn)


LAST = 1_000
"""Behind every number stands what is named by a word."""
NUMERAL = re.compile(r"第([一二三四五六七八九十]{1,3}|\d{1,2})条")
DIGITS = "零一二三四五六七八九"


def number_in(text: str) -> int | None:
    """`第十二条` as 12; None for what names no article by its number."""
    found = NUMERAL.fullmatch(text.strip())
    if found is None:
        return None
    said = found[1]
    if said.isdigit():
        return int(said)
    tens, ten, ones = said.partition("十")
    if not ten:
        return DIGITS.find(said) if len(said) == 1 else None
    return (DIGITS.find(tens) if tens else 1) * 10 + (DIGITS.find(ones) if ones else 0)


def stands_on(topic: str, articles: Sequence[CompactArticle]) -> CompactArticle | None:
    """The article that a topic stands on: the one that carries it, else the one of that number."""
    carrying = next((row for row in articles if row.topic == topic), None)
    number = number_in(topic)
    return carrying or next((row for row in articles if number is not None and row.number == number), None)
