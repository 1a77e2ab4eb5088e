"""What becomes of a capture afterwards: taken back within ten minutes, or decided on by a clerk."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.cast import NOW, TODAY, Cast
from tests.checks.rounds import LITTER, actor, codes, go, total
from xiangyue.base.problems import Problem
from xiangyue.captures import intake
from xiangyue.captures.envelope import seal
from xiangyue.captures.ids import new_id
from xiangyue.captures.models import Capture
from xiangyue.checks.actions import Fault, accept_held, dismiss_held, undo
from xiangyue.checks.models import Check, CheckNote, DayCount, SheetTotal
from xiangyue.people.grants import scope_of

pytestmark = pytest.mark.usefixtures("no_followers")


class TestUndo:
    """What is taken back within ten minutes of the tap."""

    def test_it_counts_no_more_and_the_earlier_one_counts_again(self, cast: Cast) -> None:
        go(cast, 1, 2, made_at=NOW - timedelta(hours=1))
        key = new_id()
        go(cast, 2, faults=(Fault(cast.household(1).code, (LITTER,)),), id=key)
        assert total(cast, 1)[1] == 6_667
        answer = undo(actor(cast), key, now=NOW + timedelta(minutes=9))
        assert (answer.state, answer.words) == ("stored", "已撤回。")
        assert total(cast, 1) == (1, 10_000, 10_000, 10_000, 10_000)
        day = DayCount.objects.get()
        assert (day.n_checks, day.n_faulty) == (2, 0)
        assert Capture.objects.get(uuid=key).state == "withdrawn"

    def test_a_lone_one_leaves_no_total(self, cast: Cast) -> None:
        key = new_id()
        go(cast, 1, id=key)
        undo(actor(cast), key, now=NOW)
        assert not SheetTotal.objects.exists()
        day = DayCount.objects.get()
        assert (day.n_checks, day.n_faulty) == (0, 0)

    def test_twice_is_told(self, cast: Cast) -> None:
        key = new_id()
        go(cast, 1, id=key)
        undo(actor(cast), key, now=NOW)
        assert undo(actor(cast), key, now=NOW).code == "undo_twice"

    def test_after_ten_minutes_it_stands(self, cast: Cast) -> None:
        key = new_id()
        go(cast, 1, id=key)
        assert undo(actor(cast), key, now=NOW + timedelta(minutes=10, seconds=1)).code == "undo_over"
        assert total(cast, 1)[0] == 1

    def test_offline_the_phones_own_time_counts(self, cast: Cast) -> None:
        key = new_id()
        made = NOW - timedelta(hours=5)
        go(cast, 1, id=key, made_at=made)
        answer = undo(actor(cast), key, made_at=made + timedelta(minutes=5), now=NOW)
        assert answer.state == "stored"

    def test_another_person_cannot(self, cast: Cast) -> None:
        key = new_id()
        go(cast, 1, id=key)
        assert undo(actor(cast, "village_office"), key, now=NOW).code == "undo_unknown"

    def test_round_and_undo_sent_together(self, cast: Cast) -> None:
        key = new_id()
        sent = [
            seal("undo", {"undoes": str(key)}, id=new_id(), made_at=NOW),
            seal("round", {"check": "daily", "fine": codes(cast, 1)}, id=key, made_at=NOW),
        ]
        assert [answer.state for answer in intake.submit_many(sent, actor(cast), now=NOW)] == ["stored", "stored"]
        assert Check.objects.get().state == Check.State.WITHDRAWN


class TestHeld:
    """What a clerk decides about captures that wait for a person."""

    def held(self, cast: Cast) -> Capture:
        fault = Fault(cast.household(2).code, (LITTER,), "柴垛")
        go(cast, 1, faults=(fault,), made_at=NOW + timedelta(days=1))
        return Capture.objects.get()

    def test_accepted_on_the_right_day_it_counts_and_the_held_rows_stay(self, cast: Cast) -> None:
        capture = self.held(cast)
        office = scope_of(cast.users["township_office"], TODAY)
        assert accept_held(office, capture.pk, day=TODAY, reason="手机快一天", now=NOW) == "stored"
        states = list(Check.objects.order_by("id").values_list("state", "day"))
        tomorrow = date(2026, 11, 22)
        assert states == [(Check.State.HELD, tomorrow)] * 2 + [(Check.State.COUNTED, TODAY)] * 2
        assert CheckNote.objects.filter(check_row__state=Check.State.COUNTED).get().text == "柴垛"
        assert total(cast, 2)[1] == 6_667

    def test_not_on_a_day_to_come(self, cast: Cast) -> None:
        capture = self.held(cast)
        with pytest.raises(Problem, match="今天之后"):
            accept_held(scope_of(cast.users["township_office"], TODAY), capture.pk, now=NOW)

    def test_dismissed_it_never_counts_and_needs_a_reason(self, cast: Cast) -> None:
        capture = self.held(cast)
        office = scope_of(cast.users["county_office"], TODAY)
        with pytest.raises(Problem, match="没有写原因"):
            dismiss_held(office, capture.pk, reason=" ")
        dismiss_held(office, capture.pk, reason="重复")
        capture.refresh_from_db()
        assert capture.state == "withdrawn"
        assert not SheetTotal.objects.exists()
        with pytest.raises(Problem, match="不在待核对之列"):
            accept_held(office, capture.pk, day=TODAY, now=NOW)

    @pytest.mark.parametrize("who", ["village_office", "bearer", "auditor", "other_county_office"])
    def test_only_the_offices_above_decide(self, cast: Cast, who: str) -> None:
        from django.core.exceptions import PermissionDenied

        capture = self.held(cast)
        with pytest.raises(PermissionDenied):
            accept_held(scope_of(cast.users[who], TODAY), capture.pk, day=TODAY, now=NOW)
