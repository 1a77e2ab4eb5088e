"""The desk of consents: who agreed to what, since when, until when."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from xiangyue.agreements.actions.consents import follow_revoked, revoke_consents
from xiangyue.agreements.models import Consent
from xiangyue.base.roles import STAFF
from xiangyue.base.scope import Scope
from xiangyue.desk.declaration import BulkAction, Column, Desk, Filter, Kind, Shown
from xiangyue.desk.importer import ADD, BAD, CHANGE, Planned, Row
from xiangyue.desk.plain import PlainImporter, on_file
from xiangyue.desk.registry import register
from xiangyue.places.desk import HOUSEHOLD, place_filter


class ConsentImporter(PlainImporter):
    """The plain importer; a household gives one live consent per purpose, and none from the future."""

    def load(self) -> None:
        """What is on file, with the consents that are live."""
        super().load()
        self.live = {
            (kept["household"], kept["purpose"]): kept["given_on"]
            for _pk, _path, kept in self.kept.values()
            if kept["revoked_on"] is None
        }
        if self.context.only is not None:
            code = on_file(self.context.only.values.get("household"))
            rows = Consent.objects.filter(household__code=code, revoked_on=None)
            self.live = {(code, purpose): day for purpose, day in rows.values_list("purpose", "given_on")}

    def plan_row(self, row: Row) -> Planned:
        """As plainly planned; of several new ones for one purpose only the first is taken."""
        plan = super().plan_row(row)
        if plan.outcome != ADD or row.values.get("revoked_on"):
            return plan
        key = (on_file(row.values["household"]), row.values["purpose"])
        known = self.live.get(key)
        if known is not None:
            said = _t("这一户对这一事项在%s已经同意，还没有撤回。不用再登记；要重来，先填撤回日期。") % known
            return Planned(BAD, row.number, plan.key, label=plan.label, errors=[said])
        self.live[key] = row.values["given_on"]
        return plan

    def apply(self, planned: Sequence[Planned], *, actor_id: int | None) -> None:
        """As plainly applied; what rests on a consent that is taken back ends in the same transaction."""
        super().apply(planned, actor_id=actor_id)
        follow_revoked(
            [plan.record[0] for plan in planned if plan.outcome == CHANGE and "revoked_on" in plan.record[2]]
        )

    def check(self, row: Row, kept: dict[str, Any] | None) -> list[str]:
        """The days in order, none in the future."""
        given = self._new(row, kept, "given_on")
        revoked = self._new(row, kept, "revoked_on")
        errors = []
        if any(day and day > self.context.today for day in (given, revoked)):
            errors.append(_t("日期还没到。请写签同意书或撤回的当天。"))
        if given and revoked and revoked < given:
            errors.append(_t("撤回日期早于同意日期。请核对两个日期。"))
        return errors


def _revoke(scope: Scope, rows: QuerySet[Consent]) -> int:
    """The chosen consents end today."""
    today = timezone.localdate()
    return revoke_consents(scope.user_id, rows, on=today, today=today)


register(
    Desk(
        name="consent",
        model=Consent,
        title=_("同意书"),
        label="household__name",
        rows=lambda: Consent.objects.select_related("household__village"),
        listed=(
            Shown("household__name", _("门牌"), sort="household__path"),
            Shown("household__village__name", _("村（社区）"), sort="household__path"),
            Shown("purpose", _("事项"), choices=Consent.Purpose.choices),
            Shown("given_on", _("同意日期"), kind="date"),
            Shown("revoked_on", _("撤回日期"), kind="date"),
            Shown("given_by", _("同意人"), mask="name", first=False),
            Shown("household__code", _("农户编码"), kind="code"),
        ),
        search=("household__name",),
        codes=("household__code",),
        filters=(
            Filter("purpose", _("事项"), choices=Consent.Purpose.choices),
            place_filter("household__path"),
            Filter(
                "live", _("现状"), choices=(("1", _("有效")), ("0", _("已撤回"))),
                apply=lambda rows, value: rows.filter(revoked_on__isnull=value == "1"),
            ),
        ),
        sort=("household__path", "purpose", "given_on"),
        columns=(
            Column(
                "household", _("农户编码"), Kind.REF, required=True, key=True, ref=HOUSEHOLD, source="household__code",
                example="990100100201-H00001", note=_("也可以写村名和门牌，如“桃花村 3号”。"),
            ),
            Column("household_name", _("门牌"), source="household__name", shown_only=True),
            Column(
                "purpose", _("事项"), Kind.CHOICE, required=True, key=True, choices=Consent.Purpose.choices,
                example="红榜公开户名", note=_("一张同意书一个事项，分开写。"),
            ),
            Column("given_on", _("同意日期"), Kind.DATE, required=True, key=True, example="2026-01-01"),
            Column("revoked_on", _("撤回日期"), Kind.DATE, note=_("没有撤回的不填；撤回当天起不再公开。")),
            Column("given_by", _("同意人"), longest=40, mask="name", example="张示例"),
        ),
        ground="household",
        defaults=lambda context: {"recorded_by": context.scope.user_id},
        importer=ConsentImporter,
        bulk=(
            BulkAction(
                "revoke", _("撤回同意"), _revoke, STAFF, _("选中的同意书从今天起失效，公开页马上不再写户名。"), "danger", "x"
            ),
        ),
        lead=_(
            "一张同意书一个事项。同意结对共评的，对方会知道本户的门牌和得分，本户也知道对方的；没有同意的由包保人帮带。"
            "随时可以撤回：公开页当天不再写户名，正在进行的结对当天结束。"
        ),
        empty=_("没有同意书的农户，公开页只写户数。收到同意书后在这里登记。"),
        unit=_("份"),
        icon="writing",
    )
)  # fmt: skip
