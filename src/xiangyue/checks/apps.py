"""The Django app of this room."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from xiangyue.base import rooms


class ChecksConfig(rooms.Room):
    """Sheets and entries: one subject scored once against one standard by one inspector."""

    name = "xiangyue.checks"
    label = "checks"
    verbose_name = _("检查")
    further = ("inspections.models", "oddities.models")

    def ready(self) -> None:
        """Let the intake know what rounds, sheets and undos mean."""
        if settings.LEAN:
            # a command that takes in nothing does without the intake
            return
        from xiangyue.base.terms import Term, hold
        from xiangyue.captures import intake
        from xiangyue.checks import permits
        from xiangyue.checks.handlers import ChecksHandler, UndoHandler
        from xiangyue.checks.inspections.turns import InspectionGuard
        from xiangyue.checks.oddities import finding

        intake.take(ChecksHandler())
        intake.take(UndoHandler())
        permits.place_guard(InspectionGuard())
        finding.register()
        hold(
            Term("checks.CheckNote", "check_row__subject__path"),
            Term("checks.SheetObjection", "subject__path", blank={"text": "", "answer": ""}),
            Term("checks.Oddity", "place__path"),
        )
