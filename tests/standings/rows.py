"""One closed period with a board, an objection and an adjustment on a county's ground: what addresses name in tests."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.cast import COUNTY, NOW, OTHER_COUNTY, OTHER_VILLAGE, WILLOW, Cast
from tests.standings import review_rows
from xiangyue.standings.help_models import HelpCase
from xiangyue.standings.models import (
    Adjustment,
    BoardEntry,
    BoardList,
    Closing,
    Objection,
    Period,
    Publication,
    Result,
    Standing,
)
from xiangyue.standings.notices.kinds import CLOSING, KINDS


def period_of(cast: Cast, is_own: bool) -> Period:
    """September, open."""
    ground = cast.places[COUNTY if is_own else OTHER_COUNTY]
    assert cast.scheme is not None
    found, _ = Period.objects.get_or_create(
        ground=ground, scheme=cast.scheme.code, key="2026-09",
        defaults={"kind": "month", "starts_on": date(2026, 9, 1), "ends_on": date(2026, 9, 30)},
    )  # fmt: skip
    return found


def closing_of(cast: Cast, is_own: bool) -> Closing:
    """September, closed and on notice, with one village's result."""
    period = period_of(cast, is_own)
    assert cast.scheme is not None
    closing, made = Closing.objects.get_or_create(
        period=period,
        version=1,
        defaults={
            "scheme_version": cast.scheme,
            "closed_at": NOW,
            "state": "proposed",
            "notice_ends_on": date(2026, 10, 6),
        },
    )
    if made:
        closing.publication = Publication.objects.create(
            kind="closing", ground=period.ground, key=f"{period.scheme}/{period.key}", title="2026年9月考核结果",
            proposed_at=NOW, notice_days=6, notice_ends_on=date(2026, 10, 6),
        )  # fmt: skip
        closing.save()
        village = cast.places[WILLOW if is_own else OTHER_VILLAGE]
        standing = Standing.objects.create(
            closing=closing, composite="village_month", name="村月度得分", level="village", digest="0" * 64,
            n_subjects=1, n_rated=1, mean=9000,
        )  # fmt: skip
        Result.objects.create(standing=standing, subject=village, own=9000, paired=9000, adjustments=0, result=9000)
    return closing


def entry_of(cast: Cast, is_own: bool) -> BoardEntry:
    """A household on the black board of its village."""
    village = WILLOW if is_own else OTHER_VILLAGE
    standing = Standing.objects.create(
        closing=closing_of(cast, is_own), composite="household_month", name="农户月度得分", level="household",
        digest="0" * 64, n_subjects=2, n_rated=2, mean=9000,
    )  # fmt: skip
    board = BoardList.objects.create(
        standing=standing, board="household_board", name="农户红黑榜", group=cast.places[village], category="",
        pool=8, n_red=0, n_black=1,
    )  # fmt: skip
    return BoardEntry.objects.create(
        board=board, side="black", subject=cast.household(1, village), result=5000, position=1
    )


def publication_of(cast: Cast, is_own: bool) -> Publication:
    """The notice of that closing."""
    found = closing_of(cast, is_own).publication
    assert found is not None
    return found


def withdrawn_of(cast: Cast, is_own: bool) -> Publication:
    """A notice of another kind that was withdrawn, which the public still reads as such."""
    kind = next(one.code for one in KINDS.values() if one.public and one.code != CLOSING)
    found, _ = Publication.objects.get_or_create(
        kind=kind, ground=cast.places[COUNTY if is_own else OTHER_COUNTY], key="s", state="withdrawn",
        defaults={"title": "示例", "proposed_at": NOW, "notice_days": 3, "notice_ends_on": date(2026, 10, 6)},
    )  # fmt: skip
    return found


def objection_of(cast: Cast, is_own: bool) -> Objection:
    """An objection not yet answered."""
    return Objection.objects.create(
        publication=publication_of(cast, is_own), subject=cast.places[WILLOW if is_own else OTHER_VILLAGE], text="示例",
        by_name="示例", received_on=date(2026, 10, 2),
    )  # fmt: skip


def adjustment_of(cast: Cast, is_own: bool) -> Adjustment:
    """An adjustment in force."""
    return Adjustment.objects.get_or_create(
        period=period_of(cast, is_own), composite="village_month", code="A1",
        subject=cast.places[WILLOW if is_own else OTHER_VILLAGE],
        defaults={"amount": 100, "name": "示例", "reason": "示例", "on": date(2026, 9, 9), "created_at": NOW},
    )[0]  # fmt: skip


def help_case_of(cast: Cast, is_own: bool) -> HelpCase:
    """A household that waits for help."""
    household = cast.household(1, WILLOW if is_own else OTHER_VILLAGE)
    return HelpCase.objects.get_or_create(
        household=household, period=period_of(cast, is_own), defaults={"why": "need", "opened_on": date(2026, 9, 9)}
    )[0]


OPEN = ("preview", "close")
CLOSED = ("period", "new_version", "propose", "withdraw", "in_force", "verify", "versions", "notice", "adjustments")
PUBLISHED = ("publication", "object", "tell", "put_in_force", "withdraw_notice", "paper")
ADDRESSES: dict[tuple[str, str], Any] = {
    **{(f"standings:{name}", "pk"): lambda cast, is_own: period_of(cast, is_own).pk for name in OPEN},
    **{
        (f"standings:{name}", "pk"): lambda cast, is_own: closing_of(cast, is_own).period_id
        for name in (*CLOSED, "table", "figure")
    },
    **{(f"standings:{name}", "composite"): lambda cast, is_own: "village_month" for name in ("table", "figure")},
    **{(f"standings:{name}", "pk"): lambda cast, is_own: entry_of(cast, is_own).board_id for name in ("board", "told")},
    ("standings:cured", "pk"): lambda cast, is_own: entry_of(cast, is_own).pk,
    **{(f"standings:{name}", "pk"): lambda cast, is_own: publication_of(cast, is_own).pk for name in PUBLISHED},
    ("public:publication", "pk"): lambda cast, is_own: withdrawn_of(cast, is_own).pk,
    ("standings:helped", "pk"): lambda cast, is_own: help_case_of(cast, is_own).pk,
    ("standings:answer", "pk"): lambda cast, is_own: objection_of(cast, is_own).pk,
    ("standings:adjustment_withdraw", "pk"): lambda cast, is_own: adjustment_of(cast, is_own).pk,
    **review_rows.ADDRESSES,
}
"""(Address, parameter) → the row it names."""
