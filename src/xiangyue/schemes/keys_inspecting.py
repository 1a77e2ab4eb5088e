"""The keys of ways of inspecting; `keys` holds them with the others."""

from __future__ import annotations

from typing import Any

from xiangyue.rules import settings as s

from .key import CODE, NAME, Key, number

INSPECTION_TITLES: dict[type[Any], str] = {s.InspectionKind: "督查方式"}

INSPECTION_CHOICES: dict[str, str] = {
    "open": "明察", "secret": "暗访", "unannounced": "四不两直", "exchange": "互查", "round": "巡回督导", "duty": "履职督查",
    "township_class": "按乡镇和类型分组", "by_township": "按乡镇分组", "by_class": "按类型分组", "whole": "不分组",
}  # fmt: skip

INSPECTION_KEYS: dict[type[Any], dict[str, Key]] = {
    s.InspectionKind: {
        "code": CODE,
        "name": NAME,
        "manner": Key("方式", "open, secret, unannounced, exchange, round, or duty (of those who bear duty)."),
        "checks": Key(
            "检查类型", "Codes of the kinds of check that are its sheets, of one level; made by its turns alone."
        ),
        "draw": Key("抽签计划", "Code of the draw; empty: all subjects of the townships named, known ahead."),
        "strata": Key("分组", "The groups of which the draw takes its number each."),
        "shown_hour": number("公开时刻", "The hour from which the inspected village sees its sheet.", 12, 23),
        "object_days": number(
            "异议天数", "Days after the inspection in which the village may object to its sheet.", 1, 30
        ),
    },
}
