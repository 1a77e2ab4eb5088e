"""A title, its list, ballot and holder, and a contest's stop on a county's ground: what addresses name in tests."""

from __future__ import annotations

from typing import Any

from tests.cast import COUNTY, NOW, OTHER_COUNTY, OTHER_VILLAGE, TODAY, WILLOW, Cast
from xiangyue.rewards.contest_models import Contest, ContestGoods, ContestStop, HandOut
from xiangyue.rewards.honour_models import Held, HonourBallot, HonourLine, HonourList, Nomination

TITLE = "yard"


def list_of(cast: Cast, is_own: bool) -> HonourList:
    """A list of a title in force, with one household chosen."""
    assert cast.scheme is not None
    row = HonourList.objects.create(
        ground=cast.places[COUNTY if is_own else OTHER_COUNTY], scheme="linjiang", scheme_version=cast.scheme,
        code=TITLE, name="三好一庭院", key="2026-10", version=1, digest="0" * 64, made_at=NOW, state="in_force",
        given_by="rule", approval="示例-未报批", n_chosen=1, why="示例",
    )  # fmt: skip
    place = cast.household(1, WILLOW if is_own else OTHER_VILLAGE)
    HonourLine.objects.create(list=row, place=place, outcome="chosen", figure=9_900, position=1, why="示例")
    return row


def _of_title(cast: Cast, is_own: bool) -> dict[str, Any]:
    return {"ground": cast.places[COUNTY if is_own else OTHER_COUNTY], "scheme": "linjiang", "honour": TITLE}


def held_of(cast: Cast, is_own: bool) -> Held:
    """A title that a household holds."""
    row = list_of(cast, is_own)
    place = cast.household(1, WILLOW if is_own else OTHER_VILLAGE)
    return Held.objects.create(**_of_title(cast, is_own), name="三好一庭院", place=place, list=row, given_on=TODAY)


def nomination_of(cast: Cast, is_own: bool) -> Nomination:
    """A household put forward."""
    place = cast.household(2, WILLOW if is_own else OTHER_VILLAGE)
    title = _of_title(cast, is_own)
    return Nomination.objects.create(**title, key="2026-10", place=place, reason="示例", nominated_at=NOW)


def ballot_of(cast: Cast, is_own: bool) -> HonourBallot:
    """A ballot on file."""
    return HonourBallot.objects.create(
        **_of_title(cast, is_own), key="2026-10", kind="jury", held_on=TODAY, minutes="示例", called=1, came=1,
        recorded_at=NOW,
    )  # fmt: skip


def stop_of(cast: Cast, is_own: bool) -> ContestStop:
    """A stop of a contest."""
    ground = cast.places[COUNTY if is_own else OTHER_COUNTY]
    told = {"scheme": "linjiang", "approval": "示例-未报批", "honours": [TITLE], "made_at": NOW}
    row, _ = Contest.objects.get_or_create(ground=ground, key="2026-10", name="示例竞赛", defaults=told)
    where = {"place": ground, "market": "示例集市", "on": TODAY}
    return ContestStop.objects.get_or_create(contest=row, position=1, defaults=where)[0]


def signed_of(cast: Cast, is_own: bool) -> HandOut:
    """Goods that a household signed for."""
    stop = stop_of(cast, is_own)
    held = HandOut.objects.filter(stop=stop).first()
    if held is not None:
        return held
    home = held_of(cast, is_own).place
    goods, _ = ContestGoods.objects.get_or_create(
        contest=stop.contest, name="脸盆", defaults={"unit": "个", "bought": 9}
    )
    values = {"n": 1, "signed_on": TODAY, "signed_by": "示例户1"}
    return HandOut.objects.create(stop=stop, goods=goods, place=home, **values)


ADDRESSES: dict[tuple[str, str], Any] = {
    **{
        (f"rewards:{name}", "pk"): lambda cast, is_own: list_of(cast, is_own).pk
        for name in ("honour_list", "honour_propose", "honour_strike")
    },
    ("rewards:nomination_withdraw", "pk"): lambda cast, is_own: nomination_of(cast, is_own).pk,
    ("rewards:honour_vote_withdraw", "pk"): lambda cast, is_own: ballot_of(cast, is_own).pk,
    ("rewards:honour_cause", "pk"): lambda cast, is_own: held_of(cast, is_own).pk,
    ("rewards:holder", "code"): lambda cast, is_own: held_of(cast, is_own).place.code,
    **{
        (f"rewards:{name}", "code"): lambda cast, is_own: TITLE
        for name in ("honour", "nominate", "honour_vote", "honour_draw", "plaque_stock")
    },
    **{
        (f"rewards:{name}", "pk"): lambda cast, is_own: stop_of(cast, is_own).contest_id
        for name in ("contest", "contest_stop_add", "contest_goods")
    },
    **{
        (f"rewards:{name}", "pk"): lambda cast, is_own: stop_of(cast, is_own).pk
        for name in ("contest_stop", "contest_plan", "contest_sign", "contest_unplan")
    },
    ("rewards:contest_correct", "pk"): lambda cast, is_own: signed_of(cast, is_own).stop_id,
    ("rewards:contest_correct", "code"): lambda cast, is_own: signed_of(cast, is_own).place.code,
}
"""(Address, parameter) → the row it names."""
