"""Rule 1: what a sheet scores, from the entries that differ from the clean value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from .numbers import FULL, half_up, show
from .settings import Area, Item, ItemKind, Standard, Step

N_MAX = 999
"""More counts of one step than this on one sheet is a slip of the finger."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What one item (or one step of it) lost or won on a sheet; amounts in hundredths."""

    item: str
    step: str = ""
    n: int = 1
    grade: str = ""
    amount: int = 0
    applicable: bool = True
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One item of a scored sheet, in hundredths, and why."""

    item: str
    area: str
    name: str
    maximum: int
    awarded: int
    why: str
    kind: ItemKind = "deduct"
    applicable: bool = True
    fault: bool = False
    """Whether the item lost points, or failed a `zero`."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A scored sheet; `score` None means void: it counts nowhere."""

    score: int | None
    lines: tuple[Line, ...]
    why: str = ""


class SheetError(ValueError):
    """An entry that the standard does not know or allow, in words with the mend."""

    def __init__(self, item: str, words: str) -> None:
        super().__init__(words)
        self.item = item
        self.words = words


@dataclass(slots=True)
class _Mark:
    """What the entries of one item came to."""

    awarded: int = 0
    applicable: bool = True
    failed: bool = False
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Index:
    """A standard laid out for scoring."""

    items: dict[str, tuple[Item, Area]]
    maximum: int
    counted: int
    clean: int | None


_INDEXES: dict[int, tuple[Standard, _Index]] = {}


def maximum_of(item: Item) -> int:
    """The most an item gives, in hundredths: of a grade item its highest grade, of a `zero` item nothing."""
    if item.kind == "zero":
        return 0
    if item.kind == "grade" and item.grades:
        return max(grade.points for grade in item.grades)
    return item.points


def by_area(standard: Standard) -> list[tuple[str, list[tuple[Item, int]]]]:
    """A standard by area, each item with the most it gives: what a blank sheet shows."""
    return [(area.name, [(item, maximum_of(item)) for item in area.items]) for area in standard.areas]


def score(standard: Standard, entries: Sequence[Entry]) -> Sheet:
    """The scored sheet, item by item; SheetError when an entry does not fit the standard."""
    index = _index(standard)
    marks = _marks(index, entries)
    value, why = _total(index, marks)
    lines = tuple(_line(item, area, marks.get(code)) for code, (item, area) in index.items.items())
    return Sheet(value, lines, why)


def points(standard: Standard, entries: Sequence[Entry]) -> int | None:
    """The score alone, for writing many; None is void; SheetError as in `score`."""
    index = _index(standard)
    if not entries:
        return index.clean
    return _total(index, _marks(index, entries))[0]


def score_clean(standard: Standard) -> int | None:
    """The score of a sheet without entries; computed once per standard."""
    return _index(standard).clean


def _index(standard: Standard) -> _Index:
    # by identity: hashing a whole standard for every sheet would cost more than scoring it
    held = _INDEXES.get(id(standard))
    if held is not None and held[0] is standard:
        return held[1]
    items = {item.code: (item, area) for area in standard.areas for item in area.items}
    counted = [item for item, _ in items.values() if item.kind in ("deduct", "grade", "pass")]
    maximum = sum(maximum_of(item) for item in counted)
    index = _Index(items, maximum, len(counted), FULL if maximum else None)
    if len(_INDEXES) >= 256:
        _INDEXES.clear()
    _INDEXES[id(standard)] = (standard, index)
    return index


def _total(index: _Index, marks: dict[str, _Mark]) -> tuple[int | None, str]:
    maximum = awarded = index.maximum
    bonus = 0
    zeroed = ""
    for code, mark in marks.items():
        item = index.items[code][0]
        if item.kind == "zero":
            zeroed = item.name if mark.failed else zeroed
        elif item.kind == "bonus":
            bonus += mark.awarded
        else:
            full = maximum_of(item)
            maximum -= 0 if mark.applicable else full
            awarded -= full - mark.awarded
    if zeroed:
        return 0, f"「{zeroed}」不合格，整张表记 0 分"
    if maximum <= 0:
        return None, "没有一项适用，这张表作废，不计入任何成绩"
    base = half_up(FULL * awarded, maximum)
    value = min(FULL, base + bonus)
    words = f"得 {show(awarded)} 分，应得 {show(maximum)} 分，折合 {show(base)}"
    if bonus:
        words += f",加分 {show(bonus)}" + (",满分封顶" if base + bonus > FULL else "")
    return value, f"{words}，共 {show(value)}"


def _line(item: Item, area: Area, mark: _Mark | None) -> Line:
    full = maximum_of(item)
    applicable = mark is None or mark.applicable
    if not applicable:
        return Line(item.code, area.code, item.name, 0, 0, "不适用，不计入", item.kind, False)
    if item.kind == "zero":
        failed = mark is not None and mark.failed
        why = "不合格，整张表记 0 分" if failed else "没有发生"
        return Line(item.code, area.code, item.name, 0, 0, why, item.kind, fault=failed)
    if item.kind == "bonus":
        won = mark.awarded if mark else 0
        return Line(
            item.code, area.code, item.name, full, won, "；".join(mark.notes) if mark else "没有加分", item.kind
        )
    got = mark.awarded if mark else full
    why = "；".join(mark.notes) if mark else "没有问题"
    return Line(item.code, area.code, item.name, full, got, why, item.kind, fault=got < full)


def _marks(index: _Index, entries: Sequence[Entry]) -> dict[str, _Mark]:
    by_item: dict[str, list[Entry]] = {}
    for entry in entries:
        if entry.item not in index.items:
            raise SheetError(entry.item, f"考核标准里没有「{entry.item}」这一项。请从标准的条目中选。")
        by_item.setdefault(entry.item, []).append(entry)
    return {code: _mark(index.items[code][0], rows) for code, rows in by_item.items()}


def _mark(item: Item, entries: list[Entry]) -> _Mark:
    first = entries[0]
    if not all(entry.applicable for entry in entries):
        _check_not_applicable(item, entries)
        return _Mark(applicable=False)
    stepped = item.kind == "deduct" or (item.kind == "bonus" and bool(item.steps))
    if len(entries) > 1 and not stepped:
        raise SheetError(item.code, f"「{item.name}」记了不止一次。请只留一条。")
    if stepped:
        return _stepped(item, entries)
    _check_only(item, first)
    if item.kind == "grade":
        return _graded(item, first)
    if item.kind == "bonus":
        return _bonus(item, first)
    if not first.failed:
        raise SheetError(item.code, f"「{item.name}」没有问题就不用记。请删去这一条，或改为“不合格”。")
    return _Mark(failed=True, notes=[f"{item.fault or item.name}:不合格，得 0 分"])


def _check_not_applicable(item: Item, entries: list[Entry]) -> None:
    if not item.not_applicable:
        raise SheetError(item.code, f"「{item.name}」不能标为“不适用”。请按实际打分。")
    entry = entries[0]
    bare = not (entry.step or entry.grade or entry.amount or entry.failed)
    if len(entries) > 1 or not bare:
        raise SheetError(item.code, f"「{item.name}」已标为“不适用”，就不能再记扣分或加分。请留一样。")


def _check_only(item: Item, entry: Entry) -> None:
    foreign = (
        bool(entry.step)
        or entry.n != 1
        or (bool(entry.grade) and item.kind != "grade")
        or (entry.amount != 0 and item.kind != "bonus")
        or (entry.failed and item.kind not in ("pass", "zero"))
    )
    if foreign:
        wanted = {"grade": "选一个等次", "bonus": "填加分数", "pass": "选“不合格”", "zero": "选“不合格”"}[item.kind]
        raise SheetError(item.code, f"「{item.name}」的记法不对。请只{wanted}。")


def _graded(item: Item, entry: Entry) -> _Mark:
    names = "、".join(f"{grade.name}({grade.code})" for grade in item.grades)
    for grade in item.grades:
        if grade.code == entry.grade:
            if grade.points == maximum_of(item):
                raise SheetError(item.code, f"「{item.name}」评为最高等次就不用记。请删去这一条。")
            return _Mark(grade.points, notes=[f"评为{grade.name}，得 {show(grade.points)}"])
    raise SheetError(item.code, f"「{item.name}」没有等次“{entry.grade}”。请从这些里选：{names}。")


def _bonus(item: Item, entry: Entry) -> _Mark:
    if entry.amount <= 0:
        raise SheetError(item.code, f"「{item.name}」的加分要大于 0。没有加分就不用记，请删去这一条。")
    won = min(entry.amount, item.points)
    capped = f",按最多 {show(item.points)} 计" if won < entry.amount else ""
    return _Mark(won, notes=[f"加 {show(entry.amount)}{capped}"])


def _stepped(item: Item, entries: list[Entry]) -> _Mark:
    """Steps of a deduct (taken off) or of a bonus (added up), in the standard's order."""
    given = {entry.step: entry for entry in entries}
    for entry in entries:
        _check_step(item, entry)
    if len(given) < len(entries):
        raise SheetError(item.code, f"「{item.name}」的同一种情形记了两次。请合成一条，把次数加起来。")
    full, moved, notes = item.points, 0, []
    for step in item.steps:
        if step.code in given:
            n = given[step.code].n
            amount = full if step.all else step.amount * n
            moved += amount
            notes.append(_step_words(item, step, n, amount))
    if item.kind == "bonus":
        return _Mark(min(full, moved), notes=notes + ([f"按最多 {show(full)} 计"] if moved > full else []))
    return _Mark(max(0, full - moved), notes=notes + (["扣完为止"] if moved > full else []))


def _check_step(item: Item, entry: Entry) -> None:
    names = "、".join(f"{step.name}({step.code})" for step in item.steps)
    if not entry.step:
        raise SheetError(item.code, f"「{item.name}」没有说明是哪种情形。请从这些里选：{names}；没有问题就不用记。")
    if all(step.code != entry.step for step in item.steps):
        raise SheetError(item.code, f"「{item.name}」没有“{entry.step}”这种情形。请从这些里选：{names}。")
    if entry.grade or entry.amount or entry.failed:
        raise SheetError(item.code, f"「{item.name}」只记情形和次数。请去掉等次、分数和“不合格”。")
    if entry.n < 1:
        raise SheetError(item.code, f"「{item.name}」的次数是 {entry.n}，至少要 1。没有发生就不用记，请删去这一条。")
    if entry.n > N_MAX:
        raise SheetError(item.code, f"「{item.name}」的次数是 {entry.n}，太多了（最多 {N_MAX}）。请核对后重填。")


def _step_words(item: Item, step: Step, n: int, amount: int) -> str:
    verb = "加" if item.kind == "bonus" else "扣"
    if step.all:
        return f"{step.name}:{'加满' if item.kind == 'bonus' else '该项不得分'} {show(amount)}"
    return f"{step.name} {n} {step.unit} × {show(step.amount)},{verb} {show(amount)}"
