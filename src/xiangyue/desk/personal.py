"""Who sees names and phones in clear: the desk's roles over the row's ground; phones after one click, logged."""

from __future__ import annotations

from typing import Any

from xiangyue.base.masking import mask_name, mask_phone
from xiangyue.base.scope import Scope
from xiangyue.desk.declaration import Desk

MASKS = {"name": mask_name, "phone": mask_phone}


def masked(mask: str, value: str) -> str:
    """The value half hidden."""
    return MASKS[mask](value)


class Eyes:
    """What one actor sees of one desk's personal data; made once a page."""

    def __init__(self, desk: Desk, scope: Scope) -> None:
        self.paths = {"name": scope.paths(desk.clear), "phone": scope.paths(desk.phones)}

    def clear(self, mask: str, path: str | None) -> bool:
        """Whether the actor may have such data at `path` in clear."""
        return bool(path) and bool(self.paths[mask]) and str(path).startswith(self.paths[mask])

    def shown(self, mask: str, value: Any, path: str | None, *, revealed: bool = False) -> Any:
        """The value as the actor sees it on a page."""
        if not mask or not value:
            return value
        if self.clear(mask, path) and (mask == "name" or revealed):
            return value
        return masked(mask, str(value))
