"""Who sends a capture: the user with a live grant, the person behind it, and a key that still fits the password."""

from __future__ import annotations

import hmac
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from xiangyue.base.problems import Problem, problem_kind
from xiangyue.base.scope import Scope
from xiangyue.captures.intake import Actor, Ticket
from xiangyue.captures.keys import proof_of
from xiangyue.people.grants import scope_of
from xiangyue.people.models import Person, User

SIGNED_OUT = problem_kind("signed_out", _("登录已失效。"), _("请重新登录；记录还在手机上，登录后会接着发送。"), 401)
NO_GRANT = problem_kind("no_grant", _("您的账号眼下没有任何授权。"), _("请与乡镇或县级办公室联系。"), 403)


@dataclass(frozen=True, slots=True)
class Sender:
    """A user who sends captures."""

    user: User
    scope: Scope
    person: Person | None


def senders_of(users: Collection[int], today: date) -> dict[int, Sender]:
    """The users by key, each with the grants that are live today."""
    rows = User.objects.filter(pk__in=users).select_related("person__organisation", "person__place")
    return {row.pk: Sender(row, scope_of(row, today), row.person) for row in rows}


def hold_sender(sender: Sender | None, ticket: Ticket) -> Sender:
    """The sender, in use and with a live grant; a Problem refuses the capture else."""
    return hold_actor(sender, ticket.actor)


def hold_actor(sender: Sender | None, actor: Actor) -> Sender:
    """The same for what comes outside an envelope, as the parts of a photo do."""
    proof = actor.proof
    if sender is None or not sender.user.is_active:
        raise Problem(SIGNED_OUT)
    if proof and not hmac.compare_digest(proof, proof_of(sender.user.password)):
        raise Problem(SIGNED_OUT)
    if not sender.scope.grants:
        raise Problem(NO_GRANT)
    return sender
