"""The schemes that a person's duties stand under: those of the duty's ground, or the own one of its township."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from xiangyue.agreements.in_force import schemes_on
from xiangyue.places.models import Place
from xiangyue.rules.settings import Scheme

type Under = tuple[int, str, str]
"""(Ground of the duty, code of its scheme, path of its target)."""


@dataclass(frozen=True, slots=True)
class InForce:
    """Schemes by ground and code, and townships' own ones by the township's code."""

    by_ground: dict[tuple[int, str], Scheme]
    by_township: dict[tuple[str, str], tuple[int, Scheme]]

    def at(self, under: Under) -> tuple[int, Scheme] | None:
        """The ground of the scheme that a duty stands under, and the scheme."""
        ground, code, path = under
        if (found := self.by_ground.get((ground, code))) is not None:
            return ground, found
        return self.by_township.get((_township(path), code))

    @property
    def all(self) -> list[Scheme]:
        """Each of the schemes."""
        return [*self.by_ground.values(), *(scheme for _ground, scheme in self.by_township.values())]


def in_force(duties: Iterable[Under], day: date) -> InForce:
    """The schemes of these duties; a second look only where a township governs itself inside its county."""
    rows = set(duties)
    on_ground = schemes_on(tuple({ground for ground, _code, _path in rows}), day)
    by_ground = {(version.ground_id, version.code): scheme for version, scheme in on_ground}
    left = {_township(path) for ground, code, path in rows if (ground, code) not in by_ground} - {""}
    if not left:
        return InForce(by_ground, {})
    towns = dict(Place.objects.filter(code__in=left).values_list("pk", "code"))
    own = schemes_on(tuple(towns), day)
    return InForce(by_ground, {(towns[version.ground_id], version.code): (version.ground_id, scheme)
                               for version, scheme in own})  # fmt: skip


def _township(path: str) -> str:
    parts = path.split("/")
    return parts[1] if len(parts) > 2 else ""
