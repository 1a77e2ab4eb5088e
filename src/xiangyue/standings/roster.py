"""The roll of a closing packed into bytes and back: what `verify` needs beside the checks."""

from __future__ import annotations

import json
import zlib
from itertools import groupby

from xiangyue.rules.ground import Subject
from xiangyue.rules.result import Adjustment
from xiangyue.standings.facts import Roll

FORMAT = 1


def pack(roll: Roll) -> bytes:
    """The roll in few bytes; the same roll gives the same bytes."""
    held = sorted(roll.subjects, key=lambda s: (s[1], s[2], s[3], s[0]))
    groups = []
    for (level, category, chain), rows in groupby(held, key=lambda s: s[1:4]):
        codes, states = [], {}
        for row in rows:
            codes.append(row[0])
            if row[4] != "due":
                states[row[0]] = row[4]
        groups.append([level, category, chain, codes, states])
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
    )


def adjustments_in(data: bytes, composite: str, code: str) -> list[Adjustment]:
    """One subject's adjustments in a packed roll, without unpacking the rest into rows."""
    rows = json.loads(zlib.decompress(data))["adjustments"].get(composite, {}).get(code, [])
    return [Adjustment(*row) for row in rows]
