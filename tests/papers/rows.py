"""Sheets on both grounds, for the permission table and the desks."""

from __future__ import annotations

from typing import Any

from tests.cast import NOW, OTHER_COUNTY, OTHER_VILLAGE, TODAY, Cast
from tests.papers.sheets import printed
from xiangyue.captures.ids import new_id
from xiangyue.papers.models import Sheet


def sheet_of(cast: Cast, is_own: bool) -> Sheet:
    """A sheet of member P06 (and one of P07), or one of the other county's member."""
    bearer = cast.people["P06" if is_own else "P24"]
    found = Sheet.objects.filter(person=bearer).order_by("pk").first()
    if found is not None:
        return found
    if is_own:
        printed(cast, person="P07")
        return printed(cast)
    return Sheet.objects.create(
        uuid=new_id(), form=Sheet.Form.ROUND, ground=cast.places[OTHER_COUNTY], scheme="linjiang", code="daily",
        title="日检查", place=cast.places[OTHER_VILLAGE], person=bearer, from_on=TODAY, to_on=TODAY,
        rows=[cast.household(1, OTHER_VILLAGE).code], printed_at=NOW,
    )  # fmt: skip


ADDRESSES: dict[tuple[str, str], Any] = {
    **{
        (f"papers:{name}", "number"): lambda cast, is_own: sheet_of(cast, is_own).number
        for name in ("type", "opinions", "workbook", "upload", "undo", "cancel")
    },
    **{(f"desk:{page} paper", "key"): lambda cast, is_own: sheet_of(cast, is_own).pk for page in ("detail", "edit")},
}
"""(Address, parameter) → the row it names."""
