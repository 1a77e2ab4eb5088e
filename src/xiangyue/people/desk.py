"""The desks of organisations, persons, posts, users and grants."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from xiangyue.base.roles import OFFICES, Role
from xiangyue.base.scope import Scope, below
from xiangyue.desk.declaration import BulkAction, Column, Desk, Filter, Kind, Link, Ref, Related, Shown
from xiangyue.desk.registry import register
from xiangyue.people.actions.users import withdraw_roles
from xiangyue.people.giving import GIVES
from xiangyue.people.imports import PersonImporter
from xiangyue.people.models import Organisation, Person, Post, RoleGrant, User
from xiangyue.places.desk import HOUSEHOLD, PLACE, place_filter

ORGANISATION = Ref(Organisation, _("单位"), where=Q(to_on=None), hint="place__name")
PERSON = Ref(Person, _("人员"), where=Q(to_on=None), hint="place__name")
FROM = Column("from_on", _("起始日"), Kind.DATE, required=True, example="2026-01-01")
TO = Column("to_on", _("截止日"), Kind.DATE, note=_("仍在的不填。"))
DATES = (
    Shown("from_on", _("起始日"), kind="date", first=False),
    Shown("to_on", _("截止日"), kind="date", first=False),
)

register(
    Desk(
        name="organisation",
        model=Organisation,
        title=_("单位"),
        label="name",
        rows=lambda: Organisation.objects.select_related("place"),
        listed=(
            Shown("name", _("名称")),
            Shown("code", _("编码"), kind="code"),
            Shown("kind", _("类型"), choices=Organisation.Kind.choices),
            Shown("place__name", _("所在区划"), sort="place__path"),
            *DATES,
        ),
        search=("name",),
        codes=("code",),
        filters=(
            Filter("kind", _("类型"), choices=Organisation.Kind.choices),
            place_filter("place__path"),
            Filter("live", _("现状"), kind="live"),
        ),
        sort=("code",),
        columns=(
            Column("code", _("编码"), Kind.CODE, required=True, key=True, longest=24, example="D001"),
            Column("name", _("名称"), required=True, longest=80, example="示例县农业农村局"),
            Column("kind", _("类型"), Kind.CHOICE, required=True, choices=Organisation.Kind.choices, example="部门"),
            Column("place", _("所在区划"), Kind.REF, required=True, ref=PLACE, source="place__code", example="990100"),
            FROM,
            TO,
        ),
        ground="place",
        related=(Related(_("人员"), desk="person", lookup="organisation"),),
        empty=_("这里是包保部门和企业。先从 Excel 导入，或逐个新增。"),
        unit=_("个"),
        icon="building",
    )
)

register(
    Desk(
        name="person",
        model=Person,
        title=_("干部党员"),
        label="name",
        rows=lambda: Person.objects.select_related("place", "organisation", "home"),
        listed=(
            Shown("name", _("姓名"), mask="name"),
            Shown("code", _("编码"), kind="code"),
            Shown("place__name", _("所在区划"), sort="place__path"),
            Shown("organisation__name", _("单位")),
            Shown("party_member", _("党员"), kind="yes"),
            Shown("phone", _("手机号"), mask="phone", sort="-"),
            Shown("home__name", _("本人农户"), first=False),
            *DATES,
        ),
        search=("name",),
        codes=("code", "phone"),
        filters=(
            place_filter("place__path"),
            Filter("post", _("职务"), choices=Post.Kind.choices, apply=lambda rows, value: rows.filter(
                pk__in=Post.objects.filter(kind=value, to_on=None).values("person_id")
            )),
            Filter("party_member", _("党员"), kind="yes"),
            Filter("live", _("现状"), kind="live"),
        ),
        sort=("code",),
        columns=(
            Column("code", _("人员编码"), Kind.CODE, required=True, key=True, longest=24, aliases=("编码",), example="P00001"),
            Column("name", _("姓名"), required=True, longest=40, mask="name", example="张示例"),
            Column("phone", _("手机号"), Kind.PHONE, mask="phone", aliases=("电话", "联系电话"), example="19900000001"),
            Column(
                "place", _("所在区划"), Kind.REF, required=True, ref=PLACE, source="place__code", example="990100100201",
                note=_("县领导填县，乡镇干部填乡镇，党员和三委成员填村。"),
            ),
            Column("organisation", _("单位编码"), Kind.REF, ref=ORGANISATION, source="organisation__code", example="D001"),
            Column(
                "home", _("本人农户编码"), Kind.REF, ref=HOUSEHOLD, source="home__code", aliases=("本人农户",),
                example="990100100201-H00001", note=_("本人住的那一户：自家院子排在最前。"),
            ),
            Column("party_member", _("党员"), Kind.YES, example="是"),
            Column(
                "post", _("职务"), Kind.CHOICE, source="-", choices=Post.Kind.choices, form=False, example="党员",
                note=_("在所在区划的职务；已有同样职务的不重复加。更多职务在“职务”里导入。"),
            ),
            FROM,
            TO,
        ),
        ground="place",
        importer=PersonImporter,
        related=(Related(_("职务"), desk="post", lookup="person"),),
        links=(Link(_("账号"), "people:add_user", "key", OFFICES, with_key=True),),
        empty=_("这里是干部、党员和志愿者。先从 Excel 导入；农户的人不在这里。"),
        unit=_("人"),
        icon="users",
    )
)  # fmt: skip

register(
    Desk(
        name="post",
        model=Post,
        title=_("职务"),
        label="person__name",
        rows=lambda: Post.objects.select_related("person", "place"),
        listed=(
            Shown("person__name", _("姓名"), mask="name"),
            Shown("kind", _("职务"), choices=Post.Kind.choices),
            Shown("place__name", _("所在区划"), sort="place__path"),
            Shown("person__code", _("人员编码"), kind="code"),
            Shown("from_on", _("起始日"), kind="date"),
            Shown("to_on", _("截止日"), kind="date"),
        ),
        search=("person__name",),
        codes=("person__code",),
        filters=(
            Filter("kind", _("职务"), choices=Post.Kind.choices),
            place_filter("place__path"),
            Filter("live", _("现状"), kind="live"),
        ),
        sort=("person__code", "kind"),
        columns=(
            Column(
                "person", _("人员编码"), Kind.REF, required=True, key=True, ref=PERSON, source="person__code",
                example="P00001",
            ),
            Column("person_name", _("姓名"), source="person__name", shown_only=True, mask="name"),
            Column("kind", _("职务"), Kind.CHOICE, required=True, key=True, choices=Post.Kind.choices, example="党员"),
            Column(
                "place", _("所在区划"), Kind.REF, required=True, key=True, ref=PLACE, source="place__code",
                example="990100100201",
            ),
            Column("from_on", _("起始日"), Kind.DATE, required=True, key=True, example="2026-01-01"),
            TO,
        ),
        ground="place",
        empty=_("这里是人员的职务；一个人可以有几个。"),
        unit=_("个"),
        icon="id",
    )
)  # fmt: skip


register(
    Desk(
        name="user",
        model=User,
        title=_("账号"),
        label="person__name",
        rows=lambda: User.objects.select_related("person__place"),
        listed=(
            Shown("person__name", _("姓名"), mask="name"),
            Shown("phone", _("登录手机号"), mask="phone", sort="-"),
            Shown("person__place__name", _("所在区划"), sort="person__place__path"),
            Shown("is_active", _("启用"), kind="yes"),
            Shown("last_login", _("上次登录"), kind="instant"),
        ),
        search=("person__name",),
        codes=("phone", "person__code"),
        filters=(
            Filter("role", _("角色"), choices=Role.choices, apply=lambda rows, value: rows.filter(
                pk__in=RoleGrant.objects.filter(role=value, to_on=None).values("user_id")
            )),
            place_filter("person__place__path"),
            Filter("is_active", _("启用"), kind="yes"),
        ),
        sort=("person__place__path", "person__code"),
        create=False,
        edit=False,
        related=(Related(_("角色和辖区"), desk="grant", lookup="user"),),
        links=(Link(_("角色、一次性码、停用"), "people:user", "key", OFFICES, with_key=True),),
        lead=_("给一个人建账号：在“干部党员”里打开他，点“账号”。"),
        empty=_("还没有账号。在“干部党员”里打开一个人，点“账号”。"),
        unit=_("个"),
        icon="key",
    )
)  # fmt: skip


def _withdraw(scope: Scope, rows: QuerySet[RoleGrant]) -> int:
    """Take back what the actor may give, but for the actor's own."""
    given = Q(pk__in=())
    for role, gives in GIVES.items():
        given |= below("place__path", scope.paths(frozenset({role}))) & Q(role__in=gives)
    return withdraw_roles(
        scope.user_id, rows.filter(given).exclude(user_id=scope.user_id or 0), today=timezone.localdate()
    )


register(
    Desk(
        name="grant",
        model=RoleGrant,
        title=_("角色和辖区"),
        label="user__person__name",
        rows=lambda: RoleGrant.objects.select_related("user__person", "place"),
        listed=(
            Shown("user__person__name", _("姓名"), mask="name"),
            Shown("role", _("角色"), choices=Role.choices),
            Shown("place__name", _("辖区"), sort="place__path"),
            Shown("from_on", _("起始日"), kind="date"),
            Shown("to_on", _("截止日"), kind="date"),
        ),
        search=("user__person__name",),
        codes=("user__phone",),
        filters=(
            Filter("role", _("角色"), choices=Role.choices),
            place_filter("place__path"),
            Filter("live", _("现状"), kind="live"),
        ),
        sort=("place__path", "role"),
        create=False,
        edit=False,
        bulk=(
            BulkAction(
                "withdraw", _("收回角色"), _withdraw, OFFICES,
                _("选中的角色马上收回；您给不了的和您自己的不动。"), "danger", "x",
            ),
        ),
        empty=_("这里是谁在哪个辖区有什么角色。在“账号”里给。"),
        unit=_("条"),
        icon="shield-check",
    )
)  # fmt: skip
