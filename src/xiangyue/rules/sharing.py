"""Targets shared among bearers where nearness does not count: each target enough bearers, each bearer something."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .findings import Finding


@dataclass(frozen=True, slots=True)
class Shared:
    """One target with one of its bearers; `kept` when it was so before."""

    target: str
    bearer: str
    kept: bool


def share(
    targets: Sequence[str],
    bearers: Iterable[str],
    live: Iterable[tuple[str, str]] = (),
    *,
    least: int = 1,
    limit: int = 0,
    most: int = 0,
) -> tuple[tuple[Shared, ...], tuple[Finding, ...]]:
    """Pairs of target and bearer, by target and bearer; loads within one of each other as far as that can be.

    Every target gets `least` bearers (or all there are), in the order given; who has none then joins a target with the
    fewest. `live` (target, bearer) stays as far as the balance allows; `limit` is the most a bearer may have, `most` the
    most bearers of a target (0: none).
    """
    deal = _Deal(targets, sorted(set(bearers)), limit)
    before = {pair for pair in live if pair[0] in deal.borne and pair[1] in deal.loads}
    for target, bearer in sorted(before):
        if not 0 < limit <= deal.loads[bearer] and not 0 < most <= len(deal.borne[target]):
            deal.give(target, bearer)
    deal.fill(max(1, least))
    deal.level()
    deal.occupy(most)
    pairs = sorted((target, bearer) for target, those in deal.borne.items() for bearer in those)
    short = [target for target in targets if len(deal.borne[target]) < min(max(1, least), max(1, len(deal.loads)))]
    words = "包保人不够：应有 {n} 人，只分到 {m} 人。请增加人员或放宽每人上限。"
    findings = tuple(
        Finding("too-few-bearers", target, words.format(n=max(1, least), m=len(deal.borne[target]))) for target in short
    )
    return tuple(Shared(target, bearer, (target, bearer) in before) for target, bearer in pairs), findings


class _Deal:
    """Who bears what while it is dealt out."""

    def __init__(self, targets: Sequence[str], bearers: Sequence[str], limit: int) -> None:
        self.place = {target: n for n, target in enumerate(targets)}
        self.borne: dict[str, set[str]] = {target: set() for target in targets}
        self.loads = dict.fromkeys(bearers, 0)
        self.limit = limit

    def give(self, target: str, bearer: str) -> None:
        """Let the bearer answer for the target."""
        if bearer not in self.borne[target]:
            self.borne[target].add(bearer)
            self.loads[bearer] += 1

    def take(self, target: str, bearer: str) -> None:
        """Let the bearer no longer answer for it."""
        self.borne[target].discard(bearer)
        self.loads[bearer] -= 1

    def free(self, target: str) -> list[str]:
        """Who could join a target, the least loaded first."""
        can = [b for b, n in self.loads.items() if b not in self.borne[target] and not 0 < self.limit <= n]
        return sorted(can, key=lambda bearer: (self.loads[bearer], bearer))

    def fill(self, least: int) -> None:
        """Give each target its least number, one round after the other, in the order given."""
        for wanted in range(1, least + 1):
            for target in self.place:
                if len(self.borne[target]) < wanted and (can := self.free(target)):
                    self.give(target, can[0])

    def level(self) -> None:
        """Move targets from the most to the least loaded while that brings them closer."""
        while self.loads and (step := self._step()):
            target, giver, taker = step
            self.take(target, giver)
            self.give(target, taker)

    def _step(self) -> tuple[str, str, str] | None:
        low = sorted(self.loads, key=lambda bearer: (self.loads[bearer], bearer))
        for giver in reversed(low):
            own = sorted((t for t, those in self.borne.items() if giver in those), key=lambda t: -self.place[t])
            for taker in low:
                if self.loads[giver] - self.loads[taker] < 2:
                    break
                for target in own:
                    if taker not in self.borne[target]:
                        return target, giver, taker
        return None

    def occupy(self, most: int) -> None:
        """Let everybody without a target join the one with the fewest bearers."""
        for bearer in sorted(bearer for bearer, n in self.loads.items() if not n):
            room = [target for target in self.place if not 0 < most <= len(self.borne[target])]
            if room:
                self.give(min(room, key=lambda target: (len(self.borne[target]), self.place[target])), bearer)
