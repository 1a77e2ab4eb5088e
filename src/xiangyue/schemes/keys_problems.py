"""The keys of problems; `keys` holds them with the others."""

from __future__ import annotations

from typing import Any

from xiangyue.rules import settings as s

from .key import CODE, NAME, Key, number

PROBLEM_TITLES: dict[type[Any], str] = {s.ProblemKind: "问题种类", s.Escalation: "上报"}

PROBLEM_CHOICES: dict[str, str] = {"supervisor": "督导组", "verified": "核实即销号", "office": "上级销号"}

PROBLEM_KEYS: dict[type[Any], dict[str, Key]] = {
    s.ProblemKind: {
        "code": CODE,
        "name": NAME,
        "days": number("办理期限（天）", "Days from the report to the deadline.", 1, 366),
        "levels": Key("所在层级", "Levels of the places that it may be at; empty: all."),
        "verifiers": Key("谁来核实", "Who may say that it is mended; never whoever mended it."),
        "closes": Key(
            "销号", "`verified`: closed with the verification; `office`: by a further word of the office above."
        ),
        "escalations": Key("逾期上报", "Who has it in hand so many days past the deadline, step by step up the tree."),
        "look_weeks": number("回头看（周）", "Weeks after close-out in which a second look falls due; 0: none.", 0, 52),
        "look_share": number(
            "回头看比例", "Per cent of a month's closed ones that are drawn in each township.", 0, 100
        ),
        "check_kinds": Key("检查类型", "Kinds of check whose faults open a problem of this kind; empty: none does."),
        "faults": Key("对应的扣分", "The faults that do: `item`, or `item.step`."),
        "wishes": Key("承接诉求", "Whether wishes that need someone else become problems of this kind."),
        "pictogram": Key("图标", "Name of a Tabler icon."),
    },
    s.Escalation: {
        "after": number("逾期天数", "Days past the deadline.", 0, 366),
        "to": Key("报到", "The office that has it in hand then."),
    },
}
