"""Other names in the same order change nothing in stars, deviations, award classes, incentives and pairs."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.test_stars import BANDS
from xiangyue.rules import awards, incentives
from xiangyue.rules.pairing import Listed, make_pairs
from xiangyue.rules.review import Deviation, deviate
from xiangyue.rules.settings import Award, AwardClass, IncentiveRule, Incentives, Pick, Quota
from xiangyue.rules.stars import Candidate, rate

RESULTS = st.lists(st.integers(55, 70).map(lambda n: n * 150), min_size=1, max_size=12)
OLD = [f"a{n:02d}" for n in range(12)]
NEW = [f"b{n * 7:03d}村" for n in range(12)]
NAMES = dict(zip(OLD, NEW, strict=True))


@settings(max_examples=30, deadline=None)
@given(
    RESULTS, st.integers(1, 4), st.booleans(), st.lists(st.tuples(st.sampled_from(OLD), st.integers(2, 5)), max_size=3)
)
def test_stars_and_deviations(results: list[int], n: int, hard: bool, moves: list[tuple[str, int]]) -> None:
    rating = replace(BANDS, quotas=(Quota(5, n, hard=hard), Quota(4, n, hard=hard)))
    told = []
    for names in (OLD, NEW):
        rated = rate([Candidate(code, result) for code, result in zip(names, results, strict=False)], rating)
        drafts = [Deviation(names[OLD.index(code)], stars, "复核") for code, stars in moves]
        finals, refused = deviate(rated, drafts, rating)
        told.append(
            (
                [(row.stars, row.missing, row.why) for row in rated.subjects],
                [(row.stars, row.why) for row in finals],
                [names.index(finding.subject) for finding in refused],
            )
        )
    assert told[0] == told[1]


@settings(max_examples=30, deadline=None)
@given(RESULTS, st.lists(st.integers(1, 4), min_size=1, max_size=3))
def test_award_classes_and_incentives(results: list[int], places: list[int]) -> None:
    award = Award("a", "年度", "year", "village", tuple(AwardClass(f"{n}", f"{n}", m) for n, m in enumerate(places)))
    rules = tuple(
        IncentiveRule(f"r{n}", f"r{n}", Pick("award", "a", (f"{n}",)), 100 * (n + 1), "county")
        for n in range(len(places))
    )
    told = []
    for names in (OLD, NEW):
        drawn = awards.draw(zip(names, results, strict=False), award)
        held = [incentives.Held(code, "award", "a", kind.code) for kind in drawn.classes for code in kind.codes]
        plan = incentives.plan([incentives.Payee(code, code) for code in names], held, Incentives("i", "奖补", rules))
        told.append(([names.index(line.subject) for line in plan.lines], [line.amount for line in plan.lines]))
    assert told[0] == told[1]


@settings(max_examples=30, deadline=None)
@given(RESULTS, RESULTS)
def test_pairs_are_zipped_from_both_ends_alike(reds: list[int], blacks: list[int]) -> None:
    red = [Listed(code, result, ("C", "T")) for code, result in zip(OLD, reds, strict=False)]
    black = [Listed(code, result, ("C", "T")) for code, result in zip(NEW, blacks, strict=False)]
    there, _ = make_pairs(red, black)
    back, _ = make_pairs([_turned(row) for row in black], [_turned(row) for row in red])
    assert [(pair.red, pair.black) for pair in there] == [(pair.black, pair.red) for pair in back]
    renamed, _ = make_pairs([row._replace(code=NAMES[row.code]) for row in red], black)
    assert [(pair.red, pair.black) for pair in renamed] == [(NAMES[pair.red], pair.black) for pair in there]


def _turned(row: Listed) -> Listed:
    """The same subject with what is best made worst."""
    return row._replace(result=-row.result)
