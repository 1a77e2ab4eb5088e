"""How the intake treats photos: announced by an envelope of their own, before or after the capture that they show."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from xiangyue.base.bulk import stored
from xiangyue.base.problems import Problem, problem_kind
from xiangyue.base.roundtrip import Command, Rows, insertion, tell
from xiangyue.captures import intake, photos
from xiangyue.captures.envelope import Envelope
from xiangyue.captures.intake import Actor, Ticket, Verdict
from xiangyue.captures.models import Capture
from xiangyue.captures.photo_models import Photo
from xiangyue.people.senders import Sender, hold_actor, hold_sender, senders_of
from xiangyue.places.models import Place
from xiangyue.rules.days import local_day

NOT_YOURS = problem_kind("photo_not_yours", _("这张照片所属的记录不是您记的。"), _("请在自己的记录里拍照。"), 403)
COLUMNS = ("capture", "of", "n", "sha256", "size", "parts", "state", "kept_size", "width", "height", "dhash",
           "erase_on")  # fmt: skip


class PhotoHandler(intake.Handler):
    """Photos."""

    kinds = ("photo",)

    def read(self, envelope: Envelope) -> photos.Announced:
        """The body of a photo's envelope."""
        return photos.read_photo(envelope.body)

    def judge(self, tickets: Sequence[Ticket], answers: Sequence[Rows]) -> None:
        """Each ticket's verdict."""
        today = local_day(max(ticket.now for ticket in tickets))
        senders = senders_of({ticket.actor.user_id for ticket in tickets}, today)
        targets = {row.uuid: row for row in Capture.objects.filter(uuid__in=[one.request.of for one in tickets])}
        homes = _homes(senders.values())
        for ticket in tickets:
            try:
                sender = hold_sender(senders.get(ticket.actor.user_id), ticket)
                ticket.verdict = _verdict(ticket, sender, targets.get(ticket.request.of), homes)
            except Problem as problem:
                intake.refuse(ticket, problem)

    def store(self, tickets: Sequence[Ticket], captures: Command) -> None:
        """The captures with a waiting photo each."""
        rows = []
        for ticket in tickets:
            told: photos.Announced = ticket.request
            term = stored(photos.erase_day(ticket.now))
            rows.append(
                (
                    ticket.capture_id,
                    stored(told.of),
                    told.n,
                    told.sha256,
                    told.size,
                    told.parts,
                    "waiting",
                    0,
                    0,
                    0,
                    "",
                    term,
                )
            )
        tell(captures, insertion(Photo, COLUMNS, rows))


def _verdict(ticket: Ticket, sender: Sender, target: Capture | None, homes: dict[int, int]) -> Verdict:
    person_id = sender.person.pk if sender.person else None
    if target is None:
        where = homes[sender.user.pk]
    elif target.user_id == sender.user.pk or (person_id is not None and target.person_id == person_id):
        where, person_id = target.place_id, target.person_id
    else:
        raise Problem(NOT_YOURS)
    return Verdict("stored", where, person_id, ticket.actor.channel, ticket.envelope.body)


def _homes(senders: Collection[Sender]) -> dict[int, int]:
    """User → where a photo lies until its capture is here: where the person works, else the place of their first grant."""
    held = {one.user.pk: one.scope.grants[0].path for one in senders if one.scope.grants}
    codes = {user: path.rstrip("/").rpartition("/")[2] for user, path in held.items()}
    places = dict(Place.objects.filter(code__in=set(codes.values())).values_list("code", "pk"))
    found = {user: places[code] for user, code in codes.items()}
    return found | {one.user.pk: one.person.place_id for one in senders if one.person}


def require_sender(actor: Actor, now: datetime) -> None:
    """Pass only a sender in use and with a role today; a key must still fit the password."""
    hold_actor(senders_of({actor.user_id}, local_day(now)).get(actor.user_id), actor)
