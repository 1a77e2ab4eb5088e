"""What a closed period's results would have been under a draft, subject by subject, with what moved and why."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiangyue.agreements.models import SchemeVersion
from xiangyue.agreements.tree import read_text
from xiangyue.base.jobs import Progress, work
from xiangyue.base.problems import Problem, problem_kind
from xiangyue.places.models import Place
from xiangyue.rules import awards
from xiangyue.rules.closing import Closed, ClosedComposite, close, order_of
from xiangyue.rules.days import parse_period
from xiangyue.rules.numbers import half_up
from xiangyue.rules.settings import Scheme
from xiangyue.standings.actions.closing import Worked, worked_again
from xiangyue.standings.draft_reasons import reasons
from xiangyue.standings.facts import Roll, facts_of, subjects_of
from xiangyue.standings.models import Closing, Roster
from xiangyue.standings.ratings.rating import AskedRating, with_units
from xiangyue.standings.ratings.rating import work_out as rate_out
from xiangyue.standings.rescoring import Rescored, rescore
from xiangyue.standings.roster import unpack

KIND = "standings.draft"
STEPS = 6
UNREADABLE = problem_kind(
    "draft_unreadable", gettext_lazy("草稿还有错，算不出结果。"), gettext_lazy("请先把标出的地方改好，再套算。"), 409
)


class Figures(NamedTuple):
    """A subject's figures under one scheme; stars and award as words, empty where there are none."""

    own: int | None = None
    result: int | None = None
    rank: int | None = None
    board: str = ""
    stars: str = ""
    award: str = ""
    category: str = ""


class Line(NamedTuple):
    """A subject before and under the draft; `at` is the place above it; `why` is empty when nothing moved."""

    code: str
    name: str
    at: str
    was: Figures
    now: Figures
    why: str

    @property
    def moved(self) -> int | None:
        """How far the result moved; None where there is nothing to compare."""
        if self.was.result is None or self.now.result is None:
            return None
        return self.now.result - self.was.result


@dataclass(frozen=True, slots=True)
class Side:
    """One scheme's outcome: what was closed, and stars and award classes by composite and subject."""

    scheme: Scheme
    closed: Closed
    stars: Mapping[str, Mapping[str, str]]
    awards: Mapping[str, Mapping[str, str]]

    def figures(self, composite: str) -> dict[str, Figures]:
        """Code → figures in a composite; empty where the scheme does not have it."""
        held = closed_of(self.closed, composite)
        stars, classes = self.stars.get(composite, {}), self.awards.get(composite, {})
        return {
            row.code: Figures(
                row.own,
                row.result,
                row.rank,
                row.board,
                stars.get(row.code, ""),
                classes.get(row.code, ""),
                row.category,
            )
            for row in (held.rows if held else ())
        }


def closed_of(closed: Closed, composite: str) -> ClosedComposite | None:
    """The composite of that code, where the scheme has it."""
    return next((held for held in closed.composites if held.code == composite), None)


@work(KIND)
def try_draft(progress: Progress, args: dict[str, Any]) -> dict[str, Any]:
    """The job: a draft (by its text's digest) tried on a closing."""
    draft = SchemeVersion.objects.select_related("ground").get(pk=args["draft"])
    closing = Closing.objects.select_related("period__ground", "scheme_version").get(pk=args["closing"])
    outcome = tried(draft, closing, lambda done, words: progress.say(done, STEPS, words))
    packed = pack_outcome(outcome)
    progress.say(STEPS, STEPS, _("算好了"))
    return {"digest": draft.digest, **packed}


def tried(draft: SchemeVersion, closing: Closing, say: Callable[[int, str], None]) -> dict[str, Any]:
    """Everything that the page tells of a draft tried on a closing."""
    reading = read_text(draft.text)
    if reading.unread or reading.senseless:
        raise Problem(UNREADABLE)
    scheme = replace(reading.scheme, code=closing.period.scheme)
    say(0, _("读取当时的名册和检查"))
    before = worked_again(closing)
    say(1, _("照草案的标准重算检查"))
    gathered, rescored = _facts(closing, before, scheme)
    say(2, _("照草案关账"))
    closed = close(gathered, scheme, before.asked.span)
    say(3, _("评星、定奖级"))
    old = _side(before, before.version, before.scheme, before.closed)
    new = _side(before, draft, scheme, closed)
    say(4, _("逐个对比"))
    names = _names(before.asked.ground)
    composites = [_compared(old, new, code, names) for code in _codes(before, scheme)]
    say(5, _("整理结果"))
    return {"composites": composites, "notes": _notes(scheme, before, rescored), "period": before.asked.span.key}


def _facts(closing: Closing, before: Worked, scheme: Scheme) -> tuple[Any, Rescored]:
    """The closing's facts as the draft counts them: its own categories and kinds, its standards on the sheets."""
    what = before.asked
    roll: Roll = unpack(bytes(Roster.objects.get(closing=closing).data))
    roll.subjects, ids = subjects_of(what.facts_ground, scheme, what.span)
    codes = {row_id: code for code, row_id in ids.items()}
    facts = facts_of(what.facts_ground, scheme, 0, what.span, roll, codes)
    totals = {kind: dict(held) for kind, held in facts.totals.items()}
    made = rescore(what.ground.pk, before.scheme, scheme, what.span, totals, codes)
    return replace(facts, totals=made.totals), made


def _side(worked: Worked, version: SchemeVersion, scheme: Scheme, closed: Closed) -> Side:
    stars: dict[str, Mapping[str, str]] = {}
    classes: dict[str, Mapping[str, str]] = {}
    for held in closed.composites:
        results = {row.code: row.result for row in held.rows}
        stars[held.code] = _stars(worked, version, scheme, held, results)
        classes[held.code] = _awards(scheme, held)
    return Side(scheme, closed, stars, classes)


def _stars(
    worked: Worked, version: SchemeVersion, scheme: Scheme, held: ClosedComposite, results: Mapping[str, int | None]
) -> dict[str, str]:
    """Subject → stars by the first rating that reads the composite, by its results of this very trial."""
    span = worked.asked.span
    rating = next((row for row in scheme.ratings if row.composite == held.code and row.period == span.kind), None)
    if rating is None:
        return {}
    asked = AskedRating(worked.asked.ground, version, scheme, with_units(rating, scheme), span)
    return {row.code: _("%s星") % row.stars for row in rate_out(asked, results).rated.rows if row.stars is not None}


def _awards(scheme: Scheme, held: ClosedComposite) -> dict[str, str]:
    """Subject → its class in the awards that read the composite."""
    found: dict[str, str] = {}
    for award in scheme.awards:
        if award.composite != held.code:
            continue
        rated = [
            (row.code, row.result) for row in held.rows if row.category == award.category and row.result is not None
        ]
        for drawn in awards.draw(rated, award).classes:
            found |= dict.fromkeys(drawn.codes, drawn.name)
    return found


def _codes(before: Worked, scheme: Scheme) -> list[str]:
    """The composites of the period's kind, the draft's order, highest level first; then those that it drops."""
    new = [composite.code for composite in order_of(scheme, before.asked.span)][::-1]
    return new + [held.code for held in before.closed.composites if held.code not in new]


def _names(ground: Place) -> dict[str, str]:
    return dict(Place.objects.below(ground.path).values_list("code", "name"))


def _compared(old: Side, new: Side, code: str, names: Mapping[str, str]) -> dict[str, Any]:
    was, now = old.figures(code), new.figures(code)
    held = closed_of(new.closed, code) or closed_of(old.closed, code)
    assert held is not None
    why = reasons(old.scheme, new.scheme, closed_of(old.closed, code), closed_of(new.closed, code))
    chains = {subject.code: subject.chain for subject in _subjects(held)}
    lines = [
        [subject, names.get(subject, subject), _above(chains.get(subject, ()), names), before, after,
         "" if before == after else why(subject, before, after)]
        for subject in sorted({*was, *now}, key=lambda one: _order(now.get(one), one))
        for before, after in [(was.get(subject, Figures()), now.get(subject, Figures()))]
    ]  # fmt: skip
    return {
        "code": code,
        "name": held.name,
        "level": held.level,
        "is_new": not was,
        "is_gone": not now,
        "mean_was": _mean(was),
        "mean_now": _mean(now),
        "lines": lines,
    }


def _subjects(held: ClosedComposite) -> Sequence[Any]:
    return [subject for subject in held.basis.facts.subjects if subject.level == held.level]


def _above(chain: tuple[str, ...], names: Mapping[str, str]) -> str:
    """The names of the township and village above a subject."""
    return " ".join(names.get(code, code) for code in chain[1:3] if code)


def _order(figures: Figures | None, code: str) -> tuple[bool, str, int, str]:
    if figures is None:
        return (True, "", 0, code)
    return (figures.rank is None, figures.category, figures.rank or 0, code)


def _mean(figures: Mapping[str, Figures]) -> int | None:
    rated = [row.result for row in figures.values() if row.result is not None]
    return half_up(sum(rated), len(rated)) if rated else None


def _notes(scheme: Scheme, before: Worked, rescored: Rescored) -> list[str]:
    """What one must know to read the figures: sheets scored once more, entries left out, kinds that nobody made yet."""
    found = []
    names = {kind.code: kind.name for kind in scheme.check_kinds}
    for kind, n in rescored.sheets.items():
        found.append(
            _("“%(kind)s”用的标准改了：有扣分、加分的%(n)s张表照草案重算，没有问题的表仍是满分；新加的项按没有问题算。")
            % {"kind": names[kind], "n": n}
        )
        for item, dropped in sorted(rescored.dropped.get(kind, {}).items()):
            words = _("“%(kind)s”里%(n)s条记分的项（%(item)s）草案里没有，或记法不同，没有算。")
            found.append(words % {"kind": names[kind], "n": dropped, "item": item})
    known = {kind.code for kind in before.scheme.check_kinds}
    fresh = [name for code, name in names.items() if code not in known]
    if fresh:
        found.append(_("草案新设的检查（%s）当时没有做过，这一部分按缺项算。") % "、".join(fresh))
    return found


def pack_outcome(outcome: dict[str, Any]) -> dict[str, Any]:
    """The outcome with each composite's lines in few characters, so that a page reads only those it shows."""
    composites = [
        {**{key: value for key, value in one.items() if key != "lines"}, "packed": _packed(one["lines"])}
        for one in outcome["composites"]
    ]
    return {**outcome, "composites": composites}


def _packed(lines: list[Any]) -> str:
    text = json.dumps(lines, ensure_ascii=False, separators=(",", ":"))
    return base64.b85encode(zlib.compress(text.encode(), 6)).decode()


def lines_of(composite: Mapping[str, Any]) -> Iterator[Line]:
    """The lines of a composite, packed or not."""
    lines = composite.get("lines")
    if lines is None:
        lines = json.loads(zlib.decompress(base64.b85decode(composite["packed"])))
    for code, name, at, was, now, why in lines:
        yield Line(code, name, at, Figures(*was), Figures(*now), why)


TRIED = {"month": 12, "quarter": 4, "year": 3}
"""How many closed periods of a kind a draft can be tried on."""


def closings_to_try(ground_id: int, code: str) -> list[Closing]:
    """The newest version of the last months, quarters and years that are closed, the last period first."""
    rows = Closing.objects.filter(period__ground=ground_id, period__scheme=code)
    found: dict[int, Closing] = {}
    for row in rows.select_related("period").order_by("-period__ends_on", "period__starts_on", "-version"):
        found.setdefault(row.period_id, row)
    months_first = sorted(
        found.values(), key=lambda row: (row.period.ends_on, row.period.kind == "month"), reverse=True
    )
    # by kind, so that a year, which stars hang on, is not crowded out by the months after it
    kinds = {kind: [row for row in months_first if row.period.kind == kind][:most] for kind, most in TRIED.items()}
    return [row for row in months_first if row in kinds[row.period.kind]]


def span_name(closing: Closing) -> str:
    """The period of a closing in words."""
    return parse_period(closing.period.key).name
