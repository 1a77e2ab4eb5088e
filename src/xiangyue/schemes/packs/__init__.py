"""The schemes that come with Xiangyue, one TOML file a county."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from xiangyue.rules.settings import Scheme
from xiangyue.schemes.loader import load


def pack_names() -> tuple[str, ...]:
    """The names of the packs, in alphabetical order."""
    found = (entry.name for entry in files(__name__).iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in found if name.endswith(".toml")))


def pack_text(name: str) -> str:
    """The TOML text of a pack; KeyError when there is none of that name."""
    if name not in pack_names():
        raise KeyError(f"没有名为“{name}”的方案包，可用：{'、'.join(pack_names())}")
    return (files(__name__) / f"{name}.toml").read_text("utf-8")


@cache
def pack(name: str) -> Scheme:
    """The scheme of a pack; KeyError when there is none of that name."""
    return load(pack_text(name), source=f"{name}.toml")
