"""How a rating goes from given to in force through the notice engine, and what an upheld objection reopens."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from xiangyue.agreements.in_force import scheme_of
from xiangyue.base.problems import Problem
from xiangyue.base.writes import alone, write
from xiangyue.places.models import Place
from xiangyue.rules.days import parse_period
from xiangyue.rules.numbers import show
from xiangyue.standings.actions import publication as notices
from xiangyue.standings.actions.ratings import log, put_down, supersede_older
from xiangyue.standings.closed import LOCK
from xiangyue.standings.notices.kinds import PublicationKind, PublicTable
from xiangyue.standings.notices.models import Objection, Publication
from xiangyue.standings.ratings import problems as refused
from xiangyue.standings.ratings.indicators import Figure
from xiangyue.standings.ratings.models import StarRating, StarRoster
from xiangyue.standings.ratings.rating import WorkedRating, asked_of, work_out
from xiangyue.standings.ratings.store import unpack
from xiangyue.standings.ratings.verify import rated_again
from xiangyue.standings.ratings.violations import Held

if TYPE_CHECKING:
    from xiangyue.people.models import User

KIND = "rating"
State = StarRating.State
LEAVES = ("household", "hamlet", "public_place")


def propose_rating(actor: User | None, rating: StarRating, *, now: datetime, days: int | None = None) -> StarRating:
    """The rating on notice for the scheme's days; a later version takes the place of the one in force when it is."""
    with write():
        # in this order always: a notice put in force takes the same two
        alone(notices.LOCK)
        alone(LOCK)
        row = locked(rating.pk)
        _require(row, State.CLOSED, "公示")
        row.publication = notices.propose(
            actor, KIND, row.ground, key_of(row), f"{parse_period(row.key).name}{row.name}", _subjects(row),
            days or max(1, scheme_of(row.scheme_version).notice.days), now=now, digest=row.digest,
            summary={"rating": row.pk},
        )  # fmt: skip
        row.state = State.PROPOSED
        row.save(update_fields=["publication", "state"])
        log(actor, "rating.proposed", row, {"until": row.publication.notice_ends_on})
    return row


def key_of(row: StarRating) -> str:
    """The publication's key: the same for all versions of a rating of a period."""
    return f"{row.scheme}/{row.code}/{row.key}"


def locked(pk: int) -> StarRating:
    """A rating read anew inside a write, so that two who act on it act one after the other."""
    rows = StarRating.objects.select_for_update(of=("self",))
    return rows.select_related("ground", "scheme_version", "publication").get(pk=pk)


def _require(row: StarRating, state: str, act: str) -> None:
    if row.state != state:
        label = State(row.state).label
        raise Problem(refused.RATING_STATE, rating=row.name, version=row.version, state=label, act=act)


def _subjects(row: StarRating) -> Iterable[Place]:
    """The places that it concerns by name; of households none, they are many and stand in it as counts."""
    return () if row.level in LEAVES else Place.objects.filter(stars__rating=row).order_by("code")


def _rating_of(publication: Publication) -> StarRating | None:
    rows = StarRating.objects.select_related("ground", "scheme_version")
    return rows.filter(pk=publication.summary.get("rating")).first()


def _page(publication: Publication) -> str:
    return reverse("standings:rating", args=[publication.summary["rating"]])


def _in_force(publication: Publication, actor: User | None, now: datetime) -> None:
    _set(publication, State.IN_FORCE)
    row = _rating_of(publication)
    if row is not None:
        supersede_older(row)
        log(actor, "rating.in_force", row, {"version": row.version})


def _withdrawn(publication: Publication, actor: User | None, now: datetime) -> None:
    _set(publication, State.CLOSED)


def _superseded(publication: Publication, actor: User | None, now: datetime) -> None:
    _set(publication, State.SUPERSEDED)


def _set(publication: Publication, state: str) -> None:
    StarRating.objects.filter(pk=publication.summary.get("rating")).update(state=state)


def _upheld(objection: Objection, actor: User | None, now: datetime) -> str:
    """The objected subject alone is rated on what is on file now; all others on what they were rated on."""
    publication = objection.publication
    assert publication is not None
    running = Publication.objects.of(publication.kind, publication.ground_id, publication.key).filter(
        state=Publication.State.PROPOSED
    )
    notice = running.first() or publication
    row = _rating_of(notice)
    assert row is not None
    worked = _only_anew(row, objection.subject.code)
    if worked.rated.digest == row.digest:
        raise Problem(refused.NOT_MENDED, subject=objection.subject.name)
    before = {held.subject.code: held for held in row.rows.select_related("subject")}
    mine = before[objection.subject.code]
    others = sum(
        before[held.code].stars != held.stars for held in worked.rated.rows if held.code != objection.subject.code
    )
    reason = f"{objection.subject.name}异议成立，按更正后的记录重评"
    newer = put_down(actor, worked, row.version + 1, now, reason, row.basis)
    # whose stars change without having objected must be able to object too
    renewed = notices.renew(
        actor, notice, now=now, reason=reason, days=notice.notice_days if others else None,
        summary={"rating": newer.pk}, digest=newer.digest,
    )  # fmt: skip
    newer.publication, newer.state = renewed, State.PROPOSED
    newer.save(update_fields=["publication", "state"])
    stars = worked.rated.told[objection.subject.code].stars
    words = f"{objection.subject.name}由 {_stars(mine.stars)}改为 {_stars(stars)}，出第{newer.version}版"
    return f"{words}；另有 {others} 个对象的星级随之变动，重新公示" if others else words


def _stars(stars: int | None) -> str:
    return "未评" if stars is None else f"{stars} 星"


def _only_anew(row: StarRating, code: str) -> WorkedRating:
    """The rating on its own roster, with one subject's facts read anew."""
    kept = {held.candidate.code: held for held in unpack(bytes(StarRoster.objects.get(rating=row).data))}
    # a review's scores are its own to correct: they are taken as they were
    scores = {held.candidate.code: held.candidate.result for held in kept.values()} if row.basis else None
    fresh = work_out(asked_of(row), scores)
    figures: dict[str, Mapping[str, Figure]] = {}
    violations: dict[str, Sequence[Held]] = {}
    for subject, numbers, caps in row.rows.values_list("subject__code", "figures", "caps"):
        figures[subject] = {name: Figure(*held) for name, held in numbers.items()}
        pairs = zip(caps, kept[subject].candidate.violations, strict=True)
        violations[subject] = [Held(pk, violation) for pk, violation in pairs]
    for contender in fresh.contenders:
        if contender.candidate.code == code:
            kept[code] = contender
            figures[code], violations[code] = fresh.figures[code], fresh.violations.get(code, ())
    contenders = list(kept.values())
    return replace(
        fresh, contenders=contenders, figures=figures, violations=violations, rated=rated_again(row, contenders)
    )


def _tables(publication: Publication) -> tuple[PublicTable, ...]:
    """Villages and townships by name, best first; households as counts over the floors (domain.md 5.2)."""
    row = _rating_of(publication)
    if row is None:
        return ()
    return (_by_village(row),) if row.level in LEAVES else (_by_name(row),)


def _by_name(row: StarRating) -> PublicTable:
    rows = row.rows.select_related("subject__township").order_by("category", "rank", "subject__code")
    lines = tuple(
        (
            held.subject.name,
            held.subject.township.name if held.subject.township and row.level == "village" else "",
            _stars(held.stars),
            str(held.rank or "—"),
            show(held.result),
        )
        for held in rows
    )
    note = "，".join(f"{words} {n} 个" for words, n in Counter(line[2] for line in lines).items())
    return PublicTable(row.name, (_("名称"), _("乡镇"), _("星级"), _("名次"), _("成绩")), lines, note, by=_("乡镇"))


def _by_village(row: StarRating) -> PublicTable:
    rules = scheme_of(row.scheme_version).households
    rows = row.rows.values("subject__village__name", "subject__village__code", "stars").annotate(n=Count("pk"))
    found: dict[tuple[str, str], dict[int, int]] = {}
    for held in rows.filter(~Q(stars=None)).order_by("subject__village__code"):
        village = (held["subject__village__code"], held["subject__village__name"])
        found.setdefault(village, {})[int(held["stars"] or 0)] = held["n"]
    steps = sorted({stars for held in found.values() for stars in held}, reverse=True)
    lines = tuple(
        (name, *(_count(held, stars, rules.public_min_group, rules.public_min_count) for stars in steps))
        for (_code, name), held in sorted(found.items())
    )
    note = _("不足 %(group)s 户的村和不足 %(count)s 户的数不公开。") % {
        "group": rules.public_min_group, "count": rules.public_min_count,
    }  # fmt: skip
    return PublicTable(row.name, (_("村"), *(_stars(stars) for stars in steps)), lines, note)


def _count(held: dict[int, int], stars: int, group: int, least: int) -> str:
    n = held.get(stars, 0)
    return str(n) if sum(held.values()) >= group and n >= least else "—"


RATING = PublicationKind(
    code=KIND, name=_lazy("评星定级"), page=_page, rows=_tables, upheld=_upheld, in_force=_in_force,
    withdrawn=_withdrawn, superseded=_superseded,
)  # fmt: skip
