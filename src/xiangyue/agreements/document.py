"""A scheme laid out for reading: every part with its words, ready for a template without further thought."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from xiangyue.agreements import words
from xiangyue.agreements.models import SchemeVersion
from xiangyue.rules.settings import Scheme
from xiangyue.schemes import Finding, lint
from xiangyue.schemes.writing import decimal


@dataclass(frozen=True, slots=True)
class Part:
    """A row of the document: the setting itself and what is said of it."""

    row: Any
    said: tuple[str, ...] = ()
    more: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A scheme as a document."""

    version: SchemeVersion
    scheme: Scheme
    layers: tuple[Part, ...]
    standards: tuple[Part, ...]
    kinds: tuple[Part, ...]
    composites: tuple[Part, ...]
    boards: tuple[Part, ...]
    rankings: tuple[Part, ...]
    categories: tuple[Part, ...]
    not_due: str
    helped: str
    findings: tuple[Finding, ...]


def document(version: SchemeVersion, scheme: Scheme) -> Document:
    """The scheme of a version, laid out."""
    return Document(
        version,
        scheme,
        tuple(Part(layer, tuple(words.layer_words(layer, scheme))) for layer in scheme.layers),
        tuple(_standard(standard) for standard in scheme.standards),
        tuple(Part(kind, (words.kind_words(kind, scheme),)) for kind in scheme.check_kinds),
        tuple(_composite(composite, scheme) for composite in scheme.composites),
        tuple(Part(board, tuple(words.board_words(board, scheme))) for board in scheme.boards),
        tuple(
            Part(row, (scheme.composite(row.composite).name, words.level_words(row.group))) for row in scheme.rankings
        ),
        tuple(Part(row, (words.level_words(row.level), words.class_words(row))) for row in scheme.categories),
        words.state_words(scheme.households.not_due),
        words.state_words(scheme.households.helped),
        lint(scheme),
    )


def _standard(standard: Any) -> Part:
    """A standard: (area, its points, ((item, words, ((step, amount) …)) …)) for each area."""
    areas = tuple(
        (
            area,
            decimal(sum(item.points for item in area.items if item.kind not in ("bonus", "zero"))),
            tuple((item, words.item_words(item), _steps(item)) for item in area.items),
        )
        for area in standard.areas
    )
    total = sum(item.points for item in standard.items if item.kind not in ("bonus", "zero"))
    return Part(standard, (words.level_words(standard.subject), str(len(standard.items)), decimal(total)), areas)


def _steps(item: Any) -> tuple[str, ...]:
    steps = tuple(
        f"{step.name}:{_('扣完')}" if step.all else f"{step.name}:{decimal(step.amount)}{_('分')}/{step.unit}"
        for step in item.steps
    )
    return steps + tuple(f"{grade.name}:{decimal(grade.points)}{_('分')}" for grade in item.grades)


def _composite(composite: Any, scheme: Scheme) -> Part:
    parts = tuple((part, words.source_words(part.source, scheme)) for part in composite.components)
    said = (
        str(words.PERIODS[composite.period]),
        words.level_words(composite.level),
        words.composite_sum(composite, scheme),
    )
    return Part(composite, said, parts)
