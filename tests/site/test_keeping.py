"""A backup brings back every row, and refuses to be poured over other data."""

from __future__ import annotations

import re
import tarfile
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command

from tests.cast import Cast
from xiangyue.base.problems import Problem
from xiangyue.places.models import Household, Place
from xiangyue.site.keeping.archive import back_up, kept_models, restore
from xiangyue.site.keeping.words import table_words

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep away from the instance's own folder."""
    monkeypatch.setattr(settings, "DATA", tmp_path / "data")
    monkeypatch.setattr(settings, "MEDIA_ROOT", tmp_path / "data" / "files")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "secret_key").write_text("a key", encoding="ascii")


def quiet(table: str, rows: int) -> None:
    """Say nothing."""


def every_row() -> dict[str, list[Any]]:
    """All rows of all kept tables."""
    return {
        model._meta.label_lower: list(model._default_manager.order_by("pk").values_list()) for model in kept_models()
    }


def test_everything_comes_back(cast: Cast, tmp_path: Path) -> None:
    cast.household(1).household.delete()
    Household.objects.create(place=cast.household(1), head_name='引号"逗号,反斜杠\\N', note="换行\n制表\t", phone="")
    before = every_row()
    counts = back_up(tmp_path / "one.tar.gz", quiet)
    assert counts["places.place"] == Place.objects.count()
    call_command("flush", interactive=False, verbosity=0)
    (settings.DATA / "secret_key").unlink()
    restore(tmp_path / "one.tar.gz", quiet)
    assert every_row() == before
    assert (settings.DATA / "secret_key").read_text(encoding="ascii") == "a key"
    Place.objects.create(  # numbering goes on after what came in
        code="990300", name="新县", level="county", path="990300/", from_on="2026-01-01"
    )


def test_every_table_is_told_by_a_chinese_name() -> None:
    told = {label: table_words(label) for label in (model._meta.label_lower for model in kept_models())}
    plain = {label: words for label, words in told.items() if not re.search("[\u4e00-\u9fff]", words)}
    assert plain == {}, "give the model a verbose_name, or name it in site/keeping/words.py"


def test_other_data_is_not_touched(cast: Cast, tmp_path: Path) -> None:
    back_up(tmp_path / "one.tar.gz", quiet)
    before = every_row()
    with pytest.raises(Problem) as caught:
        restore(tmp_path / "one.tar.gz", quiet)
    assert "空文件夹" in str(caught.value)
    assert every_row() == before


@pytest.mark.parametrize("spoil", ["cut", "changed", "other"])
def test_a_spoilt_archive_is_refused(cast: Cast, tmp_path: Path, spoil: str) -> None:
    whole = tmp_path / "one.tar.gz"
    back_up(whole, quiet)
    bad = tmp_path / "bad.tar.gz"
    if spoil == "cut":
        bad.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    elif spoil == "other":
        bad.write_bytes(b"not an archive")
    else:
        folder = tmp_path / "open"
        with tarfile.open(whole) as tar:
            tar.extractall(folder, filter="data")
        table = folder / "tables" / "places.place.csv"
        table.write_text(table.read_text(encoding="utf-8").replace("柳树村", "杨树村"), encoding="utf-8")
        with tarfile.open(bad, "w:gz") as tar:
            for file in folder.iterdir():
                tar.add(file, file.name)
    call_command("flush", interactive=False, verbosity=0)
    with pytest.raises(Problem):
        restore(bad, quiet)
    assert not Place.objects.exists()
