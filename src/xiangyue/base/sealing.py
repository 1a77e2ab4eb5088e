"""Sealed draws (rule 17): a secret is committed to at planning, a public number comes later, both together are the seed."""

from __future__ import annotations

import json
import secrets
from collections.abc import Set as AbstractSet
from datetime import date
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from xiangyue.base.problems import Kind, Problem, problem_kind
from xiangyue.rules import draw

NUMBER_TOO_EARLY = problem_kind(
    "draw_number_day",
    _("公开数的公布日期要在今天以后；{day}已经能知道号码了。"),
    _("请选一个还没有公布的号码，例如下一期彩票的开奖号码。"),
)
NUMBER_UNNAMED = problem_kind(
    "draw_number_name", _("没有写用哪个公开数。"), _("请写清楚，例如“福利彩票双色球第2026136期开奖号码”。")
)
NUMBER_NOT_OUT = problem_kind("draw_number_wait", _("公开数要到{day}才公布。"), _("请等公布以后再来填号码。"), 409)
NUMBER_EMPTY = problem_kind("draw_number_empty", _("没有填号码。"), _("请照公布的原样填写，空格和顺序也算数。"))
LONGEST = 120


class Sealed(models.Model):
    """What a row keeps of its draw: the secret, its hash as it was shown, the number's name, day and value, the seed."""

    secret = models.CharField(max_length=64)
    """Laid open with the draw, never before."""
    commitment = models.CharField(max_length=64)
    number_name = models.CharField(_("公开数"), max_length=LONGEST)
    number_on = models.DateField(_("公布日期"))
    number = models.CharField(_("号码"), max_length=LONGEST, blank=True, default="")
    seed = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        abstract = True


def require_number(name: str, on: date, *, today: date) -> None:
    """Pass a public number that is named and not out yet; a Problem refuses the rest."""
    if not name.strip():
        raise Problem(NUMBER_UNNAMED)
    if on <= today:
        raise Problem(NUMBER_TOO_EARLY, day=on)


def commit(row: Sealed, name: str, on: date, *, secret: str = "") -> None:
    """Give the row a fresh secret (or the one handed in), its hash, and the number that is to come."""
    row.secret = secret or secrets.token_hex(24)
    row.commitment = draw.commitment(row.secret)
    row.number_name, row.number_on = name.strip()[:LONGEST], on


def take_number(row: Sealed, number: str, *, today: date) -> None:
    """Give the row its number as it was published, and the seed; Problem where it can't be out or is empty."""
    if today < row.number_on:
        raise Problem(NUMBER_NOT_OUT, day=row.number_on)
    if not number.strip():
        raise Problem(NUMBER_EMPTY)
    row.number = number.strip()[:LONGEST]
    row.seed = draw.seed(row.secret, row.number)


def read_told(text: str, keys: AbstractSet[str], refused: Kind) -> dict[str, Any]:
    """The file of a draw read back, where it holds these keys; a Problem of the kind handed in refuses anything else."""
    try:
        told = json.loads(text)
    except ValueError:
        raise Problem(refused, what="不是 JSON") from None
    if not isinstance(told, dict) or not told.keys() >= keys:
        raise Problem(refused, what="缺少内容")
    return told
