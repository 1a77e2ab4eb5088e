"""What the tables of an archive are called for those who read what a backup tells."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.utils.translation import gettext_lazy as _

NAMES: dict[str, Any] = {
    "agreements.compactarticle": _("村规民约条文"),
    "checks.checknote": _("检查备注"),
    "checks.daycount": _("每日检查数"),
    "checks.sheettotal": _("检查累计"),
    "django_tasks_database.dbtaskresult": _("后台任务"),
    "people.onetimecode": _("一次性码"),
    "standings.boardlist": _("红黑榜"),
    "standings.livefigure": _("实时成绩"),
    "standings.reviewvote": _("评议票"),
    "standings.roster": _("关账名册"),
    "standings.starline": _("星级线"),
    "standings.starroster": _("评星名册"),
}
"""Tables whose rows nobody sees by a name elsewhere; the others are called as on their pages."""


def table_words(label: str) -> str:
    """The Chinese name of a table (app.model)."""
    return str(NAMES.get(label) or apps.get_model(label)._meta.verbose_name)
