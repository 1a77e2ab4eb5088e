"""What a demo county is to the builder: where it begins, its register, what happens in it, and who shows it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from xiangyue.people.models import User
from xiangyue.places.models import Place
from xiangyue.rules.settings import Scheme
from xiangyue.site.demo.county import County
from xiangyue.site.demo.drawing import Ids

Say = Callable[[str, int, int], None]
"""(stage, done, total)."""


@dataclass(frozen=True, slots=True)
class Built:
    """A demo whose register is on file: what its captures and acts are told over."""

    county: County
    ground: Place
    scheme: Scheme
    ids: Ids
    size: str
    first: date
    """The first day of the demo."""
    today: date
    days: int | None
    """Only the records of so many days before today; none: all."""
    office: User
    """Who closes and publishes."""
    say: Say


@dataclass(frozen=True, slots=True)
class Recipe:
    """One demo county. `tell` stores captures and calls the product's own acts, and never writes an outcome."""

    name: str
    title: str
    ground: str
    sizes: tuple[str, ...]
    stages: Mapping[str, str]
    """Stage → the words beside its progress bar; `register` comes first in every demo."""
    first: Callable[[date], date]
    """From today to the first day."""
    register: Callable[[str, date], County]
    """(Size, first day) → the tables of the register, duties among them."""
    tell: Callable[[Built], None]
    office: str
    """Code of the person who closes and publishes."""
    accounts: Callable[[County], Sequence[tuple[str, str, str]]]
    """(Kind of user, person's code, where it begins), one a kind of user."""
