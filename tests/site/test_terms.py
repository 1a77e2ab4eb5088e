"""Texts and pictures go at their term, once, and are told as counts; the figures and the pages stand."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.cast import COUNTY, NOW, OTHER_COUNTY, TODAY, TOWN
from tests.checks.inspection_rows import objection_of
from tests.checks.odd_rows import oddity_of, photo
from tests.checks.rounds import LITTER, go
from tests.duties.rows import visit_of, wish_of
from tests.problems.rows import reported
from tests.standings.rows import objection_of as notice_objection
from xiangyue.base import terms
from xiangyue.base.jobs import Progress
from xiangyue.base.models import Change, Job
from xiangyue.captures.intake import Actor
from xiangyue.captures.photo_models import Photo
from xiangyue.captures.photos import drop_files, file_of
from xiangyue.checks.actions import Fault
from xiangyue.checks.inspections.models import SheetObjection
from xiangyue.checks.models import Check
from xiangyue.duties.actions.dispatching import Asking, ask, end_ask, hold_dispatch
from xiangyue.duties.actions.visiting import record_visit
from xiangyue.duties.actions.wishing import reopen_wish, settle_wish
from xiangyue.duties.dispatch_models import Dispatch, DispatchAsk
from xiangyue.duties.visit_models import Contribution, Visit, Wish, WishText
from xiangyue.duties.visits.bodies import Given
from xiangyue.places.models import Household
from xiangyue.problems.models import Problem
from xiangyue.site.keeping.status import status_of
from xiangyue.standings.actions.publication_objections import answer
from xiangyue.standings.notices.models import Objection

if TYPE_CHECKING:
    from tests.cast import Cast

pytestmark = pytest.mark.django_db
LATER = TODAY + timedelta(days=3000)


def texts() -> dict[str, int]:
    """How many rows of each table hold something."""
    return {name: terms.over(term, LATER).count() for name, term in terms.HELD.items()}


@pytest.fixture
def written(cast: Cast) -> Cast:
    """Something of everything that has a term."""
    visit_of(cast, True)
    given = [Given("goods", 2, "米面")]
    told = record_visit(
        Actor(cast.users["bearer"].pk), cast.household(2).code, "members", note="老人腿脚不便", given=given, now=NOW
    )
    assert told.state == "stored", told
    for is_own in (True, False):
        wish_of(cast, is_own)
    for wish in Wish.objects.all():
        settle_wish(None, wish, "办好了", today=TODAY)
    meeting = hold_dispatch(None, cast.places[TOWN], TODAY, chair="示例镇长", today=TODAY, now=NOW)
    asked = ask(None, meeting, Asking(cast.people["P06"], "修好主街边沟", TODAY))
    end_ask(None, asked, "done", "已修好", today=TODAY)
    answer(None, notice_objection(cast, True), False, "核实过，分数没有错", now=NOW)
    reported(cast)
    objection_of(cast, True)
    oddity_of(cast, True)
    photo(cast, "0f1e2d3c4b5a6978")
    go(cast, faults=(Fault(cast.household(1).code, (LITTER,), "三处"),))
    Household.objects.filter(place=cast.household(1)).update(note="示例", erase_on=TODAY)
    return cast


def test_each_text_goes_the_day_after_its_last_and_what_it_was_about_stands(written: Cast) -> None:
    before = texts()
    assert all(before.values()), before
    kept = {
        model: model.objects.count()
        for model in (Check, Visit, Contribution, Wish, Problem, Photo, SheetObjection, Dispatch, DispatchAsk)
    }
    assert terms.erase_over(TODAY) == {}
    assert texts() == before
    assert terms.erase_over(LATER) == before
    assert not any(texts().values())
    assert {model: model.objects.count() for model in kept} == kept
    assert set(SheetObjection.objects.values_list("text", "answer")) == {("", "")}
    assert Household.objects.get(place=written.household(1)).head_name == ""
    assert DispatchAsk.objects.get().told == "（内容已到期清除）"
    assert terms.erase_over(LATER) == {}


def test_the_change_log_tells_how_many_on_which_ground_and_never_a_text(written: Cast) -> None:
    terms.erase_over(LATER)
    lines = Change.objects.filter(act="text.erased")
    assert lines.count() == 7
    duties = lines.get(table="duties", path=f"{COUNTY}/")
    assert duties.after == {
        "duties.VisitNote": 1, "duties.ContributionText": 1, "duties.WishText": 2, "duties.Dispatch": 1,
        "duties.DispatchAsk": 1, "n": 6,
    }  # fmt: skip
    assert (duties.key, duties.reason) == (
        LATER.isoformat(),
        "走访备注 1、投入名目 1、诉求内容 2、调度会 1、调度任务 1",
    )
    assert lines.get(path=f"{OTHER_COUNTY}/").after == {"duties.WishText": 1, "n": 1}
    told = "".join(f"{line.after}{line.reason}" for line in lines)
    assert not [word for word in ("腿脚", "米面", "路灯", "柴草", "三处", "隔壁", "边沟", "修好") if word in told]
    before = lines.count()
    terms.erase_over(LATER + timedelta(days=1))
    assert lines.count() == before


def test_killed_between_two_transactions_it_goes_on_and_tells_the_whole_day_once(
    written: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process ends for good in the midst of a room: what was erased of it is not in the change log yet."""

    class Killed(BaseException):
        pass

    before, add, tell, added = texts(), terms._Tally.add, terms._Tally.tell, list[str]()

    def count(tally: Any, model: str, grounds: Any) -> None:
        added.append(model)
        if len(added) > 2:
            raise Killed
        add(tally, model, grounds)

    def tell_while_alive(*given: Any) -> None:
        if len(added) > 2:
            raise Killed
        tell(*given)

    job = Job.objects.create(kind=terms.KIND, title="清除", created_at=NOW)
    with monkeypatch.context() as patch:
        patch.setattr(terms, "AT_ONCE", 1)
        patch.setattr(terms._Tally, "add", count)
        patch.setattr(terms._Tally, "tell", tell_while_alive)
        with pytest.raises(Killed):
            terms.erase_over(LATER, job)
    assert sum(texts().values()) == sum(before.values()) - 2
    assert Change.objects.filter(act="text.erased").values_list("table", flat=True).get() == "captures"
    job.refresh_from_db()
    assert terms.erase_over(LATER, job) == before
    lines = Change.objects.filter(act="text.erased")
    assert sum((line.after or {})["n"] for line in lines) == sum(before.values())
    assert lines.count() == len({(line.table, line.path) for line in lines})


def test_the_pages_stand_without_the_words(written: Cast, client: Client) -> None:
    turn = SheetObjection.objects.first()
    assert turn
    check = Check.objects.filter(n_faults__gt=0).first()
    assert check
    pages = [
        reverse("visits:visit", args=[Contribution.objects.get().visit_id]),
        reverse("visits:wish", args=[Wish.objects.filter(ground=written.places[COUNTY]).first().pk]),  # type: ignore[union-attr]
        reverse("visits:wishes"),
        reverse("problems:problem", args=[Problem.objects.get().pk]),
        reverse("checks:check", args=[check.pk]),
        reverse("inspections:turn", args=[turn.turn_id]),
        reverse("desk:list", args=["visit"]),
        reverse("desk:list", args=["household"]),
    ]
    terms.erase_over(LATER)
    client.force_login(written.users["county_office"])
    for page in pages:
        answer = client.get(page)
        assert answer.status_code == 200, page
        assert "腿脚" not in answer.content.decode()


def test_the_file_goes_before_the_row_says_so_and_parts_on_their_way_too(
    written: Cast, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    whole = Photo.objects.first()
    assert whole
    file_of(whole).parent.mkdir(parents=True)
    file_of(whole).write_bytes(b"picture")
    waiting = photo(written, "")
    Photo.objects.filter(pk=waiting.pk).update(state="waiting")
    assert waiting.capture.user_id
    part = tmp_path / "photo_parts" / str(waiting.capture.user_id) / waiting.sha256 / "0"
    part.parent.mkdir(parents=True)
    part.write_bytes(b"half")
    drop_files([whole.pk, waiting.pk])
    assert not file_of(whole).exists()
    assert not part.exists()
    assert Photo.objects.exclude(state="erased").count() == 2
    assert terms.erase_over(LATER)["captures.Photo"] == 2
    assert set(Photo.objects.values_list("state", "dhash")) == {("erased", "")}


def test_the_status_tells_what_waits_and_when_it_was_last_done(written: Cast) -> None:
    county = written.places[COUNTY]
    Household.objects.filter(place=written.household(1)).update(erase_on=TODAY.replace(year=2000))
    Photo.objects.update(erase_on=LATER)
    WishText.objects.update(erase_on=LATER)
    assert status_of(county)["texts"] == {"over": 1, "erased_at": None}
    assert status_of(written.places[OTHER_COUNTY])["texts"]["over"] == 0
    job = Job.objects.create(kind=terms.KIND, title="清除", created_at=NOW, state="done", finished_at=NOW)
    assert terms.do_daily(Progress(job), {}) == {"places.Household": 1}
    assert status_of(county)["texts"] == {"over": 0, "erased_at": NOW.isoformat()}


def test_an_open_wish_keeps_its_words_and_its_term_starts_when_it_is_answered(cast: Cast) -> None:
    wish_of(cast, True)
    assert terms.erase_over(LATER) == {}
    wish = Wish.objects.get(household=cast.household(1))
    settle_wish(None, wish, "路灯修好了", today=LATER)
    assert WishText.objects.get(wish=wish).erase_on == LATER + timedelta(days=365)
    reopen_wish(None, wish, today=LATER)
    assert WishText.objects.get(wish=wish).erase_on is None
    settle_wish(None, wish, "换了灯泡", today=LATER)
    assert terms.erase_over(LATER + timedelta(days=365)) == {}
    assert terms.erase_over(LATER + timedelta(days=366)) == {"duties.WishText": 1}
    # the other wish is still to be answered
    assert WishText.objects.get().text == "想学种菌子"


def test_what_is_still_to_be_done_after_a_meeting_keeps_its_words(cast: Cast) -> None:
    meeting = hold_dispatch(None, cast.places[TOWN], TODAY, chair="示例镇长", today=TODAY, now=NOW)
    ask(None, meeting, Asking(cast.people["P06"], "修好主街边沟", TODAY))
    assert terms.erase_over(TODAY + timedelta(days=1095)) == {}
    assert terms.erase_over(LATER) == {"duties.Dispatch": 1}
    assert DispatchAsk.objects.get().told == "修好主街边沟"
    told = "".join(str(one) for one in Change.objects.values_list("before", "after", "reason"))
    assert "边沟" not in told


def test_an_objection_keeps_its_words_until_three_years_after_its_answer(cast: Cast) -> None:
    row = notice_objection(cast, True)
    assert terms.erase_over(LATER) == {}
    answer(None, row, False, "核实过，分数没有错", now=NOW)
    assert terms.erase_over(TODAY + timedelta(days=1095)) == {}
    assert terms.erase_over(TODAY + timedelta(days=1096)) == {"standings.Objection": 1}
    row = Objection.objects.get()
    assert (row.text, row.by_name, row.answer) == ("", "", "")
    assert row.upheld is False
    assert row.answered_at is not None
