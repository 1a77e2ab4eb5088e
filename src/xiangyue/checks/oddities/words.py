"""What is odd, in plain words: what was seen, and what it may well be."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from xiangyue.checks.oddities.models import Oddity

BADGES: dict[str, str] = {"open": "due", "asked": "waiting", "answered": "due", "fine": "done"}
WHY: dict[str, Any] = {
    "photo": lazy("也许是选错了照片，也许同一处地方看起来就一样。把照片放在一起看一看。"),
    "night": lazy("也许是晚上补记白天的事，也许手机时间不准。"),
    "burst": lazy("也许是把纸上记的集中录进来，也许按错了。"),
    "late": lazy("也许那里一直没有信号，也许手机放了几天。"),
    "clock": lazy("手机的钟走错了，系统已按收到的时间改正；请本人把手机时间设为自动。"),
}


def told(row: Oddity) -> str:
    """What was seen, with its figure; `row.n` is how many captures."""
    n: int = getattr(row, "n", 0)
    match row.kind:
        case Oddity.Kind.PHOTO:
            return _("几乎一样的照片用在 %d 处。") % n
        case Oddity.Kind.NIGHT:
            return _("夜里 23 点到早上 5 点之间记了 %d 条。") % n
        case Oddity.Kind.BURST:
            return _("同一分钟里记了 30 条以上，共 %d 条。") % n
        case Oddity.Kind.LATE:
            return _("%d 条记录，记下 7 天以后才收到。") % n
    return _("%d 条记录，手机的钟差了一天以上。") % n
