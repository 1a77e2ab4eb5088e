"""The way of this room's lists through the notice: proposed, in force, withdrawn, superseded; what holds them back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Max
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from xiangyue.agreements.in_force import scheme_of
from xiangyue.base.masking import mask_name
from xiangyue.base.problems import Problem
from xiangyue.rewards import problems
from xiangyue.rewards.award_models import AwardLine, AwardList
from xiangyue.rewards.edition import Edition, State
from xiangyue.rewards.honour_models import HonourBallot
from xiangyue.rewards.performance_models import Appraisal
from xiangyue.rules.days import parse_period
from xiangyue.rules.numbers import show
from xiangyue.standings.actions.publication import Subject, propose, renew
from xiangyue.standings.models import Closing
from xiangyue.standings.notices.kinds import PublicationKind, PublicTable
from xiangyue.standings.notices.models import Objection, Publication

if TYPE_CHECKING:
    from xiangyue.people.models import User

LABELS = {"closing": "成绩", "appraisal": "履职评价", "list": "名单", "rating": "星级", "ballot": "表决"}
HOUSEHOLD = "-H"
"""In the code of every household: none is named in public."""


def publish(
    actor: User | None, row: Edition, kind: str, subjects: Iterable[Subject], *, now: datetime, reason: str = "",
    runs_on: bool = False,
) -> Publication:  # fmt: skip
    """The version on notice; one that is on notice already gives way to it (`runs_on`: with what is left of its days)."""
    if row.state != State.DRAWN:
        label = State(row.state).label
        raise Problem(problems.WRONG_STATE, name=row.title, version=row.version, state=label, act="公示")
    require_basis(row, ("proposed", "in_force"))
    key = f"{row.scheme}/{row.code}/{row.key}"
    days = max(1, scheme_of(row.scheme_version).notice.days)
    running = Publication.objects.of(kind, row.ground_id, key).filter(state=Publication.State.PROPOSED).first()
    told = list(subjects)
    if running is not None:
        made = renew(
            actor, running, now=now, reason=reason or row.reason or "重新拟定", subjects=told,
            days=None if runs_on else days, title=row.title, digest=row.digest,
        )  # fmt: skip
    else:
        made = propose(actor, kind, row.ground, key, row.title, told, days, now=now, digest=row.digest)
    row.publication, row.state = made, State.PROPOSED
    row.save(update_fields=["publication", "state"])
    return made


def basis_states(row: Edition) -> list[tuple[str, bool, str]]:
    """(Words, whether a newer version is there, state) of everything that a list was worked out from."""
    closings = _closings([pk for kind, pk, _version, _name in row.basis if kind == "closing"])
    found = []
    for kind, pk, version, name in row.basis:
        label = LABELS.get(kind, "")
        newer, state = closings[pk] if kind == "closing" else _basis(kind, pk, version)
        if kind == "closing":
            name = parse_period(name).name
        found.append((f"{name}{label}（第{version}{'轮' if kind == 'ballot' else '版'}）", newer, state))
    return found


def _closings(keys: Sequence[int]) -> dict[int, tuple[bool, str]]:
    """Closing → (whether its period has a newer version, its state)."""
    if not keys:
        return {}
    rows = Closing.objects.filter(pk__in=keys).annotate(newest=Max("period__closings__version"))
    return {row.pk: (row.newest > row.version, row.state) for row in rows}


def _basis(kind: str, pk: int, version: int) -> tuple[bool, str]:
    from xiangyue.standings.ratings.models import StarRating

    if kind == "ballot":
        # withdrawn, it is as good as replaced
        return HonourBallot.objects.filter(pk=pk).exclude(withdrawn_at=None).exists(), "in_force"
    model: type[Edition] | type[StarRating] = {"appraisal": Appraisal, "list": AwardList}.get(kind, StarRating)
    row = model._default_manager.get(pk=pk)
    same = {"ground": row.ground_id, "scheme": row.scheme, "code": row.code, "key": row.key, "version__gt": version}
    same |= {"kind": row.kind} if isinstance(row, AwardList) else {}
    return model._default_manager.filter(**same).exists(), row.state


def require_basis(row: Edition, states: Sequence[str]) -> None:
    """Pass only a list whose basis is the newest and stands in one of the states; else Problem."""
    for words, newer, state in basis_states(row):
        if newer:
            raise Problem(problems.STALE, name=row.title, basis=words)
        if state not in states:
            raise Problem(problems.BASIS_NOT_SHOWN, name=row.title, basis=words)


def _list_of(publication: Publication) -> AwardList | None:
    return AwardList.objects.filter(publication=publication).order_by("-version").first()


def _appraisal_of(publication: Publication) -> Appraisal | None:
    return Appraisal.objects.filter(publication=publication).order_by("-version").first()


def _edition_of(publication: Publication) -> Edition | None:
    return _appraisal_of(publication) if publication.kind == "appraisal" else _list_of(publication)


def _set(publication: Publication, state: str) -> None:
    model = Appraisal if publication.kind == "appraisal" else AwardList
    model._default_manager.filter(publication=publication).update(state=state)


def _waiting(publication: Publication, day: date) -> tuple[str, ...]:
    """Its basis in force and still the newest; nothing upheld that this version does not answer."""
    row = _edition_of(publication)
    return waits(row, publication) if row else ()


def waits(row: Edition, publication: Publication) -> tuple[str, ...]:
    """What holds a list of this room back: a basis with a newer version or not in force, an upheld objection."""
    found = [f"所依据的{words}已有新版本，请重新拟定" for words, newer, _state in basis_states(row) if newer]
    found += [
        f"所依据的{words}还没有生效" for words, newer, state in basis_states(row) if not newer and state != "in_force"
    ]
    same = Publication.objects.of(publication.kind, publication.ground_id, publication.key)
    upheld = Objection.objects.filter(publication__in=same, upheld=True, answered_at__gt=row.made_at)
    names = "、".join(sorted({one.whom.name for one in upheld.select_related("subject", "person", "organisation")}))
    if names:
        found.append(f"{names}的异议成立：请在名单里除名，或更正成绩后重新拟定")
    return tuple(found)


def _upheld(objection: Objection, actor: User | None, now: datetime) -> str:
    return "这一个对象要处理：在名单里除名（不递补），或更正成绩后重新拟定；其余不变"


def _in_force(publication: Publication, actor: User | None, now: datetime) -> None:
    row = _edition_of(publication)
    if row is not None:
        same: dict[str, Any] = {"ground": row.ground_id, "scheme": row.scheme, "code": row.code, "key": row.key}
        same |= {"kind": row.kind} if isinstance(row, AwardList) else {}
        type(row)._default_manager.filter(**same, state=State.IN_FORCE).update(state=State.SUPERSEDED)
    _set(publication, State.IN_FORCE)


def _withdrawn(publication: Publication, actor: User | None, now: datetime) -> None:
    _set(publication, State.DRAWN)


def _superseded(publication: Publication, actor: User | None, now: datetime) -> None:
    _set(publication, State.SUPERSEDED)


def _page(publication: Publication) -> str:
    row = _edition_of(publication)
    if row is None:
        return ""
    return reverse("rewards:appraisal" if isinstance(row, Appraisal) else "rewards:list", args=(row.pk,))


def _public_rows(publication: Publication) -> tuple[PublicTable, ...]:
    """Class by class who is in it: officials by family name, households as a count; a commendation's text once in force."""
    row = _list_of(publication)
    if row is None:
        return ()
    if row.kind == AwardList.Kind.COMMENDATION and row.state == State.IN_FORCE:
        return (PublicTable(row.name, (str(_("文稿")),), tuple((text,) for text in row.text.split("\n") if text)),)
    lines: dict[str, list[AwardLine]] = {}
    for line in row.lines.exclude(value="").order_by("position"):
        if HOUSEHOLD not in line.subject:
            lines.setdefault(line.value, []).append(line)
    whole = row.kind == AwardList.Kind.COMMENDATION
    return tuple(_public_table(cut, lines.get(cut["code"], []), whole) for cut in row.cuts)


def _public_table(cut: dict[str, Any], lines: Sequence[AwardLine], whole: bool) -> PublicTable:
    columns = (str(_("对象")), str(_("所在")), str(_("成绩")))
    rows = tuple(
        (line.name if whole else public_name(line), line.where, show(line.figure) if line.figure is not None else "—")
        for line in lines
    )
    by = columns[1] if all(line.place_id for line in lines) else ""
    return PublicTable(f"{cut['name']}（{cut['n']}）", columns, rows, cut["why"], by)


def public_name(line: AwardLine) -> str:
    """The name as the public reads it: places and organisations whole, of officials the family name."""
    return mask_name(line.name) if line.person_id else line.name


AWARD_KIND = PublicationKind(
    "award", _("奖级名单"), page=_page, rows=_public_rows, waiting=_waiting, upheld=_upheld, in_force=_in_force,
    withdrawn=_withdrawn, superseded=_superseded,
)  # fmt: skip
GRADING_KIND = PublicationKind(
    "grading", _("等次评定"), page=_page, rows=_public_rows, waiting=_waiting, upheld=_upheld, in_force=_in_force,
    withdrawn=_withdrawn, superseded=_superseded,
)  # fmt: skip
APPRAISAL_KIND = PublicationKind(
    "appraisal", _("履职评价"), told_first=True, public=False, page=_page, waiting=_waiting, upheld=_upheld, in_force=_in_force,
    withdrawn=_withdrawn, superseded=_superseded,
)  # fmt: skip
COMMENDATION_KIND = PublicationKind(
    "commendation", _("通报表扬"), page=_page, rows=_public_rows, waiting=_waiting, upheld=_upheld, in_force=_in_force,
    withdrawn=_withdrawn, superseded=_superseded,
)  # fmt: skip
KINDS = (AWARD_KIND, GRADING_KIND, APPRAISAL_KIND, COMMENDATION_KIND)
