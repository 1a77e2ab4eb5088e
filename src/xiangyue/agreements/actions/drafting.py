"""Drafts of schemes: begun from a version or a pack, saved as often as one likes, right or wrong, taken back, discarded."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from xiangyue.agreements.actions.publishing import next_number
from xiangyue.agreements.draft_models import FormerText
from xiangyue.agreements.in_force import digest_of
from xiangyue.agreements.models import SchemeVersion
from xiangyue.agreements.tree import read_text
from xiangyue.base import changes
from xiangyue.base.problems import CHANGED, Problem, problem_kind
from xiangyue.base.writes import alone, write
from xiangyue.people.models import User
from xiangyue.places.models import Place
from xiangyue.rules.settings import Scheme
from xiangyue.schemes import SchemeErrors, dump, load

NOT_A_DRAFT = problem_kind(
    "scheme_published", _("已发布的方案不能改。"), _("请从它起草新版，改好后从下一个考核期起生效。"), 409
)
NO_FORMER = problem_kind("scheme_no_former", _("这份草稿没有可以撤回的保存。"), _("请直接改。"), 409)
KEPT = 30
"""So many former texts of a draft are kept."""


def start_draft(
    actor: User | None, ground: Place, text: str, *, code: str, name: str, now: datetime
) -> tuple[SchemeVersion, bool]:
    """The ground's draft of that code and whether it is new: one is worked on at a time."""
    with write():
        alone(f"scheme:{ground.pk}:{code}")
        known = SchemeVersion.objects.filter(ground=ground, code=code, state=SchemeVersion.State.DRAFT).first()
        if known is not None:
            return known, False
        draft = SchemeVersion.objects.create(
            ground=ground, code=code, version=next_number(ground, code), name=name[:120], text=text,
            digest=digest_of(text), created_at=now, created_by=actor,
        )  # fmt: skip
        changes.log(_pk(actor), "scheme.drafted", draft, path=ground.path, after={"version": draft.version})
    return draft, True


def empty_text(ground: str, code: str, name: str) -> str:
    """A scheme that says nothing yet, as text."""
    return dump(Scheme(code, name, ground))


def save_draft(
    actor: User | None, draft: SchemeVersion, text: str, *, base: str, now: datetime | None = None
) -> SchemeErrors | None:
    """Store the text, right or wrong; what is wrong in it, or None. `base` is the digest that the editor began from."""
    text = text.replace("\r\n", "\n")
    errors = None
    try:
        load(text)
    except SchemeErrors as found:
        errors = found
    with write():
        row = _locked(draft)
        if row.digest not in (base, digest_of(text)):
            raise Problem(CHANGED, what=str(row))
        if row.text != text:
            FormerText.objects.create(
                draft=row, text=row.text, replaced_at=now or timezone.now(), replaced_by_id=_pk(actor)
            )
            _forget_oldest(row)
            _put(actor, row, text, "scheme.saved")
    draft.text, draft.digest, draft.name = row.text, row.digest, row.name
    return errors


def undo_save(actor: User | None, draft: SchemeVersion, *, base: str) -> SchemeVersion:
    """The draft as it was before its last save; Problem when there is none, or when it has changed since `base`."""
    with write():
        row = _locked(draft)
        if row.digest != base:
            raise Problem(CHANGED, what=str(row))
        former = FormerText.objects.filter(draft=row).first()
        if former is None:
            raise Problem(NO_FORMER)
        _put(actor, row, former.text, "scheme.unsaved")
        former.delete()
    return row


def discard_draft(actor: User | None, draft: SchemeVersion) -> None:
    """Throw a draft away; its text stays in the change log."""
    if draft.state != SchemeVersion.State.DRAFT:
        raise Problem(NOT_A_DRAFT)
    with write():
        told = {"version": draft.version, "text": draft.text}
        changes.log(_pk(actor), "scheme.discarded", draft, path=draft.ground.path, before=told)
        draft.delete()


def _locked(draft: SchemeVersion) -> SchemeVersion:
    row = SchemeVersion.objects.select_for_update(of=("self",)).select_related("ground").get(pk=draft.pk)
    if row.state != SchemeVersion.State.DRAFT:
        raise Problem(NOT_A_DRAFT)
    return row


def _put(actor: User | None, row: SchemeVersion, text: str, act: str) -> None:
    row.text, row.digest, row.name = text, digest_of(text), _name(text, row.name)
    row.save(update_fields=["text", "digest", "name"])
    changes.log(_pk(actor), act, row, path=row.ground.path, after={"digest": row.digest})


def _name(text: str, before: str) -> str:
    """What the text calls itself, as far as it can be read."""
    try:
        return (read_text(text).scheme.name or before)[:120]
    except SchemeErrors:
        return before


def _forget_oldest(row: SchemeVersion) -> None:
    kept = list(FormerText.objects.filter(draft=row).values_list("pk", flat=True)[:KEPT])
    FormerText.objects.filter(draft=row).exclude(pk__in=kept).delete()


def _pk(actor: User | None) -> int | None:
    return actor.pk if actor else None
