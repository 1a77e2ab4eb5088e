"""The pictures that `make pictures` takes begin at pages that exist, by accounts that the demo counties have."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.urls import resolve

import xiangyue.site.demo
from tools.pictures import PICTURES, Picture, main

DEMO = Path(xiangyue.site.demo.__file__).parent


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.name)
def test_a_picture_begins_at_a_page_and_by_an_account(picture: Picture) -> None:
    assert resolve(picture.start).view_name
    told = "".join(path.read_text() for path in sorted(DEMO.glob(f"{picture.county}*.py")))
    assert f'"{picture.who}"' in told


def test_each_has_a_name_of_its_own_and_a_wrong_one_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert len({picture.name for picture in PICTURES}) == len(PICTURES)
    assert main(["no-such"]) == 2
    assert "village-ledger" in capsys.readouterr().err
