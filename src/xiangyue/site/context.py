"""What every page is handed besides its own context: the ways in, the demo's mark, the size of type.

All of it is lazy: a public page that shows no menu opens no session, so it sets no cookie and can be cached.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache, partial

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, get_urlconf, reverse

from xiangyue.base.scope import Scope
from xiangyue.desk.registry import known
from xiangyue.site.navigation import COMPLAINTS, FIELD, HELP, OFFICE, PUBLIC, USER, Entry, Words


@dataclass(frozen=True, slots=True)
class Way:
    """One way in as a page shows it."""

    label: Words
    url: str
    icon: str
    current: bool


ROWS = 20
"""Ways and headings that a screen of 900 pixels shows at once, between the brand and the foot."""


@dataclass(frozen=True, slots=True)
class WayGroup:
    """Ways under one heading, unfolded or folded under it."""

    label: Words
    ways: tuple[Way, ...]
    is_open: bool = True


@cache
def _address(urlconf: str | None, name: str, args: tuple[str, ...]) -> str:
    try:
        return reverse(name, urlconf=urlconf, args=args)
    except NoReverseMatch:
        return ""


def address(name: str, args: tuple[str, ...] = ()) -> str:
    """The address of that name, or nothing where no room has it (a desk's list: where no room declares that desk)."""
    if name == "desk:list" and not known(args[0]):
        return ""
    return _address(get_urlconf(), name, args)


def _ways(entries: tuple[Entry, ...], path: str) -> tuple[Way, ...]:
    found = [(entry, url) for entry in entries if (url := address(entry.url_name, entry.args))]
    here = max((url for _, url in found if path == url or (url != "/" and path.startswith(url))), key=len, default="")
    return tuple(Way(entry.label, url, entry.icon, url == here) for entry, url in found)


def office_ways(request: HttpRequest) -> tuple[WayGroup, ...]:
    """The office's side: what the actor's roles open, the longest matching address marked as current."""
    roles = getattr(request, "scope", Scope()).roles
    open_to = [[entry for entry in group.entries if roles & entry.roles] for group in OFFICE]
    ways = {way.label: way for way in _ways(tuple(entry for entries in open_to for entry in entries), request.path)}
    groups = (
        WayGroup(group.label, tuple(ways[entry.label] for entry in entries if entry.label in ways))
        for group, entries in zip(OFFICE, open_to, strict=True)
    )
    return _folded(tuple(group for group in groups if group.ways))


def _folded(groups: tuple[WayGroup, ...]) -> tuple[WayGroup, ...]:
    """Every heading stays in view: open are the group that one is in, and then the first ones as far as there is room."""
    order = sorted(range(len(groups)), key=lambda n: not any(way.current for way in groups[n].ways))
    room = ROWS - sum(1 if group.label else len(group.ways) for group in groups)
    shown = {n for n, group in enumerate(groups) if not group.label}
    for n in order:
        n_ways = len(groups[n].ways)
        is_here = any(way.current for way in groups[n].ways)
        if n not in shown and (is_here or n_ways <= room):
            shown.add(n)
            room -= n_ways
    return tuple(replace(group, is_open=n in shown) for n, group in enumerate(groups))


def _large_type(request: HttpRequest) -> bool:
    """Whether the page is in large type: asked for in the address, or the person's own choice; never asked in public."""
    if request.GET.get("type"):
        return request.GET["type"] == "large"
    here = request.resolver_match
    open_to_all = here is not None and here.view_name.startswith(("public", "screen"))
    if settings.SESSION_COOKIE_NAME not in request.COOKIES or open_to_all:
        return False
    return bool(getattr(getattr(request, "user", None), "large_type", False))


def navigation(request: HttpRequest) -> dict[str, object]:
    """The context that base templates read."""
    path = request.path
    lazily: dict[str, Callable[[], object]] = {
        "office_ways": partial(office_ways, request),
        "public_ways": partial(_ways, PUBLIC, path),
        "field_ways": partial(_ways, FIELD, path),
        "user_ways": partial(_ways, USER, path),
        "complaints_url": partial(address, COMPLAINTS.url_name),
        "help_url": partial(address, HELP.url_name),
        "home_url": partial(address, "home"),
        "public_url": partial(address, "public:home"),
        "logout_url": partial(address, "logout"),
    }
    return {**lazily, "demo": settings.DEMO, "large_type": partial(_large_type, request)}
