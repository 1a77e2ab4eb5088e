"""The desks of problems and of what is offered: listed and exported as they stand, taken in from a workbook."""

from __future__ import annotations

import re
from typing import Any

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from xiangyue.base.scope import Scope, policy_of
from xiangyue.desk.declaration import Choices, Column, Desk, Filter, Link, Named, Ref, Related, Shown, Table
from xiangyue.desk.declaration import Kind as Cell
from xiangyue.desk.importer import BAD, Planned, Row
from xiangyue.desk.plain import PlainImporter
from xiangyue.desk.registry import register
from xiangyue.people.desk import ORGANISATION
from xiangyue.places.desk import place_filter
from xiangyue.places.models import Level, Place
from xiangyue.problems.imports import ProblemImporter
from xiangyue.problems.kinds import kind_words
from xiangyue.problems.models import IN_HAND, Problem, Source, State, Step, Supply, Tier
from xiangyue.problems.showing import timeline

PLACE = Ref(Place, _("地点"), where=Q(to_on=None), hint="parent__name")
GROUND = Ref(Place, _("供给范围"), where=Q(level__in=(Level.COUNTY, Level.TOWNSHIP, Level.VILLAGE), to_on=None),
             hint="parent__name")  # fmt: skip


def problem_rows() -> QuerySet[Problem]:
    """All problems with who has to mend them."""
    return Problem.objects.annotate(bearer=Coalesce(F("person__name"), F("organisation__name")))


def kind_choices(scope: Scope) -> Choices:
    """The kinds of the problems on the actor's ground."""
    counties = {path.split("/")[0] for path in scope.paths(policy_of(Problem).see)}
    rows = Problem.objects.filter(ground__code__in=counties).order_by().values_list("kind", "kind_name").distinct()
    return sorted(dict(rows).items())


def by_overdue(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    """Those past their deadline that somebody has still to mend, or the others."""
    late = Q(state__in=IN_HAND, deadline__lt=timezone.localdate())
    return rows.filter(late) if value == "1" else rows.exclude(late)


def steps_in_words(scope: Scope, problem: Problem) -> Table:
    """The steps, newest first."""
    steps = list(Step.objects.filter(problem=problem).select_related("words", "capture").order_by("n"))
    rows = [(line.day, f"{line.label} {line.about}".strip(), line.who, line.text) for line in timeline(steps)]
    return Table((_("日期"), _("步骤"), _("办理人"), _("说明")), rows)


register(
    Desk(
        name="problem",
        model=Problem,
        title=_("问题"),
        label="kind_name",
        rows=problem_rows,
        listed=(
            Shown("reported_on", _("发现日期"), kind="date"),
            Shown("kind_name", _("种类")),
            Shown("place__name", _("地点"), sort="place__path"),
            Shown("place__code", _("地点编码"), kind="code", sort="place__path", first=False),
            Shown("place__village__name", _("村（社区）"), sort="-"),
            Shown("place__township__name", _("乡镇"), sort="-", first=False),
            Shown("source", _("来源"), choices=Source.choices, first=False),
            Shown("state", _("状态"), choices=State.choices),
            Shown("deadline", _("期限"), kind="date"),
            Shown("tier", _("在哪级"), choices=Tier.choices, first=False),
            Shown("bearer", _("整改人"), sort="-"),
            Shown("mended_on", _("整改日期"), kind="date", first=False),
            Shown("closed_on", _("销号日期"), kind="date"),
            Shown("n_found", _("发现次数"), kind="number", first=False),
            Shown("n_reopened", _("重开次数"), kind="number", first=False),
            Shown("n_relapsed", _("反弹次数"), kind="number", first=False),
        ),
        search=("place__name", "kind_name"),
        codes=("place__code",),
        filters=(
            Filter("kind", _("种类"), lookup="kind", choices=kind_choices),
            place_filter("place__path"),
            Filter("state", _("状态"), choices=State.choices),
            Filter("late", _("逾期"), choices=(("1", _("逾期的")), ("0", _("没逾期的"))), apply=by_overdue),
            Filter("source", _("来源"), choices=Source.choices),
            Filter("reported_on", _("发现日期"), lookup="reported_on", kind="days"),
        ),
        sort=("-reported_on", "-pk"),
        columns=(
            Column("day", _("发现日期"), Cell.DATE, required=True, key=True, source="reported_on", example="2026-11-05"),
            Column("kind", _("种类"), required=True, key=True, longest=60, source="kind_name", example="垃圾乱倒",
                   note=_("填方案里的名称或代码。")),
            Column("place", _("地点编码"), Cell.REF, required=True, key=True, ref=PLACE, source="place__code",
                   aliases=("地点",), example="990100100201"),
            Column("source", _("来源"), Cell.CHOICE, choices=Source.choices, note=_("不填按“办公室登记”。"), once=True),
            Column("text", _("说明"), longest=500, source="-", example="村口堆着垃圾", note=_("不写人名和电话。")),
            Column("place_name", _("地点名称"), source="place__name", shown_only=True),
            Column("state", _("状态"), Cell.CHOICE, choices=State.choices, shown_only=True),
            Column("deadline", _("期限"), Cell.DATE, shown_only=True),
            Column("tier", _("在哪级"), Cell.CHOICE, choices=Tier.choices, shown_only=True),
            Column("bearer", _("整改人"), shown_only=True),
            Column("mended_on", _("整改日期"), Cell.DATE, shown_only=True),
            Column("verified_on", _("核实日期"), Cell.DATE, shown_only=True),
            Column("closed_on", _("销号日期"), Cell.DATE, shown_only=True),
        ),
        importer=ProblemImporter,
        related=(Related(_("办理经过"), function=steps_in_words),),
        create=False,
        edit=False,
        links=(
            Link(_("报一个问题"), "problems:report", "plus"),
            Link(_("办理"), "problems:problem", "list-check", with_key=True),
        ),
        empty=_("这里是每一个问题，从发现到销号。手机上报的、检查查出的、从表格导入的都在内。"),
        unit=_("件"),
        icon="list-check",
    )
)  # fmt: skip


class SupplyImporter(PlainImporter):
    """The plain importer; nothing is offered less than was given already."""

    def load(self) -> None:
        """What is on file, with how much of it was given."""
        super().load()
        self.known: dict[int, dict[str, str]] = {}
        self.given_out = dict(Supply.objects.values_list("pk", "n_given")) if self.kept else {}

    def plan_row(self, row: Row) -> Planned:
        """As any row, with the kinds by their names."""
        typed, ground = row.values.get("kinds"), row.values.get("ground")
        if not isinstance(typed, str) or not isinstance(ground, Named):
            return super().plan_row(row)
        if ground.id not in self.known:
            self.known[ground.id] = kind_words(Place.objects.get(pk=ground.id), self.context.today)
        known = self.known[ground.id]
        parts = [part for part in re.split(r"[,，、;；\s]+", typed) if part]
        if strange := next((part for part in parts if part not in known), ""):
            listed = "、".join(dict.fromkeys(known.values()))
            mend = _t("请填：%s；不填就是都可以。") % listed if listed else _t("方案里还没有问题种类，请留空。")
            wrong = _t("“%s”不是这里的问题种类。") % strange
            return Planned(BAD, row.number, self.key_of(row), label=self.label_of(row), errors=[wrong + mend])
        row.values["kinds"] = "、".join(dict.fromkeys(known[part] for part in parts))
        return super().plan_row(row)

    def check(self, row: Row, kept: dict[str, Any] | None) -> list[str]:
        """The days in order, and enough left for what was given."""
        errors = super().check(row, kept)
        key = self.key_of(row)
        given = self.given_out.get(self.kept[key][0], 0) if kept is not None and key in self.kept else 0
        amount = self._new(row, kept, "amount")
        if amount is not None and amount < max(given, 1):
            errors.append(_t("数量不能少于已经对接的 %s。") % max(given, 1))
        return errors


register(
    Desk(
        name="supply",
        model=Supply,
        title=_("供给清单"),
        label="what",
        listed=(
            Shown("what", _("供给内容")),
            Shown("organisation__name", _("供给单位"), sort="organisation__code"),
            Shown("ground__name", _("供给范围"), sort="ground__path"),
            Shown("amount", _("数量"), kind="number"),
            Shown("unit", _("单位")),
            Shown("n_given", _("已对接"), kind="number"),
            Shown("from_on", _("起始日"), kind="date"),
            Shown("to_on", _("截止日"), kind="date"),
        ),
        search=("what", "organisation__name"),
        codes=("organisation__code",),
        filters=(place_filter("ground__path"), Filter("live", _("有效"), kind="live")),
        sort=("what", "pk"),
        columns=(
            Column("ground", _("供给范围编码"), Cell.REF, required=True, key=True, ref=GROUND, source="ground__code",
                   aliases=("供给范围",), example="990100"),
            Column("organisation", _("单位编码"), Cell.REF, required=True, key=True, ref=ORGANISATION,
                   source="organisation__code", aliases=("供给单位",), example="D01"),
            Column("what", _("供给内容"), required=True, key=True, longest=80, example="垃圾清运车"),
            Column("from_on", _("起始日"), Cell.DATE, required=True, key=True, example="2026-11-01"),
            Column("kinds", _("对应的问题种类"), longest=200, note=_("方案里问题种类的名称，用顿号隔开；不填：都可以。"),
                   example="垃圾、污水"),
            Column("amount", _("数量"), Cell.WHOLE, required=True, least=1, example="5"),
            Column("unit", _("单位"), longest=8, example="个"),
            Column("to_on", _("截止日"), Cell.DATE),
            Column("n_given", _("已对接"), Cell.WHOLE, shown_only=True),
        ),
        ground="ground",
        defaults=lambda context: {"n_given": 0, "made_by": context.scope.user_id},
        importer=SupplyImporter,
        links=(Link(_("三张清单"), "problems:lists", "arrows-left-right"),),
        empty=_("部门和企业能提供什么，登记在这里，就能与村里的需求对接。"),
        icon="gift",
    )
)  # fmt: skip
