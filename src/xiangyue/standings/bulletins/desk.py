"""The desk of issued bulletins: listed, exported, read; they are written on their own page, and drafts are no desk's."""

from __future__ import annotations

from django.db.models import Count, F, QuerySet
from django.utils.translation import gettext_lazy as _

from xiangyue.desk.declaration import Desk, Filter, Link, Shown
from xiangyue.desk.registry import register
from xiangyue.places.desk import place_filter
from xiangyue.rules.days import parse_period
from xiangyue.standings.bulletins.models import Bulletin

STATES = [choice for choice in Bulletin.State.choices if choice[0] != Bulletin.State.DRAFT]


def bulletin_rows() -> QuerySet[Bulletin]:
    """All that was issued, with how many places opened it and which it replaces."""
    return Bulletin.objects.issued().annotate(
        n_read=Count("reads"), replaced_number=F("replaces__number"), place_name=F("place__name")
    )


register(
    Desk(
        name="bulletin",
        model=Bulletin,
        title=_("月通报"),
        label="key",
        rows=bulletin_rows,
        listed=(
            Shown("place_name", _("辖区"), sort="place__path"),
            Shown("year", _("年份")),
            Shown("number", _("期号"), kind="number"),
            Shown("key", _("月份"), show=lambda key: parse_period(key).name),
            Shown("state", _("状态"), choices=STATES),
            Shown("issued_at", _("印发时间"), kind="instant"),
            Shown("n_read", _("打开过的村"), kind="number"),
            Shown("replaced_number", _("替代第几期"), kind="number", first=False),
            Shown("reason", _("替代原因"), first=False),
            Shown("end_reason", _("撤回原因"), first=False),
            Shown("opening", _("开头语"), first=False),
            Shown("closing", _("结束语"), first=False),
            Shown("digest", _("核对码"), kind="code", first=False),
            Shown("place__code", _("辖区编码"), kind="code", first=False),
        ),
        search=("place__name", "key"),
        codes=("place__code",),
        filters=(
            Filter("state", _("状态"), choices=STATES),
            Filter("year", _("年份"), lookup="year", choices=lambda _scope: years()),
            place_filter("place__path"),
        ),
        sort=("-year", "-number", "place__path"),
        create=False,
        edit=False,
        links=(
            Link(_("日周月"), "bulletins:chain", "calendar-month"),
            Link(_("看通报"), "bulletins:bulletin", "file-text", with_key=True),
        ),
        empty=_("还没有印发过通报。一个月过完以后，在“日周月”页面上写。"),
        unit=_("期"),
        icon="file-text",
    )
)


def years() -> list[tuple[str, str]]:
    """The years in which bulletins were issued, the newest first."""
    held = Bulletin.objects.issued().order_by("-year").values_list("year", flat=True).distinct()
    return [(str(year), str(year)) for year in held]
