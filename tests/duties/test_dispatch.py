"""Dispatch: what lies on the table, who is asked for what by when, and the cap of visits that a plan keeps to."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.budgets import assert_budget
from tests.cast import COUNTY, STREET, TODAY, TOWN, WILLOW, Cast
from tests.checks.rounds import LITTER, go
from tests.duties.visiting import asked_for, bears, department, went
from tests.problems.rows import reported
from xiangyue.agreements.in_force import digest_of
from xiangyue.agreements.models import SchemeVersion
from xiangyue.base.problems import Problem
from xiangyue.checks.actions import Fault
from xiangyue.duties.actions.dispatching import Asking, ask, end_ask, hold_dispatch, write_minutes
from xiangyue.duties.dispatch_models import Dispatch, DispatchAsk
from xiangyue.duties.models import Duty
from xiangyue.duties.visits.dispatching import Rhythm, look, rhythm_of
from xiangyue.duties.visits.received import received_in
from xiangyue.site.office.needs_rhythm import meetings_due

pytestmark = pytest.mark.django_db


def held(cast: Cast, on: Any = TODAY, place: str = TOWN) -> Dispatch:
    """A meeting on a day."""
    return hold_dispatch(
        cast.users["township_office"], cast.places[place], on, chair="丙镇领导", today=TODAY, now=timezone.now()
    )


def capped(cast: Cast, most: int) -> None:
    """The county's scheme lets a village receive so many visits a month."""
    row = SchemeVersion.objects.get(pk=cast.scheme.pk if cast.scheme else 0)
    row.text = row.text.replace("visits_month = 0", f"visits_month = {most}")
    row.digest = digest_of(row.text)
    row.save()


def test_a_meeting_looks_back_to_the_day_after_the_last(cast: Cast) -> None:
    first = held(cast, TODAY - timedelta(days=14))
    second = held(cast, TODAY)
    assert (first.held_on - first.since).days == 13
    assert second.since == first.held_on + timedelta(days=1)
    for on in (TODAY, TODAY + timedelta(days=1), TODAY - timedelta(days=20)):
        with pytest.raises(Problem):
            held(cast, on)


def test_a_village_whose_duty_of_the_layer_ended_is_not_told_as_unseen(cast: Cast) -> None:
    department(cast)
    assert look(cast.places[TOWN], TODAY - timedelta(days=6), TODAY).unseen == ("柳树村",)
    duty = Duty.objects.get(target=cast.places[WILLOW], layer="departments")
    duty.to_on = TODAY - timedelta(days=1)
    duty.save()
    bears(cast, "elsewhere", "P05", WILLOW)
    assert look(cast.places[TOWN], TODAY - timedelta(days=6), TODAY).unseen == ()


def test_what_lies_on_the_table(cast: Cast) -> None:
    department(cast)
    went(cast, who="department", target=WILLOW, layer="departments")
    went(cast, 1)
    asked_for(cast, 1)
    row = held(cast)
    asking = Asking(cast.people["P05"], "清理河道", TODAY, cast.places[WILLOW])
    made = ask(cast.users["township_office"], row, asking)
    told = look(cast.places[TOWN], TODAY - timedelta(days=6), TODAY + timedelta(days=3))
    assert (told.n_visits, told.n_people, told.wishes_new, told.wishes_open) == (2, 2, 1, 1)
    assert {one.name: one.visits for one in told.done} == {"部门企业包村屯": 1, "党员包户": 1}
    assert [one.pk for one in told.overdue] == [made.pk]
    assert told.unseen == (), "the one village that a department bears was visited"
    assert told.behind, "the doors of last day were not seen"
    end_ask(cast.users["village_office"], made, "done", "已清完", today=TODAY)
    again = look(cast.places[WILLOW], TODAY, TODAY)
    assert [one.outcome for one in again.ended] == ["已清完"], "a village sees what its township asked of it"
    with pytest.raises(Problem):
        end_ask(cast.users["village_office"], made, "done", "再办", today=TODAY)


def test_a_planned_visit_keeps_to_the_villages_cap(cast: Cast) -> None:
    capped(cast, 3)
    department(cast)
    bears(cast, "township_leaders", "P03", WILLOW)
    went(cast, who="department", target=WILLOW, layer="departments")
    went(cast, who="department", target=WILLOW, layer="departments")
    went(cast, 1)
    village = cast.places[WILLOW]
    assert received_in(village.path, TODAY) == {village.pk: 1}, "one a visitor and day; the village's own are no burden"
    row = held(cast)
    office = cast.users["township_office"]
    plan = Asking(cast.people["P03"], "到村指导", TODAY + timedelta(days=3), village, is_visit=True)
    ask(office, row, plan)
    ask(office, row, plan)
    with pytest.raises(Problem) as told:
        ask(office, row, plan)
    assert told.value.kind.code == "burden_over"
    ask(office, row, Asking(cast.people["P03"], "打电话", TODAY + timedelta(days=3), village))
    with pytest.raises(Problem):
        ask(office, row, Asking(cast.people["P03"], "到村", TODAY, None, is_visit=True))
    assert DispatchAsk.objects.count() == 3


@pytest.mark.parametrize(
    "asking",
    [Asking(None, "办", TODAY), Asking(None, "", TODAY)],
    ids=["nobody", "nothing"],
)
def test_nobody_and_nothing_is_not_asked(asking: Asking, cast: Cast) -> None:
    with pytest.raises(Problem):
        ask(None, held(cast), asking)


def test_the_pages_of_dispatch(cast: Cast, client: Client) -> None:
    department(cast)
    client.force_login(cast.users["township_office"])
    page = reverse("visits:dispatches")
    response = client.post(f"{page}?place={TOWN}", {"chair": "丁镇干部"})
    row = Dispatch.objects.get()
    assert response["Location"] == reverse("visits:dispatch", args=(row.pk,))
    client.post(
        reverse("visits:dispatch_ask", args=(row.pk,)),
        {"doer": f"o{cast.organisations['D01'].pk}", "what": "帮卖白菜", "place": WILLOW,
         "by_on": (row.held_on + timedelta(days=7)).isoformat()},
    )  # fmt: skip
    client.post(reverse("visits:dispatch_minutes", args=(row.pk,)), {"minutes": "一、帮卖白菜。", "chair": "丙镇领导"})
    for address, budget in ((f"{page}?place={TOWN}", "visits:dispatches"), (response["Location"], "visits:dispatch")):
        with CaptureQueriesContext(connection) as queries:
            words = client.get(address).content.decode()
        assert "帮卖白菜" in words
        assert_budget(budget, len(queries))
    client.force_login(cast.users["department"])
    assert "帮卖白菜" in client.get(reverse("visits:organisation", args=("D01",))).content.decode()
    write_minutes(None, row, "", "")
    assert client.post(reverse("visits:ask_end", args=(DispatchAsk.objects.get().pk,)), {}).status_code == 403
    assert client.get(f"{page}?place={COUNTY}").status_code == 200


def test_the_rhythm_is_the_schemes(cast: Cast, client: Client) -> None:
    assert rhythm_of(cast.places[TOWN], TODAY) == Rhythm(14)
    client.force_login(cast.users["township_office"])
    page = client.get(reverse("visits:dispatches"), {"place": TOWN}).content.decode()
    assert "双周调度" in page
    row = SchemeVersion.objects.get(pk=cast.scheme.pk if cast.scheme else 0)
    row.text = row.text.replace("[notice]", "[dispatch]\nevery_days = 7\n\n[notice]")
    row.digest = digest_of(row.text)
    row.save()
    assert rhythm_of(cast.places[TOWN], TODAY).name == "周调度"
    assert held(cast).since == TODAY - timedelta(days=6), "the first meeting looks back one rhythm"
    page = client.get(reverse("visits:dispatches"), {"place": TOWN}).content.decode()
    assert "周调度" in page
    assert "双周调度" not in page


def test_a_meeting_that_is_due_stands_on_the_home_page(cast: Cast) -> None:
    path = (cast.places[TOWN].path,)
    assert meetings_due(path, TODAY) is None, "where none was ever held, none is missed"
    held(cast, TODAY - timedelta(days=13))
    assert meetings_due(path, TODAY) is None
    told = meetings_due(path, TODAY + timedelta(days=1))
    assert told is not None
    assert told.title == "该开双周调度了"
    assert meetings_due((cast.places[WILLOW].path,), TODAY + timedelta(days=1)) is None, "each ground has its own"


def test_checks_and_problems_lie_on_the_table(cast: Cast) -> None:
    assert look(cast.places[TOWN], TODAY, TODAY).more == ()
    go(cast, 1, faults=(Fault(cast.household(2).code, (LITTER,)),))
    reported(cast)
    lines = dict(look(cast.places[TOWN], TODAY, TODAY).more)
    assert any("查 2 次，1 次有问题" in words for words in lines)
    assert any("新发现 1 个" in words for words in lines)
    late = dict(look(cast.places[TOWN], TODAY, TODAY + timedelta(days=60)).more)
    assert any("逾期没有整改的问题 1 个" in words for words in late)
    assert look(cast.places[STREET], TODAY, TODAY).more == (), "other ground tells nothing"
