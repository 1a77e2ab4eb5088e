"""What a room says about one of its tables so that the desk can list, show, edit, import and export it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.db.models import Model, Q, QuerySet

from xiangyue.base.roles import STAFF, Role
from xiangyue.base.scope import Scope, policy_of, visible_to

if TYPE_CHECKING:
    from django.utils.functional import Promise

    from xiangyue.desk.importer import Importer

type Words = str | Promise
type Choices = Sequence[tuple[str, Words]]


class Kind(StrEnum):
    """What stands in a cell; each kind has its converter in `base.cells` and its control on the form."""

    TEXT = "text"
    CODE = "code"
    """Digits and letters kept as text: 12-digit codes, numbers of documents."""
    PHONE = "phone"
    WHOLE = "whole"
    """A whole number ≥ 0."""
    DATE = "date"
    CHOICE = "choice"
    """One of `choices`; a cell may hold the label or the value."""
    YES = "yes"
    """是 or 否."""
    REF = "ref"
    """The code or the unambiguous name of a row of another table (`ref`)."""


@dataclass(frozen=True, slots=True)
class Named:
    """A row that a cell referred to."""

    id: Any
    code: str
    name: str
    path: str


@dataclass(frozen=True, slots=True)
class Ref:
    """The table that a column refers to; all its rows are loaded once an import."""

    model: type[Model]
    what: Words
    """The glossary's word for such a row, for messages: 村, 单位, 人员."""
    where: Q = field(default_factory=Q)
    code: str = "code"
    name: str = "name"
    path: str = ""
    """Look-up of the row's path; the model's policy says it where it is empty."""
    hint: str = ""
    """A look-up whose text stands beside the code where a name repeats, such as the township's name."""
    others: Callable[[Scope], QuerySet[Any]] | None = None
    """Rows to choose from on the form; without it the code is typed."""

    @property
    def path_lookup(self) -> str:
        """Where the path of a row stands."""
        return self.path or policy_of(self.model).path


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the workbook and a field of the form: both go through the same checks.

    A blank cell leaves alone what is on file, 清空 empties it; a column that the sheet does not have is left alone.
    """

    name: str
    """Key of the value handed to the importer; for the plain importer the model field's name too."""
    heading: Words
    kind: Kind = Kind.TEXT
    required: bool = False
    """Must be filled in every row that adds something."""
    key: bool = False
    """Together the key columns say which row is meant."""
    note: Words = ""
    example: str = ""
    choices: Choices = ()
    ref: Ref | None = None
    source: str = ""
    """Look-up (or annotation of `Desk.rows`) for what is on file; `name` where empty; "-" when nothing is exported."""
    aliases: tuple[str, ...] = ()
    """Other headings under which the column is known."""
    mask: str = ""
    """"name" or "phone": personal data, in clear only for `Desk.clear` over the row's ground."""
    longest: int = 0
    least: int = 0
    most: int = 1_000_000
    fill: bool | None = None
    """Whether a value in merged cells holds for all rows they cover; by default for choices, dates, references."""
    shown_only: bool = False
    """Exported for the reader, not taken in again and not on the form."""
    told: bool = True
    """Whether a row's own page shows it; not where a block there says the same in words."""
    form: bool = True
    once: bool = False
    """Given when the row is made, not changed afterwards."""
    offer: Callable[[Scope], Sequence[str]] | None = None
    """What a text field's form offers to choose from; with nothing to offer it is typed."""

    @property
    def lookup(self) -> str:
        """Where the value on file stands."""
        return self.source or self.name

    @property
    def exported(self) -> bool:
        """Whether there is something on file to export."""
        return self.lookup != "-"

    @property
    def fills_down(self) -> bool:
        """Whether merged cells are read as the same value in each row."""
        if self.fill is not None:
            return self.fill
        return self.kind in (Kind.CHOICE, Kind.DATE, Kind.REF) and not self.key


@dataclass(frozen=True, slots=True)
class Shown:
    """A column of the list."""

    lookup: str
    """A field look-up such as `place__code`, or an annotation of `Desk.rows`."""
    heading: Words
    choices: Choices = ()
    mask: str = ""
    sort: str = ""
    """Look-ups to sort by, comma between; the look-up itself where empty, "-" for none."""
    kind: str = "text"
    """text, code, number, score (hundredths), date, instant, yes or state (a badge by key)."""
    first: bool = True
    """Whether the column shows without being asked for; others are turned on under 列."""
    show: Callable[[Any], Any] | None = None
    """Turns a value into what is shown."""


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter above the list: a choice, a yes or no, or days from–to."""

    name: str
    label: Words
    lookup: str = ""
    kind: str = "choice"
    """choice, yes, days, below (the values are paths), or live (by from_on and to_on; only the live rows at first)."""
    choices: Choices | Callable[[Scope], Choices] = ()
    apply: Callable[[QuerySet[Any], str], QuerySet[Any]] | None = None
    """Instead of the look-up."""


@dataclass(frozen=True, slots=True)
class BulkAction:
    """Something done to chosen rows, or to all that the filters leave: `function(scope, rows)` gives how many.

    `rows` holds only what the actor may write; the function does it set-based, in one write, and logs itself.
    """

    name: str
    label: Words
    function: Callable[[Scope, QuerySet[Any]], int]
    roles: frozenset[Any] = STAFF
    confirm: Words = ""
    """Asked once before it is done; empty: done at once."""
    tone: str = ""
    """"danger" for what can't be undone."""
    icon: str = "checkbox"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of words for a block of a detail page."""

    headings: tuple[Words, ...]
    rows: Sequence[Sequence[Any]]
    urls: Sequence[str] = ()
    empty: Words = ""
    more: str = ""
    """Address of the whole list."""


@dataclass(frozen=True, slots=True)
class Related:
    """A block of a detail page: another desk's rows whose `lookup` is this row, or what `function` gives."""

    title: Words
    desk: str = ""
    lookup: str = ""
    function: Callable[[Scope, Any], Table] | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A button at the head of a list or detail page, to a page of the room's own."""

    label: Words
    url_name: str
    icon: str = "chevron-right"
    roles: frozenset[Any] = STAFF
    with_key: bool = False
    """Whether the address takes the row's key."""


@dataclass(frozen=True, slots=True)
class Desk:
    """One table as staff work on it, everybody on their own ground."""

    name: str
    """In addresses and messages' keys; a glossary term."""
    model: type[Model]
    title: Words
    listed: tuple[Shown, ...]
    label: str
    """Look-up of what a row is called on its own page."""
    rows: Callable[[], QuerySet[Any]] | None = None
    """The base of everything: joins and annotations; not scoped, the desk does that."""
    search: tuple[str, ...] = ()
    """Look-ups searched for the text anywhere."""
    codes: tuple[str, ...] = ()
    """Look-ups searched for codes that begin with the text."""
    filters: tuple[Filter, ...] = ()
    sort: tuple[str, ...] = ("pk",)
    columns: tuple[Column, ...] = ()
    """The columns of workbook and form; none: the desk is read-only and exports what is listed."""
    ground: str = ""
    """The reference column whose place gives a new row's ground (plain importer)."""
    defaults: Callable[[Any], dict[str, Any]] | None = None
    """Further field values of a new row, from the import's context (plain importer)."""
    importer: type[Importer] | None = None
    """Checks and writes rows; the plain one maps columns to the model's fields."""
    clear: frozenset[Any] = STAFF | {Role.AUDITOR}
    """Roles that see names in clear over their ground; others see them masked."""
    phones: frozenset[Any] = STAFF
    """Roles that may look at phone numbers over their ground, and export them."""
    logged: str = ""
    """The table under which the change log keeps these rows; the model's own where empty."""
    create: bool = True
    edit: bool = True
    imports: bool = True
    exports: bool = True
    bulk: tuple[BulkAction, ...] = ()
    related: tuple[Related, ...] = ()
    links: tuple[Link, ...] = ()
    head: str = ""
    """Template shown at the head of the detail page, handed `row`, `desk` and `scope`."""
    lead: Words = ""
    empty: Words = ""
    """What will be here and how to begin."""
    unit: Words = "条"
    icon: str = "list-details"
    cap: int = 100_000
    """Rows are counted and paged up to here; more are told as "over"."""

    def base(self) -> QuerySet[Any]:
        """All rows with the desk's joins and annotations, whoever asks."""
        return self.rows() if self.rows else self.model._default_manager.all()

    def seen(self, scope: Scope) -> QuerySet[Any]:
        """The rows that the actor sees."""
        return visible_to(self.base(), scope)

    @property
    def table(self) -> str:
        """The table under which the change log keeps these rows."""
        return self.logged or self.model._meta.label_lower

    @property
    def taken(self) -> tuple[Column, ...]:
        """The columns that an import takes in."""
        return tuple(column for column in self.columns if not column.shown_only)

    def may_see(self, scope: Scope) -> bool:
        """Whether the actor has the desk at all."""
        policy = policy_of(self.model)
        return scope.holds(policy.see) or bool(policy.own and scope.person_id)

    def may_add(self, scope: Scope) -> bool:
        """Whether the actor may add rows somewhere."""
        return bool(self.columns) and self.create and scope.holds(policy_of(self.model).adders())

    def may_write(self, scope: Scope) -> bool:
        """Whether the actor may change rows somewhere."""
        return scope.holds(policy_of(self.model).write)

    def may_import(self, scope: Scope) -> bool:
        """Whether the actor may take rows in from a workbook."""
        return bool(self.columns) and self.imports and scope.holds(policy_of(self.model).adders())
