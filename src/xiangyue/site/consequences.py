"""What follows from what: the one table of acts in lower rooms and those above that follow them.

Set once by `SiteConfig.ready`; a follower runs in the act's own transaction.
"""

from __future__ import annotations

from xiangyue.base.consequences import tie


def tie_all() -> None:
    """Tie every event to its followers."""
    from xiangyue.standings import live

    tie("sheets_totalled", live.totals_changed)
