"""Opinion sheets: each voice that somebody gathered counts; the last made of one voice counts."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from random import Random
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cast import COUNTY, NOW, WILLOW, Cast
from tests.desk.sheets import errors, look, take_in, workbook
from xiangyue.captures.intake import Actor, Answer
from xiangyue.captures.models import Capture
from xiangyue.checks.actions import record_sheet, undo
from xiangyue.checks.models import Check, SheetTotal
from xiangyue.rules.counting import Made, replaced
from xiangyue.rules.sheet import Entry
from xiangyue.standings.actions.closing import close_period, open_new_version
from xiangyue.standings.models import Result
from xiangyue.standings.verify import verify

POOR = Entry("P01-1", grade="poor")
PLAIN = Entry("P01-1", grade="plain")
HEADS = ("日期", "检查种类", "对象编码", "检查人编码", "记分", "份号")


def voiced(cast: Cast, voice: int, *entries: Entry, kind: str = "village_opinion", minutes: int = 0) -> Answer:
    """The answer to an opinion about the village, gathered by the county's office today."""
    made_at = NOW - timedelta(hours=1) + timedelta(minutes=minutes)
    actor = Actor(cast.users["county_office"].pk, Capture.Channel.PAPER)
    return record_sheet(actor, kind, WILLOW, entries=entries, voice=voice, made_at=made_at, now=NOW)


def sums() -> tuple[int, int]:
    """Sheets and total of the opinions on file."""
    row = SheetTotal.objects.get(kind__code="village_opinion")
    return row.n, row.total


def test_every_voice_that_one_gathered_counts(cast: Cast) -> None:
    for voice in (0, 1, 2):
        assert voiced(cast, voice, *(() if voice else (POOR,))).state == "stored"
    # two grades of ten points each: poor in one is 0 of 10
    assert sums() == (3, 5_000 + 10_000 + 10_000)


def test_of_one_voice_the_last_made_counts_and_what_it_replaced_comes_back(cast: Cast) -> None:
    voiced(cast, 1, POOR)
    later = voiced(cast, 1, minutes=5)
    voiced(cast, 2, PLAIN, minutes=5)
    assert sums() == (2, 10_000 + 8_000)
    states = list(Check.objects.order_by("pk").values_list("voice", "state"))
    assert states == [(1, Check.State.REPLACED), (1, Check.State.COUNTED), (2, Check.State.COUNTED)]
    undo(Actor(cast.users["county_office"].pk), UUID(later.id), now=NOW)
    assert sums() == (2, 5_000 + 8_000)


@pytest.mark.parametrize(("voice", "kind", "words"), [(3, "village_open", "不是评议"), (-1, "village_opinion", "份号")])
def test_what_is_no_opinion_has_no_voices(cast: Cast, voice: int, kind: str, words: str) -> None:
    answer = voiced(cast, voice, kind=kind)
    assert answer.state == "refused"
    assert words in answer.words
    assert not Check.objects.exists()


def test_a_closed_month_takes_their_mean_and_verifies_after_one_was_replaced(cast: Cast) -> None:
    for voice, entries in ((1, (POOR,)), (2, ()), (3, ())):
        voiced(cast, voice, *entries)
    later = NOW + timedelta(days=12)
    office = cast.users["county_office"]
    first = close_period(office, cast.places[COUNTY], "2026-11", now=later)
    own = Result.objects.get(standing__closing=first, standing__composite="village_month", subject__code=WILLOW).own
    assert own == 8_333
    voiced(cast, 1, minutes=9)
    second = open_new_version(office, cast.places[COUNTY], "2026-11", reason="一份评议改过", now=later)
    result = Result.objects.get(standing__closing=second, standing__composite="village_month", subject__code=WILLOW)
    assert result.own == 10_000
    assert verify(first) == []
    assert verify(second) == []


def test_a_workbook_brings_as_many_as_it_numbers(cast: Cast, tmp_path: Path) -> None:
    day = NOW.date().isoformat()
    rows = [(day, "干群评议", WILLOW, "P01", "P01-1=不满意" if n == 1 else "", n) for n in (1, 2, 3)]
    file = workbook(tmp_path / "opinions.xlsx", [HEADS, *rows, (day, "干群评议", WILLOW, "P01", "", 2)])
    found = look(cast.users["county_office"], "check", file)
    assert (found.counts["add"], found.counts["bad"]) == (2, 2)
    assert errors(found)
    file = workbook(tmp_path / "opinions.xlsx", [HEADS, *rows])
    take_in(cast.users["county_office"], "check", file)
    assert sums() == (3, 25_000)
    again = look(cast.users["county_office"], "check", file)
    assert again.counts["same"] == 3


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 59)), min_size=1, max_size=12), st.randoms())
def test_one_sheet_a_voice_counts_whatever_the_order(drafts: list[tuple[int, int]], random: Random) -> None:
    sheets = [
        Made(str(n), "opinion", "Li", "v", NOW.date(), voice, NOW + timedelta(minutes=minute))
        for n, (voice, minute) in enumerate(drafts)
    ]
    shuffled = list(sheets)
    random.shuffle(shuffled)
    assert replaced(shuffled) == replaced(sheets)
    counted = [sheet for sheet in sheets if sheet.id not in replaced(sheets)]
    assert sorted(sheet.voice for sheet in counted) == sorted({voice for voice, _minute in drafts})
