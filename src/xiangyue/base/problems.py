"""The one catalogue of what can go wrong: each problem has a code, a Chinese text and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from xiangyue.base.saying import said_day
from xiangyue.rules.quotes import nested


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of problem; `words` and `mend` are format strings over the problem's parameters; a day is said in words."""

    code: str
    words: Any
    mend: Any
    status: int = 400


CATALOGUE: dict[str, Kind] = {}


def problem_kind(code: str, words: Any, mend: Any, status: int = 400) -> Kind:
    """Enter a kind of problem in the catalogue; a code is entered once."""
    if code in CATALOGUE:
        raise ValueError(f"problem {code} is entered twice")
    CATALOGUE[code] = Kind(code, words, mend, status)
    return CATALOGUE[code]


class Problem(Exception):
    """A problem of a catalogued kind, told to the person in words with what to do."""

    def __init__(self, kind: Kind, /, **params: Any) -> None:
        self.kind = kind
        self.params = params
        super().__init__(f"{kind.code} {params}")

    @property
    def words(self) -> str:
        """What is wrong, in Chinese."""
        return nested(str(self.kind.words).format(**self._said()))

    @property
    def mend(self) -> str:
        """What to do, in Chinese."""
        return nested(str(self.kind.mend).format(**self._said()))

    def _said(self) -> dict[str, Any]:
        """The parameters as they are said: days in words."""
        return {name: said_day(one) if type(one) is date else one for name, one in self.params.items()}

    def __str__(self) -> str:
        return f"{self.words}{self.mend}"

    def as_json(self) -> dict[str, Any]:
        """The form that programs read."""
        return {"code": self.kind.code, "words": self.words, "mend": self.mend}


BUSY = problem_kind("busy", _("系统正忙，这一步没有做成。"), _("请稍等几秒再试一次；已填的内容还在。"), 503)
CHANGED = problem_kind("changed_meanwhile", _("“{what}”刚被别人改过。"), _("请刷新页面，看清新内容后再改。"), 409)
