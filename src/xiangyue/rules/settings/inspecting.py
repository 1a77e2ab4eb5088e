"""How a ground inspects: what the sheets are, whether the targets are drawn under seal, when the village sees its sheet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from .setting import Setting

Manner = Literal["open", "secret", "unannounced", "exchange", "round", "duty"]
"""明察, 暗访, 四不两直, 互查, 巡回, 履职督查."""
Strata = Literal["township_class", "by_township", "by_class", "whole"]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class InspectionKind(Setting):
    """A way of inspecting: its sheets are made only by turns of a plan that was filed for the year.

    With a `draw` the targets are drawn under seal and open to the team only on the day; without one all subjects of the
    townships named are seen, known ahead.
    """

    code: str
    name: str
    manner: Manner
    checks: tuple[str, ...]
    """The kinds of check that are its sheets; their subject's level is what is drawn."""
    draw: str = ""
    strata: Strata = "township_class"
    """Of what the draw takes its n each."""
    shown_hour: int = 18
    """The hour of the day from which the inspected village sees its sheet."""
    object_days: int = 3
    """Days after the inspection's day in which it may object to the sheet."""
