"""Award classes (small print 13): a ranking cut by cumulative places or floors, top down; a tie at a cut rises."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from .numbers import show
from .ranking import rank
from .settings import Award, AwardClass


@dataclass(frozen=True, slots=True)
class ClassDraw:
    """One class: who is in it by result and code, who rose into it by a tie, and the last rank that it takes."""

    code: str
    name: str
    codes: tuple[str, ...]
    risen: int
    """How many more than places are in it because they tie at its cut."""
    cut: int | None
    """The cumulative places down to this class; None: by floor alone."""
    lowest: int | None
    why: str


@dataclass(frozen=True, slots=True)
class AwardDraw:
    """All classes of an award, top down, and who is in none."""

    award: str
    category: str
    classes: tuple[ClassDraw, ...]
    without: tuple[str, ...]

    def class_of(self, code: str) -> str:
        """The class of a subject; empty for none."""
        return next((row.code for row in self.classes if code in row.codes), "")


@dataclass(frozen=True, slots=True)
class Cost:
    """What an award costs in fen, what it would cost were ties cut, and the difference that rising ties make."""

    total: int
    without_ties: int
    extra: int
    why: str


def draw(results: Iterable[tuple[str, int]], award: Award) -> AwardDraw:
    """The classes of one category's rated (code, result)."""
    rows = sorted(results, key=lambda row: (-row[1], row[0]))
    ranks = rank(rows)
    spans = _cut(rows, [ranks[code] for code, _ in rows], award.classes)
    classes = tuple(_class(kind, rows, *span) for kind, span in zip(award.classes, spans, strict=True))
    last = spans[-1][1] if spans else 0
    return AwardDraw(award.code, award.category, classes, tuple(code for code, _ in rows[last:]))


def draw_left(results: Iterable[tuple[str, int]], kind: AwardClass, *, is_first: bool) -> ClassDraw:
    """One grade, drawn from those whom the grades above left (`is_first`: from all): its places count among them."""
    rows = sorted(results, key=lambda row: (-row[1], row[0]))
    ranks = rank(rows)
    (span,) = _cut(rows, [ranks[code] for code, _ in rows], (kind,))
    return _class(kind, rows, *span, among="前" if is_first else "余下的前")


def cost(results: Iterable[tuple[str, int]], award: Award, amounts: Mapping[str, int]) -> Cost:
    """What the classes cost at these amounts (class → fen), and how much of it rising ties make."""
    rows = sorted(results, key=lambda row: (-row[1], row[0]))
    total = sum(len(row.codes) * amounts.get(row.code, 0) for row in draw(rows, award).classes)
    exact = _cut(rows, list(range(1, len(rows) + 1)), award.classes)
    plain = sum(
        (end - start) * amounts.get(kind.code, 0) for kind, (start, end, _) in zip(award.classes, exact, strict=True)
    )
    words = f"合计 {show(total)} 元"
    words += f"，因同分多出 {show(total - plain)} 元" if total != plain else "，没有因同分多出"
    return Cost(total, plain, total - plain, words)


def _cut(
    rows: Sequence[tuple[str, int]], ranks: Sequence[int], classes: Iterable[AwardClass]
) -> list[tuple[int, int, int | None]]:
    """(Start, end, cut) of each class in the rows; places after a class by floor alone count on from those it took."""
    spans: list[tuple[int, int, int | None]] = []
    start = cut = 0
    for kind in classes:
        cut = cut + kind.places if kind.places > 0 else len(rows)
        end = start
        while end < len(rows) and ranks[end] <= cut and rows[end][1] >= kind.floor:
            end += 1
        spans.append((start, end, cut if kind.places > 0 else None))
        start = end
        cut = cut if kind.places > 0 else end
    return spans


def _class(
    kind: AwardClass, rows: Sequence[tuple[str, int]], start: int, end: int, cut: int | None, among: str = "累计前"
) -> ClassDraw:
    risen = max(0, end - max(start, cut)) if cut is not None else 0
    lowest = rows[end - 1][1] if end > start else None
    limits = [f"{among} {cut} 名"] if cut is not None else []
    limits += [f"不低于 {show(kind.floor)}"] if kind.floor > 0 else []
    words = f"{kind.name}：{'，'.join([*limits, f'共 {end - start} 个'])}"
    words += f"，最低 {show(lowest)}" if lowest is not None else ""
    words += f"，末位同分多 {risen} 个" if risen else ""
    return ClassDraw(kind.code, kind.name, tuple(code for code, _ in rows[start:end]), risen, cut, lowest, words)
