"""A look ahead before closing: what is missing, and what the figures would be against the period before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from xiangyue.base.scope import below
from xiangyue.captures.models import Capture
from xiangyue.checks.models import Check
from xiangyue.places.models import Place
from xiangyue.rules.closing import ClosedComposite
from xiangyue.rules.days import previous
from xiangyue.rules.numbers import half_up
from xiangyue.rules.settings import Component, Composite
from xiangyue.standings.actions.closing import Worked, work_out
from xiangyue.standings.actions.periods import asked
from xiangyue.standings.facts import closings_of
from xiangyue.standings.late import count_late, month_numbers
from xiangyue.standings.models import Period
from xiangyue.standings.totals import fetch

NAMED = 12


@dataclass(frozen=True, slots=True)
class Missing:
    """One kind of gap: how many, and the first few by name."""

    what: str
    n: int
    names: Sequence[str] = ()
    mend: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """A subject's figure now and in the period before."""

    code: str
    name: str
    result: int | None
    before: int | None
    board: str

    @property
    def moved(self) -> int | None:
        """How far it moved; None when there is nothing to compare with."""
        return None if self.result is None or self.before is None else self.result - self.before


@dataclass(frozen=True, slots=True)
class Ahead:
    """One composite as it would be closed now."""

    code: str
    name: str
    level: str
    n_subjects: int
    n_rated: int
    mean: int | None
    mean_before: int | None
    n_red: int
    n_black: int
    changes: Sequence[Change]
    """Of villages and townships: each; of households none are listed."""

    @property
    def delta(self) -> int | None:
        """How far the mean moved."""
        return None if self.mean is None or self.mean_before is None else self.mean - self.mean_before

    @property
    def note(self) -> str:
        """Rated, red and black in words."""
        words = f"有成绩 {self.n_rated}/{self.n_subjects}"
        return f"{words}，红榜 {self.n_red}，黑榜 {self.n_black}" if self.n_red or self.n_black else words


@dataclass(frozen=True, slots=True)
class Preview:
    """All that a clerk looks at before closing."""

    worked: Worked
    missing: Sequence[Missing]
    composites: Sequence[Ahead]
    findings: Sequence[str]

    @property
    def nothing_recorded(self) -> bool:
        """Whether there is not one counted check."""
        return self.worked.nothing_recorded


def preview(period: Period) -> Preview:
    """The period as it would be closed now, nothing stored; Problem when its months are still open."""
    what = asked(period.ground, period.key, period.scheme)
    worked = work_out(what, period)
    names = _names(worked)
    before = closings_of(period.ground_id, period.scheme, [previous(what.span).key]).get(previous(what.span).key)
    ahead = [_ahead(worked, composite, names, before) for composite in worked.closed.composites]
    findings = [finding.words for finding in worked.closed.findings if finding.id != "nothing-recorded"]
    return Preview(worked, missing(worked, names), ahead[::-1], findings)


def missing(worked: Worked, names: dict[str, str]) -> list[Missing]:
    """What is not there, gap by gap."""
    found: list[Missing] = []
    for composite in worked.closed.composites:
        settings = worked.scheme.composite(composite.code)
        if settings.mode == "records":
            found += _without_sheets(worked, settings, names)
            found += _without_numbers(worked, settings, names)
    period = worked.period
    months = month_numbers(worked.asked.span)
    held = Check.objects.aside(Check.State.HELD).filter(ground=period.ground_id, month__in=months).count()
    held += (
        Capture.objects.waiting(Capture.State.HELD)
        .filter(
            below("place__path", (period.ground.path,)),
            checks=None,
            made_at__date__gte=period.starts_on,
            made_at__date__lte=period.ends_on,
        )
        .count()
    )
    if held:
        found.append(Missing("待人工核对的检查", held, (), "请在“检查”里逐条接受或驳回，再关账。"))
    late = count_late(period.ground_id, period.scheme, worked.asked.span)
    if late:
        found.append(Missing("迟到的检查", late, (), "开新版本时一并计入。"))
    return found


def _without_sheets(worked: Worked, composite: Composite, names: dict[str, str]) -> list[Missing]:
    facts = worked.gathered.facts
    not_due = worked.scheme.households.not_due
    due = [s for s in facts.subjects if s.level == composite.level and s.state not in not_due]
    found: list[Missing] = []
    for component in composite.components:
        if component.source.kind != "sheets" or not due:
            continue
        held = facts.totals.get(component.source.check_kind, {})
        without = [s for s in due if s.code not in held]
        if len(without) == len(due):
            found.append(
                Missing(f"“{component.name}”一次都没有", len(due), (), "确认是不是还没有录入；没有的项按规则缺项。")
            )
        elif without and composite.level == "household":
            by_village = Counter(s.chain[2] for s in without if len(s.chain) > 2)
            listed = [f"{names.get(code, code)} {n}户" for code, n in by_village.most_common(NAMED)]
            found.append(Missing(f"没有“{component.name}”的农户", len(without), listed, _follows(composite, component)))
        elif without:
            listed = [names.get(s.code, s.code) for s in without[:NAMED]]
            found.append(Missing(f"没有“{component.name}”的对象", len(without), listed, _follows(composite, component)))
    return found


def _follows(composite: Composite, component: Component) -> str:
    if component.required or len(composite.components) == 1:
        return "这一项必须有：缺了就没有成绩，不参评。"
    return "缺这一项，按其余各项计算；各项都缺的没有成绩。"


def _without_numbers(worked: Worked, composite: Composite, names: dict[str, str]) -> list[Missing]:
    facts, not_due = worked.gathered.facts, worked.scheme.households.not_due
    due = [s for s in facts.subjects if s.level == composite.level and s.state not in not_due]
    found: list[Missing] = []
    for component in composite.components:
        held = facts.indicators.get(component.source.indicator, {})
        without = [s for s in due if s.code not in held]
        if component.source.kind == "indicator" and without:
            listed = [names.get(s.code, s.code) for s in without[:NAMED]]
            mend = "请到“指标填报”里补填；没有填数的缺这一项，按其余各项计算。"
            found.append(Missing(f"没有填“{component.name}”", len(without), listed, mend))
    return found


def _ahead(worked: Worked, composite: ClosedComposite, names: dict[str, str], before: int | None) -> Ahead:
    rated = [row.result for row in composite.rows if row.result is not None]
    mean = half_up(sum(rated), len(rated)) if rated else None
    mean_before, results = _before(before, composite)
    codes = {row_id: code for code, row_id in worked.gathered.ids.items()} if results else {}
    old = {codes.get(subject): result for subject, result in results.items()}
    changes = [
        Change(row.code, names.get(row.code, row.code), row.result, old.get(row.code), row.board)
        for row in sorted(composite.rows, key=lambda row: (row.rank is None, row.category, row.rank or 0, row.code))
        if composite.level != "household"
    ]
    return Ahead(
        composite.code, composite.name, composite.level, len(composite.rows), len(rated), mean, mean_before,
        sum(row.board == "red" for row in composite.rows), sum(row.board == "black" for row in composite.rows), changes,
    )  # fmt: skip


def _before(closing: int | None, composite: ClosedComposite) -> tuple[int | None, dict[int, int | None]]:
    """The mean and (above households) the results in the period before."""
    if closing is None:
        return None, {}
    rows = fetch(
        "SELECT id, mean FROM standings_standing WHERE closing_id = %s AND composite = %s", [closing, composite.code]
    )
    if not rows:
        return None, {}
    standing, mean = rows[0]
    if composite.level == "household":
        return mean, {}
    found = fetch("SELECT subject_id, result FROM standings_result WHERE standing_id = %s", [standing])
    return mean, {int(subject): result for subject, result in found}


def _names(worked: Worked) -> dict[str, str]:
    """Names of all above households."""
    rows = Place.objects.below(worked.asked.ground.path).filter(level__in=("county", "township", "village"))
    return dict(rows.values_list("code", "name"))
