"""The notice of anything: proposed, told, objected to, answered, in force, renewed, withdrawn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from tests.cast import COUNTY, OTHER_VILLAGE, PEACH, WILLOW, Cast
from tests.standings.facts import AFTER, refused
from xiangyue.base.models import Change
from xiangyue.base.saying import said_day
from xiangyue.people.models import Person
from xiangyue.site.office.needs_notices import notices_running
from xiangyue.standings.actions.publication import propose, put_in_force, renew, supersede, tell, withdraw
from xiangyue.standings.actions.publication_objections import answer, object_to
from xiangyue.standings.notices import kinds as publication_kinds
from xiangyue.standings.notices.kinds import PublicationKind
from xiangyue.standings.notices.models import Objection, Publication

State = Publication.State
LATER = AFTER + timedelta(days=7)


@pytest.fixture
def told() -> Iterator[list[tuple[str, Any]]]:
    """What the hooks of the kind `sample` were told of."""
    heard: list[tuple[str, Any]] = []

    def upheld(objection: Objection, actor: Any, now: datetime) -> str:
        heard.append(("upheld", objection.subject.code))
        return "只重评这一个村"

    kind = PublicationKind(
        "sample",
        "示例公示",
        upheld=upheld,
        in_force=lambda row, actor, now: heard.append(("in_force", row.version)),
        withdrawn=lambda row, actor, now: heard.append(("withdrawn", row.version)),
        superseded=lambda row, actor, now: heard.append(("superseded", row.version)),
    )
    kept = dict(publication_kinds.KINDS)
    publication_kinds.tie_kinds(kind)
    yield heard
    publication_kinds.KINDS.clear()
    publication_kinds.KINDS.update(kept)


def change_kind(**fields: Any) -> None:
    publication_kinds.tie_kinds(replace(publication_kinds.KINDS["sample"], **fields))


def proposed(cast: Cast, days: int = 5, **more: Any) -> Publication:
    subjects = [cast.places[WILLOW], cast.places[PEACH]]
    clerk, ground = cast.users["county_office"], cast.places[COUNTY]
    return propose(clerk, "sample", ground, "s/2026", "示例名单", subjects, days, now=AFTER, **more)


def test_from_proposed_to_in_force(cast: Cast, told: list[Any]) -> None:
    row = proposed(cast)
    clerk = cast.users["county_office"]
    assert (row.state, row.version, row.notice_ends_on) == (State.PROPOSED, 1, date(2026, 11, 5))
    with refused("notice_runs"):
        put_in_force(clerk, row, now=AFTER + timedelta(days=4))
    done = put_in_force(clerk, row, now=AFTER + timedelta(days=5))
    assert (done.pk, done.state, done.in_force_by) == (row.pk, State.IN_FORCE, clerk)
    assert told == [("in_force", 1)]
    acts = list(Change.objects.filter(act__startswith="publication.").order_by("pk").values_list("act", "actor"))
    assert acts == [("publication.proposed", clerk.pk), ("publication.in_force", clerk.pk)]


def test_one_version_is_on_notice_at_a_time(cast: Cast, told: list[Any]) -> None:
    row = proposed(cast)
    with refused("publication_proposed"):
        proposed(cast)
    put_in_force(None, row, now=LATER)
    newer = proposed(cast)
    assert newer.version == 2
    put_in_force(None, newer, now=LATER)
    row.refresh_from_db()
    assert (row.state, row.superseded_by) == (State.SUPERSEDED, newer)
    assert told == [("in_force", 1), ("superseded", 1), ("in_force", 2)]


def test_every_objection_is_answered_first_and_reopens_what_it_touches(cast: Cast, told: list[Any]) -> None:
    row = proposed(cast)
    clerk = cast.users["county_office"]
    mine = object_to(clerk, row, cast.places[WILLOW], text="少记一次检查", by_name="示例甲", now=AFTER)
    with refused("objections_unanswered"):
        put_in_force(clerk, row, now=LATER)
    with refused("empty_text"):
        answer(clerk, mine, True, "  ", now=AFTER)
    done = answer(clerk, mine, True, "查实，补记", now=AFTER)
    assert (done.upheld, done.outcome, told) == (True, "只重评这一个村", [("upheld", WILLOW)])
    with refused("already_answered"):
        answer(clerk, mine, False, "再答一次", now=AFTER)
    assert put_in_force(clerk, row, now=LATER).state == State.IN_FORCE


def test_objections_stay_open_across_versions_and_renewing_takes_the_notice_over(cast: Cast, told: list[Any]) -> None:
    row = proposed(cast)
    tell(None, row, [cast.places[WILLOW]], now=AFTER)
    mine = object_to(None, row, cast.places[PEACH], text="名次不对", by_name="示例乙", now=AFTER)
    newer = renew(None, row, reason="改一行", summary={"rows": 1}, now=AFTER + timedelta(days=2))
    row.refresh_from_db()
    assert (row.state, row.superseded_by) == (State.SUPERSEDED, newer)
    assert (newer.version, newer.notice_ends_on, newer.proposed_at) == (2, row.notice_ends_on, row.proposed_at)
    day = date(2026, 11, 1)
    assert dict(newer.subjects.values_list("place__code", "told_on")) == {WILLOW: day, PEACH: None}
    with refused("objections_unanswered"):
        put_in_force(None, newer, now=LATER)
    answer(None, mine, False, "核对无误", now=AFTER)
    assert put_in_force(None, newer, now=LATER).version == 2


def test_a_correction_of_what_is_in_force_has_a_notice_of_its_own(cast: Cast, told: list[Any]) -> None:
    row = put_in_force(None, proposed(cast), now=LATER)
    newer = renew(None, row, reason="补录", now=LATER)
    row.refresh_from_db()
    assert (row.state, newer.state, newer.notice_ends_on) == (State.IN_FORCE, State.PROPOSED, date(2026, 11, 12))
    with refused("notice_runs"):
        put_in_force(None, newer, now=LATER)


def test_who_is_told_first_is_told_before_it_is_in_force(cast: Cast, told: list[Any]) -> None:
    change_kind(told_first=True)
    row = proposed(cast)
    with refused("publication_not_told"):
        put_in_force(None, row, now=LATER)
    assert tell(None, row, [cast.places[WILLOW]], now=AFTER) == 1
    assert tell(None, row, now=AFTER) == 1
    assert tell(None, row, now=AFTER) == 0
    assert put_in_force(None, row, now=LATER).state == State.IN_FORCE


def test_a_kind_holds_back_and_settles(cast: Cast, told: list[Any]) -> None:
    change_kind(waiting=lambda row, day: ("等第二人批准",))
    row = proposed(cast)
    with refused("publication_held_back"):
        put_in_force(None, row, now=LATER)
    change_kind(waiting=lambda row, day: (), settle=lambda row, actor, now: renew(actor, row, reason="除名", now=now))
    done = put_in_force(None, row, now=LATER)
    assert (done.version, done.state) == (2, State.IN_FORCE)
    assert told == [("superseded", 1), ("in_force", 2)]


def test_withdrawn_it_can_be_proposed_again_under_the_same_version(cast: Cast, told: list[Any]) -> None:
    row = proposed(cast, version=3)
    with refused("needs_reason"):
        withdraw(None, row, reason=" ", now=AFTER)
    gone = withdraw(None, row, reason="名单有误", now=AFTER)
    assert (gone.state, gone.reason, told) == (State.WITHDRAWN, "名单有误", [("withdrawn", 3)])
    with refused("not_in_notice"):
        object_to(None, gone, cast.places[WILLOW], text="x", by_name="y", now=AFTER)
    again = proposed(cast, version=3)
    with refused("publication_state"):
        withdraw(None, gone, reason="再撤", now=AFTER)
    supersede(None, again, now=AFTER)
    with refused("publication_version"):
        proposed(cast, version=3)
    newest = proposed(cast)
    again.refresh_from_db()
    assert (newest.version, again.superseded_by) == (4, newest)


def test_objections_concern_someone_of_the_ground(cast: Cast, told: list[Any]) -> None:
    row = proposed(cast)
    with refused("publication_not_concerned"):
        object_to(None, row, cast.places[OTHER_VILLAGE], text="x", by_name="y", now=AFTER)
    with refused("not_in_notice"):
        object_to(None, row, cast.places[WILLOW], text="x", by_name="y", now=LATER)
    person = Person.objects.filter(place__path__startswith=cast.places[COUNTY].path)[0]
    mine = object_to(None, row, person, text="x", by_name="y", now=AFTER)
    assert (mine.person, mine.subject) == (person, person.place)


def test_a_kind_that_nobody_tied_is_refused(cast: Cast) -> None:
    with refused("publication_kind"):
        propose(None, "nothing", cast.places[COUNTY], "k", "t", now=AFTER)


def test_a_village_is_told_at_home_of_what_is_on_notice_about_it(cast: Cast, told: list[Any]) -> None:
    row = proposed(cast)
    day, paths = AFTER.date(), (cast.places[WILLOW].path,)
    need = notices_running(paths, day)
    assert need is not None
    assert (need.n, need.url) == (1, f"/standings/notices/{row.pk}/")
    assert said_day(row.notice_ends_on) in need.words
    assert "示例名单" in need.words
    assert notices_running((cast.places[OTHER_VILLAGE].path,), day) is None
    assert notices_running(paths, row.notice_ends_on + timedelta(days=1)) is None
    withdraw(cast.users["county_office"], row, now=AFTER, reason="名单有误")
    assert notices_running(paths, day) is None
