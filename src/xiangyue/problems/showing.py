"""How problems are shown: badges, where, who has it in hand, what was done, and which steps are open to whoever looks."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from xiangyue.base.pages import Request, address
from xiangyue.base.problems import Problem as Wrong
from xiangyue.captures.photo_models import Photo
from xiangyue.people.models import Organisation, Person
from xiangyue.places.models import Place
from xiangyue.problems.access import Actor
from xiangyue.problems.actions.stepping import may_take, verifiers_named
from xiangyue.problems.models import IN_HAND, Problem, State, Step, Tier
from xiangyue.problems.replaying import doubts, key_in
from xiangyue.rules.problems import late_days
from xiangyue.rules.settings import ProblemKind

BADGES: dict[str, str] = {
    State.OPEN: "due", State.WORKING: "running", State.MENDED: "waiting", State.VERIFIED: "waiting",
    State.CLOSED: "done", State.MERGED: "superseded", State.DISMISSED: "void",
}  # fmt: skip
ASKS: tuple[tuple[str, Any, str], ...] = (
    ("claimed", lazy("我来办"), "hand-stop"),
    ("mended", lazy("已整改好"), "circle-check"),
    ("verified", lazy("核实：整改好了"), "shield-check"),
    ("rejected", lazy("核实：还没好"), "arrow-back-up"),
    ("closed", lazy("销号"), "checkbox"),
    ("fine", lazy("回头看：没有反弹"), "eye"),
    ("relapsed", lazy("回头看：反弹了"), "refresh"),
    ("planned", lazy("定“一地一策”"), "notebook"),
    ("assigned", lazy("指派"), "user-plus"),
    ("escalated", lazy("办不了，上报"), "arrow-up"),
    ("transferred", lazy("转办"), "arrows-left-right"),
    ("dismissed", lazy("不属实"), "ban"),
    ("merged", lazy("与另一条合并"), "copy"),
    ("unmerged", lazy("取消合并"), "copy"),
    ("reopened", lazy("重开"), "refresh"),
    ("note", lazy("写备注"), "notes"),
)
"""What may be asked for, in the order in which it is offered; the first is the next step."""
DONE_WORDS = (lazy("已清理干净"), lazy("已清运走"), lazy("已归垛码齐"), lazy("已拆除"), lazy("已修好"), lazy("已疏通"))
NEXT = ("claimed", "mended", "verified", "closed", "fine")
"""Steps that lead onward, the first of them is the next one."""
BESIDE = ("rejected", "relapsed", "escalated")
"""Steps that stand beside those; all others are folded away."""


@dataclass(frozen=True, slots=True)
class Row:
    """A problem in a list."""

    pk: int
    title: str
    where: str
    bearer: str
    state: str
    badge: str
    words: str
    url: str
    icon: str
    late: int
    note: str


@dataclass(frozen=True, slots=True)
class Ask:
    """A step that is open to the actor."""

    kind: str
    label: str
    icon: str
    onward: bool
    """Whether it leads onward; the others stand folded."""
    first: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A step on the timeline."""

    n: int
    kind: str
    label: str
    day: date
    who: str
    text: str
    about: str
    doubtful: bool
    photos: tuple[tuple[str, int], ...]


def at(name: str, *args: Any, **query: Any) -> str:
    """An address of this room, with a query."""
    return address(f"problems:{name}", *args, **query)


def where(place: Place) -> str:
    """柳树村 一组 3号, as far as the place lies below a village."""
    names = [place.village.name] if place.village and place.village_id != place.pk else []
    if place.parent and place.parent_id not in (place.village_id, place.township_id, place.ground_id):
        names.append(place.parent.name)
    if not place.village and place.township and place.township_id != place.pk:
        names.append(place.township.name)
    return " ".join([*names, place.name])


def row_of(row: Problem, today: date, pictogram: str = "") -> Row:
    """A problem as a list shows it."""
    late = late_days(row.state, row.deadline, today)
    bearer = row.person.name if row.person else row.organisation.name if row.organisation else ""
    badge, words = ("late", _("逾期 %s 天") % late) if late else (BADGES[row.state], row.get_state_display())
    note = _("%(m)s月%(d)s日前") % {"m": row.deadline.month, "d": row.deadline.day} if row.state in IN_HAND else ""
    if row.look == "due":
        note = _("%(m)s月%(d)s日前后去看") % {"m": row.look_on.month, "d": row.look_on.day} if row.look_on else ""
        badge, words = "due", _("待回头看")
    return Row(
        row.pk, row.kind_name, where(row.place), bearer, row.state, badge, words, at("problem", row.pk), pictogram, late,
        note,
    )  # fmt: skip


def asks_of(actor: Actor, row: Problem, kind: ProblemKind, today: date) -> list[Ask]:
    """The steps open to the actor now, the next one first."""
    found = [code for code, _label, _icon in ASKS if may_take(actor, row, kind, code, today)]
    if row.tier == Tier.COUNTY and "escalated" in found:
        found.remove("escalated")
    told = {code: (str(label), icon) for code, label, icon in ASKS}
    first = next((code for code in found if code in NEXT), "")
    return [Ask(code, *told[code], code in NEXT or code in BESIDE, code == first) for code in found]


def timeline(steps: Collection[Step]) -> list[Line]:
    """The steps, newest first, with who took them, to whom and what they said."""
    names = _names(steps)
    open_doubts = {step.n for step in doubts(list(steps))}
    undone = {step.of for step in steps if step.kind == "undone"}
    photos = _photos(steps)
    labels = {step.n: step.get_kind_display() for step in steps}
    lines = []
    for step in sorted(steps, key=lambda one: -one.n):
        text = step.words.text if hasattr(step, "words") else ""
        label = step.get_kind_display() + (_("（已撤回）") if step.n in undone else "")
        who = names.get(step.who) or (_("系统") if not step.who else "")
        uuid = step.capture.uuid if step.capture else None
        lines.append(
            Line(
                step.n, step.kind, label, step.day, who, text, _about(step, names, labels), step.n in open_doubts,
                photos.get(uuid, ()),
            )
        )  # fmt: skip
    return lines


def _about(step: Step, names: dict[str, str], labels: dict[int, str]) -> str:
    """To whom, up to where, or about which step."""
    if step.kind in ("undone", "accepted", "declined"):
        return labels.get(step.of, "")
    if step.kind == "merged":
        return _("并入 #%s") % step.of
    if step.kind in ("transferred", "escalated"):
        return str(dict(Tier.choices).get(step.to, step.to))
    if step.kind in ("assigned", "planned") and step.to:
        until = _("，%s前完成") % step.until if step.until else ""
        return names.get(step.to, "") + until
    if step.told_by == "household":
        return _("农户认可，村里代记")
    return ""


def _names(steps: Iterable[Step]) -> dict[str, str]:
    """Names of the persons and organisations that steps speak of, by key."""
    keys = {step.to for step in steps} | {step.who for step in steps}
    people = Person.objects.filter(pk__in=[pk for key in keys if (pk := key_in(key, "p"))])
    units = Organisation.objects.filter(pk__in=[pk for key in keys if (pk := key_in(key, "o"))])
    found = {f"p{pk}": name for pk, name in people.values_list("pk", "name")}
    return found | {f"o{pk}": name for pk, name in units.values_list("pk", "name")}


def _photos(steps: Iterable[Step]) -> dict[Any, tuple[tuple[str, int], ...]]:
    """(Envelope, number) of the whole photos of each step's envelope."""
    uuids = [step.capture.uuid for step in steps if step.capture]
    found: dict[Any, tuple[tuple[str, int], ...]] = {}
    rows = Photo.objects.filter(of__in=uuids, state=Photo.State.WHOLE).order_by("n") if uuids else ()
    for photo in rows:
        found[photo.of] = (*found.get(photo.of, ()), (str(photo.of), photo.n))
    return found


def facts_of(row: Problem, kind: ProblemKind) -> list[tuple[str, str]]:
    """What stands beside the timeline: where, since when, by when, who has it, who verifies."""
    bearer = row.person.name if row.person else row.organisation.name if row.organisation else _("还没有人认领")
    found = [
        (_("地点"), where(row.place)),
        (_("来源"), row.get_source_display() + (_("，先后发现 %s 次") % row.n_found if row.n_found > 1 else "")),
        (_("发现"), str(row.reported_on)),
        (_("期限"), str(row.deadline)),
        (_("整改人"), bearer),
        (_("经办"), row.get_tier_display()),
        (_("谁核实"), verifiers_named(kind, row.place.level) + _("（不能是整改人自己）")),
    ]
    if row.planned:
        until = _("，承诺 %s 前") % row.plan_until if row.plan_until else ""
        found.append((_("一人一地一策"), _("已定") + until))
    if row.closed_on:
        found.append((_("销号"), str(row.closed_on)))
    if row.look_on:
        found.append((_("回头看"), _("%s 前后去看") % row.look_on))
    if row.n_reopened:
        found.append((_("重开"), _("%(n)s 次，其中反弹 %(r)s 次") % {"n": row.n_reopened, "r": row.n_relapsed}))
    return found


def done(request: Request, act: Callable[[], tuple[str, str]], back: str) -> HttpResponseRedirect:
    """Does something and goes to where it says, with what was done; where it can't be done, back with why not."""
    try:
        words, to = act()
    except Wrong as problem:
        messages.error(request, f"{problem.words}{problem.mend}")
        return redirect(back)
    messages.success(request, words)
    return redirect(to)
