"""The recorder's own files: what the phone keeps, and the digest that says whether they changed."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders

FOLDER = Path(__file__).parent / "static"
STYLES = ("xiangyue/tokens.css", "xiangyue/parts.css", "xiangyue/forms.css", "xiangyue/field.css", "field/recorder.css")
PICTURES = ("xiangyue/seal.svg", "vendor/icons.svg", "field/icon-192.png", "field/icon-512.png")


def asset_names() -> tuple[str, ...]:
    """Addresses under /static/ of everything that the recorder is made of."""
    modules = sorted(str(path.relative_to(FOLDER)) for path in (FOLDER / "field" / "recorder").rglob("*.js"))
    return (*STYLES, "xiangyue/look.js", *modules, *PICTURES)


def asset_urls() -> list[str]:
    """The same as addresses, under their plain names: modules name each other by these."""
    return [settings.STATIC_URL + name for name in asset_names()]


def build() -> str:
    """Twelve digits that change with any of the files."""
    return _build() if not settings.DEBUG else _read()


@cache
def _build() -> str:
    return _read()


def _read() -> str:
    digest = hashlib.sha256()
    for name in asset_names():
        file = finders.find(name)
        digest.update(name.encode() + b"\n")
        if isinstance(file, str):
            digest.update(Path(file).read_bytes())
    digest.update((Path(__file__).parent / "templates" / "field" / "recorder.html").read_bytes())
    return digest.hexdigest()[:12]
