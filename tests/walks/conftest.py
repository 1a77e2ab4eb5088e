"""A browser for the walks: Chromium without a window, one context a walk, every page's errors collected."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone

from tests.cast import TODAY

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

    from xiangyue.people.models import User

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]


@dataclass
class Walk:
    """Someone walking through the pages of a live server."""

    address: str
    browser: Browser
    errors: list[str] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)

    def open(self, size: tuple[int, int], user: User | None = None, **options: Any) -> Page:
        """A page of that size, logged in as the user where one is given; what goes wrong in it is collected."""
        viewport: Any = {"width": size[0], "height": size[1]}
        context = self.browser.new_context(viewport=viewport, base_url=self.address, **options)
        self.contexts.append(context)
        if user is not None:
            context.add_cookies(
                [{"name": settings.SESSION_COOKIE_NAME, "value": session_of(user), "url": self.address}]
            )
        page = context.new_page()
        page.on("console", lambda message: self.errors.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        return page


def session_of(user: User) -> str:
    """The key of a session that the user is logged in with."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return str(session.session_key)


def follow(page: Page, selector: str) -> None:
    """Click what leads to another page, and be there: what is read next is never the page before or half of the new one."""
    with page.expect_navigation():
        page.click(selector)


def wide(page: Page) -> bool:
    """Whether the page has to be pushed sideways; asked of the page that a click led to, once it is all there."""
    page.wait_for_load_state()
    return bool(page.evaluate("document.documentElement.scrollWidth > window.innerWidth"))


def unlabelled(page: Page) -> list[str]:
    """Controls and links that a screen reader could not name; asked once the page is all there."""
    page.wait_for_load_state()
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll('input:not([type=hidden]), select, textarea, button, a[href]')]
          .filter(e => e.offsetParent && !(e.getAttribute('aria-label') || e.textContent.trim() || e.title
            || (e.labels && e.labels.length) || e.querySelector('[aria-label]')))
          .map(e => e.outerHTML.slice(0, 120))"""
    )
    return found


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all walks."""
    from playwright.sync_api import sync_playwright

    # Playwright keeps an event loop in this thread; the walks use the database here all the same.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()
    os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)


@pytest.fixture
def cast_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is the cast's day, whatever the clock says."""
    monkeypatch.setattr(timezone, "localdate", lambda *args, **kwargs: TODAY)


@pytest.fixture
def walk(live_server: Any, chromium: Browser) -> Iterator[Walk]:
    """A walk; it fails when any of its pages had an error."""
    found = Walk(live_server.url, chromium)
    yield found
    for context in found.contexts:
        context.close()
    assert found.errors == []
