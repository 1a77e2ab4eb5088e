"""The Django app of this room."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from xiangyue.base import rooms


class DutiesConfig(rooms.Room):
    """Who answers for what on which layer, from a date to a date."""

    name = "xiangyue.duties"
    label = "duties"
    verbose_name = _("包保")
    further = ("dispatch_models", "team_models", "visit_models")

    def ready(self) -> None:
        """Let the intake know what visits and wishes mean."""
        if settings.LEAN:
            # a command that takes in nothing does without the intake
            return
        from xiangyue.base.terms import Term, hold
        from xiangyue.captures import afterwards, intake
        from xiangyue.duties.visits.handlers import VisitsAfterwards, VisitsHandler

        intake.take(VisitsHandler())
        afterwards.answer_for(VisitsAfterwards())
        hold(
            Term("duties.VisitNote", "visit__target__path"),
            Term("duties.ContributionText", "contribution__visit__target__path"),
            Term("duties.WishText", "wish__household__path"),
            Term("duties.Dispatch", "place__path", blank={"chair": "", "minutes": ""}),
            Term("duties.DispatchAsk", "dispatch__place__path", blank={"what": "", "outcome": ""}),
        )
