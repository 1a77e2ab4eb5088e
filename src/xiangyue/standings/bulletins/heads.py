"""What of the three links is in rhythm and what is not yet, in plain words, each with the page where it is done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from xiangyue.base.pages import address
from xiangyue.duties.visits.dispatching import Rhythm
from xiangyue.standings.bulletins.chain import Chain, VillageRow
from xiangyue.standings.bulletins.models import Bulletin
from xiangyue.standings.models import Closing

NAMED = 4
SLACK = 10
"""A village that missed at most one day in so many keeps the rhythm of the daily check."""
State = Bulletin.State


@dataclass(frozen=True, slots=True)
class Link:
    """One link of the chain: whether it is in rhythm, in words, and where to go."""

    name: str
    state: str
    """done, due, plain."""
    badge: str
    words: str
    url: str = ""
    label: str = ""


def links_of(chain: Chain, today: date, bulletins: Sequence[Bulletin], *, may_write: bool) -> tuple[Link, ...]:
    """The three links of a county's or township's month."""
    return (_daily(chain, today), _dispatch(chain), bulletin_link(chain, bulletins, may_write=may_write))


def in_rhythm(row: VillageRow) -> bool:
    """Whether a village kept its daily check: at most one day in ten missed."""
    return row.n.missed * SLACK <= row.n.days_due


def _daily(chain: Chain, today: date) -> Link:
    name = "、".join(chain.daily) or _("日检查")
    if not chain.daily:
        return Link(
            name,
            "plain",
            _("没有规定"),
            _("方案没有规定每天的检查，下面只列检查次数。"),
            address("agreements:schemes"),
            _("看方案"),
        )
    owing = [row for row in chain.rows if row.n.days_due]
    if not owing:
        return Link(name, "plain", _("还没开始"), _("这个月还没有到要查的日子。"))
    behind = sorted((row for row in owing if not in_rhythm(row)), key=lambda row: (-row.n.missed, row.path))
    url, label = address("desk:list", "check", ground=chain.place.code), _("看检查记录")
    parts = []
    if behind:
        named = "、".join(_("%(name)s缺%(n)s天") % {"name": row.name, "n": row.n.missed} for row in behind[:NAMED])
        parts.append(_("%(n)s个村没跟上：%(named)s%(more)s。") % {
            "n": len(behind), "named": named, "more": _("等") if len(behind) > NAMED else "",
        })  # fmt: skip
    else:
        parts.append(_("%(n)s个村都跟上了，共查了%(done)s村次。") % {"n": len(owing), "done": chain.total.days_done})
    if chain.span.holds(today) and (left := sum(not row.checked_today and row.until is None for row in owing)):
        parts.append(_("今天还有%s个村没查。") % left)
    return Link(name, "due" if behind else "done", _("没跟上") if behind else _("跟上了"), "".join(parts), url, label)


def _dispatch(chain: Chain) -> Link:
    name = Rhythm(chain.every_days).name
    n, due = len(chain.meetings), chain.meetings_due
    url = address("visits:dispatches", place=chain.place.code)
    words = _("%(place)s每%(days)s天一次，到现在应开%(due)s次，开了%(n)s次。") % {
        "place": chain.place.name, "days": chain.every_days, "due": due, "n": n,
    }  # fmt: skip
    left = chain.total.asked - chain.total.asked_done
    if left:
        words += _("交办到村的还有%s件没办结。") % left
    if n >= due:
        return Link(name, "done", _("跟上了"), words, url, _("看调度会"))
    return Link(name, "due", _("没跟上"), words, url, _("去调度"))


def bulletin_link(chain: Chain, bulletins: Sequence[Bulletin], *, may_write: bool) -> Link:
    """The third link: waiting for the month's end, for its close, for a draft, for issue; or issued."""
    name = _("月通报")
    held = {
        row.state: row for row in reversed(bulletins) if row.key == chain.span.key and row.place_id == chain.place.pk
    }
    if row := held.get(State.ISSUED):
        words = _("已印发%(number)s，%(m)s月%(d)s日发的。") % {
            "number": row.numbered, "m": row.issued_at.month if row.issued_at else "", "d": row.issued_at.day if row.issued_at else "",
        }  # fmt: skip
        return Link(name, "done", _("已印发"), words, reverse("bulletins:bulletin", args=(row.pk,)), _("看通报"))
    if row := held.get(State.DRAFT):
        url = reverse("bulletins:bulletin", args=(row.pk,))
        return Link(name, "due", _("没发"), _("草稿写了，还没有印发。"), url, _("去印发"))
    if chain.runs:
        return Link(name, "plain", _("月底后"), _("这个月过完以后，通报由上面的数字自动填好。"))
    closed = any(row.close != "open" for row in chain.rows)
    words = _("还没有写。") if closed else _("还没有写；这个月还没有关账，现在发就不带排名和红黑榜。")
    if not may_write:
        return Link(name, "due", _("没发"), words)
    if not closed and _has_month(chain):
        return Link(name, "due", _("没发"), words, reverse("standings:periods"), _("先去关账"))
    return Link(name, "due", _("没发"), words)


def _has_month(chain: Chain) -> bool:
    """Whether somebody could close the month: no version of it is there yet."""
    grounds = [pk for pk in (chain.place.ground_id, chain.place.township_id) if pk]
    return not Closing.objects.filter(period__ground__in=grounds, period__key=chain.span.key).exists()


def village_links(chain: Chain, row: VillageRow, today: date, unread: Sequence[Bulletin]) -> tuple[Link, ...]:
    """What a village itself has done and has still to do in the month."""
    found = [_own_daily(chain, row, today), _own_problems(row), _own_asks(row, chain)]
    for one in unread:
        url = reverse("bulletins:bulletin", args=(one.pk,))
        found.append(Link(_("月通报"), "due", _("请看"), _("%s已发，请看。") % one.numbered, url, _("打开")))
    return tuple(found)


def _own_daily(chain: Chain, row: VillageRow, today: date) -> Link:
    name = "、".join(chain.daily) or _("日检查")
    if not chain.daily:
        return Link(name, "plain", _("没有规定"), _("方案没有规定每天的检查。"))
    words = _("应查%(due)s天，查了%(done)s天。") % {"due": row.n.days_due, "done": row.n.days_done}
    if chain.span.holds(today) and not row.checked_today:
        return Link(name, "due", _("今天没查"), words + _("今天还没查。"), reverse("checks:entry"), _("录入检查"))
    if in_rhythm(row):
        return Link(name, "done", _("跟上了"), words)
    return Link(name, "due", _("缺%s天") % row.n.missed, words)


def _own_problems(row: VillageRow) -> Link:
    n = row.n
    words = _("新发现%(a)s件，整改%(b)s件，销号%(c)s件。") % {"a": n.opened, "b": n.mended, "c": n.closed}
    url = address("desk:list", "problem", ground=row.code)
    if n.overdue:
        late = address("desk:list", "problem", ground=row.code, late="1")
        return Link(_("问题"), "due", _("逾期%s件") % n.overdue, words + _("过了期限还没整改的先办。"), late, _("去办"))
    return Link(_("问题"), "done", _("没有逾期"), words, url, _("看问题"))


def _own_asks(row: VillageRow, chain: Chain) -> Link:
    left = row.n.asked - row.n.asked_done
    words = _("会上交办%(n)s件，办结%(done)s件。") % {"n": row.n.asked, "done": row.n.asked_done}
    name = Rhythm(chain.every_days).name
    if left:
        return Link(name, "due", _("%s件没办结") % left, words, address("visits:dispatches", place=row.code), _("去看"))
    return Link(name, "done", _("没有欠账"), words)
