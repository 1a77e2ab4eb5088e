"""Small words that the pages of this room share: states, money, names of periods, what a list rests on, ways back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as lazy

from xiangyue.base.pages import Request, address
from xiangyue.base.problems import Problem
from xiangyue.desk.shapes import Cell
from xiangyue.rewards.edition import Edition
from xiangyue.rewards.publishing import basis_states
from xiangyue.rules.days import parse_period
from xiangyue.rules.incentives import yuan

BADGES = {"drawn": ("draft", lazy("已拟定")), "in_force": ("in_force", lazy("已生效"))}


def at(name: str, *args: Any, **query: Any) -> str:
    """An address of this room, with a query."""
    return address(f"rewards:{name}", *args, **query)


def money(fen: int) -> str:
    """40000000 fen as 400,000.00."""
    return yuan(fen).removesuffix(" 元")


def period_name(row: Edition) -> str:
    """2026年."""
    return parse_period(row.key).name


def state_cell(row: Edition, words: str = "") -> Cell:
    """The badge of a version's state."""
    key, said = BADGES.get(row.state, (row.state, ""))
    return Cell(words or said or row.get_state_display(), state=key)


def notice_url(row: Edition) -> str:
    """The page of its notice; nothing before it is proposed."""
    return reverse("standings:publication", args=(row.publication_id,)) if row.publication_id else ""


def basis_lines(row: Edition) -> list[dict[str, Any]]:
    """What it rests on: words, whether a newer version is there, whether it is in force."""
    return [{"words": words, "newer": newer, "state": state} for words, newer, state in basis_states(row)]


def done(request: Request, act: Callable[[], tuple[str, str]], back: str) -> HttpResponseRedirect:
    """Does something and goes to where it says, with what was done; where it can't be done, back with why not."""
    try:
        words, to = act()
    except Problem as problem:
        messages.error(request, f"{problem.words}{problem.mend}")
        return redirect(back)
    messages.success(request, words)
    return redirect(to)
