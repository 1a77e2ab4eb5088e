"""What the pages take from npm packages, file by file, and the storage that serves it under hashed names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.contrib.staticfiles.finders import BaseFinder
from django.contrib.staticfiles.utils import matches_patterns
from django.core.files.storage import FileSystemStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage

from xiangyue.site.icons import sprite

ROOT = Path(__file__).resolve().parents[3]
PACKAGES = ROOT / "node_modules"
MADE = ROOT / "build" / "look"
ICON_FOLDER = PACKAGES / "@tabler/icons/icons/outline"

FILES: dict[str, str] = {
    "vendor/tabler.css": "@tabler/core/dist/css/tabler.min.css",
    "vendor/htmx.js": "htmx.org/dist/htmx.min.js",
    "vendor/echarts.js": "echarts/dist/echarts.common.min.js",
}
"""Address under /static/ → file in node_modules. A whole folder is never served."""

SPRITE = "vendor/icons.svg"


def made_sprite() -> Path:
    """The sprite's file, written anew when the icons in use or the package changed."""
    file = MADE / "icons.svg"
    text = sprite(ICON_FOLDER)
    if not file.exists() or file.read_text(encoding="utf-8") != text:
        MADE.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return file


def listed() -> dict[str, Path]:
    """Address under /static/ → file on disk, of those that are installed."""
    found = {address: PACKAGES / source for address, source in FILES.items() if (PACKAGES / source).is_file()}
    if ICON_FOLDER.is_dir():
        found[SPRITE] = made_sprite()
    return found


class ListedStorage(FileSystemStorage):
    """A read-only storage whose names map to files anywhere on disk."""

    prefix = ""

    def __init__(self, files: dict[str, Path]) -> None:
        super().__init__(location=str(PACKAGES))
        self.files = files

    def path(self, name: str) -> str:
        """Where the file of that address lies."""
        return str(self.files[name])


class PackageFinder(BaseFinder):
    """Finds the listed package files, and the icon sprite made from them."""

    def check(self, **kwargs: Any) -> list[Any]:
        """No findings: a missing package shows in `collectstatic`, which then lacks the file that a page names."""
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        """The file's path (a list of paths with `find_all`), or an empty list."""
        if path != SPRITE and path not in FILES:
            return []
        file = listed().get(path)
        if file is None:
            return []
        return [str(file)] if find_all else str(file)

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Any]]:
        """Each address with the storage that opens it."""
        files = listed()
        storage = ListedStorage(files)
        for address in files:
            if not matches_patterns(address, list(ignore_patterns or ())):
                yield address, storage


class Storage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # whitenoise carries no types
    """Hashed and compressed; source maps are not shipped, so their comments are not followed."""

    patterns = (("*.css", CompressedManifestStaticFilesStorage.patterns[0][1][:2]),)
