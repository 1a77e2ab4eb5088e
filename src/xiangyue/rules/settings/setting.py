"""What every settings class has in common: equal where all fields are, written out field by field."""

from __future__ import annotations

from typing import Any


class Setting:
    """The ground of the settings' frozen dataclasses, which therefore leave `eq` and `repr` out.

    Made anew for each of some sixty classes, these methods cost every start a fortieth of a second; settings are
    compared and shown so seldom that a loop over the fields will do.
    """

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        """Whether both say the same."""
        if type(self) is not type(other):
            return NotImplemented
        return _values(self) == _values(other)

    def __hash__(self) -> int:
        """The same for equal ones."""
        return hash(_values(self))

    def __repr__(self) -> str:
        """The class with its fields."""
        names = self.__dataclass_fields__  # type: ignore[attr-defined]
        return f"{type(self).__name__}({', '.join(f'{name}={getattr(self, name)!r}' for name in names)})"


def _values(one: Any) -> tuple[Any, ...]:
    return tuple(getattr(one, name) for name in one.__dataclass_fields__)
