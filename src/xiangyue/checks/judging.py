"""Whether a check may be taken, and what it scores: the subject, who inspects, and the standard of the day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from xiangyue.base.problems import Problem, problem_kind
from xiangyue.base.roles import STAFF, Role
from xiangyue.base.scope import Scope
from xiangyue.checks.requests import Row
from xiangyue.checks.world import DutyFact, PersonFact, PlaceFact, Rule, World
from xiangyue.places.models import Level
from xiangyue.rules.sheet import Entry, SheetError, points, score_clean

UNKNOWN_PLACE = problem_kind(
    "check_place",
    _("没有编码为“{code}”的对象，或不在您的范围内。"),
    _("请核对编码；户已合并或搬走的，请从名单中去掉。"),
)
CLOSED_PLACE = problem_kind(
    "check_place_day", _("“{name}”（{code}）在{day}不存在。"), _("请核对日期；区划调整前后请用当时的对象。")
)
WRONG_LEVEL = problem_kind("check_level", _("“{kind}”查的是{level}，“{name}”不是。"), _("请换一种检查，或换一个对象。"))
OUTSIDE_DUTY = problem_kind(
    "check_outside_duty",
    _("{day}，“{name}”（{code}）不是您包保的。"),
    _("请只记自己包保的户；刚交接的，请村里在“包保”里改好日期后再记。"),
    403,
)
OWN_TARGET = problem_kind(
    "check_own_target",
    _("“{name}”由检查人本人（或所在单位）包保，不能由其检查。"),
    _("请换一位不包保这里的检查人。"),
    403,
)
OUT_OF_SEASON = problem_kind(
    "check_season", _("“{standard}”只在{months}月使用，{day}不在其中。"), _("请换一种检查，或核对日期。")
)
NO_VOICES = problem_kind(
    "check_voice", _("“{kind}”不是评议，一天一位检查人只算一张，不填份号。"), _("请去掉份号再提交。")
)
BAD_ENTRY = problem_kind("check_entry", _("“{name}”的记分不对：{words}"), _("改好这一条后请再提交。"))
NOT_YOURS = problem_kind(
    "check_not_yours", _("您不能在“{name}”记“{kind}”。"), _("这种检查由上一级办公室或督导组记录，请与他们联系。"), 403
)


@dataclass(frozen=True, slots=True)
class Scored:
    """A check that may be taken: `score` None is void."""

    place: PlaceFact
    rule: Rule
    entries: tuple[Entry, ...]
    note: str
    score: int | None
    n_faults: int
    voice: int = 0


def judge_row(world: World, scheme: str, check: str, row: Row, inspector: PersonFact | None, day: date) -> Scored:
    """The scored check of one subject on a day; a Problem says why it can't be taken."""
    place = world.places.get(row.subject)
    if place is None:
        raise Problem(UNKNOWN_PLACE, code=row.subject)
    rule = world.rule(place, scheme, check, day)
    _subject_fits(place, rule, day)
    _inspector_may(world.duties.get(place.id, ()), rule, place, inspector, day)
    if row.voice and not rule.kind.opinion:
        raise Problem(NO_VOICES, kind=rule.kind.name)
    if not row.entries:
        return Scored(place, rule, (), row.note, score_clean(rule.standard), 0, row.voice)
    try:
        score = points(rule.standard, row.entries)
    except SheetError as error:
        raise Problem(BAD_ENTRY, name=place.name, words=error.words) from None
    return Scored(place, rule, row.entries, row.note, score, faults_in(rule, row.entries), row.voice)


def may_record(scope: Scope, place: PlaceFact, rule: Rule) -> bool:
    """Whether the actor may enter a check that is not of their own duty: staff and teams from above the subject.

    A place does not inspect itself, so an office enters checks of what lies below it; a supervision team anywhere on
    its ground. A self-check (村日检查) is the place's own by its kind: its office types it in for whoever bears it.
    """
    for grant in scope.grants:
        if place.path.startswith(grant.path):
            if grant.role == Role.SUPERVISOR and not rule.kind.layers:
                return True
            if grant.role in STAFF and (rule.kind.self_check or grant.path != place.path):
                return True
    return False


def bears(duties: list[DutyFact] | tuple[()], person: PersonFact, on: date, layers: tuple[str, ...] = ()) -> bool:
    """Whether one of the duties, live on that day, is the person's (on one of the layers, where any are named)."""
    for duty in duties:
        if duty.from_on > on or (duty.to_on is not None and duty.to_on < on) or (layers and duty.layer not in layers):
            continue
        if duty.person_id == person.id:
            return True
        if duty.organisation_id is not None and duty.organisation_id == person.organisation_id:
            return True
        if duty.stand_in_id == person.id and _stands_in(duty, on):
            return True
    return False


def _stands_in(duty: DutyFact, on: date) -> bool:
    begun = duty.stand_in_from is None or duty.stand_in_from <= on
    return begun and (duty.stand_in_to is None or duty.stand_in_to >= on)


def faults_in(rule: Rule, entries: tuple[Entry, ...]) -> int:
    """How many items lost points."""
    lost = {entry.item for entry in entries if entry.applicable and not entry.amount}
    if not lost:
        return 0
    bonus = {item.code for item in rule.standard.items if item.kind == "bonus"}
    return len(lost - bonus)


def _subject_fits(place: PlaceFact, rule: Rule, day: date) -> None:
    if place.level != rule.kind.subject:
        level = Level(rule.kind.subject).label
        raise Problem(WRONG_LEVEL, kind=rule.kind.name, level=level, name=place.name)
    if place.from_on > day or (place.to_on is not None and place.to_on < day):
        raise Problem(CLOSED_PLACE, name=place.name, code=place.code, day=day)
    months = rule.standard.months
    if months and day.month not in months:
        listed = "、".join(str(month) for month in months)
        raise Problem(OUT_OF_SEASON, standard=rule.standard.name, months=listed, day=day)


def _inspector_may(
    duties: list[DutyFact] | tuple[()],
    rule: Rule,
    place: PlaceFact,
    inspector: PersonFact | None,
    day: date,
) -> None:
    if rule.kind.layers:
        if inspector is None or not bears(duties, inspector, day, rule.kind.layers):
            raise Problem(OUTSIDE_DUTY, day=day, name=place.name, code=place.code)
    elif inspector is not None and (inspector.home_id == place.id or bears(duties, inspector, day)):
        raise Problem(OWN_TARGET, name=place.name)
