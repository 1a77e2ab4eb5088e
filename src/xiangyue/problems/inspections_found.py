"""What an inspection found: when its team ends it, the faults of its sheets stand on file as found by an inspection."""

from __future__ import annotations

from django.utils import timezone

from xiangyue.checks.inspections.going import InspectionFaults
from xiangyue.checks.models import Check
from xiangyue.problems.checks_found import asked_on, open_from
from xiangyue.problems.models import Problem, Source
from xiangyue.rules.days import local_day


def inspection_faults(found: InspectionFaults) -> None:
    """Follows the end of an inspection: what its sheets open is on file, and is told as the inspection's."""
    now = timezone.now()
    asked = asked_on(found.ground_id, local_day(now))
    rows = Check.objects.filter(pk__in=found.check_ids, kind__in=asked, state=Check.State.COUNTED)
    seen = list(rows.values_list("subject_id", "month"))
    if seen:
        subjects, months = {subject for subject, _month in seen}, {month for _subject, month in seen}
        open_from(found.ground_id, asked, subjects, months, now=now)
    opened = Problem.objects.filter(check_row__in=found.check_ids, source=Source.CHECK)
    opened.update(source=Source.INSPECTION)
