"""The desks of places and households, and what other rooms' desks need of places: the reference, the filter."""

from __future__ import annotations

from django.db.models import Case, CharField, F, FilteredRelation, Q, QuerySet, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from xiangyue.base.dated import not_over
from xiangyue.base.roles import OFFICES, Role
from xiangyue.base.scope import Scope, below, policy_of
from xiangyue.desk.declaration import BulkAction, Choices, Column, Desk, Filter, Kind, Link, Ref, Related, Shown
from xiangyue.desk.registry import register
from xiangyue.places.actions.leaving import come_back, leave_today
from xiangyue.places.imports import HouseholdImporter, PlaceImporter
from xiangyue.places.models import Household, HouseholdState, Level, Place, PlaceClass
from xiangyue.places.picking import tail

GROUND_LEVELS = (Level.COUNTY, Level.TOWNSHIP, Level.VILLAGE)
DESK_LEVELS = tuple((value, label) for value, label in Level.choices if value != Level.HOUSEHOLD)

PLACE = Ref(Place, _("区划"), where=~Q(level=Level.HOUSEHOLD) & Q(to_on=None), hint="parent__name")
"""Any place but a household, by code or by a name that does not repeat."""
TOWNSHIP = Ref(Place, _("乡镇（街道）"), where=Q(level=Level.TOWNSHIP, to_on=None), hint="parent__name")
VILLAGE = Ref(Place, _("村（社区）"), where=Q(level=Level.VILLAGE, to_on=None), hint="parent__name")
HOUSEHOLD = Ref(Place, _("农户"), where=Q(level=Level.HOUSEHOLD, to_on=None), hint="village__name")
PARENT = Ref(Place, _("上级区划"), where=Q(level__in=(*GROUND_LEVELS, Level.HAMLET), to_on=None), hint="parent__name")


def grounds(scope: Scope) -> Choices:
    """The townships and villages on the actor's ground, by path, in the tree's order."""
    paths = scope.paths(policy_of(Place).see)
    rows = Place.objects.filter(below("path", paths), level__in=(Level.TOWNSHIP, Level.VILLAGE), to_on=None)
    return [
        (path, name if level == Level.TOWNSHIP else f"\N{IDEOGRAPHIC SPACE}{name}（{tail(code)}）")
        for path, name, level, code in rows.order_by("path").values_list("path", "name", "level", "code")
    ]


def place_filter(lookup: str) -> Filter:
    """A filter by township or village for any desk whose rows have a path at `lookup`."""
    return Filter("ground", _("区划"), lookup=lookup, kind="below", choices=grounds)


def place_rows() -> QuerySet[Place]:
    """All places but households."""
    return Place.objects.exclude(level=Level.HOUSEHOLD)


def household_rows() -> QuerySet[Household]:
    """All households with how they stand today, and their hamlet where they lie in one."""
    today = timezone.localdate()
    open_today = not_over(today, "place__states__")
    return Household.objects.annotate(
        now=FilteredRelation("place__states", condition=open_today & Q(place__states__from_on__lte=today)),
        hamlet=_of_hamlet("place__parent__code"),
        hamlet_name=_of_hamlet("place__parent__name"),
    )


def _of_hamlet(lookup: str) -> Case:
    own = When(place__parent__level=Level.HAMLET, then=F(lookup))
    return Case(own, default=Value(""), output_field=CharField())


register(
    Desk(
        name="place",
        model=Place,
        title=_("区划"),
        label="name",
        rows=place_rows,
        listed=(
            Shown("name", _("名称"), sort="name"),
            Shown("code", _("编码"), kind="code"),
            Shown("level", _("层级"), choices=Level.choices),
            Shown("place_class", _("类别"), choices=PlaceClass.choices),
            Shown("parent__name", _("上级"), sort="path"),
            Shown("order", _("排序"), kind="number", first=False),
            Shown("from_on", _("起始日"), kind="date", first=False),
            Shown("to_on", _("截止日"), kind="date", first=False),
        ),
        search=("name",),
        codes=("code",),
        filters=(
            Filter("level", _("层级"), choices=DESK_LEVELS),
            Filter("place_class", _("类别"), choices=[pair for pair in PlaceClass.choices if pair[0]]),
            place_filter("path"),
            Filter("live", _("现状"), kind="live"),
        ),
        sort=("path",),
        columns=(
            Column(
                "code", _("编码"), Kind.CODE, key=True, longest=24, example="220681100201",
                note=_("县6位，乡镇9位，村12位统计用区划代码；屯组和公共场所可留空，由系统编。"),
            ),
            Column("name", _("名称"), required=True, longest=60, example="示例村"),
            Column("level", _("层级"), Kind.CHOICE, required=True, once=True, choices=DESK_LEVELS, example="村（社区）"),
            Column("place_class", _("类别"), Kind.CHOICE, choices=PlaceClass.choices, example="行政村"),
            Column(
                "parent", _("上级编码"), Kind.CODE, required=True, once=True, ref=PARENT, source="parent__code",
                aliases=("上级区划", "上级"), example="220681100", note=_("上一级的编码，可以是本表里新增的。"),
            ),
            Column("parent_name", _("上级名称"), source="parent__name", shown_only=True),
            Column("order", _("排序"), Kind.WHOLE, example="1"),
            Column("from_on", _("起始日"), Kind.DATE, once=True, example="2026-01-01", note=_("留空为导入当天。")),
        ),
        importer=PlaceImporter,
        related=(Related(_("下级区划"), desk="place", lookup="parent"),),
        links=(Link(_("区划调整"), "places:restructurings", "git-compare", OFFICES | {Role.AUDITOR}),),
        empty=_("这里是县、乡镇、村、屯组和公共场所。先导入区划，再导入农户。"),
        unit=_("个"),
        icon="sitemap",
    )
)  # fmt: skip

register(
    Desk(
        name="household",
        model=Household,
        title=_("农户"),
        label="place__name",
        logged="places.place",
        rows=household_rows,
        listed=(
            Shown("place__name", _("门牌"), sort="place__order,place__name"),
            Shown("head_name", _("户主"), mask="name"),
            Shown("place__village__name", _("村（社区）"), sort="place__path"),
            Shown("hamlet_name", _("屯（组）")),
            Shown("now__state", _("状态"), choices=HouseholdState.State.choices, kind="state"),
            Shown("n_members", _("人口"), kind="number"),
            Shown("phone", _("电话"), mask="phone", sort="-"),
            Shown("place__code", _("编码"), kind="code"),
            Shown("now__from_on", _("状态起始日"), kind="date", first=False),
            Shown("note", _("备注"), first=False),
        ),
        search=("place__name", "head_name"),
        codes=("place__code", "phone"),
        filters=(
            place_filter("place__path"),
            Filter("state", _("状态"), lookup="now__state", choices=HouseholdState.State.choices),
            Filter("live", _("现状"), kind="live", lookup="place__"),
        ),
        related=(Related(_("同意书"), desk="consent", lookup="household"),),
        sort=("place__path",),
        columns=(
            Column(
                "village", _("所在村"), Kind.REF, once=True, ref=VILLAGE, source="place__village__code",
                aliases=("村（社区）", "村编码", "所在村（社区）", "村"), example="220681100201",
                note=_("填了农户编码的可不填。"),
            ),
            Column("village_name", _("村名"), source="place__village__name", shown_only=True),
            Column(
                "hamlet", _("屯（组）"), Kind.CODE, once=True, aliases=("所在屯组", "屯组", "组"), example="一组", fill=True,
                note=_("屯（组）的名称或编码；不分屯组的村留空。"),
            ),
            Column(
                "code", _("农户编码"), Kind.CODE, key=True, source="place__code", longest=24, aliases=("编码", "户编码"),
                example="220681100201-H00001", note=_("留空由系统编；已有的按编码认，没有编码的按屯组和门牌认。"),
            ),
            Column(
                "door", _("门牌"), required=True, source="place__name", longest=60, example="12号",
                note=_("门牌号或住处的叫法，不要写人名。"),
            ),
            Column(
                "head_name", _("户主姓名"), longest=40, mask="name", aliases=("户主",), example="张示例",
            ),
            Column("phone", _("联系电话"), Kind.PHONE, mask="phone", aliases=("电话", "手机号"), example="19900000001"),
            Column("n_members", _("人口数"), Kind.WHOLE, most=60, aliases=("人口",), example="3"),
            Column(
                "state", _("状态"), Kind.CHOICE, choices=HouseholdState.State.choices, source="now__state", example="在住",
                note=_("新登记的留空为在住。"),
            ),
            Column(
                "state_from", _("状态起始日"), Kind.DATE, source="now__from_on", example="2026-01-01",
                note=_("从哪天起是这个状态，留空为导入当天；状态没变时这一列不起作用。"),
            ),
            Column("note", _("备注"), longest=120),
        ),
        importer=HouseholdImporter,
        bulk=(
            BulkAction(
                "left", _("迁走或并户"), leave_today,
                confirm=_("今天是选中农户的最后一天：明天起不用检查、没有人包保；姓名、电话一年后清除，以前的成绩不变。"
                          "人只是外出、房子空着的，改状态就行，不用迁走。"),
                tone="danger", icon="logout",
            ),
            BulkAction(
                "back", _("恢复迁走的户"), come_back,
                confirm=_("选中的户记错了，恢复为本村农户；原来的包保不恢复，请重新指定。已经清除的姓名、电话要重新登记。"),
                icon="arrow-back-up",
            ),
        ),
        empty=_("这里是全部农户。先在“区划”里登记村和屯组，再从 Excel 导入农户。"),
        unit=_("户"),
        icon="building-cottage",
    )
)  # fmt: skip
