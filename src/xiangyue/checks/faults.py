"""What became of the faults that a check found: asked of the rooms above, shown beside the sheet, never reckoned into it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from xiangyue.base.consequences import follow
from xiangyue.base.scope import Scope


@dataclass(frozen=True, slots=True)
class FaultNow:
    """A fault as it stands now: whether it was lifted (mended, and somebody else saw it), and the words for its days."""

    name: str
    lifted: bool
    badge: str
    state: str
    words: str
    url: str = ""


@dataclass
class Asked:
    """Asked of the rooms above: what became of the faults of these checks."""

    scope: Scope
    checks: tuple[int, ...]
    found: dict[int, list[FaultNow]] = field(default_factory=dict)


def faults_now(scope: Scope, checks: Collection[int]) -> dict[int, list[FaultNow]]:
    """Check → its faults that became something to mend, as they stand today; a check without such has none."""
    asked = Asked(scope, tuple(checks))
    if asked.checks:
        follow("faults_told", asked)
    return asked.found


def lifted_words(faults: Collection[FaultNow]) -> str:
    """How many of them were mended and verified; nothing where there are none."""
    if not faults:
        return ""
    lifted = sum(one.lifted for one in faults)
    if lifted == len(faults):
        return _("已整改核实")
    return _("%(n)s 件问题，已整改核实 %(m)s 件") % {"n": len(faults), "m": lifted}
