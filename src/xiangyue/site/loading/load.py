"""A load from its tables to the database: one transaction, everything or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import DataError, IntegrityError
from django.utils import timezone

from xiangyue.agreements.actions.publishing import publish_scheme
from xiangyue.agreements.models import SchemeVersion
from xiangyue.base.changes import log
from xiangyue.base.problems import Problem
from xiangyue.base.writes import write
from xiangyue.checks.models import Kind
from xiangyue.places.models import Place
from xiangyue.schemes import SchemeErrors
from xiangyue.schemes import load as read_scheme
from xiangyue.site.loading import records, register, states
from xiangyue.site.loading.faults import Faults
from xiangyue.site.loading.tables import BY_NAME, Raw, first_day, rows_of
from xiangyue.standings import live
from xiangyue.standings.actions.periods import open_periods

Say = Callable[[str, int], None]


@dataclass
class Loaded:
    """What came in, by table, and the ground it lies on."""

    ground: str = ""
    counts: dict[str, int] = field(default_factory=dict)
    months: frozenset[int] = frozenset()


def load_tables(scheme_text: str, tables: Mapping[str, Raw], *, begin: date | None, say: Say) -> Loaded:
    """Store the tables; LoadError with every fault found when anything is wrong, and then nothing is stored.

    `begin` is the day that places, people and duties without a first day of their own begin; none: the first of
    January of the year of the earliest check, else of this year.
    """
    first = begin or _begin(tables)
    loaded = Loaded()
    faults = Faults()
    with _no_clash(faults), write():
        known = register.Known.on_file()
        _register(tables, known, first, faults, loaded, say)
        faults.stop_if_any()
        ground = _ground(scheme_text, tables, known, first, faults)
        if ground is not None:
            loaded.ground = ground.place.code
            _records(tables, known, ground, faults, loaded, say)
        faults.stop_if_any()
        path = f"{loaded.ground}/" if loaded.ground else ""
        log(None, "ground.load", ("places.place", loaded.ground), path=path, after=dict(loaded.counts))
    return loaded


def _begin(tables: Mapping[str, Raw]) -> date:
    today = timezone.localdate()
    checked = first_day(tables["checks"]) if "checks" in tables else None
    return date(min(today, checked or today).year, 1, 1)


@contextmanager
def _no_clash(faults: Faults) -> Iterator[None]:
    """What the database refuses although every cell was good is a fault too, never a traceback."""
    try:
        yield
    except Problem as problem:
        faults.add("duties", 0, "", problem.words, problem.mend)
        faults.stop_if_any()
    except (IntegrityError, DataError) as error:
        faults.add("", 0, "", f"与已有的数据冲突：{error}", "请核对重复的编码和日期。")
        faults.stop_if_any()


def _rows(tables: Mapping[str, Raw], name: str, faults: Faults) -> Iterator[tuple[int, dict[str, Any]]]:
    return rows_of(BY_NAME[name], tables[name], faults) if name in tables else iter(())


def _register(
    tables: Mapping[str, Raw], known: register.Known, begin: date, faults: Faults, loaded: Loaded, say: Say
) -> None:
    steps: tuple[tuple[str, Callable[..., int], bool], ...] = (
        ("places", register.load_places, True),
        ("households", register.load_households, True),
        ("states", states.load_states, False),
        ("organisations", register.load_organisations, True),
        ("persons", register.load_persons, True),
    )
    for name, step, dated in steps:
        rows = _rows(tables, name, faults)
        if name in tables:
            loaded.counts[name] = step(rows, known, begin, faults) if dated else step(rows, known, faults)
            say(name, loaded.counts[name])


def _ground(
    scheme_text: str, tables: Mapping[str, Raw], known: register.Known, begin: date, faults: Faults
) -> records.Ground | None:
    """The ground with its scheme in force: the text of the load published from `begin`, or the one on file."""
    try:
        if scheme_text:
            scheme = read_scheme(scheme_text, source="scheme.toml")
            place = Place.objects.filter(code=_short(scheme.ground)).first()
            if place is None:
                faults.add(
                    "scheme.toml", 0, "ground", f"区划 {scheme.ground} 不存在。", "请改正 ground,或在 places 表加上它。"
                )
                return None
            version = publish_scheme(None, place, scheme_text, begin, today=timezone.localdate())
        else:
            on_file = _on_file()
            if len({(version.ground_id, version.code) for version in on_file}) > 1:
                words = "已有不止一个方案，分不清这些表属于哪一个。"
                faults.add("scheme.toml", 0, "", words, "请在文件夹里放上所用的 scheme.toml。")
                return None
            found = on_file[0] if on_file else None
            if found is None:
                if {"duties", "checks", "adjustments"} & set(tables):
                    faults.add("scheme.toml", 0, "", "没有方案。", "请在文件夹里放一份 scheme.toml。")
                return None
            version, place = found, found.ground
    except SchemeErrors as errors:
        for error in errors.errors:
            faults.add("scheme.toml", error.line, error.field, error.words, error.mend)
        return None
    except Problem as problem:
        faults.add("scheme.toml", 0, "", problem.words, problem.mend)
        return None
    scheme = read_scheme(version.text)
    Kind.objects.bulk_create(
        (
            Kind(ground=place, scheme=scheme.code, code=kind.code, name=kind.name, level=kind.subject)
            for kind in scheme.check_kinds
        ),
        ignore_conflicts=True,
    )
    return records.Ground(place, version, scheme, begin)


def _short(code: str) -> str:
    return code[:6] if set(code[6:]) <= {"0"} else code[:9]


def _on_file() -> list[SchemeVersion]:
    rows = SchemeVersion.objects.filter(state=SchemeVersion.State.PUBLISHED).select_related("ground")
    return list(rows.order_by("-from_on", "-version"))


def _records(
    tables: Mapping[str, Raw],
    known: register.Known,
    ground: records.Ground,
    faults: Faults,
    loaded: Loaded,
    say: Say,
) -> None:
    if "duties" in tables:
        loaded.counts["duties"] = records.load_duties(_rows(tables, "duties", faults), known, ground, faults)
        say("duties", loaded.counts["duties"])
    if "checks" in tables:
        entries = records.entries_by_check(_rows(tables, "entries", faults), faults)
        stored = records.load_checks(
            _rows(tables, "checks", faults), entries, known, ground, faults, lambda n: say("checks", n)
        )
        faults.stop_if_any()
        loaded.counts |= {"checks": stored.checks, "entries": stored.entries}
        loaded.months = stored.months
        open_periods(timezone.localdate(), ground.place.pk)
        live.forget()
    for name, step in (("adjustments", records.load_adjustments),):
        if name in tables:
            loaded.counts[name] = step(_rows(tables, name, faults), known, ground, faults)
    if "consents" in tables:
        loaded.counts["consents"] = records.load_consents(_rows(tables, "consents", faults), known, faults)


def levels_of(counts: Mapping[str, int]) -> str:
    """The counts in words."""
    labels = {table.name: table.heading for table in BY_NAME.values()}
    return "、".join(f"{labels[name]} {n:,}" for name, n in counts.items())
