"""Out on paper and back in: each day counts once, as from a phone; what is typed twice is already there or differs."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.cast import BEGIN, COUNTY, NOW, TODAY, WILLOW, Cast
from tests.duties.rows import vanguards
from tests.papers.sheets import FIRST, LAST, printed, refused, typed
from xiangyue.agreements.in_force import digest_of
from xiangyue.agreements.models import SchemeVersion
from xiangyue.base.models import Change
from xiangyue.captures.models import Capture
from xiangyue.checks.models import Check, Entry, Kind
from xiangyue.duties.models import Duty
from xiangyue.duties.teams import acts
from xiangyue.duties.visit_models import Visit, Wish
from xiangyue.papers import actions
from xiangyue.papers.lines import offers_for
from xiangyue.papers.models import GRACE, Sheet
from xiangyue.papers.units import layout_of

SQUARE = f"{WILLOW}-G001"
SPOT_CHECK = """
[[standards]]
code = "TP"
name = "公共场所检查"
subject = "public_place"
standing = "示例,非官方"

[[standards.areas]]
code = "a"
name = "公共场所"

[[standards.areas.items]]
code = "TP-1"
name = "清扫干净"
kind = "deduct"
points = 100
steps = [{ code = "dirty", name = "没有清扫", amount = 10 }]

[[check_kinds]]
code = "spot"
name = "公共场所检查"
subject = "public_place"
standard = "TP"
layers = ["vanguard"]
self_check = true
"""
FOUR = {1: ".", 2: ".", 3: "A", 4: "."}


def test_a_printed_sheet_stands_on_the_register(cast: Cast) -> None:
    sheet = printed(cast)
    assert sheet.rows[0] == cast.people["P06"].home.code  # type: ignore[union-attr]
    assert sheet.rows == [cast.household(n).code for n in range(1, 5)]
    assert Sheet.objects.in_state("printed", TODAY).get() == sheet
    assert Sheet.objects.in_state("missing", LAST + GRACE).count() == 0
    assert Sheet.objects.in_state("missing", LAST + GRACE + timedelta(days=1)).get() == sheet
    assert Change.objects.filter(act="paper.printed", actor=cast.users["village_office"]).count() == 1


def test_a_month_comes_in_day_by_day_and_counts_as_from_a_phone(cast: Cast) -> None:
    sheet = printed(cast)
    result = typed(cast, sheet, {0: FOUR, 4: {1: ".", 2: "AA"}})
    assert result.state == "stored"
    assert Capture.objects.get(uuid=sheet.uuid).channel == "paper"
    assert set(Capture.objects.values_list("channel", "kind", "person__code")) == {("paper", "round", "P06")}
    assert list(Check.objects.order_by("day").values_list("day", flat=True).distinct()) == [FIRST, date(2026, 11, 5)]
    assert Check.objects.filter(state=Check.State.COUNTED).count() == 6
    assert Entry.objects.get(check_row__day=date(2026, 11, 5)).n == 2
    sheet.refresh_from_db()
    assert sheet.state_on(TODAY) == "typed"
    assert sheet.typed_by == cast.users["village_office"]


def test_the_same_typed_twice_is_already_there_whoever_types(cast: Cast) -> None:
    sheet = printed(cast)
    typed(cast, sheet, {0: FOUR})
    again = typed(cast, sheet, {0: FOUR}, by="township_office")
    assert (again.state, again.n_already) == ("already", 1)
    assert Capture.objects.count() == 1
    more = typed(cast, sheet, {0: FOUR, 1: {1: "."}}, by="township_office")
    assert more.state == "stored"
    assert Capture.objects.count() == 2


def test_something_else_typed_is_told_cell_by_cell_and_only_a_correction_counts(cast: Cast) -> None:
    sheet = printed(cast)
    typed(cast, sheet, {0: FOUR})
    other = FOUR | {2: "B", 4: ""}
    result = typed(cast, sheet, {0: other, 1: {1: "."}})
    assert result.state == "conflict"
    assert "第 2 行" in result.differs[0]
    assert "原来是 √，现在是 B" in result.differs[0]
    assert "现在是 没查" in result.differs[1]
    assert Capture.objects.count() == 1
    with refused("paper_blanked"):
        typed(cast, sheet, {0: other}, correcting=True)
    assert typed(cast, sheet, {0: FOUR | {2: "B"}}, correcting=True).state == "stored"
    counted = Check.objects.filter(state=Check.State.COUNTED, day=FIRST)
    assert counted.count() == 4
    assert counted.get(subject=cast.household(2)).n_faults == 1
    assert typed(cast, sheet, {0: FOUR | {2: "B"}}).state == "already"
    assert typed(cast, sheet, {0: FOUR}).state == "conflict"
    assert Change.objects.filter(act="paper.corrected").count() == 1


def test_within_ten_minutes_it_can_be_taken_back_and_typed_anew(cast: Cast) -> None:
    sheet = printed(cast)
    typed(cast, sheet, {0: FOUR, 1: FOUR})
    assert actions.take_back(cast.users["village_office"], sheet, now=NOW + timedelta(minutes=9)) == 2
    sheet.refresh_from_db()
    assert sheet.typed_at is None
    assert not Check.objects.filter(state=Check.State.COUNTED).exists()
    assert typed(cast, sheet, {0: {1: "."}}).state == "stored"
    late = actions.take_back(cast.users["village_office"], sheet, now=NOW + timedelta(minutes=11))
    assert late == 0


def test_a_day_that_is_not_there_yet_is_refused(cast: Cast) -> None:
    sheet = printed(cast)
    with refused("paper_tomorrow") as raised:
        typed(cast, sheet, {TODAY.day: {1: "."}})
    assert str(raised.value).startswith("11月22日还没到，第 1 行不能先录。")
    assert not Capture.objects.exists()


def test_a_closed_month_is_taken_as_late(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    sheet = printed(cast)
    closed = {(cast.places[COUNTY].pk, "linjiang", month) for month in range(202601, 202613)}
    monkeypatch.setattr("xiangyue.captures.intake.closed_told", lambda answers: closed)
    result = typed(cast, sheet, {0: FOUR})
    assert result.state == "late"
    assert "已经关账" in result.answers[0][1].words
    assert set(Check.objects.values_list("state", flat=True)) == {Check.State.LATE}


def test_what_is_not_borne_that_day_is_refused_by_name(cast: Cast) -> None:
    sheet = printed(cast)
    Duty.objects.filter(target=cast.household(3)).update(to_on=date(2026, 11, 4))
    assert typed(cast, sheet, {3: {3: "."}}).state == "stored"
    with refused("paper_outside") as raised:
        typed(cast, sheet, {4: {3: "."}})
    assert "不由己党员包保" in str(raised.value)


@pytest.mark.parametrize(
    ("cells", "code"),
    [({}, "paper_empty"), ({0: {1: " "}}, "paper_empty"), ({0: {9: "."}}, "paper_row"), ({40: {1: "."}}, "paper_row"),
     ({0: {1: "Q"}}, "paper_cell"), ({0: {1: "坏"}}, "paper_cell")],
)  # fmt: skip
def test_bad_cells_come_back_with_what_to_do(cast: Cast, cells: dict[int, dict[int, str]], code: str) -> None:
    sheet = printed(cast)
    with refused(code) as raised:
        typed(cast, sheet, cells)
    assert raised.value.mend
    assert not Capture.objects.exists()


def test_a_cancelled_sheet_takes_nothing_and_a_typed_one_is_not_cancelled(cast: Cast) -> None:
    office = cast.users["village_office"]
    sheet, other = printed(cast), printed(cast)
    actions.cancel_sheet(office, sheet, now=NOW)
    with refused("paper_cancelled"):
        typed(cast, sheet, {0: FOUR})
    typed(cast, other, {0: FOUR})
    with refused("paper_has_records"):
        actions.cancel_sheet(office, other, now=NOW)


def test_visits_come_back_with_their_tasks_and_wishes(cast: Cast) -> None:
    sheet = printed(cast, form="visit")
    layout = layout_of(sheet)
    assert layout.with_wishes
    cells = {2: {1: ".", 2: "BA"}, 8: {1: "C"}}
    assert typed(cast, sheet, cells, wishes={2: "路灯坏了"}).state == "stored"
    assert Visit.objects.count() == 3
    two = Visit.objects.get(target=cast.household(2))
    assert two.day == date(2026, 11, 3)
    assert two.tasks.split(",") == [layout.letters[0].item, layout.letters[1].item]
    assert two.capture.channel == "paper"
    wish = Wish.objects.get()
    assert (wish.household, wish.words.text) == (cast.household(2), "路灯坏了")
    assert typed(cast, sheet, cells, wishes={2: "路灯坏了"}).state == "already"
    assert typed(cast, sheet, cells, wishes={2: "水管坏了"}).state == "conflict"
    with refused("paper_wish"):
        typed(cast, sheet, cells, wishes={4: "水管坏了"})


def test_a_sheet_holds_a_month_at_most_and_somebody_to_see(cast: Cast) -> None:
    with refused("paper_span"):
        printed(cast, FIRST, date(2026, 12, 5))
    sheet = printed(cast)
    Duty.objects.filter(person=cast.people["P06"]).delete()
    assert layout_of(sheet).lines[0].holds(FIRST) is False
    assert sheet.place.code == WILLOW


def test_a_teams_places_go_out_on_paper_and_come_back_by_keyboard(cast: Cast) -> None:
    """Members of a team get a line for each public place: of the check that they make there, and of their visits."""
    vanguards(cast)
    text = cast.scheme and SchemeVersion.objects.get(pk=cast.scheme.pk)
    assert text
    text.text += SPOT_CHECK
    text.digest = digest_of(text.text)
    text.save()
    Kind.objects.create(ground=text.ground, scheme="linjiang", code="spot", name="公共场所检查", level="public_place")
    office = cast.users["village_office"]
    team = acts.found_team(office, cast.places[WILLOW], "vanguard", "柳树村先锋队", BEGIN, now=NOW)
    acts.add_spot(office, team, cast.places[SQUARE], BEGIN, now=NOW)
    acts.add_member(office, team, cast.people["P07"], "party", BEGIN, now=NOW)
    offers = {one.code: one for one in offers_for(cast.people["P07"], FIRST, LAST)}
    for code, cell in (("spot", "A"), ("vanguard", "A")):
        sheet = actions.print_sheet(office, cast.people["P07"], offers[code], FIRST, LAST, now=NOW)
        assert sheet.rows == [SQUARE]
        assert typed(cast, sheet, {0: {1: cell}}).state == "stored"
    check = Check.objects.get(subject=cast.places[SQUARE])
    assert (check.kind.code, check.inspector, check.n_faults) == ("spot", cast.people["P07"], 1)
    visit = Visit.objects.get(target=cast.places[SQUARE])
    assert (visit.person, visit.layer, visit.done) == (cast.people["P07"], "vanguard", ("clear",))
