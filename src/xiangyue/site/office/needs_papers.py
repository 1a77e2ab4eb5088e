"""Which printed sheets did not come back from one's ground."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from xiangyue.base.scope import below
from xiangyue.papers.models import Sheet
from xiangyue.site.context import address
from xiangyue.site.office.needs import Finder, Need, Paths


def sheets_missing(paths: Paths, day: date) -> Need:
    """Printed sheets that nobody typed in a week after their last day."""
    # who is asked for an opinion need not give one
    missing = Sheet.objects.in_state("missing", day).exclude(form=Sheet.Form.OPINION)
    n = missing.filter(below("place__path", paths)).count()
    words = _("向包保人要回来录入；填坏、丢了的作废后重打。")
    url = address("papers:sheets") + "?state=missing"
    return Need(_("没交回的纸质表"), n, _("张"), words, url, _("去催"), "printer")


OFFICE: tuple[Finder, ...] = (sheets_missing,)
