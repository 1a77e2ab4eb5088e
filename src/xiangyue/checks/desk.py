"""The desk of checks: listed and exported as they stand, taken in from a workbook, never edited."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, CharField, OuterRef, QuerySet, StringAgg, Subquery, TextField, Value, When
from django.db.models.functions import Cast, Coalesce, Concat
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from xiangyue.agreements.in_force import scheme_of
from xiangyue.base.scope import Scope, policy_of
from xiangyue.checks.imports import CheckImporter
from xiangyue.checks.inspections import desk as inspection_desk  # noqa: F401  # desks of their own
from xiangyue.checks.models import Check, Entry, Kind
from xiangyue.desk.declaration import Choices, Column, Desk, Filter, Link, Ref, Related, Shown, Table
from xiangyue.desk.declaration import Kind as Cell
from xiangyue.desk.registry import register
from xiangyue.places.desk import place_filter
from xiangyue.places.models import Place
from xiangyue.rules.numbers import show
from xiangyue.rules.settings import Standard

SUBJECT = Ref(Place, _("对象"), hint="parent__name")
VOICE_NOTE = _("只有群众评议填：同一天收回几张，各填不同的号（纸质评议表填表号），每张都算；其他检查空着。")
CAP = 2_000
"""Checks are many: a list counts and turns pages this far, and is narrowed by its filters."""


def check_rows() -> QuerySet[Check]:
    """All checks, with their entries written out for an export."""
    return Check.objects.annotate(recorded=Coalesce(Subquery(_written_out()), Value(""), output_field=TextField()))


def _written_out() -> Any:
    """What differs from the clean sheet, as the column 记分 has it."""
    number = Cast("n", CharField(max_length=6))
    one = Case(
        When(applicable=False, then=Concat("item", Value(".不适用"))),
        When(failed=True, then=Concat("item", Value(".不合格"))),
        When(amount__gt=0, then=Concat("item", Value("+"), Cast("amount", CharField(max_length=8)))),
        When(step="", then=Concat("item", Value("="), "grade")),
        default=Concat("item", Value("."), "step", Value("×"), number),
        output_field=TextField(),
    )
    rows = Entry.objects.filter(check_row=OuterRef("pk")).order_by().values("check_row")
    return rows.annotate(all=StringAgg(one, Value(";"))).values("all")


def recorded_in_words(scope: Scope, check: Check) -> Table:
    """What differs from the clean sheet, by the names of the scheme that the check was made by."""
    heads = (_("条目"), _("情形"), _("处数"))
    scheme = scheme_of(check.scheme_version)
    standard = scheme.standard(scheme.check_kind(check.kind.code).standard)
    rows = [in_words(standard, entry) for entry in check.entries.order_by("pk")]
    return Table(heads, rows, empty=_("都没有问题"))


def in_words(standard: Standard, entry: Entry) -> tuple[str, str, int | str]:
    """An entry's item, what was found and how often, as the standard names them."""
    item = next((one for one in standard.items if one.code == entry.item), None)
    if item is None:
        return entry.item, entry.step or entry.grade, entry.n
    name = f"{item.code} {item.name}"
    if not entry.applicable:
        return name, _t("不适用"), ""
    if entry.failed:
        return name, _t("不合格"), ""
    if entry.amount:
        return name, _t("加 %s 分") % show(entry.amount), ""
    names = {step.code: step.name for step in item.steps} | {grade.code: grade.name for grade in item.grades}
    found = entry.step or entry.grade
    return name, names.get(found, found), entry.n if entry.step else ""


def kind_choices(scope: Scope) -> Choices:
    """The kinds of check on the actor's grounds."""
    counties = {path.split("/")[0] for path in scope.paths(policy_of(Check).see)}
    rows = Kind.objects.filter(ground__path__regex=rf"^({'|'.join(sorted(counties)) or '-'})/").order_by("pk")
    return [(str(pk), name) for pk, name in rows.values_list("pk", "name")]


register(
    Desk(
        name="check",
        model=Check,
        title=_("检查"),
        label="kind__name",
        rows=check_rows,
        listed=(
            Shown("day", _("日期"), kind="date", sort="pk"),
            Shown("kind__name", _("检查种类"), sort="-"),
            Shown("subject__name", _("对象"), sort="-"),
            Shown("subject__code", _("对象编码"), kind="code", sort="-"),
            Shown("subject__village__name", _("村（社区）"), sort="-"),
            Shown("inspector__name", _("检查人"), sort="-"),
            Shown("score", _("得分"), kind="score", sort="-"),
            Shown("n_faults", _("扣分项"), kind="number", sort="-"),
            Shown("state", _("状态"), sort="-", show=lambda state: Check.State(state).label),
            Shown("made_at", _("检查时间"), kind="instant", first=False, sort="-"),
        ),
        search=("subject__name",),
        codes=("subject__code", "inspector__code"),
        filters=(
            Filter("kind", _("检查种类"), lookup="kind_id", choices=kind_choices),
            place_filter("subject__path"),
            Filter("day", _("日期"), lookup="day", kind="days"),
            Filter("state", _("状态"), choices=[(str(state.value), state.label) for state in Check.State]),
        ),
        sort=("-pk",),
        columns=(
            Column("day", _("日期"), Cell.DATE, required=True, key=True, example="2026-11-05"),
            Column("kind", _("检查种类"), required=True, key=True, longest=60, example="明察", source="kind__code",
                   note=_("填方案里的名称或代码。")),
            Column("subject", _("对象编码"), Cell.REF, required=True, key=True, ref=SUBJECT, source="subject__code",
                   aliases=("对象",), example="990100100201"),
            Column("inspector", _("检查人编码"), Cell.CODE, required=True, key=True, source="inspector__code",
                   example="X0123", aliases=("检查人",)),
            Column("recorded", _("记分"), told=False, longest=4000, example="D01-1.exposed×2;D01-3.overnight×1",
                   note=_("只填有问题的：条目.情形×处数，几条之间用分号；条目和情形填代码或名称；都没问题就空着。")),
            Column("time", _("时间"), longest=8, source="-", example="15:30",
                   note=_("不填按中午12点；同一天查了两次的，以时间最晚的一次为准。")),
            Column("note", _("备注"), longest=300, source="-"),
            Column("voice", _("份号"), Cell.WHOLE, key=True, example="1", note=VOICE_NOTE),
        ),
        importer=CheckImporter,
        related=(Related(_("记分"), function=recorded_in_words),),
        create=False,
        edit=False,
        links=(
            Link(_("录入一张表"), "checks:entry", "writing"),
            Link(_("待核对"), "checks:held", "hand-stop"),
            Link(_("写成一张表看"), "checks:check", "clipboard-check", with_key=True),
        ),
        cap=CAP,
        empty=_("这里是每一次检查。手机上记的、电脑录的、从表格导入的都在内。"),
        icon="clipboard-check",
    )
)  # fmt: skip
