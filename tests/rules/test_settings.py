"""What the settings have in common: compared and shown field by field, and never changed."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, replace

import pytest

from xiangyue.rules.settings import Goal, Stage


def test_settings_are_equal_where_their_fields_are() -> None:
    one = Stage("clean", "净")
    assert one == Stage("clean", "净")
    assert hash(one) == hash(Stage("clean", "净"))
    assert one != replace(one, name="绿")
    assert one != ("clean", "净")
    assert {one, Stage("clean", "净")} == {one}


def test_classes_with_the_same_fields_are_not_the_same() -> None:
    assert Stage("a", "b") != Goal("a", "b", "village", "entered")


def test_settings_say_what_they_hold_and_do_not_change() -> None:
    one = Stage("clean", "净")
    assert repr(one) == "Stage(code='clean', name='净')"
    with pytest.raises(FrozenInstanceError):
        one.name = "绿"  # type: ignore[misc]
