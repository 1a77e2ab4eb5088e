"""The tests keep to a data folder of their own: what lies in ./data is neither read nor written."""

from __future__ import annotations

import os
from pathlib import Path

from django.conf import settings

from tests.house.source import ROOT
from tests.own_data import FOLDER


def test_settings_and_programs_started_by_tests_use_the_tests_own_folder() -> None:
    own = Path(FOLDER).resolve()
    assert own == settings.DATA
    assert not own.is_relative_to(ROOT)
    assert os.environ["XIANGYUE_DATA"] == FOLDER
    for folder in (settings.MEDIA_ROOT, settings.STATIC_ROOT):
        assert Path(folder).is_relative_to(own)
    assert not settings.DEMO
