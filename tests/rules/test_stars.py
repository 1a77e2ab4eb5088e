"""Rule 9, from docs/rules/stars.md."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import cast, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.tables import Row, figure, rows, words
from xiangyue.rules.domains import judge
from xiangyue.rules.settings import (
    About,
    Basis,
    Domain,
    Quota,
    Rating,
    Reaches,
    StarBand,
    Threshold,
    ViolationKind,
)
from xiangyue.rules.stars import Candidate, Rated, rate
from xiangyue.rules.violations import Violation, caps, cautions, refusals

KINDS = tuple(ViolationKind(f"cap{n}", f"违规{n}", n) for n in range(6))
BANDS = Rating(
    "tumen",
    "评星",
    "bands",
    "year",
    bands=(StarBand(2, 6000), StarBand(3, 7500), StarBand(4, 8800), StarBand(5, 9500)),
    violations=KINDS,
)
DOMAINS = Rating(
    "qingfeng",
    "五星支部",
    "domains",
    "year",
    domains=tuple(
        Domain(name, name, tuple(Threshold(f"{name}{n}", f"第{n}项", f"{name}{n}", "at_least", 1) for n in (1, 2)))
        for name in "甲乙丙"
    ),
    violations=KINDS,
)


def violation(n: str) -> Violation:
    """One that leaves at most n stars."""
    return Violation("a", f"cap{n}", "清纪〔2026〕3号", "第七条", "纪委")


def candidate(text: str) -> Candidate:
    """`a 95 cap 3`, or `a 2/2/1 80`."""
    code, *marks = text.split()
    capped = (violation(marks[marks.index("cap") + 1]),) if "cap" in marks else ()
    if "/" not in marks[0]:
        return Candidate(code, figure(marks[0]), {}, capped)
    met = dict(zip("甲乙丙", map(int, marks[0].split("/")), strict=True))
    figures = {f"{name}{n}": int(n <= many) for name, many in met.items() for n in (1, 2)}
    return Candidate(code, figure(marks[1]), figures, capped)


def quota(text: str) -> Quota:
    """`5:2 soft` or `5:500‰`."""
    stars, n = text.split(maxsplit=1)[0].split(":")
    if n.endswith("‰"):
        return Quota(int(stars), per_mille=int(n[:-1]), hard="soft" not in text)
    return Quota(int(stars), int(n), hard="soft" not in text)


def rated(row: Row, rating: Rating, subjects: str) -> Rated:
    """The rating of a row."""
    held = replace(rating, quotas=tuple(quota(text) for text in words(row["quotas"])))
    return rate([candidate(text) for text in words(row[subjects])], held)


def told(result: Rated) -> str:
    """`a5 b–`."""
    return " ".join(f"{row.code}{'–' if row.stars is None else row.stars}" for row in result.subjects)


@pytest.mark.parametrize("row", rows("stars", "thresholds"), ids=lambda row: " ".join(row.values()))
def test_a_threshold(row: Row) -> None:
    values = tuple(map(int, row["value"].split()))
    threshold = Threshold("t", "应急队伍", "team", cast("Reaches", row["reaches"]), values[0], values, unit="人")
    domain = judge(Domain("safe", "平安", (threshold,)), {} if row["figure"] == "–" else {"team": int(row["figure"])})
    assert domain.is_met == (row["met"] == "yes")
    assert ("没有填数" in domain.thresholds[0].why) == (row["figure"] == "–")


def test_thresholds_of_one_item_are_met_together() -> None:
    domain = Domain(
        "safe",
        "平安",
        (
            Threshold("men", "应急队伍", "men", value=20, item="team", unit="人"),
            Threshold("drills", "演练", "drills", value=2, item="team", unit="次"),
            Threshold("rate", "整改率", "rate", value=9500, unit="%", decimals=2),
        ),
    )
    judged = judge(domain, {"men": 20, "drills": 1, "rate": 9550})
    assert (judged.items, judged.items_met, judged.is_met) == (2, 1, False)
    assert judge(domain, {"men": 19, "drills": 2, "rate": 9550}).items_met == 1
    assert judge(domain, {"men": 20, "drills": 2, "rate": 9550}).is_met
    assert [row.why for row in judged.unmet] == ["演练应不低于 2 次，现为 1 次，未达标，差 1 次"]
    assert judged.thresholds[2].why == "整改率应不低于 95.00 %，现为 95.50 %，达标"


@pytest.mark.parametrize("row", rows("stars", "bands"), ids=lambda row: row["case"])
def test_stars_by_bands(row: Row) -> None:
    result = rated(row, BANDS, "results")
    assert told(result) == row["stars"]
    assert ", ".join(f"{line.stars}:{line.excess}" for line in result.lines if line.excess) == row["excess"]


@pytest.mark.parametrize("row", rows("stars", "domains"), ids=lambda row: row["case"])
def test_stars_by_domains(row: Row) -> None:
    assert told(rated(row, DOMAINS, "subjects")) == row["stars"]


@pytest.mark.parametrize("row", rows("stars", "missing"), ids=lambda row: f"{row['subjects']} {row['quotas']}")
def test_what_is_missing_for_one_star_more(row: Row) -> None:
    result = rated(row, {"bands": BANDS, "domains": DOMAINS}[row["rating"]], "subjects")
    missing = next(subject for subject in result.subjects if subject.code == row["of"]).missing
    wanted = words(row["missing"], " / ")
    assert len(missing) == len(wanted)
    for line, pattern in zip(missing, wanted, strict=True):
        assert re.fullmatch(re.escape(pattern).replace("…", ".*"), line), line


@pytest.mark.parametrize("row", rows("stars", "violations"), ids=lambda row: " ".join(row.values()))
def test_who_may_enter_which_violation(row: Row) -> None:
    kinds = (ViolationKind("discipline", "违反纪律", 2, "纪委"),)
    draft = Violation(
        "a",
        row["kind"],
        row["document"],
        row["clause"],
        row["department"],
        cast("Basis", row["basis"]),
        cast("About", row["about"]),
    )
    found = refusals(draft, kinds)
    assert " ".join(finding.id for finding in found) == row["refused"]
    assert all("请" in finding.words for finding in found)
    assert [cap.most_stars for cap in caps([draft], kinds)] == ([] if row["refused"] else [2])


@given(
    document=st.text(max_size=12), clause=st.text(max_size=12), basis=st.sampled_from(get_args(Basis)),
    about=st.sampled_from(get_args(About)), stars=st.integers(0, 5),
)  # fmt: skip
def test_without_number_and_clause_nothing_is_entered_and_nothing_capped(
    document: str, clause: str, basis: Basis, about: About, stars: int
) -> None:
    draft = Violation("a", f"cap{stars}", document, clause, "纪委", basis, about)
    refused = {row.id for row in refusals(draft, KINDS)}
    assert ("no-document" in refused, "no-clause" in refused) == (not document.strip(), not clause.strip())
    assert bool(caps([draft], KINDS)) == (not refused)
    lawful = basis in ("law", "discipline") and about != "household"
    assert bool(caps([draft], KINDS)) == bool(lawful and document.strip() and clause.strip())


def test_a_text_about_petitions_asks_a_person() -> None:
    draft = violation("2")
    assert cautions(draft) == ()
    assert "信访" in cautions(replace(draft, words="该村信访较多"))[0].words


def test_a_rating_by_domains_without_a_composite_rates_everybody() -> None:
    result = rate([candidate("a 2/2/2 –")], replace(DOMAINS, composite=""))
    assert told(result) == "a3"
    assert (result.count(3), result.at_least(2), result.at_least(1)) == (1, 1, 1)


RESULTS = st.lists(st.none() | st.integers(55, 100).map(lambda n: n * 100), max_size=14)
QUOTAS = st.lists(
    st.builds(Quota, st.integers(2, 5), st.integers(0, 4), st.just(0), st.booleans()), unique_by=lambda q: q.stars
)
CAPS = st.lists(st.none() | st.integers(0, 5), min_size=14, max_size=14)


def drafted(results: list[int | None], capped: list[int | None]) -> list[Candidate]:
    """Candidates of these results and caps."""
    return [
        Candidate(f"s{n:02d}", result, {}, () if cap is None else (violation(str(cap)),))
        for n, (result, cap) in enumerate(zip(results, capped, strict=False))
    ]


@settings(max_examples=30, deadline=None)
@given(RESULTS, CAPS, QUOTAS, st.randoms(use_true_random=False))
def test_a_hard_quota_is_never_passed_and_order_does_not_matter(
    results: list[int | None], capped: list[int | None], quotas: list[Quota], by: object
) -> None:
    rating = replace(BANDS, quotas=tuple(quotas))
    candidates = drafted(results, capped)
    result = rate(candidates, rating)
    by.shuffle(candidates)  # type: ignore[attr-defined]
    assert rate(candidates, rating) == result
    for held in quotas:
        line = next(line for line in result.lines if line.stars == held.stars)
        assert line.n == result.count(held.stars)
        assert line.excess == max(0, line.n - held.n)
        if held.hard or held.n == 0:
            assert line.n <= held.n


@settings(max_examples=30, deadline=None)
@given(RESULTS, CAPS, QUOTAS)
def test_equals_share_their_stars_and_nobody_has_more_than_earned(
    results: list[int | None], capped: list[int | None], quotas: list[Quota]
) -> None:
    candidates = drafted(results, capped)
    subjects = rate(candidates, replace(BANDS, quotas=tuple(quotas))).subjects
    for row, one in zip(subjects, candidates, strict=True):
        if one.result is None:
            assert row.stars is None
            continue
        assert row.stars is not None
        assert row.earned is not None
        assert row.capped is not None
        assert row.stars <= row.capped <= row.earned
        assert bool(row.missing) == (row.stars < 5)
        for other in subjects:
            if (other.order, other.capped) == (row.order, row.capped):
                assert other.stars == row.stars


@settings(max_examples=30, deadline=None)
@given(RESULTS, QUOTAS, st.integers(0, 13))
def test_a_better_result_never_costs_a_star(results: list[int | None], quotas: list[Quota], at: int) -> None:
    rating = replace(BANDS, quotas=tuple(held for held in quotas if held.hard))
    mine = at % max(1, len(results))
    if not results or (held := results[mine]) is None:
        return
    better = [*results[:mine], held + 500, *results[mine + 1 :]]
    before, after = (rate(drafted(these, [None] * 14), rating).subjects[mine].stars for these in (results, better))
    assert before is not None
    assert after is not None
    assert before <= after or held + 500 in results
