"""Rule 13, from docs/rules/honours.md."""

from __future__ import annotations

from datetime import date

import pytest

from tests.rules.tables import Row, figure, points, rows, words
from xiangyue.rules.ballots import Ballot
from xiangyue.rules.days import months_of, year_of
from xiangyue.rules.honours import Cause, PeriodResult, counted, give, give_by_ballot, holding
from xiangyue.rules.settings import Honour

GIVEN = date(2026, 3, 15)
MONTHS = months_of(year_of(GIVEN))


def results(text: str) -> list[tuple[str, int | None]]:
    """`a 95, b –`."""
    return [(code, figure(result)) for code, result in (part.split() for part in words(text))]


@pytest.mark.parametrize("row", rows("honours", "given"), ids=lambda row: row["case"])
def test_given_by_rule(row: Row) -> None:
    honour = Honour("h", "示例称号", "village", give_floor=points(row["floor"]), places=int(row["places"]))
    held = results(row["results"])
    assert " ".join(give(held, honour).codes) == row["given"]
    assert give(held[::-1], honour) == give(held, honour)


@pytest.mark.parametrize("row", rows("honours", "better"), ids=lambda row: " ".join(row.values()))
def test_a_household_s_plaque_goes_by_the_better(row: Row) -> None:
    assert counted(figure(row["own"]), figure(row["result"])) == figure(row["counted"])


@pytest.mark.parametrize("row", rows("honours", "holding"), ids=lambda row: row["case"])
def test_how_a_title_stands(row: Row) -> None:
    honour = Honour("h", "示例称号", "village", floor=8500, periods=int(row["k"]), causes=("弄虚作假",))
    held = [
        PeriodResult(month, figure(text))
        for month, text in zip(MONTHS, row["results from January"].split(), strict=False)
    ]
    causes = [
        Cause(date.fromisoformat(day), cause, "通报1号") for day, cause in (t.split() for t in words(row["causes"]))
    ]
    told = holding(GIVEN, held, honour, causes)
    assert (told.state, told.row) == (row["state"], int(row["row"]))
    assert str(told.down_on or "") == row["down on"]
    assert holding(GIVEN, held[::-1], honour, causes) == told
    assert ("摘牌" in told.why) or told.state == "hangs"


def test_before_it_is_taken_down_for_low_results_it_was_warned() -> None:
    honour = Honour("h", "示例称号", "village", floor=8500, periods=3)
    held = [PeriodResult(month, result) for month, result in zip(MONTHS[2:], (8000, None, 8000, 8000), strict=False)]
    states = [holding(GIVEN, held[:n], honour).state for n in range(5)]
    assert states == ["hangs", "hangs", "hangs", "warned", "taken_down"]


def ballot(**changes: object) -> Ballot:
    """An assembly's ballot."""
    facts: dict[str, object] = {"minutes": "纪要〔2026〕1号", "called": 60, "came": 40, "votes": {"a": 30, "b": 25}}
    return Ballot("assembly", GIVEN, **(facts | changes))  # type: ignore[arg-type]


def test_given_by_ballot() -> None:
    honour = Honour("h", "最美家庭", "household", given_by="assembly", places=1)
    assert give_by_ballot(ballot(), honour).codes == ("a",)
    tied = give_by_ballot(ballot(votes={"a": 30, "b": 30}), honour)
    assert (tied.codes, tied.open) == ((), ("a", "b"))
    refused = give_by_ballot(ballot(online=True), honour)
    assert refused.codes == ()
    assert "网上投票" in refused.why


def test_neither_rule_nor_another_body_gives_what_an_assembly_does() -> None:
    honour = Honour("h", "最美家庭", "household", given_by="assembly", places=1)
    assert give([("a", 9900)], honour).codes == ()
    jury = Honour("h", "最美家庭", "household", given_by="jury", places=1)
    assert give_by_ballot(ballot(), jury).codes == ()
