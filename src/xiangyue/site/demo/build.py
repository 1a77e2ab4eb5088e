"""Building a demo county: register, then its captures and the software's own acts, and the accounts that show it."""

from __future__ import annotations

import importlib
import json
import os
import secrets
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from xiangyue.base.problems import Problem, problem_kind
from xiangyue.field.models import Recorder
from xiangyue.people.models import Person, User
from xiangyue.places.models import Place
from xiangyue.schemes import load, pack_text
from xiangyue.site.demo.acts import ids_of
from xiangyue.site.demo.county import County
from xiangyue.site.demo.recipe import Built, Recipe, Say
from xiangyue.site.loading.load import load_tables

OTHER_DATA = problem_kind(
    "demo_other_data",
    "数据文件夹 {folder} 里已有别的数据，演示没有动它。",
    "请用 XIANGYUE_DATA 指到一个新的空文件夹再做演示。",
    409,
)


@dataclass(frozen=True, slots=True)
class Account:
    """A demo account: one per kind of user."""

    role: str
    code: str
    name: str
    phone: str
    start: str


@dataclass(frozen=True, slots=True)
class Demo:
    """A demo that stands: its size, the password of its accounts (made for this instance), the accounts."""

    name: str
    size: str
    password: str
    accounts: tuple[Account, ...]
    built: bool


def marker() -> Path:
    """The file that marks an instance as a demo."""
    return Path(settings.DATA) / "demo"


def existing(name: str) -> Demo | None:
    """The demo that stands here already, if any; Problem when other data or another county's demo does."""
    if not marker().exists():
        if Place.objects.exists():
            raise Problem(OTHER_DATA, folder=settings.DATA)
        return None
    told = json.loads(marker().read_text(encoding="utf-8"))
    if not told.get("whole"):
        # an earlier build was cut off: what it left is nobody's data
        call_command("flush", interactive=False, verbosity=0)
        return None
    if told["name"] != name:
        raise Problem(OTHER_DATA, folder=settings.DATA)
    accounts = tuple(Account(**account) for account in told["accounts"])
    return Demo(told["name"], told["size"], told["password"], accounts, built=False)


def recipe_of(name: str) -> Recipe:
    """The recipe of a demo by its name."""
    found = importlib.import_module(f"xiangyue.site.demo.{name}").RECIPE
    assert isinstance(found, Recipe)
    return found


def build(recipe: Recipe, size: str, days: int | None, today: date, say: Say) -> Demo:
    """Build the county in this empty instance; `days` limits the records to that many days before today."""
    password = "-".join(secrets.choice(WORDS) for _ in range(3)) + f"-{secrets.randbelow(90) + 10}"
    first = recipe.first(today)
    say("register", 0, 1)
    marker().write_text('{"whole": false}', encoding="utf-8")
    county = recipe.register(size, first)
    text = pack_text(recipe.name)
    with transaction.atomic():
        load_tables(text, county.tables, begin=first, say=lambda name, n: None)
        accounts = _accounts(recipe, county, password)
    say("register", 1, 1)
    ground = Place.objects.get(code=recipe.ground)
    office = User.objects.get(person__code=recipe.office)
    Recorder.objects.create(
        county_id=ground.ground_id or ground.pk, filing_number=NOT_FILED, set_at=timezone.now(), set_by=office
    )
    recipe.tell(Built(county, ground, load(text), ids_of(ground), size, first, today, days, office, say))
    demo = Demo(recipe.name, size, password, accounts, built=True)
    _mark(demo)
    return demo


NOT_FILED = "示例-未备案"
"""Stands for the recorder's filing number in every demo."""
WORDS = ("willow", "river", "bamboo", "stone", "millet", "lantern", "orchard", "cedar", "harvest", "meadow", "bridge",
         "garden", "swallow", "poplar", "ginseng", "valley")  # fmt: skip


def _accounts(recipe: Recipe, county: County, password: str) -> tuple[Account, ...]:
    """One account per kind of user, all with the password made for this instance."""
    wanted = recipe.accounts(county)
    hashed = make_password(password)
    people = {row.code: row for row in Person.objects.filter(code__in=[code for _, code, _ in wanted])}
    User.objects.filter(person__in=people.values()).update(password=hashed)
    return tuple(Account(role, code, people[code].name, people[code].phone, start) for role, code, start in wanted)


def _mark(demo: Demo) -> None:
    told: dict[str, Any] = {
        "whole": True,
        "name": demo.name,
        "size": demo.size,
        "password": demo.password,
        "accounts": [asdict(account) for account in demo.accounts],
    }
    part = marker().with_suffix(".part")
    part.write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")
    os.chmod(part, 0o600)
    part.replace(marker())
