"""The burden account, from docs/rules/burden.md."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rules.tables import Row, rows
from xiangyue.rules import burden
from xiangyue.rules.settings import Area, Burden, Cadence, CheckKind, Indicator, Item, Layer, Scheme, Standard


def scheme(subject: str = "household", items: int = 9, every: str = "day", times: int = 1, **cap: int) -> Scheme:
    """A scheme of one layer, one standard and one kind."""
    listed = tuple(Item(f"i{n}", f"第{n}项", "pass") for n in range(items))
    return Scheme(
        "s", "示例", "990100",
        layers=(Layer("l", "党员包户", "person", subject, posts=("member",), cadence=Cadence(every, "target", times)),),  # type: ignore[arg-type]
        standards=(Standard("S", "标准", subject, (Area("a", "方面", listed),)),),  # type: ignore[arg-type]
        check_kinds=(CheckKind("k", "日检查", subject, "S", ("l",), self_check=True),),  # type: ignore[arg-type]
        burden=Burden(**cap),
    )  # fmt: skip


@pytest.mark.parametrize("row", rows("burden", "minutes"), ids=lambda row: row["case"])
def test_minutes(row: Row) -> None:
    made = scheme(row["subject"], int(row["items"]), row["every"], int(row["times"]))
    asks = burden.asked(made, {"l": int(row["doors"])})
    assert [ask.seconds for ask in asks] == [int(row["seconds"])]
    assert burden.minutes(asks) == {"l": int(row["minutes"])}


@pytest.mark.parametrize("row", rows("burden", "caps"), ids=lambda row: row["case"])
def test_caps(row: Row) -> None:
    found = burden.scheme_over(scheme(minutes_week=int(row["minutes cap"])), {"l": int(row["doors"])})
    assert [finding.id for finding in found] == row["over"].split()
    assert all("请" in finding.words for finding in found)


@pytest.mark.parametrize("row", rows("burden", "received"), ids=lambda row: row["case"])
def test_received(row: Row) -> None:
    held = [burden.Received("990100100201", int(row["inspections"]))]
    found = burden.received_over(held, scheme(inspections_month=int(row["cap"])))
    assert [finding.id for finding in found] == row["over"].split()


@pytest.mark.parametrize("row", rows("burden", "paper"), ids=lambda row: row["case"])
def test_paper(row: Row) -> None:
    form = burden.Form("k", int(row["n"]), int(row["lines"]), row["round"] == "yes")
    assert burden.on_paper([form]) == int(row["seconds"])


def test_what_a_village_is_asked_for_counts_against_its_cap() -> None:
    numbers = tuple(Indicator(f"n{n}", f"数{n}", "village") for n in range(3))
    made = replace(
        scheme(forms_month=3), indicators=(*numbers, Indicator("o", "上级填的", "village", owner="农业农村局"))
    )
    assert burden.forms_asked(made) == ("日检查", "数0", "数1", "数2")
    assert [finding.id for finding in burden.scheme_over(made, {})] == ["forms-over"]


def test_a_form_without_cadence_asks_for_nothing() -> None:
    made = scheme()
    free = replace(made, layers=(replace(made.layers[0], cadence=None),))
    assert burden.minutes(burden.asked(free, {"l": 15})) == {"l": 0}


@given(st.integers(1, 60), st.integers(1, 60))
def test_more_doors_never_cost_less(few: int, more: int) -> None:
    few, more = sorted((few, more))
    one, other = (burden.minutes(burden.asked(scheme(), {"l": n}))["l"] for n in (few, more))
    assert one <= other
