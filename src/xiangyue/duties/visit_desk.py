"""The desks of visits and wishes: listed, exported, taken in from a workbook; never edited."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, CharField, F, OuterRef, QuerySet, StringAgg, Subquery, TextField, Value, When
from django.db.models.functions import Cast, Coalesce, Concat
from django.utils.translation import gettext_lazy as _

from xiangyue.desk.declaration import Column, Desk, Filter, Link, Ref, Shown
from xiangyue.desk.declaration import Kind as Cell
from xiangyue.desk.registry import register
from xiangyue.duties.desk import layer_choices, layer_names
from xiangyue.duties.visit_models import Contribution, Visit, Wish
from xiangyue.duties.visits.imports import VisitImporter, WishImporter
from xiangyue.places.desk import place_filter
from xiangyue.places.models import Place

TARGET = Ref(Place, _("走访对象"), hint="parent__name")
HOUSEHOLD = Ref(Place, _("农户"), hint="parent__name")
CAP = 20_000


def visit_rows() -> QuerySet[Visit]:
    """All visits, with the layer's name and the contributions written out for an export."""
    names = layer_names()
    cases = [When(scheme=scheme, layer=code, then=Value(name)) for (scheme, code), name in names.items()]
    return Visit.objects.annotate(
        layer_name=Case(*cases, default=F("layer")) if cases else F("layer"),
        who=Coalesce(F("person__name"), F("organisation__name"), Value("")),
        given=Coalesce(Subquery(_given()), Value(""), output_field=TextField()),
    )


def _given() -> Any:
    """物资=200(树苗);资金=5000, as the column 投入 has it."""
    labels = [When(kind=kind.value, then=Value(str(kind.label))) for kind in Contribution.Kind]
    what = Case(When(text__isnull=True, then=Value("")), default=Concat(Value("("), "text__what", Value(")")))
    one = Concat(
        Case(*labels, output_field=CharField()), Value("="), Cast("amount", CharField(max_length=16)), what,
        output_field=TextField(),
    )  # fmt: skip
    rows = Contribution.objects.filter(visit=OuterRef("pk")).order_by().values("visit")
    return rows.annotate(all=StringAgg(one, Value(";"))).values("all")


register(
    Desk(
        name="visit",
        model=Visit,
        title=_("走访记录"),
        label="target__name",
        rows=visit_rows,
        listed=(
            Shown("day", _("日期"), kind="date"),
            Shown("who", _("走访人")),
            Shown("organisation__name", _("走访单位"), sort="organisation__code"),
            Shown("target__name", _("走访对象"), sort="target__path"),
            Shown("target__village__name", _("村（社区）"), sort="target__path"),
            Shown("layer_name", _("包保层"), sort="layer"),
            Shown("given", _("投入"), sort="-"),
            Shown("state", _("状态"), show=lambda state: Visit.State(state).label),
            Shown("made_at", _("记录时间"), kind="instant", first=False),
        ),
        search=("target__name", "person__name", "organisation__name"),
        codes=("target__code", "person__code", "organisation__code"),
        filters=(
            Filter("layer", _("包保层"), lookup="layer", choices=layer_choices),
            place_filter("target__path"),
            Filter("day", _("日期"), lookup="day", kind="days"),
            Filter("state", _("状态"), choices=[(str(state.value), state.label) for state in Visit.State]),
        ),
        sort=("-day", "-pk"),
        columns=(
            Column("day", _("日期"), Cell.DATE, required=True, key=True, example="2026-11-05"),
            Column("person", _("走访人编码"), Cell.CODE, key=True, source="person__code", example="X0123",
                   aliases=("走访人",), note=_("单位走访、没有记名的可以不填。")),
            Column("organisation", _("走访单位编码"), Cell.CODE, key=True, source="organisation__code", example="D001",
                   aliases=("走访单位",), note=_("个人包保的不填。")),
            Column("target", _("走访对象编码"), Cell.REF, required=True, key=True, ref=TARGET, source="target__code",
                   aliases=("走访对象", "对象编码"), example="990100100201"),
            Column("layer", _("包保层"), longest=60, source="layer_name", example="部门企业包村屯",
                   note=_("填方案里的层名或代码；不填就按他在这里的包保来定。")),
            Column("tasks", _("完成任务"), longest=400, example="义务劳动、项目扶持",
                   note=_("填方案里的任务名或代码，几项用顿号隔开。")),
            Column("given", _("投入"), longest=1000, example="资金=5000;物资=200(树苗)", told=False,
                   note=_("种类=数量(名目)，几项用分号隔开；种类：资金（元）、物资（件）、实事工程（件）、人力（人次）、清运垃圾（公斤）。")),
            Column("company", _("一起去的人"), longest=300, source="-", note=_("人员编码，几个人用顿号隔开。")),
            Column("note", _("备注"), longest=300, source="-"),
        ),
        importer=VisitImporter,
        create=False,
        edit=False,
        links=(
            Link(_("记一次走访"), "visits:record", "writing"),
            Link(_("到了没有"), "visits:ground", "walk"),
            Link(_("打开这次走访"), "visits:visit", "walk", with_key=True),
        ),
        cap=CAP,
        empty=_("这里是每一次走访：手机上记的、电脑录的、从表格导入的都在内。"),
        unit=_("次"),
        icon="walk",
    )
)  # fmt: skip

register(
    Desk(
        name="wish",
        model=Wish,
        title=_("群众诉求"),
        label="household__name",
        listed=(
            Shown("day", _("日期"), kind="date"),
            Shown("words__text", _("诉求"), sort="-"),
            Shown("household__name", _("农户"), sort="household__path"),
            Shown("household__village__name", _("村（社区）"), sort="household__path"),
            Shown("person__name", _("登记人"), sort="person__code"),
            Shown("state", _("情况"), choices=Wish.State.choices),
            Shown("changed_on", _("办理日期"), kind="date", first=False),
        ),
        search=("words__text", "household__name"),
        codes=("household__code", "person__code"),
        filters=(
            Filter("state", _("情况"), lookup="state", choices=Wish.State.choices),
            place_filter("household__path"),
            Filter("day", _("日期"), lookup="day", kind="days"),
        ),
        sort=("-day", "-pk"),
        columns=(
            Column("day", _("日期"), Cell.DATE, required=True, key=True, example="2026-11-05"),
            Column("household", _("农户编码"), Cell.REF, required=True, key=True, ref=HOUSEHOLD,
                   source="household__code", aliases=("农户",), example="990100100201-H00001"),
            Column("text", _("诉求"), required=True, key=True, longest=300, source="words__text", example="门前路灯不亮"),
            Column("person", _("登记人编码"), Cell.CODE, source="person__code", example="X0123", aliases=("登记人",)),
            Column("state", _("情况"), Cell.CHOICE, choices=Wish.State.choices, shown_only=True),
        ),
        importer=WishImporter,
        create=False,
        edit=False,
        links=(
            Link(_("待办的诉求"), "visits:wishes", "message-2"),
            Link(_("办理这条"), "visits:wish", "message-2", with_key=True),
        ),
        cap=CAP,
        empty=_("这里是农户提出的诉求。走访时在手机上记下，或在“记一次走访”里录入。"),
        icon="message-2",
    )
)  # fmt: skip
