"""What a county's office does first, one step after the other, until somebody answers for a place on its ground."""

from __future__ import annotations

from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from xiangyue.agreements.models import SchemeVersion
from xiangyue.base.pages import address
from xiangyue.base.scope import below
from xiangyue.duties.models import Duty
from xiangyue.people.models import Person
from xiangyue.places.models import Level, Place
from xiangyue.site.office.needs import Finder, Need, Paths


def first_step(paths: Paths, day: date) -> Need | None:
    """The next of: places, people, a scheme, duties; nothing once a duty stands."""
    if Duty.objects.filter(below("target__path", paths)).exists():
        return None
    if not Place.objects.of(Level.VILLAGE).filter(below("path", paths)).exists():
        words = _("还没有村。下载表格，把乡镇、村、屯组填好传上来；先看一遍再入库。")
        return _need(_("第一步：登记区划"), words, address("desk:import", "place"), _("去导入"))
    if len(Person.objects.filter(below("place__path", paths))[:2]) < 2:
        words = _("还没有干部和党员。填好人员表传上来；要管到户的，再到“农户”里传农户表。")
        return _need(_("第二步：登记人员和农户"), words, address("desk:import", "person"), _("去导入"))
    over = [path[: end + 1] for path in paths for end, sign in enumerate(path) if sign == "/"]
    governs = below("ground__path", paths) | Q(ground__path__in=over)
    if not SchemeVersion.objects.published().filter(governs).exists():
        words = _("还没有发布方案。从一个县的做法复制，或从空白写起；发布前能看到错在哪里、怎么改。")
        return _need(_("第三步：定方案"), words, address("agreements:schemes"), _("去定方案"))
    words = _("还没有人包保。按规则一次排好，或用表格传上来；之后每天的检查、走访才有人做。")
    return _need(_("第四步：排包保"), words, address("duties:coverage"), _("去排包保"))


def _need(title: str, words: str, url: str, label: str) -> Need:
    return Need(title, 1, _("件"), words, url, label, "list-check")


COUNTY: tuple[Finder, ...] = (first_step,)
