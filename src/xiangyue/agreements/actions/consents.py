"""Consents of households, per purpose: recorded with their day, revoked with their day, never edited."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from xiangyue.agreements.models import Consent
from xiangyue.base import changes
from xiangyue.base.consequences import follow
from xiangyue.base.problems import Problem, problem_kind
from xiangyue.base.writes import write
from xiangyue.places.models import Level, Place

NOT_A_HOUSEHOLD = problem_kind("consent_household", _("“{place}”不是农户。"), _("同意书只对农户登记，请选一户。"))
FUTURE = problem_kind("consent_day", _("日期{day}还没到。"), _("请写签同意书的当天。"))
BEFORE_GIVEN = problem_kind("consent_order", _("撤回日期早于同意日期。"), _("请核对两个日期。"))


def record_consent(
    actor_id: int | None, household: Place, purpose: str, *, given_on: date, given_by: str = "", today: date
) -> Consent:
    """The live consent; the one on file when it is live already."""
    if household.level != Level.HOUSEHOLD:
        raise Problem(NOT_A_HOUSEHOLD, place=household.name)
    if given_on > today:
        raise Problem(FUTURE, day=given_on)
    with write():
        values = {"given_on": given_on, "given_by": given_by[:40], "recorded_by_id": actor_id}
        row, is_new = Consent.objects.get_or_create(
            household=household, purpose=Consent.Purpose(purpose).value, revoked_on=None, defaults=values
        )
        if is_new:
            told = {"purpose": purpose, "given_on": given_on}
            changes.log(actor_id, "consent.given", row, path=household.path, after=told)
    return row


def revoke_consents(actor_id: int | None, rows: QuerySet[Consent], *, on: date, today: date) -> int:
    """End live consents from `on`; gives their number. A page shows no name from that moment on."""
    if on > today:
        raise Problem(FUTURE, day=on)
    live = rows.filter(revoked_on=None)
    with write():
        if live.filter(given_on__gt=on).exists():
            raise Problem(BEFORE_GIVEN)
        found = list(live.values_list("pk", "household__path", "purpose"))
        Consent.objects.filter(pk__in=[row[0] for row in found]).update(revoked_on=on)
        table = Consent._meta.label_lower
        changes.log_many(
            (
                ("consent.revoked", table, str(pk), path, {"purpose": purpose}, {"revoked_on": on})
                for pk, path, purpose in found
            ),
            actor_id,
        )
        follow_revoked(rows_of=[row[0] for row in found])
    return len(found)


def follow_revoked(rows_of: Collection[int]) -> None:
    """Say that these consents were taken back: what rests on the households' agreement to be paired ends."""
    mine = Consent.objects.filter(pk__in=rows_of, purpose=Consent.Purpose.PAIR).exclude(revoked_on=None)
    if households := list(mine.values_list("household_id", flat=True)):
        follow("pair_consents_revoked", households)


def consented(purpose: str, day: date, path: str) -> set[int]:
    """The keys of the households at or below `path` whose consent holds on `day`, in one query."""
    rows = Consent.objects.filter(
        purpose=purpose, given_on__lte=day, household__path__gte=path, household__path__lt=path[:-1] + "0"
    ).exclude(revoked_on__lte=day)
    return set(rows.values_list("household_id", flat=True))
