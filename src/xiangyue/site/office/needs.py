"""What needs doing on one's ground, one figure each: asked of short lists and running sums, never of all checks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.core.cache import cache
from django.db.models import Count, Exists, Min, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from xiangyue.agreements.compact_models import CompactVersion
from xiangyue.agreements.models import SchemeVersion
from xiangyue.base.scope import below
from xiangyue.captures.models import Capture
from xiangyue.checks.inspections.models import Inspection, SheetObjection
from xiangyue.checks.models import Check, DayCount, SheetTotal
from xiangyue.duties.dispatch_models import DispatchAsk
from xiangyue.duties.visit_models import Wish
from xiangyue.people.models import LogInTries, Person
from xiangyue.places.models import HouseholdState, Level, Place, PlaceQuerySet
from xiangyue.rules.days import month_of, parse_period
from xiangyue.site.context import address
from xiangyue.standings.models import Closing, Objection, Period, Publication
from xiangyue.standings.reviews.models import ReviewStageVersion
from xiangyue.standings.reviews.stages import stage_of
from xiangyue.standings.reviews.turns import team_work
from xiangyue.standings.untold import to_tell

KEPT_SECONDS = 60
NAMED = 4
"""Periods named in one need."""
SOON = 3
"""Days before the end of a notice that it is told."""


@dataclass(frozen=True, slots=True)
class Need:
    """One thing to do: a figure with its unit, words, and the link of the next step."""

    title: str
    n: int
    unit: str
    words: str
    url: str
    label: str
    icon: str
    tone: str = "due"


Paths = tuple[str, ...]
Finder = Callable[[Paths, date], Need | None]


def needs(finders: tuple[Finder, ...], paths: Paths, day: date) -> Iterator[Need]:
    """The needs that there are; what has nothing to do is left out."""
    for finder in finders:
        found = finder(paths, day)
        if found is not None and found.n:
            yield found


def months_to_close(paths: Paths, day: date) -> Need:
    """Periods that are over but not closed; those without a single check come last and say so."""
    began = DayCount.objects.filter(day__gte=OuterRef("starts_on"), day__lte=OuterRef("ends_on"))
    over = Q(village__ground_id=OuterRef("ground_id")) | Q(village__township_id=OuterRef("ground_id"))
    mine = Exists(began.filter(over))
    rows = Period.objects.filter(below("ground__path", paths), closings=None, ends_on__lt=day)
    found = sorted((not held, key) for key, held in rows.values_list("key", mine))
    names = [_("%s（没有检查）") % parse_period(key).name if empty else parse_period(key).name for empty, key in found]
    words = "、".join(names[:NAMED]) + ("…" if len(names) > NAMED else "")
    return Need(_("待关账"), len(found), _("期"), words, address("standings:periods"), _("去关账"), "calendar-month")


def results_to_publish(paths: Paths, day: date) -> Need:
    """Closed periods whose results are not on notice yet."""
    rows = Closing.objects.filter(below("period__ground__path", paths), state=Closing.State.CLOSED)
    keys = sorted(rows.values_list("period__key", flat=True))
    return Need(
        _("已关账未公示"),
        len(keys),
        _("期"),
        "、".join(parse_period(key).name for key in keys[:4]),
        address("standings:periods"),
        _("去公示"),
        "send",
    )


def notices_ending(paths: Paths, day: date) -> Need:
    """Notices that end within days, or have ended and wait to be brought into force."""
    rows = Publication.objects.filter(
        below("ground__path", paths),
        state=Publication.State.PROPOSED,
        notice_ends_on__lte=day + timedelta(days=SOON),
    )
    found = sorted(rows.values_list("notice_ends_on", "title"))
    words = "、".join(
        _("%(key)s已期满，可以生效") % {"key": title}
        if ends < day
        else _("%(key)s到%(m)s月%(d)s日") % {"key": title, "m": ends.month, "d": ends.day}
        for ends, title in found[:3]
    )
    return Need(_("公示快期满"), len(found), _("项"), words, address("standings:publications"), _("去看"), "hourglass")


def blacks_to_tell(paths: Paths, day: date) -> Need:
    """Black entries on notice whose subjects nobody has told: their time to mend has not begun."""
    running = Closing.objects.filter(state=Closing.State.PROPOSED).select_related("scheme_version")
    n = to_tell(running).filter(below("subject__path", paths)).count()
    words = _("上了黑榜要先告知本人，整改期从告知那天算起；没告知完，结果不能生效。")
    return Need(_("黑榜待告知"), n, _("个"), words, address("standings:boards"), _("去告知"), "bell")


def own_blacks_to_tell(paths: Paths, day: date) -> Need:
    """As above, for a village: it opens on its own households only."""
    return replace(blacks_to_tell(paths, day), url=address("standings:mending"))


def objections_open(paths: Paths, day: date) -> Need:
    """Objections without an answer."""
    rows = Objection.objects.filter(
        below("subject__path", paths), answered_at=None, publication__state=Publication.State.PROPOSED
    )
    n = rows.count()
    words = _("全部答复后，公示中的事项才能生效。")
    return Need(_("待答复异议"), n, _("条"), words, address("standings:publications"), _("去答复"), "message-2")


def stages_open(paths: Paths, day: date) -> Need:
    """Stages of reviews that are worked on now: who has them finishes them."""
    rows = ReviewStageVersion.objects.filter(below("review__ground__path", paths), state=ReviewStageVersion.State.OPEN)
    found = [(row, stage_of(row.review, row.stage).name) for row in rows.select_related("review__scheme_version")]
    words = "、".join(f"{parse_period(row.review.key).name}{row.review.name}：{stage}" for row, stage in found[:NAMED])
    first = found[0][0] if len(found) == 1 else None
    url = (
        address("standings:review_stage", (str(first.review_id), first.stage))
        if first
        else address("standings:reviews")
    )
    return Need(_("评审进行中"), len(found), _("个阶段"), words, url, _("去看进度"), "stairs", "plain")


def turns_to_take(paths: Paths, day: date) -> Need:
    """Sheets of a mutual review that the township's team has not handed in."""
    found = [work for work in kept("turns", paths, day, team_work) if work.n_left]
    words = "、".join(
        _("%(period)s%(stage)s，本组评%(n)s个村")
        % {"period": parse_period(work.review.key).name, "stage": work.stage, "n": work.n_subjects}
        for work in found
    )
    first = found[0] if len(found) == 1 else None
    url = (
        address("standings:review_team", (str(first.review.pk), first.team)) if first else address("standings:reviews")
    )
    n = sum(work.n_left for work in found)
    return Need(_("待交的评审表"), n, _("张"), words, url, _("去填"), "clipboard-list")


def compacts_to_file(paths: Paths, day: date) -> Need:
    """Compacts that villagers carried and the township has not filed."""
    rows = CompactVersion.objects.filter(below("village__path", paths), state=CompactVersion.State.VOTED)
    names = list(rows.order_by("village__path").values_list("village__name", flat=True))
    words = "、".join(names[:NAMED]) + ("…" if len(names) > NAMED else "")
    return Need(
        _("待备案的村规民约"), len(names), _("件"), words, address("compacts:compacts"), _("去备案"), "file-text"
    )


def captures_held(paths: Paths, day: date) -> Need:
    """Captures that wait for a person."""
    n = Capture.objects.waiting(Capture.State.HELD).filter(below("place__path", paths)).count()
    words = _("日期晚于今天或太久以前的记录，核对后才计入。")
    return Need(_("待人工核对"), n, _("条"), words, address("checks:held"), _("去核对"), "hand-stop")


def checks_late(paths: Paths, day: date) -> Need:
    """Checks stored for closed months: the index of what does not count holds these few alone."""
    rows = Check.objects.aside(Check.State.LATE).filter(below("subject__path", paths))
    words = _("关账以后才到的检查，要计入须开新版本。")
    return Need(_("迟到的检查"), rows.count(), _("条"), words, address("checks:late"), _("去看"), "clock", "plain")


def without_inspection(paths: Paths, day: date) -> PlaceQuerySet:
    """The villages under a scheme that nobody has inspected this month: opinion sheets are no inspection."""
    seen = SheetTotal.objects.filter(
        subject_id=OuterRef("pk"), month=day.year * 100 + day.month, kind__level=Level.VILLAGE
    )
    by = SchemeVersion.objects.published().filter(Q(ground=OuterRef("ground_id")) | Q(ground=OuterRef("township_id")))
    return (
        Place.objects.live(day).of(Level.VILLAGE).filter(below("path", paths)).filter(Exists(by)).exclude(Exists(seen))
    )


def villages_unseen(paths: Paths, day: date) -> Need:
    """Villages without an inspection this month."""
    n = without_inspection(paths, day).count()
    left = (month_of(day).ends_on - day).days
    words = _("本月还剩%s天；没有检查的村，月末只按其余部分算分。") % left
    return Need(_("本月未检查的村"), n, _("个"), words, address("checks:entry"), _("录入检查"), "clipboard-list")


def states_missing(paths: Paths, day: date) -> Need:
    """Households of which nobody knows whether they live here."""
    return kept("states", paths, day, _states_missing)


def _states_missing(paths: Paths, day: date) -> Need:
    live = HouseholdState.objects.filter(Q(to_on=None) | Q(to_on__gte=day), from_on__lte=day, place_id=OuterRef("pk"))
    rows = Place.objects.live(day).of(Level.HOUSEHOLD).filter(below("path", paths)).exclude(Exists(live))
    words = _("不知道在住、外出还是空置，按在住算。")
    url = address("desk:list", ("household",))
    return Need(_("缺状态的农户"), rows.count(), _("户"), words, url, _("去补"), "help-circle", "plain")


def hamlets_missing(paths: Paths, day: date) -> Need:
    """Households that stand right under a village which has hamlets."""
    return kept("hamlets", paths, day, _hamlets_missing)


def _hamlets_missing(paths: Paths, day: date) -> Need:
    # asked by the list of villages that have hamlets, not household by household
    split = Place.objects.live(day).of(Level.HAMLET).filter(below("path", paths), parent__level=Level.VILLAGE)
    rows = Place.objects.live(day).of(Level.HOUSEHOLD).filter(below("path", paths))
    words = _("村里分了屯（组），这些户还没有归到屯。")
    url = address("desk:list", ("household",))
    n = rows.filter(parent__in=split.order_by().values("parent_id")).count()
    return Need(_("没归屯的农户"), n, _("户"), words, url, _("去补"), "building-cottage", "plain")


def phones_twice(paths: Paths, day: date) -> Need:
    """Phone numbers that stand with several persons."""
    rows = Person.objects.filter(below("place__path", paths)).exclude(phone="").values("phone").order_by()
    n = rows.annotate(n=Count("pk")).filter(n__gt=1).count()
    words = _("同一个号码登记给几个人，登录会错人。")
    url = address("desk:list", ("person",))
    return Need(_("重复的手机号"), n, _("个"), words, url, _("去核对"), "phone", "plain")


def users_locked(paths: Paths, day: date) -> Need:
    """Users locked out after failed tries."""
    locked = LogInTries.objects.filter(locked_until__gt=timezone.now()).values("phone")
    n = Person.objects.filter(below("place__path", paths), user__phone__in=locked).count()
    words = _("输错密码被锁；核实本人后可以解锁或发一次性码。")
    return Need(_("被锁的账号"), n, _("个"), words, address("desk:list", ("user",)), _("去解锁"), "lock")


def asks_overdue(paths: Paths, day: date) -> Need:
    """What was asked for at dispatch and is past its day."""
    rows = DispatchAsk.objects.filter(
        below("dispatch__place__path", paths), state=DispatchAsk.State.OPEN, by_on__lt=day
    )
    found = list(rows.order_by("by_on").values_list("what", flat=True))
    words = "、".join(found[:NAMED]) + ("…" if len(found) > NAMED else "")
    return Need(_("交办逾期"), len(found), _("件"), words, address("visits:dispatches"), _("去调度"), "calendar-event")


def wishes_waiting(paths: Paths, day: date) -> Need:
    """Wishes of households that nobody has settled or handed on."""
    rows = Wish.objects.filter(below("household__path", paths), state=Wish.State.OPEN)
    told = rows.aggregate(n=Count("pk"), first=Min("day"))
    words = _("最早的一条等了 %s 天。") % (day - told["first"]).days if told["first"] else ""
    return Need(_("待办诉求"), told["n"], _("条"), words, address("visits:wishes"), _("去办"), "message-2")


def kept[T](name: str, paths: Paths, day: date, make: Callable[[Paths, date], T]) -> T:
    """A figure over the whole register, kept for a minute."""
    key = f"office/{name}/{'|'.join(paths)}/{day}"
    found: T | None = cache.get(key)
    if found is None:
        found = make(paths, day)
        cache.set(key, found, KEPT_SECONDS)
    return found


def inspections_waiting(paths: Paths, day: date) -> Need:
    """Inspections whose public number is out and not entered, and those that are over and not ended."""
    sealed = Q(state=Inspection.State.SEALED, number_on__lte=day)
    over = Q(state__in=(Inspection.State.READY, Inspection.State.OPENED), to_on__lt=day)
    rows = Inspection.objects.filter(sealed | over, below("ground__path", paths))
    found = sorted(rows.values_list("from_on", "name", "state"))
    words = "、".join(
        (
            _("%(name)s%(m)s月%(d)s日要填公开数")
            if state == Inspection.State.SEALED
            else _("%(name)s%(m)s月%(d)s日没有收队")
        )
        % {"name": name, "m": on.month, "d": on.day}
        for on, name, state in found[:NAMED]
    )
    return Need(_("督查待办"), len(found), _("次"), words, address("inspections:inspections"), _("去办"), "eye")


def sheets_objected_to(paths: Paths, day: date) -> Need:
    """Objections of inspected places that wait for an answer."""
    rows = SheetObjection.objects.filter(
        below("turn__inspection__ground__path", paths), outcome=SheetObjection.Outcome.OPEN
    )
    words = _("被查的村对督查表有异议，请核实后书面答复。")
    return Need(
        _("待答复的督查异议"),
        rows.count(),
        _("条"),
        words,
        address("inspections:inspections"),
        _("去答复"),
        "message-2",
    )


def inspections_today(paths: Paths, day: date) -> Need:
    """Inspections that set out today or are on their way."""
    rows = Inspection.objects.filter(
        below("ground__path", paths), from_on__lte=day, to_on__gte=day,
        state__in=(Inspection.State.READY, Inspection.State.OPENED),
    )  # fmt: skip
    words = _("去哪里只对组员打开；出发时在督查页打开。")
    return Need(
        _("今天的督查"), rows.count(), _("次"), words, address("inspections:inspections"), _("去督查"), "map-pin"
    )


COUNTY: tuple[Finder, ...] = (
    months_to_close, results_to_publish, notices_ending, blacks_to_tell, objections_open, stages_open, captures_held,
    asks_overdue, inspections_waiting, sheets_objected_to, villages_unseen, checks_late, states_missing,
    hamlets_missing, phones_twice, users_locked,
)  # fmt: skip
# a township that is itself a scheme's ground closes and publishes as a county does
TOWNSHIP: tuple[Finder, ...] = (
    months_to_close, results_to_publish, notices_ending, blacks_to_tell, turns_to_take, villages_unseen, objections_open, captures_held,
    asks_overdue, wishes_waiting, compacts_to_file, inspections_waiting,
    sheets_objected_to, states_missing, hamlets_missing, phones_twice, users_locked,
)  # fmt: skip
VILLAGE: tuple[Finder, ...] = (
    own_blacks_to_tell, captures_held, asks_overdue, wishes_waiting, states_missing, hamlets_missing,
)  # fmt: skip
SUPERVISOR: tuple[Finder, ...] = (inspections_today, villages_unseen)
