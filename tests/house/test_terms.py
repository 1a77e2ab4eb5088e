"""Whatever says on which day it is to be erased is erased on it: its room has named it to the daily work."""

from __future__ import annotations

from django.apps import apps
from django.db.models import CharField, TextField

from xiangyue.base.daily import EVERY_DAY
from xiangyue.base.terms import HELD, KIND


def test_every_table_with_a_term_is_named_and_every_named_one_has_a_term() -> None:
    with_a_day = {
        model._meta.label
        for model in apps.get_models(include_auto_created=True)
        if any(field.name == "erase_on" for field in model._meta.get_fields())
    }
    assert len(with_a_day) > 5
    assert set(HELD) == with_a_day


def test_where_the_row_stays_nothing_typed_is_left_in_it() -> None:
    """But codes of states and what a picture's envelope said of its size."""
    kept = {
        "captures.Photo": {"sha256"},
        "checks.SheetObjection": {"outcome"},
        "duties.DispatchAsk": {"state"},
        "standings.Objection": {"part", "outcome"},
    }
    for name, term in HELD.items():
        if term.blank:
            texts = {field.name for field in term.table._meta.fields if isinstance(field, CharField | TextField)}
            assert texts - set(term.blank) == kept.get(name, set()), name


def test_it_is_done_every_day() -> None:
    assert KIND in EVERY_DAY
