"""The envelope that a capture comes in: who made it is asked elsewhere, what was made and when stands here."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from xiangyue.base.problems import Problem, problem_kind
from xiangyue.captures.ids import read_id
from xiangyue.rules.days import local_day

VERSION = 1
NOT_AN_ENVELOPE = problem_kind("capture_form", _("记录的格式不对：{what}。"), _("请更新页面后重新记录。"))
BAD_ID = problem_kind("capture_id", _("记录编号“{id}”不是 UUIDv7。"), _("请更新页面，由页面重新编号后再发送。"))
BAD_TIME = problem_kind("capture_time", _("时间“{time}”看不懂。"), _("请写成带时区的，如 2026-11-21T08:30+08:00。"))
NEWER = problem_kind("capture_version", _("记录的格式版本 {version} 比系统新。"), _("请联系系统管理员先升级系统。"))
OLDEST = datetime(2000, 1, 1, tzinfo=UTC)
LATEST = datetime(2200, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Envelope:
    """One capture as it was sent; `made_at` None: it is made when it arrives (a plain form)."""

    id: UUID
    kind: str
    body: dict[str, Any]
    digest: str
    made_at: datetime | None = None
    sent_at: datetime | None = None
    version: int = VERSION

    def settled(self, now: datetime) -> tuple[datetime, int, date]:
        """When it was made by the server's clock, how many seconds the maker's clock ran ahead, and the local day."""
        if self.made_at is None:
            return now, 0, local_day(now)
        error = 0 if self.sent_at is None else round((self.sent_at - now).total_seconds())
        made = self.made_at - timedelta(seconds=error)
        if not OLDEST <= made <= LATEST:
            raise Problem(BAD_TIME, time=self.made_at.isoformat())
        return made, error, local_day(made)


def seal(
    kind: str, body: dict[str, Any], *, id: UUID, made_at: datetime | None = None, sent_at: datetime | None = None
) -> Envelope:
    """An envelope made on the server, for forms, imports and tests."""
    return Envelope(id, kind, body, _digest(kind, VERSION, made_at, body), made_at, sent_at)


def open_envelope(raw: Any, sent_at: datetime | None = None) -> Envelope:
    """The envelope that a client sent as JSON; a Problem says what is wrong with it."""
    if not isinstance(raw, dict):
        raise Problem(NOT_AN_ENVELOPE, what=_("不是一个对象"))
    found = read_id(raw.get("id", ""))
    if found is None:
        raise Problem(BAD_ID, id=str(raw.get("id", ""))[:40])
    kind, body, version = raw.get("kind"), raw.get("body"), raw.get("version", VERSION)
    if not isinstance(kind, str) or not isinstance(body, dict) or type(version) is not int:
        raise Problem(NOT_AN_ENVELOPE, what=_("缺少 kind、body 或 version"))
    if version > VERSION:
        raise Problem(NEWER, version=version)
    made_at = _instant(raw["made_at"]) if raw.get("made_at") else None
    if raw.get("sent_at"):
        sent_at = _instant(raw["sent_at"])
    return Envelope(found, kind, body, _digest(kind, version, made_at, body), made_at, sent_at, version)


def read_instant(raw: dict[str, Any], name: str) -> datetime | None:
    """The instant at that key, if there is one."""
    return _instant(raw[name]) if raw.get(name) else None


def canonical(body: Mapping[str, Any]) -> str:
    """The one way to write a body as JSON."""
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def _digest(kind: str, version: int, made_at: datetime | None, body: dict[str, Any]) -> str:
    # sent_at is left out: the same capture sent again later is the same capture
    made = "" if made_at is None else made_at.astimezone(UTC).isoformat()
    try:
        text = canonical(body)
        if "\\u0000" in text:
            raise ValueError("a NUL has no place in a text")
        return hashlib.sha256(f"{kind}\n{version}\n{made}\n{text}".encode()).hexdigest()
    except (ValueError, TypeError, RecursionError):
        raise Problem(NOT_AN_ENVELOPE, what=_("内容里有不能保存的字符或数")) from None


def _instant(text: Any) -> datetime:
    try:
        found = datetime.fromisoformat(text)
        if found.tzinfo is None or not OLDEST - timedelta(days=40_000) <= found <= LATEST:
            raise ValueError
    except (ValueError, TypeError, OverflowError):
        raise Problem(BAD_TIME, time=str(text)[:40]) from None
    return found
