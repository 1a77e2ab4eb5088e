"""Publishing a scheme: read, held against its county's, judged, numbered, in force from the next period on."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from xiangyue.agreements.in_force import digest_of, scheme_of, version_on
from xiangyue.agreements.models import SchemeVersion
from xiangyue.base import changes
from xiangyue.base.consequences import follow
from xiangyue.base.problems import Problem, problem_kind
from xiangyue.base.writes import alone, write
from xiangyue.people.models import User
from xiangyue.places.models import Level, Place
from xiangyue.rules.burden import scheme_over, usual_doors
from xiangyue.rules.settings import Scheme
from xiangyue.schemes import lint, load, narrowing_errors

WRONG_GROUND = problem_kind(
    "scheme_ground", _("方案里写的辖区是“{said}”，而这里是{ground}（{code}）。"), _("请把 ground 改成“{code}”。")
)
NOT_A_GROUND = problem_kind(
    "scheme_level", _("{place}不是县或乡镇，不能有自己的方案。"), _("请在所在的县或乡镇发布方案。")
)
NOT_NEXT_PERIOD = problem_kind(
    "scheme_day",
    _("新版方案不能从{day}起生效：进行中的考核期不能换方案。"),
    _("请选{next}或以后某个月的1日。"),
)
BEFORE_ANOTHER = problem_kind(
    "scheme_order", _("第{version}版已经发布，从{day}起生效。"), _("请选这一天或更晚的月份，新版会在那天接替它。")
)
CLOSED_ALREADY = problem_kind(
    "scheme_closed",
    _("{months}已经关账，新版方案不能从{day}起生效：关了账的成绩不换方案。"),
    _("请选{next}或以后某个月的1日。"),
)
MONTHS_ON = 24
"""So many months from the first day on are looked at: nobody closes further ahead."""
LOOSENS = problem_kind("scheme_loosens", _("乡镇方案放宽了县方案：{what}"), _("请改得与县方案一样严或更严。"))
TOO_MUCH = problem_kind(
    "scheme_burden", _("方案超过自己定的减负上限：{what}"), _("改好再发布；要改上限的，由县里重新核定“减负上限”。")
)
NO_COUNTY_SCHEME = problem_kind(
    "scheme_narrows", _("县里没有代码为“{code}”的生效方案，谈不上收紧。"), _("请改“所收紧的方案”，或等县方案发布。")
)
REJECTED = problem_kind("scheme_rejected", _("方案不能发布：{what}"), _("请按提示改好再发布。"))


def next_period(today: date) -> date:
    """The first day of the month after `today`."""
    return date(today.year + today.month // 12, today.month % 12 + 1, 1)


def publish_scheme(
    actor: User | None, ground: Place, text: str, from_on: date, *, today: date, now: datetime | None = None
) -> SchemeVersion:
    """The published version; the newest published one itself when the text is the same.

    SchemeErrors when the text can't be read, Problem when it can't govern this ground from that day.
    """
    scheme = load(text)
    hold_against_ground(ground, scheme, from_on)
    with write():
        alone(f"scheme:{ground.pk}:{scheme.code}")
        last = newest(ground, scheme.code)
        if last is not None and last.digest == digest_of(text):
            return last
        check_day(last, from_on, today)
        hold_against_closed(ground, scheme.code, from_on)
        version = SchemeVersion(ground=ground, code=scheme.code, created_by=actor, created_at=now or timezone.now())
        return put_in_force(actor, version, scheme, text, from_on, now=now or timezone.now())


def publish_draft(
    actor: User | None, draft: SchemeVersion, from_on: date, *, today: date, now: datetime | None = None
) -> SchemeVersion:
    """The draft as a published version."""
    scheme = load(draft.text)
    hold_against_ground(draft.ground, scheme, from_on)
    with write():
        alone(f"scheme:{draft.ground_id}:{scheme.code}")
        draft = SchemeVersion.objects.select_related("ground").get(pk=draft.pk)
        if draft.state != SchemeVersion.State.DRAFT:
            return draft
        check_day(newest(draft.ground, scheme.code), from_on, today)
        hold_against_closed(draft.ground, scheme.code, from_on)
        return put_in_force(actor, draft, scheme, draft.text, from_on, now=now or timezone.now())


def newest(ground: Place, code: str) -> SchemeVersion | None:
    """The published version with the latest first day."""
    rows = SchemeVersion.objects.published().filter(ground=ground, code=code)
    return rows.order_by("-from_on", "-version").first()


def next_number(ground: Place, code: str) -> int:
    """The number that the next version gets."""
    last = SchemeVersion.objects.filter(ground=ground, code=code).aggregate(last=Max("version"))["last"]
    return int(last or 0) + 1


def hold_against_ground(ground: Place, scheme: Scheme, on: date) -> None:
    """Pass only a scheme that may govern this ground from that day."""
    if ground.level not in (Level.COUNTY, Level.TOWNSHIP):
        raise Problem(NOT_A_GROUND, place=ground.name)
    if short_code(scheme.ground) != ground.code:
        raise Problem(WRONG_GROUND, said=scheme.ground, ground=ground.name, code=ground.code)
    _hold_against_county(ground, scheme, on)
    rejected = [finding for finding in lint(scheme) if finding.severity == "reject"]
    if rejected:
        raise Problem(REJECTED, what="".join(str(one) for one in rejected[:5]))
    over = scheme_over(scheme, usual_doors(scheme))
    if over:
        raise Problem(TOO_MUCH, what="".join(one.words for one in over))


def short_code(code: str) -> str:
    """A ground's code without the zeros that fill it up to twelve digits."""
    if set(code[6:]) <= {"0"}:
        return code[:6]
    return code[:9]


def _hold_against_county(ground: Place, scheme: Scheme, on: date) -> None:
    if not scheme.narrows or ground.ground_id is None:
        return
    above = version_on(ground.ground_id, scheme.narrows, on)
    if above is None:
        raise Problem(NO_COUNTY_SCHEME, code=scheme.narrows)
    loosened = narrowing_errors(scheme_of(above), scheme)
    if loosened:
        raise Problem(LOOSENS, what="".join(str(one) for one in loosened[:5]))


def check_day(last: SchemeVersion | None, from_on: date, today: date) -> None:
    """Pass only the first day of a coming month; a ground's first scheme may begin on any day."""
    if last is None:
        return
    if from_on.day != 1 or from_on < next_period(today):
        raise Problem(NOT_NEXT_PERIOD, day=from_on, next=next_period(today))
    if last.from_on and last.from_on > from_on:
        raise Problem(BEFORE_ANOTHER, version=last.version, day=last.from_on)


def hold_against_closed(ground: Place, code: str, from_on: date) -> None:
    """Pass only a first day before which every closed month ends: what was closed early keeps its scheme."""
    from xiangyue.captures.intake import closed_months

    first = from_on.year * 12 + from_on.month - 1
    months = {number // 12 * 100 + number % 12 + 1 for number in range(first, first + MONTHS_ON)}
    closed = sorted(closed_months(ground.pk, code, months))
    if closed:
        last = date(closed[-1] // 100, closed[-1] % 100, 1)
        told = "、".join(f"{month // 100}年{month % 100}月" for month in closed[:6])
        raise Problem(CLOSED_ALREADY, months=told, day=from_on, next=next_period(last))


def put_in_force(
    actor: User | None, version: SchemeVersion, scheme: Scheme, text: str, from_on: date, *, now: datetime
) -> SchemeVersion:
    """Store the version as published, under the next number where its own is taken over by a later one."""
    number = next_number(version.ground, scheme.code)
    version.version = version.version if version.pk and version.version == number - 1 else number
    version.code, version.name, version.text, version.digest = scheme.code, scheme.name[:120], text, digest_of(text)
    version.state, version.from_on = SchemeVersion.State.PUBLISHED, from_on
    version.published_at, version.published_by = now, actor
    version.save()
    told = {"version": version.version, "from_on": from_on, "digest": version.digest}
    changes.log(actor.pk if actor else None, "scheme.published", version, path=version.ground.path, after=told)
    follow("scheme_published", version)
    return version
