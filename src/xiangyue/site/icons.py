"""The pictograms in use: one SVG sprite made from the npm package @tabler/icons, holding only these."""

from __future__ import annotations

import re
from pathlib import Path

FALLBACK = "point"
"""Stands in for a name that is not in the sprite, such as one from a county's own scheme."""

ICONS: tuple[str, ...] = (
    "adjustments-horizontal", "alert-triangle", "archive", "arrow-back-up", "arrow-down", "arrow-left", "arrow-right",
    "arrow-up", "arrows-left-right", "arrows-sort", "ban", "bell", "box", "building", "building-community",
    "building-cottage", "calendar", "calendar-event", "calendar-month", "camera", "certificate", "chart-bar",
    "chart-dots", "chart-line", "check", "checkbox", "checklist", "chevron-down", "chevron-left", "chevron-right",
    "chevron-up", "circle", "circle-check", "circle-dashed", "circle-dot", "circle-half", "circle-x", "clipboard-check",
    "clipboard-list", "clock", "cloud-upload", "columns", "copy", "database", "device-desktop", "device-mobile",
    "door", "dots", "download", "droplet", "edit", "exclamation-circle", "external-link", "eye", "eye-off", "file",
    "file-import", "file-spreadsheet", "file-text", "filter", "flag", "flame", "flower", "forms", "gift", "git-compare",
    "hand-stop", "heart-handshake", "help-circle", "history", "home", "home-check", "home-off", "hourglass",
    "hourglass-high", "id", "info-circle", "key", "layout-dashboard", "leaf", "list", "list-check", "list-details",
    "lock", "lock-open", "login", "logout", "map-pin", "speakerphone", "menu-2", "message-2", "message-report",
    "minus", "moon", "mood-sad", "mood-smile", "notebook", "notes", "pencil", "phone", "photo", "plant", "plant-2",
    "player-pause", "player-play", "plus", "point", "poo", "printer", "qrcode", "question-mark", "recycle", "refresh",
    "report", "road", "route", "search", "seedling", "send", "settings", "shield-check", "shovel", "sitemap",
    "square", "square-check", "square-x", "stairs", "star", "sun", "switch-horizontal", "table", "table-export",
    "table-import", "text-size", "trash", "tree", "trending-down", "trending-up", "trophy", "upload", "user",
    "user-check", "user-off", "user-plus", "users", "users-group", "walk", "wall", "wash", "wave-square", "wind",
    "wood", "writing", "x", "bucket", "building-warehouse", "bulb-off", "cash", "container", "currency-yuan",
    "home-heart", "home-x", "packages", "plant-off", "report-analytics", "ripple", "toilet-paper", "trash-x", "truck",
)  # fmt: skip

_INNER = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)
_NOTHING = re.compile(r'<path stroke="none" d="M0 0h24v24H0z" fill="none" ?/>')


def symbol(name: str, svg: str) -> str:
    """The `<symbol>` of one icon file."""
    found = _INNER.search(svg)
    if found is None:
        raise ValueError(f"{name} is not an SVG file")
    shapes = _NOTHING.sub("", found.group(1))
    return f'<symbol id="{name}" viewBox="0 0 24 24">{re.sub(r"\s+", " ", shapes).strip()}</symbol>'


def sprite(folder: Path) -> str:
    """The sprite of all icons in use, read from the package's folder of outline icons."""
    symbols = [symbol(name, (folder / f"{name}.svg").read_text(encoding="utf-8")) for name in ICONS]
    return '<svg xmlns="http://www.w3.org/2000/svg">' + "".join(symbols) + "</svg>\n"
