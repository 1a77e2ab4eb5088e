"""What a contact card says: both parties, the bearer's tasks, and a QR code that leads to the household's page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Max
from django.utils.safestring import SafeString

from xiangyue.base.qr import qr
from xiangyue.duties.layers import LayerOn, layers_on
from xiangyue.duties.models import Duty
from xiangyue.duties.visit_models import CardHanding
from xiangyue.places.models import Place
from xiangyue.places.picking import place_label


@dataclass(frozen=True, slots=True)
class BearerOnCard:
    """One who answers for the household: name, where from, phone, on which layer, with which tasks."""

    name: str
    where: str
    phone: str
    layer: str
    tasks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """A household's card."""

    code: str
    household: str
    head: str
    bearers: tuple[BearerOnCard, ...]
    own: tuple[str, ...]
    """What the household answers for itself."""
    qr: SafeString
    handed_on: date | None
    is_outdated: bool
    """Whether somebody else answers for the household since the card was handed out."""


def cards_of(households: Iterable[Place], day: date, origin: str) -> list[Card]:
    """The cards of these households, in their order, in a handful of queries."""
    rows = list(households)
    keys = [row.pk for row in rows]
    held: dict[int, list[Duty]] = {}
    duties = Duty.objects.live(day).filter(target_id__in=keys).order_by("layer", "pk")
    for duty in duties.select_related("person__organisation", "person__place", "organisation"):
        held.setdefault(duty.target_id, []).append(duty)
    handed: dict[int, date] = dict(
        CardHanding.objects.filter(household_id__in=keys)
        .order_by()
        .values_list("household_id")
        .annotate(n=Max("handed_on"))
    )
    by_town: dict[int | None, dict[tuple[str, str], LayerOn]] = {}
    found = []
    for row in rows:
        if row.township_id not in by_town:
            by_town[row.township_id] = {(one.scheme, one.code): one for one in layers_on(row, day)}
        found.append(_card(row, held.get(row.pk, []), by_town[row.township_id], handed.get(row.pk), origin))
    return found


def _card(
    row: Place, duties: list[Duty], layers: dict[tuple[str, str], LayerOn], handed: date | None, origin: str
) -> Card:
    home = getattr(row, "household", None)
    own = next((one for one in layers.values() if one.layer.bearer == "household"), None)
    return Card(
        row.code,
        place_label(row),
        str(home.head_name) if home is not None else "",
        tuple(_bearer(duty, layers.get((duty.scheme, duty.layer))) for duty in duties),
        tuple(task.name for task in own.layer.tasks) if own else (),
        qr(f"{origin}/visits/door/{row.code}/"),
        handed,
        handed is not None and any(duty.from_on > handed for duty in duties),
    )


def _bearer(duty: Duty, one: LayerOn | None) -> BearerOnCard:
    person = duty.person
    layer = one.layer.name if one else duty.layer
    tasks = tuple(task.name for task in one.layer.tasks) if one else ()
    if person is None:
        return BearerOnCard(duty.organisation.name if duty.organisation else "", "", "", layer, tasks)
    where = person.organisation.name if person.organisation else person.place.name
    return BearerOnCard(person.name, where, person.phone, layer, tasks)
