"""The desks of teams and their members: listed and exported; they are changed on the team's own page."""

from __future__ import annotations

from django.db.models import Case, Count, F, QuerySet, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from xiangyue.base.dated import held_on
from xiangyue.desk.declaration import Desk, Filter, Link, Related, Shown
from xiangyue.desk.registry import register
from xiangyue.duties.team_models import Team, TeamMember
from xiangyue.places.desk import place_filter


def team_rows() -> QuerySet[Team]:
    """All teams with how many members and spots they have today."""
    today = timezone.localdate()
    return Team.objects.annotate(
        n_members=Count("members", filter=held_on(today, "members__"), distinct=True),
        n_spots=Count("spots", filter=held_on(today, "spots__"), distinct=True),
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
        create=False,
        edit=False,
        related=(Related(_("队员"), desk="team_member", lookup="team"),),
        links=(Link(_("各队情况"), "teams:ground", "flag"),),
        empty=_("还没有先锋队。请在先锋队页面上成立。"),
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
        create=False,
        edit=False,
        links=(Link(_("各队情况"), "teams:ground", "flag"),),
        empty=_("还没有先锋队员。请在先锋队页面上加。"),
        unit=_("人"),
        icon="users",
    )
)
