"""Progress towards a goal: what there is, set against the target, as a share and in words."""

from __future__ import annotations

from dataclasses import dataclass

from .numbers import FULL, half_up, pointed, show


@dataclass(frozen=True, slots=True)
class Progress:
    """What there is now, the target (None: none set) and the share in hundredths of a per cent; None: no figure."""

    now: int | None
    target: int | None
    share: int | None
    is_reached: bool
    why: str


def progress(now: int | None, target: int | None, *, decimals: int = 0, unit: str = "") -> Progress:
    """How far a goal is reached; a target of 0 is reached by whatever there is."""
    if now is None:
        words = "还没有数" if target is None else f"目标 {pointed(target, decimals)}{unit}，还没有数"
        return Progress(None, target, None, False, words)
    if target is None:
        return Progress(now, None, None, False, f"现有 {pointed(now, decimals)}{unit}，没有定目标")
    share = half_up(FULL * now, target) if target > 0 else FULL
    words = f"现有 {pointed(now, decimals)}{unit}，目标 {pointed(target, decimals)}{unit}，完成 {show(share)}%"
    if now < target:
        words += f"，还差 {pointed(target - now, decimals)}{unit}"
    return Progress(now, target, share, now >= target, words)
