"""A slow, obvious reckoning of a folder of tables, straight from the agreed rules, to hold the product against.

It shares nothing with the product but the parsed scheme: plain dicts and fractions, one loop inside the other.
"""

from __future__ import annotations

import csv
import hashlib
from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone
from fractions import Fraction
from math import floor
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xiangyue.rules.settings import Board, Component, Composite, Item, Scheme, Standard

CHINESE = {
    "编码": "code",
    "名称": "name",
    "层级": "level",
    "类别": "class",
    "上级编码": "parent",
    "排序": "order",
    "起始日": "from",
}
WORDS = {
    "屯（组）": "hamlet",
    "屯(组)": "hamlet",
    "行政村": "village",
    "社区": "community",
    "镇": "town",
    "乡": "rural",
    "街道": "street",
}
WORDS |= {"需帮助": "help", "常住": "living", "外出": "away", "空户": "empty"}
LEVELS = ["public_place", "household", "hamlet", "village", "township", "county"]
LOCAL = timezone(timedelta(hours=8))


def rounded(number: Fraction) -> int:
    """The nearest whole, halves away from zero."""
    return floor(number + Fraction(1, 2)) if number >= 0 else -floor(-number + Fraction(1, 2))


@dataclass
class Line:
    """What the rules give one subject of a composite."""

    code: str
    category: str
    own: int | None = None
    paired: int | None = None
    adjustments: int | None = None
    result: int | None = None
    rank: int | None = None
    mark: str = ""
    drawn: str = ""
    checks: int = 0
    group: str = ""
    parts: dict[str, int | None] = field(default_factory=dict)


def table(folder: Path, name: str) -> list[dict[str, str]]:
    """The rows of a table by English column names; empty when there is none."""
    file = folder / f"{name}.csv"
    if not file.exists():
        return []
    with file.open(newline="", encoding="utf-8") as source:
        return [
            {CHINESE.get(heading, heading): (value or "").strip() for heading, value in row.items()}
            for row in csv.DictReader(source)
        ]


def span(key: str) -> tuple[date, date, str]:
    """First day, last day and kind of a period."""
    year = int(key[:4])
    first, last, kind = 1, 12, "year"
    if "Q" in key:
        last = int(key[-1]) * 3
        first, kind = last - 2, "quarter"
    elif "-" in key:
        first = last = int(key[5:])
        kind = "month"
    return date(year, first, 1), date(year, last, monthrange(year, last)[1]), kind


def most(item: Item) -> int:
    """The most a counted item gives."""
    return max(grade.points for grade in item.grades) if item.kind == "grade" else item.points


def sheet_score(standard: Standard, entries: list[dict[str, str]]) -> int | None:
    """Rule 1."""
    awarded = maximum = bonus = 0
    failed = False
    for item in standard.items:
        mine = [entry for entry in entries if entry["item"] == item.code]
        if any(entry.get("not_applicable") == "是" for entry in mine):
            continue
        bad = any(entry.get("failed") == "是" for entry in mine)
        if item.kind == "zero":
            failed = failed or bad
        elif item.kind == "bonus":
            bonus += min(item.points, sum(moved(item, entry) for entry in mine))
        else:
            maximum += most(item)
            if item.kind == "deduct":
                awarded += max(0, item.points - sum(moved(item, entry) for entry in mine))
            elif item.kind == "grade":
                chosen = [grade.points for entry in mine for grade in item.grades if grade.code == entry["grade"]]
                awarded += chosen[0] if chosen else most(item)
            else:
                awarded += 0 if bad else item.points
    if failed:
        return 0
    if maximum == 0:
        return None
    return min(10_000, rounded(Fraction(10_000 * awarded, maximum)) + bonus)


def moved(item: Item, entry: dict[str, str]) -> int:
    """What one entry of a deduct takes or of a bonus gives."""
    for step in item.steps:
        if step.code == entry.get("step"):
            return item.points if step.all else step.amount * int(entry.get("n") or 1)
    return int(Fraction(entry.get("amount") or "0") * 100)


class Reckoner:
    """A folder of tables with its scheme."""

    def __init__(self, folder: Path, scheme: Scheme, begin: date) -> None:
        self.scheme, self.begin = scheme, begin
        self.places: dict[str, dict[str, Any]] = {}
        self.homes = table(folder, "households")
        self.states = table(folder, "states")
        self.adjustments = table(folder, "adjustments")
        for row in table(folder, "places"):
            level, kind = WORDS.get(row["level"], row["level"]), WORDS.get(row["class"], row["class"])
            self._add(row, level, kind, row["parent"])
        for row in self.homes:
            self._add(row, "household", "", row["place"])
        self.sheets = self._sheets(table(folder, "checks"), table(folder, "entries"))

    def _add(self, row: dict[str, str], level: str, kind: str, parent: str) -> None:
        begin = date.fromisoformat(row["from"]) if row.get("from") else self.begin
        end = date.fromisoformat(row["to"]) if row.get("to") else date.max
        self.places[row["code"]] = {"level": level, "class": kind, "parent": parent, "from": begin, "to": end}

    def _sheets(self, checks: list[dict[str, str]], entries: list[dict[str, str]]) -> list[dict[str, Any]]:
        """Rule 2: the sheets that count, oldest first."""
        last: dict[tuple[str, ...], dict[str, Any]] = {}
        for line, check in enumerate(checks):
            kind = self.scheme.check_kind(check["kind"])
            mine = [entry for entry in entries if check["id"] and entry["check"] == check["id"]]
            score = sheet_score(self.scheme.standard(kind.standard), mine)
            if score is None:
                continue
            day = date.fromisoformat(check["day"])
            stamp = check.get("made_at", "")
            made = datetime.fromisoformat(stamp) if stamp else datetime.combine(day, time(12), LOCAL)
            key = (check["kind"], check["inspector"], check["subject"], check["day"])
            order = (day, made, line)
            if key not in last or last[key]["order"] < order:
                last[key] = {"kind": kind.code, "subject": check["subject"], "day": day, "order": order, "score": score}
        return sorted(last.values(), key=lambda sheet: sheet["order"])

    def chain(self, code: str) -> dict[str, str]:
        """Level → ancestor."""
        found: dict[str, str] = {}
        above = self.places[code]["parent"]
        while above:
            found[self.places[above]["level"]] = above
            above = self.places[above]["parent"]
        return found

    def state(self, code: str, day: date) -> str:
        """A household's state on a day: its first one, until a dated one begins; after its last day as before it."""
        base = next((row.get("state", "") for row in self.homes if row["code"] == code), "")
        now = WORDS.get(base, base) or "living"
        spells = sorted((row for row in self.states if row["household"] == code), key=lambda row: row["from"])
        for row in spells:
            ended = bool(row.get("to")) and date.fromisoformat(row["to"]) < day
            if date.fromisoformat(row["from"]) <= day and not ended:
                now = WORDS.get(row["state"], row["state"])
        return now

    def close(self, key: str) -> dict[str, list[Line]]:
        """Composite → its lines by code, with rule 7's marks."""
        _, _, kind = span(key)
        done: dict[str, list[Line]] = {}
        first_of_level: dict[str, dict[str, int | None]] = {}
        for level in LEVELS:
            for composite in self.scheme.composites:
                if composite.period == kind and composite.level == level:
                    lines = self._composite(composite, key, first_of_level)
                    done[composite.code] = lines
                    first_of_level.setdefault(level, {line.code: line.result for line in lines})
        return done

    def subjects(self, level: str, day: date) -> list[str]:
        """Who is there on a day, by code as bytes."""
        found = [c for c, p in self.places.items() if p["level"] == level and p["from"] <= day <= p["to"]]
        inside = [c for c in found if c == self.scheme.ground or self.scheme.ground in self.chain(c).values()]
        return sorted(inside, key=str.encode)

    def _away(self, code: str, day: date) -> bool:
        is_home = self.places[code]["level"] == "household"
        return is_home and self.state(code, day) in self.scheme.households.not_due

    def _composite(self, composite: Composite, key: str, below: dict[str, dict[str, int | None]]) -> list[Line]:
        first, last, _ = span(key)
        lines = []
        earlier = self._months(composite, key) if composite.mode == "months" else {}
        of = self.scheme.composite(composite.of) if composite.mode == "months" else composite
        kinds = {c.source.check_kind for c in of.components if c.source.kind == "sheets"}
        for code in self.subjects(composite.level, last):
            line = Line(code, self._category(composite.level, code))
            line.checks = sum(
                1 for s in self.sheets if s["subject"] == code and s["kind"] in kinds and first <= s["day"] <= last
            )
            if composite.mode == "months":
                line.checks = sum(month[code].checks for month in earlier.values() if code in month)
                rated = [month[code].result for month in earlier.values() if code in month]
                given = [result for result in rated if result is not None]
                if given and len(given) >= composite.rated_months:
                    line.own = rounded(Fraction(sum(given), len(given)))
            else:
                line.own = self._own(composite, code, first, last, below, line)
            if self._away(code, last):
                line.own = None
            if line.own is not None:
                line.paired = line.own
                line.adjustments = self._added(composite.code, code, key)
                line.result = min(10_000, max(0, line.paired + line.adjustments))
            lines.append(line)
        self._rank(composite, lines)
        self._boards(composite, lines, last, bool(kinds))
        return lines

    def _months(self, composite: Composite, key: str) -> dict[str, dict[str, Line]]:
        first, last, _ = span(key)
        keys = [f"{first.year}-{month:02d}" for month in range(first.month, last.month + 1)]
        return {month: {line.code: line for line in self.close(month)[composite.of]} for month in keys}

    def _own(
        self, composite: Composite, code: str, first: date, last: date, below: dict[str, Any], line: Line
    ) -> int | None:
        """Rules 3 and 4."""
        for component in composite.components:
            line.parts[component.code] = self._component(component, code, first, last, below)
        total = weights = Fraction(0)
        for component in composite.components:
            value = line.parts[component.code]
            if value is None and component.required:
                return None
            if value is not None:
                total += component.weight * value
                weights += component.weight
        return rounded(total / weights) if weights else None

    def _component(self, component: Component, code: str, first: date, last: date, below: dict[str, Any]) -> int | None:
        source = component.source
        if source.kind == "sheets":
            mine = [s for s in self.sheets if s["subject"] == code and s["kind"] == source.check_kind]
            scores = [s["score"] for s in mine if first <= s["day"] <= last]
            if not scores:
                return None
            mean = rounded(Fraction(sum(scores), len(scores)))
            taken: dict[str, int] = {"mean": mean, "last": scores[-1], "min": min(scores), "max": max(scores)}
            return taken[source.take]
        if source.kind == "indicator":
            return None
        assert source.level
        children = [
            child
            for child in self.subjects(source.level, last)
            if code in self.chain(child).values() and not self._away(child, last)
        ]
        results = {child: below.get(source.level, {}).get(child) for child in children}
        rated = {child: result for child, result in results.items() if result is not None}
        if not rated or Fraction(len(rated), len(children)) < Fraction(source.share, 100):
            return None
        weight = {child: self._homes_of(child, last) if source.by_households else 1 for child in rated}
        whole = sum(weight.values())
        return rounded(Fraction(sum(rated[c] * weight[c] for c in rated), whole)) if whole else None

    def _homes_of(self, code: str, last: date) -> int:
        homes = self.subjects("household", last)
        return sum(1 for home in homes if code in self.chain(home).values() and not self._away(home, last))

    def _added(self, composite: str, code: str, key: str) -> int:
        rows = [
            row
            for row in self.adjustments
            if (row["composite"], row["subject"], row["period"]) == (composite, code, key)
        ]
        return int(sum(Fraction(row["points"]) for row in rows) * 100)

    def _category(self, level: str, code: str) -> str:
        for category in self.scheme.categories:
            if category.level == level and (not category.classes or self.places[code]["class"] in category.classes):
                return category.code
        return ""

    def _group(self, composite: Composite) -> str:
        for board in self.scheme.boards:
            if board.composite == composite.code:
                return board.group
        for ranking in self.scheme.rankings:
            if ranking.composite == composite.code:
                return ranking.group
        return "county" if composite.level in ("village", "township", "county") else "village"

    def _rank(self, composite: Composite, lines: list[Line]) -> None:
        """Rule 6."""
        level = self._group(composite)
        for line in lines:
            line.group = self.chain(line.code).get(level, self.scheme.ground)
        for line in lines:
            if line.result is not None:
                others = [o for o in lines if (o.group, o.category) == (line.group, line.category)]
                line.rank = 1 + sum(1 for o in others if o.result is not None and o.result > line.result)

    def _boards(self, composite: Composite, lines: list[Line], last: date, own_sheets: bool) -> None:
        for board in self.scheme.boards:
            if board.composite != composite.code:
                continue
            groups: dict[tuple[str, str], list[Line]] = {}
            for line in lines:
                group = self.chain(line.code).get(board.group, self.scheme.ground)
                groups.setdefault((group, line.category), []).append(line)
            for (_, category), held in groups.items():
                if not board.categories or category in board.categories:
                    self._draw(board, held, last, own_sheets)

    def _draw(self, board: Board, lines: list[Line], last: date, own_sheets: bool) -> None:
        """Rule 7."""
        least = board.min_checks if own_sheets else 0
        pool = [line for line in lines if line.result is not None and line.checks >= least]
        if len(pool) < board.pool_min:
            return
        high = sorted((line.result or 0 for line in pool), reverse=True)
        n = board.red.n or (max(1, len(pool) * board.red.per_mille // 1000) if board.red.per_mille else 0)
        if n:
            nth = high[min(n, len(high)) - 1]
            for line in pool:
                if (line.result or 0) >= nth and (line.result or 0) >= board.red.limit:
                    line.drawn = line.mark = "red"
        n = board.black.n or (max(1, len(pool) * board.black.per_mille // 1000) if board.black.per_mille else 0)
        others = sorted((line for line in pool if line.drawn != "red"), key=lambda line: line.result or 0)
        if not n:
            return
        picked = others[:n]
        if n < len(others) and others[n].result == picked[-1].result:
            picked = [line for line in picked if line.result != others[n].result]
        for line in picked:
            if (line.result or 0) <= board.black.limit:
                line.drawn = line.mark = "black"
                is_home = self.places[line.code]["level"] == "household"
                if is_home and self.state(line.code, last) in self.scheme.households.helped:
                    line.mark = ""

    def digest(self, version: int, key: str, lines: list[Line]) -> str:
        """Rule 16."""
        text = f"{self.scheme.ground}\t{self.scheme.code}@{version}\t{key}\n"
        for line in sorted(lines, key=lambda found: found.code.encode()):
            cells = [line.code, line.category]
            figures = [line.own, line.paired, line.adjustments, line.result, line.rank]
            cells += ["" if line.result is None else str(figure) for figure in figures]
            text += "\t".join([*cells, line.mark]) + "\n"
        return hashlib.sha256(text.encode("utf-8")).hexdigest()
