"""The Django app of this room."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from xiangyue.base import rooms


class StandingsConfig(rooms.Room):
    """Periods, closing, results, boards, pairs, notices."""

    name = "xiangyue.standings"
    label = "standings"
    verbose_name = _("考核")
    further = ("bulletins.models", "help_models", "ratings.models", "reviews.models")

    def ready(self) -> None:
        """Let the worker know the jobs of this room."""
        if settings.LEAN:
            # a command does its work itself
            return
        from xiangyue.base.terms import Term, hold
        from xiangyue.standings import daily, drafts, verify  # noqa: F401

        daily.register()
        hold(Term("standings.Objection", "subject__path", blank={"text": "", "by_name": "", "answer": ""}))
