"""Building a demo county: register, duties, captures, then the software's own closing and publishing."""

from __future__ import annotations

import json
import os
import random
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import chain
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from xiangyue.agreements.models import Consent
from xiangyue.base.problems import Problem, problem_kind
from xiangyue.checks.bulk import store_rounds
from xiangyue.checks.models import Kind
from xiangyue.people.models import Person, User
from xiangyue.places.models import Place
from xiangyue.rules.days import Span, month_of, quarter_of
from xiangyue.schemes import load, pack_text
from xiangyue.site.demo.captures import LOCAL, Captures, Ids, days_of_checks
from xiangyue.site.demo.duties import duties_table
from xiangyue.site.demo.linjiang import COUNTY, County, register
from xiangyue.site.loading.load import load_tables
from xiangyue.standings import live
from xiangyue.standings.actions.closing import close_period
from xiangyue.standings.actions.objections import cure, tell
from xiangyue.standings.actions.periods import open_periods
from xiangyue.standings.actions.publishing import bring_in_force, propose
from xiangyue.standings.models import BoardEntry, Period

SETTLED_AFTER = 9
"""Days from the proposal until the notice and every cure time have run."""
OTHER_DATA = problem_kind(
    "demo_other_data",
    "数据文件夹 {folder} 里已有别的数据，演示没有动它。",
    "请用 XIANGYUE_DATA 指到一个新的空文件夹再做演示。",
    409,
)

Say = Callable[[str, int, int], None]
"""(stage, done, total)."""


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


def existing() -> Demo | None:
    """The demo that stands here already, if any; Problem when other data does."""
    if not marker().exists():
        if Place.objects.exists():
            raise Problem(OTHER_DATA, folder=settings.DATA)
        return None
    told = json.loads(marker().read_text(encoding="utf-8"))
    if not told.get("whole"):
        # an earlier build was cut off: what it left is nobody's data
        call_command("flush", interactive=False, verbosity=0)
        return None
    accounts = tuple(Account(**account) for account in told["accounts"])
    return Demo(told["name"], told["size"], told["password"], accounts, built=False)


def build(size: str, days: int | None, today: date, say: Say) -> Demo:
    """Build Linjiang in this empty instance; `days` limits the records to that many days before today."""
    password = "-".join(secrets.choice(WORDS) for _ in range(3)) + f"-{secrets.randbelow(90) + 10}"
    first_month = first_month_of(today)
    begin = first_month
    say("register", 0, 1)
    marker().write_text('{"whole": false}', encoding="utf-8")
    county = register(size, begin)
    county.tables["duties"], targets = duties_table(county, begin)
    text = pack_text("linjiang")
    with transaction.atomic():
        load_tables(text, county.tables, begin=begin, say=lambda name, n: None)
        accounts = _accounts(county, password)
        _consents(county, begin)
    say("register", 1, 1)
    ground = Place.objects.get(code=COUNTY)
    captures = Captures(county, load(text), targets, _ids(ground))
    _record(ground, captures, first_month, today, days, say)
    _close(ground, first_month, today, say)
    demo = Demo("linjiang", size, password, accounts, built=True)
    _mark(demo)
    return demo


WORDS = ("willow", "river", "bamboo", "stone", "millet", "lantern", "orchard", "cedar", "harvest", "meadow", "bridge",
         "garden", "swallow", "poplar", "ginseng", "valley")  # fmt: skip


def first_month_of(today: date) -> date:
    """The first month of the demo: that of the last whole quarter before the last month's own."""
    last = quarter_of(_months_back(today, 1)).starts_on
    return _months_back(last, 3)


def _months_back(day: date, n: int) -> date:
    index = day.year * 12 + day.month - 1 - n
    return date(index // 12, index % 12 + 1, 1)


def _ids(ground: Place) -> Ids:
    version = ground.schemes.get(version=1)
    return Ids(
        dict(Place.objects.values_list("code", "id")),
        dict(Person.objects.values_list("code", "id")),
        dict(Kind.objects.filter(ground=ground).values_list("code", "id")),
        version.pk,
    )


def _record(ground: Place, captures: Captures, first_month: date, today: date, days: int | None, say: Say) -> None:
    """Every month's captures up to yesterday, a transaction a month."""
    yesterday = today - timedelta(days=1)
    earliest = today - timedelta(days=days) if days else first_month
    daily_from = _months_back(today, 1)
    everyday = [day for day in days_of_checks(first_month, yesterday, daily_from) if day >= earliest]
    done = 0
    month = first_month
    while month <= yesterday:
        mine = [day for day in everyday if (day.year, day.month) == (month.year, month.month)]
        rounds = chain(
            chain.from_iterable(captures.rounds(day) for day in mine), captures.inspections(month, yesterday)
        )
        base = done

        def report(n: int, base: int = base) -> None:
            say("checks", base + n, len(everyday) * captures.county.size.households)

        if mine:
            with transaction.atomic():
                stored = store_rounds(ground.pk, rounds, now=timezone.now(), say=report)
            done += stored.checks
        month = _months_back(month, -1)


def _close(ground: Place, first_month: date, today: date, say: Say) -> None:
    """Each past month closed on its next day, its notice run, in force; then each whole quarter."""
    spans: list[Span] = []
    month = first_month
    while month < today.replace(day=1):
        spans.append(month_of(month))
        quarter = quarter_of(month)
        if quarter.ends_on.month == month.month and quarter.starts_on >= first_month:
            spans.append(quarter)
        month = _months_back(month, -1)
    open_periods(today, ground.pk)
    office = User.objects.filter(person__code="B001").first()
    for n, span in enumerate(spans):
        say("closing", n, len(spans))
        _publish(office, ground, span, today)
    for period in Period.objects.filter(ground=ground, closings=None):
        if opened := live.open_of(period):
            live.ensure(opened)
    say("closing", len(spans), len(spans))


def _publish(office: User | None, ground: Place, span: Span, today: date) -> None:
    """One period: closed on its next day, proposed, its black entries told, some cured; in force once it may be."""
    day = span.ends_on + timedelta(days=1)
    if day >= today:
        return
    closing = close_period(office, ground, span.key, now=_at(day, 9), empty=True)
    closing = propose(office, closing, now=_at(day, 10), today=day)
    entries = list(
        BoardEntry.objects.filter(board__standing__closing=closing, side="black", taken_off="").order_by("pk")
    )
    tell(office, entries, today=day)
    for entry in entries[::12]:
        if day + timedelta(days=4) < today:
            cure(office, entry, today=day + timedelta(days=4), reason="现场复核，已整改（示例）")
    settled = day + timedelta(days=SETTLED_AFTER)
    if settled < today:
        bring_in_force(office, closing, now=_at(settled, 9), today=settled)


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), LOCAL)


def _consents(county: County, begin: date) -> None:
    """Two thirds of the households agree to stand on the red board by name, a third to be paired."""
    rng = random.Random("consents")
    by_code = dict(Place.objects.filter(level="household").values_list("code", "id"))
    rows = []
    for code in county.states:
        if rng.random() < 0.66:
            rows.append(Consent(household_id=by_code[code], purpose=Consent.Purpose.RED_PUBLIC, given_on=begin))
        if rng.random() < 0.33:
            rows.append(Consent(household_id=by_code[code], purpose=Consent.Purpose.PAIR, given_on=begin))
    Consent.objects.bulk_create(rows, batch_size=2000)


def _accounts(county: County, password: str) -> tuple[Account, ...]:
    """One account per kind of user, on the largest village's ground where it has one."""
    village = max(county.villages, key=lambda found: (len(found.households), found.code))
    town = village.township
    wanted = (
        ("县级办公室", "B001", "/office/"),
        ("乡镇办公室", county.officials[town][-1], "/office/"),
        ("村支书", village.committee[0], "/office/"),
        ("包户党员", village.members[0], "/field/"),
        ("村“三委”委员", village.committee[1], "/field/"),
        ("包保部门", "D01-1", "/office/"),
        ("督导组", "S001", "/office/"),
        ("纪检/审计", "B002", "/office/"),
        ("系统管理员", "B003", "/office/"),
    )
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
        "accounts": [
            {"role": a.role, "code": a.code, "name": a.name, "phone": a.phone, "start": a.start} for a in demo.accounts
        ],
    }
    part = marker().with_suffix(".part")
    part.write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")
    os.chmod(part, 0o600)
    part.replace(marker())
