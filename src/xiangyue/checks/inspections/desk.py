"""The desks of planned inspections, of inspections and of objections to their sheets."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from xiangyue.base.roles import READERS
from xiangyue.base.scope import Scope
from xiangyue.checks.inspections.imports import PlanImporter
from xiangyue.checks.inspections.models import Inspection, PlannedInspection, SheetObjection
from xiangyue.checks.inspections.planning import MOST_TIMES
from xiangyue.desk.declaration import Choices, Column, Desk, Filter, Kind, Link, Ref, Shown
from xiangyue.desk.happened import tell
from xiangyue.desk.registry import register
from xiangyue.places.desk import place_filter
from xiangyue.places.models import Place

GROUND = Ref(Place, _("辖区"), where=Q(level__in=("county", "township")), hint="parent__name")
tell("inspection_plan.filed", _("备案年度督查计划"))
tell("inspection.arranged", _("安排督查"))
tell("inspection.number", _("填公开数"))
tell("inspection.opened", _("打开督查对象"))
tell("inspection.looked", _("查看督查对象"))
tell("inspection.finished", _("收队"))
tell("inspection.given_up", _("取消督查"))
tell("sheet_objection.made", _("对督查表提异议"))
tell("sheet_objection.answered", _("答复督查异议"))


def years(scope: Scope) -> Choices:
    """The years that plans were filed for."""
    found = PlannedInspection.objects.order_by().values_list("plan__year", flat=True).distinct()
    return [(str(year), str(year)) for year in sorted(found, reverse=True)]


def plan_rows() -> QuerySet[PlannedInspection]:
    """The lines that ask for something."""
    return PlannedInspection.objects.filter(times__gt=0)


register(
    Desk(
        name="inspection_plan",
        model=PlannedInspection,
        title=_("督查计划"),
        label="name",
        rows=plan_rows,
        listed=(
            Shown("plan__year", _("年度"), kind="code"),
            Shown("month", _("月份"), kind="number"),
            Shown("name", _("督查方式")),
            Shown("times", _("次数"), kind="number"),
            Shown("plan__document", _("备案文号")),
            Shown("plan__filed_on", _("备案日期"), kind="date"),
            Shown("plan__ground__name", _("辖区")),
        ),
        search=("name", "plan__document"),
        filters=(
            Filter("year", _("年度"), lookup="plan__year", choices=years),
            place_filter("plan__ground__path"),
        ),
        sort=("-plan__year", "month", "kind"),
        columns=(
            Column("ground", _("辖区编码"), Kind.REF, required=True, key=True, ref=GROUND, source="plan__ground__code",
                   aliases=("辖区",), example="990100"),
            Column("year", _("年度"), Kind.WHOLE, required=True, key=True, source="plan__year", least=2000, most=2100,
                   example="2026"),
            Column("way", _("督查方式"), required=True, key=True, longest=60, source="name", example="暗访",
                   note=_("填方案里督查方式的名称或代码。")),
            Column("month", _("月份"), Kind.WHOLE, required=True, key=True, least=1, most=12, example="11"),
            Column("times", _("次数"), Kind.WHOLE, required=True, most=MOST_TIMES, example="2",
                   note=_("一年的全部行一起备案；超过每村每月上限的不能导入。")),
            Column("document", _("备案文号"), longest=80, source="plan__document", example="示督〔2026〕1号"),
            Column("filed_on", _("备案日期"), Kind.DATE, source="plan__filed_on", example="2026-01-05"),
        ),
        importer=PlanImporter,
        create=False,
        edit=False,
        links=(Link(_("督查"), "inspections:inspections", "eye", READERS),),
        empty=_("这里是备案的年度督查计划：每种督查每月几次。"),
        unit=_("行"),
        icon="calendar-month",
    )
)  # fmt: skip

register(
    Desk(
        name="inspection",
        model=Inspection,
        title=_("督查台账"),
        label="name",
        listed=(
            Shown("from_on", _("日期"), kind="date"),
            Shown("name", _("督查方式")),
            Shown("state", _("状态"), show=lambda state: Inspection.State(state).label),
            Shown("line__plan__document", _("备案文号")),
            Shown("ground__name", _("辖区")),
            Shown("to_on", _("止"), kind="date", first=False),
            Shown("number_name", _("公开数"), first=False),
            Shown("number", _("号码"), first=False),
            Shown("arranged_at", _("安排时间"), kind="instant", first=False),
            Shown("opened_at", _("打开时间"), kind="instant", first=False),
            Shown("finished_at", _("收队时间"), kind="instant", first=False),
            Shown("reason", _("原因"), first=False),
        ),
        search=("name", "line__plan__document"),
        filters=(
            Filter("state", _("状态"), choices=Inspection.State.choices),
            Filter("day", _("日期"), lookup="from_on", kind="days"),
            place_filter("ground__path"),
        ),
        sort=("-from_on", "-pk"),
        create=False,
        edit=False,
        imports=False,
        links=(
            Link(_("督查"), "inspections:inspections", "eye", READERS),
            Link(_("这次督查"), "inspections:inspection", "map-pin", READERS, with_key=True),
        ),
        empty=_("这里是每一次督查。去哪里不在这里，当天只对组员打开。"),
        unit=_("次"),
        icon="eye",
    )
)

register(
    Desk(
        name="sheet_objection",
        model=SheetObjection,
        title=_("督查异议"),
        label="subject__name",
        listed=(
            Shown("made_at", _("提出时间"), kind="instant"),
            Shown("subject__name", _("对象"), sort="subject__path"),
            Shown("turn__inspection__name", _("督查方式")),
            Shown("check_row__day", _("检查日期"), kind="date"),
            Shown("check_row__score", _("得分"), kind="score"),
            Shown("outcome", _("处理"), show=lambda outcome: SheetObjection.Outcome(outcome).label),
            Shown("text", _("异议"), sort="-"),
            Shown("answer", _("答复"), sort="-", first=False),
            Shown("answered_at", _("答复时间"), kind="instant", first=False),
        ),
        search=("subject__name", "text"),
        codes=("subject__code",),
        filters=(
            Filter("outcome", _("处理"), choices=SheetObjection.Outcome.choices),
            place_filter("subject__path"),
        ),
        sort=("-made_at",),
        create=False,
        edit=False,
        imports=False,
        links=(Link(_("督查"), "inspections:inspections", "eye", READERS),),
        empty=_("这里是被查的村对督查表提的异议和答复。"),
        icon="message-2",
    )
)
