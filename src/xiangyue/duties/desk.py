"""The desk of duties: listed, ended in bulk, taken in and out as a workbook."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Case, F, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from xiangyue.agreements.in_force import schemes_on
from xiangyue.agreements.models import SchemeVersion
from xiangyue.base.changes import log_many
from xiangyue.base.scope import Scope, policy_of
from xiangyue.base.writes import write
from xiangyue.desk.declaration import BulkAction, Choices, Column, Desk, Filter, Kind, Link, Ref, Shown
from xiangyue.desk.registry import register
from xiangyue.duties.imports import DutyImporter
from xiangyue.duties.models import Duty
from xiangyue.duties.permits import hold_against_giver
from xiangyue.places.desk import place_filter
from xiangyue.places.models import Place

TARGET = Ref(Place, _("对象"), where=Q(to_on=None), hint="parent__name")


def duty_rows() -> QuerySet[Duty]:
    """All duties with what their bearer is called and has for a code."""
    return Duty.objects.annotate(
        bearer_name=Coalesce(F("person__name"), F("organisation__name"), Value("")),
        bearer_code=Coalesce(F("person__code"), F("organisation__code"), Value("")),
        layer_name=Case(
            *(When(scheme=scheme, layer=code, then=Value(name)) for (scheme, code), name in layer_names().items()),
            default=F("layer"),
        ),
    )


def layer_names() -> dict[tuple[str, str], str]:
    """(scheme, layer) → the layer's name, of all schemes in force or yet to come."""
    grounds = SchemeVersion.objects.published().order_by().values_list("ground_id", flat=True).distinct()
    return {
        (scheme.code, layer.code): layer.name
        for _version, scheme in schemes_on(tuple(grounds), date.max)
        for layer in scheme.layers
    }


def layer_choices(scope: Scope) -> Choices:
    """The layers of the schemes in force on the actor's grounds."""
    paths = scope.paths(policy_of(Duty).see)
    codes = {code for path in paths for code in path.split("/")[:2] if code}
    grounds = Place.objects.filter(code__in=codes).values_list("pk", flat=True)
    found: dict[str, str] = {}
    for _version, scheme in schemes_on(tuple(grounds), timezone.localdate()):
        for layer in scheme.layers:
            if layer.bearer != "household":
                found.setdefault(layer.code, layer.name)
    return list(found.items())


def end_today(scope: Scope, rows: QuerySet[Any]) -> int:
    """End the chosen duties with today; those that begin later are left alone."""
    today = timezone.localdate()
    with write():
        live = Duty.objects.live(today).filter(pk__in=rows.values("pk")).exclude(to_on=today)
        lines = list(live.values_list("pk", "target__path", "target__level", "layer"))
        names = "、".join(sorted({layer for _pk, _path, _level, layer in lines}))
        hold_against_giver(scope, names, [(level, path) for _pk, path, level, _layer in lines])
        Duty.objects.filter(pk__in=live.values("pk")).update(to_on=today)
        log_many(
            (("duty.ended", "duties.duty", str(pk), path, None, {"to_on": today}) for pk, path, *_rest in lines),
            scope.user_id,
        )
    return len(lines)


register(
    Desk(
        name="duty",
        model=Duty,
        title=_("包保"),
        label="bearer_name",
        rows=duty_rows,
        listed=(
            Shown("bearer_name", _("包保人或单位")),
            Shown("layer_name", _("包保层"), sort="layer"),
            Shown("target__name", _("对象"), sort="target__path"),
            Shown("target__code", _("对象编码"), kind="code"),
            Shown("target__village__name", _("村（社区）"), sort="target__path"),
            Shown("team", _("编组"), first=False),
            Shown("from_on", _("起始日"), kind="date"),
            Shown("to_on", _("截止日"), kind="date"),
            Shown("stand_in__name", _("代班人"), first=False),
            Shown("source", _("来源"), choices=Duty.Source.choices, first=False),
        ),
        search=("person__name", "organisation__name", "target__name"),
        codes=("person__code", "organisation__code", "target__code"),
        filters=(
            Filter("layer", _("包保层"), choices=layer_choices),
            place_filter("target__path"),
            Filter("live", _("在包"), kind="live"),
        ),
        sort=("target__path", "layer", "from_on"),
        columns=(
            Column("layer", _("包保层"), required=True, key=True, longest=60, example="党员包户", source="layer_name",
                   note=_("填方案里的层名或代码。")),
            Column("person", _("包保人"), key=True, longest=60, example="X0123", source="person__code",
                   aliases=("包保人编码", "包保人姓名"),
                   note=_("填人员编码；或填姓名，重名时在姓名后加手机号后四位。由单位包保的留空。")),
            Column("organisation", _("包保单位编码"), key=True, longest=80, source="organisation__code",
                   aliases=("包保单位",), example="D001", note=_("填单位编码或全称。由个人包保的留空。")),
            Column("target", _("对象编码"), Kind.REF, required=True, key=True, ref=TARGET, source="target__code",
                   aliases=("包保对象", "对象"), example="990100100201-H00001"),
            Column("team", _("编组"), longest=40, note=_("几人一起包同一对象的，填同一个编组名。")),
            Column("from_on", _("起始日"), Kind.DATE, key=True, note=_("不填就从今天起。")),
            Column("to_on", _("截止日"), Kind.DATE, note=_("不填就一直包下去；当天还算在内。")),
        ),
        importer=DutyImporter,
        create=False,
        edit=False,
        bulk=(
            BulkAction("end", _("到今天为止"), end_today, confirm=_("选中的包保以今天为最后一天，明天起就没有人包保。"),
                       tone="danger", icon="ban"),
        ),
        links=(
            Link(_("覆盖与负荷"), "duties:coverage", "users-group"),
        ),
        empty=_("这里是谁包保谁。可以按规则分配、逐个指定，或从 Excel 导入。"),
        icon="heart-handshake",
    )
)  # fmt: skip

from xiangyue.duties import team_desk, visit_desk  # noqa: E402, F401  # desks of their own, made of this one's parts
