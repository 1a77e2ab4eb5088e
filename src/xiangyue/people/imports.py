"""Persons from a sheet: each with the post that stands beside the name, added where it is not held already."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from xiangyue.base.bulk import insert_rows, stored
from xiangyue.base.changes import log_many
from xiangyue.desk.declaration import Named
from xiangyue.desk.importer import ADD, CHANGE, SAME, Planned, Row
from xiangyue.desk.plain import PlainImporter, on_file
from xiangyue.people.models import Post


class PersonImporter(PlainImporter):
    """The plain importer, and a post at the person's place from the person's first day (or today)."""

    def load(self) -> None:
        """What is on file, with the posts that are held."""
        super().load()
        rows = Post.objects.filter(to_on=None).values_list("person__code", "kind")
        if self.context.only is not None:
            rows = rows.filter(person__code=on_file(self.context.only.values.get("code")))
        self.held = set(rows)
        self.places = {} if "post" not in self.context.columns else self._places()
        self.posts: dict[Any, str] = {}

    def _places(self) -> dict[str, int]:
        rows = self.desk.model._default_manager.all()
        if self.context.only is not None:
            rows = rows.filter(code=on_file(self.context.only.values.get("code")))
        return dict(rows.values_list("code", "place_id"))

    def plan_row(self, row: Row) -> Planned:
        """As plainly planned; a post that is not held yet makes it a change."""
        kind = row.values.pop("post", None)
        plan = super().plan_row(row)
        code = on_file(row.values.get("code"))
        if not kind or plan.outcome not in (ADD, CHANGE, SAME) or (code, kind) in self.held:
            return plan
        self.posts[plan.key] = kind
        if plan.outcome == SAME:
            plan.outcome = CHANGE
        if plan.outcome == CHANGE:
            plan.before = {**(plan.before or {}), "post": ""}
            plan.after = {**(plan.after or {}), "post": str(Post.Kind(kind).label)}
        return plan

    def apply(self, planned: Sequence[Planned], *, actor_id: int | None) -> None:
        """The persons, then their posts."""
        super().apply([plan for plan in planned if plan.outcome == ADD or plan.record[2]], actor_id=actor_id)
        given = [plan for plan in planned if plan.outcome in (ADD, CHANGE) and plan.key in self.posts]
        rows = [self._post(plan) for plan in given]
        insert_rows(Post, ["person", "kind", "place", "from_on"], rows)
        table = self.desk.table
        log_many(
            (
                ("post.added", table, str(row[0]), plan.record[1], None, {"kind": row[1]})
                for row, plan in zip(rows, given, strict=True)
            ),
            actor_id,
        )

    def _post(self, plan: Planned) -> tuple[Any, ...]:
        key = plan.pk if plan.outcome == ADD else plan.record[0]
        values = plan.record[2]
        place, day = values.get("place"), values.get("from_on")
        code = plan.key[0] if isinstance(plan.key, tuple) else ""
        begun = day if plan.outcome == ADD and day else self.context.today
        return key, self.posts[plan.key], place.id if isinstance(place, Named) else self.places[code], stored(begun)
