"""The roll of a closing packed into bytes and back: what `verify` needs beside the checks."""

from __future__ import annotations

import json
import zlib

from xiangyue.rules.ground import Subject
from xiangyue.rules.result import Adjustment
from xiangyue.standings.facts import Roll

FORMAT = 1


def pack(roll: Roll) -> bytes:
    """The roll in few bytes; the same roll gives the same bytes."""
    held: dict[tuple[str, str, tuple[str, ...]], tuple[list[str], dict[str, str]]] = {}
    for code, level, category, chain, state in roll.subjects:
        group = held.get((level, category, chain))
        if group is None:
            group = held[level, category, chain] = ([], {})
        group[0].append(code)
        if state != "due":
            group[1][code] = state
    groups = [[*key, sorted(codes), states] for key, (codes, states) in sorted(held.items())]
    body = {
        "format": FORMAT,
        "subjects": groups,
        "adjustments": {
            composite: {code: [[a.amount, a.name, a.reason, a.record] for a in rows] for code, rows in by_code.items()}
            for composite, by_code in roll.adjustments.items()
        },
        "pairs": roll.pairs,
        "months": roll.months,
        "households": roll.households,
        "cured": {board: sorted(codes) for board, codes in roll.cured.items()},
        "upheld": {board: sorted(codes) for board, codes in roll.upheld.items()},
        "upheld_red": {board: sorted(codes) for board, codes in roll.upheld_red.items()},
        "indicators": roll.indicators,
    }
    return zlib.compress(json.dumps(body, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode(), 1)


def unpack(data: bytes) -> Roll:
    """The roll that was packed."""
    body = json.loads(zlib.decompress(data))
    subjects = [
        Subject(code, level, category, tuple(chain), states.get(code, "due"))
        for level, category, chain, codes, states in body["subjects"]
        for code in codes
    ]
    return Roll(
        subjects=subjects,
        adjustments={
            composite: {code: [Adjustment(*row) for row in rows] for code, rows in by_code.items()}
            for composite, by_code in body["adjustments"].items()
        },
        pairs={composite: [(red, black) for red, black in rows] for composite, rows in body["pairs"].items()},
        months=body["months"],
        households=body["households"],
        cured={board: set(codes) for board, codes in body["cured"].items()},
        upheld={board: set(codes) for board, codes in body["upheld"].items()},
        upheld_red={board: set(codes) for board, codes in body["upheld_red"].items()},
        # those packed before there were numbers have none
        indicators=body.get("indicators", {}),
    )


def adjustments_in(data: bytes, composite: str, code: str) -> list[Adjustment]:
    """One subject's adjustments in a packed roll, without unpacking the rest into rows."""
    rows = json.loads(zlib.decompress(data))["adjustments"].get(composite, {}).get(code, [])
    return [Adjustment(*row) for row in rows]
