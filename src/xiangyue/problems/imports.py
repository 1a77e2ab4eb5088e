"""Problems taken in from a workbook: a row is a problem that was found on a day, new or on file already."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import batched

from django.utils.translation import gettext as _

from xiangyue.base.cells import narrow
from xiangyue.base.changes import log_many
from xiangyue.desk.declaration import Named
from xiangyue.desk.importer import ADD, BAD, SAME, Importer, Planned, Row
from xiangyue.places.models import Place
from xiangyue.problems.kinds import KindOn, kinds_over
from xiangyue.problems.models import Problem, Source
from xiangyue.problems.storing import NewProblem, open_problems
from xiangyue.rules.days import LOCAL, belongs

CHUNK = 500
NOON = time(12)


@dataclass(frozen=True, slots=True)
class Paper:
    """A row that may be stored."""

    place: Place
    on: KindOn
    day: date
    source: str
    text: str


class ProblemImporter(Importer):
    """A row is a problem of a kind at a place on a day: new, or on file already."""

    def load(self) -> None:
        """Nothing beforehand: places and problems are read for some hundreds of rows at once."""
        self.kinds: dict[tuple[int | None, int | None, str], list[KindOn]] = {}

    def plan(self, rows: Iterable[Row]) -> Iterator[Planned]:
        """What would become of each row."""
        for some in batched(rows, CHUNK):
            named = [row.values.get("place") for row in some if not row.errors]
            places = {
                p.code: p for p in Place.objects.filter(code__in=[one.code for one in named if isinstance(one, Named)])
            }
            held = self._on_file(places)
            for row in some:
                yield self.bad(row) if row.errors else self._plan(row, places, held)

    def _on_file(self, places: dict[str, Place]) -> set[tuple[date, str, int]]:
        rows = Problem.objects.filter(place__in=[place.pk for place in places.values()])
        return set(rows.values_list("reported_on", "kind", "place_id"))

    def _plan(self, row: Row, places: dict[str, Place], held: set[tuple[date, str, int]]) -> Planned:
        errors = self.missing(row)
        if errors:
            return Planned(BAD, row.number, errors=errors)
        named, day = row.values["place"], row.values["day"]
        if not self.context.may_write(named.path):
            return Planned(BAD, row.number, errors=[self.foreign(named.name)])
        if belongs(day, self.context.today, 31) == "early":
            return Planned(BAD, row.number, errors=[_("日期 %s 还没到。请核对“发现日期”。") % day.isoformat()])
        place = places[named.code]
        on, words = self._kind(place, str(row.values["kind"]))
        label = f"{day} {place.name}"
        if on is None:
            # what is on file stays on file, also after the scheme has dropped its kind
            known = {kind for when, kind, at in held if (when, at) == (day, place.pk)}
            if self._dropped(place, str(row.values["kind"]), known):
                return Planned(SAME, row.number, (day, str(row.values["kind"]), place.pk), label=label)
            return Planned(BAD, row.number, errors=[words])
        key = (day, on.kind.code, place.pk)
        if key in held:
            return Planned(SAME, row.number, key, label=f"{label} {on.kind.name}")
        source = str(row.values.get("source") or Source.OFFICE)
        paper = Paper(place, on, day, source, str(row.values.get("text") or ""))
        return Planned(ADD, row.number, key, paper, f"{label} {on.kind.name}")

    def _kind(self, place: Place, typed: str) -> tuple[KindOn | None, str]:
        """The kind that the cell names by code or name; words when there is none."""
        key = (place.ground_id, place.township_id, place.level)
        known = self.kinds.get(key)
        if known is None:
            known = self.kinds[key] = kinds_over(place, self.context.today)
        wanted = narrow(typed)
        found = next((one for one in known if wanted in (one.kind.code, narrow(one.kind.name))), None)
        listed = "、".join(one.kind.name for one in known) or _("（没有）")
        words = _("“%(typed)s”不是能记在“%(place)s”的问题。请填其中之一：%(listed)s。")
        return found, words % {"typed": typed, "place": place.name, "listed": listed}

    def _dropped(self, place: Place, typed: str, known: set[str]) -> bool:
        rows = Problem.objects.filter(place=place, kind__in=known)
        return any(narrow(name) == narrow(typed) for name in rows.values_list("kind_name", flat=True).distinct())

    def apply(self, planned: Sequence[Planned], *, actor_id: int | None) -> None:
        """A problem for each new row, with its report and its change line."""
        person = self.context.scope.person_id
        adds = [plan for plan in planned if plan.outcome == ADD]
        rows = [
            NewProblem(
                plan.record.place, plan.record.on, plan.record.day, datetime.combine(plan.record.day, NOON, LOCAL),
                plan.record.source, actor_id, person, plan.record.text,
            )
            for plan in adds
        ]  # fmt: skip
        for plan, pk in zip(adds, open_problems(rows), strict=True):
            plan.pk = pk
        log_many(
            (
                (
                    "problem.added", "problems.problem", str(plan.pk), plan.record.place.path, None,
                    {"import": self.context.run, "row": plan.number},
                )
                for plan in adds
            ),
            actor_id,
        )  # fmt: skip
