"""Drafts of schemes: begun from a version or a pack, saved as often as one likes, right or wrong, and discarded."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from xiangyue.agreements.actions.publishing import next_number
from xiangyue.agreements.in_force import digest_of
from xiangyue.agreements.models import SchemeVersion
from xiangyue.base import changes
from xiangyue.base.problems import CHANGED, Problem, problem_kind
from xiangyue.base.writes import alone, write
from xiangyue.people.models import User
from xiangyue.places.models import Place
from xiangyue.schemes import SchemeErrors, load

NOT_A_DRAFT = problem_kind(
    "scheme_published", _("已发布的方案不能改。"), _("请从它起草新版，改好后从下一个考核期起生效。"), 409
)


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


def save_draft(actor: User | None, draft: SchemeVersion, text: str, *, base: str) -> SchemeErrors | None:
    """Store the text, right or wrong; what is wrong in it, or None. `base` is the digest that the editor began from."""
    text = text.replace("\r\n", "\n")
    errors, name = None, draft.name
    try:
        name = load(text).name
    except SchemeErrors as found:
        errors = found
    with write():
        row = SchemeVersion.objects.select_for_update().select_related("ground").get(pk=draft.pk)
        if row.state != SchemeVersion.State.DRAFT:
            raise Problem(NOT_A_DRAFT)
        if row.digest not in (base, digest_of(text)):
            raise Problem(CHANGED, what=str(row))
        if row.text != text:
            row.text, row.digest, row.name = text, digest_of(text), name[:120]
            row.save(update_fields=["text", "digest", "name"])
            changes.log(_pk(actor), "scheme.saved", row, path=row.ground.path, after={"digest": row.digest})
    draft.text, draft.digest, draft.name = text, digest_of(text), name[:120]
    return errors


def discard_draft(actor: User | None, draft: SchemeVersion) -> None:
    """Throw a draft away; its text stays in the change log."""
    if draft.state != SchemeVersion.State.DRAFT:
        raise Problem(NOT_A_DRAFT)
    with write():
        told = {"version": draft.version, "text": draft.text}
        changes.log(_pk(actor), "scheme.discarded", draft, path=draft.ground.path, before=told)
        draft.delete()


def _pk(actor: User | None) -> int | None:
    return actor.pk if actor else None
