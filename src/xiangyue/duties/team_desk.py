"""The desks of teams, their members and spots: listed, exported, taken in from a workbook; changed on the team's page."""

from __future__ import annotations

from django.db.models import Case, Count, F, Q, QuerySet, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from xiangyue.base.dated import held_on
from xiangyue.desk.declaration import Column, Desk, Filter, Kind, Link, Ref, Related, Shown
from xiangyue.desk.registry import register
from xiangyue.duties.desk import layer_names
from xiangyue.duties.team_models import Team, TeamMember, TeamSpot
from xiangyue.duties.teams.imports import TeamImporter
from xiangyue.duties.teams.joiners import MemberImporter, SpotImporter
from xiangyue.places.desk import place_filter
from xiangyue.places.models import Level, Place

LAID = Q(to_on=None)
GROUND = Ref(Place, _("辖区"), where=LAID & Q(level__in=(Level.TOWNSHIP, Level.VILLAGE)), hint="parent__name")
SPOT = Ref(Place, _("公共场所"), where=LAID & Q(level=Level.PUBLIC_PLACE), hint="parent__name")
LAST = _("不填就一直在；当天还算在内。")


def parts_of(lookup: str) -> tuple[Column, ...]:
    """The columns that say which team is meant."""
    return (
        Column("ground", _("辖区编码"), Kind.REF, required=True, key=True, ref=GROUND, source=f"{lookup}place__code",
               aliases=("辖区", "村", "乡镇"), example="990100100201", note=_("队伍所在乡镇或村的编码或名称。")),
        Column("team", _("队名"), required=True, key=True, longest=40, source=f"{lookup}name",
               example="柳树村人居环境整治先锋队"),
    )  # fmt: skip


def team_rows() -> QuerySet[Team]:
    """All teams with how many members and spots they have today."""
    today = timezone.localdate()
    return Team.objects.annotate(
        n_members=Count("members", filter=held_on(today, "members__"), distinct=True),
        n_spots=Count("spots", filter=held_on(today, "spots__"), distinct=True),
        layer_name=Case(
            *(When(scheme=scheme, layer=code, then=Value(name)) for (scheme, code), name in layer_names().items()),
            default=F("layer"),
        ),
    )


def member_rows() -> QuerySet[TeamMember]:
    """All who are or were in a team."""
    return TeamMember.objects.annotate(
        person_name=F("person__name"), leading=Case(When(leads=True, then=Value("是")), default=Value(""))
    )


register(
    Desk(
        name="team",
        model=Team,
        title=_("先锋队名册"),
        label="name",
        rows=team_rows,
        listed=(
            Shown("name", _("队名"), sort="name"),
            Shown("place__name", _("辖区"), sort="place__path"),
            Shown("place__code", _("辖区编码"), kind="code"),
            Shown("n_members", _("队员"), kind="number"),
            Shown("n_spots", _("点位"), kind="number"),
            Shown("from_on", _("成立日期"), kind="date"),
            Shown("to_on", _("解散日期"), kind="date"),
        ),
        search=("name", "place__name"),
        codes=("place__code",),
        filters=(place_filter("place__path"), Filter("live", _("现状"), kind="live")),
        sort=("place__path", "pk"),
        columns=(
            Column(
                "ground",
                _("辖区编码"),
                Kind.REF,
                required=True,
                key=True,
                ref=GROUND,
                source="place__code",
                aliases=("辖区", "村", "乡镇"),
                example="990100100201",
                note=_("乡镇或村的编码或名称。"),
            ),
            Column("name", _("队名"), required=True, key=True, longest=40, example="柳树村人居环境整治先锋队"),
            Column(
                "layer",
                _("包保层"),
                longest=60,
                source="layer_name",
                example="人居环境整治先锋队",
                note=_("填方案里的层名或代码；方案里只有一层包公共场所的可以不填。"),
            ),
            Column("from_on", _("成立日期"), Kind.DATE, key=True, example="2026-01-01", note=_("不填就从今天起。")),
            Column("to_on", _("解散日期"), Kind.DATE, note=_("没有解散的不填；当天还算在内。")),
        ),
        importer=TeamImporter,
        create=False,
        edit=False,
        related=(
            Related(_("队员"), desk="team_member", lookup="team"),
            Related(_("点位"), desk="team_spot", lookup="team"),
        ),
        links=(Link(_("各队情况"), "teams:ground", "flag"),),
        empty=_("还没有先锋队。可以在先锋队页面上成立，或从 Excel 导入。"),
        unit=_("支"),
        icon="flag",
    )
)
register(
    Desk(
        name="team_member",
        model=TeamMember,
        title=_("先锋队员"),
        label="person_name",
        rows=member_rows,
        listed=(
            Shown("person_name", _("姓名"), sort="person__name"),
            Shown("person__code", _("人员编码"), kind="code"),
            Shown("kind", _("类别"), choices=TeamMember.Kind.choices),
            Shown("team__name", _("先锋队"), sort="team__place__path"),
            Shown("team__place__name", _("辖区"), sort="team__place__path"),
            Shown("leading", _("队长"), sort="leads"),
            Shown("from_on", _("起始日"), kind="date"),
            Shown("to_on", _("截止日"), kind="date"),
        ),
        search=("person__name", "team__name"),
        codes=("person__code",),
        filters=(
            Filter("kind", _("类别"), choices=TeamMember.Kind.choices),
            place_filter("team__place__path"),
            Filter("live", _("在队"), kind="live"),
        ),
        sort=("team__place__path", "pk"),
        columns=(
            *parts_of("team__"),
            Column(
                "person",
                _("队员"),
                required=True,
                key=True,
                longest=60,
                example="X0123",
                source="person__code",
                aliases=("人员编码", "队员编码", "姓名"),
                note=_("填人员编码；或填姓名，重名时在姓名后加手机号后四位。"),
            ),
            Column(
                "kind", _("类别"), Kind.CHOICE, required=True, choices=TeamMember.Kind.choices, example="党员小组长"
            ),
            Column("leads", _("队长"), Kind.YES, example="否", note=_("一支队只有一名队长；不填就不是。")),
            Column("from_on", _("起始日"), Kind.DATE, key=True, example="2026-01-01", note=_("不填就从今天起。")),
            Column("to_on", _("截止日"), Kind.DATE, note=LAST),
        ),
        importer=MemberImporter,
        create=False,
        edit=False,
        links=(Link(_("各队情况"), "teams:ground", "flag"),),
        empty=_("还没有先锋队员。可以在先锋队页面上加，或从 Excel 导入。"),
        unit=_("人"),
        icon="users",
    )
)
register(
    Desk(
        name="team_spot",
        model=TeamSpot,
        title=_("先锋队点位"),
        label="place__name",
        listed=(
            Shown("place__name", _("公共场所"), sort="place__path"),
            Shown("place__code", _("点位编码"), kind="code"),
            Shown("place__village__name", _("村（社区）"), sort="place__path"),
            Shown("team__name", _("先锋队"), sort="team__place__path"),
            Shown("from_on", _("起始日"), kind="date"),
            Shown("to_on", _("截止日"), kind="date"),
        ),
        search=("place__name", "team__name"),
        codes=("place__code",),
        filters=(place_filter("place__path"), Filter("live", _("在包"), kind="live")),
        sort=("place__path", "pk"),
        columns=(
            *parts_of("team__"),
            Column(
                "place",
                _("点位编码"),
                Kind.REF,
                required=True,
                key=True,
                ref=SPOT,
                source="place__code",
                aliases=("公共场所", "点位"),
                example="990100100201-G001",
                note=_("公共场所的编码或名称；还没有登记的，先在“公共场所”页面登记。"),
            ),
            Column("from_on", _("起始日"), Kind.DATE, key=True, example="2026-01-01", note=_("不填就从今天起。")),
            Column("to_on", _("截止日"), Kind.DATE, note=LAST),
        ),
        importer=SpotImporter,
        create=False,
        edit=False,
        links=(Link(_("各队情况"), "teams:ground", "flag"),),
        empty=_("还没有先锋队点位。可以在先锋队页面上加，或从 Excel 导入。"),
        unit=_("处"),
        icon="map-pin",
    )
)
