"""The draw of an inspection as anyone can do it again: from its facts, what was held against them, secret and number."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from xiangyue.base import sealing
from xiangyue.base.problems import Problem
from xiangyue.checks.inspections import problems
from xiangyue.rules import draw
from xiangyue.rules.draw import Drawable, Lot
from xiangyue.rules.reviewers import Reviewed, Team
from xiangyue.rules.reviewers import plan as deal_out
from xiangyue.rules.settings import DrawPlan

KEYS = {"facts", "facts_digest", "held", "commitment", "secret", "number_name", "number", "turns"}
SHOWN = 20


@dataclass(frozen=True, slots=True)
class Drawn:
    """Every subject's lot, and (subject, team) for those who are gone to; `lonely`: drawn, but no team may go."""

    lots: tuple[Lot, ...]
    turns: tuple[tuple[str, int], ...]
    lonely: tuple[str, ...] = ()


def drawn_from(facts: Mapping[str, Any], held: Mapping[str, Any], seed: str) -> Drawn:
    """What these facts give by a seed: the n smallest keys of each stratum that may be drawn, dealt to the teams."""
    lots = lots_of(facts, held, seed)
    return dealt(draw.drawn(lots), lots, facts, held, seed)


def lots_of(facts: Mapping[str, Any], held: Mapping[str, Any], seed: str) -> tuple[Lot, ...]:
    """Every subject's lot; who is at the month's cap, or may be gone to by nobody, is not in the draw."""
    month, barred, cap = held["month"], held["barred"], facts["month_cap"]
    able, out = [], []
    for code, stratum, weight, _township in facts["subjects"]:
        n = month.get(code, 0)
        if code in barred:
            out.append(Lot(code, stratum, weight, "", 0, 0, False, f"不抽：{barred[code]}"))
        elif 0 < cap <= n:
            words = f"不抽：当月已安排或接受检查 {n} 次，达到减负上限 {cap} 次"
            out.append(Lot(code, stratum, weight, "", 0, 0, False, words))
        else:
            able.append(Drawable(code, stratum, weight, held["seen"].get(code, 0)))
    plan = DrawPlan(facts["code"], "", facts["n"], facts["cap"])
    return (*draw.draw(able, plan, seed), *out)


def dealt(
    targets: Iterable[str], lots: tuple[Lot, ...], facts: Mapping[str, Any], held: Mapping[str, Any], seed: str
) -> Drawn:
    """The targets dealt to the teams as evenly as can be, never to one with nobody free of ties."""
    towns = {code: township for code, _stratum, _weight, township in facts["subjects"]}
    teams = [Team(str(number), township) for number, township in held["teams"]]
    ties = {(str(team), code) for team, code in held["ties"]}
    subjects = [Reviewed(code, towns[code]) for code in targets]
    found = deal_out(teams, subjects, 1, seed=seed, code=facts["code"], barred=ties)
    turns = tuple((turn.subject, int(turn.team)) for turn in found.turns)
    return Drawn(lots, turns, tuple(row.subject for row in found.findings))


def digest(turns: Iterable[tuple[str, int]]) -> str:
    """SHA-256 over the turns, a line each: subject, tab, team."""
    lines = sorted(f"{subject}\t{team}\n" for subject, team in turns)
    return sha256("".join(lines).encode()).hexdigest()


def digest_of(facts: Mapping[str, Any]) -> str:
    """SHA-256 of the facts as JSON with sorted keys: shown when the inspection is arranged."""
    return sha256(json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def read_told(text: str) -> dict[str, Any]:
    """A draw's file read back; Problem where it is something else."""
    return sealing.read_told(text, KEYS, problems.FILE_UNREADABLE)


def differences(told: Mapping[str, Any]) -> list[str]:
    """What in a draw's file does not follow from its own facts, secret and number; none when all is well."""
    try:
        return _differences(told)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise Problem(problems.FILE_UNREADABLE, what="内容被改动过，读不出来") from None


def _differences(told: Mapping[str, Any]) -> list[str]:
    found = []
    if not draw.keeps_word(told["secret"], told["commitment"]):
        found.append("公开的密钥与事先公布的摘要不符。")
    if digest_of(told["facts"]) != told["facts_digest"]:
        found.append("抽签名单与安排时公布的摘要不符。")
    seed = draw.seed(told["secret"], told["number"])
    expected = set(drawn_from(told["facts"], told["held"], seed).turns)
    held = {(str(subject), int(team)) for subject, team in told["turns"]}
    found += [f"{subject}（第 {team} 组）按计算应抽中而没有。" for subject, team in sorted(expected - held)[:SHOWN]]
    found += [f"{subject}（第 {team} 组）按计算不该抽中。" for subject, team in sorted(held - expected)[:SHOWN]]
    return found
