"""The JSON Schema and the page are made from the code, and agree with the reader."""

from __future__ import annotations

import json
import tomllib
from dataclasses import fields
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from xiangyue.schemes import load, pack_names, pack_text, reference, schema
from xiangyue.schemes.keys import CHOICES, KEYS, TITLES

DOCS = Path(__file__).parents[2] / "docs" / "formats"
PAGE = (DOCS / "scheme.md").read_text("utf-8")
ROWS = tomllib.loads((Path(__file__).parent / "errors.toml").read_text("utf-8"))["row"]
SHAPE = {"unknown-key", "wrong-type", "choice", "range", "code-form", "ground-form", "empty", "one-line"}
SHAPES = [row for row in ROWS if row["id"] in SHAPE and "nan" not in row["new"] and "pack" not in row]
"""What a schema can see, in values that JSON has."""
FRESH = "run `xiangyue scheme schema > docs/formats/scheme.schema.json` and `make docs`, and commit what they wrote"


def test_the_schema_is_fresh_and_is_one() -> None:
    assert json.loads((DOCS / "scheme.schema.json").read_text("utf-8")) == schema(), FRESH
    Draft202012Validator.check_schema(schema())


@pytest.mark.parametrize("name", pack_names())
def test_packs_fit_the_schema(name: str) -> None:
    Draft202012Validator(schema()).validate(tomllib.loads(pack_text(name)))


@pytest.mark.parametrize("row", SHAPES, ids=[f"{row['id']}:{row['field']}" for row in SHAPES])
def test_what_the_reader_refuses_by_shape_the_schema_refuses(row: dict[str, str]) -> None:
    text = pack_text("linjiang").replace(row["old"], row["new"], 1)
    assert not Draft202012Validator(schema()).is_valid(tomllib.loads(text))


def test_every_field_of_the_settings_has_its_key() -> None:
    for cls, keys in KEYS.items():
        assert list(keys) == [one.name for one in fields(cls)], f"say in schemes/keys.py what {cls.__name__} holds"
        assert cls in TITLES
        assert all(key.title and key.words for key in keys.values())


def test_every_choice_has_its_words() -> None:
    parts = [schema(), *schema()["$defs"].values()]
    for part in parts:
        for key in part["properties"].values():
            assert set(key.get("enum", ())) <= set(CHOICES)


def test_every_key_is_on_the_page() -> None:
    assert reference().strip() in PAGE, FRESH
    for cls, keys in KEYS.items():
        section = PAGE.split(f"### {cls.__name__} ({TITLES[cls]})")[1].split("\n### ")[0]
        for name, key in keys.items():
            assert f"| `{name}` | {key.title} |" in section


def test_the_small_scheme_on_the_page_loads() -> None:
    text = PAGE.split("```toml\n")[1].split("```")[0]
    assert load(text).check_kind("weekly").self_check
