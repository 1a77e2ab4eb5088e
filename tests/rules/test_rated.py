"""A ground's rating as a whole: ranks, digest, and what must not matter, from docs/rules/stars.md."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.tables import Row, rows, words
from tests.rules.test_stars import BANDS, DOMAINS, candidate, quota
from xiangyue.rules.domains import judge
from xiangyue.rules.numbers import told
from xiangyue.rules.rated import Contender, RatedGround, rate_ground
from xiangyue.rules.settings import Domain, Quota, Rating, Threshold
from xiangyue.rules.stars import Candidate, places


def contender(text: str, group: str = "g", category: str = "v") -> Contender:
    """`a 2/2/1 80 away`."""
    told = text.removesuffix(" away")
    return Contender(candidate(told), group, category, told == text)


def rated(rating: Rating, contenders: list[Contender]) -> RatedGround:
    return rate_ground("410922", "qingfeng@1", "2026", rating, contenders)


@pytest.mark.parametrize("row", rows("stars", "ranks"), ids=lambda row: row["case"])
def test_ranks(row: Row) -> None:
    held = replace(DOMAINS, composite="year", quotas=tuple(quota(text) for text in words(row["quotas"])))
    result = rated(held, [contender(text) for text in words(row["subjects"])])
    assert " ".join(f"{r.code}{'–' if r.rank is None else r.rank}" for r in result.rows) == row["ranks"]


def test_the_digest_is_written_as_the_page_says() -> None:
    result = rated(replace(DOMAINS, composite=""), [contender("b 2/2/0 80"), contender("a 2/0/0 – away")])
    lines = "410922\tqingfeng@1\t2026\tqingfeng\na\tv\t\t\t\t\t\nb\tv\t2\t4\t8000\t2\t1\n"
    assert result.digest == hashlib.sha256(lines.encode()).hexdigest()


def test_categories_and_groups_are_rated_by_themselves() -> None:
    rating = replace(BANDS, quotas=(Quota(5, 1),))
    contenders = [
        contender("a 99", category="village"), contender("b 98", category="community"),
        contender("c 97", "h", "village"), contender("d 96", "h", "village"),
    ]  # fmt: skip
    result = rated(rating, contenders)
    assert [(row.code, row.stars, row.rank) for row in result.rows] == [
        ("a", 5, 1),
        ("b", 5, 1),
        ("c", 5, 1),
        ("d", 4, 2),
    ]
    assert [(group, category, line.n) for group, category, line in result.lines if line.stars == 5] == [
        ("g", "community", 1), ("g", "village", 1), ("h", "village", 1)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("number", "decimals", "unit", "words"),
    [
        (8500, 2, "%", "85.00 %"), (5, 2, "‰", "0.05 ‰"), (-120, 1, "亩", "-12.0 亩"), (20, 0, "", "20"),
        (1, 0, "1 有，0 无", "有"), (0, 0, "1 有，0 无", "无"), (7, 0, "1 有，0 无", "7"), (None, 0, "人", "—"),
    ],
)  # fmt: skip
def test_numbers_are_told_with_point_unit_or_word(number: int | None, decimals: int, unit: str, words: str) -> None:
    assert told(number, decimals, unit) == words


def test_states_are_asked_for_by_their_words() -> None:
    there = Threshold("t", "打更队", "watch", value=1, unit="1 有，0 无")
    plan = Threshold("p", "村庄规划", "plan", "one_of", values=(1, 3), unit="1 完成，2 纳入城镇，3 在评审，4 编制中")
    judged = judge(Domain("d", "平安", (there, plan)), {"watch": 0, "plan": 4})
    assert [row.why for row in judged.thresholds] == [
        "打更队应为 有，现为 无，未达标",
        "村庄规划应为 完成、在评审 之一，现为 编制中，未达标",
    ]


NAMES = "甲乙丙"
SUBJECTS = st.lists(
    st.tuples(st.tuples(*[st.integers(0, 2)] * 3), st.integers(0, 6), st.booleans(), st.integers(0, 5)), max_size=14
)
QUOTAS = st.lists(
    st.builds(Quota, st.integers(1, 3), st.integers(0, 5), st.integers(0, 600), st.booleans()),
    max_size=3, unique_by=lambda quota: quota.stars,
)  # fmt: skip


def contenders_of(subjects: list[tuple[tuple[int, ...], int, bool, int]], prefix: str = "s") -> list[Contender]:
    """Candidates by domains, some in another category, some capped."""
    found = []
    for n, (met, result, other, cap) in enumerate(subjects):
        text = f"{prefix}{n:02d} {'/'.join(map(str, met))} {60 + result}" + (f" cap {cap}" if cap < 3 else "")
        found.append(contender(text, category="community" if other else "village"))
    return found


@settings(max_examples=150, deadline=None)
@given(SUBJECTS, QUOTAS, st.randoms(use_true_random=False))
def test_order_and_names_do_not_matter(subjects: list, quotas: list[Quota], chance: object) -> None:  # type: ignore[type-arg]
    rating = replace(DOMAINS, composite="year", quotas=tuple(quotas))
    contenders = contenders_of(subjects)
    first = rated(rating, contenders)
    shuffled = list(contenders)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    again = rated(rating, shuffled)
    assert (again.digest, again.rows, again.lines) == (first.digest, first.rows, first.lines)
    renamed = rated(rating, contenders_of(subjects, "t"))
    assert [row[1:] for row in renamed.rows] == [row[1:] for row in first.rows]


@settings(max_examples=150, deadline=None)
@given(SUBJECTS, QUOTAS)
def test_a_hard_quota_is_never_passed(subjects: list, quotas: list[Quota]) -> None:  # type: ignore[type-arg]
    rating = replace(DOMAINS, composite="year", quotas=tuple(quotas))
    result = rated(rating, contenders_of(subjects))
    for category in {row.category for row in result.rows}:
        held = [row for row in result.rows if row.category == category]
        n = sum(row.stars is not None for row in held)
        for row in quotas:
            got = sum(subject.stars == row.stars for subject in held)
            if row.hard:
                assert got <= places(row, n)


@settings(max_examples=100, deadline=None)
@given(SUBJECTS, st.integers(0, 13), st.integers(0, 2))
def test_one_more_item_never_costs_stars_without_quotas(subjects: list, at: int, domain: int) -> None:  # type: ignore[type-arg]
    contenders = contenders_of(subjects)
    before = rated(DOMAINS, contenders)
    if at >= len(contenders):
        return
    held = contenders[at]
    figures = {**held.candidate.figures, f"{NAMES[domain]}1": 1, f"{NAMES[domain]}2": 1}
    better = Candidate(held.candidate.code, held.candidate.result, figures, held.candidate.violations)
    contenders[at] = held._replace(candidate=better)
    after = rated(DOMAINS, contenders)
    code = held.candidate.code
    old, new = before.told[code], after.told[code]
    assert (new.stars or 0) >= (old.stars or 0)
    assert all(after.told[row.code].stars == before.told[row.code].stars for row in before.rows if row.code != code)
