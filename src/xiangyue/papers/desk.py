"""The desk of printed sheets: the register as a list to filter and export; sheets come and go by printing and typing."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from xiangyue.base.roles import READERS
from xiangyue.desk.declaration import Desk, Filter, Link, Shown
from xiangyue.desk.registry import register
from xiangyue.papers.models import Sheet
from xiangyue.places.desk import place_filter

register(
    Desk(
        name="paper",
        model=Sheet,
        title=_("纸质表登记册"),
        label="title",
        listed=(
            Shown("pk", _("表号"), show=lambda pk: Sheet(pk=pk).shown),
            Shown("title", _("表名")),
            Shown("form", _("种类"), show=lambda form: Sheet.Form(form).label),
            Shown("person__name", _("包保人"), sort="person__code"),
            Shown("place__name", _("所在"), sort="place__path"),
            Shown("from_on", _("起始日"), kind="date"),
            Shown("to_on", _("截止日"), kind="date"),
            Shown("printed_by__person__name", _("打印人"), first=False),
            Shown("printed_at", _("打印时间"), kind="instant"),
            Shown("typed_by__person__name", _("录入人"), first=False),
            Shown("typed_at", _("录入时间"), kind="instant"),
            Shown("cancelled_at", _("作废时间"), kind="instant", first=False),
        ),
        search=("title", "person__name", "place__name"),
        codes=("place__code", "person__code"),
        filters=(
            Filter("form", _("种类"), choices=Sheet.Form.choices),
            place_filter("place__path"),
            Filter("day", _("截止日"), lookup="to_on", kind="days"),
        ),
        sort=("-pk",),
        create=False,
        edit=False,
        imports=False,
        links=(Link(_("打印和录入"), "papers:sheets", "printer", READERS),),
        empty=_("打印的每张表都登记在这里：给谁、哪几天、谁打的、谁录的。"),
        unit=_("张"),
        icon="printer",
    )
)
