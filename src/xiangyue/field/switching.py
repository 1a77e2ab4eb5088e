"""The recorder's switch: off for a county until its filing number is set, and off again when that is taken away."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from xiangyue.base.changes import log
from xiangyue.base.problems import Problem, problem_kind
from xiangyue.base.roles import Role
from xiangyue.base.scope import Scope, require
from xiangyue.base.writes import write
from xiangyue.field.models import Recorder
from xiangyue.places.models import Place

OFF = problem_kind(
    "recorder_off",
    _("县里还没有开通手机离线记录。"),
    _("请用网页或纸质表格记录，一样计入；县级办公室填写备案号以后，这里就能用。"),
    403,
)
BAD_NUMBER = problem_kind("recorder_number", _("备案号太长。"), _("请照备案文件填写，最多 60 个字。"))


def filing_number(scope: Scope) -> str:
    """The filing number of the actor's county; empty while the recorder is off there."""
    codes = {grant.path.partition("/")[0] for grant in scope.grants}
    rows = Recorder.objects.filter(county__code__in=codes).exclude(filing_number="")
    return rows.order_by("county_id").values_list("filing_number", flat=True).first() or ""


def require_on(scope: Scope) -> str:
    """The filing number; a Problem while the recorder is off."""
    found = filing_number(scope)
    if not found:
        raise Problem(OFF)
    return found


def switch(actor: Scope, county: Place, number: str, *, now: datetime) -> Recorder:
    """The county's recorder with this filing number; an empty one switches it off."""
    require(actor, frozenset({Role.COUNTY_OFFICE}), county.path)
    typed = " ".join(number.split())
    if len(typed) > 60:
        raise Problem(BAD_NUMBER)
    with write():
        held = Recorder.objects.filter(county=county).first()
        before = held.filing_number if held else ""
        values = {"filing_number": typed, "set_at": now, "set_by_id": actor.user_id}
        row, _made = Recorder.objects.update_or_create(county=county, defaults=values)
        if before != typed:
            act = "recorder.on" if typed else "recorder.off"
            log(
                actor.user_id, act, row, path=county.path,
                before={"filing_number": before}, after={"filing_number": typed},
            )  # fmt: skip
    return row
