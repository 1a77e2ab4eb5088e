"""The Django app of this room."""

from django.utils.translation import gettext_lazy as _

from xiangyue.base import rooms


class AgreementsConfig(rooms.Room):
    """Scheme versions of a ground and their pages; consents."""

    name = "xiangyue.agreements"
    label = "agreements"
    verbose_name = _("方案")
    further = ("burden_models", "compact_models", "draft_models", "goal_models")
