"""The Django app of this room."""

from django.apps import AppConfig
from django.conf import settings
from django.utils.translation import gettext_lazy as _


class ProblemsConfig(AppConfig):
    """Problems, from report to close-out."""

    name = "xiangyue.problems"
    label = "problems"
    verbose_name = _("问题")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let the intake know what problems and their steps mean, and the clock what is done every day."""
        if settings.LEAN:
            # a command that takes in nothing does without the intake
            return
        from xiangyue.base.terms import Term, hold
        from xiangyue.captures import afterwards, intake
        from xiangyue.problems import daily
        from xiangyue.problems.handlers import Afterwards, ProblemHandler, StepHandler

        intake.take(ProblemHandler())
        intake.take(StepHandler())
        afterwards.answer_for(Afterwards())
        daily.register()
        hold(Term("problems.StepText", "step__problem__place__path"))
