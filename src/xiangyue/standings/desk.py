"""The desk of adjustments: what was added to or taken off a result, why, and whether it still counts."""

from __future__ import annotations

from django.core.cache import cache
from django.db.models import Case, CharField, F, FloatField, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _

from xiangyue.agreements.in_force import scheme_of
from xiangyue.agreements.models import SchemeVersion
from xiangyue.base.scope import Scope
from xiangyue.desk.declaration import Column, Desk, Filter, Kind, Ref, Shown
from xiangyue.desk.registry import register
from xiangyue.places.desk import place_filter
from xiangyue.places.models import Place
from xiangyue.rules.days import parse_period
from xiangyue.standings import access  # desks of their own
from xiangyue.standings.bulletins import desk as bulletin_desk  # noqa: F401  # desks of their own
from xiangyue.standings.imports import AdjustmentImporter
from xiangyue.standings.models import Adjustment
from xiangyue.standings.ratings import desk as rating_desk  # noqa: F401  # desks of their own

SUBJECT = Ref(Place, _("对象"), hint="parent__name")
NAMES_KEPT = 60
"""Seconds that the composites' names are kept: each list asks for them several times."""


def composite_names() -> list[tuple[str, str, str]]:
    """(Scheme, composite, name) of every published scheme; of versions the newest word."""

    def read() -> list[tuple[str, str, str]]:
        found: dict[tuple[str, str], str] = {}
        for version in SchemeVersion.objects.published().order_by("from_on", "version"):
            found |= {(version.code, row.code): row.name for row in scheme_of(version).composites}
        return [(scheme, code, name) for (scheme, code), name in found.items()]

    names: list[tuple[str, str, str]] = cache.get_or_set("standings.composite_names", read, NAMES_KEPT) or []
    return names


def adjustment_rows() -> QuerySet[Adjustment]:
    """All adjustments, with the names of their composites and their points."""
    called = [When(period__scheme=scheme, composite=code, then=Value(name)) for scheme, code, name in composite_names()]
    points = F("amount") / Value(100.0, output_field=FloatField())
    return Adjustment.objects.annotate(
        composite_name=Case(*called, default=F("composite"), output_field=CharField()), points=points
    )


def period_choices(scope: Scope) -> list[tuple[str, str]]:
    """The periods on the actor's ground that have adjustments, newest first."""
    rows = access.periods(scope).exclude(adjustments=None).order_by("-starts_on", "-ends_on", "pk").distinct()
    return [(str(row.pk), f"{parse_period(row.key).name} {row.ground.name}") for row in rows]


register(
    Desk(
        name="adjustment",
        model=Adjustment,
        title=_("加减分"),
        label="name",
        rows=adjustment_rows,
        listed=(
            Shown("period__key", _("考核期"), sort="period__starts_on,period__key",
                  show=lambda key: parse_period(key).name),
            Shown("composite_name", _("考核")),
            Shown("subject__name", _("对象"), sort="subject__path"),
            Shown("amount", _("分值"), kind="score"),
            Shown("name", _("事由")),
            Shown("reason", _("依据")),
            Shown("on", _("日期"), kind="date"),
            Shown("withdrawn_at", _("撤销时间"), kind="instant"),
            Shown("code", _("编号"), kind="code"),
            Shown("subject__code", _("对象编码"), kind="code", first=False),
        ),
        search=("subject__name", "name", "reason"),
        codes=("subject__code", "code"),
        filters=(
            Filter("period", _("考核期"), lookup="period_id", choices=period_choices),
            place_filter("subject__path"),
            Filter(
                "live", _("现状"), choices=(("1", _("有效")), ("0", _("已撤销"))),
                apply=lambda rows, value: rows.filter(withdrawn_at__isnull=value == "1"),
            ),
        ),
        sort=("-pk",),
        columns=(
            Column("period", _("考核期"), required=True, key=True, longest=20, source="period__key", example="2026-10",
                   note=_("月写 2026-10，季度写 2026-Q3，年写 2026。")),
            Column("composite", _("考核"), required=True, key=True, longest=60, source="composite_name",
                   example="村月度得分", note=_("填方案里这一期考核的名称或代码。")),
            Column("subject", _("对象编码"), Kind.REF, required=True, key=True, ref=SUBJECT, source="subject__code",
                   aliases=("对象",), example="990100100201"),
            Column("subject_name", _("对象名称"), source="subject__name", shown_only=True),
            Column("points", _("分值"), required=True, longest=12, example="-1.5", aliases=("加减分", "得分"),
                   note=_("加分写正数，扣分写负数，最多两位小数。")),
            Column("name", _("事由"), required=True, longest=60, example="省级媒体报道"),
            Column("reason", _("依据"), required=True, longest=200, example="示例日报2026年10月12日",
                   note=_("文件、记录或会议的名称和日期。")),
            Column("on", _("日期"), Kind.DATE, example="2026-10-12", note=_("留空为导入当天。")),
            Column("code", _("编号"), Kind.CODE, key=True, longest=40,
                   note=_("留空由系统编；同一编号只登记一次。")),
        ),
        importer=AdjustmentImporter,
        edit=False,
        lead=_("有名称、有依据的加减分，记在考核结果上。登记了的不改，只撤销；已经关账的考核期到开新版本时才起作用。"),
        empty=_("这里是经核实的加分和扣分。可以一条条登记，也可以下载模板填好后导入。"),
        unit=_("条"),
        icon="notes",
    )
)  # fmt: skip
