"""A phone that keeps what it holds when the browser is closed: one folder, opened again and again, with and without signal."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from playwright.sync_api import Error, TimeoutError

from tests.walks.conftest import FLAGS, session_of

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

    from xiangyue.people.models import User

SIZE: Any = {"width": 360, "height": 740}
HOME = "/field/recorder/"
PATIENCE = 20_000
RECORDS = """() => new Promise((resolve, reject) => {
  const asked = indexedDB.open('xiangyue-recorder');
  asked.onerror = () => reject(asked.error);
  asked.onsuccess = () => {
    const all = asked.result.transaction('%s').objectStore('%s').getAll();
    all.onsuccess = () => { asked.result.close(); resolve(all.result.map(row => ({...row, blob: row.blob ? row.blob.size : 0}))); };
  };
})"""


@dataclass
class Phone:
    """A phone on somebody's palm."""

    address: str
    browser: Browser
    folder: Path
    errors: list[str] = field(default_factory=list)
    context: BrowserContext | None = None

    @contextmanager
    def opened(
        self, user: User | None = None, *, signal: bool = True, screen: str = "", **options: Any
    ) -> Iterator[Page]:
        """The recorder on it, at a screen; closed as a phone is: the browser is simply gone."""
        path = self.browser.browser_type.executable_path
        context = self.browser.browser_type.launch_persistent_context(
            self.folder,
            executable_path=_chromium() or path,
            args=FLAGS,
            viewport=SIZE,
            base_url=self.address,
            **options,
        )
        self.context = context
        if user is not None:
            context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
            cookie: Any = {"name": settings.SESSION_COOKIE_NAME, "value": session_of(user), "url": self.address}
            cookie["expires"] = int(time.time()) + settings.SESSION_COOKIE_AGE
            context.add_cookies([cookie])
        context.set_offline(not signal)
        page = context.pages[0] if context.pages else context.new_page()
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.set_default_timeout(PATIENCE)
        page.goto(HOME + screen)
        page.wait_for_selector("html[data-ready]")
        try:
            yield page
        finally:
            context.close()
            self.context = None

    def signal(self, on: bool) -> None:
        """The signal comes or goes."""
        assert self.context is not None
        self.context.set_offline(not on)


def ready(page: Page) -> None:
    """The list is here, and the phone keeps the recorder itself."""
    page.wait_for_selector(".f-list .f-item")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")


def kept(page: Page, store: str = "records") -> list[dict[str, Any]]:
    """What lies in a store of the phone."""
    found: list[dict[str, Any]] = page.evaluate(RECORDS % (store, store))
    return found


def until(page: Page, words: str) -> None:
    """The page comes to say that; what it says instead is told."""
    try:
        page.wait_for_function("words => document.body.innerText.includes(words)", arg=words, timeout=PATIENCE)
    except TimeoutError:
        raise AssertionError(f"no “{words}” in {page.url}:\n{page.inner_text('body')}\n{kept(page)}") from None


def until_sent(page: Page, n: int = 0) -> None:
    """No more than that many records wait on the phone, and the server took what it was sent."""
    for _ in range(PATIENCE // 200):
        states = [row["state"] for row in kept(page)]
        if sum(state in ("waiting", "uploading", "blocked") for state in states) <= n:
            break
        page.wait_for_timeout(200)
    else:
        raise AssertionError(f"{kept(page)}")
    refused = [row for row in kept(page) if row["state"] in ("refused", "conflict")]
    assert not refused, refused


def go(page: Page, screen: str) -> None:
    """To a screen of the recorder."""
    page.evaluate("screen => { location.hash = screen }", screen)
    page.wait_for_timeout(150)


def tap_send(page: Page) -> None:
    """Send now, from the outbox."""
    go(page, "#/outbox")
    with suppress(Error):
        # what the returning signal has sent already needs no tap
        page.click("text=现在发送", timeout=2000)


def too_small(page: Page) -> list[str]:
    """What is to be tapped and is lower than a finger."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll(
            'button, a.btn, a.f-item, .f-tabs a, select, main input[type=search], main label.r-check')]
          .filter(e => e.offsetParent && e.getBoundingClientRect().height < 47.5).map(e => e.outerHTML.slice(0, 120))"""
    )
    return found


def _chromium() -> str | None:
    from tests.must import chromium

    return chromium()
