"""The desks of indicator numbers, established violations and watch lists."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.db.models import Case, CharField, F, FloatField, IntegerField, Q, QuerySet, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from xiangyue.agreements.in_force import scheme_of
from xiangyue.agreements.models import SchemeVersion
from xiangyue.base.roles import OFFICES, Role
from xiangyue.base.scope import Scope
from xiangyue.desk.declaration import Column, Desk, Filter, Kind, Link, Ref, Related, Shown, Table
from xiangyue.desk.happened import tell
from xiangyue.desk.registry import register
from xiangyue.people.models import Organisation
from xiangyue.places.desk import place_filter
from xiangyue.places.models import Level, Place
from xiangyue.rules.numbers import told
from xiangyue.rules.settings import Scheme
from xiangyue.standings.ratings.access import schemes_seen
from xiangyue.standings.ratings.imports import ViolationImporter, WatchImporter
from xiangyue.standings.ratings.models import EstablishedViolation, IndicatorNumber, WatchEntry
from xiangyue.standings.ratings.number_imports import NumberImporter
from xiangyue.standings.ratings.violations import kinds_of

PLACE = Ref(Place, _("对象"), hint="parent__name")
BRANCHES = replace(PLACE, where=Q(level__in=(Level.TOWNSHIP, Level.VILLAGE), to_on=None))
DEPARTMENT = Ref(Organisation, _("单位"))
tell("superseded", _("新值替代"))
tell("lifted", _("撤销"))
tell("turned", _("整顿达标"))


def _schemes() -> list[Scheme]:
    """Every published scheme, the newest version last."""
    return [scheme_of(row) for row in SchemeVersion.objects.published().order_by("from_on", "version")]


def _named(field: str, pairs: dict[tuple[str, str], str]) -> Case:
    called = [When(scheme=scheme, **{field: code}, then=Value(name)) for (scheme, code), name in pairs.items()]
    return Case(*called, default=F(field), output_field=CharField())


def number_rows() -> QuerySet[IndicatorNumber]:
    """The current numbers, with their indicator's name, unit and point."""
    indicators = {(scheme.code, row.code): row for scheme in _schemes() for row in scheme.indicators}
    scales = [
        When(scheme=scheme, indicator=code, then=Value(10**row.decimals))
        for (scheme, code), row in indicators.items()
        if row.decimals
    ]
    return IndicatorNumber.objects.filter(is_current=True, number__isnull=False).annotate(
        indicator_name=_named("indicator", {key: row.name for key, row in indicators.items()}),
        unit=_named("indicator", {key: row.unit for key, row in indicators.items()}),
        figure=F("number") * Value(1.0, output_field=FloatField())
        / Case(*scales, default=Value(1), output_field=IntegerField()),
    )  # fmt: skip


def violation_rows() -> QuerySet[EstablishedViolation]:
    """All violations, with the name of their kind."""
    kinds = {
        (scheme.code, kind.code): kind.name
        for scheme in _schemes()
        for rating in scheme.ratings
        for kind in rating.violations
    }
    return EstablishedViolation.objects.annotate(kind_name=_named("kind", kinds))


def _kinds_offered(scope: Scope) -> list[str]:
    """The names of the kinds of violation that the schemes on the actor's ground know."""
    homes = schemes_seen(scope, timezone.localdate())
    return list(dict.fromkeys(kind.name for home in homes for kind in kinds_of(home.scheme).values()))


def _lists_offered(scope: Scope) -> list[str]:
    """The names of the watch lists of the schemes on the actor's ground."""
    homes = schemes_seen(scope, timezone.localdate())
    return list(dict.fromkeys(row.name for home in homes for row in home.scheme.watch_lists))


def watch_rows() -> QuerySet[WatchEntry]:
    """All entries, with the name of their list."""
    lists = {(scheme.code, row.code): row.name for scheme in _schemes() for row in scheme.watch_lists}
    return WatchEntry.objects.annotate(list_name=_named("watch_list", lists))


def earlier(scope: Scope, row: Any) -> Table:
    """What stood here before: each version with who gave it, when, and by which document."""
    rows = IndicatorNumber.objects.filter(
        place=row.place_id, indicator=row.indicator, scheme=row.scheme, key=row.key
    ).select_related("entered_by__person")
    scheme = next((held for held in reversed(_schemes()) if held.code == row.scheme), None)
    indicator = next((one for one in scheme.indicators if one.code == row.indicator), None) if scheme else None
    unit = (indicator.decimals, indicator.unit) if indicator else (0, "")
    lines = [
        (
            held.version, told(held.number, *unit), held.source, held.document, str(held.entered_by or _("命令行")),
            held.entered_at.strftime("%Y-%m-%d"),
        )
        for held in rows.order_by("-version")
    ]  # fmt: skip
    return Table((_("版本"), _("数值"), _("数据来源"), _("文号"), _("填报人"), _("填报日期")), lines)


register(
    Desk(
        name="number",
        model=IndicatorNumber,
        title=_("指标数"),
        label="place__name",
        rows=number_rows,
        listed=(
            Shown("key", _("考核期")),
            Shown("indicator_name", _("指标"), sort="indicator"),
            Shown("place__name", _("对象"), sort="place__path"),
            Shown("figure", _("数值"), kind="number", sort="number"),
            Shown("unit", _("单位"), sort="-"),
            Shown("source", _("数据来源")),
            Shown("document", _("文号")),
            Shown("entered_by__person__name", _("填报人")),
            Shown("entered_at", _("填报时间"), kind="instant"),
            Shown("version", _("版本"), kind="number", first=False),
            Shown("place__code", _("对象编码"), kind="code", first=False),
        ),
        search=("place__name", "indicator", "document"),
        codes=("place__code",),
        filters=(place_filter("place__path"),),
        sort=("-pk",),
        columns=(
            Column("period", _("考核期"), required=True, key=True, longest=20, source="key", example="2026",
                   note=_("年写 2026，季度写 2026-Q3，月写 2026-10。")),
            Column("indicator", _("指标"), required=True, key=True, longest=60, source="indicator_name",
                   example="应急处置队伍", note=_("填方案里指标的名称或代码。")),
            Column("place", _("对象编码"), Kind.REF, required=True, key=True, ref=PLACE, source="place__code",
                   aliases=("对象",), example="990100100201"),
            Column("place_name", _("对象名称"), source="place__name", shown_only=True),
            Column("number", _("数值"), required=True, longest=20, source="figure", example="21.5",
                   note=_("只填数字，不带单位；状态类的指标可填文字，如“有”。")),
            Column("source", _("数据来源"), longest=120, example="资产平台", note=_("留空沿用方案里写的来源。")),
            Column("document", _("文号"), longest=60, example="示农〔2026〕5号"),
        ),
        importer=NumberImporter,
        edit=False,
        related=(Related(_("历次填报"), function=earlier),),
        links=(Link(_("按乡镇填报"), "standings:indicators", "table", OFFICES | {Role.DEPARTMENT}),),
        lead=_("各指标在各考核期的数。新填的替代旧的，旧的留着可查；从记录取数的指标不用填。"),
        empty=_("这里是填报的指标数。可以按乡镇成片填，也可以下载模板填好后导入。"),
        unit=_("个"),
        icon="table",
    )
)  # fmt: skip

register(
    Desk(
        name="violation",
        model=EstablishedViolation,
        title=_("违规认定"),
        label="document",
        rows=violation_rows,
        listed=(
            Shown("subject__name", _("对象"), sort="subject__path"),
            Shown("kind_name", _("违规类别"), sort="kind"),
            Shown("about", _("涉及"), choices=EstablishedViolation.About.choices),
            Shown("department__name", _("认定单位")),
            Shown("document", _("文号")),
            Shown("clause", _("条款")),
            Shown("from_on", _("认定日期"), kind="date"),
            Shown("to_on", _("影响期止"), kind="date"),
            Shown("lifted_at", _("撤销时间"), kind="instant"),
            Shown("subject__code", _("对象编码"), kind="code", first=False),
        ),
        search=("subject__name", "document", "clause"),
        codes=("subject__code",),
        filters=(
            place_filter("subject__path"),
            Filter("live", _("现状"), choices=(("1", _("有效")), ("0", _("已撤销"))),
                   apply=lambda rows, value: rows.filter(lifted_at__isnull=value == "1")),
        ),
        sort=("-pk",),
        columns=(
            Column("place", _("对象编码"), Kind.REF, required=True, key=True, ref=BRANCHES, source="subject__code",
                   aliases=("对象",), example="990100100201"),
            Column("place_name", _("对象名称"), source="subject__name", shown_only=True),
            Column("kind", _("违规类别"), required=True, key=True, longest=60, source="kind_name", example="干部违纪",
                   note=_("填方案里违规类别的名称或代码。"), offer=_kinds_offered),
            Column("department", _("认定单位"), Kind.REF, required=True, ref=DEPARTMENT, source="department__code",
                   example="D01", note=_("主管部门，只有它能认定。")),
            Column("document", _("文号"), required=True, key=True, longest=60, example="示纪〔2026〕3号"),
            Column("clause", _("条款"), required=True, longest=120, example="第七条"),
            Column("about", _("涉及"), Kind.CHOICE, choices=EstablishedViolation.About.choices, example="党组织",
                   note=_("不写人名；农户的事不在这里登记。")),
            Column("basis", _("依据"), Kind.CHOICE, choices=EstablishedViolation.Basis.choices, example="纪律",
                   note=_("依法信访、投诉不是依据。")),
            Column("from_on", _("认定日期"), Kind.DATE, example="2026-06-01", note=_("留空为当天。")),
            Column("to_on", _("影响期止"), Kind.DATE, example="2026-12-31", note=_("留空为当年年底。")),
            Column("words", _("说明"), longest=200),
        ),
        importer=ViolationImporter,
        edit=False,
        links=(Link(_("撤销"), "standings:lift", "arrow-back-up", frozenset({Role.COUNTY_OFFICE}), with_key=True),),
        lead=_("主管部门依法依纪认定的党组织和干部违规，有文号、有条款，用来限制评星。登记了的不改，只撤销。"),
        empty=_("没有登记过违规认定。有认定文书的，由主管部门或县办公室登记。"),
        unit=_("条"),
        icon="alert-triangle",
    )
)  # fmt: skip

register(
    Desk(
        name="watch",
        model=WatchEntry,
        title=_("整顿名单"),
        label="place__name",
        rows=watch_rows,
        listed=(
            Shown("list_name", _("名单"), sort="watch_list"),
            Shown("place__name", _("对象"), sort="place__path"),
            Shown("basis", _("列入依据")),
            Shown("from_on", _("列入日期"), kind="date"),
            Shown("to_on", _("期限至"), kind="date"),
            Shown("turned_on", _("整顿达标日期"), kind="date"),
            Shown("turned_record", _("验收记录")),
            Shown("place__code", _("对象编码"), kind="code", first=False),
        ),
        search=("place__name", "basis"),
        codes=("place__code",),
        filters=(
            place_filter("place__path"),
            Filter("live", _("现状"), choices=(("1", _("整顿中")), ("0", _("已达标"))),
                   apply=lambda rows, value: rows.filter(turned_on__isnull=value == "1")),
        ),
        sort=("-pk",),
        columns=(
            Column("watch_list", _("名单"), required=True, key=True, longest=60, source="list_name",
                   example="软弱涣散村党组织", offer=_lists_offered),
            Column("place", _("对象编码"), Kind.REF, required=True, key=True, ref=BRANCHES, source="place__code",
                   aliases=("对象",), example="990100100201"),
            Column("place_name", _("对象名称"), source="place__name", shown_only=True),
            Column("basis", _("列入依据"), required=True, longest=200, example="示组〔2026〕2号认定",
                   note=_("认定的情形和文号。")),
            Column("from_on", _("列入日期"), Kind.DATE, key=True, example="2026-03-01", note=_("留空为当天。")),
            Column("to_on", _("期限至"), Kind.DATE, example="2027-02-28", note=_("留空按方案的月数。")),
        ),
        importer=WatchImporter,
        edit=False,
        links=(
            Link(_("名单现状"), "standings:watch", "list-check", OFFICES),
            Link(_("登记达标"), "standings:turn", "circle-check", OFFICES, with_key=True),
        ),
        lead=_("需要整顿转化的对象，有依据、有期限；达标的登记成效和验收记录。它不是星级。"),
        empty=_("没有列入整顿名单的对象。"),
        unit=_("条"),
        icon="list-check",
    )
)  # fmt: skip
