"""The way of a list of titles through the notice, what follows in force, and what the public reads of it."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from xiangyue.agreements.in_force import scheme_of
from xiangyue.rewards.edition import State
from xiangyue.rewards.honour_frame import log_held
from xiangyue.rewards.honour_models import Held, HonourLine, HonourList
from xiangyue.rewards.honour_shown import shown_of, tables_of
from xiangyue.rewards.plaque_actions import give_back
from xiangyue.rewards.publishing import waits
from xiangyue.rules.days import local_day
from xiangyue.standings.notices.kinds import PublicationKind, PublicTable
from xiangyue.standings.notices.models import Objection, Publication

if TYPE_CHECKING:
    from xiangyue.people.models import User


def _list_of(publication: Publication) -> HonourList | None:
    rows = HonourList.objects.filter(publication=publication).select_related("ground", "scheme_version")
    return rows.order_by("-version").first()


def _waiting(publication: Publication, day: date) -> tuple[str, ...]:
    row = _list_of(publication)
    return waits(row, publication) if row else ()


def _upheld(objection: Objection, actor: User | None, now: datetime) -> str:
    return "这一个对象要处理：在名单里除名（不递补），或重新表决、更正成绩后重新拟定；其余不变"


def _in_force(publication: Publication, actor: User | None, now: datetime) -> None:
    """Who is chosen holds the title from today; who held it by an older version of the same list and is out loses it."""
    row = _list_of(publication)
    if row is None:
        return
    day = local_day(now)
    same = HonourList.objects.filter(ground=row.ground_id, scheme=row.scheme, code=row.code, key=row.key)
    same.filter(state=State.IN_FORCE).update(state=State.SUPERSEDED)
    HonourList.objects.filter(pk=row.pk).update(state=State.IN_FORCE)
    chosen = row.lines.filter(outcome=HonourLine.Outcome.CHOSEN)
    title = {"ground": row.ground, "scheme": row.scheme, "honour": row.code}
    live = Held.objects.live().filter(**title)
    gone = live.filter(list__in=same).exclude(place__in=chosen.values("place"))
    _lost(actor, list(gone.select_related("place", "plaque")), row, day)
    holders = set(live.values_list("place_id", flat=True))
    Held.objects.bulk_create(
        (
            Held(**title, name=row.name, place_id=place, list=row, given_on=day)
            for place in chosen.order_by("position").values_list("place_id", flat=True)
            if place not in holders
        ),
        batch_size=500,
    )
    log_held(actor, "honour.given", Held.objects.filter(list=row).select_related("place"), {"on": day})


def _lost(actor: User | None, rows: list[Held], by: HonourList, day: date) -> None:
    for row in rows:
        row.state, row.down_on = Held.State.DOWN, day
        row.down_why = f"第{by.version}版名单里没有：{by.reason}"[:300]
    Held.objects.bulk_update(rows, ["state", "down_on", "down_why"], batch_size=300)
    give_back(rows, day)
    log_held(actor, "honour.taken_down", rows, {"on": day}, by.reason)


def _withdrawn(publication: Publication, actor: User | None, now: datetime) -> None:
    HonourList.objects.filter(publication=publication).update(state=State.DRAWN)


def _superseded(publication: Publication, actor: User | None, now: datetime) -> None:
    HonourList.objects.filter(publication=publication).update(state=State.SUPERSEDED)


def _page(publication: Publication) -> str:
    row = _list_of(publication)
    return reverse("rewards:honour_list", args=(row.pk,)) if row else ""


def _public_rows(publication: Publication) -> tuple[PublicTable, ...]:
    row = _list_of(publication)
    if row is None:
        return ()
    chosen = row.lines.filter(outcome=HonourLine.Outcome.CHOSEN)
    held = [(row.name, pk) for pk in chosen.values_list("place_id", flat=True)]
    rules = scheme_of(row.scheme_version).households
    shown = shown_of(row.ground, held, chosen.order_by().values("place"), rules, timezone.localdate())
    return tables_of(shown, f"{row.why}。批准文号：{row.approval}")


HONOUR_KIND = PublicationKind(
    "honour", _("荣誉称号"), told_first=False, page=_page, rows=_public_rows, waiting=_waiting, upheld=_upheld,
    in_force=_in_force, withdrawn=_withdrawn, superseded=_superseded,
)  # fmt: skip
