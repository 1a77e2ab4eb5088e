"""What an inspection found: when its team ends it, the problems that its sheets opened are told as the inspection's."""

from __future__ import annotations

from xiangyue.checks.inspections.going import InspectionFaults
from xiangyue.problems.models import Problem, Source


def inspection_faults(found: InspectionFaults) -> None:
    """Follows the end of an inspection; the faults themselves opened problems when each sheet came in."""
    opened = Problem.objects.filter(check_row__in=found.check_ids, source=Source.CHECK)
    opened.update(source=Source.INSPECTION)
