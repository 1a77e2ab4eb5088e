"""Qinglang replayed (seed 001, rows Q1–Q9): boards and pairs, the contest, officials by their households."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.demos.conftest import Built

pytestmark = [pytest.mark.demo, pytest.mark.xdist_group("qinglang")]
TOWN = "431225212"
LEFT = """
from collections import Counter
from xiangyue.standings.models import Pair
pairs = Pair.objects.filter(verdict="left").select_related("board")
tell(Counter(pair.board.board for pair in pairs))
"""


@pytest.fixture(scope="module")
def qinglang(demos: Any) -> Built:
    built: Built = demos("qinglang")
    return built


def test_four_villages_and_seventeen_households_left_the_black_board_through_pairing(qinglang: Built) -> None:
    assert qinglang.ask(LEFT) == {"village_board": 4, "household_board": 17}


def test_the_register_is_of_the_reported_size(qinglang: Built) -> None:
    told = qinglang.ask(
        """
        from xiangyue.duties.models import Duty
        count = lambda level: Place.objects.filter(level=level).count()
        one = Duty.objects.filter(layer="officials").values("target").distinct().count()
        tell([count("village"), count("household"), one, Duty.objects.filter(layer="officials").count()])
        """
    )
    assert told == [14, 5_000, 5_000, 5_000]


def test_who_left_was_black_had_a_partner_and_both_had_agreed(qinglang: Built) -> None:
    told = qinglang.ask(
        """
        from xiangyue.agreements.models import Consent
        from xiangyue.standings.models import BoardEntry, Pair, Result
        found = []
        agreed = set(Consent.objects.filter(purpose="pair", revoked_on=None).values_list("household_id", flat=True))
        for pair in Pair.objects.filter(verdict="left").select_related("board", "period"):
            was = BoardEntry.objects.filter(board=pair.board, subject=pair.black, side="black").exists()
            newest = pair.period.closings.order_by("-version").first()
            now = Result.objects.get(standing__closing=newest, standing__composite=pair.composite, subject=pair.black)
            both = pair.composite != "household_month" or {pair.red_id, pair.black_id} <= agreed
            between = min(now.own, now.joint) <= now.paired <= max(now.own, now.joint)
            found.append([was, now.result is not None, now.board != "black", both, between])
        tell(found)
        """
    )
    assert len(told) == 21
    assert all(all(row) for row in told)


def test_from_the_board_to_a_sheet_in_three_clicks(qinglang: Built) -> None:
    told = qinglang.ask(
        """
        import re
        from xiangyue.standings.models import Period
        period = Period.objects.filter(kind="month", closings__state="in_force").order_by("-starts_on").first()
        board = page(f"/standings/boards/?period={period.pk}", "B001")
        village = Place.objects.filter(level="village").order_by("code").first()
        figure = page(f"/standings/{period.pk}/figure/village_month/{village.code}/", "B001")
        sheets = re.findall(r'href="(/checks/\\d+/)"', figure)
        tell(["红榜" in board, "四不两直督导" in figure, len(sheets) > 0, "QV" in page(sheets[0], "B001") or "得分" in page(sheets[0], "B001")])
        """
    )
    assert all(told)


def test_the_quarterly_contest_ranks_every_village(qinglang: Built) -> None:
    told = qinglang.ask(
        """
        from xiangyue.standings.models import Result
        rows = Result.objects.filter(standing__composite="village_quarter", standing__closing__state="in_force")
        tell([rows.values("subject").distinct().count(), min(rows.values_list("rank", flat=True))])
        """
    )
    assert told == [14, 1]


def test_what_is_closed_is_verified(qinglang: Built) -> None:
    assert "不一致" not in qinglang.command("verify")


def test_ten_captures_disturbed_move_the_outcome(qinglang: Built, tmp_path: Path) -> None:
    """Ten clean sheets of the villages that slid, closed again as a new version: one village fewer was ever black."""
    other = type(qinglang)("qinglang", tmp_path / "data")
    shutil.copytree(qinglang.data, other.data)
    told = other.ask(
        """
        from datetime import UTC, datetime
        from xiangyue.checks.models import Check
        from xiangyue.checks.totals import work_out
        from xiangyue.standings.actions.closing import close_period
        from xiangyue.standings.models import BoardEntry
        entry = BoardEntry.objects.filter(board__board="village_board", side="black").order_by("pk").first()
        period = entry.board.standing.closing.period
        rows = Check.objects.filter(subject=entry.subject, month=int(period.key.replace("-", "")), state=1)
        before = [entry.result, entry.subject.code]
        n = 0
        for row in list(rows)[:10]:
            row.score = 10_000
            row.save(update_fields=["score"])
            n += 1
        ground = period.ground
        from xiangyue.standings.actions import closing as closes
        office = User.objects.get(person__code="B001")
        made = closes.open_new_version(office, ground, period.key, now=datetime.now(UTC), reason="复核更正")
        still = BoardEntry.objects.filter(board__standing__closing=made, side="black", subject=entry.subject).exists()
        tell([n >= 2, still])
        """
    )
    assert told == [True, False]
