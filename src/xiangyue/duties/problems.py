"""What can go wrong with duties, in words with what to do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import IntegrityError, connections
from django.utils.translation import gettext_lazy as _

from xiangyue.base.problems import Problem, problem_kind

MARK = "duty_no_overlap"
"""What the database says when it refuses an overlap; stands in migration 0002."""

OVERLAP = problem_kind(
    "duty_overlap",
    _("有对象在这段日期已有人包保，这一层同一时间只能由一人（或一个编组）包保。"),
    _("请先结束或交接原来的包保，或改起止日期；几人一起包保的，填同一个编组。"),
    409,
)
TAKEN = problem_kind(
    "duty_taken",
    _("“{target}”从{day}起已由{bearer}包保（{layer}）。"),
    _("请先交接或结束原来的包保，或把起始日改到它结束以后；几人一起包保的，填同一个编组。"),
    409,
)
TWICE = problem_kind(
    "duty_twice", _("{bearer}在这一层已经包保“{target}”。"), _("不用再指定；要改日期，请在包保清单里改。"), 409
)
NO_LAYER = problem_kind(
    "duty_no_layer", _("{place}生效的方案里没有包保层“{layer}”。"), _("请从方案里有的包保层中选。"), 404
)
HOUSEHOLDS_OWN = problem_kind(
    "duty_households_own",
    _("“{layer}”由每户自己承担，不用指定包保人。"),
    _("请选由干部、党员或单位承担的包保层。"),
)
WRONG_TARGET = problem_kind(
    "duty_target_level", _("“{layer}”包保的是{wanted}，“{target}”不是。"), _("请选一个{wanted}。")
)
GONE = problem_kind("duty_target_gone", _("“{target}”在{day}不存在。"), _("请核对对象的起止日期。"))
WRONG_BEARER = problem_kind("duty_bearer_kind", _("“{layer}”由{wanted}承担。"), _("请选{wanted}。"))
WRONG_POST = problem_kind(
    "duty_post",
    _("{bearer}在{day}没有这一层要求的职务（{posts}）。"),
    _("请换人，或先在干部党员名册里登记职务。"),
)
AWAY_BEARER = problem_kind("duty_bearer_gone", _("{bearer}在{day}已不在册。"), _("请换一位。"))
OVER_LIMIT = problem_kind(
    "duty_limit",
    _("{bearer}这样就有 {n} 个包保对象，方案规定每人最多 {limit} 个。"),
    _("请换人，或先把{bearer}的一部分交给别人。"),
)
OWN_HOUSE = problem_kind(
    "duty_own_house", _("“{target}”是{bearer}自己家。"), _("自家院本来就该先管好，请由别人来包保。")
)
DATES = problem_kind("duty_dates", _("截止日早于起始日。"), _("请核对两个日期。"))
ENDED = problem_kind("duty_ended", _("这条包保在{day}已经结束。"), _("不用再办。"), 409)
NOT_BEGUN = problem_kind("duty_not_begun", _("有包保从{day}才开始，早于这天的日期不行。"), _("请选{day}或以后的日期。"))
NOTHING = problem_kind("duty_nothing", _("没有选到包保对象。"), _("请至少选一个。"))
SELF = problem_kind("duty_self", _("接手的人就是{bearer}自己。"), _("请另选一位。"))
NOT_YOURS = problem_kind(
    "duty_above",
    _("“{layer}”的包保对象要由上一级来定。"),
    _("乡镇的包保由县办公室定，村的包保由乡镇或县办公室定；请联系他们。"),
    403,
)
NO_BEARERS = problem_kind(
    "duty_no_bearers",
    _("{place}范围内没有可分配的包保人（{layer}）。"),
    _("请先在名册里登记职务或单位；由上级统一分配的层，请在上级区划里分配。"),
)
PLAN_CHANGED = problem_kind(
    "duty_plan_changed", _("预览以后名册或包保有变动，这份方案已经过时。"), _("请重新预览，看过再确认。"), 409
)
UNDONE = problem_kind("duty_undone", _("这次分配已经撤回或结束。"), _("不用再办。"), 409)
TOO_LATE = problem_kind(
    "duty_undo_late",
    _("这次分配不能撤回：不是今天做的，或其中的包保后来又改动过。"),
    _("可以“结束这一批”，再重新分配。"),
    409,
)


@contextmanager
def told_overlaps() -> Iterator[None]:
    """The database's refusal of an overlap as a Problem in words; put it around the transaction."""
    try:
        yield
    except (IntegrityError, _drivers_own()) as error:
        if MARK in str(error) or "duty_person_open_once" in str(error) or "duties_duty.target_id" in str(error):
            raise Problem(OVERLAP) from error
        raise


def _drivers_own() -> type[Exception]:
    """What the database's driver raises itself where rows go in past Django's cursor."""
    database: Any = connections["default"]
    found: type[Exception] = database.Database.IntegrityError
    return found
