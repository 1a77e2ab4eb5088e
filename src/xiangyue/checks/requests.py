"""What a round, a sheet and an undo ask for: their bodies, read strictly before anything touches the database."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiangyue.base.problems import Problem, problem_kind
from xiangyue.captures.ids import read_id
from xiangyue.rules.sheet import Entry

BODY = problem_kind("check_body", gettext_lazy("检查记录的内容不对：{what}。"), gettext_lazy("请更新页面后重新记录。"))
MOST_ROWS = 1_000
MOST_ENTRIES = 100
LONGEST_NOTE = 300
LONGEST_CODE = 40
MOST_VOICE = 2_000_000_000
ENTRY_KEYS = {"item", "step", "n", "grade", "amount", "applicable", "failed"}


@dataclass(frozen=True, slots=True)
class Row:
    """One subject of a round or sheet."""

    subject: str
    entries: tuple[Entry, ...] = ()
    note: str = ""
    voice: int = 0
    """Which of the opinion sheets that the inspector gathered; 0: the inspector's own."""


@dataclass(frozen=True, slots=True)
class Request:
    """A round or sheet: the check kind, who inspected (empty: the actor), and the subjects seen."""

    check: str
    rows: tuple[Row, ...]
    scheme: str = ""
    inspector: str = ""


@dataclass(frozen=True, slots=True)
class Undo:
    """Takes back the capture of that id."""

    target: UUID


def read_round(body: dict[str, Any]) -> Request:
    """A bearer's "all fine but these": `fine` lists codes, `faults` the others with entries and note."""
    fine, faults = body.get("fine", []), body.get("faults", [])
    if not isinstance(fine, list) or not isinstance(faults, list):
        raise Problem(BODY, what=_("fine 和 faults 应是列表"))
    if not 1 <= len(fine) + len(faults) <= MOST_ROWS:
        raise Problem(BODY, what=_("一次至少记一户、最多记 %d 户") % MOST_ROWS)
    rows = tuple(Row(_code(code, "fine")) for code in fine) + tuple(_row(raw) for raw in faults)
    if len({row.subject for row in rows}) < len(rows):
        raise Problem(BODY, what=_("同一户记了两次"))
    return _request(body, rows)


def read_sheet(body: dict[str, Any]) -> Request:
    """One subject's sheet; of an opinion, which voice it is."""
    voice = body.get("voice", 0)
    if type(voice) is not int or not 0 <= voice <= MOST_VOICE:
        raise Problem(BODY, what=_("份号应是整数"))
    return _request(body, (replace(_row(body), voice=voice),))


def read_undo(body: dict[str, Any]) -> Undo:
    """What is to be taken back."""
    target = read_id(body.get("undoes", ""))
    if target is None:
        raise Problem(BODY, what=_("没有说明撤回哪一条"))
    return Undo(target)


def without_text(body: dict[str, Any]) -> dict[str, Any]:
    """The body as it is kept: notes lie apart, with a term of their own."""
    kept = {key: value for key, value in body.items() if key != "note"}
    if isinstance(kept.get("faults"), list):
        kept["faults"] = [{key: value for key, value in raw.items() if key != "note"} for raw in kept["faults"]]
    return kept


def _request(body: dict[str, Any], rows: tuple[Row, ...]) -> Request:
    inspector = body.get("inspector", "")
    scheme = body.get("scheme", "")
    return Request(
        _code(body.get("check"), "check"),
        rows,
        _code(scheme, "scheme") if scheme else "",
        _code(inspector, "inspector") if inspector else "",
    )


def _row(raw: Any) -> Row:
    if not isinstance(raw, dict):
        raise Problem(BODY, what=_("faults 里每一户应是一个对象"))
    entries, note = raw.get("entries", []), raw.get("note", "")
    if not isinstance(entries, list) or len(entries) > MOST_ENTRIES:
        raise Problem(BODY, what=_("entries 应是不超过 %d 条的列表") % MOST_ENTRIES)
    if not isinstance(note, str) or len(note) > LONGEST_NOTE:
        raise Problem(BODY, what=_("备注最多 %d 个字") % LONGEST_NOTE)
    return Row(_code(raw.get("subject"), "subject"), tuple(_entry(entry) for entry in entries), note.strip())


def _entry(raw: Any) -> Entry:
    if not isinstance(raw, dict) or not raw.keys() <= ENTRY_KEYS:
        raise Problem(BODY, what=_("记分条目只能有这些键：%s") % "、".join(sorted(ENTRY_KEYS)))
    n, amount = raw.get("n", 1), raw.get("amount", 0)
    if type(n) is not int or type(amount) is not int:
        raise Problem(BODY, what=_("处数和加分应是整数"))
    applicable, failed = raw.get("applicable", True), raw.get("failed", False)
    if type(applicable) is not bool or type(failed) is not bool:
        raise Problem(BODY, what=_("applicable 和 failed 应是 true 或 false"))
    step, grade = raw.get("step", ""), raw.get("grade", "")
    return Entry(
        _code(raw.get("item"), "item"),
        _code(step, "step") if step else "",
        n,
        _code(grade, "grade") if grade else "",
        amount,
        applicable,
        failed,
    )


def _code(value: Any, name: str) -> str:
    if not isinstance(value, str) or not 1 <= len(value) <= LONGEST_CODE:
        raise Problem(BODY, what=_("%s 应是一个编码") % name)
    return value
